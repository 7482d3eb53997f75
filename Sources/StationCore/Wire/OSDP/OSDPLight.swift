// What a reader shows with its LEDs. Times are tenths of a second on the wire.

/// A LED's colour; the raw value is the byte on the wire.
public enum OSDPColor: UInt8, Sendable, CaseIterable {
    case off = 0
    case red = 1
    case green = 2
    case amber = 3
    case blue = 4
    case magenta = 5
    case cyan = 6
    case white = 7

    public var name: String {
        switch self {
        case .off: "off"
        case .red: "red"
        case .green: "green"
        case .amber: "amber"
        case .blue: "blue"
        case .magenta: "magenta"
        case .cyan: "cyan"
        case .white: "white"
        }
    }
}

/// Two colours in turn.
public struct OSDPBlink: Hashable, Sendable {
    public var onTenths: UInt8
    public var offTenths: UInt8
    public var on: OSDPColor
    public var off: OSDPColor

    public init(onTenths: UInt8, offTenths: UInt8, on: OSDPColor, off: OSDPColor) {
        self.onTenths = onTenths
        self.offTenths = offTenths
        self.on = on
        self.off = off
    }

    /// One colour without a pause.
    public static func steady(_ color: OSDPColor) -> Self {
        Self(onTenths: 1, offTenths: 0, on: color, off: color)
    }
}

/// One LED of a PD: something for a while, and something for good.
public struct OSDPLight: Hashable, Sendable {
    public enum Passing: Hashable, Sendable {
        case unchanged
        /// Back to what is shown for good, now.
        case cancel
        case show(OSDPBlink, tenths: UInt16)
    }
    public enum Lasting: Hashable, Sendable {
        case unchanged
        case show(OSDPBlink)
    }

    public var reader: UInt8
    public var light: UInt8
    public var passing: Passing
    public var lasting: Lasting

    public init(
        reader: UInt8 = 0, light: UInt8 = 0, passing: Passing = .unchanged,
        lasting: Lasting = .unchanged
    ) {
        self.reader = reader
        self.light = light
        self.passing = passing
        self.lasting = lasting
    }

    static let count = 14

    func encode(into bytes: inout [UInt8]) {
        bytes.append(reader)
        bytes.append(light)
        switch passing {
        case .unchanged: Self.encode(0, nil, into: &bytes)
        case .cancel: Self.encode(1, nil, into: &bytes)
        case .show(let blink, _): Self.encode(2, blink, into: &bytes)
        }
        if case .show(_, let tenths) = passing {
            bytes.append(littleEndian: tenths)
        } else {
            bytes.append(littleEndian: UInt16(0))
        }
        switch lasting {
        case .unchanged: Self.encode(0, nil, into: &bytes)
        case .show(let blink): Self.encode(1, blink, into: &bytes)
        }
    }

    private static func encode(
        _ control: UInt8, _ blink: OSDPBlink?, into bytes: inout [UInt8]
    ) {
        bytes.append(control)
        bytes.append(blink?.onTenths ?? 0)
        bytes.append(blink?.offTenths ?? 0)
        bytes.append(blink?.on.rawValue ?? 0)
        bytes.append(blink?.off.rawValue ?? 0)
    }

    init(_ fields: Span<UInt8>) throws(OSDPPayloadError) {
        try fields.expect(Self.count)
        reader = fields[0]
        light = fields[1]
        switch fields[2] {
        case 0: passing = .unchanged
        case 1: passing = .cancel
        case 2: passing = .show(try Self.blink(fields, 3), tenths: fields.short(at: 7))
        default: throw .value(at: 2)
        }
        switch fields[9] {
        case 0: lasting = .unchanged
        case 1: lasting = .show(try Self.blink(fields, 10))
        default: throw .value(at: 9)
        }
    }

    private static func blink(
        _ fields: Span<UInt8>, _ place: Int
    ) throws(OSDPPayloadError) -> OSDPBlink {
        guard let on = OSDPColor(rawValue: fields[place + 2]) else { throw .value(at: place + 2) }
        guard let off = OSDPColor(rawValue: fields[place + 3]) else { throw .value(at: place + 3) }
        return OSDPBlink(
            onTenths: fields[place], offTenths: fields[place + 1], on: on, off: off)
    }
}
