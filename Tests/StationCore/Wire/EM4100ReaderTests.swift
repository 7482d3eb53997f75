// 125 kHz readers on a serial line: every framing, and what damaged frames are called.

import EventLoop
import Testing

@testable import StationCore

/// Plays bytes into a reader as a driver does.
private struct LinePlayer {
    var reader: EM4100Reader
    var now = Instant(nanoseconds: 1_000_000_000)
    var reads: [EM4100Read] = []

    init(_ framing: EM4100Framing) { reader = EM4100Reader(framing) }

    mutating func play(_ bytes: some Collection<UInt8>) {
        Array(bytes).withUnsafeBytes { buffer in
            reader.receive(buffer.bytes, at: now) { reads.append($0) }
        }
    }

    /// Waits for the deadline as the loop would.
    mutating func rest() {
        now = now + .milliseconds(200)
        if let read = reader.expire(at: now) { reads.append(read) }
    }

    mutating func read(_ bytes: [UInt8]) -> [EM4100Read] {
        reads = []
        play(bytes)
        rest()
        return reads
    }
}

private func card(_ id: UInt128) -> EM4100Read {
    .credential(Credential(technology: .em4100, bitCount: 40, bits: id))
}

/// A frame as the reader of this framing sends it.
private func frame(_ id: UInt64, _ framing: EM4100Framing) -> [UInt8] {
    let bytes = (0..<5).reversed().map { UInt8(truncatingIfNeeded: id >> (8 * $0)) }
    let sum = bytes.reduce(0, ^)
    let digits = Array(Hex.upper(bytes).utf8)
    let check = Array(Hex.upper([sum]).utf8)
    switch framing {
    case .rdm6300: return [0x02] + digits + check + [0x03]
    case .id12: return [0x02] + digits + check + [0x0d, 0x0a, 0x03]
    case .em18: return digits + check
    case .parallax: return [0x0a] + digits + [0x0d]
    case .gwiot7941: return [0x02, 0x0a, 0x02] + bytes + [0x08 ^ sum, 0x03]
    }
}

@Suite struct `A 125 kHz reader` {
    /// The Seeed wiki's page of the RDM630 module has both RDM frames; EM-18's is on
    /// electrothing.co.za/products/48; Parallax's in its manual #28140 v2.1 page 2; the 7941's on
    /// its leaflet (allinbest.com 7941D, herra/rfidtagsclone).
    @Test(
        arguments: [
            (.rdm6300, "02 30313030303733344530 4432 03", 0x01_0007_34e0),
            (.rdm6300, "02 36324533303836434544 3038 03", 0x62_e308_6ced),
            (.em18, "333037453444453543323234", 0x30_7e4d_e5c2),
            (.parallax, "0A 30463031383446303741 0D", 0x0f_0184_f07a),
            (.gwiot7941, "02 0A 02 2E00B6D7B5 F2 03", 0x2e_00b6_d7b5),
        ] as [(EM4100Framing, String, UInt128)])
    func `reads the frame of its leaflet`(framing: EM4100Framing, bytes: String, id: UInt128) {
        var player = LinePlayer(framing)
        #expect(player.read(hex(bytes)) == [card(id)])
    }

    /// ck365.cn ID-03, fagao and xingbang's pages, and proxmark3's demodulation test.
    @Test(arguments: EM4100Framing.allCases)
    func `reads every card in its own framing, however the bytes are cut`(
        framing: EM4100Framing
    ) {
        let ids: [UInt64] = [0x01_026f_6c3a, 0x12_5533_ffff, 0x0f_0368_568b, 0, 0xff_ffff_ffff]
        let bytes = ids.flatMap { frame($0, framing) }
        expectSameHoweverCut(bytes) { parts in
            var player = LinePlayer(framing)
            for part in parts { player.play(part) }
            player.rest()
            return player.reads
        }
        var player = LinePlayer(framing)
        #expect(player.read(bytes) == ids.map { card(UInt128($0)) })
    }

