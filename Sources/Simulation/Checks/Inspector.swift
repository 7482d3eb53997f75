// Watches what the core does and asks the plant's witness for the cause of it.

public import EventLoop
public import StationCore

/// The checkers of a run. They know the rules, not the core's code: they see entries, answers and
/// wires, and the world that caused them.
public final class Inspector {
    /// A cause may be so old: the loop is late, contacts settle, frames end.
    static let memory = Interval.milliseconds(1_000)
    /// More violations than this say nothing new.
    public static let told = 50
    /// Ticks without time moving on.
    static let ticksAtOneTime = 20_000

    public internal(set) var violations: [Violation] = []
    public internal(set) var violationCount = 0

    let words: EventText
    private let patience: Interval
    private let isStrict: Bool

    /// Grants, and orders that free a lock.
    private var grants: [(ticket: Ticket, at: Instant)] = []
    /// By door: the last order to stand free.
    private var unlockOrders: [Ticket?]
    /// By door: an entry of the life before says that it stood free.
    private var recalledFree: [Bool]
    private var committed = Ticket(number: 0)
    private var lastSequence: UInt64 = 0
    private var isFreshlyOpened = false
    /// The world gave the core a reason not to wait for commits any more.
    private var isExcused = true
    /// Doors that are free with a cause.
    private var isFree: [Bool]
    /// Doors that are to be free for as long as their mode lasts.
    private var standsFree: [Bool]
    /// The doors' standing modes as the snapshot on the disk has them.
    private(set) var keptModes: [DoorMode]
    var expectedTaps = ExpectedTaps()
    private var expectedAnswers: ExpectedAnswers
    private var usedTaps = UsedTaps()
    private var passes = PassWatch()
    private var readers: ReaderWatch
    private(set) var hours: HoursWatch
    private var services: ServiceWatch
    /// Grants since the faults stopped: so many should have been on time.
    var grantsSinceCalm = 0
    /// How many cores there were.
    public private(set) var lives = 0
    private var stillTicks = 0
    private var lastTick = Instant(nanoseconds: 0)

    public init(_ station: ResolvedStation) {
        words = EventText(station)
        expectedAnswers = ExpectedAnswers(station)
        readers = ReaderWatch(devices: station.devices.count)
        hours = HoursWatch(station)
        services = ServiceWatch(station)
        isFree = Array(repeating: false, count: station.doors.count)
        standsFree = isFree
        unlockOrders = Array(repeating: nil, count: station.doors.count)
        recalledFree = Array(repeating: false, count: station.doors.count)
        keptModes = Array(repeating: .locked, count: station.doors.count)
        isStrict = station.journal.commitWait == .strict
        patience =
            isStrict
            ? .milliseconds(Int64(station.journal.lapseMilliseconds))
            : .milliseconds(Int64(station.journal.commitWaitMilliseconds))
        // A fresh core waits for the journal from its first grant on.
        isExcused = false
    }

    /// What visitors carry.
    public func know(_ visitors: VisitorPasses) { passes = PassWatch(visitors.all) }

    func tell(_ rule: Violation.Rule, at now: Instant, _ what: String) {
        violationCount += 1
        if violations.count < Self.told { violations.append(Violation(rule, at: now, what)) }
    }

    /// What people saw at lockers that must not be.
    func take(_ broken: [Violation]) {
        violationCount += broken.count
        violations += broken.prefix(max(0, Self.told - violations.count))
    }

    /// The world is about to tell the core what the clock shows.
    public func observed(_ calendar: Calendar) { hours.observed(calendar) }

    // MARK: The journal

