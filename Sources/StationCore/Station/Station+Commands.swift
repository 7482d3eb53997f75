// A hub's signed commands: taken up once, written down before they act, ended in writing.
//
//   command ─ seen? time? boot? ─ words ─ entry ─┬─ what only stops ──────────────────► acts
//                                                └─ waits for its commit ─ committed ─► acts
//                                                     └─ not in time ─► never: notRecorded
//   acted ─ entry with the outcome.  Under way when the station stopped ─ interrupted.
//
// Nobody stands in the rain for a command, and a copy of one may come again: what may free or start
// something acts only when its entry is durable, however long others wait.

public import EventLoop

/// What becomes of a command that was brought.
public enum CommandAnswer: Equatable, Sendable {
    /// It is known: how it ended, or that it is under way.
    case stands(CommandLedger.Known)
    case refused(CommandRefusal)
}

/// What a station knows of commands, and those that are under way.
struct CommandDesk: Sendable {
    /// More than a hub sends at once, and fewer than are remembered.
    static let capacity = 64
    /// Marks the numbers of orders that a command gave: nobody else counts that far.
    static let ownNumbers: UInt64 = 1 << 63

    struct Pending: Sendable {
        var id: ShortText
        var order: CommandOrder
        var hub: CrewMember
        /// Its own: an order of a door answers under it.
        var number: UInt64
        /// Who wants to be told.
        var asker: UInt64?
        /// Of the entry that says that it was taken up.
        var ticket: Ticket?
        /// Given up then; `nil`: it has begun.
        var waitsUntil: Instant?
    }

    /// The kernel's id of this boot; `nil`: nobody has told.
    var boot: UInt128?
    var ledger = CommandLedger()
    /// What was done before this start is known, as far as it ever will be.
    var isRecalled = false
    var pending: [Pending] = []
    var lastNumber: UInt64 = 0
    var answers: [(asker: UInt64, answer: CommandAnswer)] = []

    var nextDeadline: Instant? { pending.compactMap(\.waitsUntil).min() }
}

extension Station {
    /// A hub's command, checked by its signature.
    ///
    /// - Parameter asker: names it in `takeCommandAnswer`, where what became of it is told, at once
    ///   or later; `nil`: nobody wants to know.
    public mutating func take(_ command: SignedCommand, asker: UInt64?, at now: Instant) {
        if let known = commandDesk.ledger.command(command.id) {
            let isSame = known.digest == command.digest
            return tell(asker, isSame ? .stands(known) : .refused(.sameID))
        }
        do throws(CommandRefusal) {
            try judge(command, at: now)
            let order = try CommandOrder(command.fields, in: resolved)
            if !order.onlyStops {
                guard commandDesk.isRecalled else { throw .starting }
                guard command.issued >= commandDesk.ledger.from else { throw .forgotten }
            }
            guard commandDesk.pending.count < CommandDesk.capacity else { throw .tooMany }
            begin(order, command, asker, at: now)
        } catch {
            tell(asker, .refused(error))
        }
    }

    /// The next answer, oldest first.
    public mutating func takeCommandAnswer() -> (asker: UInt64, answer: CommandAnswer)? {
        commandDesk.answers.isEmpty ? nil : commandDesk.answers.removeFirst()
    }

    /// A command that was taken up, in this run or before it.
    public borrowing func command(_ id: ShortText) -> CommandLedger.Known? {
        commandDesk.ledger.command(id)
    }

    /// Commands as the next run has to know them.
    public var keptCommands: CommandLedger { commandDesk.ledger }

    private mutating func tell(_ asker: UInt64?, _ answer: CommandAnswer) {
        guard let asker else { return }
        if commandDesk.answers.count == CommitBarrier.capacity { commandDesk.answers.removeFirst() }
        commandDesk.answers.append((asker, answer))
    }

    // MARK: Judgement

