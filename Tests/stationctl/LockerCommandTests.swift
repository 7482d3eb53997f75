// `stationctl locker`: what it takes, and how it says how a box stands.

import ArgumentParser
import Control
import StationCore
import Testing

@testable import stationctl

@Suite struct `Boxes on the command line` {
    @Test(arguments: [
        ["locker"], ["locker", "list", "lockers", "--wrong"], ["locker", "open", "lockers", "7"],
        ["locker", "clear", "lockers", "A8", "--yes"], ["locker", "block", "lockers", "7"],
        ["locker", "unblock", "lockers", "7", "--json"],
    ])
    func `go by their service and what is painted on them`(words: [String]) {
        #expect(throws: Never.self) { _ = try Stationctl.parseAsRoot(words) }
    }

    @Test(arguments: [
        ["locker", "open", "lockers"], ["locker", "clear"], ["locker", "block", "7"],
    ])
    func `are asked for by name`(words: [String]) {
        #expect(throws: (any Error).self) { _ = try Stationctl.parseAsRoot(words) }
    }

    @Test func `say whose they are not, and what is wrong with them`() {
        let chinese = Catalogue(language: .chinese)
        let english = Catalogue(language: .english)
        let held = BoxRecord(
            service: "lockers", name: "7", held: true, since: 1_790_000_000_000,
            time: "2026-09-21T21:33:20.000+08:00", free: false, door: "closed",
            troubles: ["overtime"])
        #expect(
            english.cells(held) == [
                "lockers", "7", "held", "since 09-21 21:33", "closed",
                "held too long: ask its holder",
            ])
        #expect(chinese.cells(held)[2] == "占用" && held.wantsPerson)
        let unknown = BoxRecord(
            service: "lockers", name: "8", held: false, known: false, free: false,
            door: "unknown")
        #expect(english.cells(unknown)[2] == "nobody knows whose" && unknown.wantsPerson)
        let free = BoxRecord(
            service: "lockers", name: "9", held: false, free: true, door: "closed")
        #expect(english.cells(free) == ["lockers", "9", "free", "", "closed", ""])
        #expect(!free.wantsPerson)
    }
}
