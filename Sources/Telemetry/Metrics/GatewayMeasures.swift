// What the gateway counts about itself, and how it is declared.

import Control
import NIOConcurrencyHelpers
import NIOCore

/// Counters that every connection's thread may touch.
final class GatewayMeasures: Sendable {
    /// Which limit a request or a connection met.
    enum Limit: String, CaseIterable, Sendable {
        case connections, unread, headers, body, unreadable, rate, host, token
    }

    private struct Duration {
        var counts = [Int](repeating: 0, count: GatewayMeasures.bounds.count + 1)
        var sum = 0.0
    }

    private struct Counts {
        var answers: [Key: Int] = [:]
        var durations: [String: Duration] = [:]
        var refusals: [Limit: Int] = [:]
        var events = 0
        var batches = 0
    }

    private struct Key: Hashable {
        var path: String
        var status: Int
    }

    /// Upper bounds of the histogram's buckets, in seconds.
    static let bounds = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10]

    private let counts = NIOLockedValueBox(Counts())
    private let connections: ConnectionCount
    private let waits: Places
    private let watch: JournalWatch
    private let version: String

    init(
        version: String, connections: ConnectionCount, waits: Places, watch: JournalWatch
    ) {
        self.version = version
        self.connections = connections
        self.waits = waits
        self.watch = watch
    }

    // MARK: Counting

    /// - Parameters:
    ///   - path: a route's template.
    ///   - time: from the request to its answer, waiting for news excluded.
    func answered(_ path: String, _ status: Int, after time: TimeAmount) {
        let seconds = Double(time.nanoseconds) / 1e9
        let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        counts.withLockedValue { counts in
            counts.answers[Key(path: path, status: status), default: 0] += 1
            counts.durations[path, default: Duration()].counts[bucket] += 1
            counts.durations[path, default: Duration()].sum += seconds
        }
    }

    func refused(_ limit: Limit) {
        counts.withLockedValue { $0.refusals[limit, default: 0] += 1 }
    }

    func sent(_ batch: EventBatch) {
        counts.withLockedValue { counts in
            counts.batches += 1
            counts.events += batch.events.count
        }
    }

    // MARK: Telling

    /// - Parameter isStationUp: whether the station's own metrics could be had just now.
    func records(isStationUp: Bool) -> [MetricRecord] {
        let counts = counts.withLockedValue { $0 }
        let answers = counts.answers.sorted {
            ($0.key.path, $0.key.status) < ($1.key.path, $1.key.status)
        }
        .map { key, count in
            SampleRecord(
                Double(count), labels: ["path": key.path, "status": String(key.status)])
        }
        let refusals = Limit.allCases.map {
            SampleRecord(Double(counts.refusals[$0] ?? 0), labels: ["limit": $0.rawValue])
        }
        return [
            MetricRecord(
                GatewayMetric.build, [SampleRecord(1, labels: ["version": version])]),
            MetricRecord(GatewayMetric.stationUp, [SampleRecord(isStationUp ? 1 : 0)]),
            MetricRecord(
                GatewayMetric.stationConnects, [SampleRecord(Double(watch.reconnects))]),
            MetricRecord(GatewayMetric.requests, answers),
            MetricRecord(GatewayMetric.duration, durations(counts)),
            MetricRecord(GatewayMetric.refusals, refusals),
            MetricRecord(GatewayMetric.connections, [SampleRecord(Double(connections.total))]),
            MetricRecord(GatewayMetric.waits, [SampleRecord(Double(waits.taken))]),
            MetricRecord(GatewayMetric.batches, [SampleRecord(Double(counts.batches))]),
            MetricRecord(GatewayMetric.events, [SampleRecord(Double(counts.events))]),
        ] + ProcessMetric.records()
    }

    private func durations(_ counts: Counts) -> [SampleRecord] {
        counts.durations.sorted { $0.key < $1.key }.flatMap { path, duration in
            var sum = 0
            let bounds = Self.bounds.map { String($0) } + ["+Inf"]
            let buckets = zip(bounds, duration.counts).map { bound, count in
                sum += count
                return SampleRecord(
                    Double(sum), suffix: "bucket", labels: ["path": path, "le": bound])
            }
            return buckets + [
                SampleRecord(duration.sum, suffix: "sum", labels: ["path": path]),
                SampleRecord(Double(sum), suffix: "count", labels: ["path": path]),
            ]
        }
    }
}

/// The gateway's own metrics.
enum GatewayMetric {
    static let build = Metric(
        "station_gateway_build", .info, help: "Always 1; the version is a label.")
    static let stationUp = Metric(
        "station_gateway_station_up", .gauge,
        help: "1 when stationd gave its metrics for this scrape.")
    static let stationConnects = Metric(
        "station_gateway_station_connects", .counter, help: "How often stationd was reached.")
    static let requests = Metric(
        "station_gateway_requests", .counter, help: "Requests answered.")
    static let duration = Metric(
        "station_gateway_request_duration_seconds", .histogram, unit: "seconds",
        help: "Time to an answer, without the time that a request waited for entries.")
    static let refusals = Metric(
        "station_gateway_refusals", .counter, help: "Requests and connections refused, by limit.")
    static let connections = Metric(
        "station_gateway_connections", .gauge, help: "Open connections.")
    static let waits = Metric(
        "station_gateway_waiting_requests", .gauge, help: "Requests that wait for entries.")
    static let batches = Metric(
        "station_gateway_batches", .counter, help: "Batches of events sent.")
    static let events = Metric(
        "station_gateway_events", .counter, help: "Events sent.")
}
