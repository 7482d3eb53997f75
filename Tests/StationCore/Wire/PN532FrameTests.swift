// A PN532's frames, commands and replies: the bytes of NXP's manual and of nfcpy's tests.

import EventLoop
import Testing

@testable import StationCore

/// A frame with its data, for comparison.
private enum Seen: Equatable {
    case plain(PN532Frame)
    case data(PN532Identifier, [UInt8])
}

private func frames(_ parts: [ArraySlice<UInt8>]) -> [Seen] {
    var deframer = PN532Deframer()
    var seen: [Seen] = []
    for byte in parts.joined() {
        deframer.append(byte)
        while let frame = deframer.next() {
            if case .information(let identifier, let length) = frame {
                #expect(deframer.data.count == length)
                seen.append(.data(identifier, deframer.data))
            } else {
                seen.append(.plain(frame))
            }
        }
    }
    return seen
}

private func frames(_ text: String) -> [Seen] { frames([hex(text)[...]]) }

@Suite struct `A PN532 frame` {
    /// UM0701-02's examples; checked against nfcpy's tests/base_clf_pn53x.py.
    @Test(
        arguments: [
            ("0000ff00ff00", .ack), ("0000ffff0000", .nack), ("0000ff01ff7f8100", .error),
        ] as [(String, PN532Frame)])
    func `without data is known by its bytes`(text: String, frame: PN532Frame) {
        #expect(frames(text) == [.plain(frame)])
    }

    @Test(
        arguments: [
            ("0000ff02fed4022a00", .host, "02"),
            ("0000ff06fad50332010607e800", .chip, "0332010607"),
            ("0000ff05fbd4140114010200", .host, "14011401"),
            ("0000ff02fed5151600", .chip, "15"),
            ("0000ff04fcd44a0100e100", .host, "4a0100"),
            ("0000ff03fdd54b00e000", .chip, "4b00"),
            ("0000ff0cf4d54b0101000408045630f0094f00", .chip, "4b0101000408045630f009"),
            (
                "0000ff0ff1d54b010103442007041122334455660700", .chip,
                "4b0101034420070411223344556600"
            ),
            ("0000ff0ff1d440016004ffffffffffff5630f0090e00", .host, "40016004ffffffffffff5630f009"),
            ("0000ff05fbd440013004b700", .host, "40013004"),
            ("0000ff03fdd45200da00", .host, "5200"),
            ("0000ff04fcd4320100f900", .host, "320100"),
            ("0000ff06fad43205ff0101f400", .host, "3205ff0101"),
            ("0000ff05fbd460140210a600", .host, "60140210"),
            // nfcpy test_command_with_standard_frame
            ("0000ff05fbd4003132339600", .host, "00313233"),
            ("0000ff05fbd5013435368b00", .chip, "01343536"),
        ] as [(String, PN532Identifier, String)])
    func `is read and written as the manual has it`(
        text: String, identifier: PN532Identifier, data: String
    ) {
        let data = hex(data).prefix(hex(text).count - 8)
        #expect(frames(text) == [.data(identifier, Array(data))])
        #expect(PN532Frame.encode(identifier, data) == hex(text))
    }

    /// nfcpy test_command_with_extended_frame: 259 bytes of data.
    @Test func `is extended when its data has more than 254 bytes`() {
        let data = hex("00 313233") + [UInt8](repeating: 0, count: 256)
        let bytes = hex("0000ffffff 0105fa d4") + data + hex("9600")
        #expect(PN532Frame.encode(.host, data) == bytes)
        #expect(frames([bytes[...]]) == [.data(.host, data)])
        for count in [0, 1, 253, 254, 255, 264] {
            let data = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
            let bytes = PN532Frame.encode(.chip, data)
            #expect((bytes.count == count + 11) == (count > 254))
            #expect(frames([bytes[...]]) == [.data(.chip, data)])
        }
    }

