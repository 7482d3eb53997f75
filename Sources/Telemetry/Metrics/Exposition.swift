// Metrics as text: Prometheus 0.0.4, and OpenMetrics 1.0 for those who ask for it.

import Control

/// Writes metrics. Whatever comes in, valid text goes out: wrong names are left out, not repaired.
enum Exposition {
    enum Format: Sendable {
        /// prometheus.io, "Exposition formats", text-based format.
        case prometheus
        /// OpenMetrics 1.0.0: counters end in `_total`, units are declared, `# EOF` ends the text.
        case openMetrics

        var mediaType: String {
            switch self {
            case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
            case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
            }
        }

        /// OpenMetrics for those who like it better, Prometheus' own text for everybody else.
        init(_ accept: Accept) {
            let openMetrics = "application/openmetrics-text"
            self =
                accept.best(of: ["text/plain", openMetrics]) == openMetrics
                ? .openMetrics : .prometheus
        }
    }

    /// All metrics, each name once, in the order of their first appearance.
    static func text(_ metrics: [MetricRecord], _ format: Format) -> [UInt8] {
        var merged: [MetricRecord] = []
        var places: [String: Int] = [:]
        for metric in metrics where isName(metric.name) {
            if let place = places[metric.name] {
                merged[place].samples += metric.samples
            } else {
                places[metric.name] = merged.count
                merged.append(metric)
            }
        }
        var text = ""
        for metric in merged { write(metric, format, to: &text) }
        if format == .openMetrics { text += "# EOF\n" }
        return Array(text.utf8)
    }

    private static func write(_ metric: MetricRecord, _ format: Format, to text: inout String) {
        let family = Family(metric, format)
        text += "# HELP \(family.name) \(escaped(metric.help, quotes: format == .openMetrics))\n"
        text += "# TYPE \(family.name) \(family.type)\n"
        let isUnit = !metric.unit.isEmpty && metric.name.hasSuffix("_" + metric.unit)
        if format == .openMetrics, isUnit, family.mayHaveUnit {
            text += "# UNIT \(family.name) \(metric.unit)\n"
        }
        var written: Set<String> = []
        for sample in metric.samples {
            let line = family.sampleName(sample) + labels(sample.labels)
            guard written.insert(line).inserted else { continue }
            text += "\(line) \(number(sample.value))\n"
        }
    }

    /// What a metric is called in a format, and what its samples are.
    private struct Family {
        var name: String
        var type: String
        /// After every sample's name.
        var suffix: String
        /// An info metric has none (OpenMetrics 1.0.0, "Info").
        var mayHaveUnit: Bool

        init(_ metric: MetricRecord, _ format: Format) {
            let isOpen = format == .openMetrics
            mayHaveUnit = metric.type != "info"
            switch metric.type {
            case "counter":
                suffix = "_total"
                type = "counter"
            case "info":
                suffix = "_info"
                type = isOpen ? "info" : "gauge"
            case "gauge", "histogram":
                suffix = ""
                type = metric.type
            default:
                suffix = ""
                type = isOpen ? "unknown" : "untyped"
            }
            name = isOpen ? metric.name : metric.name + suffix
            if isOpen { return }
            suffix = ""
        }

        func sampleName(_ sample: SampleRecord) -> String {
            name + suffix + (sample.suffix.map { "_" + $0 } ?? "")
        }
    }

    private static func labels(_ labels: [String: String]) -> String {
        let pairs = labels.filter { isName($0.key) && !$0.key.contains(":") }
            .sorted { $0.key < $1.key }
            .map { $0.key + "=\"" + escaped($0.value, quotes: true) + "\"" }
        return pairs.isEmpty ? "" : "{" + pairs.joined(separator: ",") + "}"
    }

    /// `[a-zA-Z_:][a-zA-Z0-9_:]*`
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: ":"):
                true
            default: false
            }
        }
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return String(value)
    }
}
