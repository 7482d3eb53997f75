// Frames that other people's libraries make: pymodbus 3.16.1, minimalmodbus 2.1.1 and dlt645 3.2.0
// of PyPI were asked once, with random values, for what is written here.

import Testing

@testable import StationCore

@Suite struct `A bus beside its peers` {
    static let exchanges: [ModbusExchange] = [
        .init(
            "coils", .read(.coil, address: 27_191, count: 6), unit: 17, "11 01 6A 37 00 06 12 8E",
            "11 01 01 2F 14 94", .bits([true, true, true, true, false, true])),
        .init(
            "inputs", .read(.discrete, address: 48_533, count: 4), unit: 247,
            "F7 02 BD 95 00 04 59 1F", "F7 02 01 0C 92 05", .bits([false, false, true, true])),
        .init(
            "holding registers", .read(.holding, address: 1_184, count: 7), unit: 17,
            "11 03 04 A0 00 07 07 8A", "11 03 0E D6 70 BB 7C C0 B2 04 A5 E7 D8 17 EC 5C A1 6E DD",
            .registers([0xd670, 0xbb7c, 0xc0b2, 0x4a5, 0xe7d8, 0x17ec, 0x5ca1])),
        .init(
            "input registers", .read(.input, address: 40_496, count: 3), "01 04 9E 30 00 03 9F EC",
            "01 04 06 E3 C1 40 DE 43 B5 CE 6C", .registers([0xe3c1, 0x40de, 0x43b5])),
        .init(
            "one coil", .write(.coil, address: 9_253, values: [0xff00]), unit: 247,
            "F7 05 24 25 FF 00 83 97", "F7 05 24 25 FF 00 83 97", .done),
        .init(
            "one register", .write(.holding, address: 2_400, values: [56_751]), unit: 17,
            "11 06 09 60 DD AF 91 F4", "11 06 09 60 DD AF 91 F4", .done),
        .init(
            "coils, written",
            .write(
                .coil, address: 116,
                values: [0, 0xff00, 0, 0, 0, 0xff00, 0, 0, 0, 0, 0xff00]),
            "01 0F 00 74 00 0B 02 22 04 F7 13", "01 0F 00 74 00 0B 54 16", .done),
        .init(
            "registers, written", .write(.holding, address: 116, values: [27_453, 28_243, 21_739]),
            "01 10 00 74 00 03 06 6B 3D 6E 53 54 EB 52 16", "01 10 00 74 00 03 C0 12", .done),
        .init(
            "write and read",
            .raw(bytes: hex("17 0003 0006 000E 0003 06 00FF 00FF 00FF"), replyCount: 14), unit: 17,
            "11 17 00 03 00 06 00 0E 00 03 06 00 FF 00 FF 00 FF 4B 54",
            "11 17 0C 00 FE 0A CD 00 01 00 03 00 0D 00 FF 0D 75",
            .raw(hex("17 0C 00FE 0ACD 0001 0003 000D 00FF"))),
    ]

    @Test(arguments: exchanges)
    func `asks and understands as pymodbus does`(exchange: ModbusExchange) throws {
        let modbus = BusLanguage.modbus(ModbusSettings())
        #expect(
            try modbus.packet(for: exchange.question, to: exchange.unit) == hex(exchange.request))
        let heard = heard(hex(exchange.reply), modbus, after: exchange.question, at: exchange.unit)
        #expect(heard == BusHearing(answers: [exchange.answer]))
        let unit = ModbusUnit(address: UInt8(exchange.unit))
        let asked = hex(exchange.request)
        guard case .request(let request, false, asked.count) = unit.hear(asked.span) else {
            Issue.record("a unit does not hear it")
            return
        }
        if case .raw = exchange.answer { return }
        #expect(unit.frame(exchange.answer, to: request) == hex(exchange.reply))
    }

    /// Its byte orders are "big", "little", "big swapped", "little swapped".
    @Test(
        arguments: [
            (.f32, ["43663333", "33336643", "66433333", "33334366"], .float(Double(Float(230.2)))),
            (
                .f64,
                [
                    "406cc66666666666", "6666666666c66c40", "6c4066c666666666", "66666666c666406c",
                ], .float(230.2)
            ),
            (.s32, ["f8a432eb", "eb32a4f8", "a4f8eb32", "32ebf8a4"], .integer(-123_456_789)),
            (
                .s64,
                [
                    "fffffee08e04fb35", "35fb048ee0feffff", "ffffe0fe048e35fb", "fb358e04fee0ffff",
                ], .integer(-1_234_567_890_123)
            ),
        ] as [(RegisterPlace.Form, [String], RawNumber)])
    func `reads numbers in every order that minimalmodbus writes`(
        form: RegisterPlace.Form, written: [String], number: RawNumber
    ) {
        let orders = [form.orders[0], form.orders[3], form.orders[2], form.orders[1]]
        for (text, order) in zip(written, orders) {
            let bytes = hex(text)
            let words = stride(from: 0, to: bytes.count, by: 2).map {
                UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
            }
            let place = RegisterPlace(table: .input, address: 0, form: form, order: order)
            #expect(place.number(words[...]) == number, "\(order)")
        }
    }

    @Test(
        arguments: [
            ("00010000", 4, false, "08 33 33 34 33 59 B3 55 44 DC", .number(11_228_026)),
            ("02010100", 2, false, "06 33 34 34 35 34 55 C1", .number(2_201)),
            ("02020100", 3, true, "07 33 34 35 35 67 54 B3 A8", .number(-2_134)),
        ] as [(String, Int, Bool, String, BusAnswer)])
    func `understands a meter as the package dlt645 speaks`(
        identifier: String, bytes: Int, isSigned: Bool, tail: String, answer: BusAnswer
    ) throws {
        let item = MeterItem(identifier: identifier, bytes: bytes, isSigned: isSigned)
        let reply = hex("FE FE FE FE 68 01 00 00 00 00 00 68 91" + tail + "16")
        #expect(
            heard(reply, .dlt645, after: .item(item)) == BusHearing(answers: [answer]))
        #expect(DLT645.bytes(of: answer, to: item, at: 1) == Array(reply.dropFirst(4)))
        let refusal = hex("FE FE FE FE 68 01 00 00 00 00 00 68 D1 01 35 D8 16")
        #expect(heard(refusal, .dlt645, after: .item(item)).answers == [.refused(code: 2)])
    }
}
