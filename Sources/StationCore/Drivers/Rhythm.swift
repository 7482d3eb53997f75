// The three rhythms that a rider can tell apart by ear or by eye, gloves on, in the dark.
//
//   come in       ▆▆▆▆▆▆▆▆▆▆▆▆
//   try again     ▆▆▆___▆▆▆
//   ask someone   ▆▆▆___▆▆▆___▆▆▆

public import EventLoop

/// The answer to a tap, the same on sound and light.
public enum Rhythm: UInt8, Sendable, CaseIterable {
    /// One long.
    case comeIn = 1
    /// Two short.
    case tryAgain = 2
    /// Three short.
    case askSomeone = 3

    /// The one long sound.
    public static let long = Interval.milliseconds(600)
    /// A short sound, and the pause between two.
    public static let short = Interval.milliseconds(150)

    var pulses: Int {
        switch self {
        case .comeIn: 1
        case .tryAgain: 2
        case .askSomeone: 3
        }
    }

    var pulse: Interval {
        switch self {
        case .comeIn: Self.long
        case .tryAgain, .askSomeone: Self.short
        }
    }
}

/// Plays one rhythm at a time; a new one replaces the one that plays.
public struct RhythmPlayer: Sendable {
    enum State: Equatable {
        case silent
        case sounding(Rhythm, left: Int, until: Instant)
        case pausing(Rhythm, left: Int, until: Instant)
    }

    private(set) var state = State.silent

    public init() {}

    /// Starts a rhythm. Returns the line's value now.
    public mutating func play(_ rhythm: Rhythm, at now: Instant) -> Bool {
        state = .sounding(rhythm, left: rhythm.pulses - 1, until: now + rhythm.pulse)
        return true
    }

    /// Returns the line's new value when it changes.
    public mutating func expire(at now: Instant) -> Bool? {
        let (next, value) = Self.transition(from: state, at: now)
        state = next
        return value
    }

    static func transition(from state: State, at now: Instant) -> (State, Bool?) {
        switch state {
        case .sounding(_, left: 0, let until) where until <= now:
            (.silent, false)
        case .sounding(let rhythm, let left, let until) where until <= now:
            (.pausing(rhythm, left: left, until: until + Rhythm.short), false)
        case .pausing(let rhythm, let left, let until) where until <= now:
            (.sounding(rhythm, left: left - 1, until: until + rhythm.pulse), true)
        case .silent, .sounding, .pausing:
            (state, nil)
        }
    }

    @inline(__always)
    public var nextDeadline: Instant? {
        switch state {
        case .silent: nil
        case .sounding(_, _, let until), .pausing(_, _, let until): until
        }
    }
}

/// A whole rhythm in one command each: a reader on a bus plays it by itself, in tenths of a second.
/// A short sound and its pause are two of them, the nearest that can be told apart.
extension OSDPLight {
    init(_ rhythm: Rhythm) {
        let (on, off) = rhythm.tenths
        let total = UInt16(rhythm.pulses) * UInt16(on + off)
        self.init(
            passing: .show(
                OSDPBlink(
                    onTenths: on, offTenths: off, on: rhythm == .comeIn ? .green : .red, off: .off),
                tenths: total))
    }
}

extension OSDPBuzz {
    init(_ rhythm: Rhythm) {
        let (on, off) = rhythm.tenths
        self.init(onTenths: on, offTenths: off, repetitions: UInt8(rhythm.pulses))
    }
}

extension Rhythm {
    fileprivate var tenths: (on: UInt8, off: UInt8) {
        switch self {
        case .comeIn: (UInt8(Self.long.milliseconds / 100), 0)
        case .tryAgain, .askSomeone: (2, 2)
        }
    }
}
