// A PN532 as a reader, against a chip that answers as a real one does, and as a broken one does.

import EventLoop
import Testing

@testable import StationCore

/// A chip on the other end of the line.
private struct Chip {
    /// Type A cards by UID, type B cards by PUPI.
    var cardsA: [String] = []
    var cardsB: [String] = []
    var isAlive = true
    var firmware = "32010607"
    /// Commands that it got, by their bytes behind D4.
    var commands: [[UInt8]] = []
    /// What it answers to the next commands instead of what it should, by command code.
    var faults: [(code: UInt8, answer: [UInt8])] = []
    /// Every reply but the first is damaged on its way, however often it is asked for.
    var isGarbled = false
    var nacks = 0
    var aborts = 0
    private var deframer = PN532Deframer()
    private var last: [UInt8] = []

    /// Takes bytes of the host's; returns what the chip sends.
    mutating func take(_ bytes: [UInt8]) -> [UInt8] {
        var answer: [UInt8] = []
        for byte in bytes {
            deframer.append(byte)
            while let frame = deframer.next() {
                guard isAlive else { continue }
                switch frame {
                case .information(.host, _): answer += reply(to: deframer.data)
                case .ack: aborts += 1
                case .nack:
                    nacks += 1
                    answer += last
                case .information(.chip, _), .error, .damaged: break
                }
            }
        }
        return answer
    }

    private mutating func reply(to command: [UInt8]) -> [UInt8] {
        commands.append(command)
        let code = command[0]
        last = PN532Frame.encode(.chip, [code + 1] + content(of: command))
        if isGarbled, code != 0x14 { last[6] ^= 0x10 }
        if let index = faults.firstIndex(where: { $0.code == code }) {
            return faults.remove(at: index).answer
        }
        return PN532Frame.ackBytes + last
    }

    private func content(of command: [UInt8]) -> [UInt8] {
        switch command[0] {
        case 0x02: return hex(firmware)
        case 0x4a where command[2] == 0:
            return list(cardsA.prefix(Int(command[1]))) { uid in
                [0x00, 0x04, 0x08, UInt8(hex(uid).count)] + hex(uid)
            }
        case 0x4a:
            return list(cardsB.prefix(Int(command[1]))) { pupi in
                hex("50 \(pupi) 00000000 008171 01 01")
            }
        case 0x52: return [0x00]
        default: return []
        }
    }

    private func list(
        _ cards: ArraySlice<String>, _ bytes: (String) -> [UInt8]
    ) -> [UInt8] {
        var list = [UInt8(cards.count)]
        for (index, card) in cards.enumerated() {
            list.append(UInt8(index + 1))
            list += bytes(card)
        }
        return list
    }
}

/// A reader and a chip with a line between them, in virtual time.
private struct Line {
    var chip = Chip()
    var reader = PN532Reader()
    var now = Instant(nanoseconds: 1_000_000_000)
    var outputs: [PN532Output] = []

    var presented: [String] {
        outputs.compactMap {
            if case .presented(let target) = $0 {
                CardText.text(of: target.credential)
            } else {
                nil
            }
        }
    }
    var troubles: [PN532Output] {
        outputs.filter {
            switch $0 {
            case .raised, .cleared: true
            case .send, .presented, .ready, .damaged: false
            }
        }
    }

    mutating func plugIn() { perform(reader.begin(at: now)) }

    mutating func perform(_ hasOutputs: Bool) {
        guard hasOutputs else { return }
        let step = reader.outputs
        for index in 0..<step.count {
            outputs.append(step[index])
            guard case .send(let packet) = step[index] else { continue }
            let answer = chip.take(packet.bytes)
            guard !answer.isEmpty else { continue }
            now = now + .milliseconds(5)
            hear(answer)
        }
    }

    mutating func hear(_ bytes: [UInt8]) {
        for byte in bytes { perform(reader.receive(byte, at: now)) }
    }

    /// Goes on until that much time has passed.
    mutating func run(_ interval: Interval) {
        let end = now + interval
        while let deadline = reader.nextDeadline, deadline <= end {
            now = max(now, deadline)
            perform(reader.expire(at: now))
        }
        now = max(now, end)
    }
}

