// What a reader's outputs do. Times are tenths of a second on the wire.

/// One output of a PD.
public struct OSDPOutputControl: Hashable, Sendable {
    /// What it does; the raw value is the byte on the wire.
    public enum Action: UInt8, Sendable, CaseIterable {
        case unchanged = 0
        /// Off for good, cutting a timed state short.
        case off = 1
        /// On for good, cutting a timed state short.
        case on = 2
        /// Off for good once a timed state is over.
        case offLater = 3
        /// On for good once a timed state is over.
        case onLater = 4
        /// On for `tenths`, then as before.
        case onFor = 5
        /// Off for `tenths`, then as before.
        case offFor = 6
    }

    public var output: UInt8
    public var action: Action
    public var tenths: UInt16

    public init(output: UInt8, _ action: Action, tenths: UInt16 = 0) {
        self.output = output
        self.action = action
        self.tenths = tenths
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.append(output)
        bytes.append(action.rawValue)
        bytes.append(littleEndian: tenths)
    }

    init(_ fields: Span<UInt8>) throws(OSDPPayloadError) {
        try fields.expect(4)
        guard let action = Action(rawValue: fields[1]) else { throw .value(at: 1) }
        output = fields[0]
        self.action = action
        tenths = fields.short(at: 2)
    }
}
