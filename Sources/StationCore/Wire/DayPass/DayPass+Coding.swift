// A day pass as bytes and as text, both ways.

extension DayPass {
    /// In front of every text; the digit is the version.
    static let prefix = "DP"
    static let version = UInt8(ascii: "1")
    static let signatureLength = 64
    /// Everything but the scope's id.
    static let fixedLength = 4 + 1 + 4 + 4 + 1 + 8 + signatureLength
    /// Characters of the longest text.
    public static let longestText = 3 + ((fixedLength + ShortText.capacity) * 8 + 4) / 5

    private static let districtMark: UInt8 = 0x80

    /// What is signed: nothing else that a key ever signs begins like this.
    var signedBytes: [UInt8] { Array("stationd day pass 1".utf8) + [0] + body }

    /// Everything before the signature.
    var body: [UInt8] {
        let id = scope.id.withBytes { Array($0) }
        let mark: UInt8 =
            switch scope {
            case .station: 0
            case .district: Self.districtMark
            }
        return issuer.bytes + [mark | UInt8(id.count)] + id
            + Self.bytes(UInt64(validFrom.seconds), 4) + Self.bytes(UInt64(validTo.seconds), 4)
            + [quota] + Self.bytes(nonce, 8)
    }

    func text(signature: [UInt8]) -> String {
        Self.prefix + String(UnicodeScalar(Self.version)) + Base32.encode(body + signature)
    }

    static func bytes(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    }
}

/// A pass as it was read, with a signature that nobody has checked yet.
public struct SignedDayPass: Hashable, Sendable {
    /// What it claims.
    public let claim: DayPass
    /// 64 bytes.
    public let signature: [UInt8]

    public init(claim: DayPass, signature: [UInt8]) {
        self.claim = claim
        self.signature = signature
    }

    /// The text for a QR code.
    public var text: String { claim.text(signature: signature) }

    /// Reads a text; spaces and line ends around it do not matter, nor do small letters.
    public static func parse(
        _ text: some StringProtocol
    ) throws(DayPassRefusal) -> SignedDayPass {
        // Room for spaces around it.
        guard text.utf8.count <= 2 * DayPass.longestText else {
            throw .tooLong(limit: DayPass.longestText)
        }
        return try parse(bytes: Array(text.utf8))
    }

    /// Reads what a scanner typed.
    public static func parse(_ text: KeyedText) throws(DayPassRefusal) -> SignedDayPass {
        try parse(bytes: text.withBytes { Array($0) })
    }

    private static func parse(bytes: [UInt8]) throws(DayPassRefusal) -> SignedDayPass {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
        var text = bytes[...]
        while let first = text.first, isSpace(first) { text.removeFirst() }
        while let last = text.last, isSpace(last) { text.removeLast() }
        let prefix = text.prefix(2).map { $0 & ~0x20 }
        guard prefix == Array(DayPass.prefix.utf8), text.count > 2 else { throw .notAPass }
        let version = text[text.startIndex + 2]
        guard version == DayPass.version else {
            guard (0x30...0x39).contains(version) else { throw .notAPass }
            throw .version(found: Int(version - 0x30))
        }
        guard text.count <= DayPass.longestText else {
            throw .tooLong(limit: DayPass.longestText)
        }
        let content: [UInt8]
        do {
            content = try Base32.decode(text.dropFirst(3))
        } catch {
            switch error {
            case .character(let place): throw .character(at: place + 4)
            case .ending: throw .cutShort
            }
        }
        return try SignedDayPass(content)
    }

    private init(_ content: [UInt8]) throws(DayPassRefusal) {
        guard content.count > 4 else { throw .cutShort }
        let mark = content[4]
        let length = Int(mark & 0x7f)
        guard (1...ShortText.capacity).contains(length) else { throw .content }
        let total = DayPass.fixedLength + length
        guard content.count >= total else { throw .cutShort }
        guard content.count == total else { throw .content }
        func number(_ start: Int, _ count: Int) -> UInt64 {
            content[start..<start + count].reduce(0) { $0 << 8 | UInt64($1) }
        }
        guard let id = ShortText(String(decoding: content[5..<5 + length], as: UTF8.self)) else {
            throw .content
        }
        let rest = 5 + length
        let pass = DayPass(
            issuer: DayPassIssuer.ID(bits: UInt32(truncatingIfNeeded: number(0, 4))),
            scope: mark & 0x80 == 0 ? .station(id) : .district(id),
            validFrom: WallTime(seconds: Int64(number(rest, 4))),
            validTo: WallTime(seconds: Int64(number(rest + 4, 4))),
            quota: content[rest + 8], nonce: number(rest + 9, 8))
        guard let pass else { throw .content }
        self.init(claim: pass, signature: Array(content[(rest + 17)...]))
    }
}
