// Day passes: signed, shown as a code, read back, and refused for a reason with a name.

import EventLoop
import Testing

@testable import StationCore

private let kaiyuan = ShortText("kaiyuan-01")!
private let monday = WallTime(seconds: 1_760_000_400)
private let tuesday = WallTime(seconds: 1_760_086_800)

/// RFC 8032 §7.1, test 1.
private let signer = DayPassSigner(
    secret: hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))!

private func made(
    _ scope: DayPass.Scope = .station(kaiyuan), from: WallTime = monday, to: WallTime = tuesday,
    quota: UInt8 = 3, nonce: UInt64 = 0x0123_4567_89ab_cdef
) -> DayPass? {
    DayPass(
        issuer: signer.issuer.id, scope: scope, validFrom: from, validTo: to, quota: quota,
        nonce: nonce)
}

private func refusal(_ body: () throws(DayPassRefusal) -> some Any) -> DayPassRefusal? {
    do {
        _ = try body()
        return nil
    } catch {
        return error
    }
}

@Suite struct `A day pass` {
    /// RFC 8032 §7.1, test 1: the public key of that seed.
    @Test func `is signed by Ed25519`() {
        #expect(
            signer.issuer.publicKey
                == hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"))
        // The first bytes of that key's SHA-256.
        #expect(signer.issuer.id.bits == 0x21fe_31df)
    }

    @Test func `comes back from its text as it was, and proven`() throws {
        let district = ShortText("tieling-kaiyuan-east-01")!
        let scopes: [DayPass.Scope] = [
            .station(kaiyuan), .district(district), .station(ShortText("a")!),
        ]
        for scope in scopes {
            let pass = try #require(made(scope))
            let signed = try #require(signer.sign(pass))
            let read = try SignedDayPass.parse(signed.text)
            #expect(read == signed)
            let proven = try read.verified(by: [signer.issuer])
            #expect(proven == pass)
            #expect(read.text == signed.text)
        }
    }

    @Test func `fits a QR code of version 7 at level M, in its dense mode`() throws {
        let longest = ShortText(String(repeating: "z", count: ShortText.capacity))!
        let pass = try #require(made(.district(longest)))
        let text = try #require(signer.sign(pass)).text
        #expect(text.utf8.count == 178)
        #expect(text.utf8.count == DayPass.longestText)
        #expect(text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) })
        #expect(DayPass.longestText <= KeyedText.capacity)
    }

    @Test func `survives a scanner that changes capitals and adds a line's end`() throws {
        let pass = try #require(made())
        let signed = try #require(signer.sign(pass))
        let read = try SignedDayPass.parse(" " + signed.text.lowercased() + "\r\n")
        #expect(read == signed)
        let keyed = try #require(KeyedText(signed.text))
        let scanned = try SignedDayPass.parse(keyed)
        #expect(scanned == signed)
    }

    @Test func `holds at its station or in its district, and in its time`() throws {
        let here = try #require(made())
        #expect(here.refusal(at: kaiyuan, in: nil, on: monday) == nil)
        #expect(
            here.refusal(at: kaiyuan, in: nil, on: WallTime(milliseconds: 1_760_086_799_999)) == nil
        )
        #expect(here.refusal(at: kaiyuan, in: nil, on: tuesday) == .late(to: tuesday))
        #expect(
            here.refusal(at: kaiyuan, in: nil, on: WallTime(milliseconds: 1_760_000_399_999))
                == .early(from: monday))
        let other = ShortText("kaiyuan-02")!
        #expect(
            here.refusal(at: other, in: kaiyuan, on: monday) == .elsewhere(.station(kaiyuan)))
        let wide = try #require(made(.district(kaiyuan)))
        #expect(wide.refusal(at: other, in: kaiyuan, on: monday) == nil)
        #expect(
            wide.refusal(at: kaiyuan, in: other, on: monday) == .elsewhere(.district(kaiyuan)))
        #expect(wide.refusal(at: kaiyuan, in: nil, on: monday) == .elsewhere(.district(kaiyuan)))
    }

    @Test func `has an id by which a station takes it once`() throws {
        let first = try #require(made())
        let second = try #require(made(nonce: 1))
        let longer = try #require(made(quota: 200))
        #expect(first.id != second.id)
        #expect(first.id == longer.id)
        #expect(first.id.text.count == 20)
        #expect(first.id.text != second.id.text)
    }

    @Test func `cannot say nonsense`() {
        #expect(made(quota: 0) == nil)
        #expect(made(.station(.empty)) == nil)
        #expect(made(from: tuesday, to: monday) == nil)
        #expect(made(from: monday, to: monday) == nil)
        #expect(made(to: WallTime(seconds: monday.seconds + DayPass.longestValidity + 1)) == nil)
        #expect(made(to: WallTime(seconds: monday.seconds + DayPass.longestValidity)) != nil)
        #expect(made(from: WallTime(milliseconds: 1)) == nil)
        #expect(made(from: WallTime(seconds: -1), to: WallTime(seconds: 1)) == nil)
        let late = Int64(UInt32.max)
        #expect(made(from: WallTime(seconds: late), to: WallTime(seconds: late + 1)) == nil)
    }
}

