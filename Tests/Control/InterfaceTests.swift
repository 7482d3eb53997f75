// The published interface, its file for people and the Swift types say the same.

import FoundationEssentials
import StationCore
import Testing

@testable import Control

/// Reads just enough of an interface: each member's kind, name and the names of its fields.
private struct InterfaceText {
    var types: [String: [String]] = [:]
    var methods: [String: (parameters: [String], reply: [String])] = [:]
    var errors: [String: [String]] = [:]

    init(_ text: String) {
        let code = text.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("#") }
        let words = code.joined(separator: " ")
        for kind in ["type", "method", "error"] {
            for match in words.ranges(of: " \(kind) ") {
                let rest = words[match.upperBound...]
                let name = String(rest.prefix { $0.isLetter })
                var lists = Self.lists(rest.dropFirst(name.count))
                let first = lists.isEmpty ? [] : lists.removeFirst()
                switch kind {
                case "type": types[name] = first
                case "error": errors[name] = first
                default: methods[name] = (first, lists.first ?? [])
                }
            }
        }
    }

    /// The first two parenthesised lists, as far as they belong together.
    private static func lists(_ text: Substring) -> [[String]] {
        var found: [[String]] = []
        var rest = text
        while found.count < 2, let open = rest.firstIndex(of: "("),
            rest[..<open].allSatisfy({ " ->".contains($0) }),
            let end = rest.firstIndex(of: ")")
        {
            let fields = rest[rest.index(after: open)..<end].split(separator: ",")
            found.append(
                fields.compactMap { field in
                    field.split(separator: ":").first.map { String($0.filter { $0 != " " }) }
                }.filter { !$0.isEmpty })
            rest = rest[rest.index(after: end)...]
        }
        return found
    }
}

@Suite struct `The published interface` {
    private let interface = InterfaceText(ControlInterface.stationText)

    /// The names that a value has on the wire.
    private func names(_ value: some Encodable) throws -> Set<String> {
        let bytes = try JSONEncoder().encode(value)
        return Set(try JSONDecoder().decode([String: Anything].self, from: bytes).keys)
    }

    private struct Anything: Decodable { init(from decoder: any Decoder) {} }

    @Test func `is the file for people, byte for byte`() throws {
        let path = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let file = try Data(contentsOf: URL(filePath: "/" + path + "/docs/io.stationd.varlink"))
        #expect(String(decoding: file, as: UTF8.self) == ControlInterface.stationText)
    }

    @Test func `has the methods that the service serves`() {
        let served = MethodName.allCases.map(\.rawValue).filter { $0.hasPrefix("io.stationd.") }
        #expect(Set(served) == Set(interface.methods.keys.map { "io.stationd." + $0 }))
    }

