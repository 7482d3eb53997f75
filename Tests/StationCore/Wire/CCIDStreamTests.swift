// The bytes of the bulk pipe, cut in every way, and from devices that mean harm.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A stream of CCID bytes` {
    /// A morning at a door: stale replies, two cards, an extension, lights; cut in every way.
    private func morning(cut: Int) throws -> CCIDStage {
        var stage = CCIDStage(.acr122u)
        stage.cut = cut
        stage.device.stale = [hex("80 02000000 00 f7 00 00 00 6300")]
        try stage.attach()
        stage.run(for: .milliseconds(200))
        stage.put(.rider)
        stage.run(for: .milliseconds(400))
        _ = stage.play(ACR122U.signal(.green, pulse: .milliseconds(600), times: 1))
        stage.device.extensions = 1
        stage.put(.other)
        stage.run(for: .seconds(4))
        stage.takeAway()
        stage.device.nonsense = [hex("80 0500")]
        stage.run(for: .seconds(9))
        return stage
    }

    @Test func `means the same however it is cut`() throws {
        let whole = try morning(cut: .max)
        #expect(whole.told.contains(.ready))
        #expect(whole.told.filter { if case .presented = $0 { true } else { false } }.count == 2)
        for cut in 1...64 {
            let pieces = try morning(cut: cut)
            #expect(pieces.told == whole.told)
            #expect(pieces.outputs.map(\.at) == whole.outputs.map(\.at))
            #expect(pieces.sent == whole.sent)
        }
    }

    /// What each message of a stream is, with its data, up to the first nonsense.
    private func messages(_ parts: [ArraySlice<UInt8>]) -> [String] {
        var assembler = CCIDAssembler()
        var found: [String] = []
        for part in parts {
            let bytes = Array(part)
            var place = 0
            while place < bytes.count, found.last != "garbage" {
                let (next, step) = assembler.take(bytes.span.bytes, from: place)
                place = next
                switch step {
                case .incomplete: break
                case .garbage: found.append("garbage")
                case .skipped(let reply): found.append("skipped \(reply.length)")
                case .message(let reply):
                    let data = assembler.withData { Hex.upper($0) }
                    found.append("\(reply.answer) \(reply.sequence) \(data)")
                }
            }
        }
        return found
    }

    /// Two answers, a slot status, one that is longer than any of ours, and nonsense.
    @Test func `is put together the same way however it is cut`() {
        let stream =
            hex("80 09000000 00 01 00 00 00 04A1B2C3D4E5F6 9000")
            + hex("81 00000000 00 02 02 00 00")
            + hex("80 06010000 00 03 00 00 00") + [UInt8](repeating: 0x80, count: 262)
            + hex("83 01000000 00 04 00 00 00 E1") + hex("13 37")
        let expected = [
            "dataBlock 1 04A1B2C3D4E5F69000", "slotStatus 2 ", "skipped 262", "escape 4 E1",
            "garbage",
        ]
        #expect(messages([stream[...]]) == expected)
        expectSameHoweverCut(stream, messages)
        expectSameHoweverCut(hex("80 00000100 00"), messages)
        expectSameHoweverCut(hex("80 ffffffff 00 00 00 00 00 00"), messages)
    }

    @Test func `of two messages in one piece is taken one by one`() {
        let one = hex("81 00000000 00 01 02 00 00")
        let two = hex("80 02000000 00 02 00 00 00 9000")
        let both = one + two
        var assembler = CCIDAssembler()
        let (next, first) = assembler.take(both.span.bytes, from: 0)
        #expect(next == one.count)
        #expect(first == .message(CCIDReply(CCIDHeader(one)!)!))
        let (end, second) = assembler.take(both.span.bytes, from: next)
        #expect(end == both.count)
        #expect(second == .message(CCIDReply(CCIDHeader(two)!)!))
    }

    @Test func `from a hostile device never stops the station`() throws {
        var random = Xorshift(seed: 3)
        for round in 0..<300 {
            var stage = CCIDStage(round % 2 == 0 ? .acr122u : .generic)
            try stage.attach(hasInterrupts: round % 3 == 0)
            for _ in 0..<60 {
                switch random.below(8) {
                case 0: stage.hear(random.bytes(random.below(300)))
                case 1: stage.interrupt(random.bytes(random.below(10)))
                case 2: stage.put(random.below(2) == 0 ? .rider : .other)
                case 3: stage.takeAway(telling: random.below(2) == 0)
                case 4: stage.device.nonsense = [random.bytes(random.below(30))]
                case 5: stage.device.deafFor = random.below(3)
                case 6:
                    var answer = hex("80 02000000 00 00 00 00 00 6300")
                    answer[6] = stage.reader.sequence
                    answer[7] = UInt8(random.below(256))
                    stage.hear(answer)
                default: try stage.attach(hasInterrupts: true)
                }
                stage.run(for: .milliseconds(Int64(random.below(800))))
                if let deadline = stage.reader.nextDeadline { #expect(deadline > stage.now) }
            }
            stage.device = ScriptedDevice()
            stage.outputs = []
            try stage.attach()
            stage.run(for: .seconds(1))
            #expect(stage.reader.isWatching)
        }
    }
}

extension CCIDHeader {
    init?(_ bytes: [UInt8]) {
        guard let header = bytes.withUnsafeBytes({ CCIDHeader($0) }) else { return nil }
        self = header
    }
}