private let classic = "5630f009"
private let desfire = "04112233445566"

@Suite struct `A PN532 reader` {
    @Test func `wakes the chip, sets it up and looks for cards of both types`() {
        var line = Line()
        #expect(line.reader.nextDeadline == nil)
        line.plugIn()
        line.run(.milliseconds(400))
        #expect(line.reader.isReady)
        #expect(
            line.chip.commands.prefix(7).map { $0 } == [
                hex("14011401"), hex("02"), hex("1200"), hex("3205ff0101"), hex("4a0200"),
                hex("4a020300"), hex("320100"),
            ])
        #expect(line.reader.firmware?.chip == 0x32)
        #expect(
            line.outputs.contains(
                .ready(
                    PN532Firmware(chip: 0x32, version: 1, revision: 6, support: 7))))
        #expect(line.troubles.isEmpty)
        // UM0701-02: retries are finite, else a chip without a card never answers again.
        #expect(!line.chip.commands.contains { $0.starts(with: [0x32, 0x05]) && $0.last == 0xff })
    }

    @Test func `tells a card once, and again after it has left`() {
        var line = Line()
        line.plugIn()
        line.chip.cardsA = [classic]
        line.run(.seconds(5))
        #expect(line.presented == ["iso14443:5630F009"])
        // A card at the edge of the field comes and goes.
        line.chip.cardsA = []
        line.run(.milliseconds(500))
        line.chip.cardsA = [classic]
        line.run(.seconds(1))
        #expect(line.presented.count == 1)
        line.chip.cardsA = []
        line.run(.milliseconds(1_200))
        line.chip.cardsA = [classic]
        line.run(.milliseconds(300))
        #expect(line.presented == ["iso14443:5630F009", "iso14443:5630F009"])
    }

    /// Else the tap filter would take a card that came back for one that stayed.
    @Test func `re-arms later than the rules forget a repeat`() {
        #expect(CardPresence.absence > TapFilter.rearm)
    }

    @Test func `finds a card within 150 ms of its coming`() throws {
        for offset in stride(from: Int64(0), to: 150, by: 10) {
            var line = Line()
            line.plugIn()
            line.run(.milliseconds(500 + offset))
            let came = line.now
            line.chip.cardsA = [classic]
            while line.presented.isEmpty, line.now < came + .seconds(1) {
                line.run(.milliseconds(1))
            }
            #expect(line.now - came <= .milliseconds(150))
        }
    }

    @Test func `tells two cards in the field as two, of one type or of both`() {
        var line = Line()
        line.plugIn()
        line.chip.cardsA = [classic, desfire]
        line.chip.cardsB = ["a1b2c3d4"]
        line.run(.seconds(2))
        #expect(
            line.presented == [
                "iso14443:5630F009", "iso14443:04112233445566", "iso14443b:A1B2C3D4",
            ])
        // One of them leaves, another one comes.
        line.chip.cardsA = [desfire, "11223344"]
        line.run(.seconds(2))
        #expect(line.presented.last == "iso14443:11223344")
        #expect(line.presented.count == 4)
        // Cards that were found are let go before the next look.
        let releases = line.chip.commands.filter { $0 == hex("5200") }
        #expect(!releases.isEmpty)
    }

    @Test func `takes a card that makes up a UID at each look for one card`() {
        var line = Line()
        line.plugIn()
        for number in 0..<20 {
            line.chip.cardsA = ["08\(String(number + 0x100000, radix: 16))"]
            line.run(.milliseconds(100))
        }
        #expect(line.presented.count == 1)
    }

    @Test func `asks for a reply again when it came damaged`() {
        var line = Line()
        line.plugIn()
        line.run(.milliseconds(500))
        line.chip.cardsA = [classic]
        var broken = PN532Frame.encode(.chip, hex("4b0101000408045630f009"))
        broken[12] ^= 0x40
        line.chip.faults = [(0x4a, PN532Frame.ackBytes + broken)]
        line.run(.milliseconds(300))
        #expect(line.presented == ["iso14443:5630F009"])
        #expect(line.chip.nacks == 1)
        #expect(line.outputs.contains(.damaged(.checksum)))
        #expect(line.troubles.isEmpty)
    }

    /// nfcpy test_command_with_missing_ack_frame.
    @Test func `takes a reply whose acknowledgement was lost`() {
        var line = Line()
        line.plugIn()
        line.run(.milliseconds(500))
        line.chip.cardsA = [classic]
        line.chip.faults = [(0x4a, PN532Frame.encode(.chip, hex("4b0101000408045630f009")))]
        line.run(.milliseconds(300))
        #expect(line.presented == ["iso14443:5630F009"])
    }

    @Test(
        arguments: [
            [], hex("0000ffff0000"), hex("0000ff01ff7f8100"), hex("0000ff00ff00 0000ff01ff7f8100"),
            hex("0000ff00"), hex("a5a5a5"), hex("0000ff00ff00 0000ff03fdd54b03dd00"),
            hex("0000ff00ff00 0000ff03fdd5ffff2d00"),
        ] as [[UInt8]])
    func `goes on after one wrong answer without a word`(answer: [UInt8]) {
        var line = Line()
        line.plugIn()
        line.run(.milliseconds(500))
        line.chip.faults = [(0x4a, answer)]
        line.run(.seconds(2))
        line.chip.cardsA = [classic]
        line.run(.milliseconds(300))
        #expect(line.presented == ["iso14443:5630F009"])
        #expect(line.troubles.isEmpty)
    }

    @Test func `ignores a late reply to another command`() {
        var line = Line()
        line.plugIn()
        line.run(.milliseconds(500))
        line.hear(PN532Frame.encode(.chip, hex("4b0101000408045630f009")))
        line.run(.seconds(1))
        #expect(line.presented.isEmpty)
        let stale = PN532Frame.ackBytes + PN532Frame.encode(.chip, hex("15"))
        line.chip.faults = [
            (0x4a, stale + PN532Frame.encode(.chip, hex("4b0101000408045630f009")))
        ]
        line.run(.milliseconds(300))
        #expect(line.presented == ["iso14443:5630F009"])
    }
}

