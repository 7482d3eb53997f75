// The journal over HTTP: batches, cursors, tombstones.

import Control
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import Telemetry

@Suite struct `The events of a station` {
    @Test func `are CloudEvents with the journal's own words`() async throws {
        let source = StandInStation(entries: 1)
        let response = try await withGateway(source) { try await $0.get("/v1/events") }

        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == "application/cloudevents-batch+json")
        let event = try #require(try response.json()[0])
        #expect(event["specversion"]?.text == "1.0")
        #expect(event["id"]?.text == "1")
        #expect(event["source"]?.text == "/station/kaiyuan-warm-key/a1b2")
        #expect(event["type"]?.text == "io.stationd.access.granted")
        #expect(event["subject"]?.text == "north-gate")
        #expect(event["time"]?.text == "2026-11-21T21:01:49.123+08:00")
        #expect(event["sequence"]?.text == "00000000000000000001")
        #expect(event["bootid"]?.text == "b007")
        #expect(event["monotime"]?.text == "9000000001")
        #expect(event["timequality"]?.text == "synced")
        #expect(event["priority"]?.number == 0)
        #expect(event["chain"]?.text == "cafe")
        #expect(event["data"]?["view"]?.text == "10H")
        #expect(event["data"]?["key"]?.text == "k-1")
        #expect(event["data"]?["holder"]?.text == "h-1")
        #expect(event["data"]?["erased"] == nil)
    }

    @Test func `come with what a hub needs to go on`() async throws {
        let source = StandInStation(entries: 5)
        let response = try await withGateway(source) {
            try await $0.get("/v1/events?after=a1b2:1&limit=2")
        }

        #expect(try response.sequences() == [2, 3])
        #expect(response.field("station-id") == "kaiyuan-warm-key")
        #expect(response.field("station-store") == "a1b2")
        #expect(response.field("station-oldest") == "1")
        #expect(response.field("station-newest") == "5")
        #expect(response.field("station-next") == "a1b2:3")
        #expect(response.field("station-tombstones") == "0")
    }

    @Test func `are read without a gap, whatever the size of a batch`() async throws {
        for limit in [1, 20, 64, 65, 500] {
            let source = StandInStation(entries: 1_003) { $0.widestPage = 48 }
            let sequences = try await withGateway(source) { client async throws in
                var sequences: [Int64] = []
                var after = ""
                while sequences.count < 2_000 {
                    let response = try await client.get("/v1/events?limit=\(limit)\(after)")
                    let batch = try response.sequences()
                    #expect(batch.count <= limit)
                    if batch.isEmpty { break }
                    sequences += batch
                    after = "&after=" + (response.field("station-next") ?? "")
                    if limit == 1, sequences.count == 60 { return sequences }
                }
                return sequences
            }
            #expect(sequences == Array(1...Int64(limit == 1 ? 60 : 1_003)))
        }
    }

    @Test func `are 100 at a time when nobody says how many`() async throws {
        let source = StandInStation(entries: 130)
        let response = try await withGateway(source) { try await $0.get("/v1/events") }
        #expect(try response.sequences() == Array(1...100))
    }

    @Test func `say what is gone, as an event at its place`() async throws {
        let source = StandInStation(entries: 6) { state in
            state.entries.removeAll { (3...4).contains($0.sequence) }
            state.tombstones = [
                TombstoneRecord(store: "a1b2", first: 3, last: 4, reason: "retention")
            ]
        }
        let response = try await withGateway(source) { try await $0.get("/v1/events") }

        let events = try response.json()
        #expect(events.list.map { $0["id"]?.text } == ["1", "2", "3-4", "5", "6"])
        #expect(events[2]?["type"]?.text == "io.stationd.journal.tombstone")
        #expect(events[2]?["sequence"]?.text == "00000000000000000004")
        #expect(events[2]?["data"]?["count"]?.number == 2)
        #expect(events[2]?["data"]?["reason"]?.text == "retention")
        #expect(response.field("station-tombstones") == "1")
        #expect(response.field("station-next") == "a1b2:6")
    }

    @Test func `are in the envelope what they are in the batch`() async throws {
        let source = StandInStation(entries: 3)
        let (batch, envelope) = try await withGateway(source) { client async throws in
            (
                try await client.get("/v1/events"),
                try await client.get("/v1/events", [.accept: "application/json"])
            )
        }

        #expect(envelope.headers[.contentType] == "application/json")
        #expect(try envelope.json()["events"] == batch.json())
        #expect(try envelope.json()["next"]?.text == batch.field("station-next"))
        #expect(try envelope.json()["newest"]?.number == 3)
        #expect(try envelope.json()["station"]?.text == "kaiyuan-warm-key")
    }

    @Test func `are an empty batch when there is nothing`() async throws {
        let response = try await withGateway(StandInStation()) {
            try await $0.get("/v1/events")
        }
        #expect(response.status == .ok)
        #expect(response.text == "[]")
        #expect(response.field("station-next") == "a1b2:0")
    }

    @Test func `that were read before the station went away are not lost`() async throws {
        let source = StandInStation(entries: 100) {
            $0.widestPage = 10
            $0.failsAfter = 3
        }
        let response = try await withGateway(source) { try await $0.get("/v1/events") }
        #expect(try response.sequences() == Array(1...30))
        #expect(response.field("station-next") == "a1b2:30")
    }

    @Test func `keep within the size of one response`() async throws {
        let long = String(repeating: "长", count: 20_000)
        let source = StandInStation(entries: 100) { state in
            for place in state.entries.indices { state.entries[place].detail.view = long }
            state.widestPage = 5
        }
        let response = try await withGateway(source) { try await $0.get("/v1/events") }
        #expect(response.body.readableBytes <= GatewayLimits.response + 2)
        #expect(try response.sequences() == Array(1...15))
        #expect(response.field("station-next") == "a1b2:15")
    }

    @Test func `say when key and holder were erased`() async throws {
        let source = StandInStation(entries: 1) { state in
            state.entries[0].erased = true
            state.entries[0].key = nil
            state.entries[0].holder = nil
        }
        let response = try await withGateway(source) { try await $0.get("/v1/events") }
        let data = try response.json()[0]?["data"]
        #expect(data?["erased"] == .bool(true))
        #expect(data?["key"] == nil)
        #expect(data?["holder"] == nil)
    }

    @Test func `name their source with every character escaped that needs it`() {
        #expect(
            CloudEvent.source(station: "驿 1/2", store: "a%b")
                == "/station/%E9%A9%BF%201%2F2/a%25b")
    }
}

