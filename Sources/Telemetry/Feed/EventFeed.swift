// Reads the journal page by page until a request has what it asked for, or waits for more.

import Control
import NIOCore
import ServiceLifecycle

/// Turns a cursor into a batch.
struct EventFeed: Sendable {
    /// What a request asks for.
    struct Wanted: Equatable, Sendable {
        /// `nil`: from the oldest entry there is.
        var after: EntryCursor?
        var limit = GatewayLimits.defaultBatch
        /// In seconds.
        var wait = 0
    }

    let source: any StationSource
    let loop: any EventLoop
    let places: Places

    /// - Parameter presence: tells when the client leaves.
    /// - Returns: the batch, and how long the request waited for it.
    func batch(
        _ wanted: Wanted, presence: ClientPresence?
    ) async throws(Problem) -> (batch: EventBatch, waited: TimeAmount) {
        let first = try await read(wanted.after, limit: wanted.limit)
        guard first.isEmpty, wanted.wait > 0 else { return (first, .zero) }
        guard places.take() else { throw .tooManyWaits() }
        defer { places.give() }
        let began = loop.now
        let batch = try await wait(
            first, until: began + .seconds(Int64(wanted.wait)), limit: wanted.limit,
            presence: presence)
        return (batch, loop.now - began)
    }

    /// Reads again whenever there may be something, until there is.
    private func wait(
        _ empty: EventBatch, until deadline: NIODeadline, limit: Int, presence: ClientPresence?
    ) async throws(Problem) -> EventBatch {
        var batch = empty
        while batch.isEmpty, let end = batch.end {
            let left = deadline - loop.now
            guard left > .zero else { break }
            let watch = source.watch
            let news = await withGracefulShutdownHandler {
                await watch.wait(beyond: end, for: left, on: loop, presence: presence)
            } onGracefulShutdown: {
                watch.stop()
            }
            switch news {
            case .grew: batch = try await read(end, limit: limit)
            case .timedOut, .left, .stopping: return batch
            case .away: throw Problem(.closed, cursor: end)
            }
        }
        return batch
    }

    /// What there is after a cursor, at most `limit` entries and `GatewayLimits.response` bytes.
    func read(_ after: EntryCursor?, limit: Int) async throws(Problem) -> EventBatch {
        var batch: EventBatch?
        var cursor = after
        var entries = 0
        var bytes = 0
        while true {
            let page: EntryPage
            do throws(ControlFailure) {
                let count = min(limit - entries, ControlLimits.entries)
                page = try await source.entries(after: cursor, limit: count)
            } catch {
                // What was read before is worth having; the next request meets the failure.
                if let batch { return batch }
                throw Problem(error, cursor: after)
            }
            let events = events(of: page)
            bytes += events.reduce(0) { $0 + $1.count + 1 }
            if let batch, batch.store != page.reply.store || bytes > GatewayLimits.response {
                return batch
            }
            var grown = batch ?? Self.begin(page)
            grown.take(page, events)
            batch = grown
            entries += page.reply.entries.count
            let next = EntryCursor(page.reply.next)
            let isProgress = !events.isEmpty && next != nil && next != cursor
            guard isProgress, entries < limit, let next, next.sequence < page.reply.newest
            else { return grown }
            cursor = next
        }
    }

    private static func begin(_ page: EntryPage) -> EventBatch {
        EventBatch(
            station: page.station, store: page.reply.store, oldest: page.reply.oldest,
            newest: page.reply.newest, next: page.reply.next)
    }

    /// Entries and tombstones in the order of their sequences.
    private func events(of page: EntryPage) -> [[UInt8]] {
        let entries = page.reply.entries.map {
            (first: $0.sequence, event: CloudEvent($0, station: page.station))
        }
        let tombstones = page.reply.tombstones.map {
            (first: $0.first, event: CloudEvent($0, station: page.station))
        }
        return (entries + tombstones).sorted { $0.first < $1.first }
            .map { JSONText.encode($0.event) }
    }
}

extension EventBatch {
    /// Adds a page that follows.
    fileprivate mutating func take(_ page: EntryPage, _ more: [[UInt8]]) {
        events += more
        tombstones += page.reply.tombstones.count
        oldest = page.reply.oldest
        newest = page.reply.newest
        next = page.reply.next
    }
}
