// What every world with real threads needs: posts, journal, control socket, clock, watchdog.

import CLinux
import Control
public import EventLoop
import Glibc
import Journal
public import StationCore

/// The part of a world that hardware and live simulation share. Lives on the loop's thread.
public final class Backstage {
    /// How often the wall clock is looked at when nobody steps it.
    public static let clockPeriod = Interval.seconds(16)

    /// Why the loop ends.
    public enum End: Equatable, Sendable {
        case stopped
        /// A new configuration waits: whoever started us starts us again.
        case restart
    }

    public let desk: LoopDesk
    public let journal: JournalThread
    public let adapter: JournalAdapter
    /// Set when the socket is open.
    public var server: ControlServer?
    public private(set) var end: End?

    private let started: Instant
    private var clock: ClockObserver
    private var nextClock: Instant
    var nextSnapshot: Instant
    /// When the last one was begun.
    var lastSnapshot = Instant(nanoseconds: 0)
    static let snapshotRest = Interval.seconds(1)
    /// The newest entry that the loop knows to be committed, in this run.
    var applied: Cursor?
    let totals: TotalsBook
    /// The last snapshot could not be written.
    var isSnapshotFailing = false
    let directory: any StateDirectory
    let names: EntryNames
    var recall: Recall
    private let watchdogPeriod: Interval?
    private var nextWatchdog: Instant
    /// Since when the clerk is at its task; nil: it waits for one.
    var clerkBusySince: Instant?
    /// It has been at it for too long, and a fault says so.
    var isClerkStuck = false
    /// How readers' keys lie on the medium, and how they will from now on.
    var readerKeys: ReaderKeyState
    let isSealing: Bool
    /// Crew members who wait for a card.
    var watchers: [CardWatcher] = []
    /// When they are looked after; nobody is there, and it is never.
    var nextLook = Instant.distantFuture
    /// So long cards are kept for whoever asks on.
    var watchedUntil = Instant(nanoseconds: 0)
    /// Orders for doors that wait for their entry.
    var ordersWaiting = 0
    var nextOrderLook = Instant.distantFuture
    /// What waits for two masters, under its number, and when they are looked after.
    var awaiting: (number: UInt64, query: CoreQuery)?
    var nextApprovalLook = Instant.distantFuture

    init(
        desk: LoopDesk, journal: JournalThread, adapter: JournalAdapter, clock: ClockObserver,
        directory: any StateDirectory, names: EntryNames, memory: Memory, now: Instant
    ) {
        self.desk = desk
        self.journal = journal
        self.adapter = adapter
        self.clock = clock
        started = now
        self.directory = directory
        self.names = names
        recall = Recall(memory)
        totals = TotalsBook(memory)
        (readerKeys, isSealing) = (memory.readerKeys, memory.seal != nil)
        // Not before the station was taught what the last one kept.
        (nextClock, nextSnapshot) = (now, .distantFuture)
        watchdogPeriod = Watchdog.period()
        nextWatchdog = watchdogPeriod.map { now + $0 } ?? .distantFuture
    }

    // MARK: Posts

