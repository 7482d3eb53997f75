// The two bytes at the end of every answer to an APDU: done, or why not.

/// SW1 and SW2 (ISO/IEC 7816-4; PC/SC part 3, 3.2.2.1.3, for GET UID).
public struct StatusWord: Hashable, Sendable {
    public let value: UInt16

    public init(_ value: UInt16) { self.value = value }

    /// The last two bytes of an answer; `nil` when there are not as many.
    public init?(endOf answer: UnsafeRawBufferPointer) {
        guard answer.count >= 2 else { return nil }
        value = UInt16(answer[answer.count - 2]) << 8 | UInt16(answer[answer.count - 1])
    }

    public static let done = StatusWord(0x9000)
    /// The UID is shorter than was asked for; it is whole.
    public static let endReached = StatusWord(0x6282)
    /// The operation failed; for GET UID: no card, or it did not answer.
    public static let failed = StatusWord(0x6300)
    /// The reader cannot do this for this card.
    public static let notSupported = StatusWord(0x6a81)

    /// 6Cxx: the right length to ask for; `nil` for every other word.
    public var rightLength: UInt8? { value >> 8 == 0x6c ? UInt8(value & 0xff) : nil }

    /// Its name, as the standards word it; `nil` for words without one.
    public var name: String? {
        switch value {
        case 0x9000: "done"
        case 0x9001, 0x9002, 0x9003: "done, LED state \(value & 3)"
        case 0x6282: "end of data before Le bytes"
        case 0x6300: "operation failed"
        case 0x6581: "memory failure"
        case 0x6700: "wrong length"
        case 0x6800: "class byte not supported"
        case 0x6981: "command incompatible"
        case 0x6982: "security status not satisfied"
        case 0x6985, 0x6986: "command not allowed"
        case 0x6a81: "function not supported"
        case 0x6a82: "not found"
        case 0x6b00: "wrong parameters P1-P2"
        case 0x6d00: "instruction not supported"
        case 0x6e00: "class not supported"
        case 0x6f00: "no precise diagnosis"
        case 0x91af: "DESFire: more frames follow"
        case 0x9100: "DESFire: done"
        default:
            switch value >> 8 {
            case 0x61: "\(value & 0xff) more bytes"
            case 0x6c: "wrong length, \(value & 0xff) is right"
            case 0x91: "DESFire status"
            default: nil
            }
        }
    }
}
