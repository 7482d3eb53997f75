// A reader's life: plugged in, reset, unplugged; cards come and go; lights.

import EventLoop
import Testing

@testable import StationCore

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
        stage.put(.rider)
        stage.run(for: .milliseconds(10))
        #expect(stage.commands == ["62", "6FFFCA000000"])
        #expect(stage.told == [try .presented(.rider, since: tap)])
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
        stage.put(.rider, telling: false)
        stage.run(for: .milliseconds(120))
        #expect(stage.told.count == 1)
        stage.takeAway(telling: false)
        stage.run(for: .milliseconds(820))
        #expect(stage.told.last == .left)
    }

    @Test func `that loses a notification is asked every two seconds`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.put(.rider, telling: false)
        stage.run(for: .milliseconds(2_010))
        #expect(stage.told.count == 1)
        stage.takeAway(telling: false)
        stage.run(for: .milliseconds(2_800))
        #expect(stage.told.last == .left)
    }

    @Test func `presents a card once however long it lies there`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.put(.rider)
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
            stage.put(.rider)
            stage.run(for: .milliseconds(350))
            stage.takeAway()
            stage.run(for: .milliseconds(350))
        }
        #expect(stage.told.count == 1)
        stage.run(for: .milliseconds(700))
        stage.put(.rider)
        stage.run(for: .milliseconds(350))
        let taps = stage.told.filter { if case .presented = $0 { true } else { false } }
        #expect(taps.count == 2)
    }

    @Test func `tells one card from the next`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.put(.rider)
        stage.run(for: .milliseconds(400))
        // Faster than the reader's notifications: there is a card, and something happened.
        let second = stage.now
        stage.put(.other)
        stage.run(for: .milliseconds(10))
        #expect(stage.told.dropFirst() == [.left, try .presented(.other, since: second)])
    }

    @Test func `takes the echo of waking a card for no news`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.put(.rider)
        stage.run(for: .milliseconds(10))
        stage.interrupt(hex("5003"))
        stage.run(for: .milliseconds(10))
        #expect(stage.commands == ["62", "6FFFCA000000"])
    }

    @Test func `presents a card that was read and torn away at once`() throws {
        var stage = CCIDStage()
        try stage.start()
        let tap = stage.now
        stage.put(.rider)
        stage.run(for: .milliseconds(3))
        // The answer is on its way when the card leaves.
        stage.interrupt(hex("5002"))
        stage.run(for: .seconds(1))
        #expect(stage.told == [try .presented(.rider, since: tap), .left])
    }

    @Test func `says when a card left before it was read`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.put(.rider)
        stage.device.card = nil
        stage.run(for: .milliseconds(100))
        #expect(stage.told == [.diagnosed(.leftEarly)])
        stage.put(.rider)
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
        stage.put(.rider)
        stage.device.delay = .milliseconds(2)
        #expect(empty.card == nil)
        stage.run(for: .seconds(1))
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
        stage.put(.rider)
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
        stage.put(.rider)
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
        stage.put(.rider)
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
        stage.put(.rider)
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
        stage.put(.rider)
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
