// A command as a hub signs it: eight lines of text, with one way of writing each thing.
//
//   lines of UTF-8, each ended by LF; fields between tabs; docs/commands.md has the format whole
//
//   bytes ─► signature ─► lines ─► this station ─► judged by the core: seen before, time, boot

import Crypto

/// Whose commands a station takes.
public struct CommandIssuer: Sendable {
    private let key: Curve25519.Signing.PublicKey
    /// 32 bytes.
    public let publicKey: [UInt8]
    /// The first eight bytes of the public key's SHA-256: entries name a hub by it.
    public let id: UInt64

    /// - Returns: `nil` unless the key has 32 bytes.
    public init?(publicKey: [UInt8]) {
        guard publicKey.count == 32,
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
        else { return nil }
        self.key = key
        self.publicKey = publicKey
        id = SignedCommand.digest(of: publicKey)
    }

    func vouches(_ signature: [UInt8], for bytes: ArraySlice<UInt8>) -> Bool {
        key.isValidSignature(signature, for: bytes)
    }
}

/// One command, by somebody whom the station believes, for this station.
public struct SignedCommand: Equatable, Sendable {
    /// Longer than any command that says something.
    public static let limit = 4_096
    /// Words of a command, the subject included.
    static let fieldLimit = 8
    /// No command is good for longer, in seconds.
    public static let longestLife: Int64 = 86_400
    /// A hub's clock may be so far ahead of the station's, in seconds.
    public static let skew: Int64 = 300
    /// Neither year one nor the end of time: the year 9999.
    private static let lastSecond: UInt64 = 253_402_300_799
    static let heading = "stationd-command\t1"

    /// One run of the kernel, and how far into it.
    public struct Boot: Equatable, Sendable {
        /// The kernel's boot id.
        public var id: UInt128
        /// CLOCK_BOOTTIME in seconds: good until then.
        public var until: Int64

        public init(id: UInt128, until: Int64) {
            self.id = id
            self.until = until
        }
    }

    /// 1 to 23 of letters, digits, dot, underscore and hyphen.
    public var id: ShortText
    public var issued: WallTime
    public var expires: WallTime
    /// `nil`: good in any boot.
    public var boot: Boot?
    /// The subject and what is said of it.
    public var fields: [String]
    /// The first eight bytes of the SHA-256 of what was signed: tells two commands of one id apart.
    public var digest: UInt64
    /// The issuer's.
    public var issuer: UInt64

    /// Reads and checks one.
    ///
    /// - Parameters:
    ///   - bytes: what came, whatever it is.
    ///   - station: the station's id.
    ///   - issuer: `nil`: nobody's commands are taken.
    public init(
        _ bytes: [UInt8], for station: String, from issuer: CommandIssuer?
    ) throws(CommandRefusal) {
        var lines = try CommandLines(bytes)
        guard let issuer else { throw .noIssuer }
        guard issuer.vouches(lines.signature, for: lines.signed) else { throw .signature }
        let named = try lines.only("station")
        // What names no station of ours is cut to what fits a line.
        guard named == station else { throw .otherStation(String(named.prefix(64))) }
        let id = try lines.only("id")
        guard Self.isID(id), let id = ShortText(id) else { throw .line(lines.number) }
        self.id = id
        issued = try lines.time("issued", upTo: Self.lastSecond)
        expires = try lines.time("expires", upTo: Self.lastSecond)
        guard issued < expires else { throw .line(lines.number) }
        boot = try lines.boot()
        fields = try lines.fields("command", atMost: Self.fieldLimit)
        guard lines.isAtEnd else { throw .line(lines.number + 1) }
        digest = Self.digest(of: lines.signed)
        self.issuer = issuer.id
    }

    private static func isID(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }

    static func digest(of bytes: some Sequence<UInt8>) -> UInt64 {
        Crypto.SHA256.hash(data: Array(bytes)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// Lines and fields of a command, with the place of whatever cannot be read.
private struct CommandLines {
    /// What the signature is of: every line but the last.
    let signed: ArraySlice<UInt8>
    let signature: [UInt8]
    private var rest: ArraySlice<UInt8>
    /// The line that was read last, from 1.
    private(set) var number = 1

    private static let tab = UInt8(ascii: "\t")
    private static let newline = UInt8(ascii: "\n")

    init(_ bytes: [UInt8]) throws(CommandRefusal) {
        let heading = Array(SignedCommand.heading.utf8) + [Self.newline]
        // "signature", a tab, 128 digits and the end of the line.
        let tail = 9 + 1 + 128 + 1
        guard bytes.count <= SignedCommand.limit, bytes.count >= heading.count + tail,
            bytes.starts(with: heading)
        else { throw .notACommand }
        let end = bytes.count - tail
        let last = bytes[end...]
        guard bytes[end - 1] == Self.newline, last.starts(with: "signature\t".utf8),
            last.last == Self.newline,
            let signature = Hex.bytes(last.dropFirst(10).dropLast()), signature.count == 64,
            !last.contains(where: { (UInt8(ascii: "A")...UInt8(ascii: "F")).contains($0) })
        else { throw .notACommand }
        self.signature = signature
        signed = bytes[..<end]
        rest = signed.dropFirst(heading.count)
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// The fields behind a line's name: text without control characters, none of them empty.
    mutating func fields(_ name: String, atMost limit: Int) throws(CommandRefusal) -> [String] {
        number += 1
        guard let end = rest.firstIndex(of: Self.newline) else { throw .line(number) }
        let line = rest[..<end].split(separator: Self.tab, omittingEmptySubsequences: false)
        rest = rest[(end + 1)...]
        guard line.count > 1, line.count <= limit + 1, line[0].elementsEqual(name.utf8) else {
            throw .line(number)
        }
        var fields: [String] = []
        for bytes in line.dropFirst() {
            guard let text = String(validating: bytes, as: UTF8.self), !text.isEmpty,
                !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F })
            else { throw .line(number) }
            fields.append(text)
        }
        return fields
    }

    mutating func only(_ name: String) throws(CommandRefusal) -> String {
        try fields(name, atMost: 1)[0]
    }

    /// Seconds since 1970.
    mutating func time(_ name: String, upTo last: UInt64) throws(CommandRefusal) -> WallTime {
        let text = try only(name)
        guard let seconds = Self.number(text), seconds <= last else { throw .line(number) }
        return WallTime(seconds: Int64(seconds))
    }

    /// `-`, or a boot's id and the second of it.
    mutating func boot() throws(CommandRefusal) -> SignedCommand.Boot? {
        let fields = try fields("boot", atMost: 2)
        if fields == ["-"] { return nil }
        guard fields.count == 2, let id = MatchForm(hex: ArraySlice(fields[0].utf8)),
            let seconds = Self.number(fields[1]), seconds <= UInt64(UInt32.max)
        else { throw .line(number) }
        return SignedCommand.Boot(
            id: UInt128(id.high) << 64 | UInt128(id.low), until: Int64(seconds))
    }

    private static func number(_ text: String) -> UInt64? {
        RosterBundleLines.number(ArraySlice(text.utf8))
    }
}
