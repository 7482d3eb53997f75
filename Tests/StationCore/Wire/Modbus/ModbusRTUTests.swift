// Modbus on a serial line: the frames that were published, and what lines do to them.

import Testing

@testable import StationCore

private let modbus = BusLanguage.modbus(ModbusSettings())

/// One published exchange.
struct ModbusExchange: CustomTestStringConvertible, Sendable {
    let source: String
    let question: BusQuestion
    let unit: Int
    let request: String
    let reply: String
    let answer: BusAnswer

    init(
        _ source: String, _ question: BusQuestion, unit: Int = 1, _ request: String,
        _ reply: String, _ answer: BusAnswer
    ) {
        self.source = source
        self.question = question
        self.unit = unit
        self.request = request
        self.reply = reply
        self.answer = answer
    }

    var testDescription: String { source }

    static let all: [ModbusExchange] = [
        .init(
            "Modbus Application Protocol V1.1b3 §6.3", .read(.holding, address: 0x6b, count: 3),
            unit: 0x11, "11 03 00 6B 00 03 76 87", "11 03 06 02 2B 00 00 00 64 C8 BA",
            .registers([0x022b, 0, 0x64])),
        .init(
            "Modbus Application Protocol V1.1b3 §6.12",
            .write(
                .holding, address: 1, values: [0x0a, 0x0102]), unit: 0x11,
            "11 10 00 01 00 02 04 00 0A 01 02 C6 F0", "11 10 00 01 00 02 12 98", .done),
        .init(
            "Modbus Application Protocol V1.1b3 §6.16, mask write",
            .raw(bytes: hex("16 0004 00F2 0025"), replyCount: 7), unit: 0x11,
            "11 16 00 04 00 F2 00 25 66 E2", "11 16 00 04 00 F2 00 25 66 E2",
            .raw(hex("16 0004 00F2 0025"))),
        .init(
            "ESPHome pzemac.cpp, PZEM-004T v3 at 225.7 V",
            .read(.input, address: 0, count: 10), "01 04 00 00 00 0A 70 0D",
            "01 04 14 08 D1 00 6C 00 00 00 F4 00 00 00 26 00 00 01 F4 00 64 00 00 51 34",
            .registers([0x08d1, 0x6c, 0, 0xf4, 0, 0x26, 0, 0x1f4, 0x64, 0])),
        .init(
            "PZEM-004T v3 manual, reset energy", .raw(bytes: [0x42], replyCount: 1),
            "01 42 80 11", "01 42 80 11", .raw([0x42])),
        .init(
            "Eastron SDM120 protocol, voltage", .read(.input, address: 0, count: 2),
            "01 04 00 00 00 02 71 CB", "01 04 04 43 66 33 34 1B 38",
            .registers([0x4366, 0x3334])),
        .init(
            "XY-MD02 manual", .read(.input, address: 1, count: 2), "01 04 00 01 00 02 20 0B",
            "01 04 04 01 31 02 22 2A CE", .registers([0x0131, 0x0222])),
        .init(
            "XY-MD02 manual, below zero", .read(.input, address: 1, count: 2),
            "01 04 00 01 00 02 20 0B", "01 04 04 FF CE 01 90 AB 93",
            .registers([0xffce, 0x0190])),
        .init(
            "Waveshare Modbus RTU Relay, relay 1 on", .write(.coil, address: 0, values: [0xff00]),
            "01 05 00 00 FF 00 8C 3A", "01 05 00 00 FF 00 8C 3A", .done),
        .init(
            "Waveshare Modbus RTU Relay, relay 1 off", .write(.coil, address: 0, values: [0]),
            "01 05 00 00 00 00 CD CA", "01 05 00 00 00 00 CD CA", .done),
        .init(
            "Waveshare Modbus RTU Relay, flash on for 700 ms",
            .write(.coil, address: 0x200, values: [7]), "01 05 02 00 00 07 8D B0",
            "01 05 02 00 00 07 8D B0", .done),
        .init(
            "Waveshare Modbus RTU Relay, channel 2 for 800 ms",
            .write(.coil, address: 0x201, values: [8]), "01 05 02 01 00 08 9C 74",
            "01 05 02 01 00 08 9C 74", .done),
        .init(
            "Waveshare Modbus RTU Relay, all on", .write(.coil, address: 0xff, values: [0xff00]),
            "01 05 00 FF FF 00 BC 0A", "01 05 00 FF FF 00 BC 0A", .done),
        .init(
            "Waveshare Modbus RTU Relay, toggle", .write(.coil, address: 0, values: [0x5500]),
            "01 05 00 00 55 00 F2 9A", "01 05 00 00 55 00 F2 9A", .done),
        .init(
            "huynguyen2310/IO-Box, coils", .read(.coil, address: 0, count: 8),
            "01 01 00 00 00 08 3D CC", "01 01 01 41 91 B8",
            .bits([true, false, false, false, false, false, true, false])),
        .init(
            "wb-mqtt-serial's tests", .read(.holding, address: 0x272e, count: 1),
            "01 03 27 2E 00 01 EE B7", "01 03 02 11 78 B4 36", .registers([0x1178])),
        .init(
            "epics-modules/modbus #39, coils", .read(.coil, address: 0, count: 31),
            "01 01 00 00 00 1F 7D C2", "01 01 04 10 00 00 10 FE DD",
            .bits((0..<31).map { $0 == 4 || $0 == 28 })),
        .init(
            "epics-modules/modbus #39, inputs", .read(.discrete, address: 0, count: 6),
            "01 02 00 00 00 06 F8 08", "01 02 01 00 A1 88",
            .bits(Array(repeating: false, count: 6))),
    ]
}

