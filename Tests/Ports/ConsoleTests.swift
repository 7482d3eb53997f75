// The log never holds anybody up, keeps its order, and says what it lost.

import EventLoop
import Glibc
import Testing

@testable import Ports

@Suite struct `The daemon's log` {
    private struct Pipe {
        let reader: Int32
        let writer: Int32

        init() throws {
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            (reader, writer) = (ends[0], ends[1])
        }

        /// Fills the pipe, so that the next write waits.
        func stall() -> Int {
            let flags = fcntl(writer, F_GETFL)
            _ = fcntl(writer, F_SETFL, flags | O_NONBLOCK)
            let block = [UInt8](repeating: UInt8(ascii: "-"), count: 4_096)
            var count = 0
            while write(writer, block, block.count) > 0 { count += block.count }
            _ = fcntl(writer, F_SETFL, flags)
            return count
        }

        /// The lines from here to the end; closes the reading end.
        func lines() -> [Substring] {
            var bytes: [UInt8] = []
            var block = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(reader, &block, block.count)
                guard count > 0 else { break }
                bytes += block[..<count]
            }
            close(reader)
            return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        }
    }

    @Test func `writes every line in its order, and all of them before it is flushed`() throws {
        let pipe = try Pipe()
        let log = ConsoleWriter(to: pipe.writer)
        for number in 1...100 { log.note("第\(number)行 line \(number)") }
        #expect(log.flush(within: .seconds(20)))
        log.stop()
        close(pipe.writer)
        #expect(pipe.lines() == (1...100).map { "第\($0)行 line \($0)" })
    }

    @Test func `holds nobody up while its reader stands still, and counts what it lost`() throws {
        let pipe = try Pipe()
        let stalled = pipe.stall()
        let log = ConsoleWriter(to: pipe.writer)
        // Every one of these would wait for ever if it were written here.
        for number in 1...2_000 { log.note("line \(number)") }
        #expect(!log.flush(within: .milliseconds(1)))
        var rest = [UInt8](repeating: 0, count: stalled)
        var left = stalled
        while left > 0 { left -= max(0, read(pipe.reader, &rest, left)) }
        log.stop()
        close(pipe.writer)
        let lines = pipe.lines()
        let lost = try #require(lines.last)
        #expect(lost.hasSuffix("行日志丢失 lines of this log were lost"))
        let count = try #require(Int(lost.prefix { $0.isNumber }))
        #expect(lines.count - 1 + count == 2_000)
        #expect(lines.first == "line 1")
        #expect(lines.count - 1 >= ConsoleWriter.capacity)
    }

    @Test func `goes on without a reader`() throws {
        let pipe = try Pipe()
        let log = ConsoleWriter(to: pipe.writer)
        close(pipe.reader)
        log.note("nobody hears this")
        #expect(log.flush(within: .seconds(20)))
        log.stop()
        close(pipe.writer)
    }
}