@Suite struct `A day pass that is none` {
    private let text = signer.sign(made()!)!.text

    @Test(
        arguments: [
            ("", .notAPass), ("DP", .notAPass), ("https://example.org/", .notAPass),
            ("DPX", .notAPass), ("0040856634", .notAPass), ("DP2AAAA", .version(found: 2)),
            ("DP1", .cutShort), ("DP1A", .cutShort), ("DP1AAAAAAAA", .content),
            ("DP1AA!A", .character(at: 6)), ("DP1AAA1", .character(at: 7)),
            ("DP1" + String(repeating: "A", count: 176), .tooLong(limit: 178)),
            (String(repeating: "D", count: 357), .tooLong(limit: 178)),
        ] as [(String, DayPassRefusal)])
    func `has a reason with a name`(text: String, reason: DayPassRefusal) {
        #expect(refusal { () throws(DayPassRefusal) in try SignedDayPass.parse(text) } == reason)
    }

    @Test func `is cut short`() {
        for length in 3..<text.utf8.count {
            let reason = refusal { () throws(DayPassRefusal) in
                try SignedDayPass.parse(text.prefix(length))
            }
            #expect(reason == .cutShort, "\(length) characters")
        }
        let longer = refusal { () throws(DayPassRefusal) in
            try SignedDayPass.parse(text + "AAAAAAAA")
        }
        #expect(longer == .content)
    }

    @Test func `was changed in any bit`() throws {
        let signed = try SignedDayPass.parse(text)
        let bytes = signed.claim.body + signed.signature
        for place in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << UInt8(bit)
                let text = "DP1" + Base32.encode(changed)
                guard let read = try? SignedDayPass.parse(text) else { continue }
                let reason = refusal { () throws(DayPassRefusal) in
                    try read.verified(by: [signer.issuer])
                }
                #expect(reason == (place < 4 ? .unknownIssuer : .signature))
            }
        }
    }

    @Test func `was signed by somebody else, or for something else`() throws {
        let other = DayPassSigner(secret: [UInt8](repeating: 7, count: 32))!
        let claim = try #require(made())
        #expect(other.sign(claim) == nil)
        let signed = try SignedDayPass.parse(text)
        let strangers = refusal { () throws(DayPassRefusal) in
            try signed.verified(by: [other.issuer])
        }
        #expect(strangers == .unknownIssuer)
        let nobody = refusal { () throws(DayPassRefusal) in try signed.verified(by: []) }
        #expect(nobody == .unknownIssuer)
        let proven = try signed.verified(by: [other.issuer, signer.issuer])
        #expect(proven == claim)
        let short = SignedDayPass(claim: claim, signature: [])
        let unsigned = refusal { () throws(DayPassRefusal) in
            try short.verified(by: [signer.issuer])
        }
        #expect(unsigned == .signature)
    }

    @Test func `never traps on random text`() {
        var random = Xorshift(seed: 31)
        let pool = Array("DP1234567ABCDEFGHIJKLMNOPQRSTUVWXYZabc \r\n!".utf8)
        for _ in 0..<20_000 {
            let length = random.below(190)
            let body = (0..<length).map { _ in pool[random.below(pool.count)] }
            let text = (random.below(2) == 0 ? "DP1" : "") + String(decoding: body, as: UTF8.self)
            guard let read = try? SignedDayPass.parse(text) else { continue }
            #expect((try? read.verified(by: [signer.issuer])) == nil)
        }
        for _ in 0..<5_000 {
            let text = "DP1" + Base32.encode(random.bytes(random.below(112)))
            _ = try? SignedDayPass.parse(text)
        }
    }

    @Test func `has a sentence in both languages`() {
        let all: [DayPassRefusal] = [
            .notAPass, .version(found: 2), .tooLong(limit: 178), .character(at: 4), .cutShort,
            .content, .unknownIssuer, .signature, .elsewhere(.station(kaiyuan)),
            .elsewhere(.district(kaiyuan)), .early(from: monday), .late(to: tuesday),
        ]
        for refusal in all {
            #expect(refusal.text(.english).allSatisfy { $0.isASCII })
            #expect(refusal.text(.chinese) != refusal.text(.english))
        }
        #expect(Set(all.map(\.name)).count == all.count - 1)
    }

    @Test func `keeps its signer's secret to itself`() {
        #expect("\(signer)" == "day pass signer 21fe31df")
        var dumped = ""
        dump(signer, to: &dumped)
        #expect(!dumped.contains("9d61"))
    }
}

@Suite struct `Base 32` {
    /// RFC 4648 §10, without padding.
    @Test(
        arguments: [
            ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI"),
        ])
    func `has the vectors of its RFC`(plain: String, text: String) throws {
        #expect(Base32.encode(plain.utf8) == text)
        for text in [text, text.lowercased()] {
            let bytes = try Base32.decode(Array(text.utf8)[...])
            #expect(bytes == Array(plain.utf8))
        }
    }

    @Test(arguments: ["A", "MZX", "MZXW6Y", "MZ", "M9", "MZXW6YTBO", "MZ======", "M0"])
    func `takes no text that it would not write`(text: String) {
        #expect(throws: Base32.Flaw.self) { try Base32.decode(Array(text.utf8)[...]) }
    }
}