@Suite struct `A Modbus line` {
    @Test(arguments: ModbusExchange.all)
    func `asks as was published, and understands the published answer`(
        exchange: ModbusExchange
    ) throws {
        let packet = try modbus.packet(for: exchange.question, to: exchange.unit)
        #expect(packet == hex(exchange.request))
        let heard = heard(
            hex(exchange.reply), modbus, after: exchange.question, at: exchange.unit)
        #expect(heard == BusHearing(answers: [exchange.answer]))
        let longest = modbus.longestReply(to: exchange.question)
        #expect(longest == hex(exchange.reply).count)
    }

    /// Requests whose answers were not published.
    @Test(
        arguments: [
            (
                .write(.coil, address: 0, values: Array(repeating: 0xff00, count: 8)), 1,
                "01 0F 00 00 00 08 01 FF BE D5"
            ),
            (.read(.holding, address: 0, count: 125), 1, "01 03 00 00 00 7D 85 EB"),
            (.read(.coil, address: 0x13, count: 0x13), 0x11, "11 01 00 13 00 13 8E 92"),
            (.read(.holding, address: 0x2000, count: 16), 1, "01 03 20 00 00 10 4F C6"),
            (.read(.holding, address: 0x4000, count: 2), 1, "01 03 40 00 00 02 D1 CB"),
            (.read(.coil, address: 0, count: 48), 1, "01 01 00 00 00 30 3C 1E"),
            // epics-modules/modbus, issue 39; wb-mqtt-serial's test of a wrong unit.
            (.read(.input, address: 0, count: 42), 1, "01 04 00 00 00 2A 71 D5"),
            (.read(.coil, address: 0, count: 1), 1, "01 01 00 00 00 01 FD CA"),
        ] as [(BusQuestion, Int, String)])
    func `asks as was published`(question: BusQuestion, unit: Int, request: String) throws {
        #expect(try modbus.packet(for: question, to: unit) == hex(request))
    }

