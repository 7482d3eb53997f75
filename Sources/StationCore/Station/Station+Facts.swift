// What the world tells the core: edges, levels, ports, the clock, rosters, keys and orders.

public import EventLoop

extension Station {
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
        if !machines.isEmpty { serveMachines(Int(device.index), isThere: false, at: now) }
    }

    /// The device's port could not be read empty this time: its deadlines wait for the rest, since
    /// what ends a frame is silence, not a busy loop.
    public mutating func heldBack(_ device: DeviceID) {
        deviceStates[Int(device.index)].isHeldBack = true
        isAnyHeldBack = true
    }

    /// A worker looked at a file of a device.
    public mutating func found(
        _ finding: FileFinding, of point: Int, _ device: DeviceID, at now: Instant
    ) {
        let place = Int(device.index)
        drivers[place].found(finding, of: point, at: now, into: &answers)
        deadlines.set(place, to: drivers[place].nextDeadline)
        routeAnswers(of: place, at: now)
    }

    /// The wall clock was observed.
    public mutating func observed(_ calendar: Calendar, at now: Instant) {
        let before = self.calendar
        self.calendar = calendar
        // It is later than a time source said, and than ever before; a source may take that back.
        self.calendar.floor =
            calendar.quality == .synced
            ? calendar.wallTime(at: now) : max(before.floor, calendar.floor)
        defer {
            lookAtHours(at: now)
            if !machines.isEmpty { tellDate(at: now) }
            if !services.pauses.isEmpty { lookAtPauses(at: now) }
            trustCommands(at: now)
            if notice != nil { lookAtNotice(at: now) }
        }
        let step = (calendar.wallOffset - before.wallOffset) / 1_000_000
        // The first observation is no step, and slewing moves the offset by microseconds.
        let isStep = before.wallOffset != 0 && abs(step) >= 1_000
        guard isStep || before.quality != calendar.quality else { return }
        write(
            .clockChanged(quality: calendar.quality, stepMilliseconds: isStep ? step : 0), at: now)
    }

    /// A roster was put in place, whole. `refused` rows of its source were not taken.
    public mutating func replaced(roster: Roster, refused: UInt32, isNew: Bool, at now: Instant) {
        self.roster = roster
        if let next = nextKey, roster.isMade(with: next) { (key, nextKey) = (next, nil) }
        dropForeignCards(at: now)
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
        dropForeignCards(at: now)
        if isNew { write(.keyInstalled(epoch: key.epoch), at: now) }
    }

    /// A person or the hub told a door something, and wants no answer.
    public mutating func commanded(
        _ command: DoorCommand, door: DoorID, by authority: Authority, at now: Instant
    ) {
        ordered(command, door: door, by: authority, at: now)
    }

    /// A credential without a reader's wires: from a simulator's or a crew's hand.
    public mutating func presented(_ presentation: Presentation, at reader: DeviceID, now: Instant)
    {
        access(presentation, reader: Int(reader.index), at: now)
    }

    /// The start is done: outputs are safe. Doors whose mode is to stand free are freed now.
    public mutating func started(at now: Instant) {
        write(.started, at: now)
        // Nobody kept anything: a first start.
        if !areTotalsRecalled { recalled(totals: [], at: now) }
        for place in doors.indices where !doors[place].isSecured {
            enqueue(.driver(wiring.locks[place], .free), at: now)
        }
        watchGuards(at: now)
        awaitServices(at: now)
    }

    /// The station is about to stop on request: what was only counted so far is written now.
    public mutating func stopping(at now: Instant) {
        flushCounts(at: now)
        cancelApproval(at: now)
        // A card that the world has been given may be a key: the last step is not ours to say.
        if enrolment?.isHandedOver == false { enrolmentEnds(.cancelled, at: now) }
        write(.stopped, at: now)
    }
}
