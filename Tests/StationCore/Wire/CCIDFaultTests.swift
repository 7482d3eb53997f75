// Cards that are hard to read, and answers that are late, wrong, or never come.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A card that is hard to read` {
    @Test func `is woken at each voltage that the reader has`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.device.mutePowerOns = 3
        stage.put(.rider)
        stage.run(for: .milliseconds(300))
        #expect(stage.sent.prefix(4).map { $0[7] } == [1, 2, 3, 1])
        #expect(stage.told.count == 1)
    }

    @Test func `is woken at the voltage of the reader's choice`() throws {
        var stage = CCIDStage()
        try stage.start(`A class descriptor`.qemu)
        stage.put(.rider)
        stage.run(for: .milliseconds(10))
        #expect(stage.sent.map { $0[7] } == [0, 0])
    }

    @Test func `is given up after four tries, and then it may leave`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.device.mutePowerOns = 100
        stage.put(.rider)
        stage.run(for: .seconds(1))
        #expect(stage.told == [.diagnosed(.mute)])
        #expect(stage.commands == ["62", "62", "62", "62"])
        stage.device.mutePowerOns = 0
        stage.takeAway()
        stage.put(.rider)
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
        var card = ScriptedDevice.Card.rider
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
        var card = ScriptedDevice.Card.rider
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
        var card = ScriptedDevice.Card.rider
        card.atr = hex("00")
        let tap = stage.now
        stage.put(card)
        stage.run(for: .milliseconds(10))
        #expect(stage.told == [try .presented(card, since: tap, .unknown)])
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
        stage.put(.rider)
        stage.run(for: .milliseconds(10))
        #expect(stage.told == [try .presented(.rider, since: tap)])
        #expect(stage.reader.staleCount == 2)
    }

    @Test func `of a kilobyte, which nobody asked for, is skipped`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.device.stale = [
            hex("80 00040000 00 77 00 00 00") + [UInt8](repeating: 7, count: 1_024)
        ]
        stage.put(.rider)
        stage.run(for: .milliseconds(10))
        #expect(stage.told.count == 1)
    }

    @Test func `to a question long gone never ends in a loop`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.device.stale = [[UInt8]](
            repeating: hex("81 00000000 00 77 00 00 00"), count: 40)
        stage.put(.rider)
        stage.run(for: .seconds(1))
        #expect(stage.told == [.raised(.garbled), .resetDevice])
    }

    @Test func `may take longer when the reader asks for it`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.device.extensions = 5
        stage.device.factor = 2
        stage.put(.rider)
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
        stage.put(.rider)
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
        stage.put(.rider)
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
        stage.put(.rider)
        stage.run(for: .milliseconds(100))
        #expect(stage.told == [try .presented(.rider, since: tap + .milliseconds(34))])
        #expect(stage.commands == ["62", "65", "62", "6FFFCA000000"])
    }

    @Test func `that is nonsense three times brings a reset`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.device.nonsense = [hex("00"), hex("7f"), hex("80 ffffffff 0000000000")]
        stage.put(.rider)
        stage.run(for: .seconds(1))
        #expect(stage.told == [.raised(.garbled), .resetDevice])
    }

    @Test func `that breaks off does not swallow the next one`() throws {
        var stage = CCIDStage()
        try stage.start()
        stage.device.nonsense = [hex("80 14000000 00")]
        stage.put(.rider)
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