    /// Whether it is good now. A command that names this boot is judged by the boot's own clock,
    /// which nobody sets; the wall clock has its say only where it can be believed.
    private borrowing func judge(
        _ command: SignedCommand, at now: Instant
    ) throws(CommandRefusal) {
        let life = command.expires.seconds - command.issued.seconds
        guard life <= SignedCommand.longestLife else { throw .tooLong }
        if let boot = command.boot {
            let seconds = calendar.bootTime(at: now) / 1_000_000_000
            guard boot.id == commandDesk.boot, seconds < boot.until else { throw .otherBoot }
        }
        guard command.expires > commandDesk.ledger.horizon, command.expires > calendar.floor
        else { throw .expired }
        let isTrusted = calendar.isTrusted
        guard isTrusted || command.boot != nil else { throw .clockUnset }
        if isTrusted {
            let wall = calendar.wallTime(at: now)
            guard command.expires > wall else { throw .expired }
            guard command.issued.seconds <= wall.seconds + SignedCommand.skew else {
                throw .notYet
            }
        }
    }

    // MARK: Intent, act, outcome

    private mutating func begin(
        _ order: CommandOrder, _ command: SignedCommand, _ asker: UInt64?, at now: Instant
    ) {
        let hub = CrewMember(hub: command.issuer)
        commandDesk.ledger.take(
            CommandLedger.Known(
                id: command.id, digest: command.digest, subject: order.subject,
                expires: command.expires))
        commandDesk.lastNumber += 1
        let ticket = write(
            .commandTaken(
                subject: order.subject, expires: command.expires, digest: command.digest),
            key: command.id, holder: hub.id, at: now)
        var pending = CommandDesk.Pending(
            id: command.id, order: order, hub: hub,
            number: CommandDesk.ownNumbers | commandDesk.lastNumber, asker: asker, ticket: ticket)
        if order.onlyStops {
            commandDesk.pending.append(pending)
            return carryOut(pending, at: now)
        }
        let due = now + barrier.giftPatience
        pending.waitsUntil = due
        commandDesk.pending.append(pending)
        guard ticket != nil else { return end(pending.number, .notRecorded, at: now) }
        actionsWaiting += 1
        deadlines.bringForward(actionOwner, to: due)
    }

    /// Entries up to this one are durable.
    mutating func commandsWritten(upTo ticket: Ticket, at now: Instant) {
        for pending in commandDesk.pending where pending.waitsUntil != nil {
            guard let own = pending.ticket, own <= ticket else { continue }
            actionsWaiting -= 1
            if let place = commandDesk.pending.firstIndex(where: { $0.number == pending.number }) {
                commandDesk.pending[place].waitsUntil = nil
            }
            carryOut(pending, at: now)
        }
    }

    mutating func expireCommands(at now: Instant) {
        for pending in commandDesk.pending {
            guard let due = pending.waitsUntil, due <= now else { continue }
            actionsWaiting -= 1
            end(pending.number, .notRecorded, at: now)
        }
    }

    /// The one way that a crew's word takes.
    private mutating func carryOut(_ pending: CommandDesk.Pending, at now: Instant) {
        let hub = pending.hub
        let outcome: CommandOutcome
        switch pending.order {
        case .door(let door, let word):
            let answer = ordered(
                word, door: door, by: .hub, person: hub, number: pending.number, at: now)
            return doorAnswered(pending.number, answer, at: now)
        case .box(let service, let unit, let word):
            outcome = CommandOutcome(
                told(word, of: unit, in: service, by: .hub, person: hub, at: now))
        case .part(let service, let unit, let word):
            outcome = CommandOutcome(told(word, of: unit, in: service, by: hub, at: now))
        case .pause(let service, let pause):
            outcome = CommandOutcome(paused(service, pause, by: .hub, person: hub, at: now))
        case .resume(let service):
            outcome = CommandOutcome(resumed(service, by: .hub, person: hub, at: now))
        case .hours(let places, let word):
            outcome = CommandOutcome(told(word, of: places, by: .hub, person: hub, at: now))
        case .resetGuard(let device, let rule):
            outcome = CommandOutcome(
                resetGuard(rule, of: device, by: .hub, person: hub, at: now))
        case .reader(let device, let word):
            outcome = CommandOutcome(
                ordered(word, reader: device, by: .hub, person: hub, at: now))
        case .notice(let notice?):
            outcome = CommandOutcome(told(notice, by: .hub, person: hub, at: now))
        case .notice(nil):
            outcome = clearNotice(by: .hub, person: hub, at: now) ? .done : .noNotice
        }
        end(pending.number, outcome, at: now)
    }

    /// A door's order that a command gave was decided.
    mutating func doorAnswered(_ number: UInt64, _ answer: DoorAnswer, at now: Instant) {
        switch answer {
        case .done: end(number, .done, at: now)
        case .refused(let refusal): end(number, CommandOutcome(refusal.reason), at: now)
        case .waits: break
        }
    }

