// Recordings of buses read for people: every byte has its place, and every frame its meanings.

import Testing

@testable import StationCore

private func readings(_ frames: [LineFrame]) -> [[LineReading]] {
    frames.compactMap {
        if case .whole(let readings) = $0.kind { readings } else { nil }
    }
}

@Suite struct `A recording of a bus` {
    @Test(arguments: ModbusExchange.all)
    func `of Modbus has request and reply, whatever is around them`(exchange: ModbusExchange) {
        let (request, reply) = (hex(exchange.request), hex(exchange.reply))
        let frames = LineProtocol.modbus.read(request + reply + [0xb0, 0xaa])
        #expect(frames.map(\.length) == [request.count, reply.count, 2])
        #expect(frames.last?.kind == .noise)
        let all = readings(frames)
        #expect(all.allSatisfy { $0.allSatisfy { $0.address == exchange.unit } })
        #expect(all.first?.contains { $0.direction == .request } == true)
        #expect(all.last?.contains { $0.direction == .reply } == true)
    }

    @Test func `of Modbus tells which CRC was expected, and who refused`() {
        let frames = LineProtocol.modbus.read(hex("01 04 00 00 00 0A 70 0E"))
        #expect(frames.map(\.kind) == [.damaged(.checksum, check: [0x70, 0x0d])])
        let refused = readings(LineProtocol.modbus.read(hex("11 83 02 C1 34")))
        #expect(refused.first?.first?.refusal == 2)
        #expect(refused.first?.first?.name == "readHolding")
    }

    @Test func `of Modbus over TCP is understood too`() throws {
        let request = ModbusRequest.read(.input, address: 0, count: 2)
        let packet = try ModbusTCP.packet(request, to: 1, transaction: 7)
        let reply = ModbusTCP.frame(request.replyPDU(.registers([1, 2])), 1, transaction: 7)
        let all = readings(LineProtocol.modbus.read(packet + reply))
        #expect(all.map { $0.map(\.direction) } == [[.request], [.reply]])
    }

