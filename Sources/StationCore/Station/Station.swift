// The station core: owns drivers and rules, takes facts in, lets effects and entries out.

public import EventLoop

/// The quiet room's table. Synchronous and deterministic: everything it knows came in as an input
/// with a time on it.
///
/// Inputs queue work; `pump` lets the consequences run until quiet. Then `settings` holds the lines
/// to set and `outbox` the entries to hand to the journal.
public struct Station: ~Copyable {
    /// More queued work than this means two machines feed each other.
    static let workCapacity = 4_096
    /// More orders than this between two looks of the world are more than any line can send.
    static let orderCapacity = 256

    /// Swift 6.3 copies a loadable struct of this size to the stack for every call that does not
    /// mutate it. An existential makes it address-only; see docs/decisions/0007.
    private let addressOnly: any Sendable = ()

    public let resolved: ResolvedStation
    let owners: [LineOwner]
    let wiring: Wiring

    var drivers: FixedTable<any Driver>
    var doors: FixedTable<Door>
    var readers: FixedTable<ReaderState>
    /// What anybody can cause, by device.
    var floods: FixedTable<Floods>
    var deviceStates: FixedTable<DeviceState>
    @usableFromInline var isAnyHeldBack = false
    /// A driver wants something of the world: random bytes, or a key kept.
    @usableFromInline var isAsking = false
    /// Owners: devices, their counts, doors, the barrier, the journal. The first of each kind:
    let firstDoorOwner: Int
    let barrierOwner: Int
    let journalOwner: Int
    @usableFromInline var deadlines: Deadlines
    @usableFromInline var barrier: CommitBarrier
    /// What the journal knows of `barrier.isWaiting`.
    private var isToldWaiting = true

    var roster: Roster?
    var key: StationKey?
    /// A newer key whose first roster has not come yet.
    var nextKey: StationKey?
    var calendar = Calendar.unknown
    var nextTicket: UInt64 = 1
    public private(set) var journalState = JournalState.opening
    /// What is wrong with the station itself.
    var ownFaults = StandingFaults()
    /// Doors that were told something in this run.
    var commandedDoors = DoorSet()
    /// Strict stations: so many commits, and a lapse is forgiven.
    var commitsOwed = 0
    /// What the journal was given and has not answered yet.
    var journalWatch = JournalWatch()

    @usableFromInline var work = FixedQueue<Work>(capacity: Self.workCapacity)
    var answers = DriverOutputs()

    public internal(set) var counters = Counters()
    /// Day passes: who issues them, and which were used.
    var passDesk: PassDesk
    /// Whether a crew member looks at cards now, and what was not shown yet.
    var isWatched = false
    var watchedCards: [WatchedCard] = []
    /// Lines to set, in order. The world takes them after every pump.
    @usableFromInline var lineSettings: FixedQueue<LineSetting>
    /// What channels are to do, in order. The world takes them after every pump.
    @usableFromInline var channelOrders = FixedQueue<ChannelTask>(capacity: Self.orderCapacity)
    public internal(set) var outbox = Outbox()
    /// The journal took no more last time; it is offered the rest when it answers.
    @usableFromInline var isJournalFull = false

    /// - Parameter modes: the doors' standing modes that survived the restart, by place.
    /// - Precondition: `resolved` was validated.
    public init(_ resolved: ResolvedStation, modes: [DoorMode] = []) {
        self.resolved = resolved
        wiring = Wiring(resolved)
        passDesk = PassDesk(resolved.station)
        owners = resolved.lines.map {
            LineOwner(device: UInt16($0.device), terminal: UInt8($0.terminal))
        }
        drivers = FixedTable(
            resolved.devices.indices.map { DriverCatalog.makeDriver(of: $0, in: resolved) })
        doors = FixedTable(
            resolved.doors.enumerated().map { place, door in
                Door(Door.Settings(door), standing: place < modes.count ? modes[place] : .locked)
            })
        readers = FixedTable(resolved.devices.map { _ in ReaderState() })
        floods = FixedTable(wiring.roles.map { Floods(of: $0) })
        deviceStates = FixedTable(
            resolved.devices.indices.map { DeviceState(of: $0, in: resolved) })
        firstDoorOwner = resolved.devices.count * 2
        barrierOwner = firstDoorOwner + resolved.doors.count
        journalOwner = barrierOwner + 1
        deadlines = Deadlines(owners: journalOwner + 1)
        barrier = CommitBarrier(resolved.journal)
        // Every step of a pump may set a few lines before the world takes them.
        lineSettings = FixedQueue(capacity: Self.workCapacity)
    }

    // MARK: Facts from the world

