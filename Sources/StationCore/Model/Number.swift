// A card's number as a roster knows it: what a view yields and what a printed form says.

/// How a number is laid out. Part of every match form: never renumber, only add.
public enum NumberLayout: UInt8, Sendable, CaseIterable {
    /// Whole bytes in the card's own order: a UID, an EM4100 id, the payload of Wiegand 26 or 34,
    /// or a slice of them. A facility of one or two bytes is the bytes before the number.
    case bytes = 1
    /// HID H10302: 35 bits, one number, no facility.
    case h10302 = 2
    /// HID H10304: facility 16 bits, number 19 bits.
    case h10304 = 3
    /// HID Corporate 1000, 35 bits: facility 12 bits, number 20 bits.
    case corporate1000 = 4
    /// Bits that nobody named, parity included.
    case bits = 5
    /// HID D10202: facility 7 bits, number 24 bits.
    case d10202 = 6
    /// HID Corporate 1000, 48 bits: facility 22 bits, number 23 bits.
    case corporate1000Long = 7
}

/// Layout, width and value: the same for every reader that can tell it from the same card.
public struct Number: Hashable, Sendable {
    public let layout: NumberLayout
    /// In bits, 1 to 128.
    public let width: UInt8
    /// Below 2 to the power of `width`.
    public let value: UInt128

    /// - Precondition: `width` is 1 to 128 and `value` fits it.
    public init(layout: NumberLayout, width: Int, value: UInt128) {
        precondition((1...128).contains(width), "a number has 1 to 128 bits")
        precondition(width == 128 || value >> UInt128(width) == 0, "a number wider than it says")
        self.layout = layout
        self.width = UInt8(width)
        self.value = value
    }

    /// The same bytes, last one first.
    /// - Returns: `nil` unless the number is whole bytes.
    public var reversed: Number? {
        guard layout == .bytes, width % 8 == 0 else { return nil }
        return Number(
            layout: .bytes, width: Int(width), value: value.byteSwapped >> UInt128(128 - width))
    }

    /// The last `count` bytes, or `nil` when there are not as many.
    public func low(_ count: Int) -> Number? {
        guard layout == .bytes, width % 8 == 0, count >= 1, Int(width) >= 8 * count
        else { return nil }
        let mask = count == 16 ? UInt128.max : (1 << UInt128(8 * count)) - 1
        return Number(layout: .bytes, width: 8 * count, value: value & mask)
    }

    /// The first `count` bytes, or `nil` when there are not as many.
    public func first(_ count: Int) -> Number? {
        guard layout == .bytes, width % 8 == 0, count >= 1, Int(width) >= 8 * count
        else { return nil }
        let value = value >> UInt128(Int(width) - 8 * count)
        return Number(layout: .bytes, width: 8 * count, value: value)
    }

    /// The bytes of a number of whole bytes, first to last; allocates.
    var bytes: [UInt8] {
        (0..<Int(width) / 8).reversed().map {
            UInt8(truncatingIfNeeded: value >> UInt128(8 * $0))
        }
    }
}
