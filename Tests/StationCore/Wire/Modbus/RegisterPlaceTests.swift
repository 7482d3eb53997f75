// Registers as numbers: every form in every order, and what is no number.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A number in registers` {
    private func number(
        _ form: RegisterPlace.Form, _ order: String, _ words: [UInt16], bit: Int? = nil,
        bitCount: Int? = nil
    ) -> RawNumber {
        RegisterPlace(
            table: .holding, address: 0, form: form, order: order, bit: bit, bitCount: bitCount
        ).number(words[...])
    }

    @Test(
        arguments: [
            (.u16, "AB", [0x1234], 0x1234), (.u16, "BA", [0x1234], 0x3412),
            (.s16, "AB", [0xffce], -50), (.s16, "BA", [0xceff], -50),
            (.u32, "ABCD", [0x1234, 0x5678], 0x1234_5678),
            (.u32, "CDAB", [0x5678, 0x1234], 0x1234_5678),
            (.u32, "BADC", [0x3412, 0x7856], 0x1234_5678),
            (.u32, "DCBA", [0x7856, 0x3412], 0x1234_5678),
            (.s32, "ABCD", [0xffff, 0xfffe], -2), (.s32, "CDAB", [0xfffe, 0xffff], -2),
            (.u64, "ABCDEFGH", [0, 1, 2, 3], 0x1_0002_0003),
            (.u64, "GHEFCDAB", [3, 2, 1, 0], 0x1_0002_0003),
            (.u64, "BADCFEHG", [0, 0x0100, 0x0200, 0x0300], 0x1_0002_0003),
            (.u64, "HGFEDCBA", [0x0300, 0x0200, 0x0100, 0], 0x1_0002_0003),
            (.s64, "ABCDEFGH", [0xffff, 0xffff, 0xffff, 0xffff], -1),
            (.bcd16, "AB", [0x1234], 1_234), (.bcd32, "CDAB", [0x5678, 0x1234], 12_345_678),
        ] as [(RegisterPlace.Form, String, [UInt16], Int64)])
    func `is read in its form and order`(
        form: RegisterPlace.Form, order: String, words: [UInt16], expected: Int64
    ) {
        #expect(form.orders.contains(order))
        #expect(number(form, order, words) == .integer(expected))
    }

    /// Eastron's SDM120 says 230.2 V so.
    @Test func `may be a float`() {
        let volts = Double(Float(bitPattern: 0x4366_3334))
        #expect(number(.f32, "ABCD", [0x4366, 0x3334]) == .float(volts))
        #expect(number(.f32, "CDAB", [0x3334, 0x4366]) == .float(volts))
        #expect(
            number(.f64, "ABCDEFGH", [0x4005, 0xbf0a, 0x8b14, 0x5769])
                == .float(2.718281828459045))
    }

    @Test func `is absent when it is none, and too large when ours cannot be it`() {
        #expect(number(.f32, "ABCD", [0x7fc0, 0]) == .absent)
        #expect(number(.f32, "ABCD", [0x7f80, 0]) == .absent)
        #expect(number(.f64, "ABCDEFGH", [0xfff0, 0, 0, 0]) == .absent)
        #expect(number(.bcd16, "AB", [0x12a4]) == .absent)
        #expect(number(.u64, "ABCDEFGH", [0xffff, 0, 0, 0]) == .tooLarge)
    }

    @Test func `may be some bits of one`() {
        #expect(number(.u16, "AB", [0b1010_0000], bit: 5) == .integer(1))
        #expect(number(.u16, "AB", [0b1010_0000], bit: 6) == .integer(0))
        #expect(number(.u16, "AB", [0b1010_0000], bit: 5, bitCount: 3) == .integer(5))
        #expect(number(.u32, "CDAB", [0, 0x8000], bit: 31) == .integer(1))
        #expect(number(.u16, "AB", [0xffff], bit: 99) == .integer(0))
    }

    @Test func `never traps, whatever its profile says`() {
        var random = Xorshift(seed: 8)
        for _ in 0..<300 {
            let words = (0..<4).map { _ in UInt16(truncatingIfNeeded: random.next()) }
            for form in [RegisterPlace.Form.u16, .s32, .f32, .u64, .f64, .bcd32, .s64] {
                let order = ["", "AB", "ZZZZ", "AAAABBBB", "DCBA", "éé"][random.below(6)]
                let place = RegisterPlace(table: .input, address: 0, form: form, order: order)
                _ = place.number(words[..<place.width])
            }
        }
    }
}

