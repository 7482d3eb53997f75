// What anybody can cause, and a faulty wire without end: written at first, then counted.

import EventLoop

/// The limits at one device.
struct Floods: Sendable {
    var strangers = FloodLimiter(allowance: FloodLimiter.rare)
    /// Damaged reads: two wires in the wrong hands must not fill the journal.
    var misreads = FloodLimiter(allowance: FloodLimiter.rare)
    /// Gaps in the kernel's edges.
    var gaps = FloodLimiter(allowance: FloodLimiter.rare)
    /// Changes of a contact or presses of a button.
    var changes: FloodLimiter
    /// Alarms that were written although the changes behind them are only counted.
    var alarms = 0
    /// A door that is forced in a busy minute is told all the same, and once that it is over.
    static let alarmsPerCount = 2

    /// - Parameter points: how many the device has. All of them are told at the start, and may
    ///   change once more.
    init(of role: Wiring.Role, points: Int = 0) {
        switch role {
        case .exitButton: changes = FloodLimiter(allowance: FloodLimiter.exits)
        case .none, .readerIn, .readerOut, .ruledIn, .ruledOut, .lock, .contact, .service:
            changes = FloodLimiter(allowance: max(FloodLimiter.changes, points * 2))
        }
    }

    /// When the next count is due, or a flood may be over.
    var nextDeadline: Instant? {
        let deadlines = (
            strangers.nextDeadline, misreads.nextDeadline, gaps.nextDeadline, changes.nextDeadline
        )
        return Instant.earlier(
            Instant.earlier(deadlines.0, deadlines.1), Instant.earlier(deadlines.2, deadlines.3))
    }
}

extension Station {
    // MARK: What happens

    /// The kernel dropped edges. The counters are exact; the entries are bounded.
    mutating func lostEdges(_ count: UInt32, device: Int, at now: Instant) {
        counters.edgesLost &+= UInt64(count)
        deviceStates[device].edgesLost &+= UInt64(count)
        let answer = floods[device].gaps.sees(count, at: now)
        expectCounts(of: device, by: now + FloodLimiter.window)
        switch answer {
        case .write: write(.edgesLost(device: DeviceID(device), count: count), at: now)
        case .count: raise(.overrun, of: device, by: .flood, at: now)
        }
    }

    mutating func leafChanged(
        _ door: DoorID, isClosed: Bool, since: Instant, device: Int, at now: Instant
    ) {
        let input = Door.Input.leaf(isClosed: isClosed, since: since)
        switch change(at: device, now: now) {
        case .write: enqueue(input, of: door, at: now)
        case .count: enqueueQuietly(input, of: door, at: now)
        }
    }

    private mutating func enqueueQuietly(
        _ input: Door.Input, of door: DoorID, at now: Instant
    ) {
        enqueue(
            doorBook.ruled.contains(DoorSet(door))
                ? .quietRuledDoor(door, input) : .quietDoor(door, input), at: now)
    }

    mutating func exitPressed(_ door: DoorID, device: Int, at now: Instant) {
        let input = Door.Input.release(
            .exitButton, for: doors[Int(door.index)].settings.release)
        switch change(at: device, now: now) {
        case .write:
            write(.exitRequested(door: door), at: now)
            enqueue(input, of: door, at: now)
        case .count: enqueueQuietly(input, of: door, at: now)
        }
    }

    /// A state of a device changed.
    mutating func pointChanges(at device: Int, now: Instant) -> FloodLimiter.Answer {
        change(at: device, now: now)
    }

    /// A contact or a button changed. A flood of that is nothing that people do.
    private mutating func change(at device: Int, now: Instant) -> FloodLimiter.Answer {
        let answer = floods[device].changes.sees(at: now)
        expectCounts(of: device, by: now + FloodLimiter.window)
        if answer == .count { raise(.contactFlaky, of: device, by: .flood, at: now) }
        return answer
    }

    /// Whether an output of a counted input is covered by its count. A lock that is freed never is.
    mutating func isInCount(
        _ output: Door.Output, of door: DoorID, _ outputs: Outputs<Door.Output>
    ) -> Bool {
        switch output {
        case .opened, .closed: return true
        case .released: return outputs[0] != .free
        case .forced, .alarmEnded:
            guard let contact = resolved.doors[Int(door.index)].contact else { return false }
            floods[contact].alarms += 1
            return floods[contact].alarms > Floods.alarmsPerCount
        case .free, .hold, .secured, .heldOpenSoon, .heldOpen, .grantUnused, .modeChanged,
            .refused:
            return false
        }
    }

    // MARK: Counts

    /// A count of a device is due at `deadline`, or its reader has a card to forget, unless one is
    /// due before. That one may turn out to be moved: it comes early then, and sets the next.
    mutating func expectCounts(of device: Int, by deadline: Instant) {
        deadlines.bringForward(countsOwner(device), to: deadline)
    }

    /// When a count of a device is due, or its reader has a card to forget.
    private mutating func setCountsDeadline(of device: Int) {
        let counts = floods[device].nextDeadline
        let forgets = readers[device].filter.nextDeadline
        deadlines.set(countsOwner(device), to: Instant.earlier(counts, forgets))
    }

    /// A minute is over at a device, or a flood.
    mutating func expireCounts(of device: Int, at now: Instant) {
        // After most taps there is only a card to forget.
        if let due = floods[device].nextDeadline, due <= now { endCounts(of: device, at: now) }
        setCountsDeadline(of: device)
    }

    private mutating func endCounts(of device: Int, at now: Instant) {
        let strangers = floods[device].strangers.expire(at: now)
        let misreads = floods[device].misreads.expire(at: now)
        let gaps = floods[device].gaps.expire(at: now)
        let changes = floods[device].changes.expire(at: now)
        write(
            counts: (strangers.count, misreads.count, gaps.count, changes.count), of: device,
            at: now)
        if gaps.isOver { clear(.overrun, of: device, by: .flood, at: now) }
        if changes.isOver { clear(.contactFlaky, of: device, by: .flood, at: now) }
    }

    /// Writes down what was only counted so far.
    mutating func flushCounts(at now: Instant) {
        for device in floods.indices {
            let counts = (
                floods[device].strangers.flush(), floods[device].misreads.flush(),
                floods[device].gaps.flush(), floods[device].changes.flush()
            )
            write(counts: counts, of: device, at: now)
        }
    }

    private mutating func write(
        counts: (strangers: UInt32?, misreads: UInt32?, gaps: UInt32?, changes: UInt32?),
        of place: Int, at now: Instant
    ) {
        let device = DeviceID(place)
        if let count = counts.strangers {
            write(.unknownsCounted(reader: device, count: count), at: now)
        }
        if let count = counts.misreads {
            write(.misreadsCounted(reader: device, count: count), at: now)
        }
        if let count = counts.gaps { write(.edgesLost(device: device, count: count), at: now) }
        guard let count = counts.changes else { return }
        floods[place].alarms = 0
        switch wiring.roles[place] {
        case .exitButton(let door): write(.exitsCounted(door: door, count: count), at: now)
        case .contact(let door):
            write(.changesCounted(door: door, count: count), at: now)
            // The last entry about the leaf says again how it is.
            switch doors[Int(door.index)].isClosed {
            case true?: write(.closed(door: door), at: now)
            case false?: write(.opened(door: door), at: now)
            case nil: break
            }
        case .none, .readerIn, .readerOut, .ruledIn, .ruledOut, .lock, .service:
            write(.pointsCounted(device: device, count: count), at: now)
        }
    }
}