    /// A device's edges in the order in which they happened, as many as were read at once.
    public mutating func edges(_ edges: Span<LineEdge>, of device: DeviceID) {
        counters.edges &+= UInt64(edges.count)
        feed(edges, to: Int(device.index))
    }

    /// A single edge. `at` is the kernel's time stamp.
    public mutating func edge(_ line: LineID, isActive: Bool, at: Instant) {
        let owner = owners[Int(line.index)]
        let edge = CollectionOfOne(
            LineEdge(terminal: owner.terminal, isActive: isActive, at: at))
        edges(edge.span, of: DeviceID(Int(owner.device)))
    }

    /// A line's level, as it was read.
    public mutating func level(_ line: LineID, isActive: Bool, at now: Instant) {
        let owner = owners[Int(line.index)]
        feed(.level(terminal: owner.terminal, isActive: isActive), to: Int(owner.device), at: now)
    }

    /// The kernel dropped edges of a device's request.
    public mutating func edgesLost(_ count: UInt32, of device: DeviceID, at now: Instant) {
        feed(.edgesLost(count: count), to: Int(device.index), at: now)
    }

    /// All lines of the device are there; its outputs have their safe values.
    public mutating func attached(_ device: DeviceID, at now: Instant) {
        deviceStates[Int(device.index)].hasLines = true
        attachIfWhole(Int(device.index), at: now)
    }

    /// A line of the device is not there, or not any more.
    public mutating func detached(_ device: DeviceID, _ fault: Fault, at now: Instant) {
        deviceStates[Int(device.index)].hasLines = false
        feed(.detached(fault), to: Int(device.index), at: now)
    }

    /// The device's port could not be read empty this time: its deadlines wait for the rest, since
    /// what ends a frame is silence, not a busy loop.
    public mutating func heldBack(_ device: DeviceID) {
        deviceStates[Int(device.index)].isHeldBack = true
        isAnyHeldBack = true
    }

    /// The wall clock was observed.
    public mutating func observed(_ calendar: Calendar, at now: Instant) {
        let before = self.calendar
        self.calendar = calendar
        // It is later than a time source said, and than ever before; a source may take that back.
        self.calendar.floor =
            calendar.quality == .synced
            ? calendar.wallTime(at: now) : max(before.floor, calendar.floor)
        let step = (calendar.wallOffset - before.wallOffset) / 1_000_000
        // The first observation is no step, and slewing moves the offset by microseconds.
        let isStep = before.wallOffset != 0 && abs(step) >= 1_000
        guard isStep || before.quality != calendar.quality else { return }
        write(
            .clockChanged(quality: calendar.quality, stepMilliseconds: isStep ? step : 0), at: now)
    }

    /// The journal answered.
    public mutating func answered(_ answer: JournalAnswer, at now: Instant) {
        isJournalFull = false
        switch answer {
        case .opened:
            // After a failure only a commit shows that it is over.
            if journalState == .opening { journalState = .open }
        case .committed(let ticket, _):
            journalState = .open
            journalWatch.committed(upTo: ticket, at: now)
            barrier.committed(upTo: ticket, at: now)
            journalCommitted(at: now)
        case .failed:
            journalState = .failed
            barrier.failed()
            raise(.journalFailed, at: now)
        }
        tellWaiting(at: now)
        if holdsGrants { letGo(at: now) }
    }

    /// A roster was put in place, whole. `refused` rows of its source were not taken.
    public mutating func replaced(roster: Roster, refused: UInt32, isNew: Bool, at now: Instant) {
        self.roster = roster
        if let next = nextKey, roster.isMade(with: next) { (key, nextKey) = (next, nil) }
        guard isNew else { return }
        write(
            .rosterReplaced(
                version: roster.version, keys: UInt32(clamping: roster.count), refused: refused),
            at: now)
    }

    /// A station key was loaded or came into being. While the roster in force was made with the key
    /// before, that one keeps matching: the new key waits for the first roster of its own.
    public mutating func installed(key: StationKey, isNew: Bool, at now: Instant) {
        if let roster, let current = self.key, roster.isMade(with: current),
            !roster.isMade(with: key)
        {
            nextKey = key
        } else {
            self.key = key
            nextKey = nil
        }
        if isNew { write(.keyInstalled(epoch: key.epoch), at: now) }
    }

    /// A person or the hub told a door something.
    public mutating func commanded(
        _ command: DoorCommand, door: DoorID, by authority: Authority, at now: Instant
    ) {
        commandedDoors.insert(DoorSet(door))
        write(.commanded(door: door, command: command, by: authority), at: now)
        enqueue(.door(door, .command(command, by: authority), grant: nil), at: now)
    }

