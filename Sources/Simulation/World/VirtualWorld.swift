// The simulated world as the core's surroundings: virtual lines, the real journal, no threads.

public import EventLoop
import Journal
public import StationCore

/// Stands where `LinuxWorld` stands; the core cannot tell.
public final class VirtualWorld: World {
    /// How often the clock is looked at, as in the real world.
    static let clockPeriod = Interval.seconds(16)

    public let plant: VirtualPlant
    public let journal: InlineJournal
    public let clock: VirtualClock
    public let trace: Trace
    public let inspector: Inspector
    private let words: EventText
    private var bank: VirtualBank
    private var channels: VirtualChannels
    private var files: VirtualFiles
    private var chance: SplitMix64
    private var nextClock: Instant
    private var nextSnapshot: Instant
    private var nextAsk = Instant.distantFuture
    /// The newest entry that the snapshot of the life before includes.
    private let known: Cursor?
    /// What the journal knows beyond that was taken up.
    private var isRecalled = false
    /// The last sequence of the life before, once the journal was open.
    private var before: UInt64?
    let totals: InlineTotals
    private var nextTotals = Instant.distantFuture
    /// The newest trusted reading of the wall clock that survived the last run.
    private let floor: WallTime
    /// The loop ends after this tick.
    public var isFinished = false

    public init(
        plant: VirtualPlant, journal: InlineJournal, clock: VirtualClock, trace: Trace,
        inspector: Inspector, chance: SplitMix64, memory: StateSnapshot? = nil
    ) {
        self.plant = plant
        self.journal = journal
        self.clock = clock
        self.trace = trace
        self.inspector = inspector
        words = EventText(plant.station)
        bank = VirtualBank(plant)
        channels = VirtualChannels(plant.twins)
        files = VirtualFiles(plant)
        self.chance = chance
        nextClock = clock.now
        // Not before the journal has said what came after the last one.
        nextSnapshot = .distantFuture
        self.known = memory?.last
        floor = memory?.wallAnchor ?? WallTime(milliseconds: 0)
        totals = InlineTotals(journal.disk, snapshot: memory, of: plant.station)
        let zeroes = plant.readers.map(\.zero)
        journal.onSnapshot = { [unowned self] snapshot, isKept in
            trace.note(.snapshot, 0, isKept ? 1 : 0, at: clock.now, isKept ? "kept" : "failed")
            if isKept {
                inspector.kept(snapshot.modes(for: plant.station))
            } else {
                nextSnapshot = min(nextSnapshot, clock.now + StateSnapshot.retry)
            }
        }
        channels.onHeard = { channel, pipe, bytes, now in
            let sum = bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
            trace.note(
                .heard, Int(channel.index), Int64(bitPattern: sum), at: now,
                "channel \(channel.index) \(pipe) \(bytes.count) bytes")
        }
        bank.onEdge = { edge in
            trace.note(
                .edge, Int(edge.line.index), edge.isActive ? 1 : 0, at: edge.at,
                "line \(edge.line.index) \(zeroes.contains(edge.line) ? "0" : "") "
                    + "\(edge.isActive ? "active" : "inactive")")
        }
    }

    /// Gives outputs their safe values and tells the station what is there.
    public func open(into station: inout Station, at now: Instant) {
        bank.openAll(into: &station, at: now)
        plant.teach(&station, at: now)
        channels.openAll(into: &station, at: now)
        observe(into: &station, at: now)
    }

    private func observe(into station: inout Station, at now: Instant) {
        inspector.observed(calendar)
        station.observed(calendar, at: now)
    }

    private var calendar: Calendar {
        Calendar(
            wallOffset: clock.wallOffset, bootOffset: 0, quality: clock.quality,
            utcOffset: Int32(plant.station.station.utcOffsetMinutes * 60),
            floor: floor)
    }

    // MARK: World

    public func takePosts(limit: Int, into station: inout Station, at now: Instant) -> Bool {
        journal.advance(to: now)
        while let answer = journal.takeAnswer(at: now) {
            trace.note(.answer, 0, answer.number, at: now, "\(answer)")
            inspector.answered(answer, at: now)
            station.answered(answer, at: now)
            switch answer {
            case .opened(let last): recall(last, into: &station, at: now)
            case .committed, .failed: break
            }
        }
        return false
    }

    /// The journal is open: what it knows beyond the snapshot is taken up, once.
    private func recall(_ last: UInt64, into station: inout Station, at now: Instant) {
        guard !isRecalled else { return }
        let end = before ?? last
        before = end
        // It is asked again after a while, as on hardware.
        nextAsk = now + .seconds(10)
        guard let memory = try? journal.recollect(after: known, upTo: end, at: now) else { return }
        (isRecalled, nextAsk) = (true, .distantFuture)
        for (place, mode) in memory.modes.enumerated() {
            guard let mode else { continue }
            let door = DoorID(place)
            inspector.recalled(mode.mode, of: door)
            station.recalled(mode.mode, of: door, by: mode.authority, at: now)
        }
        for use in memory.passUses { station.recalled(use) }
        memory.teachGuards(&station, isDoubtful: false, at: now)
        memory.teachBoxes(&station, isDoubtful: false, at: now)
        memory.teachUses(&station, at: now)
        memory.teachPassages(&station, at: now)
        memory.teachQuotas(&station, isSum: known != nil, at: now)
        memory.teachCommands(&station, at: now)
        memory.teachNotice(&station, at: now)
        station.recalledServices(at: now)
        nextSnapshot = now
    }

    public func read(
        _ ready: Readiness, into station: inout Station, at now: Instant
    ) -> Drained {
        if ready.isHangup { trace.note(.chip, Int(ready.token), 0, at: now, "hung up") }
        return bank.read(ready, into: &station, at: now)
    }