    /// The world is about to tell the core what the journal answered.
    public func answered(_ answer: JournalAnswer, at now: Instant) {
        switch answer {
        case .opened(let last):
            // Whatever was committed survives failing disks and power cuts.
            if last < lastSequence {
                tell(.journalBroken, at: now, "\(lastSequence) were committed, \(last) are there")
            }
            lastSequence = last
            isFreshlyOpened = true
        case .failed: isExcused = true
        case .committed(let upTo, let last):
            // Opening may find that a commit of which nobody knew is there after all.
            if last < lastSequence || (last == lastSequence && !isFreshlyOpened) {
                tell(.journalBroken, at: now, "sequence \(last) follows \(lastSequence)")
            }
            lastSequence = last
            isFreshlyOpened = false
            committed = max(committed, upTo)
            for (rule, pass) in passes.committed(upTo: upTo) { tell(rule, at: now, "\(pass)") }
            // A commit that came too late is reason enough.
            for grant in grants where grant.ticket <= upTo && grant.at + patience <= now {
                isExcused = true
            }
            grants.removeAll { $0.ticket <= upTo && $0.at + .seconds(10) < now }
        }
    }

    /// An entry is on its way to the journal.
    public func handedOver(_ entry: Entry, witness: borrowing Witness, at now: Instant) {
        services.take(entry)
        switch entry.event {
        case .commanded(let door, let command, let authority):
            guard command.waits(of: authority) else { break }
            grants.append((entry.ticket, entry.at))
            if command == .unlock { unlockOrders[Int(door.index)] = entry.ticket }
        // Boxes that open wait with doors, and a late entry of theirs counts for both.
        case .compartment(_, _, .reopened, _), .compartment(_, _, .ordered, _):
            grants.append((entry.ticket, entry.at))
        case .passGranted(_, let reader, let use, _, let note):
            grants.append((entry.ticket, entry.at))
            grantsSinceCalm += 1
            let broken = passes.granted(entry, use: use, at: reader, note: note, witness)
            if let broken { tell(broken, at: now, "\(entry.key) at \(words.device(reader))") }
        case .passWithdrawn(_, let reader, _, _, _):
            passes.withdrawn(entry, at: reader)
        case .granted(let door, let reader, _, _):
            grants.append((entry.ticket, entry.at))
            grantsSinceCalm += 1
            expectedTaps.answered(entry.key, at: reader)
            if !witness.wasPresented(entry.key, at: door, within: Self.memory, of: entry.at) {
                tell(.grantWithoutCard, at: now, "\(entry.key) at \(words.door(door))")
            }
            if !usedTaps.use(entry.key, at: reader, witness),
                !witness.isExplained(reader, since: entry.at),
                !witness.wasDrowned(entry.key, at: reader)
            {
                tell(.tapDoubled, at: now, "\(entry.key) at \(words.device(reader))")
            }
            if witness.isBarred(entry.key) {
                tell(.grantWithoutCard, at: now, "\(entry.key) is lost or blocked")
            }
        case .denied(_, let reader, _, _):
            expectedTaps.answered(entry.key, at: reader)
        case .forced(let door):
            let isKnown =
                witness.wasForced(door, within: .seconds(3), of: entry.at)
                || witness.didChipsChange(within: .seconds(100), of: entry.at)
            if !isKnown { tell(.alarmWithoutCause, at: now, words.door(door)) }
        case .released(let door, let cause, let grant, _, let note):
            if let grant, grant > committed, note != .journalSlow {
                tell(.undurableUntold, at: now, words.door(door))
            }
            // Most were judged when the wire was set; a lock that is away is set when it is back.
            guard !isFree[Int(door.index)] else { break }
            isFree[Int(door.index)] = true
            judge(
                cause, grant, note, of: door, ticket: entry.ticket, fresh: [], witness: witness,
                at: entry.at)
        case .modeChanged(let door, .unlocked, let authority):
            isFree[Int(door.index)] = true
            standsFree[Int(door.index)] = true
            judgeUnlocking(door, by: authority, at: entry.at, witness: witness)
        case .modeChanged(let door, let mode, let authority):
            if mode == .locked, authority == .schedule,
                !hours.explains(unlocked: false, door, at: entry.at)
            {
                tell(.hoursIgnored, at: now, "\(words.door(door)) locked in its hours")
            }
            isFree[Int(door.index)] = false
            standsFree[Int(door.index)] = false
        case .secured(let door):
            isFree[Int(door.index)] = false
        case .journalWaiting(true):
            isExcused = false
        default:
            break
        }
    }

