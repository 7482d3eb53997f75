// A reader's life: plugged in, cards come and go, answers are late, wrong, or never come.

import EventLoop
import Testing

@testable import StationCore

private let rider = ScriptedDevice.Card(uid: hex("04A1B2C3D4E5F6"))
private let other = ScriptedDevice.Card(uid: hex("5630F009"))
private let classic1K = ContactlessCard.storage(.iso14443A, name: 1)

private func credential(_ card: ScriptedDevice.Card) throws -> Credential {
    try UID.iso14443(card.uid)
}

private func presented(
    _ card: ScriptedDevice.Card, since: Instant, _ kind: ContactlessCard = classic1K
) throws -> CCIDReaderOutput {
    .presented(try credential(card), kind, since: since)
}

@Suite struct `A CCID reader` {
    @Test func `reads what is left in the pipe, asks for its status, and is ready`() throws {
        var stage = CCIDStage()
        try stage.attach()
        #expect(stage.reader.nextDeadline == stage.now + .milliseconds(30))
        stage.hear(hex("80 02000000 00 09 00 00 00 9000"), after: .milliseconds(10))
        stage.hear(hex("ffffff"), after: .milliseconds(20))
        stage.run(for: .milliseconds(40))
        #expect(stage.sent.isEmpty)
        stage.run(for: .milliseconds(60))
        #expect(stage.commands == ["65"])
        #expect(stage.told == [.ready])
        #expect(stage.reader.isWatching)
    }

    @Test func `that is never quiet is asked all the same`() throws {
        var stage = CCIDStage()
        try stage.attach()
        for step in 0..<200 { stage.hear([0x80], after: .milliseconds(Int64(step) * 10)) }
        stage.run(for: .milliseconds(500))
        #expect(stage.commands == ["65"])
    }

