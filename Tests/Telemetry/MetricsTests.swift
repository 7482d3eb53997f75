// Metrics as text. Tests/Integration/gateway-checks has independent parsers read them.

import Control
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import Control
@testable import Telemetry

private let openMetrics: HTTPFields = [
    .accept: "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"
]

private func metric(
    _ name: String, _ type: String, unit: String = "", _ samples: [SampleRecord]
) -> MetricRecord {
    var record = MetricRecord(Metric(name, .gauge, unit: unit, help: "Help."), samples)
    record.type = type
    return record
}

private func text(_ metrics: [MetricRecord], _ format: Exposition.Format) -> String {
    String(decoding: Exposition.text(metrics, format), as: UTF8.self)
}

@Suite struct `Metrics` {
    @Test func `of the station and of the gateway come together`() async throws {
        let source = StandInStation {
            $0.metrics = [metric("stationd_ready", "gauge", [SampleRecord(1)])]
        }
        let response = try await withGateway(source) { client async throws in
            _ = try await client.get("/v1/events")
            return try await client.get("/metrics")
        }
        #expect(response.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
        let lines = response.text.split(separator: "\n").map(String.init)
        #expect(lines.contains("stationd_ready 1"))
        #expect(lines.contains("station_gateway_station_up 1"))
        #expect(lines.contains("# TYPE station_gateway_requests_total counter"))
        #expect(
            lines.contains(#"station_gateway_requests_total{path="/v1/events",status="200"} 1"#))
        #expect(lines.contains { $0.hasPrefix("process_resident_memory_bytes ") })
    }

    @Test func `are there while the station is away, and say so`() async throws {
        let source = StandInStation { $0.failure = .closed }
        let response = try await withGateway(source) { try await $0.get("/metrics") }
        #expect(response.status == .ok)
        #expect(response.text.contains("station_gateway_station_up 0\n"))
        #expect(!response.text.contains("stationd_"))
    }

    @Test func `are OpenMetrics for those who ask for it`() async throws {
        let source = StandInStation {
            $0.metrics = [
                metric("stationd_uptime_seconds", "gauge", unit: "seconds", [SampleRecord(1.5)])
            ]
        }
        let response = try await withGateway(source) {
            try await $0.get("/metrics", openMetrics)
        }
        #expect(
            response.headers[.contentType]
                == "application/openmetrics-text; version=1.0.0; charset=utf-8")
        #expect(response.text.hasSuffix("# EOF\n"))
        #expect(response.text.contains("# UNIT stationd_uptime_seconds seconds\n"))
        #expect(response.text.contains("# TYPE station_gateway_requests counter\n"))
        #expect(response.text.contains("stationd_uptime_seconds 1.5\n"))
    }

    @Test func `have counters and infos named as each format wants them`() {
        let metrics = [
            metric("a", "counter", [SampleRecord(2)]),
            metric("b", "info", [SampleRecord(1, labels: ["version": "1"])]),
            metric("c", "strange", [SampleRecord(3)]),
        ]
        #expect(
            text(metrics, .prometheus) == """
                # HELP a_total Help.
                # TYPE a_total counter
                a_total 2
                # HELP b_info Help.
                # TYPE b_info gauge
                b_info{version="1"} 1
                # HELP c Help.
                # TYPE c untyped
                c 3

                """)
        #expect(
            text(metrics, .openMetrics) == """
                # HELP a Help.
                # TYPE a counter
                a_total 2
                # HELP b Help.
                # TYPE b info
                b_info{version="1"} 1
                # HELP c Help.
                # TYPE c unknown
                c 3
                # EOF

                """)
    }

    @Test func `stay valid whatever names, labels and values come in`() {
        let odd = [
            metric("0bad", "gauge", [SampleRecord(1)]),
            metric("bad name", "gauge", [SampleRecord(1)]),
            metric("", "gauge", [SampleRecord(1)]),
            metric(
                "good", "gauge",
                [
                    SampleRecord(
                        1, labels: ["a": "quote\" back\\ line\nend", "0": "x", "b-c": "y"]),
                    SampleRecord(2, labels: ["a": "quote\" back\\ line\nend"]),
                    SampleRecord(.infinity, labels: ["a": "驿"]),
                    SampleRecord(.nan), SampleRecord(-1e300, labels: ["a": "z"]),
                ]),
            metric("good", "gauge", [SampleRecord(5, labels: ["a": "more"])]),
        ]
        #expect(
            text(odd, .prometheus) == #"""
                # HELP good Help.
                # TYPE good gauge
                good{a="quote\" back\\ line\nend"} 1
                good{a="驿"} +Inf
                good NaN
                good{a="z"} -1e+300
                good{a="more"} 5

                """#)
    }

    @Test func `count time in buckets that include those below`() {
        let measures = GatewayMeasures(
            version: "test", connections: ConnectionCount(perClient: 1), waits: Places(1),
            watch: JournalWatch())
        measures.answered("/x", 200, after: .microseconds(900))
        measures.answered("/x", 200, after: .milliseconds(30))
        measures.answered("/x", 500, after: .seconds(60))
        let lines = text(measures.records(isStationUp: true), .openMetrics)
        for line in [
            #"station_gateway_request_duration_seconds_bucket{le="0.001",path="/x"} 1"#,
            #"station_gateway_request_duration_seconds_bucket{le="0.1",path="/x"} 2"#,
            #"station_gateway_request_duration_seconds_bucket{le="10.0",path="/x"} 2"#,
            #"station_gateway_request_duration_seconds_bucket{le="+Inf",path="/x"} 3"#,
            #"station_gateway_request_duration_seconds_count{path="/x"} 3"#,
            #"station_gateway_requests_total{path="/x",status="500"} 1"#,
        ] {
            #expect(lines.contains(line + "\n"))
        }
    }

    @Test func `have a bounded number of names for paths`() async throws {
        let response = try await withGateway(StandInStation()) { client async throws in
            for path in ["/a", "/b", "/v1/devices/x", "/v1/devices/y"] {
                _ = try await client.get(path)
            }
            return try await client.get("/metrics")
        }
        #expect(response.text.contains(#"{path="other",status="404"} 2"#))
        #expect(response.text.contains(#"{path="/v1/devices/{name}",status="404"} 2"#))
    }
}