    // MARK: Locks

    /// A lock's wire is about to be set. `fresh` holds the entries that are not handed over yet.
    public func set(
        _ door: DoorID, isFree free: Bool, fresh: borrowing [Entry], witness: borrowing Witness,
        at now: Instant
    ) {
        let place = Int(door.index)
        guard free else {
            isFree[place] = false
            return
        }
        // Said again after the chip came back, or said first by a core that starts so.
        let isSaid = isFree[place] || standsFree[place]
        isFree[place] = true
        guard !isSaid else { return }
        for index in fresh.indices.reversed() {
            switch fresh[index].event {
            case .released(door, let cause, let grant, _, let note):
                if let grant, grant <= committed, note == .journalSlow {
                    tell(.undurableUntold, at: now, "\(words.door(door)) was durable")
                }
                return judge(
                    cause, grant, note, of: door, ticket: fresh[index].ticket, fresh: fresh,
                    witness: witness, at: now)
            case .modeChanged(door, .unlocked, _):
                return  // Judged when the entry is handed over.
            default:
                continue
            }
        }
        tell(.releaseWithoutCause, at: now, "\(words.door(door)): no entry says why")
    }

    private func judge(
        _ cause: ReleaseCause, _ grant: Ticket?, _ note: GrantNote, of door: DoorID, ticket: Ticket,
        fresh: borrowing [Entry], witness: borrowing Witness, at now: Instant
    ) {
        let name = words.door(door)
        switch cause {
        case .key where grant == nil && note == .journalSlow && !isStrict:
            isExcused = true  // The grant's entry found no room, and the release says so.
        case .key:
            guard let grant, grant < ticket else {
                return tell(.releaseBeforeGrant, at: now, name)
            }
            judge(grant, fresh: fresh, name: name, at: now)
        case .exitButton:
            guard witness.wasPressed(door, within: Self.memory, of: now) else {
                return tell(.releaseWithoutCause, at: now, "\(name): nobody pressed the button")
            }
        case .command:
            guard
                witness.wasCommanded(door, .access, within: Self.memory + patience, of: now)
            else {
                return tell(.releaseWithoutCause, at: now, "\(name): nobody gave the command")
            }
            guard let grant, grant < ticket else {
                return tell(.releaseBeforeGrant, at: now, name)
            }
            judge(grant, fresh: fresh, name: name, at: now)
        case .fire, .schedule:
            tell(.releaseWithoutCause, at: now, "\(name): there is no \(cause.name) here")
        }
    }

    /// A door stands free from now on.
    private func judgeUnlocking(
        _ door: DoorID, by authority: Authority, at now: Instant, witness: borrowing Witness
    ) {
        let name = words.door(door)
        if authority == .schedule {
            if !hours.explains(unlocked: true, door, at: now) {
                tell(.hoursIgnored, at: now, "\(name) unlocked out of its hours")
            }
            return
        }
        if recalledFree[Int(door.index)] {
            recalledFree[Int(door.index)] = false
            return
        }
        guard witness.wasCommanded(door, .unlock, within: Self.memory + patience, of: now),
            let order = unlockOrders[Int(door.index)]
        else { return tell(.releaseWithoutCause, at: now, "\(name) unlocked by nobody") }
        judge(order, fresh: [], name: name, at: now)
    }

