// What the core counts, as metrics: each declared once, with its unit and its sentence.

public import Control
import EventLoop
public import StationCore

/// The core's own metrics, besides those that the control socket makes of snapshots.
public enum CoreMetrics {
    static let edges = Metric(
        "stationd_edges", .counter, help: "Edges read from GPIO lines.")
    static let edgesLost = Metric(
        "stationd_edges_lost", .counter, help: "Edges the kernel dropped before they were read.")
    static let taps = Metric("stationd_taps", .counter, help: "Credentials presented at doors.")
    static let grants = Metric("stationd_grants", .counter, help: "Taps that were let through.")
    static let denials = Metric(
        "stationd_denials", .counter, help: "Taps that were not let through, by reason.")
    static let misreads = Metric(
        "stationd_misreads", .counter, help: "Reads that were no credential, by diagnosis.")
    static let releases = Metric("stationd_releases", .counter, help: "Locks freed.")
    static let undurable = Metric(
        "stationd_undurable_releases", .counter,
        help: "Locks freed before the grant was durable.")
    static let entries = Metric("stationd_entries", .counter, help: "Journal entries made.")
    static let entriesLost = Metric(
        "stationd_entries_lost", .counter, help: "Journal entries dropped before the journal.")
    static let latency = Metric(
        "stationd_release_latency_seconds", .histogram, unit: "seconds",
        help: "From a card's last edge to its release.")

    /// All of them, with their samples.
    public static func records(_ counters: Counters) -> [MetricRecord] {
        [
            plain(edges, counters.edges), plain(edgesLost, counters.edgesLost),
            plain(taps, counters.taps), plain(grants, counters.grants),
            MetricRecord(
                denials,
                Denial.allCases.map {
                    SampleRecord(
                        Double(counters.denials[Int($0.rawValue)]), labels: ["reason": $0.name])
                }),
            MetricRecord(
                misreads,
                ReadDiagnosis.allCases.map {
                    SampleRecord(
                        Double(counters.diagnoses[Int($0.rawValue)]),
                        labels: ["diagnosis": $0.name])
                }),
            plain(releases, counters.releases), plain(undurable, counters.undurableReleases),
            plain(entries, counters.entries), plain(entriesLost, counters.entriesLost),
            MetricRecord(latency, samples(of: counters.releaseLatency)),
        ]
    }

    private static func plain(_ metric: Metric, _ value: UInt64) -> MetricRecord {
        MetricRecord(metric, [SampleRecord(Double(value))])
    }

    /// Cumulative buckets as Prometheus wants them, bounds in seconds.
    private static func samples(of histogram: Histogram) -> [SampleRecord] {
        var samples: [SampleRecord] = []
        var sum: UInt64 = 0
        for bucket in 0..<Histogram.bucketCount - 1 {
            sum += histogram.buckets[bucket]
            let bound = Double(UInt64(1) << UInt64(bucket)) / 1_000_000
            samples.append(
                SampleRecord(Double(sum), suffix: "bucket", labels: ["le": "\(bound)"]))
        }
        samples.append(
            SampleRecord(Double(histogram.count), suffix: "bucket", labels: ["le": "+Inf"]))
        samples.append(
            SampleRecord(Double(histogram.sumMicroseconds) / 1_000_000, suffix: "sum"))
        samples.append(SampleRecord(Double(histogram.count), suffix: "count"))
        return samples
    }
}
