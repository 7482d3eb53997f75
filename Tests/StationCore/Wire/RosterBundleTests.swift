// Bundles as a hub signs them: two that others made, what is refused, and what comes out.

import Crypto
import Testing

@testable import StationCore

/// Made by Python's `cryptography` 48 and `hmac`, and signed alike by `openssl pkeyutl -sign
/// -rawin` (3.0.19). The signing key is that of RFC 8032, 7.1, test 1; the station key is 32 bytes
/// of 7.
enum BundleSample {
    static let publicKey = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    static let secret = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"

    static let whole = """
        stationd-roster\t1
        station\tlodge
        epoch\t2026-1
        check\t00c19acfc7149a61fddfeb66cef0606c
        version\t41
        base\t0
        right\t0\t*\t-\t*\t-\t-
        right\t1\tgate room\tslow\twater\tday\tentry 4/d; water 3/d 2000mL/d
        key\tk-0001\trider-001\t1\t-\t-\tactive\trider\tuid\t2\t08aa2cbc956127f9671a7b6b1eab6099
        key\tk-0004\trider-004\t0\t1767196800\t1798732800\tactive\trider\tuid\t2\t\
        4e3f67e5866adc6fa4e74dc9d3bcc24c 47067a0c01d3a37efc4c01ab6b8602e5
        key\tk-0101\tmaster-01\t0\t-\t-\tactive\tmaster\tuid\t2\t1eed1aba5bf928cb9ec54010a04dddaf
        signature\teac3badd1f404ec20af62b62ed9bbacd680b83f5de7ab1e7c833c36f65f3571e\
        6159f26da38037c12eb0fbebb5d94581700aee8905d2aa0e9ceb6150ad4b9005

        """
    static let delta = """
        stationd-roster\t1
        station\tlodge
        epoch\t2026-1
        check\t00c19acfc7149a61fddfeb66cef0606c
        version\t42
        base\t41
        right\t0\t*\t-\t*\t-\t-
        key\tk-0004\trider-004\t0\t-\t-\tlost\trider\tuid\t2\t4e3f67e5866adc6fa4e74dc9d3bcc24c
        key\tk-0005\trider-005\t0\t-\t-\tactive\trider\tuid\t2\t9b244086b980a293fffa8893842b2ef1
        remove\tk-0001
        signature\t0050560040d58468db6abfa5a8347108235b07f7b2c4e85deef64b23292b4dc3\
        569a54296df82dfc93a6c53a7c3f356b7b3e5cdd9680d2bafe3cdcea84572503

        """

    static let key = testKey("2026-1")
    static let station = RosterPlaces(
        doors: ["gate", "room"], services: ["water"], hours: ["day"])

    static var issuer: RosterIssuer {
        RosterIssuer(publicKey: Hex.bytes(publicKey.utf8) ?? [])!
    }

    static func circumstances(
        _ present: Roster? = nil, newest: UInt64 = 0
    ) -> RosterBundle.Circumstances {
        RosterBundle.Circumstances(
            station: "lodge", issuer: issuer, keys: [key], present: present, newest: newest)
    }

    /// Lines with a right signature under them.
    static func signed(_ lines: String) -> [UInt8] {
        let body = Array(lines.utf8)
        guard let secret = Hex.bytes(secret.utf8),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: secret),
            let signature = try? key.signature(for: body)
        else { return [] }
        return body + Array("signature\t\(Hex.lower(Array(signature)))\n".utf8)
    }

    /// A sample without its signature.
    static func body(_ sample: String) -> String {
        String(sample[..<(sample.firstRange(of: "signature\t")?.lowerBound ?? sample.endIndex)])
    }

    static func roster(_ file: [UInt8]) throws -> Roster {
        try RosterFile.decode(file, for: station)
    }
}

@Suite struct `A signed roster` {
    private typealias Sample = BundleSample

    private func first() throws -> Roster {
        try Sample.roster(
            RosterBundle.file(Array(Sample.whole.utf8), in: Sample.circumstances()))
    }

    private func refusal(
        _ bytes: [UInt8], _ circumstances: RosterBundle.Circumstances = Sample.circumstances()
    ) -> RosterBundleRefusal? {
        do throws(RosterBundleRefusal) {
            _ = try RosterBundle.file(bytes, in: circumstances)
            return nil
        } catch {
            return error
        }
    }

    @Test func `that others made is read as it says`() throws {
        let roster = try first()
        #expect(roster.version == 41 && roster.count == 3 && roster.formCount == 4)
        #expect(roster.isMade(with: Sample.key))
        #expect(RosterIssuer.text(roster.issuer) == "21fe31dfa154a261")
        let number = Number(layout: .bytes, width: 32, value: 9_030_510)
        let key = try #require(roster.find(Sample.key.matchForm(of: number)))
        #expect(key.id == ShortText("k-0004") && key.holder == ShortText("rider-004"))
        #expect(key.validFrom == WallTime(seconds: 1_767_196_800) && key.doors == .all)
        #expect(roster.key(ShortText("k-0101")!)?.role == .master)
        let place = try #require(roster.place(of: ShortText("k-0001")!))
        let rights = roster.namedRights[roster.rightsPlace(at: place)]
        #expect(rights.isSlow && rights.doors == .named(["gate", "room"]))
        #expect(rights.terms.services == .named(["water"]) && rights.terms.hours == "day")
        #expect(QuotaText.text(rights.terms.quotas) == "entry 4/d; water 3/d 2000mL/d")
        #expect(roster.shapes(at: place) == .bytes4)
    }

