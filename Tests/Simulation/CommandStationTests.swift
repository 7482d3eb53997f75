// A hub's commands through a whole station with its journal, and the power cut at any moment.

import Crypto
import EventLoop
import Journal
import Simulation
import Testing

@testable import StationCore

private struct Hub {
    let key: Curve25519.Signing.PrivateKey
    let issuer: CommandIssuer

    init() throws {
        key = try Curve25519.Signing.PrivateKey(
            rawRepresentation: [UInt8](repeating: 9, count: 32))
        issuer = try #require(CommandIssuer(publicKey: Array(key.publicKey.rawRepresentation)))
    }

    func command(
        _ fields: String, id: String = "c-1", expires: Int64 = 1_795_251_600
    ) throws -> SignedCommand {
        var text =
            "stationd-command\t1\nstation\tlodge\nid\t\(id)\nissued\t1795248000\n"
            + "expires\t\(expires)\nboot\t-\ncommand\t\(fields)\n"
        let signature = try key.signature(for: Array(text.utf8))
        text += "signature\t\(Hex.lower(Array(signature)))\n"
        return try SignedCommand(Array(text.utf8), for: "lodge", from: issuer)
    }
}

extension Lodge {
    /// Brings a command, and the last answer that has come of it after a while.
    fileprivate func bring(
        _ command: SignedCommand, for interval: Interval = .seconds(8)
    ) -> CommandAnswer? {
        station.take(command, asker: 1, at: clock.now)
        if interval >= .seconds(0) { run(for: interval) }
        var last: CommandAnswer?
        while let (_, answer) = station.takeCommandAnswer() { last = answer }
        return last
    }

    fileprivate func outcome(_ id: String = "c-1") -> CommandOutcome? {
        ShortText(id).flatMap { station.command($0) }?.outcome
    }

    fileprivate var isKnown: Bool { station.command(ShortText("c-1")!) != nil }
}

@Suite struct `A hub's command at a whole station` {
    private let hub: Hub

    init() throws { hub = try Hub() }

    /// From the moment at which it comes until long after it has ended.
    /// -1: before the journal has heard of it.
    private static let cuts = (0..<40).map { Int64($0) * 400 } + [-1, 20_000, 50_000, 2_000_000]