@Suite struct `A PN532 reader in trouble` {
    @Test func `says so after three failures, keeps trying ever more slowly, and recovers`() {
        var line = Line()
        line.plugIn()
        line.run(.milliseconds(500))
        line.chip.isAlive = false
        line.run(.seconds(3))
        #expect(line.troubles == [.raised(.silent)])
        #expect(!line.reader.isReady && line.reader.firmware == nil)
        let before = line.outputs.count
        line.run(.seconds(60))
        // Three attempts each time, at most once in five seconds.
        let sent = line.outputs.count - before
        #expect((20...60).contains(sent))
        line.chip.isAlive = true
        line.chip.cardsA = [classic]
        line.run(.seconds(6))
        #expect(line.troubles == [.raised(.silent), .cleared(.silent)])
        #expect(line.presented == ["iso14443:5630F009"])
    }

    @Test func `is ready within two seconds after it was plugged again`() {
        var line = Line()
        line.plugIn()
        line.run(.seconds(1))
        line.reader.halt()
        #expect(line.reader.nextDeadline == nil)
        line.hear(PN532Frame.ackBytes)
        let isDue = line.reader.expire(at: .distantFuture)
        #expect(!isDue)
        line.now = line.now + .seconds(5)
        let plugged = line.now
        line.plugIn()
        while !line.reader.isReady { line.run(.milliseconds(1)) }
        #expect(line.now - plugged <= .seconds(2))
    }

    @Test func `sets a chip up anew that lost its supply for a moment`() {
        var line = Line()
        line.plugIn()
        line.run(.seconds(1))
        // It forgot that retries are finite, and looks for a card for ever.
        line.chip.commands = []
        line.chip.faults = [(0x4a, PN532Frame.ackBytes)]
        line.run(.milliseconds(1_800))
        #expect(line.chip.aborts == 1)
        #expect(line.chip.commands.contains(hex("3205ff0101")))
        #expect(line.troubles.isEmpty)
        #expect(line.reader.isReady)
    }

    @Test func `tells a card that lay there throughout only once`() {
        var line = Line()
        line.plugIn()
        line.chip.cardsA = [classic]
        line.run(.seconds(1))
        line.chip.isAlive = false
        line.run(.seconds(2))
        line.chip.isAlive = true
        line.run(.seconds(8))
        #expect(line.reader.isReady)
        #expect(line.presented.count == 1)
    }