    /// The specification's FC01 example: `CD 6B 05` of 19 coils.
    @Test func `reads bits that do not fill their bytes`() {
        let reply = hex("11 01 03 CD 6B 05 40 12")
        let question = BusQuestion.read(.coil, address: 0x13, count: 0x13)
        let bits = (0..<19).map { hex("CD 6B 05")[$0 / 8] >> UInt8($0 % 8) & 1 == 1 }
        #expect(heard(reply, modbus, after: question, at: 0x11).answers == [.bits(bits)])
    }

    /// §7 and libmodbus; `01 84 0B` from a gateway.
    @Test(
        arguments: [
            (.read(.holding, address: 0, count: 1), 0x11, "11 83 02 C1 34", 2),
            (.read(.input, address: 0, count: 10), 1, "01 84 0B 02 C7", 11),
        ] as [(BusQuestion, Int, String, Int)])
    func `hears a refusal by its code`(
        question: BusQuestion, unit: Int, reply: String, code: Int
    ) throws {
        let heard = heard(hex(reply), modbus, after: question, at: unit)
        #expect(heard == BusHearing(answers: [.refused(code: code)]))
        let exception = try #require(ModbusException(rawValue: UInt8(code)))
        #expect(exception.text(.chinese) != exception.text(.english))
    }

