// How 125 kHz readers write an id on a serial line. Every frame that is understood is named here.
//
//   rdm6300   02 | 30 31 30 30 30 37 33 34 45 30 | 44 32 | 03        ten digits, their checksum
//   id12      02 | ten digits | checksum | 0D 0A | 03                the same with a line's end
//   em18      ten digits | checksum                                  nothing around it
//   parallax  0A | ten digits | 0D                                   no checksum
//   7941      02 | 0A | 02 | 2E 00 B6 D7 B5 | F2 | 03                bytes: length, type, id, BCC

/// A reader's way of framing. Its profile states it: a station never guesses.
///
/// Digits are hexadecimal, upper case; a checksum is the exclusive or of the bytes that it covers.
public enum EM4100Framing: UInt8, Sendable, CaseIterable {
    /// RDM6300, RDM630 and their copies, 9600 baud. Source: Seeed's page of the module.
    case rdm6300 = 1
    /// ID-12, ID-20 (Innovations), 9600 baud: CR and LF before the ETX.
    case id12 = 2
    /// EM-18 and plain modules, 9600 baud: twelve digits and nothing else. Silence separates them.
    case em18 = 3
    /// Parallax 28140, 2400 baud. Nothing guards its digits, so noise may change one.
    case parallax = 4
    /// Gwiot 7941 and its copies, 9600 baud: bytes instead of digits, other cards as well.
    case gwiot7941 = 5

    /// The name in profiles and on the command line.
    public var name: String {
        switch self {
        case .rdm6300: "rdm6300"
        case .id12: "id12"
        case .em18: "em18"
        case .parallax: "parallax"
        case .gwiot7941: "7941"
        }
    }

    public init?(name: some StringProtocol) {
        guard let framing = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = framing
    }

    /// The line's speed, unless the reader was set to another.
    public var baud: Int { self == .parallax ? 2_400 : 9_600 }

    /// What stands around the digits, `nil` for a frame of bytes.
    var text: TextLayout? {
        switch self {
        case .rdm6300: TextLayout(start: 0x02, digits: 12, hasLineEnd: false, end: 0x03)
        case .id12: TextLayout(start: 0x02, digits: 12, hasLineEnd: true, end: 0x03)
        case .em18: TextLayout(start: nil, digits: 12, hasLineEnd: false, end: nil)
        case .parallax: TextLayout(start: 0x0a, digits: 10, hasLineEnd: false, end: 0x0d)
        case .gwiot7941: nil
        }
    }

    /// A frame of digits.
    struct TextLayout: Sendable {
        let start: UInt8?
        /// Twelve when the last two are a checksum.
        let digits: Int
        /// CR and LF behind the digits.
        let hasLineEnd: Bool
        let end: UInt8?

        var hasChecksum: Bool { digits == 12 }
        var prefix: Int { start == nil ? 0 : 1 }
        var tail: Int { (hasLineEnd ? 2 : 0) + (end == nil ? 0 : 1) }
        var length: Int { prefix + digits + tail }

        /// The byte at a place behind the digits.
        func tail(_ index: Int) -> UInt8 {
            guard hasLineEnd, index < 2 else { return end ?? 0 }
            return index == 0 ? 0x0d : 0x0a
        }
    }
}
