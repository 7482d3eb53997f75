// One event of a Linux input device, as read(2) gives it.
//
//   24 bytes   seconds 8 | microseconds 8 | type 2 | code 2 | value 4      64-bit systems
//   16 bytes   seconds 4 | microseconds 4 | type 2 | code 2 | value 4      32-bit systems
//
// Source: linux/input.h, `struct input_event`, and Documentation/input/event-codes.rst. Numbers are
// in the machine's order, which is little-endian on every board that a station runs on.

public import EventLoop

/// How an input device's events are laid out: by the word size of the reading process.
public enum InputEventLayout: UInt8, Sendable, CaseIterable {
    case bits32 = 32
    case bits64 = 64

    /// This process's own.
    public static var native: Self { MemoryLayout<UInt>.size == 8 ? .bits64 : .bits32 }

    /// Bytes of one event.
    public var size: Int { self == .bits64 ? 24 : 16 }
}

/// One event.
public struct InputEvent: Equatable, Sendable {
    /// When the kernel saw it, on the monotonic clock if the device was told so; `nil` when the
    /// time stamp makes no sense.
    public var time: Instant?
    public var type: UInt16
    public var code: UInt16
    public var value: Int32

    public init(time: Instant?, type: UInt16, code: UInt16, value: Int32) {
        self.time = time
        self.type = type
        self.code = code
        self.value = value
    }

    /// `EV_SYN` and two of its codes.
    public static let synchronisation: UInt16 = 0
    public static let report: UInt16 = 0
    public static let dropped: UInt16 = 3
    /// `EV_KEY` and its values; a third one, 2, is autorepeat.
    public static let key: UInt16 = 1
    public static let released: Int32 = 0
    public static let pressed: Int32 = 1

    /// - Returns: `nil` unless there are exactly `layout.size` bytes.
    public init?(_ bytes: [UInt8], _ layout: InputEventLayout) {
        guard bytes.count == layout.size else { return nil }
        self.init(layout) { bytes[$0] }
    }

    /// - Parameter byte: the event's bytes by place, `layout.size` of them.
    init(_ layout: InputEventLayout, byte: (Int) -> UInt8) {
        func number(_ start: Int, _ count: Int) -> UInt64 {
            var value: UInt64 = 0
            for index in (0..<count).reversed() { value = value << 8 | UInt64(byte(start + index)) }
            return value
        }
        let word = layout == .bits64 ? 8 : 4
        time = Self.time(seconds: number(0, word), microseconds: number(word, word))
        type = UInt16(truncatingIfNeeded: number(2 * word, 2))
        code = UInt16(truncatingIfNeeded: number(2 * word + 2, 2))
        value = Int32(truncatingIfNeeded: number(2 * word + 4, 4))
    }

    /// The bytes of the event; allocates.
    public func bytes(_ layout: InputEventLayout) -> [UInt8] {
        let word = layout == .bits64 ? 8 : 4
        let microseconds = UInt64(clamping: time?.nanoseconds ?? 0) / 1_000
        let fields: [(UInt64, Int)] = [
            (microseconds / 1_000_000, word), (microseconds % 1_000_000, word),
            (UInt64(type), 2), (UInt64(code), 2), (UInt64(UInt32(bitPattern: value)), 4),
        ]
        return fields.flatMap { value, count in
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
        }
    }

    private static func time(seconds: UInt64, microseconds: UInt64) -> Instant? {
        // 2^33 seconds are 272 years, of uptime as well as since 1970.
        guard seconds < 1 << 33, microseconds < 1_000_000 else { return nil }
        return Instant(nanoseconds: Int64(seconds) * 1_000_000_000 + Int64(microseconds) * 1_000)
    }
}
