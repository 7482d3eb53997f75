// What was used, over HTTP.

import Control
import HTTPTypes
import HummingbirdTesting
import NIOCore
import NIOPosix
import StationCore
import Testing

@testable import Telemetry

@Suite struct `The gateway's totals` {
    @Test func `are those of the days that were asked for`() async throws {
        try await withGateway(StandInStation()) { client async throws in
            let response = try await client.get(
                "/v1/usage?from=2026-11-01&to=2026-11-07&by=hour")
            #expect(response.status == .ok)
            #expect(response.headers[.contentType] == "application/json")
            let report = try response.json()
            #expect(report["from"]?.text == "2026-11-01")
            #expect(report["to"]?.text == "2026-11-07")
            #expect(report["by"]?.text == "hour")
            let record = report["usage"]?[0]
            #expect(record?["name"]?.text == "lockers")
            #expect(record?["label"]?["zh"]?.text == "柜子")
            #expect(record?["totals"]?[0]?["uses"]?.number == 3)
            let byDay = try await client.get("/v1/usage?from=2026-11-01&to=2026-11-01").json()
            #expect(byDay["by"]?.text == "day")
        }
    }

    @Test(arguments: [
        ("", "from"), ("from=2026-11-01", "to"), ("to=2026-11-01", "from"),
        ("from=2026-11-31&to=2026-12-01", "from"), ("from=20261101&to=2026-12-01", "from"),
        ("from=2026-11-02&to=2026-11-01", "to"), ("from=&to=2026-11-01", "from"),
        ("from=2026-01-01&to=2026-11-01", "to"), ("from=2026-11-01&to=2026-11-08&by=hour", "to"),
        ("from=2022-11-01&to=2026-11-08&by=service", "to"),
        ("from=2026-11-01&to=2026-11-01&by=month", "by"),
        ("from=2026-11-01&to=2026-11-01&service=a", "service"),
        ("from=2026-11-01&from=2026-11-01&to=2026-11-01", "from"),
    ])
    func `have parameters that are looked at closely`(
        _ query: String, _ parameter: String
    ) async throws {
        let response = try await withGateway(StandInStation()) {
            try await $0.get("/v1/usage?" + query)
        }
        #expect(response.status == .badRequest)
        #expect(response.problem == "bad-parameter")
        #expect(try response.json()["parameter"]?.text == parameter)
        #expect(try response.json()["zh"]?["detail"]?.text?.isEmpty == false)
    }

    @Test func `need a token where there are tokens, and a journal that can be read`() async throws
    {
        let path = "/v1/usage?from=2026-11-01&to=2026-11-01"
        let (_, line) = Tokens.make(for: "hub")
        let guarded = try await withGateway(StandInStation(), tokens: try Tokens(line)) {
            try await $0.get(path)
        }
        #expect(guarded.status == .unauthorized)
        let source = StandInStation {
            $0.failure = .refused(.journalUnavailable(state: "opening"))
        }
        let away = try await withGateway(source) { try await $0.get(path) }
        #expect(away.problem == "journal-away")
    }

    @Test func `that no answer holds are asked for in parts`() async throws {
        let source = StandInStation {
            $0.usage = Array(repeating: .sample, count: 6_000)
        }
        let response = try await withGateway(source) {
            try await $0.get("/v1/usage?from=2026-11-01&to=2026-11-01")
        }
        #expect(response.status == .badRequest)
        #expect(try response.json()["parameter"]?.text == "to")
    }
}
