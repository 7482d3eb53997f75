// How long Modbus's characters and silences take. Source: Modbus over Serial Line V1.02 §2.5.1.1.

public import EventLoop

/// The times of a serial line of one speed.
public struct ModbusTimings: Sendable, Equatable {
    /// Start, eight bits, parity or a second stop bit, stop.
    public static let bitsPerCharacter: Int64 = 11
    /// Above this speed the silences are fixed: interrupts would not keep up.
    public static let fastest = 19_200

    /// In bits a second, at least 1.
    public let baud: Int
    /// Of one character on this line, 10 to 12.
    public let bits: Int64

    /// - Precondition: `baud` and `bits` are positive.
    public init(baud: Int, bits: Int = Int(Self.bitsPerCharacter)) {
        precondition(baud > 0 && bits > 0, "a line without a speed")
        self.baud = baud
        self.bits = Int64(bits)
    }

    /// One character on the wire.
    public var character: Interval { characters(1) }

    /// So many characters on the wire, rounded up to the nanosecond.
    public func characters(_ count: Int) -> Interval {
        let bits = bits * Int64(count) * 1_000_000_000
        return Interval(nanoseconds: (bits + Int64(baud) - 1) / Int64(baud))
    }

    /// The longest silence inside a frame: 1.5 characters, 0.75 ms on fast lines.
    public var longestGap: Interval {
        baud > Self.fastest ? .microseconds(750) : half(3)
    }

    /// The shortest silence between two frames: 3.5 characters, 1.75 ms on fast lines.
    public var silence: Interval {
        baud > Self.fastest ? .microseconds(1_750) : half(7)
    }

    private func half(_ halves: Int) -> Interval {
        Interval(nanoseconds: (characters(halves).nanoseconds + 1) / 2)
    }
}