    public func set(_ setting: LineSetting, into station: inout Station, at now: Instant) {
        trace.note(
            .set, Int(setting.line.index), setting.isActive ? 1 : 0, at: now,
            "line \(setting.line.index) \(setting.isActive ? "active" : "inactive")")
        if let lock = plant.door(lockedBy: setting.line) {
            inspector.set(
                lock.door, isFree: setting.isActive == lock.freesWhenActive,
                fresh: (0..<station.outbox.count).map { station.outbox[$0] },
                witness: plant.witness, at: now)
        }
        bank.set(setting, into: &station, at: now)
    }

    public func carryOut(
        _ order: ChannelOrder, on channel: ChannelID, into station: inout Station, at now: Instant
    ) {
        trace.note(.order, Int(channel.index), 0, at: now, "channel \(channel.index) \(order)")
        channels.carryOut(order, on: channel, into: &station, at: now)
    }

    public func entropy() -> RandomBytes {
        var bytes = RandomBytes(repeating: 0)
        for index in bytes.indices { bytes[index] = UInt8(chance.below(256)) }
        return bytes
    }

    /// The simulated board forgets nothing while it runs.
    public func keep(_ request: KeyRequest, into station: inout Station, at now: Instant) {
        station.kept(true, request.receipt, at: now)
    }

    public func enrol(_ task: EnrolmentTask, into station: inout Station, at now: Instant) {
        // Nobody asks for one in a batch: there is no control socket.
        station.enrolled(nil, receipt: task.receipt, at: now)
    }

    public func handOver(from station: inout Station, at now: Instant) {
        let entries = (0..<station.outbox.count).map { station.outbox[$0] }
        let taken = journal.take(entries, at: now)
        for entry in entries.prefix(taken) {
            trace.note(entry, words, at: now)
            // What outlives the core is kept at once.
            if entry.event.keeping != .later, isRecalled { nextSnapshot = now }
            inspector.handedOver(entry, witness: plant.witness, at: now)
        }
        station.handedOver(taken)
    }

    public func keepTotals(by due: Instant) { nextTotals = min(nextTotals, due) }

    public var nextDeadline: Instant? {
        if plant.hasOrders { return Instant(nanoseconds: 0) }
        var next = min(min(nextClock, nextSnapshot), min(nextTotals, nextAsk))
        if let due = totals.nextDeadline { next = min(next, due) }
        if let due = journal.nextDeadline { next = min(next, due) }
        if let due = bank.nextDeadline { next = min(next, due) }
        if let due = channels.nextDeadline { next = min(next, due) }
        if let due = files.nextDeadline { next = min(next, due) }
        return next
    }

    public func expire(into station: inout Station, at now: Instant) {
        // An order that ended the wait comes now, not when the wait began.
        for order in plant.takeOrders() { carryOut(order, into: &station, at: clock.now) }
        if nextClock <= now {
            nextClock = now + Self.clockPeriod
            observe(into: &station, at: now)
        }
        bank.expire(into: &station, at: now)
        channels.expire(into: &station, at: now)
        files.expire(into: &station, at: now)
        if nextAsk <= now, let before { recall(before, into: &station, at: now) }
        if nextSnapshot <= now {
            nextSnapshot = now + StateSnapshot.period
            // As far as the core was answered, and no further: what was committed since then is for
            // the next life to read.
            journal.save(
                StateSnapshot(
                    of: station, last: journal.answered, hasTotals: !totals.isApart, at: now),
                at: now)
            if totals.isApart { nextTotals = now }
        }
        let wasApart = totals.isApart
        if nextTotals <= now {
            nextTotals = .distantFuture
            station.tookTotals()
            let mark = TotalsFile.Mark(
                last: isRecalled ? journal.answered : known,
                wallAnchor: StateSnapshot.wallAnchor(of: station, at: now))
            totals.save(station.keptTotals, as: mark, at: now)
        }
        totals.advance(to: now)
        if totals.isFailing { nextTotals = min(nextTotals, now + StateSnapshot.retry) }
        // Not before the journal was asked: a snapshot would claim what it does not know.
        if totals.isApart, !wasApart, isRecalled { nextSnapshot = now }
        journal.advance(to: now)
    }

    private func carryOut(_ order: VirtualPlant.Order, into station: inout Station, at now: Instant)
    {
        trace.note(.order, 0, 0, at: now, "\(order)")
        switch order {
        case .command(let door, let command, let authority):
            station.commanded(command, door: door, by: authority, at: now)
        case .clock(let step, let quality):
            clock.wallOffset += step * 1_000_000
            clock.quality = quality
            nextClock = now
        case .disk(let mood):
            journal.disk.turn(mood)
        case .brownOut(let operations):
            journal.disk.brownOut(after: operations)
        case .powerOff:
            isFinished = true
        case .lookIntoBoxes: lookIntoBoxes(&station, at: now)
        case .closeMains: plant.closeMains(&station, at: now)
        }
    }

    /// A crew gives free what is out of use and empty.
    private func lookIntoBoxes(_ station: inout Station, at now: Instant) {
        for service in station.resolved.services.indices {
            for (unit, box) in station.boxStates(of: service).enumerated()
            where !box.isHeld && (!box.isKnown || !box.troubles.isEmpty) {
                guard plant.isEmpty(unit, of: service) else { continue }
                _ = station.told(.clear, of: unit, in: ServiceID(service), by: .crew, at: now)
            }
        }
    }
}

extension JournalAnswer {
    /// What a trace remembers of an answer.
    fileprivate var number: Int64 {
        switch self {
        case .opened(let last): Int64(clamping: last) << 1
        case .committed(let upTo, _): Int64(clamping: upTo.number)
        case .failed: -1
        }
    }
}