    /// nfcpy tests/test_clf_acr122.py opens it with the same commands (and its own parameters).
    @Test func `of the ACR122U family is prepared first`() throws {
        var stage = CCIDStage(.acr122u)
        stage.device.errorByte = 0x81
        try stage.attach()
        stage.run(for: .milliseconds(100))
        #expect(
            stage.commands == ["6FFF00480000", "6FFF0051A300", "6FFF00520000", "65"])
        #expect(stage.told == [.ready])
        #expect(stage.reader.firmware == ShortText("ACR122U214"))
    }

    @Test func `that ignores a command of its family does without it`() throws {
        var stage = CCIDStage(.acr122u)
        stage.device.deafFor = 1
        try stage.attach()
        stage.run(for: .seconds(3))
        #expect(stage.told == [.ready])
        #expect(stage.reader.firmware.isEmpty)
        #expect(stage.commands.count == 4)
    }

    @Test func `does not take an odd firmware name for one`() throws {
        for name in ["ACR\u{1}", String(repeating: "A", count: 24)] {
            var stage = CCIDStage(.acr122u)
            stage.device.firmware = name
            try stage.attach()
            stage.run(for: .milliseconds(100))
            #expect(stage.reader.isWatching)
            #expect(stage.reader.firmware.isEmpty)
        }
    }

    @Test func `wakes a card that it is told about and asks for its UID`() throws {
        var stage = CCIDStage()
        try stage.start()
        let tap = stage.now
        stage.put(rider)
        stage.run(for: .milliseconds(10))
        #expect(stage.commands == ["62", "6FFFCA000000"])
        #expect(stage.told == [try presented(rider, since: tap)])
        #expect(stage.outputs[0].at == tap + .milliseconds(4))
        stage.takeAway()
        stage.run(for: .milliseconds(699))
        #expect(stage.told.count == 1)
        stage.run(for: .milliseconds(1))
        #expect(stage.told.last == .left)
        #expect(stage.outputs.count == 2)
    }

    @Test func `without an interrupt pipe is asked ten times a second`() throws {
        var stage = CCIDStage()
        try stage.start(hasInterrupts: false)
        stage.run(for: .seconds(1))
        #expect(stage.commands.allSatisfy { $0 == "65" })
        #expect((9...11).contains(stage.commands.count))
        stage.put(rider, telling: false)
        stage.run(for: .milliseconds(120))
        #expect(stage.told.count == 1)
        stage.takeAway(telling: false)
        stage.run(for: .milliseconds(820))
        #expect(stage.told.last == .left)
    }

    @Test func `that loses a notification is asked every two seconds`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.put(rider, telling: false)
        stage.run(for: .milliseconds(2_010))
        #expect(stage.told.count == 1)
        stage.takeAway(telling: false)
        stage.run(for: .milliseconds(2_800))
        #expect(stage.told.last == .left)
    }

    @Test func `presents a card once however long it lies there`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.put(rider)
        for _ in 0..<20 {
            stage.run(for: .milliseconds(500))
            stage.interrupt(hex("5001"))
        }
        #expect(stage.told.count == 1)
    }

    @Test func `does not take a flutter at the edge of the field for two taps`() throws {
        var stage = CCIDStage()
        try stage.start()
        for _ in 0..<10 {
            stage.put(rider)
            stage.run(for: .milliseconds(350))
            stage.takeAway()
            stage.run(for: .milliseconds(350))
        }
        #expect(stage.told.count == 1)
        stage.run(for: .milliseconds(700))
        stage.put(rider)
        stage.run(for: .milliseconds(350))
        let taps = stage.told.filter { if case .presented = $0 { true } else { false } }
        #expect(taps.count == 2)
    }

    @Test func `tells one card from the next`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.put(rider)
        stage.run(for: .milliseconds(400))
        // Faster than the reader's notifications: there is a card, and something happened.
        let second = stage.now
        stage.put(other)
        stage.run(for: .milliseconds(10))
        #expect(stage.told.dropFirst() == [.left, try presented(other, since: second)])
    }

    @Test func `takes the echo of waking a card for no news`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.put(rider)
        stage.run(for: .milliseconds(10))
        stage.interrupt(hex("5003"))
        stage.run(for: .milliseconds(10))
        #expect(stage.commands == ["62", "6FFFCA000000"])
    }

    @Test func `presents a card that was read and torn away at once`() throws {
        var stage = CCIDStage()
        try stage.start()
        let tap = stage.now
        stage.put(rider)
        stage.run(for: .milliseconds(3))
        // The answer is on its way when the card leaves.
        stage.interrupt(hex("5002"))
        stage.run(for: .seconds(1))
        #expect(stage.told == [try presented(rider, since: tap), .left])
    }

    @Test func `says when a card left before it was read`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.put(rider)
        stage.device.card = nil
        stage.run(for: .milliseconds(100))
        #expect(stage.told == [.diagnosed(.leftEarly)])
        stage.put(rider)
        stage.run(for: .milliseconds(100))
        #expect(stage.told.count == 2)
    }

    @Test func `of two cards sees the one that was there when its slow status came`() throws {
        var stage = CCIDStage()
        stage.device.delay = .milliseconds(900)
        try stage.attach()
        stage.run(for: .seconds(2))
        // The status is asked for, the card comes, and then "no card" arrives.
        stage.run(for: .seconds(1))
        let empty = stage.device
        stage.put(rider)
        stage.device.delay = .milliseconds(2)
        #expect(empty.card == nil)
        stage.run(for: .seconds(1))
        #expect(stage.told.count == 2)
    }
}

