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

    private var waiting: [Setting] = []
    /// The port whose setting is under way, and since when.
    private(set) var current: (port: Int, since: Instant)?

    /// Whether anything is under way or waits.
    var isIdle: Bool { current == nil && waiting.isEmpty }

    /// At most one for each line that there is.
    mutating func append(_ setting: Setting) {
        waiting.removeAll { $0.port == setting.port && $0.mask == setting.mask }
        waiting.append(setting)
    }

    /// The next to be carried out; nil: one is under way, or none waits.
    mutating func next(at now: Instant) -> Setting? {
        guard current == nil, !waiting.isEmpty else { return nil }
        let setting = waiting.removeFirst()
        current = (setting.port, now)
        return setting
    }

    /// The one under way has come to its end.
    mutating func ended() { current = nil }

    /// A port's lines are gone, and with them what they were to be.
    mutating func forget(_ port: Int) { waiting.removeAll { $0.port == port } }

    /// All that waits is over: the end has come.
    mutating func forgetAll() { waiting = [] }
}