    @Test func `understands 10H of the card as the card's own bytes`() throws {
        var player = LinePlayer(.rdm6300)
        let reads = player.read(frame(0x01_026f_6c3a, .rdm6300))
        guard case .credential(let credential) = try #require(reads.first) else {
            Issue.record("no card")
            return
        }
        let texts = PrintedForm.render(credential).map(\.text)
        for text in ["01026f6c3a", "0040856634", "07302202", "111,27706", "00623,27706"] {
            #expect(texts.contains(text))
        }
    }

    @Test func `of two kinds tells their cards apart by the type that the reader sends`() {
        var player = LinePlayer(.gwiot7941)
        let mifare = hex("02 09 01 5630F009 97 03")
        let sum = mifare[1..<7].reduce(0, ^)
        var bytes = mifare
        bytes[7] = sum
        #expect(
            player.read(bytes) == [
                .credential(Credential(technology: .iso14443, bitCount: 32, bits: 0x5630_f009))
            ])
        bytes[2] = 0x21
        bytes[7] = sum ^ 0x01 ^ 0x21
        #expect(
            player.read(bytes) == [
                .credential(Credential(technology: .iso14443b, bitCount: 32, bits: 0x5630_f009))
            ])
        bytes[2] = 0x10
        bytes[7] = sum ^ 0x01 ^ 0x10
        #expect(player.read(bytes) == [.diagnosed(.cardType)])
    }

    @Test func `sends an ETX behind a line's end only if it is one that does`() {
        let id: UInt64 = 0x62_e308_6ced
        var plain = LinePlayer(.rdm6300)
        #expect(plain.read(frame(id, .id12)) == [.diagnosed(.ending)])
        var lined = LinePlayer(.id12)
        #expect(lined.read(frame(id, .rdm6300)) == [.diagnosed(.ending)])
        var bare = LinePlayer(.em18)
        #expect(
            bare.read(frame(id, .em18) + [0x0d, 0x0a] + frame(id, .em18)) == [
                card(UInt128(id)), card(UInt128(id)),
            ])
    }

    @Test func `has a name for its framing that leads back to it`() {
        for framing in EM4100Framing.allCases {
            #expect(EM4100Framing(name: framing.name) == framing)
        }
        #expect(EM4100Framing(name: "RDM6300") == nil)
        #expect(EM4100Framing.parallax.baud == 2_400)
    }
}

@Suite struct `A damaged 125 kHz frame` {
    let good = frame(0x01_026f_6c3a, .rdm6300)

    /// ESPHome's decoder takes lower case and bytes below `0`, and makes another card of them.
    @Test(arguments: [0x61, 0x66, 0x2f, 0x3a, 0x40, 0x47, 0x00, 0xff, 0x02, 0x03] as [UInt8])
    func `with a byte that is no capital digit is no card`(byte: UInt8) {
        for place in 1...12 {
            var bytes = good
            bytes[place] = byte
            var player = LinePlayer(.rdm6300)
            let reads = player.read(bytes)
            #expect(reads.count == 1)
            guard case .diagnosed = reads[0] else {
                Issue.record("took \(byte) at \(place)")
                return
            }
        }
    }

    @Test(arguments: EM4100Framing.allCases.filter { $0 != .parallax })
    func `with one flipped bit is never another card`(framing: EM4100Framing) {
        let bytes = frame(0x01_026f_6c3a, framing)
        for index in bytes.indices {
            for bit in 0..<8 {
                var flipped = bytes
                flipped[index] ^= 1 << UInt8(bit)
                var player = LinePlayer(framing)
                for read in player.read(flipped) {
                    guard case .diagnosed = read else {
                        Issue.record("\(framing) took byte \(index) with bit \(bit) flipped")
                        return
                    }
                }
            }
        }
    }

