// Signed rosters by the clerk: an issuer's file, a bundle behind a descriptor, a table on the
// medium.

import Control
import Crypto
import EventLoop
import Glibc
import Journal
import Testing

@testable import Ports
@testable import StationCore

@Suite struct `A clerk with signed rosters` {
    private let folder: StateFolder
    private let posts = Mailbox<Post>(capacity: 64)
    private let signer: Curve25519.Signing.PrivateKey
    private static let station = ControlRig.station.station.id

    init() throws {
        folder = try StateFolder()
        signer = try Curve25519.Signing.PrivateKey(
            rawRepresentation: [UInt8](repeating: 5, count: 32))
    }

    private func trust(_ text: String? = nil) throws {
        let digits = Hex.lower(Array(signer.publicKey.rawRepresentation))
        let right = "stationd-roster-issuer 1\npublic \(digits)\n"
        try folder.put(RosterIssuerFile.name, Array((text ?? right).utf8))
    }

    private func clerk(_ epoch: String? = "city") throws -> Clerk {
        let key = try epoch.flatMap { try keyFile($0).key }
        let memory = Memory(folder.disk, ControlRig.station)
        let clerk = Clerk(station: ControlRig.station, directory: folder.disk, key: key)
        clerk.use(posts: posts)
        let bytes = try folder.disk.read(Memory.rosterName, limit: RosterLimits.fileBytes)
        let roster = try bytes.map {
            try RosterFile.decode($0, for: RosterPlaces(ControlRig.station))
        }
        clerk.begin(
            roster: roster, cards: nil, version: max(roster?.version ?? 0, memory.rosterVersion))
        return clerk
    }

    private func bundle(
        _ version: Int, base: Int = 0, _ keys: [String] = ["k-1"], epoch: String = "city"
    ) throws -> PassedFile {
        let key = try #require(try keyFile(epoch).key)
        var text =
            "stationd-roster\t1\nstation\t\(Self.station)\nepoch\t\(epoch)\ncheck\t\(key.check)\n"
            + "version\t\(version)\nbase\t\(base)\nright\t0\t*\t-\t*\t-\t-\n"
        for (place, id) in keys.enumerated() {
            let number = Number(layout: .bytes, width: 32, value: UInt128(version * 100 + place))
            text += "key\t\(id)\th-\(id)\t0\t-\t-\tactive\trider\tuid\t2\t"
            text += "\(key.matchForm(of: number))\n"
        }
        let signature = try signer.signature(for: Array(text.utf8))
        text += "signature\t\(Hex.lower(Array(signature)))\n"
        return try passed(Array(text.utf8))
    }

    private func passed(_ bytes: [UInt8]) throws -> PassedFile {
        try folder.put("bundle", bytes)
        let descriptor = open(folder.disk.path(of: "bundle"), O_RDONLY | O_CLOEXEC)
        try #require(descriptor >= 0)
        return PassedFile(owning: descriptor)
    }

    /// What the loop was told: the last roster's version and keys.
    private func told() -> (version: UInt64, count: Int)? {
        var last: (UInt64, Int)?
        _ = posts.drain(limit: 64) { post in
            if case .roster(let roster, _) = post { last = (roster.version, roster.count) }
        }
        return last
    }

    private func refusal(_ clerk: Clerk, _ file: PassedFile) -> String? {
        guard case .refused(.badRoster(let reason)) = clerk.answer(.applyRoster(file)) else {
            return nil
        }
        #expect(!reason.text(.chinese).isEmpty && reason.text(.english) != reason.word)
        return reason.word
    }

    @Test func `puts one in place, keeps it, and goes on from it after a restart`() throws {
        try trust()
        let first = try clerk()
        guard case .applied(let roster) = first.answer(.applyRoster(try bundle(41))) else {
            Issue.record("the bundle was refused")
            return
        }
        #expect(roster.version == 41 && roster.keys == 1 && roster.issuer?.count == 16)
        #expect(told()?.version == 41)
        let second = try clerk()
        let delta = try bundle(42, base: 41, ["k-2", "k-3"])
        guard case .applied(let changed) = second.answer(.applyRoster(delta)) else {
            Issue.record("the change was refused")
            return
        }
        #expect(changed.version == 42 && changed.keys == 3 && told()?.count == 3)
        #expect(folder.restarted().rosterVersion == nil || folder.restarted().rosterVersion == 42)
    }

    @Test func `refuses one without changing anything, and says why`() throws {
        let clerk = try clerk()
        #expect(refusal(clerk, try bundle(41)) == "noIssuer")
        try trust("stationd-roster-issuer 2\n")
        #expect(refusal(clerk, try bundle(41)) == "issuerLines")
        try trust()
        #expect(refusal(clerk, try passed(Array("key,holder\n".utf8))) == "notABundle")
        #expect(refusal(clerk, try bundle(41, epoch: "other")) == "unknownEpoch")
        #expect(refusal(clerk, try bundle(41, base: 40)) == "otherBase")
        #expect(refusal(clerk, try bundle(41, ["k-1", "k-1"])) == "line")
        #expect(refusal(clerk, try bundle(41, [])) == "noKeys")
        #expect(told() == nil && !folder.names.contains(Memory.rosterName))
        _ = clerk.answer(.applyRoster(try bundle(41)))
        let before = try folder.disk.read(Memory.rosterName, limit: 1 << 20)
        #expect(refusal(clerk, try bundle(41)) == "rollback")
        #expect(refusal(clerk, try bundle(40)) == "rollback")
        #expect(try folder.disk.read(Memory.rosterName, limit: 1 << 20) == before)
        #expect(told()?.version == 41)
    }

    @Test func `has no use for one without a station key`() throws {
        try trust()
        guard case .refused(.noKey) = try clerk(nil).answer(.applyRoster(try bundle(41))) else {
            Issue.record("a station without a key took a roster")
            return
        }
    }
}
