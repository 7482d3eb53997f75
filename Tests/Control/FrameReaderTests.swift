// Messages are found in a stream however it is cut, and a stream without end is refused.

import Testing

@testable import Control

@Suite struct `A frame reader` {
    let stream = Array("{\"a\":1}\0{}\0\0{\"b\":\"\u{6696}\"}\0".utf8)
    let messages = ["{\"a\":1}", "{}", "", "{\"b\":\"\u{6696}\"}"]

    private func read(_ portions: [[UInt8]], limit: Int = 100) throws -> [String] {
        var reader = FrameReader(limit: limit)
        var found: [String] = []
        for portion in portions {
            try reader.append(portion)
            while let message = try reader.next() {
                found.append(String(decoding: message, as: UTF8.self))
            }
        }
        return found
    }

    @Test(arguments: 1...30) func `finds the same messages in portions of any size`(
        size: Int
    ) throws {
        let portions = stride(from: 0, to: stream.count, by: size).map {
            Array(stream[$0..<min($0 + size, stream.count)])
        }
        #expect(try read(portions) == messages)
    }

    @Test func `finds glued messages when they are asked for later`() throws {
        var reader = FrameReader()
        try reader.append(stream)
        try reader.append(stream)
        var count = 0
        while try reader.next() != nil { count += 1 }
        #expect(count == 8)
        #expect(reader.count == 0)
    }

    @Test func `takes a message of exactly the limit and refuses one byte more`() throws {
        let fits = [UInt8](repeating: 0x61, count: 100)
        #expect(try read([fits + [0]]).count == 1)
        #expect(throws: FrameReader.TooLong(limit: 100)) { try read([fits + [0x61]]) }
        #expect(throws: FrameReader.TooLong(limit: 100)) { try read([fits + [0x61, 0]]) }
    }

    @Test func `refuses a drip without end at the limit, not later`() {
        var reader = FrameReader(limit: 100)
        #expect(throws: FrameReader.TooLong(limit: 100)) {
            for _ in 0..<200 { try reader.append([0x61]) }
        }
        #expect(reader.count == 101)
    }
}
