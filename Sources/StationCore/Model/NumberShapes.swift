// Which kinds of numbers a key has, and which a reader can yield: no match without a common one.

/// Layouts and widths of numbers, one bit each. Raw values are stored in roster files: never
/// renumber. Empty: nobody wrote it down.
public struct NumberShapes: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Whole bytes, three of them: what is printed as 2H+4H or 6H8D, and Wiegand 26.
    public static let bytes3 = NumberShapes(rawValue: 1)
    /// Four: 8H10D, 4H+4H, a short UID, Wiegand 34.
    public static let bytes4 = NumberShapes(rawValue: 2)
    /// Five: a whole EM4100 id.
    public static let bytes5 = NumberShapes(rawValue: 4)
    /// Any other count: long UIDs.
    public static let bytesMore = NumberShapes(rawValue: 8)
    /// HID layouts of 37 bits.
    public static let hid37 = NumberShapes(rawValue: 16)
    /// HID Corporate 1000 of 35 or 48 bits.
    public static let corporate = NumberShapes(rawValue: 32)
    public static let d10202 = NumberShapes(rawValue: 64)
    /// Bits that nobody named.
    public static let bits = NumberShapes(rawValue: 128)

    public init(of number: Number) {
        switch number.layout {
        case .bytes:
            switch number.width {
            case 24: self = .bytes3
            case 32: self = .bytes4
            case 40: self = .bytes5
            default: self = .bytesMore
            }
        case .h10302, .h10304: self = .hid37
        case .corporate1000, .corporate1000Long: self = .corporate
        case .d10202: self = .d10202
        case .bits: self = .bits
        }
    }
}
