// The bench's serial port on a kernel's terminal: one owner, and what is wrong by its name.

import CLinux
import Glibc
import StationCore
import Testing

@testable import stationctl

@Suite struct `A serial port at the bench` {
    /// The far end of a cable.
    private struct Cable: ~Copyable {
        let descriptor: Int32
        let path: String

        init() throws {
            var name = [CChar](repeating: 0, count: 128)
            descriptor = station_pty_open(&name, name.count)
            path = String(
                decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            try #require(descriptor >= 0)
        }

        deinit { close(descriptor) }
    }

    private func readable(_ descriptor: Int32) {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&watched, 1, 1_000)
    }

    @Test func `carries bytes as they are, and says when there is none`() throws {
        let cable = try Cable()
        let port = try SerialPort(cable.path, baud: 9_600)
        var buffer = [UInt8](repeating: 0, count: 300)
        #expect(try port.read(into: &buffer) == 0)
        let all = (0...255).map { UInt8($0) }
        #expect(try port.write(all) == 256)
        var heard: [UInt8] = []
        while heard.count < 256 {
            readable(cable.descriptor)
            let count = read(cable.descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            heard += buffer.prefix(count)
        }
        #expect(heard == all)
        try port.setSpeed(115_200)
    }

    @Test func `has one owner at a time`() throws {
        let cable = try Cable()
        var port: SerialPort? = try SerialPort(cable.path, baud: 9_600)
        #expect(port != nil)
        #expect(throws: SerialError.busy) { try SerialPort(cable.path, baud: 9_600) }
        port = nil
        #expect(throws: Never.self) { try SerialPort(cable.path, baud: 9_600) }
    }

    @Test func `that is none is told by its name, with an exit code and two sentences`() {
        #expect(throws: SerialError.missing) { try SerialPort("/nowhere/tty", baud: 9_600) }
        #expect(throws: SerialError.notSerial) { try SerialPort("/dev/null", baud: 9_600) }
        let errors: [SerialError] = [
            .missing, .notAllowed, .busy, .notSerial, .speed(1), .gone, .failed(errno: EIO),
        ]
        for error in errors {
            let problem = Problem.port(path: "/dev/ttyUSB0", error)
            let chinese = Catalogue(language: .chinese).text(problem)
            let english = Catalogue(language: .english).text(problem)
            #expect(chinese != english && chinese?.contains("/dev/ttyUSB0") == true)
            #expect(problem.status != .ok)
        }
    }

    @Test func `that is unplugged is gone`() throws {
        let port = try {
            let cable = try Cable()
            return try SerialPort(cable.path, baud: 9_600)
        }()
        var buffer = [UInt8](repeating: 0, count: 8)
        #expect(throws: SerialError.gone) { try port.read(into: &buffer) }
        #expect(throws: SerialError.gone) { try port.write([1, 2, 3]) }
    }
}
