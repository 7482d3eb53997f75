// A signed roster as a hub sends it: whole, or what has changed since the one before.
//
//   lines of UTF-8, each ended by LF; fields between tabs; docs/roster.md has the format whole
//
//   bytes ─► signature ─► this station, key, version, base ─► rows ─► a roster's file, or a refusal
//
// Nothing is believed before the signature was checked, and nothing is half applied: what comes out
// is a whole new file.

import Crypto

/// Whose bundles a station takes.
public struct RosterIssuer: Sendable {
    private let key: Curve25519.Signing.PublicKey
    /// 32 bytes.
    public let publicKey: [UInt8]
    /// The first eight bytes of the public key's SHA-256: a roster remembers whose it is.
    public let id: UInt64

    /// - Returns: `nil` unless the key has 32 bytes.
    public init?(publicKey: [UInt8]) {
        guard publicKey.count == 32,
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
        else { return nil }
        self.key = key
        self.publicKey = publicKey
        let digest = Crypto.SHA256.hash(data: publicKey)
        id = digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// An issuer's id as text: sixteen hexadecimal digits.
    public static func text(_ id: UInt64) -> String { Hex.lower(UInt128(id), digits: 16) }

    func vouches(_ signature: [UInt8], for bytes: ArraySlice<UInt8>) -> Bool {
        key.isValidSignature(signature, for: bytes)
    }
}

/// Why a bundle is not taken. Nothing has changed then.
public enum RosterBundleRefusal: Error, Equatable, Sendable {
    /// No bundle, or of another format.
    case notABundle
    /// The station trusts no issuer.
    case noIssuer
    /// The issuer did not sign this.
    case signature
    /// For another station.
    case otherStation(String)
    /// Made with a station key that is not here.
    case unknownEpoch(String)
    /// Made with another key of that name.
    case otherKey(String)
    /// Not newer than what was in force once.
    case rollback(version: UInt64, newest: UInt64)
    /// It changes another roster than the one in force.
    case otherBase(UInt64, present: UInt64)
    /// A line that cannot be read, from 1.
    case line(Int)
    /// One card on keys of different holders.
    case collision([ShortText])
    /// No key would be left: everybody would be locked out.
    case noKeys
    /// More than a roster holds.
    case tooMany(limit: Int)

    /// A stable word.
    public var word: String {
        switch self {
        case .notABundle: "notABundle"
        case .noIssuer: "noIssuer"
        case .signature: "signature"
        case .otherStation: "otherStation"
        case .unknownEpoch: "unknownEpoch"
        case .otherKey: "otherKey"
        case .rollback: "rollback"
        case .otherBase: "otherBase"
        case .line: "line"
        case .collision: "collision"
        case .noKeys: "noKeys"
        case .tooMany: "tooMany"
        }
    }
}

/// A bundle's claims, before its rows.
public struct RosterBundle: Equatable, Sendable {
    public var station: String
    public var epoch: ShortText
    /// The station key's check, as `StationKey.check`.
    public var check: MatchForm
    public var version: UInt64
    /// The version that it changes; 0: it is a whole roster.
    public var base: UInt64

    static let heading = "stationd-roster\t1"

    /// What a bundle is judged by.
    public struct Circumstances: Sendable {
        public var station: String
        public var issuer: RosterIssuer?
        /// Station keys that are here; of one the roster in force was made.
        public var keys: [StationKey]
        public var present: Roster?
        /// The newest version that was ever in force.
        public var newest: UInt64

        public init(
            station: String, issuer: RosterIssuer?, keys: [StationKey], present: Roster?,
            newest: UInt64
        ) {
            self.station = station
            self.issuer = issuer
            self.keys = keys
            self.present = present
            self.newest = newest
        }
    }

    /// Judges a bundle, and makes the roster's file of it.
    ///
    /// - Complexity: O(n log n) of all keys, those that stay included: for a thread beside the
    /// loop.
    public static func file(
        _ bytes: [UInt8], in circumstances: Circumstances
    ) throws(RosterBundleRefusal) -> [UInt8] {
        try judged(bytes, in: circumstances).file
    }

    /// The same, and the keys that it takes off.
    public static func judged(
        _ bytes: [UInt8], in circumstances: Circumstances
    ) throws(RosterBundleRefusal) -> (file: [UInt8], removed: [ShortText]) {
        var lines = try RosterBundleLines(bytes)
        guard let issuer = circumstances.issuer else { throw .noIssuer }
        guard issuer.vouches(lines.signature, for: lines.signed) else { throw .signature }
        let bundle = try RosterBundle(&lines)
        try bundle.judge(circumstances, issuer)
        var rows = RosterBundleRows(
            RosterBuilder(
                epoch: bundle.epoch, check: bundle.check, version: bundle.version,
                issuer: issuer.id))
        try rows.read(&lines, isWhole: bundle.base == 0)
        let removed = rows.removed
        return (try rows.file(on: bundle.base == 0 ? nil : circumstances.present), removed)
    }

