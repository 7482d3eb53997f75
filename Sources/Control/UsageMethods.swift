// The method about what was used: totals of days, of hours, or of a whole span.

public import StationCore

/// Totals of the days from `from` to `to`.
public enum ListUsage: ControlMethod {
    public static let name = MethodName.listUsage

    public struct Parameters: ControlParameters {
        public static let names = ["from", "to", "by"]
        /// First and last day, `2026-11-01`, in station time.
        public var from: String
        public var to: String
        /// `UsageGrouping`; `day` unless stated.
        public var by: String?

        public init(from: String, to: String, by: String? = nil) {
            self.from = from
            self.to = to
            self.by = by
        }

        public init(_ question: UsageQuestion) {
            self.init(
                from: "\(question.days.lowerBound)", to: "\(question.days.upperBound)",
                by: question.grouping.rawValue)
        }
    }

    public struct Reply: Codable, Equatable, Sendable {
        public var from: String
        public var to: String
        public var by: String
        public var usage: [UsageRecord]

        public init(_ question: UsageQuestion, usage: [UsageRecord] = []) {
            from = "\(question.days.lowerBound)"
            to = "\(question.days.upperBound)"
            by = question.grouping.rawValue
            self.usage = usage
        }
    }
}
