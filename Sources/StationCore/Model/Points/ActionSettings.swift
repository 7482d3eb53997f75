// What a device can be told: the steps, how success is seen, and whether trying again is safe.

/// One action of a device, by the name that rules and crews use.
public struct ActionSettings: Codable, Sendable, Equatable {
    public var name: String
    public var arguments: [ArgumentSettings]
    /// What must hold before the first step.
    public var needs: Condition?
    public var steps: [ActionStep]
    /// Seen after the steps: it was done. Without it an action that was answered is `accepted`.
    public var confirmed: Condition?
    /// Seen after the steps: it was not done.
    public var failed: Condition?
    /// Whether doing it twice is as good as once: then a lost answer is asked for again.
    public var isIdempotent: Bool
    /// How long the board itself keeps the output active; `nil`: until it is told otherwise.
    public var selfTimedMilliseconds: Int?
    /// The action that ends it: until that is ordered it is told again and again, before the
    /// board's own time is over; `nil`: it is told once.
    public var renewedUntil: String?
    /// What makes its output safe without us; `nil`: it drives none.
    public var safety: LockSettings.Safety?

    public init(
        name: String, arguments: [ArgumentSettings] = [], needs: Condition? = nil,
        steps: [ActionStep], confirmed: Condition? = nil, failed: Condition? = nil,
        isIdempotent: Bool, selfTimedMilliseconds: Int? = nil,
        renewedUntil: String? = nil, safety: LockSettings.Safety? = nil
    ) {
        self.name = name
        self.arguments = arguments
        self.needs = needs
        self.steps = steps
        self.confirmed = confirmed
        self.failed = failed
        self.isIdempotent = isIdempotent
        self.selfTimedMilliseconds = selfTimedMilliseconds
        self.renewedUntil = renewedUntil
        self.safety = safety
    }
}

/// A number that an action is told with.
public struct ArgumentSettings: Codable, Sendable, Equatable {
    public var name: String
    public var lowest: DecimalNumber
    public var highest: DecimalNumber
    /// It may be `lowest` and so much more, once or several times; `nil`: 1.
    public var step: DecimalNumber?

    public init(
        name: String, lowest: DecimalNumber, highest: DecimalNumber, step: DecimalNumber? = nil
    ) {
        self.name = name
        self.lowest = lowest
        self.highest = highest
        self.step = step
    }

    /// Whether it may be that number.
    public func allows(_ value: DecimalNumber) -> Bool {
        guard lowest <= value, value <= highest else { return false }
        // In billionths everything is whole.
        func billionths(_ number: DecimalNumber) -> Int64? {
            number.multiplied(by: DecimalNumber(1_000_000_000))?.rounded(to: 0)?.mantissa
        }
        guard let step = billionths(step ?? .one), step > 0, let first = billionths(lowest),
            let value = billionths(value)
        else { return false }
        return (value - first) % step == 0
    }
}

/// One step of an action or of a guard.
public enum ActionStep: Codable, Sendable, Equatable {
    /// A Modbus write: one register, several, or one coil with any 16-bit value.
    case write(table: RegisterPlace.Table, address: Expression, values: [Expression])
    /// A Modbus function of a vendor's own: what follows the unit, and how many bytes come back
    /// between unit and CRC.
    case raw(bytes: [UInt8], replyCount: Int)
    /// A frame of the language, with its fields.
    case send(frame: String, fields: [FrameArgument])
    case wait(milliseconds: Int)
    /// Reads points again now: `door.3`; `door.lock` where `lock` is an argument: the one with that
    /// number.
    case read(points: [String])
    case set(terminal: Int, isActive: Bool)
    /// Waits until something holds, at most so long.
    case until(Condition, atMostMilliseconds: Int)
    /// Another action of the same device.
    case perform(action: String, arguments: [FrameArgument])
}

/// A named number.
public struct FrameArgument: Codable, Sendable, Equatable {
    public var name: String
    public var value: Expression

    public init(name: String, value: Expression) {
        self.name = name
        self.value = value
    }
}

/// A number, or an argument × `times` + `plus`.
public struct Expression: Codable, Sendable, Equatable {
    /// `nil`: `plus` alone.
    public var argument: String?
    public var times: DecimalNumber
    public var plus: DecimalNumber

    public init(argument: String? = nil, times: DecimalNumber = .one, plus: DecimalNumber = .zero) {
        self.argument = argument
        self.times = times
        self.plus = plus
    }
}

/// Comparisons that must all hold. A point without a good value fails every comparison.
public struct Condition: Codable, Sendable, Equatable {
    public var all: [Comparison]
    public init(all: [Comparison]) { self.all = all }
}