    @Test func `means the same however its bytes are cut`() {
        let bytes =
            hex("5555000000") + PN532Frame.encode(.host, hex("14011401")) + PN532Frame.ackBytes
            + hex("0000ff02fed51516") + PN532Frame.encode(.chip, [UInt8](repeating: 7, count: 260))
            + hex("aabb") + PN532Frame.nackBytes + hex("0000ff02fdd51516") + PN532Frame.errorBytes
        expectSameHoweverCut(bytes) { frames($0) }
        #expect(
            frames([bytes[...]]) == [
                .data(.host, hex("14011401")), .plain(.ack), .data(.chip, hex("15")),
                .data(.chip, [UInt8](repeating: 7, count: 260)), .plain(.damaged(.noise)),
                .plain(.nack), .plain(.damaged(.length)), .plain(.damaged(.noise)), .plain(.error),
            ])
    }

    /// nfcpy: length check, length value, data check, frame identifier, invalid start.
    @Test(
        arguments: [
            ("0000ff04fbd5013435368b00", .length), ("0000ffffff0104fad501", .length),
            ("0000ff05fbd50134358b00000000", .checksum), ("0000ff05fbd5013435368a00", .checksum),
            ("0000ff05fbd6013435368a00", .identifier), ("0000ff0000d5", .length),
            ("0000ffffff020000fe", .length), ("0000ffffff00000000", .length),
        ] as [(String, PN532Damage)])
    func `that is damaged has a name`(text: String, damage: PN532Damage) {
        #expect(frames(text).first == .plain(.damaged(damage)))
    }

    @Test func `behind a damaged one is not lost`() {
        let good = PN532Frame.encode(.chip, hex("4b0101000408045630f009"))
        for length in 1..<good.count - 1 {
            let seen = frames([good.prefix(length), good[...], hex("00000000")[...]])
            #expect(seen.last == .data(.chip, hex("4b0101000408045630f009")), "behind \(length)")
        }
        // An extended length that lies swallows frames only until it is found out.
        let liar = hex("0000ffffff000cf4") + PN532Frame.ackBytes + good + good
        let card = Seen.data(.chip, hex("4b0101000408045630f009"))
        #expect(frames([liar[...]]).suffix(2) == [card, card])
    }

    @Test func `never traps on random bytes, and keeps to its memory`() {
        var random = Xorshift(seed: 5)
        var deframer = PN532Deframer()
        for _ in 0..<200_000 {
            // Mostly bytes that frames are made of.
            let pool: [UInt8] = [0x00, 0x00, 0xff, 0x01, 0xd5, UInt8(random.below(256))]
            deframer.append(pool[random.below(pool.count)])
            var asked = 0
            while let frame = deframer.next() {
                if case .information = frame { _ = deframer.data }
                asked += 1
            }
            #expect(asked <= 288)
            if random.below(1_000) == 0 { deframer.reset() }
        }
    }
}

@Suite struct `A PN532 command` {
    @Test(
        arguments: [
            (.getFirmwareVersion, "0000ff02fed4022a00"),
            (.samConfiguration, "0000ff05fbd4140114010200"),
            (.inListPassiveTarget(most: 1, .typeA), "0000ff04fcd44a0100e100"),
            (.inRelease(target: 0), "0000ff03fdd45200da00"),
            (.rfField(isOn: false), "0000ff04fcd4320100f900"),
            (.maxRetries(passiveActivation: 1), "0000ff06fad43205ff0101f400"),
        ] as [(PN532Command, String)])
    func `has the bytes of the manual`(command: PN532Command, text: String) {
        #expect(command.packet.bytes == hex(text))
        #expect(command.replyCode == command.code + 1)
    }

    /// nfcpy test_clf_pn532.py: SetParameters 12 00; UM0701-02 §7.3.5: type B has an AFI.
    @Test func `of the rest is framed as nfcpy frames it`() {
        #expect(PN532Command.setParameters(0).packet.bytes == PN532Frame.encode(.host, hex("1200")))
        #expect(
            PN532Command.inListPassiveTarget(most: 2, .typeB).packet.bytes
                == PN532Frame.encode(.host, hex("4a020300")))
        #expect(
            PN532Command.rfField(isOn: true).packet.bytes == PN532Frame.encode(.host, hex("320101"))
        )
    }

    @Test func `wakes a sleeping chip in the same breath`() {
        let packet = PN532Packet.waking(.samConfiguration)
        #expect(packet.bytes == hex("5555000000 0000ff05fbd4140114010200"))
        #expect(packet.withBytes { Array($0) } == packet.bytes)
        #expect(PN532Packet.ack.bytes == hex("0000ff00ff00"))
        #expect(PN532Packet.nack.bytes == hex("0000ffff0000"))
    }
}

