// The heart: one thread, one tick, the same order every time.
//
// 1. Run what was posted.   2. Hand entries to the journal; let go what was committed or is late.
// 3. Wait for readiness until the nearest deadline.   4. Let each ready port read.
// 5. Expire deadlines in (time, registration) order.   6. Pump until quiet.

/// What the loop drives. A `Room` owns the core and its ports; the loop owns the order of events.
///
/// Every method returns soon: none may block, and each has a bound of its own.
public protocol Room: ~Copyable {
    /// Takes at most `limit` posts from other threads. Returns whether some are left.
    mutating func takePosts(limit: Int, at now: Instant) -> Bool
    /// Gives the journal what is to be written; lets go what was committed or is past its deadline.
    mutating func handOver(at now: Instant)
    /// Reads one ready port until drained or its budget is used.
    mutating func read(_ ready: Readiness, at now: Instant) -> Drained
    /// Expires every deadline that is not after `now`, earliest first. Whatever happened up to
    /// `now` was reported and read in this tick, if it was not held back.
    mutating func expire(at now: Instant)
    /// Lets consequences run until quiet or `steps` are used. Returns whether it is quiet.
    mutating func pump(steps: Int, at now: Instant) -> Bool

    /// The nearest deadline, or `nil` to be left alone.
    var nextDeadline: Instant? { get }
    /// Whether the loop shall end after this tick.
    var isFinished: Bool { get }
}

/// What one tick did, for metrics and for tests.
public struct Tick: Sendable, Equatable {
    /// When the tick began and when its wait ended.
    public var start: Instant
    public var awake: Instant
    /// How many ports were read.
    public var portsRead: Int
    /// Readiness for a registration that had gone since: dropped.
    public var stale: Int
    /// The pump used all its steps; the rest follows in the next tick.
    public var isBusy: Bool

    @inlinable
    public init(start: Instant, awake: Instant, portsRead: Int, stale: Int, isBusy: Bool) {
        self.start = start
        self.awake = awake
        self.portsRead = portsRead
        self.stale = stale
        self.isBusy = isBusy
    }
}

/// The loop itself. Generic, so that simulation and hardware run the same ticks.
public struct EventLoop<Gate: Selector, House: Room & ~Copyable>: ~Copyable {
    public let gate: Gate
    public var room: House

    @usableFromInline var ready: [Readiness] = []
    /// Work that is known to be left over: the next wait must not sleep.
    @usableFromInline var isRestless = true

    @inlinable
    public init(gate: Gate, room: consuming House) {
        self.gate = gate
        self.room = room
        ready.reserveCapacity(EventLoopLimits.readinessPerTick)
    }

    /// Runs until the room is finished.
    @inlinable
    public mutating func run() {
        while !room.isFinished { _ = tick() }
    }

    /// One turn of all six steps.
    @inlinable
    public mutating func tick() -> Tick {
        let start = gate.now()
        let postsLeft = room.takePosts(limit: EventLoopLimits.postsPerTick, at: start)
        room.handOver(at: start)

        let restless = isRestless || postsLeft
        // A few pops are cheaper than `removeAll(keepingCapacity:)`.
        while ready.popLast() != nil {}
        let until = restless ? start : room.nextDeadline
        gate.wait(from: start, until: until, into: &ready)
        let awake = gate.now()
        // Whatever happened up to then was reported: the gate looked once more after `start`, and
        // after `until` when nothing had come. What happened since may not be, so a deadline
        // between the two waits for the next tick: its frame may have an edge that nobody read.
        var seen = start
        if ready.isEmpty, let until, until <= awake { seen = max(start, until) }

        var (portsRead, stale) = (0, 0)
        var portsLeft = false
        for index in ready.indices {
            let readiness = ready[index]
            guard gate.isCurrent(readiness.registration) else {
                stale += 1
                continue
            }
            portsRead += 1
            switch room.read(readiness, at: awake) {
            case .drained: break
            case .more: portsLeft = true
            }
        }

        room.expire(at: seen)
        let isQuiet = room.pump(steps: EventLoopLimits.stepsPerTick, at: awake)
        isRestless = portsLeft || !isQuiet
        return Tick(
            start: start, awake: awake, portsRead: portsRead, stale: stale, isBusy: !isQuiet)
    }
}
