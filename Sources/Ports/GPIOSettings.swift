// Settings on their way to chips that take their time: in order, the newest of each line.

import EventLoop

/// What one chip's lines are to be, beside the loop.
///
/// One setting is under way at a time. What comes meanwhile waits behind it, in the order in which
/// it was last said: a line that was freed and is to hold again was never freed, and a line that
/// was made safe before another was freed still is.
struct GPIOSettings {
    /// One line's value.
    struct Setting: Equatable {
        var port: Int
        var mask: UInt64
        var bits: UInt64
    }

    private var waiting: [(setting: Setting, since: Instant)] = []
    /// The port whose setting is under way, and since when it is wanted.
    private(set) var current: (port: Int, since: Instant)?

    /// Whether anything is under way or waits.
    var isIdle: Bool { current == nil && waiting.isEmpty }

    /// At most one for each line that there is.
    mutating func append(_ setting: Setting, at now: Instant) {
        waiting.removeAll {
            $0.setting.port == setting.port && $0.setting.mask == setting.mask
        }
        waiting.append((setting, now))
    }

    /// The next to be carried out, and since when it is wanted; nil: one is under way, or none
    /// waits.
    mutating func next() -> (setting: Setting, since: Instant)? {
        guard current == nil, !waiting.isEmpty else { return nil }
        let next = waiting.removeFirst()
        current = (next.setting.port, next.since)
        return next
    }

    /// Every port that something is wanted of, under way or waiting, and since when.
    var wanted: [(port: Int, since: Instant)] {
        (current.map { [$0] } ?? []) + waiting.map { ($0.setting.port, $0.since) }
    }

    /// The one under way has come to its end.
    mutating func ended() { current = nil }

    /// A port's lines are gone, and with them what they were to be.
    mutating func forget(_ port: Int) { waiting.removeAll { $0.setting.port == port } }

    /// All that waits is over: the end has come.
    mutating func forgetAll() { waiting = [] }
}