    private func judge(_ grant: Ticket, fresh: borrowing [Entry], name: String, at now: Instant) {
        if grant <= committed { return }
        var madeAt = grants.last { $0.ticket == grant }?.at
        if madeAt == nil {
            for index in fresh.indices where fresh[index].ticket == grant {
                switch fresh[index].event {
                case .granted, .passGranted, .commanded: madeAt = fresh[index].at
                default: break
                }
            }
        }
        guard let madeAt else { return tell(.releaseBeforeGrant, at: now, name) }
        // It waited long enough itself, or another did that came to nothing.
        let isLate = grants.contains { $0.ticket > committed && $0.at + patience <= now }
        if madeAt + patience <= now || isLate, !isStrict {
            isExcused = true
            return
        }
        if isStrict || !isExcused {
            tell(.releaseBeforeCommit, at: now, "\(name), ticket \(grant.number)")
        }
    }

    /// The journal says how a door stood when the life before ended.
    public func recalled(_ mode: DoorMode, of door: DoorID) {
        recalledFree[Int(door.index)] = mode == .unlocked
    }

    /// A snapshot with these standing modes is on the disk.
    public func kept(_ modes: [DoorMode]) { keptModes = modes }

    /// A new core starts with these standing modes: it knows nothing of what the one before was
    /// about to do.
    public func restarted(standing modes: [DoorMode], at now: Instant) {
        if modes != keptModes {
            tell(.modeForgotten, at: now, "\(modes.map(\.name)) of \(keptModes.map(\.name))")
        }
        services.restarted(committed: committed, at: now)
        grants.removeAll()
        committed = Ticket(number: 0)
        unlockOrders = unlockOrders.map { _ in nil }
        recalledFree = recalledFree.map { _ in false }
        isExcused = false
        standsFree = modes.map { $0 == .unlocked || $0 == .lockedOpen }
        isFree = standsFree
        expectedTaps.forget()
        passes.restarted()
        expectedAnswers.forget()
        readers.restarted(at: now)
        lives += 1
    }

    /// The faults have stopped for good.
    public func calmed() { grantsSinceCalm = 0 }

    // MARK: Every tick

    /// Readers on channels, as they are and as the station has them.
    func look(
        _ states: [ReaderWatch.Reader], _ health: [DeviceHealth], at now: Instant
    ) {
        for (device, rule) in readers.look(states, health, at: now) {
            tell(rule, at: now, words.device(device))
        }
    }

    /// What flows at services.
    func look(_ flows: [ServiceFlow], at now: Instant) {
        for (rule, what) in services.look(flows, at: now) { tell(rule, at: now, what) }
    }

    /// Queues and time.
    public func afterTick(_ bounds: Bounds, witness: borrowing Witness, at now: Instant) {
        stillTicks = now == lastTick ? stillTicks + 1 : 0
        lastTick = now
        if stillTicks == Self.ticksAtOneTime { tell(.stoodStill, at: now, "\(stillTicks) ticks") }
        for (what, count, limit) in bounds.all where count > limit {
            tell(.queueOverBound, at: now, "\(what): \(count) of at most \(limit)")
        }
        for missed in expectedTaps.overdue(witness, at: now) {
            tell(.tapWithoutAnswer, at: now, "\(missed.key) at \(words.device(missed.reader))")
        }
        for missed in expectedAnswers.overdue(witness, patience: patience, at: now) {
            tell(.riderWithoutAnswer, at: now, words.device(missed.reader))
        }
    }
}

extension DoorCommand {
    /// Whether it frees a lock for somebody's word.
    fileprivate func waits(of authority: Authority) -> Bool {
        (self == .access || self == .unlock) && (authority == .crew || authority == .hub)
    }
}

/// How full everything is that may fill.
public struct Bounds: Sendable {
    public var outbox: Int
    public var journal: Int
    public var heldGrants: Int

    public init(outbox: Int, journal: Int, heldGrants: Int) {
        self.outbox = outbox
        self.journal = journal
        self.heldGrants = heldGrants
    }

    var all: [(String, Int, Int)] {
        [
            ("outbox", outbox, Outbox.capacity), ("journal", journal, InlineJournal.capacity),
            ("held grants", heldGrants, CommitBarrier.capacity),
        ]
    }
}
