// The Wiegand formats that a reader can be pinned to: bit counts, fields, parities, as a table.
//
// Index 0 is the first bit on the wire. Sources: HID Tech Tip 5 (H10301), proxmark3's
// client/src/wiegand_formats.c (all the others), Promag WEC200 appendix B (34 bits).

/// One way to arrange bits on D0/D1. A reader's profile names the ones it may send.
public struct WiegandFormat: Hashable, Sendable {
    enum Kind: UInt8 {
        case h10301
        case h10306
        case d10202
        case corporate1000
        case h10302
        case h10304
        case corporate1000Long
        case raw
    }

    /// The bit counts that a format without parity may have. Shorter bursts are keys or noise.
    public static let rawCounts = 16...Credential.bitCapacity

    let kind: Kind
    /// How many bits a frame has, parity included.
    public let bitCount: Int

    /// 26 bits: facility 8, number 16. "WG26", printed 3+5 digits.
    public static let h10301 = Self(kind: .h10301, bitCount: 26)
    /// 34 bits: facility 16, number 16, or four plain bytes. "WG34", printed 5+5 digits.
    public static let h10306 = Self(kind: .h10306, bitCount: 34)
    /// 33 bits: facility 7, number 24.
    public static let d10202 = Self(kind: .d10202, bitCount: 33)
    /// 35 bits: company 12, number 20, three interleaved parities.
    public static let corporate1000 = Self(kind: .corporate1000, bitCount: 35)
    /// 37 bits: number 35, no facility.
    public static let h10302 = Self(kind: .h10302, bitCount: 37)
    /// 37 bits: facility 16, number 19.
    public static let h10304 = Self(kind: .h10304, bitCount: 37)
    /// 48 bits: company 22, number 23, three interleaved parities.
    public static let corporate1000Long = Self(kind: .corporate1000Long, bitCount: 48)
    /// 32 bits without parity: four plain bytes.
    public static let raw32 = Self(kind: .raw, bitCount: 32)

    /// Bits without parity or fields; whole bytes when `bitCount` is a multiple of eight.
    /// - Returns: `nil` outside `rawCounts`.
    public static func raw(_ bitCount: Int) -> Self? {
        rawCounts.contains(bitCount) ? Self(kind: .raw, bitCount: bitCount) : nil
    }

    /// The formats that have a name of their own; `raw` has as many more as there are counts.
    public static let named: [Self] = [
        .h10301, .h10306, .d10202, .corporate1000, .h10302, .h10304, .corporate1000Long,
    ]

    private init(kind: Kind, bitCount: Int) {
        self.kind = kind
        self.bitCount = bitCount
    }

    /// The name in profiles: the count, then the layout: `26-h10301`, `32-raw`.
    public var name: String {
        switch kind {
        case .h10301: "26-h10301"
        case .h10306: "34-h10306"
        case .d10202: "33-d10202"
        case .corporate1000: "35-corporate1000"
        case .h10302: "37-h10302"
        case .h10304: "37-h10304"
        case .corporate1000Long: "48-corporate1000"
        case .raw: "\(bitCount)-raw"
        }
    }

    /// The format of that name; `raw-40` is understood as `40-raw`.
    public init?(name: some StringProtocol) {
        if let format = Self.named.first(where: { $0.name == name }) {
            self = format
            return
        }
        let count: Int?
        if name.hasPrefix("raw-") {
            count = Int(name.dropFirst(4))
        } else if name.hasSuffix("-raw") {
            count = Int(name.dropLast(4))
        } else {
            count = nil
        }
        guard let count, let format = Self.raw(count), name.utf8.allSatisfy({ $0 != 0x2B })
        else { return nil }
        self = format
    }
}

extension WiegandFormat: CustomStringConvertible {
    public var description: String { name }
}
