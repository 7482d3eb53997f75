// Exact decimals, and what a raw number of a device means.

import EventLoop
import StationCore
import Testing

@Suite struct `A decimal number` {
    private func number(_ text: String) -> DecimalNumber? { DecimalNumber(text) }

    @Test(arguments: ["0", "-0.05", "6.80", "225.7", "123456789.123456789", "-1"])
    func `is read as it is written`(text: String) {
        #expect(number(text)?.description == text)
    }

    @Test(arguments: [Int64.min, .max, 1_152_921_504_606_846_975, -1_000_000_000_000_000_000])
    func `is read back whatever it is`(mantissa: Int64) {
        for places in [0, 9] {
            let value = DecimalNumber(mantissa: mantissa, places: places)
            #expect(number(value.description)?.mantissa == mantissa)
        }
    }

    @Test(
        arguments: [
            "", "-", ".5", "5.", "1.2.3", "1e3", "+1", " 1", "0x10", "1.0000000001",
            "9223372036854775808", "-9223372036854775809", "99999999999999999999",
        ])
    func `is nothing else`(text: String) {
        #expect(number(text) == nil)
    }

    /// Home Assistant said 7 (issue 137666).
    @Test func `is exact in tenths`() throws {
        let scale = try #require(number("0.1"))
        #expect(DecimalNumber(68).multiplied(by: scale)?.description == "6.8")
        #expect(DecimalNumber(2_257).multiplied(by: scale)?.description == "225.7")
    }

    @Test func `is rounded to the nearest, halves away from zero`() throws {
        for (text, rounded) in [
            ("2.5", "3"), ("-2.5", "-3"), ("2.49", "2"), ("0.5", "1"), ("-0.4", "0"), ("7", "7"),
        ] {
            #expect(number(text)?.rounded(to: 0)?.description == rounded)
        }
        #expect(number("6.8")?.rounded(to: 3)?.description == "6.800")
        #expect(DecimalNumber(.max).rounded(to: 1) == nil)
    }

    @Test func `is compared by its value, whatever its places`() throws {
        let (a, b) = (try #require(number("6.8")), try #require(number("6.800")))
        #expect(a == b && a.hashValue == b.hashValue)
        #expect(try #require(number("-0.1")) < .zero)
        #expect(DecimalNumber(.max) > DecimalNumber(mantissa: .max, places: 9))
        #expect(DecimalNumber(.min) < DecimalNumber(mantissa: .max, places: 9))
    }

    @Test func `does not wrap around`() {
        #expect(DecimalNumber(.max).multiplied(by: DecimalNumber(2)) == nil)
        #expect(DecimalNumber(.max).adding(.one) == nil)
        #expect(DecimalNumber(.max).adding(DecimalNumber(mantissa: 1, places: 1)) == nil)
    }

    @Test func `is made of a float, or not at all`() {
        #expect(DecimalNumber(230.2, places: 1)?.description == "230.2")
        #expect(DecimalNumber(-0.04, places: 1)?.description == "0.0")
        for none in [Double.nan, .infinity, 1e300] {
            #expect(DecimalNumber(none, places: 1) == nil)
        }
    }
}

@Suite struct `A raw number` {
    private let now = Instant(nanoseconds: 7)

    private func point(
        states: [String] = [], lowest: String? = nil, highest: String? = nil
    ) -> PointSettings {
        PointSettings(
            name: "point", kind: states.isEmpty ? .level : .state, source: .line(terminal: 0),
            scale: DecimalNumber(mantissa: 1, places: 1), places: 1,
            lowest: lowest.flatMap { DecimalNumber($0) },
            highest: highest.flatMap { DecimalNumber($0) }, bad: [0x7FFF], states: states,
            meanings: [StateMeaning(raw: 0, state: 0), StateMeaning(raw: 0xFFFF, state: 1)])
    }

    private var state: PointSettings { point(states: ["ok", "alarm"]) }

    @Test func `is scaled and said with its places`() {
        let reading = point().reading(of: 2_257, at: now)
        #expect(reading.value?.description == "225.7" && reading.quality == .good)
        #expect(reading.at == now)
    }

    @Test func `that stands for no value has none, and is not 0`() {
        #expect(
            point().reading(of: 0x7FFF, at: now)
                == PointReading(value: nil, quality: .absent, at: now))
    }

    @Test func `beyond the range has no value`() {
        let point = point(lowest: "80", highest: "260")
        #expect(point.reading(of: 0, at: now).quality == .outOfRange)
        #expect(point.reading(of: 0, at: now).value == nil)
        #expect(point.reading(of: 800, at: now).quality == .good)
        #expect(point.reading(of: .max, at: now).quality == .outOfRange)
    }

    @Test func `of a state is one of its states, or none`() {
        #expect(state.reading(of: 0xFFFF, at: now).value == DecimalNumber(1))
        #expect(state.reading(of: 5, at: now).quality == .outOfRange)
    }

    @Test func `that comes as a float means the same`() {
        let alarm = DecimalNumber(mantissa: 655_350, places: 1)
        #expect(state.reading(of: alarm, at: now).value == DecimalNumber(1))
        let half = DecimalNumber(mantissa: 5, places: 1)
        #expect(state.reading(of: half, at: now).quality == .outOfRange)
        #expect(point().reading(of: DecimalNumber(0x7FFF), at: now).quality == .absent)
    }

    @Test func `goes through a curve`() {
        var point = point()
        point.scale = .one
        // 1 + 2x + 3x²
        point.curve = [1, 2, 3].map { DecimalNumber($0) }
        #expect(point.reading(of: 2, at: now).value?.description == "17.0")
    }
}
