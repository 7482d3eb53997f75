// How far the journal has got, and who waits for it to get further.

public import Control
import NIOConcurrencyHelpers
public import NIOCore

/// One follower tells it what is new, any number of requests wait: the station sees one reader.
///
/// | `wait` returns | the caller's duty |
/// |---|---|
/// | `grew` | read again; there may be nothing for this cursor yet: wait again |
/// | `timedOut`, `left`, `stopping` | answer with what there is |
/// | `away` | say that the station is away |
public final class JournalWatch: Sendable {
    /// Why a wait is over.
    public enum News: Equatable, Sendable {
        /// There is something beyond the cursor, or another store.
        case grew
        case timedOut
        /// The station does not answer any more.
        case away
        /// The client of this request left.
        case left
        /// The gateway is about to stop.
        case stopping
    }

    private struct Waiter {
        var beyond: EntryCursor
        var continuation: CheckedContinuation<News, Never>
        var timeout: Scheduled<Void>?

        func finish(_ news: News) {
            timeout?.cancel()
            continuation.resume(returning: news)
        }
    }

    private struct State {
        /// `nil` while the station is away, and before it was reached.
        var newest: EntryCursor?
        var reconnects = 0
        var isStopping = false
        var waiters: [Int: Waiter] = [:]
        /// Left before their wait began.
        var left: Set<Int> = []
        var lastID = 0
    }

    private let state = NIOLockedValueBox(State())

    public init() {}

    /// The journal's newest entry; `nil` while the station is away.
    public var newest: EntryCursor? { state.withLockedValue { $0.newest } }

    /// How often the station was reached.
    public var reconnects: Int { state.withLockedValue { $0.reconnects } }

    /// How many requests wait.
    public var waiting: Int { state.withLockedValue { $0.waiters.count } }

    // MARK: For the follower

    /// The journal has got this far.
    public func saw(_ newest: EntryCursor) {
        end(with: .grew) { state in
            if state.newest == nil { state.reconnects += 1 }
            state.newest = newest
            return { $0.beyond.isBehind(newest) }
        }
    }

    /// The station does not answer.
    public func lost() {
        end(with: .away) { state in
            state.newest = nil
            return { _ in true }
        }
    }

    /// Ends all waits, now and from now on.
    public func stop() {
        end(with: .stopping) { state in
            state.isStopping = true
            return { _ in true }
        }
    }

    /// Changes the state, and ends the waits that the change selects.
    private func end(
        with news: News, _ change: @Sendable (inout State) -> (Waiter) -> Bool
    ) {
        let ended = state.withLockedValue { state in
            let isOver = change(&state)
            let ids = state.waiters.filter { isOver($0.value) }.map(\.key)
            return ids.compactMap { state.waiters.removeValue(forKey: $0) }
        }
        for waiter in ended { waiter.finish(news) }
    }

    // MARK: For requests

    /// Waits until the journal is beyond a cursor.
    ///
    /// - Parameters:
    ///   - cursor: up to here the request has read.
    ///   - time: how long to wait at most.
    ///   - loop: keeps the time.
    ///   - presence: tells when the client leaves.
    public func wait(
        beyond cursor: EntryCursor, for time: TimeAmount, on loop: any EventLoop,
        presence: ClientPresence? = nil
    ) async -> News {
        let id = state.withLockedValue { state in
            state.lastID += 1
            return state.lastID
        }
        presence?.onLeave { self.leave(id) }
        let news = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                begin(id, Waiter(beyond: cursor, continuation: continuation), for: time, on: loop)
            }
        } onCancel: {
            leave(id)
        }
        presence?.onLeave(nil)
        state.withLockedValue { _ = $0.left.remove(id) }
        return news
    }

    private func begin(
        _ id: Int, _ waiter: Waiter, for time: TimeAmount, on loop: any EventLoop
    ) {
        let atOnce: News? = state.withLockedValue { state in
            if state.left.contains(id) { return .left }
            if state.isStopping { return .stopping }
            if let newest = state.newest, waiter.beyond.isBehind(newest) { return .grew }
            state.waiters[id] = waiter
            return nil
        }
        if let atOnce { return waiter.finish(atOnce) }
        let timeout = loop.scheduleTask(in: time) { self.end(id, with: .timedOut) }
        let isOver = state.withLockedValue { state in
            state.waiters[id]?.timeout = timeout
            return state.waiters[id] == nil
        }
        if isOver { timeout.cancel() }
    }

    private func end(_ id: Int, with news: News) {
        let waiter = state.withLockedValue { $0.waiters.removeValue(forKey: id) }
        waiter?.finish(news)
    }

    private func leave(_ id: Int) {
        let waiter = state.withLockedValue { state in
            let waiter = state.waiters.removeValue(forKey: id)
            if waiter == nil { state.left.insert(id) }
            return waiter
        }
        waiter?.finish(.left)
    }
}

extension EntryCursor {
    /// Whether a journal that has got to `newest` has something for a reader who is here.
    fileprivate func isBehind(_ newest: EntryCursor) -> Bool {
        store != newest.store || sequence < newest.sequence
    }
}