    /// Takes posts; what only the world can do comes back through `other`.
    public func takePosts(
        limit: Int, into station: inout Station, at now: Instant,
        other: (Post, inout Station) -> Void
    ) -> Bool {
        desk.posts.drain(limit: limit) { post in
            switch post {
            case .journal(let answer):
                station.answered(answer, at: now)
                if case .opened(let last) = answer { journalOpened(at: last, now) }
                tellOrders(&station, at: now)
            case .journalStands(let end):
                // The snapshot from before this moment includes no entry.
                if applied == nil, recall.isDone { nextSnapshot = Instant(nanoseconds: 0) }
                applied = end
            case .journalFound(let opening): Console.note("stationd: 记录库 journal: \(opening)")
            case .roster(let roster, let refused):
                let before = station.currentRoster
                station.replaced(roster: roster, refused: refused, isNew: true, at: now)
                if let before { _ = desk.clerk.take(.retired(before)) }
                station.suffers(.rosterUnusable, false, at: now)
                recall.rosterVersion = max(recall.rosterVersion, roster.version)
                nextSnapshot = Instant(nanoseconds: 0)
            case .enrolled, .withdrawn, .toldKey, .confirmedKeys, .cards:
                takeKeys(post, &station, at: now)
            case .key(let key):
                station.installed(key: key, isNew: true, at: now)
            case .readerKeyKept(let receipt, let isKept):
                readerKeyKept(isKept, receipt, &station, at: now)
            case .passIssuers(let issuers):
                station.trusts(issuers)
                station.suffers(.passesUnusable, false, at: now)
            case .clerk(let isBusy):
                clerkBusySince = isBusy ? now : nil
                watchClerk(&station, at: now)
            case .snapshotWritten(let isKept):
                snapshotWritten(isKept, &station, at: now)
            case .totalsKept(let isKept):
                totalsKept(isKept, &station, at: now)
            case .recalled(let memory):
                recalled(memory, into: &station, at: now)
            case .socket(let failure):
                Console.note(
                    failure.map { "stationd: \($0)" }
                        ?? "stationd: 控制套接字已打开 the control socket is open again")
                station.suffers(.socketClosed, failure != nil, at: now)
            case .left(let id):
                leaveWatch(id, at: now)
            case .commanded(let command, let id): take(command, id, station: &station, at: now)
            case .asked(.tap, _), .gpio, .file:
                other(post, &station)
            case .asked(let query, let id):
                if let refusal = approval(of: query, id, &station, at: now) {
                    server?.answer(id, CoreAnswer.refused(refusal))
                } else {
                    answer(query, id, station: &station, at: now)
                }
            case .stop:
                finish(.stopped, &station, at: now)
            }
        }
    }

    func answer(
        _ query: CoreQuery, _ id: RequestID, station: inout Station, at now: Instant
    ) {
        guard let server else { return }
        switch query {
        case .station:
            server.answer(id, .station(snapshot(of: station, at: now)))
        case .devices:
            server.answer(id, .devices(DevicesSnapshot(of: station, at: now)))
        case .measurements:
            server.answer(
                id,
                .measurements(
                    Measurements(
                        station: snapshot(of: station, at: now),
                        devices: DevicesSnapshot(of: station, at: now),
                        services: ServicesSnapshot(of: station, at: now),
                        more: CoreMetrics.records(station.counters))))
        case .roster(let after, let limit):
            server.answer(id, rosterPage(of: station, after: after, limit: limit))
        case .door(let door, let command, let person):
            order(command, door, by: person, id, station: &station, at: now)
        case .act(let device, let action, let arguments, let person):
            act(action, arguments, of: device, by: person, id, station: &station, at: now)
        case .resetGuard(let device, let rule, let isBlind, let person):
            server.answer(
                id,
                reset(
                    rule, of: device, isBlind: isBlind, by: person, station: &station, at: now))
        case .boxes:
            server.answer(id, .boxes(BoxesSnapshot(of: station)))
        case .tellBox(let service, let unit, let order, let person):
            server.answer(
                id, tell(order, unit, of: service, by: person, station: &station, at: now))
        case .services:
            server.answer(id, .services(ServicesSnapshot(of: station, at: now)))
        case .service(let service, let word, let person):
            server.answer(id, tell(word, service, by: person, station: &station, at: now))
        case .changeHours(let places, let word, let person):
            server.answer(id, change(places, word, by: person, station: &station, at: now))
        case .reader(let reader, let order, let person):
            let refusal = station.ordered(
                order, reader: reader, by: .crew, person: person, at: now)
            server.answer(
                id,
                refusal.map { .refused(.readerRefused(reason(of: $0, station.resolved))) } ?? .done)
        case .notice(let notice, let person):
            server.answer(id, tell(notice, by: person, station: &station, at: now))
        case .command(let command):
            server.answer(id, self.answer(of: command, station))
        case .activate(_, let isUrgent):
            activate(id, isUrgent: isUrgent, station: &station, at: now)
        case .watchCard(let wish):
            watch(id, wish, station: &station, at: now)
        case .enrol(let order):
            let refusal = station.ordered(order, by: .crew, at: now)
            server.answer(id, self.answer(of: refusal, order, station.resolved))
        case .cancelEnrolment(let person):
            let end = station.cancelEnrolment(user: person.user, at: now)
            server.answer(id, answer(of: end))
        case .tellKey:
            // Its file is the clerk's to write.
            guard !desk.clerk.take(.asked(query, id)) else { return }
            server.answer(id, CoreAnswer.refused(.busy(what: "clerk")))
        case .tap, .importRoster, .applyRoster, .createKey, .installKey, .issuePass, .withdrawCards,
            .runCommand:
            // These never come here: the world and the clerk take them.
            server.answer(id, CoreAnswer.refused(.notSimulated))
        }
    }