@Suite struct `A card that is hard to read` {
    @Test func `is woken at each voltage that the reader has`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.device.mutePowerOns = 3
        stage.put(rider)
        stage.run(for: .milliseconds(300))
        #expect(stage.sent.prefix(4).map { $0[7] } == [1, 2, 3, 1])
        #expect(stage.told.count == 1)
    }

    @Test func `is woken at the voltage of the reader's choice`() throws {
        var stage = CCIDStage()
        try stage.start(`A class descriptor`.qemu)
        stage.put(rider)
        stage.run(for: .milliseconds(10))
        #expect(stage.sent.map { $0[7] } == [0, 0])
    }

    @Test func `is given up after four tries, and then it may leave`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.device.mutePowerOns = 100
        stage.put(rider)
        stage.run(for: .seconds(1))
        #expect(stage.told == [.diagnosed(.mute)])
        #expect(stage.commands == ["62", "62", "62", "62"])
        stage.device.mutePowerOns = 0
        stage.takeAway()
        stage.put(rider)
        stage.run(for: .milliseconds(10))
        #expect(stage.told.count == 2)
    }

    @Test(
        arguments: [
            ("6300", 8, CCIDDiagnosis.refused(.failed)), ("6982", 8, .refused(StatusWord(0x6982))),
            ("6A81", 2, .refused(.notSupported)), ("", 8, .unreadable), ("90", 8, .unreadable),
            ("8804A3C69000", 2, .incompleteUID), ("9000", 2, .badUID(bytes: 0)),
            ("010203049000", 2, nil), ("04A1B2C3D4E5F66282", 2, nil),
        ] as [(String, Int, CCIDDiagnosis?)])
    func `is tried again unless that is hopeless`(
        answer: String, commands: Int, diagnosis: CCIDDiagnosis?
    ) throws {
        var stage = CCIDStage()
        try stage.start()
        var card = rider
        card.answer = hex(answer)
        stage.put(card)
        stage.run(for: .milliseconds(500))
        #expect(stage.commands.count == commands)
        #expect(stage.told.count == 1)
        if let diagnosis { #expect(stage.told == [.diagnosed(diagnosis)]) }
    }

    /// ISO/IEC 7816-4: 6Cxx says which length is right.
    @Test func `is asked again for the length that it names`() throws {
        var stage = CCIDStage()
        try stage.start()
        var card = rider
        card.answer = hex("6C07")
        stage.put(card)
        stage.run(for: .milliseconds(3))
        card.answer = nil
        stage.device.card = card
        stage.run(for: .milliseconds(10))
        #expect(stage.commands == ["62", "6FFFCA000000", "6FFFCA000007"])
        #expect(stage.told.count == 1)
    }

    @Test func `never lets an odd ATR come between it and its UID`() throws {
        var stage = CCIDStage()
        try stage.start()
        var card = rider
        card.atr = hex("00")
        let tap = stage.now
        stage.put(card)
        stage.run(for: .milliseconds(10))
        #expect(stage.told == [try presented(card, since: tap, .unknown)])
    }
}

@Suite struct `A reader's answer` {
    /// Replies left over from an earlier session, wrong numbers, wrong types, wrong slots.
    @Test(arguments: [
        "80 06000000 00 77 00 00 00 01020304 9000", "81 00000000 00 77 00 00 00",
        "83 00000000 00 00 00 00 00", "80 00000000 05 00 00 00 00",
    ])
    func `to another question is thrown away`(stale: String) throws {
        var stage = CCIDStage()
        try stage.start()
        stage.device.stale = [hex(stale)]
        let tap = stage.now
        stage.put(rider)
        stage.run(for: .milliseconds(10))
        #expect(stage.told == [try presented(rider, since: tap)])
        #expect(stage.reader.staleCount == 2)
    }