    @Test(arguments: cuts)
    func `acts once or not at all, wherever the power is cut`(microseconds: Int64) throws {
        let lodge = try Lodge([])
        let command = try hub.command("door\tgate\taccess")
        _ = lodge.bring(command, for: .microseconds(microseconds))
        let actedBefore = lodge.gateReleases
        try lodge.restart()
        #expect(lodge.gateReleases == actedBefore, "a start frees no lock")
        // Whatever acted had its intent in the journal: the next run knows of it.
        if actedBefore > 0 { #expect(lodge.isKnown) }
        let wasKnown = lodge.isKnown
        if wasKnown {
            let ends: [CommandOutcome?] = [.done, .interrupted]
            #expect(ends.contains(lodge.outcome()))
        }
        let answer = lodge.bring(command)
        guard case .stands(let known) = answer else {
            Issue.record("\(String(describing: answer))")
            return
        }
        #expect(known.outcome != nil)
        #expect(lodge.gateReleases == (wasKnown ? actedBefore : actedBefore + 1))
        #expect(lodge.gateReleases <= 1)
        // And once more, over another start.
        try lodge.restart()
        #expect(lodge.bring(command) == answer)
        #expect(lodge.gateReleases <= 1)
    }

    @Test func `some of those cuts are before its intent, some between, some after its end`() throws
    {
        var seen: Set<String> = []
        for microseconds in Self.cuts {
            let lodge = try Lodge([])
            _ = lodge.bring(try hub.command("door\tgate\taccess"), for: .microseconds(microseconds))
            try lodge.restart()
            seen.insert(lodge.isKnown ? lodge.outcome()?.name ?? "?" : "unknown")
        }
        #expect(seen == ["unknown", "interrupted", "done"])
    }

    @Test(arguments: [false, true])
    func `is known over a start by journal and by snapshot`(isSaved: Bool) throws {
        let lodge = try Lodge([])
        let command = try hub.command("door\tgate\tunlock")
        _ = lodge.bring(command)
        #expect(lodge.outcome() == .done)
        if isSaved { lodge.save() }
        try lodge.restart()
        let releases = lodge.gateReleases
        #expect(lodge.bring(command) == .stands(try #require(lodge.known("c-1"))))
        #expect(lodge.outcome() == .done && lodge.gateReleases == releases)
    }

    @Test func `does not act while the journal is silent, nor when it comes back`() throws {
        let lodge = try Lodge([])
        lodge.isSilent = true
        _ = lodge.bring(try hub.command("door\tgate\taccess"))
        #expect(lodge.outcome() == .notRecorded && lodge.gateReleases == 0)
        // What only stops does not wait.
        _ = lodge.bring(try hub.command("door\tgate\tlockDown", id: "c-2"), for: .seconds(0))
        #expect(lodge.outcome("c-2") == .done)
        #expect(lodge.station.standingModes[0] == .lockedDown)
        lodge.isSilent = false
        lodge.run(for: .seconds(20))
        #expect(lodge.gateReleases == 0)
    }

    @Test func `tells services, hours, parts and readers what a crew may tell them`() throws {
        let lodge = try Lodge([])
        let words = [
            "service\twater\tpause\trepair\t1795251000", "service\twater\tresume",
            "service\tmeals\tpause\tother\t-", "hours\tday\ttoday\t08:00-12:00, 13:30-18:00",
            "hours\t*\tclosed", "hours\tday\topen\t1795255200", "hours\tnight\tplanned",
            "hours\t*\tsevereWeather\t1795334400", "part\twater\twater\tstop",
            "part\twater\twater\tfilter-changed", "reader\tgate-reader\tcomeIn",
            "door\tinner\tblock", "door\tinner\tunblock",
            "notice\tset\t1795251000\t停水\tNo water", "notice\tset\t1795251000\t停水",
            "notice\tclear",
        ]
        for (place, fields) in words.enumerated() {
            let answer = lodge.bring(try hub.command(fields, id: "c-\(place)"))
            #expect(lodge.outcome("c-\(place)") == .done, "\(fields): \(answer as Any)")
        }
        #expect(lodge.station.pause(of: 1)?.reason == .other && lodge.station.pause(of: 0) == nil)
        let paused = lodge.entries.first { entry in
            if case .servicePart(_, _, .paused, _, .hub) = entry.event { true } else { false }
        }
        #expect(paused?.key.description.hasPrefix("hub:") == true)
        let refused: [(String, CommandOutcome)] = [
            ("service\twater\tresume", .notPaused), ("notice\tclear", .noNotice),
            ("service\twater\tpause\trepair\t1795248000", .past),
            ("hours\tday\topen\t1799999999", .tooFar),
            ("part\tmeals\tmeals\tstop", .unknownWord), ("reader\tgate-reader\treset", .noReset),
        ]
        for (place, (fields, end)) in refused.enumerated() {
            _ = lodge.bring(try hub.command(fields, id: "r-\(place)"))
            #expect(lodge.outcome("r-\(place)") == end, "\(fields)")
        }
    }

    @Test(arguments: [
        "door\tgate\tforget", "part\twater\twater\treset", "part\twater\twater\tin-order",
        "part\tmeals\tmeals\tundo", "hours\tday\ttoday\t8:00-12:00", "hours\tday\topen\t01",
        "hours\tday\topen", "service\twater\tpause\trepair", "service\twater\tpause\tboredom\t-",
        "notice\tset\t1795251000", "notice\tset\t停水", "notice\tset\t1795251000\t\u{202E}a",
        "reader\tgate-strike\treset", "reader\tgate-reader\tinstall", "box\twater\twater\topen",
    ])
    func `has no word for what only somebody on site can know, and one way of saying the others`(
        fields: String
    ) throws {
        let lodge = try Lodge([])
        let answer = lodge.bring(try hub.command(fields))
        guard case .refused(let refusal) = answer else {
            Issue.record("\(fields): \(String(describing: answer))")
            return
        }
        switch refusal {
        case .unknownCommand, .badArgument: break
        default: Issue.record("\(fields): \(refusal)")
        }
        #expect(!lodge.isKnown)
    }
}

extension Lodge {
    fileprivate func known(_ id: String) -> CommandLedger.Known? {
        ShortText(id).flatMap { station.command($0) }
    }
}