    /// A credential without a reader's wires: from a simulator's or a crew's hand.
    public mutating func presented(_ presentation: Presentation, at reader: DeviceID, now: Instant)
    {
        access(presentation, reader: Int(reader.index), at: now)
    }

    /// The start is done: outputs are safe. Doors whose mode is to stand free are freed now.
    public mutating func started(at now: Instant) {
        write(.started, at: now)
        for place in doors.indices where !doors[place].isSecured {
            enqueue(.driver(wiring.locks[place], .free), at: now)
        }
    }

    /// The station is about to stop on request: what was only counted so far is written now.
    public mutating func stopping(at now: Instant) {
        flushCounts(at: now)
        write(.stopped, at: now)
    }

    // MARK: Time

    /// The nearest deadline of anything inside.
    public var nextDeadline: Instant? { deadlines.next }

    /// Hands over what is due and lets go grants that were committed or are late.
    public mutating func letGo(at now: Instant) {
        guard barrier.count > 0 else { return }
        while let outcome = barrier.next(at: now) {
            switch outcome {
            case .release(let grant): release(grant, at: now)
            case .lapse(let grant): lapse(grant, at: now)
            }
        }
        // A deadline of a grant that has left finds nothing to do when it comes; to take it back
        // would cost every tap more than that.
        if let next = barrier.nextDeadline { deadlines.bringForward(barrierOwner, to: next) }
        tellWaiting(at: now)
    }

    /// Expires every deadline that is not after `now`, in (time, registration) order.
    public mutating func expire(at now: Instant) {
        // Bounded: each owner at most a few times per tick, since deadlines move into the future.
        var turns = 0
        while turns < Self.workCapacity, let owner = deadlines.takeDue(at: now) {
            turns += 1
            expire(owner, at: now)
        }
        guard isAnyHeldBack else { return }
        isAnyHeldBack = false
        for place in deviceStates.indices where deviceStates[place].isHeldBack {
            deviceStates[place].isHeldBack = false
            deadlines.set(place, to: drivers[place].nextDeadline)
        }
    }

    private mutating func expire(_ owner: Int, at now: Instant) {
        let devices = drivers.count
        if owner < devices {
            if !deviceStates[owner].isHeldBack { feed(.deadline, to: owner, at: now) }
        } else if owner < firstDoorOwner {
            readers[owner - devices].filter.forget(at: now)
            expireCounts(of: owner - devices, at: now)
        } else if owner < barrierOwner {
            step(DoorID(owner - firstDoorOwner), .deadline, nil, at: now)
        } else if owner == barrierOwner {
            letGo(at: now)
        } else {
            lookAtJournal(at: now)
        }
    }

    func countsOwner(_ device: Int) -> Int { drivers.count &+ device }
    func doorOwner(_ door: DoorID) -> Int { firstDoorOwner &+ Int(door.index) }

    /// Writes down that taps stopped waiting for the journal, or wait again.
    @inline(__always)
    private mutating func tellWaiting(at now: Instant) {
        if barrier.isWaiting != isToldWaiting { waitingChanged(at: now) }
    }

    @inline(never)
    private mutating func waitingChanged(at now: Instant) {
        isToldWaiting = barrier.isWaiting
        write(.journalWaiting(barrier.isWaiting), at: now)
    }
}

/// How the journal is, as far as the core knows.
public enum JournalState: String, Sendable {
    case opening
    case open
    case failed
}

/// Which device and terminal a line belongs to.
struct LineOwner: Sendable {
    var device: UInt16
    var terminal: UInt8
}

/// What a release needs to know of the grant behind it.
@usableFromInline
struct GrantOrigin: Sendable {
    /// `nil` when its entry found no room.
    var ticket: Ticket?
    /// The credential's last edge.
    var tappedAt: Instant
}

/// Something that waits to be done in this tick.
@usableFromInline
enum Work: Sendable {
    case driver(DeviceID, DriverCommand)
    /// `grant` is the grant behind a key's release.
    case door(DoorID, Door.Input, grant: GrantOrigin?)
    /// The same, but counted instead of written.
    case quietDoor(DoorID, Door.Input)
}

extension Door.Settings {
    init(_ door: ResolvedDoor) {
        self.init(
            hasContact: door.contact != nil,
            watchesForce: !door.shared && door.contact != nil
                && (door.exitButton != nil || !door.readersOut.isEmpty),
            relock: door.relock, release: .milliseconds(Int64(door.releaseMilliseconds)),
            open: .milliseconds(Int64(door.openMilliseconds)),
            preAlarm: .milliseconds(Int64(door.preAlarmMilliseconds)))
    }
}