    @Test func `of a kilobyte, which nobody asked for, is skipped`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.device.stale = [
            hex("80 00040000 00 77 00 00 00") + [UInt8](repeating: 7, count: 1_024)
        ]
        stage.put(rider)
        stage.run(for: .milliseconds(10))
        #expect(stage.told.count == 1)
    }

    @Test func `to a question long gone never ends in a loop`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.device.stale = [[UInt8]](
            repeating: hex("81 00000000 00 77 00 00 00"), count: 40)
        stage.put(rider)
        stage.run(for: .seconds(1))
        #expect(stage.told == [.raised(.garbled), .resetDevice])
    }

    @Test func `may take longer when the reader asks for it`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.device.extensions = 5
        stage.device.factor = 2
        stage.put(rider)
        stage.run(for: .seconds(6))
        #expect(stage.told.count == 1)
        #expect(stage.commands == ["62", "6FFFCA000000"])
    }

    /// LudovicRousseau/CCID #155: a reader that asks for ever freezes the driver.
    @Test func `may not take longer than ten seconds in all`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.device.extensions = 1_000
        stage.device.factor = 255
        stage.put(rider)
        stage.run(for: .seconds(9))
        #expect(stage.commands == ["62", "6FFFCA000000"])
        stage.run(for: .seconds(22))
        #expect(stage.told == [.raised(.silent), .resetDevice])
    }

    @Test func `that does not come is asked for twice more, then the device is reset`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.device.deafFor = .max
        stage.run(for: .seconds(7))
        #expect(stage.commands == ["65", "65", "65"])
        #expect(stage.told.isEmpty)
        stage.run(for: .seconds(1))
        #expect(stage.told == [.raised(.silent), .resetDevice])
        stage.device.deafFor = 0
        try stage.attach()
        stage.run(for: .milliseconds(100))
        #expect(stage.told.suffix(2) == [.cleared(.silent), .ready])
    }

    @Test func `that comes too late is not taken for the next one`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.device.delay = .milliseconds(2_500)
        stage.put(rider)
        stage.run(for: .milliseconds(3_100))
        // The answer of the first question is due half a second after patience with it ended.
        stage.device.delay = .milliseconds(2)
        stage.run(for: .seconds(3))
        #expect(stage.commands.prefix(3) == ["62", "6FFFCA000000", "6FFFCA000000"])
        #expect(stage.told.count == 1)
        #expect(stage.reader.staleCount == 1)
    }

    @Test func `that is nonsense starts the session anew`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.device.nonsense = [hex("00112233")]
        let tap = stage.now
        stage.put(rider)
        stage.run(for: .milliseconds(100))
        #expect(stage.told == [try presented(rider, since: tap + .milliseconds(34))])
        #expect(stage.commands == ["62", "65", "62", "6FFFCA000000"])
    }

    @Test func `that is nonsense three times brings a reset`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.device.nonsense = [hex("00"), hex("7f"), hex("80 ffffffff 0000000000")]
        stage.put(rider)
        stage.run(for: .seconds(1))
        #expect(stage.told == [.raised(.garbled), .resetDevice])
    }

    @Test func `that breaks off does not swallow the next one`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.device.nonsense = [hex("80 14000000 00")]
        stage.put(rider)
        stage.run(for: .seconds(4))
        #expect(stage.told.count == 1)
        #expect(stage.reader.trouble == nil)
    }

    @Test func `is told when the hardware is ill`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.interrupt(hex("51000001"))
        #expect(stage.told == [.raised(.hardware), .resetDevice])
        stage.interrupt(hex("51000001"))
        #expect(stage.told.count == 2)
    }
}

@Suite struct `A reset reader` {
    @Test func `is asked to come back ever more rarely`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.device.deafFor = .max
        stage.run(for: .seconds(200))
        let times = stage.outputs.filter { $0.output == .resetDevice }.map(\.at)
        let waits = zip(times, times.dropFirst()).map { ($1 - $0).milliseconds / 1_000 }
        #expect(waits.prefix(8) == [2, 4, 8, 16, 32, 32, 32, 32])
        #expect(stage.told.filter { $0 == .raised(.silent) }.count == 1)
    }

    @Test func `does not present again the card that lay on it all the time`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.put(rider)
        stage.run(for: .seconds(1))
        stage.interrupt(hex("51000001"))
        try stage.attach()
        stage.run(for: .seconds(5))
        #expect(
            stage.told.dropFirst() == [
                .raised(.hardware), .resetDevice, .cleared(.hardware), .ready,
            ])
    }

    @Test func `tells that the card left when it comes back without one`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.put(rider)
        stage.run(for: .seconds(1))
        stage.interrupt(hex("51000001"))
        stage.device.card = nil
        stage.run(for: .milliseconds(10))
        try stage.attach()
        stage.run(for: .seconds(5))
        #expect(stage.told.last == .left)
    }

    @Test func `that is unplugged loses its card at once and works when plugged again`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.put(rider)
        for _ in 0..<50 {
            stage.run(for: .milliseconds(3))
            stage.outputs = []
            stage.detach()
            #expect(stage.told == [.left] || stage.told.isEmpty)
            #expect(stage.reader.nextDeadline == nil)
            stage.device.isPowered = false
            try stage.attach()
            stage.run(for: .milliseconds(100))
            #expect(stage.told.contains(.ready))
            #expect(stage.reader.isWatching)
            #expect(stage.reader.present != nil)
        }
    }

    @Test func `is ready within two seconds even if its first answers are lost`() throws {
        var stage = CCIDStage()
        try stage.attach()
        stage.run(for: .seconds(2))
        #expect(stage.told == [.ready])
    }
}

