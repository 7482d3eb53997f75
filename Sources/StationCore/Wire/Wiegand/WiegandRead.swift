// What came of a burst of pulses.

/// A burst's meaning. Exactly one per burst.
public enum WiegandRead: Equatable, Sendable {
    /// A pinned count with right parity: all bits as received, and the format that fits them.
    case credential(Credential, WiegandFormat)
    /// A key of the reader's keypad.
    case key(KeypadKey)
    /// Pulses that were no credential, why, and how many bits. The bits themselves are gone.
    case diagnosed(ReadDiagnosis, bits: Int)
}

/// A key of a reader's keypad; the raw value is its code on the wire.
public enum KeypadKey: UInt8, Sendable, CaseIterable {
    case zero = 0
    case one = 1
    case two = 2
    case three = 3
    case four = 4
    case five = 5
    case six = 6
    case seven = 7
    case eight = 8
    case nine = 9
    /// `*`, "escape" on some keypads.
    case star = 10
    /// `#`, "enter" on some keypads.
    case hash = 11

    /// The bit counts of a key: four bits, or its complement and then itself.
    static let shortBurst = 4
    static let longBurst = 8

    /// The key of a burst, or `nil` when it is none: a code above 11, or halves that do not
    /// complement each other.
    init?(burst bits: UInt128, count: Int) {
        let low = UInt8(truncatingIfNeeded: bits & 15)
        switch count {
        case Self.shortBurst:
            self.init(rawValue: low)
        case Self.longBurst:
            guard UInt8(truncatingIfNeeded: bits >> 4) == ~low & 15 else { return nil }
            self.init(rawValue: low)
        default:
            return nil
        }
    }
}