@Suite struct `A point of a Modbus device` {
    private let now = Instant(nanoseconds: 5)
    private let asked = BusQuestion.read(.input, address: 0, count: 10)
    private let answer = BusAnswer.registers([0x08d1, 0x6c, 0, 0xf4, 0, 0x26, 0, 0x1f4, 0x64, 0])

    private func point(
        _ place: RegisterPlace, scale: String = "1", places: Int = 0, bad: [Int64] = []
    ) throws -> PointSettings {
        PointSettings(
            name: "p", kind: .level, source: .register(at: place),
            scale: try #require(DecimalNumber(scale)), places: places, bad: bad)
    }

    /// The PZEM-004T's reply of ESPHome's pzemac.cpp: low words first.
    @Test func `is found in an answer that carries it`() throws {
        let voltage = try point(.init(table: .input, address: 0), scale: "0.1", places: 1)
        #expect(
            voltage.reading(in: answer, to: asked, at: now)
                == PointReading(value: DecimalNumber("225.7"), quality: .good, at: now))
        #expect(voltage.number(in: answer, to: asked) == DecimalNumber(2_257))
        let power = try point(
            .init(table: .input, address: 3, form: .u32, order: "CDAB"), scale: "0.1", places: 1)
        #expect(
            power.reading(in: answer, to: asked, at: now)?.value == DecimalNumber("24.4"))
    }

    @Test func `is not found in other answers`() throws {
        let holding = try point(.init(table: .holding, address: 0))
        #expect(holding.reading(in: answer, to: asked, at: now) == nil)
        let beyond = try point(.init(table: .input, address: 9, form: .u32, order: "ABCD"))
        #expect(beyond.reading(in: answer, to: asked, at: now) == nil)
        let first = try point(.init(table: .input, address: 0))
        for other in [BusAnswer.done, .refused(code: 2), .number(5), .raw([4]), .registers([])] {
            #expect(first.reading(in: other, to: asked, at: now) == nil)
            #expect(first.number(in: other, to: asked) == nil)
        }
        let item = BusQuestion.item(MeterItem(identifier: "0", bytes: 4))
        #expect(first.reading(in: answer, to: item, at: now) == nil)
    }

    @Test func `of a sentinel or of no number is absent, never 0`() throws {
        let sentinel = try point(.init(table: .input, address: 1), bad: [0x6c])
        #expect(sentinel.reading(in: answer, to: asked, at: now)?.quality == .absent)
        #expect(sentinel.reading(in: answer, to: asked, at: now)?.value == nil)
        let float = try point(.init(table: .input, address: 0, form: .f32, order: "ABCD"))
        let nothing = BusAnswer.registers([0x7fc0, 0])
        let question = BusQuestion.read(.input, address: 0, count: 2)
        #expect(float.reading(in: nothing, to: question, at: now)?.quality == .absent)
        #expect(float.number(in: nothing, to: question) == nil)
    }

    @Test(
        arguments: [
            ("1", 1, "230.2"), ("1000", 1, "230200.0"), ("0.001", 4, "0.2302"),
            ("0.000000001", 9, "0.000000230"),
        ])
    func `that is a float keeps its digits under any scale`(
        scale: String, places: Int, expected: String
    ) throws {
        let float = try point(
            .init(table: .input, address: 0, form: .f32, order: "ABCD"), scale: scale,
            places: places)
        let reading = float.reading(
            in: .registers([0x4366, 0x3334]), to: .read(.input, address: 0, count: 2), at: now)
        #expect(reading?.value == DecimalNumber(expected))
    }

    @Test func `of a coil is one bit`() throws {
        let coil = try point(.init(table: .coil, address: 12))
        let question = BusQuestion.read(.coil, address: 10, count: 3)
        #expect(coil.number(in: .bits([false, false, true]), to: question) == DecimalNumber(1))
        #expect(coil.number(in: .bits([false, false]), to: question) == nil)
    }
}