@Suite struct `A PN532's list of cards` {
    private func targets(_ text: String, _ modulation: PN532Modulation = .typeA) -> PN532Targets? {
        let data = hex(text)
        return PN532Targets(modulation, start: 1, length: data.count) { data[$0] }
    }

    private func uid(_ target: PN532Target?) -> String? {
        target.flatMap { CardText.text(of: $0.credential) }
    }

    @Test func `is empty, or has a card of four, seven or ten bytes`() throws {
        #expect(targets("4b00")?.count == 0)
        let classic = try #require(targets("4b0101000408045630f009"))
        #expect(uid(classic.first) == "iso14443:5630F009")
        #expect(classic.first?.sensRes == 0x0004 && classic.first?.selRes == 0x08)
        let desfire = try #require(targets("4b01 01 0344 20 07 04112233445566"))
        #expect(uid(desfire.first) == "iso14443:04112233445566")
        #expect(desfire.first?.selRes == 0x20)
        let long = try #require(targets("4b01 01 0344 20 0a 04112233445566778899"))
        #expect(uid(long.first) == "iso14443:04112233445566778899")
    }

    @Test func `has two cards, with and without the answer to select`() throws {
        let plain = try #require(
            targets("4b02 01 0004 08 04 5630f009 02 0344 20 07 04112233445566"))
        #expect(uid(plain.first) == "iso14443:5630F009")
        #expect(uid(plain.second) == "iso14443:04112233445566")
        let answered = try #require(
            targets(
                "4b02 01 0344 20 07 04112233445566 06 7577810280 02 0344 20 07 04aabbccddeeff 02 75"
            ))
        #expect(uid(answered.first) == "iso14443:04112233445566")
        #expect(uid(answered.second) == "iso14443:04AABBCCDDEEFF")
    }

    /// The layout of UM0701-02 §7.3.5; libnfc's pn53x_decode_target_data reads the same.
    @Test func `has a card of type B by its PUPI`() throws {
        let one = try #require(
            targets("4b01 01 50 11223344 00000000 008171 01 01", .typeB))
        #expect(uid(one.first) == "iso14443b:11223344")
        let two = try #require(
            targets(
                "4b02 01 50 11223344 00000000 008171 00 02 50 a1b2c3d4 00000000 008171 01 02",
                .typeB))
        #expect(uid(two.second) == "iso14443b:A1B2C3D4")
        #expect(targets("4b01 01 51 11223344 00000000 008171 01 01", .typeB) == nil)
    }

    @Test func `is refused when it ends early or late, or has a UID that no card has`() {
        let whole = [
            "4b02 01 0004 08 04 5630f009 02 0344 20 07 04112233445566",
            "4b02 01 0344 20 07 04112233445566 06 7577810280 02 0344 20 07 04aabbccddeeff 02 75",
        ]
        for text in whole {
            let data = hex(text)
            for length in 0..<data.count {
                #expect(
                    PN532Targets(.typeA, start: 1, length: length) { data[$0] } == nil,
                    "\(length) bytes")
            }
            let late = data + [0]
            #expect(PN532Targets(.typeA, start: 1, length: late.count) { late[$0] } == nil)
        }
        #expect(targets("4b03 01 0004 08 04 5630f009") == nil)
        #expect(targets("4b01 01 0004 08 05 5630f00995") == nil)
        #expect(targets("4b01 01 0004 08 00") == nil)
        // 88 in front of four bytes is half of seven (rc522 issue 2: 8804a3c6).
        #expect(targets("4b01 01 0004 08 04 8804a3c6") == nil)
        #expect(targets("4b01 01 0344 20 04 5630f009 00") == nil)
    }

    @Test func `never traps on random bytes`() {
        var random = Xorshift(seed: 8)
        for _ in 0..<100_000 {
            var data = random.bytes(random.below(60))
            if data.count > 6 { data[1] = UInt8(random.below(3)) }
            if data.count > 6 { data[6] = [4, 7, 10][random.below(3)] }
            for modulation in PN532Modulation.allCases {
                _ = PN532Targets(modulation, start: 1, length: data.count) { data[$0] }
            }
        }
    }
}