    private mutating func end(_ number: UInt64, _ outcome: CommandOutcome, at now: Instant) {
        guard let place = commandDesk.pending.firstIndex(where: { $0.number == number }) else {
            return
        }
        let pending = commandDesk.pending.remove(at: place)
        commandDesk.ledger.end(pending.id, outcome)
        write(.commandEnded(outcome), key: pending.id, holder: pending.hub.id, at: now)
        if let known = commandDesk.ledger.command(pending.id) {
            tell(pending.asker, .stands(known))
        }
    }

    // MARK: Restarts

    /// The world says which boot this is.
    public mutating func knows(boot: UInt128) { commandDesk.boot = boot }

    /// What the run before knew, or entries say.
    public mutating func recalled(_ ledger: CommandLedger) { commandDesk.ledger.learn(ledger) }

    /// An entry says how a command of the run before ended.
    public mutating func recalled(_ id: ShortText, ended outcome: CommandOutcome) {
        guard let known = commandDesk.ledger.command(id), known.outcome == nil,
            !commandDesk.pending.contains(where: { $0.id == id })
        else { return }
        commandDesk.ledger.end(id, outcome)
    }

    /// All was told that anybody knows of the run before: what it left half done stays so.
    ///
    /// - Parameters:
    ///   - isContinued: the entries that were read go on where the snapshot ended.
    ///   - isWhole: they begin with the first of all.
    public mutating func recalledCommands(isContinued: Bool, isWhole: Bool, at now: Instant) {
        guard !commandDesk.isRecalled else { return }
        commandDesk.isRecalled = true
        let isLost = commandDesk.ledger.from == CommandLedger.never || !isContinued
        if isLost { commandDesk.ledger.settle(isWhole: isWhole, trustedWall(at: now)) }
        for known in commandDesk.ledger.known where known.outcome == nil {
            guard !commandDesk.pending.contains(where: { $0.id == known.id }) else { continue }
            commandDesk.ledger.end(known.id, .interrupted)
            write(.commandEnded(.interrupted), key: known.id, at: now)
        }
    }

    private borrowing func trustedWall(at now: Instant) -> WallTime? {
        calendar.isTrusted ? calendar.wallTime(at: now) : nil
    }

    /// The clock was observed: from here on it can be said what is older than this run.
    mutating func trustCommands(at now: Instant) {
        guard commandDesk.isRecalled else { return }
        commandDesk.ledger.trust(trustedWall(at: now))
    }
}

extension CommandOutcome {
    fileprivate init(_ answer: BoxAnswer) {
        self =
            switch answer {
            case .done: .done
            case .noSuchBox: .notHere
            case .notRecorded: .notRecorded
            }
    }

    fileprivate init(_ refusal: PartWordRefusal?) {
        self =
            switch refusal {
            case nil: .done
            case .noSuchPart: .notHere
            case .unknownWord: .unknownWord
            case .starting: .starting
            }
    }

    fileprivate init(_ refusal: DecisionRefusal?) {
        self =
            switch refusal {
            case nil: .done
            case .noSuchService, .noSuchHours: .notHere
            case .clockUnknown: .clockUnset
            case .past: .past
            case .tooFar: .tooFar
            case .tooManyStretches: .tooManyStretches
            case .notPaused: .notPaused
            }
    }

    fileprivate init(_ refusal: GuardRefusal?) {
        self =
            switch refusal {
            case nil: .done
            case .noGuard, .notTripped: .notTripped
            case .holds: .causeHolds
            case .notKnown: .causeUnknown
            case .notSecured: .notConfirmed
            }
    }

    fileprivate init(_ refusal: ReaderRefusal?) {
        self =
            switch refusal {
            case nil: .done
            case .noReader, .notOnBus, .impossible: .notHere
            case .noReset: .noReset
            case .offline: .readerOffline
            case .installing, .busy, .secured, .inTheClear: .readerBusy
            }
    }

    fileprivate init(_ refusal: OrderRefusal) {
        self =
            switch refusal {
            case .doorMode: .doorMode
            case .lockMissing: .lockMissing
            case .lockDuty: .lockDuty
            case .notRecorded: .notRecorded
            case .overtaken: .overtaken
            case .outranked: .outranked
            case .interlock: .interlock
            case .fire: .fire
            }
    }
}
