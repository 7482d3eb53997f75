// The kernel's epoll as the loop's selector, with the monotonic clock beside it.

import CLinux
public import EventLoop
import Glibc
import StationCore

/// Waits on descriptors. `epoll_pwait2` keeps deadlines below a millisecond: a Wiegand gap is
/// shorter than `epoll_wait`'s resolution.
public final class EpollSelector: Selector {
    /// Nothing can be watched: the process has no descriptor left, or the kernel refused.
    public struct Failure: Error, Equatable, CustomStringConvertible {
        public let errno: Int32

        public var description: String { "epoll: \(SystemError(errno))" }
    }

    /// How the kernel is asked to wait: `station_epoll_wait`, or one that stands in for it.
    typealias Waiting =
        @convention(c) (Int32, UnsafeMutablePointer<station_readiness>?, Int32, Int64) -> Int32

    private let epoll: Int32
    /// Fine until the kernel says that it cannot; then whole milliseconds, for good.
    @exclusivity(unchecked)
    private var waiting: Waiting
    // Only the loop's thread comes here, and never into itself.
    @exclusivity(unchecked)
    private var table = RegistrationTable()
    private let results: UnsafeMutablePointer<station_readiness>

    public convenience init() throws(Failure) { try self.init(waiting: station_epoll_wait) }

    init(waiting: @escaping Waiting) throws(Failure) {
        self.waiting = waiting
        epoll = station_epoll_create()
        results = .allocate(capacity: EventLoopLimits.readinessPerTick)
        guard epoll >= 0 else { throw Failure(errno: -epoll) }
    }

    deinit {
        results.deallocate()
        if epoll >= 0 { closeDescriptor(epoll) }
    }

    /// Watches a descriptor for input. The caller keeps owning it and removes it before closing.
    public func add(_ descriptor: Int32, token: UInt32) throws(Failure) -> Registration {
        let registration = table.add(token: token)
        let result = station_epoll_add(epoll, descriptor, registration.word)
        guard result >= 0 else {
            table.remove(registration)
            throw Failure(errno: -result)
        }
        return registration
    }

    public func remove(_ descriptor: Int32, _ registration: Registration) {
        guard table.isCurrent(registration) else { return }
        table.remove(registration)
        _ = station_epoll_remove(epoll, descriptor)
    }

    public func now() -> Instant { Instant(nanoseconds: station_clock_monotonic()) }

    public func wait(from start: Instant, until deadline: Instant?, into ready: inout [Readiness]) {
        var patience: Int64 = -1
        if let deadline { patience = max(0, (deadline - start).nanoseconds) }
        let limit = Int32(EventLoopLimits.readinessPerTick)
        var count = waiting(epoll, results, limit, patience)
        if count == -ENOSYS {
            // Kernels before 5.11, and valgrind: whole milliseconds, rounded up.
            waiting = station_epoll_wait_coarse
            count = waiting(epoll, results, limit, patience)
        }
        guard count > 0 else { return }
        for index in 0..<Int(count) {
            let registration = Registration(word: results[index].registration)
            guard let token = table.token(of: registration) else { continue }
            ready.append(
                Readiness(
                    registration: registration, token: token,
                    isHangup: results[index].events & STATION_HANGUP != 0))
        }
    }

    public func isCurrent(_ registration: Registration) -> Bool { table.isCurrent(registration) }
}
