// The methods that tell a box what to do, and that reset what keeps it safe.

/// Has a device do one of its actions.
public enum PerformAction: ControlMethod {
    public static let name = MethodName.performAction

    public struct Parameters: ControlParameters {
        public static let names = ["device", "action", "arguments"]
        public var device: String
        public var action: String
        /// Decimal numbers as text, by the arguments' names.
        public var arguments: [String: String]?

        public init(device: String, action: String, arguments: [String: String] = [:]) {
            self.device = device
            self.action = action
            self.arguments = arguments
        }
    }

    public struct Reply: Codable, Sendable {
        /// The number that its entries have.
        public var order: Int64
        /// `ActionOutcome.name`.
        public var outcome: String
        /// Whether the order was durable before it acted; what stops something does not wait.
        public var written: Bool

        public init(order: Int64, outcome: String, written: Bool) {
            self.order = order
            self.outcome = outcome
            self.written = written
        }
    }
}

/// Resets a guard that stands.
public enum ResetGuard: ControlMethod {
    public typealias Reply = Done
    public static let name = MethodName.resetGuard

    public struct Parameters: ControlParameters {
        public static let names = ["device", "guard", "blind"]
        public var device: String
        public var `guard`: String
        /// The caller has looked, and does without values where none come.
        public var blind: Bool?

        public init(device: String, guard name: String, blind: Bool? = nil) {
            self.device = device
            self.guard = name
            self.blind = blind
        }
    }
}
