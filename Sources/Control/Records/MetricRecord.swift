// Metrics as the socket shows them: ready to be printed as Prometheus or OpenMetrics text.

/// A metric's declaration: one `static let` each, never typed by hand where it is measured.
public struct Metric: Equatable, Sendable {
    /// `info` is always 1, and says with its labels what something is.
    public enum Kind: String, Sendable { case counter, gauge, histogram, info }

    /// With the prefix `stationd_` and the unit, without `_total`.
    public let name: String
    public let kind: Kind
    /// OpenMetrics' word, such as `seconds`; empty for none.
    public let unit: String
    public let help: String

    public init(_ name: String, _ kind: Kind, unit: String = "", help: String) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.help = help
    }
}

/// One value of a metric.
public struct SampleRecord: Codable, Equatable, Sendable {
    /// `bucket`, `sum` or `count` of a histogram, else nothing.
    public var suffix: String?
    public var labels: [String: String]
    public var value: Double

    public init(_ value: Double, suffix: String? = nil, labels: [String: String] = [:]) {
        self.suffix = suffix
        self.labels = labels
        self.value = value
    }
}

/// A metric with its samples.
public struct MetricRecord: Codable, Equatable, Sendable {
    public var name: String
    public var help: String
    /// `counter`, `gauge`, `histogram` or `info`.
    public var type: String
    public var unit: String
    public var samples: [SampleRecord]

    public init(_ metric: Metric, _ samples: [SampleRecord]) {
        name = metric.name
        help = metric.help
        type = metric.kind.rawValue
        unit = metric.unit
        self.samples = samples
    }

    /// The same metric in pieces of at most `count` samples.
    func split(_ count: Int) -> [MetricRecord] {
        guard samples.count > count else { return [self] }
        return stride(from: 0, to: samples.count, by: count).map { first in
            var piece = self
            piece.samples = Array(samples[first..<min(first + count, samples.count)])
            return piece
        }
    }
}