    @Test func `has the parameters that the service takes`() {
        func check<Method: ControlMethod>(_ method: Method.Type) {
            let short = String(Method.name.rawValue.split(separator: ".").last ?? "")
            #expect(
                Set(interface.methods[short]?.parameters ?? ["?"]) == Set(Method.Parameters.names))
        }
        check(GetStation.self)
        check(ListDevices.self)
        check(ReadEntries.self)
        check(ListUsage.self)
        check(VerifyJournal.self)
        check(ImportRoster.self)
        check(ApplyRoster.self)
        check(GetRoster.self)
        check(CreateKey.self)
        check(InstallKey.self)
        check(IssuePass.self)
        check(EnrolCard.self)
        check(CancelEnrolment.self)
        check(WithdrawCards.self)
        check(TellKey.self)
        check(GetMetrics.self)
        check(Tap.self)
        check(CommandDoor.self)
        check(PerformAction.self)
        check(ResetGuard.self)
        check(ListBoxes.self)
        check(TellBox.self)
        check(ListServices.self)
        check(TellService.self)
        check(PauseService.self)
        check(ResumeService.self)
        check(ListHours.self)
        check(ChangeHours.self)
        check(SetNotice.self)
        check(ClearNotice.self)
        check(RunCommand.self)
        check(GetCommand.self)
        check(WatchCard.self)
        check(TestReader.self)
        check(ResetReader.self)
        check(InstallReader.self)
        check(MoveReader.self)
        check(Activate.self)
    }

    @Test func `has the fields that records have`() throws {
        let sample = Sample.station
        let pairs: [(String, any Encodable)] = [
            ("Station", sample), ("Text", sample.name), ("Clock", sample.clock),
            ("Roster", sample.roster), ("Door", sample.doors[0]), ("Journal", sample.journal),
            ("Device", Sample.device), ("Fault", Sample.device.faults[0]),
            ("Point", Sample.point), ("Action", Sample.action),
            ("Argument", Sample.action.arguments[0]), ("Guard", Sample.guardRecord),
            ("Box", Sample.box), ("Usage", Sample.usage), ("UsageTotal", Sample.usage.totals[0]),
            ("Service", Sample.service), ("Part", Sample.service.parts[0]),
            ("Command", Sample.command), ("Notice", Sample.notice), ("Hours", Sample.hours),
            ("Day", Sample.hours.days[0]),
            ("Entry", Sample.entry), ("Detail", Sample.entry.detail),
            ("Tombstone", TombstoneRecord(store: "s", first: 1, last: 2, reason: "size")),
            (
                "Sample", SampleRecord(1, suffix: "sum", labels: [:])
            ),
            ("Card", Sample.card), ("Metric", MetricRecord(MetricCatalog.ready, [])),
            (
                "Verdict",
                VerdictRecord(
                    line: 1, key: "k", accepted: false, reason: "r", column: "c",
                    text: sample.name)
            ),
            (
                "Key",
                KeyRecord(
                    key: "k", holder: "h", state: "lost", told: "lost", doors: [], validFrom: 1,
                    validTo: 2,
                    rights: "v", role: "master", services: [], hours: "d", quota: "q")
            ),
        ]
        for (type, value) in pairs {
            #expect(try names(value) == Set(interface.types[type] ?? []), "\(type)")
        }
        #expect(Set(pairs.map(\.0)) == Set(interface.types.keys))
    }

    @Test func `has the fields that replies have`() throws {
        let roster = Sample.station.roster
        let pairs: [(String, any Encodable)] = [
            ("GetStation", GetStation.Reply(station: Sample.station)),
            ("ListDevices", ListDevices.Reply(devices: [])),
            ("ListServices", ListServices.Reply(services: [])),
            ("ListHours", ListHours.Reply(hours: [])),
            (
                "ReadEntries",
                ReadEntries.Reply(
                    entries: [], store: "", oldest: 0, newest: 0, next: "", tombstones: [])
            ),
            (
                "ListUsage",
                ListUsage.Reply(
                    UsageQuestion(
                        from: CivilDate(dayNumber: 0), to: CivilDate(dayNumber: 0), by: .day)!)
            ),
            (
                "VerifyJournal",
                VerificationRecord(
                    ok: false, checked: 1, firstBroken: 1, reason: "", store: "", oldest: 1,
                    newest: 1, head: "")
            ),
            (
                "ImportRoster",
                ImportRoster.Reply(
                    applied: true, accepted: 0, refused: 0, roster: roster, verdicts: [],
                    unlisted: 0)
            ),
            ("ApplyRoster", ApplyRoster.Reply(roster: roster)),
            ("GetRoster", GetRoster.Reply(roster: roster, enrolled: 0, keys: [], next: "")),
            ("CreateKey", CreateKey.Reply(epoch: "")),
            ("InstallKey", InstallKey.Reply(epoch: "")),
            ("IssuePass", IssuePass.Reply(pass: "", issuer: "")),
            ("GetMetrics", GetMetrics.Reply(metrics: [])),
            ("RunCommand", RunCommand.Reply(command: Sample.command)),
            ("GetCommand", GetCommand.Reply(command: Sample.command)),
            ("WatchCard", WatchCard.Reply(card: Sample.card, next: 7)), ("Tap", Done()),
            ("CommandDoor", CommandDoor.Reply(mode: "", written: true)),
            ("PerformAction", PerformAction.Reply(order: 1, outcome: "", written: true)),
            ("ResetGuard", Done()), ("TestReader", Done()), ("TellBox", Done()),
            ("ListBoxes", ListBoxes.Reply(boxes: [])),
            ("ResetReader", Done()),
            ("InstallReader", Done()), ("MoveReader", Done()),
            ("Activate", Activate.Reply(stopping: true)),
        ]
        for (method, value) in pairs {
            #expect(
                try names(value) == Set(interface.methods[method]?.reply ?? ["?"]), "\(method)")
        }
    }

    @Test func `has the errors that the service answers with, parameters and all`() throws {
        var seen: Set<String> = []
        for error in Sample.errors where error.name.hasPrefix("io.stationd.") {
            let short = String(error.name.dropFirst("io.stationd.".count))
            seen.insert(short)
            #expect(
                try names(error.parameters) == Set(interface.errors[short] ?? ["?"]), "\(short)")
        }
        #expect(seen == Set(interface.errors.keys))
    }

    @Test(arguments: Sample.errors) func `brings every error back as it was`(
        error: ControlError
    ) {
        #expect(ControlError(name: error.name, parameters: error.parameters) == error)
    }
}
