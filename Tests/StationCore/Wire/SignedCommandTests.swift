// Commands as a hub signs them: two that others made, and what is refused.

import Crypto
import Testing

@testable import StationCore

/// Made by Python's `cryptography` 48 and signed alike by `openssl pkeyutl -sign -rawin` (3.0.19).
/// The signing key is that of RFC 8032, 7.1, test 1.
enum CommandSample {
    static let publicKey = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    static let secret = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"

    static let unlock = """
        stationd-command\t1
        station\tlodge
        id\thub-2026-11-21-0001
        issued\t1795248060
        expires\t1795248360
        boot\t-
        command\tdoor\tgate\tunlock
        signature\t45c4c55aefc7d9c29aba4ba0e089af65fe85b210245088c002e74c3352a260bc\
        c93975325708d017eb58db63728dca4cf073b077e39adee497f71c92156aeb0c

        """
    static let pause = """
        stationd-command\t1
        station\tlodge
        id\thub-2026-11-21-0002
        issued\t1795248060
        expires\t1795251660
        boot\t3f0c9a52d1e84b7690aa5b1c2d3e4f50\t7200
        command\tservice\twater\tpause\trepair\t1795269600
        signature\t0abbd109e6a66e0b64e5fb60fb682f367254afcda3ea06b26a0ae42d0e557a4d\
        a104e3151a13067003bbd5be14926260cae215fdaca4338e777e1f316305450a

        """

    static var issuer: CommandIssuer {
        CommandIssuer(publicKey: Hex.bytes(publicKey.utf8) ?? [])!
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

    static func text(
        _ fields: String, id: String = "c-1", issued: Int64 = 1_795_248_000,
        expires: Int64 = 1_795_248_300, boot: String = "-", station: String = "gate-house"
    ) -> String {
        "stationd-command\t1\nstation\t\(station)\nid\t\(id)\nissued\t\(issued)\n"
            + "expires\t\(expires)\nboot\t\(boot)\ncommand\t\(fields)\n"
    }

    static func read(
        _ bytes: [UInt8], for station: String = "gate-house", from issuer: CommandIssuer? = issuer
    ) -> Result<SignedCommand, CommandRefusal> {
        Result { () throws(CommandRefusal) in
            try SignedCommand(bytes, for: station, from: issuer)
        }
    }
}

@Suite struct `A signed command` {
    private func refusal(_ text: String) -> CommandRefusal? {
        switch CommandSample.read(CommandSample.signed(text)) {
        case .success: nil
        case .failure(let refusal): refusal
        }
    }

    @Test func `that openssl signed is read`() throws {
        let command = try CommandSample.read(Array(CommandSample.unlock.utf8), for: "lodge").get()
        #expect(command.id == ShortText("hub-2026-11-21-0001"))
        #expect(command.issued == WallTime(seconds: 1_795_248_060))
        #expect(command.expires == WallTime(seconds: 1_795_248_360))
        #expect(command.boot == nil && command.fields == ["door", "gate", "unlock"])
        #expect(command.issuer == 0x21fe_31df_a154_a261)
        let other = try CommandSample.read(Array(CommandSample.pause.utf8), for: "lodge").get()
        #expect(other.boot?.id == 0x3f0c_9a52_d1e8_4b76_90aa_5b1c_2d3e_4f50)
        #expect(other.boot?.until == 7_200 && other.digest != command.digest)
        #expect(other.fields == ["service", "water", "pause", "repair", "1795269600"])
    }

    @Test func `is nobody's without an issuer, and another's with another key`() {
        let bytes = Array(CommandSample.unlock.utf8)
        #expect(CommandSample.read(bytes, for: "lodge", from: nil) == .failure(.noIssuer))
        let other = Curve25519.Signing.PrivateKey().publicKey.rawRepresentation
        let issuer = CommandIssuer(publicKey: Array(other))
        #expect(CommandSample.read(bytes, for: "lodge", from: issuer) == .failure(.signature))
    }

    @Test func `of which one bit is another is not taken`() {
        let bytes = Array(CommandSample.unlock.utf8)
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 1
            guard case .failure(let refusal) = CommandSample.read(changed, for: "lodge") else {
                Issue.record("byte \(place) may be another")
                continue
            }
            #expect(refusal == .signature || refusal == .notACommand, "byte \(place)")
        }
    }

