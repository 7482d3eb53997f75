// How the threads behind the stage come and go.

import CLinux
public import Control
public import EventLoop
import Glibc
public import Journal
public import StationCore

extension Backstage {
    /// Why the station cannot run at all.
    public enum StartFailure: Error, CustomStringConvertible {
        case journal(JournalError)

        public var description: String {
            switch self {
            case .journal(let error): "journal: \(error)"
            }
        }
    }

    /// Starts clerk and journal; the socket opens later, when there is a station to talk about.
    public static func make(
        _ station: ResolvedStation, memory: Memory, directory: any StateDirectory,
        isSimulated: Bool = false, now: Instant
    ) throws(StartFailure) -> Backstage {
        let clerk = Clerk(
            station: station, directory: directory, key: memory.key, seal: memory.seal)
        let desk = LoopDesk(clerk: clerk)
        let settings = StoreSettings(
            directory: directory, random: KernelRandom(),
            now: { Instant(nanoseconds: station_clock_monotonic()) },
            wall: { WallTime(milliseconds: station_clock_realtime() / 1_000_000) },
            station: station.station.id, boot: BootID.ofKernel(), names: EntryNames(station),
            known: memory.known, utcOffset: station.station.utcOffsetMinutes * 60)
        let journal: JournalThread
        do throws(JournalError) {
            journal = try JournalThread(settings: settings, listener: desk)
        } catch {
            throw .journal(error)
        }
        clerk.start(posts: desk.posts)
        return Backstage(
            desk: desk, journal: journal, adapter: JournalAdapter(thread: journal),
            clock: ClockObserver(
                utcOffsetMinutes: station.station.utcOffsetMinutes, floor: memory.floor,
                isSimulated: isSimulated),
            directory: directory, names: settings.names, memory: memory, now: now)
    }

    /// Opens the control socket and introduces everybody. Doors need no socket: when it cannot be
    /// opened, a fault says why nobody can look in, and it is tried again.
    ///
    /// - Parameters:
    ///   - tables: the roster in force, cards that were enrolled at the door, and marks.
    ///   - rosterVersion: the last that there was; imports count on from it.
    public func open(
        socket: String, info: ServiceInfo, peers: PeerTable, tables: MarkedTables,
        rosterVersion: UInt64
    ) {
        recall.rosterVersion = max(recall.rosterVersion, rosterVersion)
        desk.clerk.begin(
            roster: tables.roster, cards: tables.cards, marks: tables.marks, version: rosterVersion)
        let posts = desk.posts
        let tell: @Sendable (ControlServer.CannotListen?) -> Void = { _ = posts.post(.socket($0)) }
        let opened = ControlServer(path: socket, told: tell) { _ in
            ControlService(info: info, table: peers, core: desk, journal: adapter)
        }
        adapter.serve(opened)
        desk.clerk.serve(opened)
        server = opened
        opened.start()
        // Soon, so that the next start does not take a first one for a loss.
        nextSnapshot = Instant(nanoseconds: 0)
    }

    /// How long the end waits for the clerk: the service manager waits ten seconds for the whole.
    public static let clerkPatience = Interval.seconds(3)

    /// A medium that hangs is not waited for.
    static let totalsPatience = Interval.seconds(2)

    /// Ends in order: the socket closes, then everything that the station wrote is committed, what
    /// it could not hand over any more included, and the state is kept. The clerk comes last: its
    /// task may hang, and what it has to say nobody hears any more.
    ///
    /// - Returns: why the loop ended.
    public func leave(
        _ station: borrowing Station, patience: Interval = clerkPatience
    ) -> End {
        server?.stop()
        keepLast(of: station)
        if !desk.clerk.stop(within: patience) {
            Console.note(
                "stationd: 文书线程没有停下，它手上的事没做完 the clerk has not stopped; what it was at "
                    + "is not done")
        }
        return self.end ?? .stopped
    }

    /// Writes what the next start is to know.
    private func keepLast(of station: borrowing Station) {
        let end = writeRest(of: station)
        let left = end.left + Int(station.outbox.lost)
        if left > 0 {
            Console.note("journal: \(left) 条可能未写下 entries may not have been written")
        }
        let now = Instant(nanoseconds: station_clock_monotonic())
        // What was not read yet is for the next start to read.
        let last = recall.isDone ? end.last : recall.cursor
        let totals = station.keptTotals
        if self.totals.isApart || !totals.isEmpty {
            let isKept = self.totals.keeper.finish(
                totals, as: mark(of: station, last: last, at: now), within: Self.totalsPatience)
            self.totals.ended(keptLast: isKept)
            if !isKept {
                Console.note(
                    "stationd: \(TotalsFile.name): 累计值没写下，另存于 totals are not written, but in "
                        + "\(StateSnapshot.file.name)")
            }
        }
        do throws(JournalError) {
            try snapshot(station, last: last, at: now).write(in: directory)
        } catch {
            Console.note("stationd: \(StateSnapshot.file.name): \(error)")
        }
    }

    // MARK: The clerk

    /// When a clerk that is still at the same task hangs.
    var nextClerkLook: Instant {
        guard let clerkBusySince, !isClerkStuck else { return .distantFuture }
        return clerkBusySince + Clerk.longestTask
    }

    /// Imports and keys wait behind a clerk that hangs; doors do not.
    func watchClerk(_ station: inout Station, at now: Instant) {
        isClerkStuck = clerkBusySince.map { $0 + Clerk.longestTask <= now } ?? false
        station.suffers(.clerkStuck, isClerkStuck, at: now)
    }

    /// Ends the journal with everything that the station did not hand over.
    func writeRest(of station: borrowing Station) -> JournalEnd {
        let rest = (0..<station.outbox.count).map { station.outbox[$0] }
        return journal.stop(rest)
    }
}
