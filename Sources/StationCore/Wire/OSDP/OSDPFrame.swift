// One OSDP frame: where everything stands in it.
//
//   [FF] 53 | address | length, low byte first | control | [security block] | code | data
//        | [MAC, 4 bytes] | CRC-16, low byte first, or checksum
//
// The length counts from 53 to the end. Control: bits 0-1 the sequence, bit 2 CRC instead of
// checksum, bit 3 a security block follows. A reply has bit 7 of the address set.

/// A frame's header, and where the rest of it stands, counted from its 0x53.
public struct OSDPFrame: Equatable, Sendable {
    /// In front of a frame, so that the line's first edges cost nothing that matters.
    public static let mark: UInt8 = 0xFF
    public static let startOfMessage: UInt8 = 0x53
    /// The address that every PD answers to.
    public static let broadcast: UInt8 = 0x7F
    static let replyFlag: UInt8 = 0x80
    static let headerCount = 5
    static let macCount = 4
    /// Header, code and checksum.
    static let shortest = headerCount + 2
    /// The longest frame that the standard allows; a longer one is a damaged length.
    public static let longest = 1_440

    /// 0 to 0x7E, or `broadcast`.
    public let address: UInt8
    public let isReply: Bool
    /// 0 after a restart, else 1, 2, 3, 1 ...
    public let sequence: UInt8
    public let check: OSDPCheck
    public let block: OSDPSecurityBlock?
    /// The command's or reply's code.
    public let code: UInt8
    /// Where the data behind the code stands; the MAC is not in it.
    public let payload: Range<Int>
    /// In bytes, mark not counted.
    public let count: Int

    /// Where the MAC begins, in a frame that has one.
    var macOffset: Int { payload.upperBound }

    /// Reads a frame that is exactly `bytes`, from its 0x53 to its check.
    ///
    /// - Throws: what is wrong with it; never for what it says.
    public init(_ bytes: Span<UInt8>) throws(OSDPFrameError) {
        guard bytes.count >= Self.shortest else { throw .tooShort(bytes.count) }
        guard bytes.count <= Self.longest else { throw .tooLong(bytes.count) }
        guard bytes[0] == Self.startOfMessage else { throw .startOfMessage(found: bytes[0]) }
        let stated = Int(bytes[2]) | Int(bytes[3]) << 8
        guard stated == bytes.count else { throw .length(stated: stated, found: bytes.count) }
        let control = bytes[4]
        let check: OSDPCheck = control & 4 == 0 ? .checksum : .crc16
        let end = bytes.count - check.count
        var found = UInt16(bytes[end])
        if check == .crc16 { found |= UInt16(bytes[end + 1]) << 8 }
        let expected = check.value(of: bytes.extracting(..<end))
        guard found == expected else {
            throw .check(check, expected: expected, found: found)
        }

        var place = Self.headerCount
        var block: OSDPSecurityBlock?
        if control & 8 != 0 {
            let length = Int(bytes[place])
            guard length >= 2, place + length < end else { throw .blockLength(length) }
            guard let kind = OSDPSecurityBlock.Kind(rawValue: bytes[place + 1]) else {
                throw .blockKind(bytes[place + 1])
            }
            block = OSDPSecurityBlock(kind, value: length > 2 ? bytes[place + 2] : nil)
            place += length
        }
        guard place < end else { throw .noCode }
        let mac = block?.kind.hasMAC == true ? Self.macCount : 0
        guard place + 1 + mac <= end else { throw .noMAC }
        address = bytes[1] & ~Self.replyFlag
        isReply = bytes[1] & Self.replyFlag != 0
        sequence = control & 3
        self.check = check
        self.block = block
        code = bytes[place]
        payload = place + 1..<end - mac
        count = bytes.count
    }
}

/// What is wrong with bytes that should be a frame.
public enum OSDPFrameError: Error, Equatable, Sendable {
    case tooShort(Int)
    case tooLong(Int)
    case startOfMessage(found: UInt8)
    case length(stated: Int, found: Int)
    case check(OSDPCheck, expected: UInt16, found: UInt16)
    case blockLength(Int)
    case blockKind(UInt8)
    case noCode
    case noMAC

    /// One sentence: what is wrong.
    public func text(_ language: Wording.Language) -> String {
        let (chinese, english) = texts
        return language == .chinese ? chinese : english
    }

    private var texts: (String, String) {
        switch self {
        case .tooShort(let count):
            (
                "只有\(count)个字节，一帧至少\(OSDPFrame.shortest)个",
                "\(count) bytes; a frame has at least \(OSDPFrame.shortest)"
            )
        case .tooLong(let count):
            (
                "有\(count)个字节，一帧最多\(OSDPFrame.longest)个",
                "\(count) bytes; a frame has at most \(OSDPFrame.longest)"
            )
        case .startOfMessage(let found):
            (
                "应以53开头，实为\(Hex.upper(UInt128(found), digits: 2))",
                "a frame begins with 53, this with \(Hex.upper(UInt128(found), digits: 2))"
            )
        case .length(let stated, let found):
            (
                "帧长写的是\(stated)，实为\(found)个字节",
                "the length says \(stated), there are \(found) bytes"
            )
        case .check(let check, let expected, let found):
            (
                "\(check == .crc16 ? "CRC" : "校验和")应为\(Self.hex(expected, check))，"
                    + "实为\(Self.hex(found, check))",
                "the \(check == .crc16 ? "CRC" : "checksum") is \(Self.hex(found, check)), "
                    + "it should be \(Self.hex(expected, check))"
            )
        case .blockLength(let length):
            ("安全块长度\(length)不对", "a security block of length \(length)")
        case .blockKind(let kind):
            (
                "没有\(Hex.upper(UInt128(kind), digits: 2))这种安全块",
                "no security block is of type \(Hex.upper(UInt128(kind), digits: 2))"
            )
        case .noCode: ("没有命令或应答码", "neither a command nor a reply in it")
        case .noMAC: ("加密帧里没有 MAC", "a secured frame without a MAC")
        }
    }

    /// As on the wire: low byte first.
    private static func hex(_ value: UInt16, _ check: OSDPCheck) -> String {
        switch check {
        case .crc16: Hex.upper(UInt128(value.byteSwapped), digits: 4)
        case .checksum: Hex.upper(UInt128(value), digits: 2)
        }
    }
}