    @Test func `is for one station`() {
        let bytes = Array(CommandSample.unlock.utf8)
        #expect(CommandSample.read(bytes) == .failure(.otherStation("lodge")))
        let long = String(repeating: "x", count: 300)
        #expect(
            refusal(CommandSample.text("door\tgate\tlock", station: long))
                == .otherStation(String(long.prefix(64))))
    }

    /// Each thing has one way of being written.
    @Test(arguments: [
        ("id\tc-1", "id\t", 3), ("id\tc-1", "id\ta b", 3), ("id\tc-1", "id\tc-1\tc-2", 3),
        ("id\tc-1", "id\t123456789012345678901234", 3), ("id\tc-1", "ID\tc-1", 3),
        ("issued\t1", "issued\t01", 4), ("issued\t1", "issued\t-1", 4),
        ("issued\t1", "issued\t 1", 4), ("issued\t1795248000", "issued\t253402300800", 4),
        ("expires\t1795248300", "expires\t1795248000", 5),
        ("expires\t1", "expires\t1\t1", 5), ("boot\t-", "boot\t--", 6),
        ("boot\t-", "boot\t3F0C9A52D1E84B7690AA5B1C2D3E4F50\t7", 6),
        ("boot\t-", "boot\t3f0c9a52d1e84b7690aa5b1c2d3e4f50", 6),
        ("boot\t-", "boot\t3f0c9a52d1e84b7690aa5b1c2d3e4f50\t4294967296", 6),
        ("command\tdoor\tgate\tlock", "command", 7), ("command\tdoor", "command\t\tdoor", 7),
        ("gate\tlock", "gate\tlo\u{7}ck", 7), ("gate\tlock", "gate\tlock\t", 7),
        ("gate\tlock", "gate\t1\t2\t3\t4\t5\t6\t7", 7), ("lock\n", "lock\nmore\t1\n", 8),
    ])
    func `has one way of being written`(old: String, new: String, line: Int) throws {
        let text = CommandSample.text("door\tgate\tlock")
        #expect(refusal(text) == nil)
        let changed = text.replacing(old, with: new, maxReplacements: 1)
        try #require(changed != text)
        #expect(refusal(changed) == .line(line))
    }

    @Test func `may lack any of its lines, and is refused then`() {
        let lines = CommandSample.text("door\tgate\tlock").split(separator: "\n")
        for place in lines.indices {
            var left = lines
            left.remove(at: place)
            let text = left.joined(separator: "\n") + "\n"
            #expect(refusal(text) == (place == 0 ? .notACommand : .line(place + 1)))
        }
    }

    @Test func `is bounded`() {
        let long = String(repeating: "x", count: SignedCommand.limit)
        #expect(refusal(CommandSample.text("door\t\(long)\tlock")) == .notACommand)
    }

    @Test func `of any bytes is refused and traps nowhere`() {
        var chance = SystemRandomNumberGenerator()
        let good = CommandSample.signed(CommandSample.text("door\tgate\tlock"))
        for _ in 0..<400 {
            let noise = (0..<Int.random(in: 0...600, using: &chance)).map { _ in
                UInt8.random(in: 0...255, using: &chance)
            }
            let heading = Array("\(SignedCommand.heading)\n".utf8)
            for bytes in [noise, heading + noise, Array(good.prefix(noise.count))] {
                if case .success = CommandSample.read(bytes), bytes != good {
                    Issue.record("noise was taken for a command")
                }
            }
            // Rightly signed noise is noise still.
            let body = String(decoding: heading + noise, as: UTF8.self)
            if case .success = CommandSample.read(CommandSample.signed(body)) {
                Issue.record("signed noise was taken for a command")
            }
        }
    }
}

@Suite struct `A ledger of commands` {
    private func known(_ number: Int, expires: Int64, _ end: CommandOutcome? = .done)
        -> CommandLedger.Known
    {
        CommandLedger.Known(
            id: ShortText("c-\(number)")!, digest: UInt64(number), subject: .door,
            expires: WallTime(seconds: expires), outcome: end)
    }

    @Test func `that is full forgets what expires first, and refuses what expires no later`() {
        var ledger = CommandLedger()
        for number in 0..<CommandLedger.capacity {
            ledger.take(known(number, expires: 1_000 + Int64(number)))
        }
        #expect(ledger.horizon == WallTime(seconds: 0))
        ledger.take(known(9_000, expires: 5_000))
        #expect(ledger.known.count == CommandLedger.capacity)
        #expect(ledger.command(ShortText("c-0")!) == nil)
        #expect(ledger.command(ShortText("c-1")!) != nil)
        #expect(ledger.horizon == WallTime(seconds: 1_000))
    }

    @Test func `forgets none that is under way`() {
        var ledger = CommandLedger()
        ledger.take(known(9_000, expires: 1, nil))
        for number in 0..<CommandLedger.capacity {
            ledger.take(known(number, expires: 1_000 + Int64(number)))
        }
        #expect(ledger.command(ShortText("c-9000")!)?.outcome == .none)
        #expect(ledger.command(ShortText("c-9000")!) != nil && ledger.underWay == 1)
        #expect(ledger.command(ShortText("c-0")!) == nil)
    }

    @Test func `learns from another one, and an end that is known stays known`() {
        var ledger = CommandLedger()
        ledger.take(known(1, expires: 10))
        ledger.take(known(2, expires: 10, nil))
        var later = CommandLedger()
        later.take(known(1, expires: 10, nil))
        later.take(known(2, expires: 10, .past))
        later.take(known(3, expires: 10, nil))
        ledger.learn(later)
        let ends = (1...3).map { ledger.command(ShortText("c-\($0)")!)?.outcome }
        #expect(ends == [.done, .past, .none] && ledger.known.count == 3)
    }
}
