// The room that the loop drives: the station core with a world around it, real or simulated.

public import EventLoop

/// Everything outside the core: lines, journal, mail from other threads.
///
/// The core cannot tell which world it is in. Nothing here may block.
public protocol World: ~Copyable {
    /// Takes at most `limit` posts from other threads into the station. Returns whether some are
    /// left.
    mutating func takePosts(limit: Int, into station: inout Station, at now: Instant) -> Bool
    /// Reads one ready port into the station.
    mutating func read(
        _ ready: Readiness, into station: inout Station, at now: Instant
    ) -> Drained
    /// Sets an output line. What fails comes back as a detached device.
    mutating func set(_ setting: LineSetting, into station: inout Station, at now: Instant)
    /// Carries out what a driver wants of its channel. What fails comes back as a closed channel,
    /// told after the order's bytes were used.
    mutating func carryOut(
        _ order: ChannelOrder, on channel: ChannelID, into station: inout Station, at now: Instant)
    /// Bytes that nobody can foresee, but a simulation's seed.
    mutating func entropy() -> RandomBytes
    /// Keeps a reader's key, durably and for the station's eyes only, and answers `kept`, now or
    /// later. A candidate is kept beside the key before; a proven one takes its place.
    mutating func keep(_ request: KeyRequest, into station: inout Station, at now: Instant)
    /// Keeps a card that was enrolled, durably, and answers `enrolled`, now or later.
    mutating func enrol(_ task: EnrolmentTask, into station: inout Station, at now: Instant)
    /// Has the station's totals kept, by then at the latest on their way to the medium.
    mutating func keepTotals(by due: Instant)
    /// Offers the outbox's entries to the journal, oldest first, and tells the station how many it
    /// took (`handedOver`). A journal that answers at once answers here.
    mutating func handOver(from station: inout Station, at now: Instant)
    /// The world's own deadlines: probing ports, observing the clock, the watchdog.
    var nextDeadline: Instant? { get }
    mutating func expire(into station: inout Station, at now: Instant)
    /// Whether the loop shall end.
    var isFinished: Bool { get }
}

/// Core and world as one room.
public struct House<Outside: World & ~Copyable>: Room, ~Copyable {
    public var station: Station
    public var world: Outside

    @inlinable
    public init(station: consuming Station, world: consuming Outside) {
        self.station = station
        self.world = world
    }

    @inlinable
    public mutating func takePosts(limit: Int, at now: Instant) -> Bool {
        world.takePosts(limit: limit, into: &station, at: now)
    }

    /// Lets go what is due first, so that its entries go out with the same batch.
    ///
    /// What an answer that came at once lets go is done before the wait, and its entries are handed
    /// over as well: nothing that is ready sleeps.
    @inlinable
    public mutating func handOver(at now: Instant) {
        if station.holdsGrants { station.letGo(at: now) }
        if station.hasWork { _ = pump(steps: EventLoopLimits.stepsPerTick, at: now) }
        var rounds = 0
        while !station.outbox.isEmpty, rounds < Self.roundsPerTick {
            world.handOver(from: &station, at: now)
            guard station.hasWork else { return }
            _ = pump(steps: EventLoopLimits.stepsPerTick, at: now)
            rounds += 1
        }
    }

    /// An answer that comes at once lets a grant go, whose entries are the second round.
    @usableFromInline static var roundsPerTick: Int { 4 }

    @inlinable
    public mutating func read(_ ready: Readiness, at now: Instant) -> Drained {
        world.read(ready, into: &station, at: now)
    }

    @inlinable
    public mutating func expire(at now: Instant) {
        if station.isDue(at: now) { station.expire(at: now) }
        if let due = world.nextDeadline, due <= now { world.expire(into: &station, at: now) }
    }

    @inlinable
    public mutating func pump(steps: Int, at now: Instant) -> Bool {
        // Most ticks leave nothing to do: looking is cheaper than a turn of the pump.
        guard station.isStirred else { return !station.hasFreshEntries }
        let isQuiet = station.pump(steps: steps, at: now)
        var isSettled = true
        while let setting = station.takeSetting() {
            world.set(setting, into: &station, at: now)
            isSettled = false
        }
        while station.hasOrders, let (channel, order) = station.takeOrder() {
            world.carryOut(order, on: channel, into: &station, at: now)
            isSettled = false
        }
        if station.hasRequests {
            while let device = station.takeRandomRequest() {
                station.supplied(random: world.entropy(), to: device, at: now)
            }
            while let request = station.takeKeyRequest() {
                world.keep(request, into: &station, at: now)
            }
            if let task = station.takeEnrolment() {
                world.enrol(task, into: &station, at: now)
            }
            if let due = station.takeTotalsDue() { world.keepTotals(by: due) }
            isSettled = false
        }
        // A line that could not be set, or a channel that closed, is new work.
        if !isSettled, station.hasWork || station.hasRequests { return false }
        return isQuiet && !station.hasFreshEntries
    }

    @inlinable
    public var nextDeadline: Instant? {
        if station.hasWork || station.hasFreshEntries { return Instant(nanoseconds: 0) }
        guard let inside = station.nextDeadline else { return world.nextDeadline }
        return world.nextDeadline.map { min($0, inside) } ?? inside
    }

    @inlinable
    public var isFinished: Bool { world.isFinished }
}

extension Station {
    /// The next line to set, oldest first; `nil` when all were taken.
    public mutating func takeSetting() -> LineSetting? {
        lineSettings.popFirst()
    }

    /// Whether queued work, a line or a channel waits for the next pump.
    @inlinable public var hasWork: Bool {
        !work.isEmpty || !lineSettings.isEmpty || !channelOrders.isEmpty
    }

    /// Whether `expire` has anything to do.
    @inlinable
    func isDue(at now: Instant) -> Bool {
        if let next = deadlines.next, next <= now { return true }
        return isAnyHeldBack
    }

    /// Whether a grant waits for its commit, or for its patience to end.
    @inlinable var holdsGrants: Bool { barrier.count > 0 }

    /// Whether a pump has anything to do.
    @inlinable var isStirred: Bool { hasWork || isAsking || outbox.lost > 0 }

    /// The journal took the oldest `count` entries. What it left waits for its next answer.
    public mutating func handedOver(_ count: Int) {
        watchJournal(taken: count)
        outbox.removeFirst(count)
        isJournalFull = !outbox.isEmpty
    }

    /// Whether the next tick has entries to hand over that the journal was not offered yet.
    @inlinable public var hasFreshEntries: Bool { !outbox.isEmpty && !isJournalFull }
}
