// A simulated DL/T 645-2007 electricity meter.

public import EventLoop
public import StationCore

/// A meter by DL/T 645-2007, as far as reading goes, written for itself.
public final class MeterBox: BoxTwin {
    public var isConnected = true
    public var mischief: [BoxMischief] = []
    /// The standard wants an answer 20 to 500 ms after the request.
    public var delay = Interval.milliseconds(40)
    public private(set) var asked = 0
    /// Twelve digits, the lowest two first, as on the wire.
    private let address: [UInt8]
    /// BCD digits of each item, by its identifier.
    private var items: [(identifier: [UInt8], bytes: [UInt8])] = []

    public init(address: Int, points: [PointSettings]) {
        self.address = Self.digits(Int64(address), bytes: 6)
        for point in points {
            if case .item(let item) = point.source { set(item, to: 0) }
        }
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
        let value = UInt32(item.identifier, radix: 16) ?? 0
        return (0..<4).map { UInt8(value >> (8 * UInt32($0)) & 0xFF) }
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
        guard frame.count == 16, frame[0] == 0x68, frame[7] == 0x68, frame[15] == 0x16,
            frame[8] == 0x11, frame[9] == 4,
            Array(frame[1...6]) == address || frame[1...6].allSatisfy({ $0 == 0xAA }),
            frame[14] == frame[..<14].reduce(0, &+)
        else { return nil }
        asked += 1
        let wanted = frame[10..<14].map { $0 &- 0x33 }
        var answer = [UInt8(0x68)] + address + [0x68]
        if case .exception(let code)? = mischief.first {
            mischief.removeFirst()
            answer += [0xD1, 1, code &+ 0x33]
        } else if let item = items.first(where: { $0.identifier == wanted }) {
            answer += [0x91, UInt8(4 + item.bytes.count)]
            answer += (wanted + item.bytes).map { $0 &+ 0x33 }
        } else {
            // No such data: bit 1 of the error word.
            answer += [0xD1, 1, 0x02 &+ 0x33]
        }
        answer += [answer.reduce(0, &+), 0x16]
        return spoil(
            BoxSpeech(after: delay, bytes: [0xFE, 0xFE, 0xFE, 0xFE] + answer), unitAt: 5)
    }
}