    /// wb-mqtt-serial's tests: another unit answers.
    @Test func `takes another unit's answer for foreign`() {
        let question = BusQuestion.read(.coil, address: 0, count: 1)
        #expect(
            heard(hex("02 01 01 01 90 0C"), modbus, after: question)
                == BusHearing(foreign: [6]))
        #expect(
            heard(hex("02 01 01 01 90 0C 01 01 01 01 90 48"), modbus, after: question)
                == BusHearing(answers: [.bits([true])], foreign: [6]))
    }

    /// epics-modules/modbus #39 (request and reply glued), wb-mqtt-serial (bytes behind the reply).
    @Test func `finds the answer behind its own request, and in front of noise`() {
        for exchange in ModbusExchange.all where exchange.request != exchange.reply {
            let glued = hex(exchange.request) + hex(exchange.reply)
            let heard = heard(glued, modbus, after: exchange.question, at: exchange.unit)
            #expect(heard.answers == [exchange.answer], "\(exchange.source)")
            #expect(heard.foreign == [hex(exchange.request).count])
            #expect(heard.noise == 0)
        }
        let question = BusQuestion.read(.holding, address: 0x272e, count: 1)
        let noisy = heard(hex("01 03 02 11 78 B4 36 B0 AA"), modbus, after: question)
        #expect(noisy.answers == [.registers([0x1178])])
    }

    @Test func `finds the answer in any noise, unless the noise is part of it`() {
        var random = Xorshift(seed: 4)
        for exchange in ModbusExchange.all {
            let reply = hex(exchange.reply)
            for _ in 0..<40 {
                let before = random.bytes(random.below(12))
                let heard = heard(
                    before + reply, modbus, after: exchange.question, at: exchange.unit)
                #expect(heard.answers == [exchange.answer], "\(exchange.source) \(before)")
            }
        }
    }

    @Test func `refuses every reply of which one bit is wrong`() {
        for exchange in ModbusExchange.all {
            let reply = hex(exchange.reply)
            for bit in 0..<8 * reply.count {
                var broken = reply
                broken[bit / 8] ^= 1 << (bit % 8)
                var listener = BusListener(
                    modbus, after: exchange.question, at: exchange.unit)
                listener.hear(broken)
                #expect(listener.heard.answers.isEmpty, "\(exchange.source) bit \(bit)")
            }
        }
    }

    @Test func `does not take an answer to another question`() {
        let question = BusQuestion.write(.coil, address: 1, values: [0xff00])
        let heard = heard(hex("01 05 00 00 FF 00 8C 3A"), modbus, after: question)
        #expect(heard == BusHearing(damages: [.content]))
        #expect(
            StationCoreTests.heard(
                hex("01 03 02 11 78 B4 36"), modbus,
                after: .read(.holding, address: 0, count: 2)
            ).answers.isEmpty)
    }

    @Test func `waits for no answer after telling all units`() throws {
        let question = BusQuestion.write(.holding, address: 0x4000, values: [1])
        #expect(try modbus.packet(for: question, to: 0).first == 0)
        #expect(modbus.reply(to: question, at: 0) == .none)
        #expect(modbus.reply(to: question, at: 1) == .wanted(withinMilliseconds: 0))
        #expect(heard(hex("00 84 04"), modbus, after: question, at: 0).answers.isEmpty)
        #expect(throws: BusQuestionFlaw.address(0)) {
            try modbus.packet(for: .read(.input, address: 0, count: 1), to: 0)
        }
    }

    /// pymodbus 3.16 answers a count of 126 with `01 80 01`, and other units' addresses.
    @Test func `is not taken in by a peer's nonsense`() {
        let question = BusQuestion.read(.input, address: 0, count: 2)
        #expect(heard(hex("01 80 01 80 00"), modbus, after: question).answers.isEmpty)
        #expect(heard(hex("02 84 04 B2 C3"), modbus, after: question).answers.isEmpty)
    }

    @Test func `keeps the protocol's limits`() throws {
        func flaw(_ question: BusQuestion, to address: Int = 1) -> BusQuestionFlaw? {
            do throws(BusQuestionFlaw) {
                let packet = try modbus.packet(for: question, to: address)
                #expect(packet.count <= ModbusRTU.longest)
                return nil
            } catch {
                #expect(error.text(.chinese) != error.text(.english))
                return error
            }
        }
        let words = [UInt16](repeating: 0, count: 124)
        let coils = [UInt16](repeating: 0xff00, count: 1_969)
        #expect(flaw(.read(.holding, address: 0, count: 125)) == nil)
        #expect(flaw(.read(.holding, address: 0, count: 126)) == .count(126, most: 125))
        #expect(flaw(.read(.input, address: 0, count: 0)) == .count(0, most: 125))
        #expect(flaw(.read(.coil, address: 0, count: 2_000)) == nil)
        #expect(flaw(.read(.discrete, address: 0, count: 2_001)) == .count(2_001, most: 2_000))
        #expect(flaw(.read(.input, address: 65_535, count: 1)) == nil)
        #expect(flaw(.read(.input, address: 65_535, count: 2)) != nil)
        #expect(flaw(.read(.input, address: -1, count: 1)) != nil)
        #expect(flaw(.write(.holding, address: 0, values: Array(words.dropLast()))) == nil)
        #expect(flaw(.write(.holding, address: 0, values: words)) == .count(124, most: 123))
        #expect(flaw(.write(.holding, address: 0, values: [])) == .count(0, most: 123))
        #expect(flaw(.write(.coil, address: 0, values: Array(coils.dropLast()))) == nil)
        #expect(flaw(.write(.coil, address: 0, values: coils)) == .count(1_969, most: 1_968))
        #expect(flaw(.write(.coil, address: 0, values: [0xff00, 0x5500])) != nil)
        #expect(flaw(.write(.input, address: 0, values: [1])) == .language)
        #expect(flaw(.write(.discrete, address: 0, values: [1])) == .language)
        #expect(flaw(.raw(bytes: [], replyCount: 1)) != nil)
        #expect(flaw(.raw(bytes: [0x84], replyCount: 1)) != nil)
        #expect(flaw(.raw(bytes: [0x42], replyCount: 254)) != nil)
        #expect(flaw(.raw(bytes: Array(repeating: 1, count: 254), replyCount: 1)) != nil)
        #expect(flaw(.frame(name: "open", fields: [])) == .language)
        #expect(flaw(.read(.input, address: 0, count: 1), to: 256) == .address(256))
        #expect(flaw(.read(.input, address: 0, count: 1), to: 248) == nil)
    }

    @Test func `never traps, whatever the line says`() {
        expectNeverTraps(
            modbus, ModbusExchange.all.map(\.question) + [nil],
            around: ModbusExchange.all.map { hex($0.reply) }, seed: 12)
    }
}