    @Test func `names a chip that is none, and one that refuses`() {
        var stranger = Line()
        stranger.chip.firmware = "33010607"
        stranger.plugIn()
        stranger.run(.seconds(2))
        #expect(stranger.troubles == [.raised(.stranger)])
        var refusing = Line()
        refusing.chip.faults = (0..<60).map { _ in (0x14, hex("0000ff00ff000000ff01ff7f8100")) }
        refusing.plugIn()
        refusing.run(.seconds(2))
        #expect(refusing.troubles.first == .raised(.refused))
        var garbled = Line()
        garbled.chip.isGarbled = true
        garbled.plugIn()
        garbled.run(.seconds(2))
        #expect(garbled.troubles.first == .raised(.garbled))
    }

    @Test func `waits for the first acknowledgement as slow boards need, and no longer`() {
        var line = Line()
        line.chip.isAlive = false
        line.plugIn()
        #expect(line.reader.nextDeadline == line.now + PN532Reader.firstAckTimeout)
        line.run(PN532Reader.firstAckTimeout)
        #expect(line.reader.nextDeadline == line.now + PN532Reader.ackTimeout)
    }

    @Test func `never traps, never stops, and never floods, whatever the chip says`() {
        var random = Xorshift(seed: 12)
        for _ in 0..<200 {
            var line = Line()
            line.plugIn()
            for _ in 0..<100 {
                switch random.below(6) {
                case 0: line.hear(random.bytes(random.below(40)))
                case 1: line.hear(PN532Frame.ackBytes)
                case 2:
                    let code = [0x15, 0x03, 0x13, 0x33, 0x4b, 0x53][random.below(6)]
                    line.hear(
                        PN532Frame.encode(.chip, [UInt8(code)] + random.bytes(random.below(24))))
                case 3: line.chip.isAlive.toggle()
                case 4: line.chip.cardsA = random.below(2) == 0 ? [] : [classic, desfire]
                default: line.run(.milliseconds(Int64(random.below(400))))
                }
                #expect(line.reader.nextDeadline != nil)
            }
            line.chip.isAlive = true
            line.chip.faults = []
            line.chip.cardsA = []
            line.run(.seconds(10))
            line.outputs = []
            line.chip.cardsA = ["cafebabe"]
            line.run(.seconds(1))
            #expect(line.presented == ["iso14443:CAFEBABE"])
        }
    }

    @Test func `means the same however a whole conversation is cut`() {
        // What the chip says, while nobody waits for anything: a machine that is fed too early.
        let bytes =
            PN532Frame.ackBytes + PN532Frame.encode(.chip, hex("15")) + PN532Frame.ackBytes
            + PN532Frame.encode(.chip, hex("0332010607")) + PN532Frame.ackBytes
            + PN532Frame.encode(.chip, hex("13")) + PN532Frame.ackBytes
            + PN532Frame.encode(.chip, hex("33")) + PN532Frame.ackBytes
            + PN532Frame.encode(.chip, hex("4b0101000408045630f009"))
        let now = Instant(nanoseconds: 0)
        func run(_ parts: [ArraySlice<UInt8>]) -> [PN532Output] {
            var reader = PN532Reader()
            _ = reader.begin(at: now)
            var outputs: [PN532Output] = []
            for part in parts {
                Array(part).withUnsafeBytes { buffer in
                    reader.receive(buffer.bytes, at: now) { outputs.append($0) }
                }
            }
            return outputs
        }
        expectSameHoweverCut(bytes, run)
        #expect(run([bytes[...]]).count == 7)
    }

    @Test func `has a sentence in both languages for everything`() {
        for trouble in PN532Trouble.allCases {
            #expect(trouble.text(.english).allSatisfy { $0.isASCII })
            #expect(trouble.text(.chinese) != trouble.text(.english))
        }
        for damage in PN532Damage.allCases {
            #expect(damage.text(.english).allSatisfy { $0.isASCII })
            #expect(damage.text(.chinese) != damage.text(.english))
        }
    }
}
