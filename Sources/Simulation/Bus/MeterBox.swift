// A simulated DL/T 645-2007 electricity meter.

public import EventLoop
public import StationCore

/// A meter by DL/T 645-2007, as far as reading, writing and its relay go, written for itself.
public final class MeterBox: BoxTwin {
    public var isConnected = true
    public var mischief: [BoxMischief] = []
    public var hooks = BoxHooks()
    /// The standard wants an answer 20 to 500 ms after the request.
    public var delay = Interval.milliseconds(40)
    public private(set) var asked = 0
    /// Six digits; an order with another password is refused.
    public var password: Int64 = 0
    /// Whether its relay lets current through.
    public private(set) var isClosed = true
    /// Twelve digits, the lowest two first, as on the wire.
    private let address: [UInt8]
    /// BCD digits of each item, by its identifier.
    private var items: [(identifier: [UInt8], bytes: [UInt8])] = []

    /// - Parameter actions: it has the items that they write, and knows the password that they say.
    public init(address: Int, points: [PointSettings], actions: [ActionSettings] = []) {
        self.address = Self.digits(Int64(address), bytes: 6)
        for point in points {
            if case .item(let item) = point.source { set(item, to: 0) }
        }
        for case .send(_, let fields) in actions.flatMap(\.steps) {
            if let said = Self.constant("password", fields) { password = said }
            guard let item = Self.constant("item", fields).flatMap(UInt32.init(exactly:)),
                let count = Self.constant("bytes", fields), 1...8 ~= count
            else { continue }
            let identifier = Self.lowFirst(item)
            guard !items.contains(where: { $0.identifier == identifier }) else { continue }
            items.append((identifier, [UInt8](repeating: 0, count: Int(count))))
        }
    }

    private static func constant(_ name: String, _ fields: [FrameArgument]) -> Int64? {
        guard let value = fields.first(where: { $0.name == name })?.value, value.argument == nil
        else { return nil }
        return value.plus.rounded(to: 0)?.mantissa
    }

    /// Puts a number where an item is read.
    public func set(_ item: MeterItem, to number: Int64) {
        var bytes = Self.digits(number.magnitude > Int64.max ? 0 : abs(number), bytes: item.bytes)
        if item.isSigned, number < 0 { bytes[bytes.count - 1] |= 0x80 }
        let identifier = Self.identifier(item)
        items.removeAll { $0.identifier == identifier }
        items.append((identifier, bytes))
    }

    public func put(_ raw: Double, at point: PointSettings) {
        if case .item(let item) = point.source { set(item, to: Int64(raw.rounded())) }
    }

    private static func identifier(_ item: MeterItem) -> [UInt8] {
        lowFirst(UInt32(item.identifier, radix: 16) ?? 0)
    }

    private static func lowFirst(_ identifier: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(identifier >> (8 * UInt32($0)) & 0xFF) }
    }

    private static func digits(_ number: Int64, bytes: Int) -> [UInt8] {
        var rest = number
        return (0..<bytes).map { _ in
            defer { rest /= 100 }
            return UInt8((rest / 10 % 10) << 4 | rest % 10)
        }
    }

    public var nextDeadline: Instant? { nil }
    public func live(at now: Instant) -> [UInt8]? { nil }

    public func hear(_ bytes: [UInt8], at now: Instant) -> BoxSpeech? {
        // Up to four bytes wake it.
        let frame = Array(bytes.drop { $0 == 0xFE })
        guard frame.count >= 12, frame[0] == 0x68, frame[7] == 0x68,
            frame.count == 12 + Int(frame[9]), frame[frame.count - 1] == 0x16,
            Array(frame[1...6]) == address || frame[1...6].allSatisfy({ $0 == 0xAA }),
            frame[frame.count - 2] == frame[..<(frame.count - 2)].reduce(0, &+)
        else { return nil }
        let data = frame[10..<frame.count - 2].map { $0 &- 0x33 }
        hooks.asked?(now)
        guard let said = answer(to: frame[8], data) else { return nil }
        asked += 1
        var answer = [UInt8(0x68)] + address + [0x68] + said
        answer += [answer.reduce(0, &+), 0x16]
        return spoil(
            BoxSpeech(after: delay, bytes: [0xFE, 0xFE, 0xFE, 0xFE] + answer), unitAt: 5)
    }

    /// Control byte, length and data of the answer.
    private func answer(to control: UInt8, _ data: [UInt8]) -> [UInt8]? {
        func no(_ code: UInt8) -> [UInt8] { [control | 0xC0, 1, code &+ 0x33] }
        if case .exception(let code)? = mischief.first {
            mischief.removeFirst()
            return no(code)
        }
        switch (control, data.count) {
        case (0x13, 0): return [0x93, 6] + address.map { $0 &+ 0x33 }
        case (0x11, 4):
            guard let item = items.first(where: { $0.identifier == data }) else { return no(2) }
            return [0x91, UInt8(4 + item.bytes.count)]
                + (data + item.bytes).map { $0 &+ 0x33 }
        case (0x14, 13...20):
            guard knows(data[4...]) else { return no(4) }
            let value = Array(data[12...])
            guard
                let place = items.firstIndex(where: {
                    $0.identifier == Array(data[..<4]) && $0.bytes.count == value.count
                })
            else { return no(2) }
            items[place].bytes = value
            return [0x94, 0]
        case (0x1C, 16):
            guard knows(data[...]) else { return no(4) }
            switch data[8] {
            case 0x1A: isClosed = false
            case 0x1C: isClosed = true
            case 0x1B, 0x2A, 0x2B, 0x3A, 0x3B: break
            default: return no(1)
            }
            return [0x9C, 0]
        default: return nil
        }
    }

    /// Level and password, lowest digits first.
    private func knows(_ data: ArraySlice<UInt8>) -> Bool {
        Array(data.dropFirst().prefix(3)) == Self.digits(password, bytes: 3)
    }
}
