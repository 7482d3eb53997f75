// Who comes to a simulated station, and with which card in the pocket.

import EventLoop
public import StationCore

/// A person with a card. Those without a key are not on the roster.
public struct Resident: Sendable {
    /// The key on the roster, or empty.
    public var key: ShortText
    /// The card's number as the roster has it, in the card's own byte order.
    public var number: Number
    public var state: KeyState
    /// The first moment at which the key is valid no longer; `nil`: never ends.
    public var validTo: WallTime?
    /// Names of the doors that the key opens; `nil`: every door.
    public var doors: [String]?
    /// Whose it is, where that is known.
    public var holder = ShortText.empty
    /// The first moment at which the key is valid; `nil`: from ever.
    public var validFrom: WallTime?

    public init(
        key: ShortText, number: Number, state: KeyState = .active, validTo: WallTime? = nil,
        doors: [String]? = nil
    ) {
        self.key = key
        self.number = number
        self.state = state
        self.validTo = validTo
        self.doors = doors
    }

    /// The frame that a reader sends for this card, or `nil` when its format cannot carry it.
    ///
    /// A 26-bit reader sends the last three bytes of a longer UID; a 34-bit reader of a card known
    /// by three bytes sends four, the first one drawn by `filler`, as cards have it.
    public func frame(at reader: VirtualReader, filler: UInt8) -> (bits: UInt128, count: Int)? {
        frame(in: reader.formats, filler: filler)
    }

    /// The frame of the first of these formats that can carry the card.
    func frame(in formats: [WiegandFormat], filler: UInt8) -> (bits: UInt128, count: Int)? {
        for format in formats {
            if let bits = format.encode(number) { return (bits, format.bitCount) }
            guard number.layout == .bytes, format.layout == .bytes else { continue }
            let width = Self.payloadWidth(of: format)
            let payload: Number?
            if Int(number.width) > width {
                payload = number.low(width / 8)
            } else if width == 32, number.width == 24 {
                payload = Number(
                    layout: .bytes, width: 32, value: UInt128(filler) << 24 | number.value)
            } else {
                payload = nil
            }
            if let payload, let bits = format.encode(payload) { return (bits, format.bitCount) }
        }
        return nil
    }

    private static func payloadWidth(of format: WiegandFormat) -> Int {
        (format.facilityBits?.count ?? 0) + format.numberBits.count
    }

    /// Somebody with a card that no roster has.
    public static func stranger(chance: inout SplitMix64) -> Resident {
        Resident(
            key: .empty,
            number: Number(layout: .bytes, width: 32, value: UInt128(chance.next() >> 32)))
    }
}
