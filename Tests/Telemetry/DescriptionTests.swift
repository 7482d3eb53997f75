// The description is true: it is compared with the code that it describes.

import Control
import FoundationEssentials
import HTTPTypes
import HummingbirdTesting
import NIOCore
import StationCore
import Testing

@testable import Control
@testable import Telemetry

@Suite struct `The OpenAPI description` {
    let document: JSONValue

    init() throws { document = try JSONValue(OpenAPI.document.utf8) }

    private func schema(_ name: String) -> JSONValue? {
        document["components"]?["schemas"]?[name]
    }

    @Test func `has every path that the gateway answers, and no other`() {
        #expect(document["paths"]?.names == Set(Route.all.map(\.template)))
        #expect(document["openapi"]?.text == "3.1.0")
    }

    @Test func `has every parameter with the limits that hold`() throws {
        for route in Route.all {
            let parameters = document["paths"]?[route.template]?["get"]?["parameters"]?.list ?? []
            let inQuery = parameters.filter { $0["in"]?.text == "query" }
            #expect(inQuery.compactMap { $0["name"]?.text } == route.parameters)
        }
        let parameters = try #require(document["paths"]?["/v1/events"]?["get"]?["parameters"])
        #expect(parameters[1]?["schema"]?["maximum"]?.number == Double(GatewayLimits.batch))
        #expect(
            parameters[1]?["schema"]?["default"]?.number == Double(GatewayLimits.defaultBatch))
        #expect(parameters[2]?["schema"]?["maximum"]?.number == Double(GatewayLimits.wait))
    }

    @Test func `has every kind of problem`() {
        let kinds = schema("Problem")?["properties"]?["type"]?["enum"]?.list ?? []
        let expected = Problem.Kind.allCases.map { "urn:stationd:problem:" + $0.rawValue }
        #expect(kinds.compactMap(\.text) == expected)
    }

    @Test func `refers to nothing that is not there`() {
        var missing: [String] = []
        func look(_ value: JSONValue) {
            switch value {
            case .object(let members):
                if let reference = members["$ref"]?.text {
                    let names = reference.split(separator: "/").dropFirst()
                    let target = names.reduce(document as JSONValue?) { $0?[String($1)] }
                    if target == nil { missing.append(reference) }
                }
                for member in members.values { look(member) }
            case .list(let values): for value in values { look(value) }
            case .null, .bool, .number, .text: break
            }
        }
        look(document)
        #expect(missing.isEmpty)
    }

    @Test func `lets those in without a token who need none`() {
        for route in Route.all {
            let security = document["paths"]?[route.template]?["get"]?["security"]
            #expect((security == .list([])) == route.isOpen, "\(route.template)")
        }
    }

    /// The members of a value with nothing left out are those of its schema.
    private func expectSame(_ value: some Encodable, _ name: String) throws {
        let encoded = try JSONValue(JSONText.encode(value))
        let described = schema(name)
        #expect(described?["properties"]?.names == encoded.names, "\(name)")
        let required = Set(described?["required"]?.list.compactMap(\.text) ?? [])
        #expect(required.isSubset(of: encoded.names), "\(name)")
    }

    @Test func `has every member of every record`() throws {
        let station = StationRecord.sample
        let offer = StationOffer(services: [.sample], hours: [.sample])
        try expectSame(StationPage(station: station, offer: offer), "Station")
        try expectSame(StationPage.Service(.sample), "Service")
        try expectSame(HoursRecord.sample, "Hours")
        try expectSame(HoursRecord.sample.days[0], "HoursDay")
        try expectSame(station.name, "Text")
        try expectSame(station.clock, "Clock")
        try expectSame(station.roster, "Roster")
        try expectSame(RosterPage(station: station.id, station.roster), "RosterState")
        try expectSame(station.doors[0], "Door")
        try expectSame(station.journal, "Journal")
        let device = DeviceRecord.sample("a")
        try expectSame(device, "Device")
        try expectSame(device.faults[0], "Fault")
        try expectSame(CommandRecord.sample, "Command")
        try expectSame(NoticeRecord.sample, "Notice")
        let usage = UsageRecord.sample
        try expectSame(usage, "Usage")
        try expectSame(usage.totals[0], "UsageTotal")
        let day = CivilDate(dayNumber: 20_000)
        let question = try #require(UsageQuestion(from: day, to: day, by: .day))
        try expectSame(ListUsage.Reply(question), "UsageReport")
        var entry = EntryRecord.sample(1, store: "a1b2")
        try expectSame(CloudEvent(entry, station: "s"), "Event")
        entry.detail = .full
        entry.erased = true
        try expectSame(EntryData(entry: entry), "EntryData")
        let tombstone = TombstoneRecord(store: "a", first: 1, last: 2, reason: "retention")
        let event = try JSONValue(JSONText.encode(CloudEvent(tombstone, station: "s")))
        #expect(event["data"]?.names == schema("TombstoneData")?["properties"]?.names)
    }

    @Test func `has every member of a problem`() throws {
        var problem = Problem.tooManyWaits()
        problem.facts = Problem.Facts(
            parameter: "a", known: [], reason: "r", store: "s", oldest: 1, newest: 2, next: "n")
        let body = try JSONValue(problem.answer(path: "/").body)
        #expect(schema("Problem")?["properties"]?.names == body.names)
    }

    @Test func `has every member of the envelope and the small answers`() async throws {
        try await withGateway(StandInStation(entries: 1)) { client async throws in
            let envelope = try await client.get("/v1/events", [.accept: "application/json"])
            #expect(schema("Envelope")?["properties"]?.names == (try envelope.json().names))
            let alive = try await client.get("/healthz").json()
            #expect(schema("Alive")?["properties"]?.names == alive.names)
            let ready = try await client.get("/readyz").json()
            #expect(schema("Ready")?["properties"]?.names == ready.names)
            let batch = try await client.get("/v1/events")
            let fields = document["paths"]?["/v1/events"]?["get"]?["responses"]?["200"]?["headers"]
            for name in fields?.names ?? [] { #expect(batch.field(name) != nil, "\(name)") }
            let described = try await client.get("/openapi.json").json()
            #expect(described == document)
        }
    }
}

