// The signed rosters that the document shows are signed rosters.

import Journal
import Testing

@testable import StationCore

@Suite struct `The document of rosters` {
    @Test func `shows a signed roster and a change of it, which a station takes`() throws {
        let folder = DiskDirectory(path: Repository.root + "/docs")
        let bytes = try #require(try folder.read("roster.md", limit: 1 << 20))
        let blocks = String(decoding: bytes, as: UTF8.self).split(separator: "```\n")
            .filter { $0.hasPrefix("stationd-roster\t1\n") }
        try #require(blocks.count == 2)
        let digits = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        let epoch = try #require(ShortText("2026-1"))
        let key = try #require(
            StationKey(epoch: epoch, secret: [UInt8](repeating: 7, count: 32)))
        var present: Roster?
        for (place, block) in blocks.enumerated() {
            let file = try RosterBundle.file(
                Array(block.utf8),
                in: RosterBundle.Circumstances(
                    station: "lodge", issuer: RosterIssuer(publicKey: Hex.bytes(digits.utf8) ?? []),
                    keys: [key], present: present, newest: present?.version ?? 0))
            let roster = try RosterFile.decode(file, doors: [])
            #expect(roster.version == UInt64(41 + place) && roster.count == 3)
            present = roster
        }
        #expect(present?.key(ShortText("k-0004")!)?.state == .lost)
    }
}