@Suite struct `A cursor` {
    @Test func `of another store is gone, and the answer says where to go on`() async throws {
        let response = try await withGateway(StandInStation(entries: 5)) {
            try await $0.get("/v1/events?after=other:3")
        }
        #expect(response.status == .gone)
        #expect(response.headers[.contentType] == "application/problem+json")
        #expect(response.problem == "cursor-of-another-store")
        let problem = try response.json()
        #expect(problem["next"]?.text == "a1b2:0")
        #expect(problem["store"]?.text == "a1b2")
        #expect(problem["newest"]?.number == 5)
        #expect(problem["en"]?["detail"]?.text?.contains("after=a1b2:0") == true)
        #expect(problem["zh"]?["detail"]?.text?.contains("after=a1b2:0") == true)
    }

    @Test func `beyond the newest entry is a conflict: an older copy of the card`() async throws {
        let response = try await withGateway(StandInStation(entries: 5)) {
            try await $0.get("/v1/events?after=a1b2:6")
        }
        #expect(response.status == .conflict)
        #expect(response.problem == "cursor-ahead")
        #expect(try response.json()["next"]?.text == "a1b2:5")
    }

    @Test(arguments: [
        "after=", "after=:", "after=a1b2", "after=a1b2:", "after=a1b2:-1", "after=a1b2:x",
        "after=:5", "after=a1b2:99999999999999999999", "after=a%20b:1", "after=%E9:1",
        "after=a1b2%00:1", "limit=0", "limit=501", "limit=-1", "limit=1e2", "limit=+5",
        "limit=", "limit=99999999999999999999", "limit=0x10", "limit=%31%", "wait=31",
        "wait=-1", "wait=forever", "wait=1.5", "limit=5&limit=5", "nonsense=1", "Limit=5",
        "%FF=1", "=1",
    ])
    func `or another parameter that is wrong is told with what was expected`(
        _ query: String
    ) async throws {
        let response = try await withGateway(StandInStation(entries: 5)) {
            try await $0.get("/v1/events?" + query)
        }
        #expect(response.status == .badRequest)
        #expect(response.problem == "bad-parameter")
        #expect(try response.json()["zh"]?["detail"]?.text?.isEmpty == false)
    }

    @Test(arguments: [
        "", "&", "limit=5", "limit=%35", "after=a1b2%3A1", "after=a1b2:0", "wait=0",
        "limit=500&wait=0&after=a1b2:5",
    ])
    func `and other parameters may be written in every regular way`(
        _ query: String
    ) async throws {
        let response = try await withGateway(StandInStation(entries: 5)) {
            try await $0.get("/v1/events?" + query)
        }
        #expect(response.status == .ok)
    }
}