    @Test func `of a lock board says that a failure looks like a request`() {
        let all = readings(LineProtocol.lockboard8A.read(hex("8A 01 01 11 9B")))
        #expect(
            all == [
                [
                    LineReading(
                        direction: .request, name: "open", address: 1, fields: [BusField("lock", 1)]
                    ),
                    LineReading(
                        direction: .reply, name: "open", address: 1,
                        fields: [BusField("lock", 1), BusField("code", 0x11)]),
                ]
            ])
        let wrong = LineProtocol.lockboard8A.read(hex("81 01 01 01 81"))
        #expect(wrong.map(\.kind) == [.damaged(.checksum, check: [0x80])])
    }

    /// Seen in the field: a query of all ways that ends in 99 and not in 33.
    @Test func `of a lock board takes another board's query for a frame, with its right check`() {
        let frames = LineProtocol.lockboard8A.read(hex("80 01 00 99 18"))
        #expect(
            readings(frames).map { $0.map(\.fields) } == [
                [[BusField("lock", 0), BusField("code", 0x99)]]
            ])
        let wrong = LineProtocol.lockboard8A.read(hex("80 01 00 99 19"))
        #expect(wrong.map(\.kind) == [.damaged(.checksum, check: [0x18])])
    }

    /// A JK battery board speaks no language of ours: nothing of it is taken for a frame.
    @Test(
        arguments: [
            .modbus, .lockboard8A, .wkly, .kerong, .dlt645, .codec(.jbd), .codec(.juy),
            .codec(.dianchuan),
        ] as [LineProtocol])
    func `of a box that is not known is noise in every language`(language: LineProtocol) {
        let jk = hex("4E 57 00 13 00 00 00 00 06 03 00 00 00 00 00 00 68 00 00 01 29")
        #expect(jk.dropLast(4).reduce(0) { $0 + Int($1) } == 0x0129)
        #expect(readings(language.read(jk)).isEmpty)
    }

    @Test(
        arguments: [
            ("57 4B 4C 59 09 00 82 01 83", "open"), ("57 4B 4C 59 0B 00 82 00 01 00 81", "open"),
            ("57 4B 4C 59 0E 00 96 00 00 00 FF FF 01 90", "0x96"),
            ("57 4B 4C 59 0A 00 81 00 01 83", "0x81"),
        ])
    func `of a WKLY board names what it knows and measures what it does not`(
        bytes: String, name: String
    ) {
        let frames = LineProtocol.wkly.read(hex(bytes))
        #expect(frames.map(\.length) == [hex(bytes).count])
        #expect(readings(frames).first?.first?.name == name)
        var wrong = hex(bytes)
        wrong[wrong.count - 1] ^= 1
        let check = hex(bytes)[wrong.count - 1]
        #expect(LineProtocol.wkly.read(wrong).map(\.kind) == [.damaged(.checksum, check: [check])])
    }

    @Test func `of a Kerong board tells a well-known wrong sum`() {
        #expect(
            LineProtocol.kerong.read(hex("02 10 30 03 3E")).map(\.kind)
                == [.damaged(.checksum, check: [0x45])])
        let all = readings(
            LineProtocol.kerong.read(hex("02 10 30 03 45 02 10 35 01 80 00 01 03 CC")))
        #expect(all.map { $0.map(\.direction) } == [[.request], [.reply]])
        #expect(all.last?.first?.address == 1)
    }

    @Test func `of a meter has numbers, refusals and sums`() {
        let bytes = hex(
            "FE FE 68 01 00 00 00 00 00 68 11 04 33 33 34 33 B3 16"
                + "68 01 00 00 00 00 00 68 91 08 33 33 34 33 59 B3 55 44 DC 16")
        let all = readings(LineProtocol.dlt645.read(bytes))
        #expect(all.map { $0.map(\.direction) } == [[.request], [.reply]])
        #expect(all.last?.first?.fields.value("value") == 11_228_026)
        #expect(all.last?.first?.fields.value("identifier") == 0x0001_0000)
        let wrong = hex("68 11 11 11 11 11 11 68 91 06 33 33 33 33 33 33 7A 16")
        #expect(
            LineProtocol.dlt645.read(wrong).map(\.kind) == [.damaged(.checksum, check: [0xff])])
        let refused = DLT645.frame(0xd1, [1, 0, 0, 0, 0, 0], [2])
        #expect(readings(LineProtocol.dlt645.read(refused)).first?.first?.refusal == 2)
    }

    @Test(
        arguments: [
            (.jbd, "DD A5 03 00 FF FD 77", .request, "basic"),
            (.jbd, "DD 05 00 0A 30 31 32 33 34 35 36 37 38 39 FD E9 77", .reply, "name"),
            (.jbd, "DD 5A E1 02 00 01 FF 1C 77", .request, "mos"),
            (.jbd, "DD E1 00 00 00 00 77", .reply, "mos"),
            (.juy, "5A A5 08 00 84 00 02 01 00 00 00 8F", .request, "stop"),
            (.juy, "5A A5 04 00 82 00 00 86", .request, "heartbeat"),
            (.dianchuan, "EE 09 01 00 00 00 00 00 00 00 08", .request, "states"),
            (
                .dianchuan, "66 13 01 00 00 00 00 00 00 0A 02 01 01 01 01 01 01 01 01 01 1B",
                .reply, "states"
            ),
            (.dianchuan, "EE 0C 05 30 30 30 30 30 30 0A 00 00 00 03", .report, "end"),
        ] as [(BusCodecName, String, LineReading.Direction, String)])
    func `of a codec says who said what`(
        codec: BusCodecName, bytes: String, direction: LineReading.Direction, name: String
    ) {
        let frames = LineProtocol.codec(codec).read(hex(bytes))
        #expect(frames.map(\.length) == [hex(bytes).count])
        let all = readings(frames)
        #expect(all.first?.first?.direction == direction && all.first?.first?.name == name)
    }

    @Test(
        arguments: [
            (.jbd, "DD A5 03 00 FF FC 77", [0xff, 0xfd]),
            (.juy, "5A A5 08 00 84 00 02 01 00 00 00 8E", [0x8f]),
            (.dianchuan, "EE 09 01 00 00 00 00 00 00 00 C7", [0x08]),
        ] as [(BusCodecName, String, [UInt8])])
    func `of a codec tells which check was expected`(
        codec: BusCodecName, bytes: String, check: [UInt8]
    ) {
        #expect(
            LineProtocol.codec(codec).read(hex(bytes)).map(\.kind)
                == [.damaged(.checksum, check: check)])
    }

    /// PZEM meters' reset; the same bytes with a code that nobody has are noise.
    @Test func `of Modbus knows a vendor's function by its CRC`() {
        let all = readings(LineProtocol.modbus.read(hex("01 42 80 11")))
        #expect(all.map { $0.map(\.direction) } == [[.request, .reply]])
        #expect(all.first?.first?.name == "0x42")
        let refused = ModbusRTU.frame([0xc2, 0x04], 1)
        #expect(readings(LineProtocol.modbus.read(refused)).first?.first?.refusal == 4)
        let nobody = ModbusRTU.frame([0x3f], 1)
        #expect(LineProtocol.modbus.read(nobody).map(\.kind) == [.noise])
    }

    @Test func `never traps, and accounts for every byte`() {
        var random = Xorshift(seed: 77)
        let kinds: [LineProtocol] = [
            .modbus, .lockboard8A, .wkly, .kerong, .dlt645, .codec(.jbd), .codec(.juy),
            .codec(.dianchuan),
        ]
        let heads: [[UInt8]] = [
            [], [0x8a], Array("WKLY".utf8), [2], [0x68], [0xdd], [0x5a, 0xa5], [0xee],
        ]
        for _ in 0..<150 {
            let bytes = heads[random.below(heads.count)] + random.bytes(random.below(60))
            for kind in kinds {
                let frames = kind.read(bytes)
                #expect(frames.reduce(0) { $0 + $1.length } == bytes.count)
                var place = 0
                for frame in frames {
                    #expect(frame.place == place && frame.length >= 1)
                    place += frame.length
                }
            }
        }
    }
}
