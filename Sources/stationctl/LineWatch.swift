// Waiting at a port, for the commands that speak on it themselves.

import CLinux
import EventLoop
import Glibc

/// Waits for bytes, for a time to come, or for somebody to say stop. `epoll` because `poll`'s
/// millisecond is longer than the silence between two frames.
final class LineWatch {
    private let epoll = station_epoll_create()
    private let signals: Int32

    init(_ port: Int32) {
        signals = station_signal_watch([SIGINT, SIGTERM], 2)
        _ = station_epoll_add(epoll, port, 0)
        if signals >= 0 { _ = station_epoll_add(epoll, signals, 1) }
    }

    deinit {
        if signals >= 0 { close(signals) }
        if epoll >= 0 { close(epoll) }
    }

    static var now: Instant { Instant(nanoseconds: station_clock_monotonic()) }

    /// `false` when somebody says stop.
    func wait(until deadline: Instant) -> Bool {
        let patience = max(0, (deadline - Self.now).nanoseconds)
        var ready = [station_readiness](repeating: station_readiness(), count: 2)
        _ = station_epoll_wait(epoll, &ready, 2, patience)
        return signals < 0 || station_signal_next(signals) <= 0
    }
}
