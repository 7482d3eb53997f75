// Waiting at a port, for the commands that speak on it themselves.

import CLinux
import EventLoop
import Glibc

/// Waits for bytes, for a time to come, or for somebody to say stop: Ctrl-C, or a session that is
/// lost. `epoll` because `poll`'s millisecond is longer than the silence between two frames.
final class LineWatch {
    private let epoll = station_epoll_create()
    private let signals: Int32
    private var isSessionLost = false

    init(_ port: Int32) {
        signals = station_signal_watch([SIGINT, SIGTERM, SIGHUP], 3)
        _ = station_epoll_add(epoll, port, 0)
        if signals >= 0 { _ = station_epoll_add(epoll, signals, 1) }
    }

    deinit {
        if signals >= 0 { close(signals) }
        if epoll >= 0 { close(epoll) }
    }

    static var now: Instant { Instant(nanoseconds: station_clock_monotonic()) }

    /// `false` when somebody says stop. A session is lost once, however many say so: the kernel and
    /// the shell both do.
    func wait(until deadline: Instant) -> Bool {
        let patience = max(0, (deadline - Self.now).nanoseconds)
        var ready = [station_readiness](repeating: station_readiness(), count: 2)
        _ = station_epoll_wait(epoll, &ready, 2, patience)
        guard signals >= 0 else { return true }
        let signal = station_signal_next(signals)
        guard signal == SIGHUP else { return signal <= 0 }
        defer { isSessionLost = true }
        return isSessionLost
    }
}
