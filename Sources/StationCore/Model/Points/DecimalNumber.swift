// Numbers as meters show them: exact in tenths and thousandths, without a float's rounding.

/// `mantissa` × 10^-`places`. Scales, thresholds and readings are these, so 68 × 0.1 is 6.8 and
/// prints as 6.8.
///
/// As JSON it is text, "6.8", since a JSON number is a float to most readers.
public struct DecimalNumber: Sendable, Hashable {
    /// Digits behind the point, 0 to 9.
    public static let placesRange = 0...9

    public var mantissa: Int64
    public var places: UInt8

    public static let zero = DecimalNumber(0)
    public static let one = DecimalNumber(1)

    /// - Precondition: `places` is 0 to 9.
    public init(mantissa: Int64, places: Int) {
        precondition(Self.placesRange.contains(places), "a number of more than nine places")
        self.mantissa = mantissa
        self.places = UInt8(places)
    }

    public init(_ integer: Int64) { self.init(mantissa: integer, places: 0) }

    /// The nearest number of that many places; `nil` for what is no number, or too large.
    public init?(_ value: Double, places: Int) {
        guard Self.placesRange.contains(places), value.isFinite else { return nil }
        let scaled = (value * Double(Self.powers[places])).rounded()
        guard let mantissa = Int64(exactly: scaled) else { return nil }
        self.init(mantissa: mantissa, places: places)
    }

    /// `-12.50`: digits, a sign before them, a point between them; `nil` for anything else, for
    /// more than nine places, and for what does not fit. Whatever `description` says is read.
    public init?(_ text: some StringProtocol) {
        var mantissa: Int64 = 0
        var places = 0
        var (isEmpty, hasPoint) = (true, false)
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        for byte in text.utf8.dropFirst(isNegative ? 1 : 0) {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                isEmpty = false
                if hasPoint { places += 1 }
                let digit = Int64(byte - UInt8(ascii: "0"))
                // Below zero, where there is one number more.
                let (tens, isTooMany) = mantissa.multipliedReportingOverflow(by: 10)
                let (sum, isTooMuch) = tens.subtractingReportingOverflow(digit)
                guard !isTooMany, !isTooMuch, places <= Self.placesRange.upperBound else {
                    return nil
                }
                mantissa = sum
            case UInt8(ascii: "."):
                guard !hasPoint, !isEmpty else { return nil }
                hasPoint = true
            default: return nil
            }
        }
        guard !isEmpty, !hasPoint || places > 0, isNegative || mantissa > .min else { return nil }
        self.init(mantissa: isNegative ? mantissa : -mantissa, places: places)
    }

    /// 10^0 to 10^9.
    static let powers: [Int64] = (0...9).map { (0..<$0).reduce(1) { power, _ in power * 10 } }

    /// The same value with more places, or the nearest with fewer (halves away from zero); `nil`
    /// when it does not fit.
    public func rounded(to places: Int) -> DecimalNumber? {
        guard Self.placesRange.contains(places) else { return nil }
        let difference = places - Int(self.places)
        if difference >= 0 {
            let (product, overflows) = mantissa.multipliedReportingOverflow(
                by: Self.powers[difference])
            return overflows ? nil : DecimalNumber(mantissa: product, places: places)
        }
        let divisor = Self.powers[-difference]
        let (quotient, remainder) = mantissa.quotientAndRemainder(dividingBy: divisor)
        let isUp = remainder.magnitude >= UInt64(divisor - Int64(divisor / 2))
        let step: Int64 = isUp ? (mantissa < 0 ? -1 : 1) : 0
        return DecimalNumber(mantissa: quotient + step, places: places)
    }

    /// `nil` when it does not fit, or would have more than nine places.
    public func multiplied(by other: DecimalNumber) -> DecimalNumber? {
        let (product, overflows) = mantissa.multipliedReportingOverflow(by: other.mantissa)
        let places = Int(self.places) + Int(other.places)
        guard !overflows, Self.placesRange.contains(places) else { return nil }
        return DecimalNumber(mantissa: product, places: places)
    }

    /// `nil` when it does not fit.
    public func adding(_ other: DecimalNumber) -> DecimalNumber? {
        let places = max(self.places, other.places)
        guard let a = rounded(to: Int(places)), let b = other.rounded(to: Int(places)) else {
            return nil
        }
        let (sum, overflows) = a.mantissa.addingReportingOverflow(b.mantissa)
        return overflows ? nil : DecimalNumber(mantissa: sum, places: Int(places))
    }

    public var negated: DecimalNumber {
        DecimalNumber(mantissa: 0 &- mantissa, places: Int(places))
    }

    /// The number when nothing is behind its point; `nil` else.
    public var whole: Int64? {
        let (quotient, remainder) = mantissa.quotientAndRemainder(
            dividingBy: Self.powers[Int(places)])
        return remainder == 0 ? quotient : nil
    }

    /// For curves and for those who plot.
    public var approximation: Double { Double(mantissa) / Double(Self.powers[Int(places)]) }
}

extension DecimalNumber: Comparable {
    public static func < (a: Self, b: Self) -> Bool { a.compare(b) < 0 }
    public static func == (a: Self, b: Self) -> Bool { a.compare(b) == 0 }

    /// Equal values hash alike, whatever their places.
    public func hash(into hasher: inout Hasher) {
        var (mantissa, places) = (mantissa, places)
        while places > 0, mantissa % 10 == 0 { (mantissa, places) = (mantissa / 10, places - 1) }
        hasher.combine(mantissa)
        hasher.combine(places)
    }

    /// Below, at or above zero, as this is below, equal to or above the other. Never overflows.
    private func compare(_ other: Self) -> Int {
        let a = mantissa.multipliedFullWidth(by: Self.powers[Int(other.places)])
        let b = other.mantissa.multipliedFullWidth(by: Self.powers[Int(places)])
        if a.high != b.high { return a.high < b.high ? -1 : 1 }
        return a.low == b.low ? 0 : a.low < b.low ? -1 : 1
    }
}

extension DecimalNumber: CustomStringConvertible {
    /// `-0.05`, with all its places.
    public var description: String {
        let digits = String(mantissa.magnitude)
        let count = Int(places)
        let padded = String(repeating: "0", count: max(0, count + 1 - digits.count)) + digits
        let whole = padded.dropLast(count)
        return (mantissa < 0 ? "-" : "") + whole + (count > 0 ? "." + padded.suffix(count) : "")
    }
}

extension DecimalNumber: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Self(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\(text) is no decimal number")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