public struct Comparison: Codable, Sendable, Equatable {
    public enum Relation: String, Codable, Sendable, CaseIterable {
        case equal = "=="
        case unequal = "!="
        case less = "<"
        case atMost = "<="
        case greater = ">"
        case atLeast = ">="
    }

    /// A point by its name; with `index`, `name.N` where N is that argument's value.
    public var point: String
    public var index: String?
    /// What a total has gained since the action began, instead of its value.
    public var isGain: Bool
    /// How far the value lies above its lowest of so many milliseconds, instead of its value. Of
    /// guards alone; `relation` is `atLeast`.
    public var riseMilliseconds: Int?
    public var relation: Relation
    /// A number; for states the place in the point's `states`.
    public var value: Expression
    /// Whose point it is, by its place in `devices`; `nil`: the device's own. Of guards alone.
    public var device: Int?

    public init(
        point: String, index: String? = nil, isGain: Bool = false, riseMilliseconds: Int? = nil,
        relation: Relation, value: Expression, device: Int? = nil
    ) {
        self.point = point
        self.index = index
        self.isGain = isGain
        self.riseMilliseconds = riseMilliseconds
        self.relation = relation
        self.value = value
        self.device = device
    }
}

extension Comparison.Relation {
    /// Whether `value` stands so to `other`.
    public func holds(_ value: DecimalNumber, _ other: DecimalNumber) -> Bool {
        switch self {
        case .equal: value == other
        case .unequal: value != other
        case .less: value < other
        case .atMost: value <= other
        case .greater: value > other
        case .atLeast: value >= other
        }
    }
}

extension Comparison.Relation {
    /// Whether one value may stand so to `mine` and as `other` says to `theirs`.
    func mayMeet(_ mine: DecimalNumber, _ other: Self, _ theirs: DecimalNumber) -> Bool {
        switch (self, other) {
        case (.equal, _): other.holds(mine, theirs)
        case (_, .equal): holds(theirs, mine)
        case (.unequal, _), (_, .unequal): true
        case (.less, .less), (.less, .atMost), (.atMost, .less), (.atMost, .atMost): true
        case (.greater, .greater), (.greater, .atLeast): true
        case (.atLeast, .greater), (.atLeast, .atLeast): true
        case (.atMost, .atLeast): theirs <= mine
        case (.atLeast, .atMost): mine <= theirs
        case (.less, .greater), (.less, .atLeast), (.atMost, .greater): theirs < mine
        case (.greater, .less), (.greater, .atMost), (.atLeast, .less): mine < theirs
        }
    }

    /// Whether whatever stands so to `mine` stands so as `other` says to `theirs` too.
    func implies(_ mine: DecimalNumber, _ other: Self, _ theirs: DecimalNumber) -> Bool {
        switch (self, other) {
        case (.equal, _): other.holds(mine, theirs)
        case (.unequal, .unequal): mine == theirs
        case (.less, .less), (.less, .atMost), (.atMost, .atMost): mine <= theirs
        case (.less, .unequal): mine <= theirs
        case (.atMost, .less), (.atMost, .unequal): mine < theirs
        case (.greater, .greater), (.greater, .atLeast), (.atLeast, .atLeast): mine >= theirs
        case (.greater, .unequal): mine >= theirs
        case (.atLeast, .greater), (.atLeast, .unequal): mine > theirs
        case (.unequal, _), (.less, _), (.atMost, _), (.greater, _), (.atLeast, _): false
        }
    }
}

extension ActionSettings {
    /// How deep actions may perform one another.
    public static let depth = 4

    /// How long its steps wait at most, in milliseconds, those of the actions within it included.
    ///
    /// - Parameter actions: its device's.
    public func longestWait(among actions: [ActionSettings], depth: Int = Self.depth) -> Int64 {
        steps.reduce(0) { sum, step in
            switch step {
            case .wait(let milliseconds): sum + Int64(milliseconds)
            case .until(_, let milliseconds): sum + Int64(milliseconds)
            case .perform(let name, _):
                sum + Self.longestWait(of: name, among: actions, depth: depth - 1)
            case .write, .raw, .send, .read, .set: sum
            }
        }
    }

    private static func longestWait(
        of name: String, among actions: [ActionSettings], depth: Int
    ) -> Int64 {
        guard depth >= 0, let action = actions.first(where: { $0.name == name }) else { return 0 }
        return action.longestWait(among: actions, depth: depth)
    }

    /// Whether every number is there and within its range.
    public func accepts(_ given: [ArgumentValue]) -> Bool {
        given.count == arguments.count
            && arguments.allSatisfy { wanted in
                given.contains {
                    $0.name == wanted.name && wanted.allows($0.value)
                }
            }
    }

    /// Whether it may make an output active.
    public var mayActivate: Bool {
        safety != nil
            || steps.contains { step in
                if case .set(_, isActive: true) = step { true } else { false }
            }
    }
}
