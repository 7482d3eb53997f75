// Something that a device is told to do, and what became of it.

/// An action with its numbers. Each order has an outcome, whatever happens; none is merged with
/// another one.
public struct ActionOrder: Sendable, Equatable {
    /// Names the order until its outcome.
    public var number: UInt64
    /// The action's place in the device's `actions`.
    public var action: Int
    public var arguments: [ArgumentValue]
    /// A guard's: it goes before all others, and ends those that would undo it.
    public var isUrgent: Bool

    public init(
        number: UInt64, action: Int, arguments: [ArgumentValue] = [], isUrgent: Bool = false
    ) {
        self.number = number
        self.action = action
        self.arguments = arguments
        self.isUrgent = isUrgent
    }
}

/// A number that an action is told with.
public struct ArgumentValue: Codable, Sendable, Equatable {
    public var name: String
    public var value: DecimalNumber

    public init(_ name: String, _ value: DecimalNumber) {
        self.name = name
        self.value = value
    }
}

/// How an order ended.
public enum ActionOutcome: UInt8, Sendable, CaseIterable {
    /// It was seen to be done.
    case confirmed = 1
    /// The device said that it would, and nothing tells whether it did; or it was told something
    /// that it never answers.
    case accepted = 2
    /// The device refused, or was seen not to have done it.
    case failed = 3
    /// Nobody knows: an answer was lost, or what was seen says neither.
    case unknown = 4

    public var name: String {
        switch self {
        case .confirmed: "confirmed"
        case .accepted: "accepted"
        case .failed: "failed"
        case .unknown: "unknown"
        }
    }
}

/// What became of an order.
public struct ActionReport: Sendable, Equatable {
    public var device: DeviceID
    public var number: UInt64
    /// The action's place in the device's `actions`.
    public var action: Int
    public var outcome: ActionOutcome

    public init(device: DeviceID, number: UInt64, action: Int, outcome: ActionOutcome) {
        self.device = device
        self.number = number
        self.action = action
        self.outcome = outcome
    }
}

/// Why an order is not even begun. Nothing was sent.
public enum ActionRefusal: UInt8, Sendable, CaseIterable {
    /// The device has no such action.
    case noAction = 1
    /// A number is missing, strange, or outside its range.
    case arguments = 2
    /// As many orders wait as may.
    case busy = 3
    /// Its line is not there.
    case offline = 4
    /// What must hold before does not hold, or is not known.
    case notNow = 5
    /// A guard stands that had the same output made safe.
    case guarded = 6

    public var name: String {
        switch self {
        case .noAction: "noAction"
        case .arguments: "arguments"
        case .busy: "busy"
        case .offline: "offline"
        case .notNow: "notNow"
        case .guarded: "guarded"
        }
    }
}

extension [ArgumentValue] {
    /// Whether an order with these numbers and one with those may be about the same output: no
    /// number that both have differs.
    public func mayMeet(_ others: [ArgumentValue]) -> Bool {
        !contains { mine in others.contains { $0.name == mine.name && $0.value != mine.value } }
    }
}
