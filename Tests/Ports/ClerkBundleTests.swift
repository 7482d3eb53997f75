// Signed rosters by the clerk: an issuer's file, a bundle behind a descriptor, a table on the
// medium.

import Control
import EventLoop
import Journal
import StationCore
import Testing

@testable import Ports

@Suite struct `A clerk with signed rosters` {
    private let hub: HubRig
    private var folder: StateFolder { hub.folder }
    private let posts = Mailbox<Post>(capacity: 64)

    init() throws { hub = try HubRig() }

    private func clerk(_ epoch: String? = "city") throws -> Clerk {
        let clerk = try hub.clerk(epoch)
        clerk.use(posts: posts)
        return clerk
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
        try hub.trust()
        let first = try clerk()
        guard case .applied(let roster) = first.answer(.applyRoster(try hub.bundle(41))) else {
            Issue.record("the bundle was refused")
            return
        }
        #expect(roster.version == 41 && roster.keys == 1 && roster.issuer?.count == 16)
        #expect(told()?.version == 41)
        let second = try clerk()
        let delta = try hub.bundle(42, base: 41, ["k-2", "k-3"])
        guard case .applied(let changed) = second.answer(.applyRoster(delta)) else {
            Issue.record("the change was refused")
            return
        }
        #expect(changed.version == 42 && changed.keys == 3 && told()?.count == 3)
        #expect(folder.restarted().rosterVersion == nil || folder.restarted().rosterVersion == 42)
    }

    @Test func `refuses one without changing anything, and says why`() throws {
        let clerk = try clerk()
        #expect(refusal(clerk, try hub.bundle(41)) == "noIssuer")
        try hub.trust("stationd-roster-issuer 2\n")
        #expect(refusal(clerk, try hub.bundle(41)) == "issuerLines")
        try hub.trust()
        #expect(refusal(clerk, try hub.passed(Array("key,holder\n".utf8))) == "notABundle")
        #expect(refusal(clerk, try hub.bundle(41, epoch: "other")) == "unknownEpoch")
        #expect(refusal(clerk, try hub.bundle(41, base: 40)) == "otherBase")
        #expect(refusal(clerk, try hub.bundle(41, ["k-1", "k-1"])) == "line")
        #expect(refusal(clerk, try hub.bundle(41, [])) == "noKeys")
        #expect(told() == nil && !folder.names.contains(Memory.rosterName))
        _ = clerk.answer(.applyRoster(try hub.bundle(41)))
        let before = try folder.disk.read(Memory.rosterName, limit: 1 << 20)
        #expect(refusal(clerk, try hub.bundle(41)) == "rollback")
        #expect(refusal(clerk, try hub.bundle(40)) == "rollback")
        #expect(try folder.disk.read(Memory.rosterName, limit: 1 << 20) == before)
        #expect(told()?.version == 41)
    }

    /// A key that was replaced is asked for no more: with its roster every card would be unknown.
    @Test func `of an older key is good until one of the newer is in force`() throws {
        try hub.trust()
        let clerk = try clerk("city")
        _ = clerk.answer(.applyRoster(try hub.bundle(41)))
        try folder.put(KeyFile.previousName, keyText("city"))
        let newer = try self.clerk("alpha")
        guard case .applied = newer.answer(.applyRoster(try hub.bundle(42))),
            case .applied = newer.answer(.applyRoster(try hub.bundle(43, epoch: "alpha")))
        else {
            Issue.record("two keys do not overlap")
            return
        }
        #expect(refusal(newer, try hub.bundle(44)) == "unknownEpoch")
        #expect(told()?.version == 43)
    }

    @Test func `has no use for one without a station key`() throws {
        try hub.trust()
        guard case .refused(.noKey) = try clerk(nil).answer(.applyRoster(try hub.bundle(41))) else {
            Issue.record("a station without a key took a roster")
            return
        }
    }
}
