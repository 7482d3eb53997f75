// Renderings of a credential that a roster can match: which bytes, in which order.

/// One way to read a number out of a credential.
///
/// A reader's profile lists at most `View.perReader` of them, tried in order. Slices are taken
/// after the byte order was applied, so `.reversedLow3` of the UID 56 30 F0 09 is F0 30 56, which
/// readers print as 240,12374. Raw values are stored in journals: never renumber.
public enum View: UInt8, Sendable, CaseIterable {
    /// All payload bits as received, parity taken off.
    case full = 1
    case low4 = 2
    case low3 = 3
    case first4 = 4
    case first3 = 5
    /// All payload bytes, last one first.
    case reversed = 6
    case reversedLow4 = 7
    case reversedLow3 = 8
    case reversedFirst4 = 9
    case reversedFirst3 = 10
    /// Every bit as on the wire, parity bits included.
    case raw = 11

    /// How many views one reader may try: each costs a digest of about 9,000 instructions.
    public static let perReader = 4

    /// The name in profiles, journals and pages.
    public var name: String {
        switch self {
        case .full: "full"
        case .low4: "low4"
        case .low3: "low3"
        case .first4: "first4"
        case .first3: "first3"
        case .reversed: "reversed"
        case .reversedLow4: "reversed-low4"
        case .reversedLow3: "reversed-low3"
        case .reversedFirst4: "reversed-first4"
        case .reversedFirst3: "reversed-first3"
        case .raw: "raw"
        }
    }

    public init?(name: some StringProtocol) {
        guard let view = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = view
    }
}
