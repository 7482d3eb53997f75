// The one reader that waits at the station for what is new, on a thread of its own.

import Control
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// Tells the watch how far the journal has got, and notices when the station goes and comes.
final class JournalFollower: Sendable {
    private let path: String
    private let watch: JournalWatch
    private let tell: @Sendable (ControlSource.News) -> Void
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let isStopped = ConditionLock(value: false)

    init(
        path: String, watch: JournalWatch,
        tell: @escaping @Sendable (ControlSource.News) -> Void
    ) {
        self.path = path
        self.watch = watch
        self.tell = tell
    }

    func start() {
        thread.start()
        thread.submit { _ in self.follow() }
    }

    /// The thread ends when its question is answered, or with the process.
    func stop() {
        isStopped.lock()
        isStopped.unlock(withValue: true)
        thread.shutdownGracefully { _ in }
    }

    /// Waits; false when it is time to end.
    private func pause(_ time: TimeAmount) -> Bool {
        let isOver = isStopped.lock(
            whenValue: true, timeoutSeconds: Double(time.nanoseconds) / 1e9)
        if isOver { isStopped.unlock() }
        return !isOver
    }

    private func follow() {
        var backoff = Backoff(first: GatewayLimits.firstRetry, last: GatewayLimits.lastRetry)
        var isAway = false
        while true {
            let failure = stay { station in
                backoff.reset()
                isAway = false
                tell(.reached(station: station))
            }
            guard let failure else { return }
            watch.lost()
            if !isAway { tell(.away(failure)) }
            isAway = true
            guard pause(backoff.next { Int64.random(in: $0) }) else { return }
        }
    }

    /// Follows one connection until it fails; `nil` when it is time to end.
    private func stay(reached: (String) -> Void) -> ControlFailure? {
        do throws(ControlFailure) {
            let patience = GatewayLimits.follow + GatewayLimits.answer
            var client = try ControlClient(
                path: path, timeoutMilliseconds: Int(patience.nanoseconds / 1_000_000))
            let station = try client.call(GetStation.self).station.id
            var newest: EntryCursor?
            while true {
                let next = try self.newest(&client, beyond: newest)
                if newest == nil { reached(station) }
                if let next, next != newest { watch.saw(next) }
                newest = next
                guard pause(GatewayLimits.followPause) else { return nil }
            }
        } catch {
            return error
        }
    }

    /// The journal's newest entry, once there is one beyond `known` or the wait is over.
    ///
    /// A journal that cannot be read is no different from a station that is away: nobody who waits
    /// for entries gets any.
    private func newest(
        _ client: inout ControlClient, beyond known: EntryCursor?
    ) throws(ControlFailure) -> EntryCursor? {
        let wait = known == nil ? 0 : Int(GatewayLimits.follow.nanoseconds / 1_000_000)
        do throws(ControlFailure) {
            let reply = try client.call(
                ReadEntries.self, .init(after: known, limit: 1, wait: wait))
            return EntryCursor(store: reply.store, sequence: reply.newest)
        } catch {
            guard case .refused(.badCursor) = error else { throw error }
            let reply = try client.call(ReadEntries.self, .init(limit: 1))
            return EntryCursor(store: reply.store, sequence: reply.newest)
        }
    }
}
