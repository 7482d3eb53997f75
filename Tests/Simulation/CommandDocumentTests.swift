// The signed command that the document shows is one.

import Journal
import Testing

@testable import StationCore

@Suite struct `The document of commands` {
    @Test func `shows a signed command, which a station takes`() throws {
        let folder = DiskDirectory(path: Repository.root + "/docs")
        let bytes = try #require(try folder.read("commands.md", limit: 1 << 20))
        let page = String(decoding: bytes, as: UTF8.self)
        let block = try #require(
            page.split(separator: "```\n").first { $0.hasPrefix(SignedCommand.heading) })
        let digits = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        let command = try SignedCommand(
            Array(block.utf8), for: "lodge",
            from: CommandIssuer(publicKey: Hex.bytes(digits.utf8) ?? []))
        #expect(command.fields == ["door", "gate", "unlock"])
    }

    @Test func `has every word of a refusal and the bounds that hold`() throws {
        let folder = DiskDirectory(path: Repository.root + "/docs")
        let bytes = try #require(try folder.read("commands.md", limit: 1 << 20))
        let page = String(decoding: bytes, as: UTF8.self)
        for words in [
            "at most 4,096 bytes", "not more than a day", "more than five minutes",
            "512 are remembered", "64 are under way", "three seconds at most",
        ] { #expect(page.contains(words), "\(words)") }
        #expect(SignedCommand.limit == 4_096 && SignedCommand.longestLife == 86_400)
        #expect(SignedCommand.skew == 300 && CommandLedger.capacity == 512)
        #expect(CommandDesk.capacity == 64 && JournalSettings().lapseMilliseconds == 3_000)
        for subject in CommandSubject.allCases {
            #expect(page.contains("| `\(subject.name) "), "\(subject.name)")
        }
    }
}