    @Test func `that changes another is laid over it, and is what a whole one would be`() throws {
        let changed = try RosterBundle.file(
            Array(Sample.delta.utf8), in: Sample.circumstances(try first(), newest: 41))
        let roster = try Sample.roster(changed)
        #expect(roster.version == 42 && roster.count == 3)
        #expect(roster.key(ShortText("k-0001")!) == nil)
        #expect(roster.key(ShortText("k-0004")!)?.state == .lost)
        // Its second number went with its row.
        let number = Number(layout: .bytes, width: 32, value: 9_030_511)
        #expect(roster.find(Sample.key.matchForm(of: number)) == nil)
        let kept = Sample.body(Sample.whole).split(separator: "\n").filter { $0.contains("k-0101") }
        var lines = Sample.body(Sample.delta).split(separator: "\n").filter {
            !$0.hasPrefix("remove")
        }
        lines[5] = "base\t0"
        lines += kept
        let whole = try RosterBundle.file(
            Sample.signed(lines.joined(separator: "\n") + "\n"), in: Sample.circumstances())
        #expect(whole == changed)
    }

    @Test func `is refused for each reason by its own word`() throws {
        let roster = try first()
        let whole = Array(Sample.whole.utf8)
        var other = Sample.circumstances()
        other.station = "inn"
        #expect(refusal(whole, other) == .otherStation("lodge"))
        other = Sample.circumstances()
        other.keys = [testKey("2025-1")]
        #expect(refusal(whole, other) == .unknownEpoch("2026-1"))
        other.keys = [testKey("2026-1", filler: 8)]
        #expect(refusal(whole, other) == .otherKey("2026-1"))
        other = Sample.circumstances()
        other.issuer = nil
        #expect(refusal(whole, other) == .noIssuer)
        other.issuer = RosterIssuer(publicKey: [UInt8](repeating: 9, count: 32))
        #expect(refusal(whole, other) == .signature)
        #expect(
            refusal(whole, Sample.circumstances(roster, newest: 41))
                == .rollback(version: 41, newest: 41))
        #expect(
            refusal(whole, Sample.circumstances(newest: 99)) == .rollback(version: 41, newest: 99))
        let delta = Array(Sample.delta.utf8)
        #expect(refusal(delta) == .otherBase(41, present: 0))
        // A roster of a CSV file is nobody's base, whatever its version.
        let local = try Sample.roster(
            RosterBuilder(key: Sample.key, version: 41).build(with: "k-1"))
        #expect(
            refusal(delta, Sample.circumstances(local, newest: 41))
                == .otherBase(41, present: 41))
        #expect(refusal(delta, Sample.circumstances(roster, newest: 41)) == nil)
        #expect(refusal([]) == .notABundle)
        #expect(refusal(Array("key,holder\n".utf8)) == .notABundle)
    }

    @Test func `with one byte changed anywhere is refused`() {
        let whole = Array(Sample.whole.utf8)
        for index in whole.indices {
            var damaged = whole
            damaged[index] ^= 1
            #expect(refusal(damaged) != nil)
            #expect(refusal(Array(whole[..<index])) == .notABundle || index > whole.count - 1)
        }
        #expect(refusal(whole + [0x0a]) == .notABundle)
    }

    @Test(arguments: [
        ("version\t41", "version\t041"), ("version\t41", "version\t0"), ("base\t0", "base\t41"),
        ("base\t0\n", ""), ("check\t00c1", "check\t00C1"), ("epoch\t2026-1", "epoch\t"),
        ("right\t1\tgate room", "right\t2\tgate room"), ("gate room", "room gate"),
        ("gate room", "gate  room"), ("\tslow\t", "\tquick\t"), ("\tday\t", "\t\t"),
        ("water 3/d 2000mL/d", "water 2000mL/d 3/d"), ("water 3/d 2000mL/d", "water 2L/d 3/d"),
        ("entry 4/d", "entry 0/d"), ("k-0001\trider-001\t1", "k-0001\trider-001\t2"),
        ("key\tk-0001", "key\t"), ("rider-001", "rider-的"), ("\tactive\tmaster", "\talive\tmaster"),
        ("master\tuid", "mister\tuid"), ("uid\t2\t08aa", "pin\t2\t08aa"),
        ("uid\t2\t08aa", "uid\t256\t08aa"), ("uid\t2\t08aa", "uid\t2\t08aA"),
        ("08aa2cbc956127f9671a7b6b1eab6099", "08aa"), ("08aa2cbc956127f9671a7b6b1eab6099", ""),
        ("k-0101", "k-0001"), ("1767196800\t1798732800", "1798732800\t1767196800"),
        ("1767196800\t", "0\t"), ("1798732800", "4294967296"), ("key\tk-0101", "lock\tk-0101"),
        ("version\t41", "version\t9007199254740992"), ("gate room", "gate Room"),
        ("gate room", "gate ro\u{301}om"), ("\tday\t", "\td\u{1b}y\t"), ("k-0101", "uid:1000"),
        ("master-01", "uid:1000"), ("key\tk-0101", "remove\tk-0101\nkey\tk-0102"),
        ("\tmaster-01\t0\t", "\tmaster-01\t0"),
    ])
    func `that says something in another way is refused with its line`(
        old: String, new: String
    ) throws {
        let body = Sample.body(Sample.whole)
        #expect(body.contains(old))
        guard case .line(let line) = refusal(Sample.signed(body.replacing(old, with: new))) else {
            Issue.record("taken, or refused for another reason: \(new)")
            return
        }
        #expect((2...12).contains(line))
    }

    @Test func `of cards that are two holders', or of nobody, is refused`() {
        let body = Sample.body(Sample.whole)
        let twice = body.replacing(
            "1eed1aba5bf928cb9ec54010a04dddaf", with: "08aa2cbc956127f9671a7b6b1eab6099")
        #expect(
            refusal(Sample.signed(twice))
                == .collision([ShortText("k-0001")!, ShortText("k-0101")!]))
        // One holder's as well: which key is kept would depend on what was there before.
        let shared = twice.replacing("master-01", with: "rider-001")
        #expect(
            refusal(Sample.signed(shared))
                == .collision([ShortText("k-0001")!, ShortText("k-0101")!]))
        let nobody = body.split(separator: "\n").filter { !$0.hasPrefix("key") }
        #expect(refusal(Sample.signed(nobody.joined(separator: "\n") + "\n")) == .noKeys)
    }

    @Test func `that changes any roster gives what the whole one would`() throws {
        var random = Xorshift(seed: 44)
        var people: [Int: String] = [:]
        var present: Roster?
        for version in 1...40 {
            let before = people
            for _ in 0..<random.below(30) {
                let number = random.below(60)
                if random.below(4) == 0 {
                    people[number] = nil
                } else {
                    people[number] = line(number, right: random.below(3))
                }
            }
            people[1_000] = line(1_000, right: 0)
            let changed = people.filter { before[$0.key] != $0.value }.map(\.value).sorted()
            let gone = before.keys.filter { people[$0] == nil }.sorted().map { "remove\tk-\($0)" }
            let isWhole = present == nil
            let delta = Sample.signed(
                head(version, base: isWhole ? 0 : version - 1) + rights
                    + (changed + gone).map { $0 + "\n" }.joined())
            let whole = Sample.signed(
                head(version, base: 0) + rights + people.values.sorted().map { $0 + "\n" }.joined())
            let file = try RosterBundle.file(
                delta, in: Sample.circumstances(present, newest: UInt64(version - 1)))
            #expect(try RosterBundle.file(whole, in: Sample.circumstances()) == file)
            present = try Sample.roster(file)
            #expect(present?.count == people.count)
        }
    }

    @Test func `of chance, rightly signed, never traps`() {
        var random = Xorshift(seed: 45)
        let body = Array(Sample.body(Sample.whole).utf8)
        for _ in 0..<1_500 {
            var damaged = body
            for _ in 0..<(1 + random.below(3)) {
                let place = random.below(damaged.count)
                switch random.below(3) {
                case 0: damaged[place] = random.bytes(1)[0]
                case 1: damaged.remove(at: place)
                default: damaged.insert([0x09, 0x0a, 0x20, 0x2d, 0x39][random.below(5)], at: place)
                }
            }
            _ = refusal(Sample.signed(String(decoding: damaged, as: UTF8.self)))
        }
    }

    private let rights = """
        right\t0\t*\t-\t*\t-\t-
        right\t1\tgate\t-\t*\tday\t-
        right\t2\t-\tslow\twater\t-\twater 1/d

        """

    private func head(_ version: Int, base: Int) -> String {
        "stationd-roster\t1\nstation\tlodge\nepoch\t2026-1\ncheck\t\(Sample.key.check)\n"
            + "version\t\(version)\nbase\t\(base)\n"
    }

    private func line(_ person: Int, right: Int) -> String {
        let form = Sample.key.matchForm(of: number(person))
        return "key\tk-\(person)\th-\(person)\t\(right)\t-\t-\tactive\trider\tuid\t0\t\(form)"
    }
}

extension RosterBuilder {
    /// The file of a roster with one key.
    fileprivate consuming func build(with id: String) throws -> [UInt8] {
        try add(row(id, "h", card: 1))
        return build().file
    }
}