@Suite struct `The page about the HTTP interface` {
    let page: String

    init() throws {
        let here = URL(filePath: #filePath)
        let file = here.deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/http-api.md")
        page = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }

    @Test func `names every path, and who needs a token`() {
        for route in Route.all {
            let row = page.split(separator: "\n").first {
                $0.hasPrefix("| `\(route.template)` |")
            }
            #expect(row?.hasSuffix(route.isOpen ? "| no |" : "| yes |") == true)
        }
    }

    @Test func `has the limits that hold`() {
        func seconds(_ time: TimeAmount) -> Int64 { time.nanoseconds / 1_000_000_000 }
        let rows = [
            "| connections | \(GatewayLimits.connections) |",
            "| connections of one client | \(GatewayLimits.connectionsPerClient) |",
            "| silence of a connection | \(seconds(GatewayLimits.idle)) s |",
            "| time to read a response | \(seconds(GatewayLimits.unread)) s |",
            "| header fields | \(GatewayLimits.headerCount), "
                + "\(GatewayLimits.headerField) bytes each, \(GatewayLimits.headers) together |",
            "| requests of one client | \(Int(GatewayLimits.requestsPerSecond)) a second, "
                + "\(Int(GatewayLimits.requestBurst)) at once |",
            "| request body | none; a roster \(GatewayLimits.roster) bytes, within "
                + "\(seconds(GatewayLimits.upload)) s; a command "
                + "\(GatewayLimits.command) |",
            "| rosters that come or are judged | \(GatewayLimits.uploads) |",
            "| the station's judgement of a roster | \(seconds(GatewayLimits.judgement)) s |",
            "| requests that wait | \(GatewayLimits.waits) |",
            "| entries in a batch | \(GatewayLimits.batch) |",
            "| response | \(GatewayLimits.response) bytes |",
            "| the station's answer | \(seconds(GatewayLimits.answer)) s |",
            "| 1 to \(GatewayLimits.batch) | \(GatewayLimits.defaultBatch) |",
            "| 0 to \(GatewayLimits.wait) | 0 |",
        ]
        for row in rows { #expect(page.contains(row), "\(row)") }
    }

    @Test func `explains every attribute and every header field of a batch`() async throws {
        let batch = try await withGateway(StandInStation(entries: 1)) {
            try await $0.get("/v1/events")
        }
        let names = try batch.json()[0]?.names ?? []
        let standard: Set = ["specversion", "datacontenttype"]
        for name in names.subtracting(standard) { #expect(page.contains("`\(name)`"), "\(name)") }
        for name in ["id", "store", "oldest", "newest", "next", "tombstones"] {
            #expect(page.contains("station-" + name + ": "), "\(name)")
        }
    }
}