    private func snapshot(of station: borrowing Station, at now: Instant) -> StationSnapshot {
        var snapshot = StationSnapshot(
            of: station, started: started, ready: station.isReady, at: now)
        snapshot.readerKeys = readerKeys
        return snapshot
    }

    /// Ends the loop so that the new configuration is loaded, unless that would cut somebody off.
    private func activate(
        _ id: RequestID, isUrgent: Bool, station: inout Station, at now: Instant
    ) {
        let served = station.doorsInUse
        let open = station.resolved.doors.indices.filter { served.contains(DoorSet(DoorID($0))) }
            .map { station.resolved.doors[$0].name }
        guard isUrgent || open.isEmpty else {
            server?.answer(id, CoreAnswer.refused(.sessionsOpen(open)))
            return
        }
        server?.answer(id, CoreAnswer.done)
        finish(.restart, &station, at: now)
    }

    /// Says goodbye in the journal; the loop ends after this tick's hand-over.
    public func finish(_ how: End, _ station: inout Station, at now: Instant) {
        guard end == nil else { return }
        station.stopping(at: now)
        end = how
    }

    // MARK: Journal

    /// Gives entries to the journal's thread until its mailbox is full; `each` sees what it took.
    public func handOver(from station: inout Station, each: (Entry) -> Void = { _ in }) {
        var taken = 0
        while taken < station.outbox.count {
            let entry = station.outbox[taken]
            guard journal.take(entry) else { break }
            note(entry.event)
            each(entry)
            taken += 1
        }
        station.handedOver(taken)
        if end != nil { isFinished = true }
    }

    /// The end was decided, and the goodbye that came of it was offered to the journal.
    public private(set) var isFinished = false

    // MARK: Time

    public var nextDeadline: Instant {
        min(
            min(min(nextClock, nextLook), min(nextSnapshot, nextWatchdog)),
            min(
                min(min(nextClerkLook, nextOrderLook), nextApprovalLook),
                min(recall.nextAsk, totals.next ?? .distantFuture)))
    }

    /// Somebody set the wall clock.
    public func clockStepped() {
        clock.stepped()
        nextClock = Instant(nanoseconds: 0)
    }

    public func expire(into station: inout Station, at now: Instant) {
        if nextLook <= now { showCards(&station, at: now) }
        if nextClerkLook <= now { watchClerk(&station, at: now) }
        if nextOrderLook <= now { tellOrders(&station, at: now) }
        if nextApprovalLook <= now { carryOutApproved(&station, at: now) }
        if nextClock <= now {
            nextClock = now + Self.clockPeriod
            station.observed(clock.observe(.now()), at: now)
        }
        if nextWatchdog <= now, let period = watchdogPeriod {
            nextWatchdog = now + period
            _ = station_notify("WATCHDOG=1")
        }
        if let due = totals.next, due <= now { saveTotals(of: &station, at: now) }
        if recall.nextAsk <= now { askJournal(at: now) }
        if nextSnapshot <= now {
            tellDoubts(&station, at: now)
            (lastSnapshot, nextSnapshot) = (now, now + StateSnapshot.period)
            saveSnapshot(of: &station, at: now)
        }
    }
}

/// The service manager's watchdog: only the loop's ticks feed it.
enum Watchdog {
    /// Half of what the manager allows; `nil` when nobody watches.
    static func period() -> Interval? {
        guard let text = getenv("WATCHDOG_USEC"), let microseconds = Int64(String(cString: text)),
            microseconds > 0
        else { return nil }
        return .microseconds(microseconds / 2)
    }
}