@Suite struct `A reader's lights` {
    private let green = ACR122U.signal(.green, pulse: .milliseconds(600), times: 1)
    private let red = ACR122U.signal(.red, pulse: .milliseconds(150), times: 2)

    @Test func `are switched at once when nothing else is asked`() throws {
        var stage = CCIDStage(.acr122u)
        try stage.start()
        _ = stage.play(green)
        #expect(stage.commands == ["6FFF0040AC0406000101"])
    }

    @Test func `wait for the answer that is under way`() throws {
        var stage = CCIDStage(.acr122u)
        try stage.start()
        stage.put(rider)
        _ = stage.play(green)
        #expect(stage.commands == ["62"])
        stage.run(for: .milliseconds(10))
        #expect(
            stage.commands.prefix(4) == ["62", "6FFFCA000000", "6FFF0040AC0406000101", "65"])
    }

    @Test func `may take their time`() throws {
        var stage = CCIDStage(.acr122u)
        try stage.start()
        stage.device.delay = .milliseconds(2_500)
        _ = stage.play(ACR122U.signal(.red, pulse: .milliseconds(600), times: 1))
        stage.run(for: .milliseconds(2_550))
        #expect(stage.commands.count == 2)
    }

    @Test func `drop the oldest wish when too many wait`() throws {
        var stage = CCIDStage(.acr122u)
        try stage.start()
        stage.put(rider)
        for _ in 0..<4 { _ = stage.play(green) }
        _ = stage.play(red)
        stage.run(for: .milliseconds(50))
        let played = stage.commands.filter { $0.hasPrefix("6FFF0040") }
        #expect(played.count == 4)
        #expect(played.last == "6FFF00405C0402020201")
    }

    @Test func `are nobody's business where no reader is`() throws {
        var stage = CCIDStage(.acr122u)
        _ = stage.play(green)
        #expect(stage.commands.isEmpty)
        #expect(stage.reader.nextDeadline == nil)
    }

    @Test func `of an ACR1252U go by Escape`() throws {
        var stage = CCIDStage(.acr1252u)
        try stage.start()
        _ = stage.play(ACR1252U.beep(60))
        #expect(stage.commands == ["6BE0000028013C"])
        stage.run(for: .milliseconds(10))
        #expect(stage.commands == ["6BE0000028013C", "65"])
    }
}

@Suite struct `A stream of CCID bytes` {
    /// A morning at a door: stale replies, two cards, an extension, lights; cut in every way.
    private func morning(cut: Int) throws -> CCIDStage {
        var stage = CCIDStage(.acr122u)
        stage.cut = cut
        stage.device.stale = [hex("80 02000000 00 f7 00 00 00 6300")]
        try stage.attach()
        stage.run(for: .milliseconds(200))
        stage.put(rider)
        stage.run(for: .milliseconds(400))
        _ = stage.play(ACR122U.signal(.green, pulse: .milliseconds(600), times: 1))
        stage.device.extensions = 1
        stage.put(other)
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
                case 2: stage.put(random.below(2) == 0 ? rider : other)
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

extension CCIDStage {
    /// Asks for lights, as a driver does.
    mutating func play(_ command: PseudoAPDU) -> Outputs<CCIDReaderOutput> {
        let outputs = reader.signal(command, at: now)
        perform(outputs)
        return outputs
    }
}

extension CCIDHeader {
    init?(_ bytes: [UInt8]) {
        guard let header = bytes.withUnsafeBytes({ CCIDHeader($0) }) else { return nil }
        self = header
    }
}
