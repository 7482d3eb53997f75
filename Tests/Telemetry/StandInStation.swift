// A station made of values, for tests: it answers at once and does what the test tells it.

import Control
import NIOConcurrencyHelpers
import StationCore
import Telemetry

@testable import Control

/// Stands where the station's socket stands.
final class StandInStation: StationSource {
    struct State: Sendable {
        var station = StationRecord.sample
        var devices = [DeviceRecord.sample("north-reader"), DeviceRecord.sample("north-strike")]
        var metrics: [MetricRecord] = []
        var usage = [UsageRecord.sample]
        var offer = StationOffer(services: [.sample], hours: [.sample])
        var isOld = false
        /// Texts of commands that were brought.
        var brought: [String] = []
        var command = CommandRecord.sample
        var store = "a1b2"
        var entries: [EntryRecord] = []
        var tombstones: [TombstoneRecord] = []
        var failure: ControlFailure?
        /// Rosters that were brought.
        var rosters: [[UInt8]] = []
        var rosterRefusal: ControlFailure?
        /// Fails once this many pages were read.
        var failsAfter: Int?
        var pages = 0
        var widestPage = ControlLimits.entries
    }

    let watch = JournalWatch()
    private let state = NIOLockedValueBox(State())

    init(entries: Int = 0, _ change: (inout State) -> Void = { _ in }) {
        state.withLockedValue { state in
            state.entries = (0..<entries).map { .sample(Int64($0) + 1, store: state.store) }
            change(&state)
        }
        tell()
    }

    func change(_ body: (inout State) -> Void) { state.withLockedValue { body(&$0) } }

    var pagesRead: Int { state.withLockedValue { $0.pages } }

    /// Writes one more entry, as a tap would.
    func write() {
        change { $0.entries.append(.sample($0.newest + 1, store: $0.store)) }
        tell()
    }

    /// Lets the watch know, as the follower does.
    func tell() {
        watch.saw(state.withLockedValue { EntryCursor(store: $0.store, sequence: $0.newest) })
    }

    func station() async throws(ControlFailure) -> StationRecord { try answer(\.station) }
    func offer() async throws(ControlFailure) -> StationOffer {
        if state.withLockedValue({ $0.isOld }) {
            throw .refused(.methodNotFound("io.stationd.ListServices"))
        }
        return try answer(\.offer)
    }
    func devices() async throws(ControlFailure) -> [DeviceRecord] { try answer(\.devices) }
    func metrics() async throws(ControlFailure) -> [MetricRecord] { try answer(\.metrics) }

    func entries(after: EntryCursor?, limit: Int) async throws(ControlFailure) -> EntryPage {
        try state.withLockedValue { state in state.page(after: after, limit: limit) }.get()
    }

    func apply(roster file: PassedFile) async throws(ControlFailure) -> RosterPage {
        let bytes: [UInt8]
        do { bytes = try file.contents() } catch { throw .refused(error) }
        if let refusal = state.withLockedValue({ $0.rosterRefusal }) { throw refusal }
        change { $0.rosters.append(bytes) }
        let station = try await station()
        var roster = station.roster
        (roster.enrolled, roster.told) = (nil, nil)
        return RosterPage(station: station.id, roster)
    }

    /// Rosters that were taken.
    var rosters: [[UInt8]] { state.withLockedValue { $0.rosters } }

    func usage(_ question: UsageQuestion) async throws(ControlFailure) -> ListUsage.Reply {
        ListUsage.Reply(question, usage: try answer(\.usage))
    }

    func run(command: String) async throws(ControlFailure) -> CommandRecord {
        change { $0.brought.append(command) }
        return try answer(\.command)
    }

    func command(_ id: String) async throws(ControlFailure) -> CommandRecord {
        let command = try answer(\.command)
        guard command.id == id else { throw .refused(.noSuchCommand(id: id)) }
        return command
    }

    var brought: [String] { state.withLockedValue { $0.brought } }

    private func answer<Value: Sendable>(
        _ path: KeyPath<State, Value>
    ) throws(ControlFailure) -> Value {
        let state = state.withLockedValue { $0 }
        if let failure = state.failure { throw failure }
        return state[keyPath: path]
    }
}

extension StandInStation.State {
    var newest: Int64 { max(entries.last?.sequence ?? 0, tombstones.last?.last ?? 0) }
    var oldest: Int64 { entries.first?.sequence ?? 0 }

    fileprivate mutating func page(
        after: EntryCursor?, limit: Int
    ) -> Result<EntryPage, ControlFailure> {
        if let failure { return .failure(failure) }
        pages += 1
        if let failsAfter, pages > failsAfter { return .failure(.closed) }
        let from = after ?? EntryCursor(store: store, sequence: 0)
        guard from.store == store, from.sequence <= newest else {
            return .failure(
                .refused(
                    .badCursor(
                        cursor: from.description, store: store, oldest: oldest, newest: newest)))
        }
        let read = entries.filter { $0.sequence > from.sequence }
            .prefix(min(limit, widestPage))
        let end = read.count < min(limit, widestPage) ? newest : read.last?.sequence ?? newest
        let gone = tombstones.filter { $0.last > from.sequence && $0.last <= end }
        return .success(
            EntryPage(
                station: station.id,
                reply: ReadEntries.Reply(
                    entries: Array(read), store: store, oldest: oldest, newest: newest,
                    next: "\(store):\(max(end, from.sequence))", tombstones: gone)))
    }
}