    /// A version can always be counted on, and is a number in JSON (RFC 8259 section 6).
    static let newestVersion: UInt64 = 1 << 53 - 1

    private func judge(
        _ circumstances: Circumstances, _ issuer: RosterIssuer
    ) throws(RosterBundleRefusal) {
        guard station == circumstances.station else { throw .otherStation(station) }
        let named = circumstances.keys.filter { $0.epoch == epoch }
        guard !named.isEmpty else { throw .unknownEpoch("\(epoch)") }
        guard named.contains(where: { $0.check == check }) else { throw .otherKey("\(epoch)") }
        guard version > circumstances.newest else {
            throw .rollback(version: version, newest: circumstances.newest)
        }
        guard base != 0 else { return }
        let present = circumstances.present
        guard let present, present.version == base, present.issuer == issuer.id,
            present.epoch == epoch, present.check == check
        else { throw .otherBase(base, present: present?.version ?? 0) }
    }

    /// The five lines behind the heading.
    private init(_ lines: inout RosterBundleLines) throws(RosterBundleRefusal) {
        station = String(decoding: try lines.only("station"), as: UTF8.self)
        let epoch = ShortText(String(decoding: try lines.only("epoch"), as: UTF8.self))
        guard let epoch, !epoch.isEmpty else { throw .line(lines.number) }
        self.epoch = epoch
        guard let check = MatchForm(hex: try lines.only("check")) else { throw .line(lines.number) }
        self.check = check
        version = try lines.onlyNumber("version")
        base = try lines.onlyNumber("base")
        guard (1...Self.newestVersion).contains(version), base < version else {
            throw .line(lines.number)
        }
    }
}

/// Lines and fields of a bundle, with the place of whatever cannot be read.
struct RosterBundleLines {
    /// Longer than any line that says something: a set of rights with many names.
    static let longestLine = 1 << 20

    /// What the signature is of: every line but the last.
    let signed: ArraySlice<UInt8>
    let signature: [UInt8]
    private var rest: ArraySlice<UInt8>
    /// The line that was read last, from 1.
    private(set) var number = 1

    private enum Byte {
        static let tab: UInt8 = 0x09
        static let newline: UInt8 = 0x0a
    }

    init(_ bytes: [UInt8]) throws(RosterBundleRefusal) {
        let heading = Array(RosterBundle.heading.utf8) + [Byte.newline]
        // "signature", a tab, 128 digits and the end of the line.
        let tail = 9 + 1 + 128 + 1
        guard bytes.count >= heading.count + tail, bytes.starts(with: heading) else {
            throw .notABundle
        }
        let end = bytes.count - tail
        let last = bytes[end...]
        guard bytes[end - 1] == Byte.newline, last.starts(with: "signature\t".utf8),
            last.last == Byte.newline, let signature = Hex.bytes(last.dropFirst(10).dropLast()),
            signature.count == 64
        else { throw .notABundle }
        self.signature = signature
        signed = bytes[..<end]
        rest = signed.dropFirst(heading.count)
    }

    /// The next line's fields; `nil`: that was the last.
    mutating func next() throws(RosterBundleRefusal) -> [ArraySlice<UInt8>]? {
        guard !rest.isEmpty else { return nil }
        number += 1
        guard let end = rest.prefix(Self.longestLine).firstIndex(of: Byte.newline) else {
            throw .line(number)
        }
        let fields = rest[..<end].split(separator: Byte.tab, omittingEmptySubsequences: false)
        rest = rest[(end + 1)...]
        return fields
    }

    /// The one field of a line of that name.
    mutating func only(_ name: String) throws(RosterBundleRefusal) -> ArraySlice<UInt8> {
        guard let fields = try next(), fields.count == 2, fields[0].elementsEqual(name.utf8) else {
            throw .line(number)
        }
        return fields[1]
    }

    mutating func onlyNumber(_ name: String) throws(RosterBundleRefusal) -> UInt64 {
        guard let value = Self.number(try only(name)) else { throw .line(number) }
        return value
    }

    /// Digits without a leading zero.
    static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
        guard let first = digits.first, digits.count <= 20, first != 0x30 || digits.count == 1
        else { return nil }
        var value: UInt64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            let (tens, isOver) = value.multipliedReportingOverflow(by: 10)
            let (sum, isAbove) = tens.addingReportingOverflow(UInt64(digit - 0x30))
            guard !isOver, !isAbove else { return nil }
            value = sum
        }
        return value
    }
}

extension MatchForm {
    /// From 32 lower-case hexadecimal digits.
    init?(hex digits: ArraySlice<UInt8>) {
        guard digits.count == 32 else { return nil }
        var words: (UInt64, UInt64) = (0, 0)
        for (place, digit) in digits.enumerated() {
            guard let value = Hex.value(of: digit), !(0x41...0x46).contains(digit) else {
                return nil
            }
            if place < 16 {
                words.0 = words.0 << 4 | UInt64(value)
            } else {
                words.1 = words.1 << 4 | UInt64(value)
            }
        }
        self.init(high: words.0, low: words.1)
    }
}
