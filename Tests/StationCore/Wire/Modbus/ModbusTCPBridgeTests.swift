// A TCP gateway behind a serial master.

import Testing

@testable import StationCore

@Suite struct `A Modbus TCP bridge` {
    private let question: [UInt8] = [0x01, 0x04, 0x00, 0x00, 0x00, 0x02, 0x71, 0xCB]
    private let answer: [UInt8] = [0x01, 0x04, 0x04, 0x43, 0x66, 0x33, 0x34, 0x1B, 0x38]

    /// The messaging guide's header around unit and PDU.
    private func framed(_ transaction: UInt8, _ body: [UInt8]) -> [UInt8] {
        [0, transaction, 0, 0, 0, UInt8(body.count)] + body
    }

    @Test func `sends unit and PDU behind a header of its own`() {
        var bridge = ModbusTCPBridge()
        #expect(bridge.sent(question) == framed(1, [1, 4, 0, 0, 0, 2]))
        #expect(bridge.sent(question) == framed(2, [1, 4, 0, 0, 0, 2]))
    }

    @Test func `gives answers as a serial line has them, in any pieces`() {
        for size in 1...13 {
            var bridge = ModbusTCPBridge()
            _ = bridge.sent(question)
            let bytes = framed(1, Array(answer.dropLast(2)))
            var heard: [UInt8] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                heard += bridge.received(bytes[start..<min(bytes.count, start + size)])
            }
            #expect(heard == answer)
        }
    }

    @Test func `leaves out the answer to an older question`() {
        var bridge = ModbusTCPBridge()
        _ = bridge.sent(question)
        _ = bridge.sent(question)
        let body = Array(answer.dropLast(2))
        #expect(bridge.received(framed(1, body)).isEmpty)
        #expect(bridge.received(framed(2, body)) == answer)
    }

    @Test func `is broken by what is no header, and sends nothing that is no frame`() {
        var bridge = ModbusTCPBridge()
        #expect(bridge.sent([1, 4, 0, 0]) == nil)
        #expect(bridge.received(Array("HTTP/1.1 400 Bad".utf8)).isEmpty)
        #expect(bridge.isBroken)
        #expect(bridge.received(framed(0, Array(answer.dropLast(2)))).isEmpty)
    }

    @Test func `never traps on random bytes`() {
        var state = UInt64(7)
        for _ in 0..<2_000 {
            var bridge = ModbusTCPBridge()
            _ = bridge.sent(question)
            for _ in 0..<8 {
                let bytes = (0..<13).map { _ -> UInt8 in
                    state = state &* 6_364_136_223_846_793_005 &+ 1
                    // Mostly small numbers, so that headers come to be.
                    return UInt8(truncatingIfNeeded: state >> 33) & (state >> 60 < 12 ? 3 : 255)
                }
                _ = bridge.received(bytes)
            }
        }
    }
}