    @Test func `has the name of what is wrong`() {
        func diagnosis(_ change: (inout [UInt8]) -> Void) -> [EM4100Read] {
            var bytes = good
            change(&bytes)
            var player = LinePlayer(.rdm6300)
            return player.read(bytes)
        }
        #expect(diagnosis { $0[9] ^= 1 } == [.diagnosed(.checksum)])
        #expect(diagnosis { $0[5] = 0x20 } == [.diagnosed(.character)])
        #expect(diagnosis { $0[13] = 0x04 } == [.diagnosed(.ending)])
        #expect(diagnosis { $0.removeLast(3) } == [.diagnosed(.cutShort)])
        #expect(diagnosis { $0.removeFirst() } == [.diagnosed(.noise)])
    }

    @Test func `is told once, and the good one behind it is not lost`() {
        for length in 1..<good.count {
            var player = LinePlayer(.rdm6300)
            let reads = player.read(good.prefix(length) + good)
            #expect(reads.last == card(0x01_026f_6c3a), "behind \(length) bytes")
            #expect(reads.count <= 2)
        }
        var player = LinePlayer(.gwiot7941)
        let binary = frame(0x2e_00b6_d7b5, .gwiot7941)
        for length in 1..<binary.count {
            let reads = player.read(binary.prefix(length) + binary)
            #expect(reads.last == card(0x2e_00b6_d7b5), "behind \(length) bytes")
        }
    }

    @Test func `that pauses is given up, and what follows is read anew`() {
        var player = LinePlayer(.rdm6300)
        player.play(good.prefix(7))
        #expect(player.reader.nextDeadline == player.now + EM4100Reader.silence)
        #expect(player.reader.expire(at: player.now + .milliseconds(99)) == nil)
        // The loop is late: the byte comes before the deadline was looked at.
        player.now = player.now + .milliseconds(100)
        player.play(good)
        #expect(player.reads == [.diagnosed(.cutShort), card(0x01_026f_6c3a)])
        #expect(player.reader.nextDeadline == nil)
        #expect(player.reader.expire(at: .distantFuture) == nil)
    }

    @Test func `of endless noise is told once until the line rests`() {
        var player = LinePlayer(.rdm6300)
        player.play([UInt8](repeating: 0x55, count: 10_000))
        #expect(player.reads == [.diagnosed(.noise)])
        player.rest()
        player.play([0x55])
        #expect(player.reads.count == 2)
    }

    @Test func `never traps, and never reads a card out of bytes without a frame`() {
        var random = Xorshift(seed: 3)
        for framing in EM4100Framing.allCases {
            var player = LinePlayer(framing)
            for _ in 0..<20_000 {
                player.now = player.now + .milliseconds(Int64(random.below(3) * 60))
                player.play(random.bytes(1 + random.below(20)))
                if random.below(4) == 0 { player.rest() }
                if random.below(50) == 0 { player.reader.reset() }
            }
            player.rest()
            #expect(player.reader.nextDeadline == nil)
            let cards = player.reads.filter { if case .credential = $0 { true } else { false } }
            #expect(cards.isEmpty || framing == .gwiot7941, "\(framing)")
        }
    }

    @Test func `never traps on time stamps that make no sense`() {
        var player = LinePlayer(.rdm6300)
        for time in [Int64.max, .min, 0, -1, .max] {
            player.now = Instant(nanoseconds: time)
            player.play(good.prefix(3))
            _ = player.reader.nextDeadline
            _ = player.reader.expire(at: player.now)
        }
    }

    @Test func `has a sentence in both languages`() {
        for diagnosis in EM4100Diagnosis.allCases {
            #expect(diagnosis.text(.chinese) != diagnosis.text(.english))
            #expect(diagnosis.text(.english).allSatisfy { $0.isASCII })
        }
        #expect(Set(EM4100Diagnosis.allCases.map(\.name)).count == EM4100Diagnosis.allCases.count)
    }
}
