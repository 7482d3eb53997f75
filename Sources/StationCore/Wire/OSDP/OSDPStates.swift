// What a reader reports of itself: its case and supply, its inputs, outputs and reading heads.

/// LSTATR: the PD's own case and supply.
public struct OSDPLocalStatus: Hashable, Sendable {
    /// Somebody opened the case or took it off the wall.
    public var isTampered: Bool
    /// The supply is missing or too low.
    public var powerFailed: Bool

    public init(isTampered: Bool, powerFailed: Bool) {
        self.isTampered = isTampered
        self.powerFailed = powerFailed
    }

    init(_ fields: Span<UInt8>) throws(OSDPPayloadError) {
        try fields.expect(2)
        self.init(isTampered: fields[0] != 0, powerFailed: fields[1] != 0)
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.append(isTampered ? 1 : 0)
        bytes.append(powerFailed ? 1 : 0)
    }
}

/// ISTATR and OSTATR: which of a PD's inputs or outputs are active.
public struct OSDPLevels: Hashable, Sendable {
    /// Most that are kept; no reader has more.
    public static let capacity = 64

    public let count: UInt8
    /// Bit n for number n.
    public let active: UInt64

    public init(count: UInt8, active: UInt64) {
        self.count = min(count, UInt8(Self.capacity))
        self.active = self.count == 64 ? active : active & (1 << UInt64(self.count) - 1)
    }

    init(_ fields: Span<UInt8>) throws(OSDPPayloadError) {
        guard fields.count <= Self.capacity else {
            throw .length(expected: Self.capacity, found: fields.count)
        }
        var active: UInt64 = 0
        for place in fields.indices where fields[place] != 0 { active |= 1 << UInt64(place) }
        self.init(count: UInt8(fields.count), active: active)
    }

    func encode(into bytes: inout [UInt8]) {
        for place in 0..<UInt64(count) { bytes.append(UInt8(active >> place & 1)) }
    }

    public func isActive(_ number: Int) -> Bool {
        (0..<Int(count)).contains(number) && active >> UInt64(number) & 1 == 1
    }
}

/// RSTATR: a PD's reading heads.
public struct OSDPReaderStates: Hashable, Sendable {
    public enum State: UInt8, Sendable, CaseIterable {
        case normal = 0
        case missing = 1
        case tampered = 2

        /// A stable name for JSON.
        public var name: String {
            switch self {
            case .normal: "normal"
            case .missing: "missing"
            case .tampered: "tampered"
            }
        }
    }

    /// Most that are kept.
    public static let capacity = 32

    public let count: UInt8
    // Two bits each.
    private let word: UInt64

    public init(_ states: [State]) {
        count = UInt8(min(states.count, Self.capacity))
        word = states.prefix(Self.capacity).reversed().reduce(0) { $0 << 2 | UInt64($1.rawValue) }
    }

    init(_ fields: Span<UInt8>) throws(OSDPPayloadError) {
        guard fields.count <= Self.capacity else {
            throw .length(expected: Self.capacity, found: fields.count)
        }
        var word: UInt64 = 0
        for place in fields.indices {
            guard State(rawValue: fields[place]) != nil else { throw .value(at: place) }
            word |= UInt64(fields[place]) << UInt64(place * 2)
        }
        count = UInt8(fields.count)
        self.word = word
    }

    public subscript(reader: Int) -> State {
        precondition((0..<Int(count)).contains(reader), "a reading head that the PD does not have")
        return State(rawValue: UInt8(word >> UInt64(reader * 2) & 3)) ?? .normal
    }

    func encode(into bytes: inout [UInt8]) {
        for reader in 0..<Int(count) { bytes.append(self[reader].rawValue) }
    }
}
