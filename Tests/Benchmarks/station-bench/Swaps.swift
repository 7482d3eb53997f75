// A change of a thousand keys on a million: how long it takes beside the loop, and how long the
// loop is held.

import Crypto
import EventLoop
import StationCore

/// Prints milliseconds to judge and build, and the longest that a swap held the loop, of ten.
enum Swaps {
    static func run(count: Int, changed: Int) throws {
        let secret = [UInt8](repeating: 5, count: 32)
        let signer = try Curve25519.Signing.PrivateKey(rawRepresentation: secret)
        let issuer = RosterIssuer(publicKey: Array(signer.publicKey.rawRepresentation))
        var roster: Roster?
        func apply(_ lines: String, _ version: UInt64, base: UInt64) throws {
            let key = Gate.key()
            let head =
                "stationd-roster\t1\nstation\tbench\nepoch\tbench\ncheck\t\(key.check)\n"
                + "version\t\(version)\nbase\t\(base)\nright\t0\t*\t-\t*\t-\t-\n"
            let body = Array((head + lines).utf8)
            let signature = try signer.signature(for: body)
            let digits = signature.map { byte in
                [byte >> 4, byte & 15].map { String($0, radix: 16) }.joined()
            }
            let file = try RosterBundle.file(
                body + Array("signature\t\(digits.joined())\n".utf8),
                in: RosterBundle.Circumstances(
                    station: "bench", issuer: issuer, keys: [key], present: roster,
                    newest: version - 1))
            roster = try RosterFile.decode(file, doors: ["gate"])
        }
        func lines(_ numbers: Range<Int>) -> String {
            let key = Gate.key()
            return numbers.map { number in
                let form = key.matchForm(
                    of: Number(layout: .bytes, width: 24, value: UInt128(number)))
                return "key\tk\(number)\tr\(number)\t0\t-\t-\tactive\trider\tuid\t1\t\(form)\n"
            }.joined()
        }
        try apply(lines(0..<count), 1, base: 0)
        var station = Station(Gate.resolved())
        let now = Instant(nanoseconds: 1_000_000_000)
        station.installed(key: Gate.key(), isNew: false, at: now)
        if let roster { station.replaced(roster: roster, refused: 0, isNew: false, at: now) }
        var (built, held) = (0.0, 0.0)
        for turn in 1...10 {
            let text = lines(count + turn * changed..<count + (turn + 1) * changed)
            let start = Clock.now()
            try apply(text, UInt64(turn + 1), base: UInt64(turn))
            built = max(built, Clock.seconds(since: start) * 1_000)
            guard let next = roster else { break }
            // What the loop does: the new one in its place, the old one to the clerk.
            let begin = Clock.now()
            let before = station.currentRoster
            station.replaced(roster: next, refused: 0, isNew: true, at: now)
            held = max(held, Clock.seconds(since: begin) * 1_000)
            _ = consume before
        }
        print(built, held)
    }
}
