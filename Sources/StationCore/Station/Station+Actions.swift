// What a person or the hub tells a device: written down, durable before it acts, answered.
//
//   asked ─ entry ─┬─ what stops something ────────────────► begun at once ─► its outcome
//                  └─ barrier waits ─ committed, or past its patience ─► begun ─► its outcome
//                                          └─ strict, not written in time ─► not recorded

public import EventLoop

/// What becomes of a person's order to a device.
public enum ActionAnswer: Equatable, Sendable {
    case ended(ActionOutcome, order: UInt64, isWritten: Bool)
    case refused(ActionRefusal)
    /// It cannot be written down, and the station is strict.
    case notRecorded
}

/// An order that somebody waits for.
struct AskedAction: Sendable {
    /// Names the question.
    var number: UInt64
    var order: ActionOrder
    var device: DeviceID
    var ticket: Ticket?
    /// It acts then, written or not; `nil`: it was begun.
    var waitsUntil: Instant?
    var isWritten = false
}

extension Station {
    /// More questions about orders than crews can ask at once.
    static let askedCapacity = 64

    /// A person's or the hub's order to a device. It is written down, whatever comes of it.
    ///
    /// - Parameter number: names it in `takeActionAnswer`, where what became of it is told.
    public mutating func asked(
        _ action: Int, _ arguments: [ArgumentValue], of device: DeviceID, by authority: Authority,
        person: CrewMember, number: UInt64, at now: Instant
    ) {
        let actions = resolved.devices[Int(device.index)].driver.actions
        guard actions.indices.contains(action) else {
            return answer(number, .refused(.noAction))
        }
        guard askedActions.count < Self.askedCapacity else {
            return answer(number, .refused(.busy))
        }
        lastAction += 1
        let ticket = write(
            .actionOrdered(
                device: device, action: UInt8(clamping: action), number: lastAction,
                by: authority), key: person.id, holder: person.name, at: now)
        var asked = AskedAction(
            number: number,
            order: ActionOrder(number: lastAction, action: action, arguments: arguments),
            device: device, ticket: ticket)
        // What stops something never waits, and nobody waits for a journal that is not trusted.
        if actions[action].mayActivate, barrier.isStrict || barrier.isWaiting {
            guard ticket != nil || !barrier.isStrict else { return lapse(asked, at: now) }
            asked.waitsUntil = now + barrier.patience
            actionsWaiting += 1
            deadlines.bringForward(actionOwner, to: now + barrier.patience)
        }
        askedActions.append(asked)
        if asked.waitsUntil == nil { begin(asked.order.number, isWritten: false, at: now) }
    }

    /// The oldest answer that was not taken yet.
    public mutating func takeActionAnswer() -> (number: UInt64, answer: ActionAnswer)? {
        actionAnswers.isEmpty ? nil : actionAnswers.removeFirst()
    }

    private mutating func answer(_ number: UInt64, _ answer: ActionAnswer) {
        if actionAnswers.count == Self.askedCapacity { actionAnswers.removeFirst() }
        actionAnswers.append((number, answer))
    }

    // MARK: Waiting for the entry

    /// Entries up to this one are durable.
    @inline(never)
    mutating func actionsWritten(upTo ticket: Ticket, at now: Instant) {
        giftsWritten(upTo: ticket, at: now)
        quotasWritten(upTo: ticket)
        commandsWritten(upTo: ticket, at: now)
        for asked in askedActions where asked.waitsUntil != nil {
            guard let own = asked.ticket, own <= ticket else { continue }
            begin(asked.order.number, isWritten: true, at: now)
        }
    }

    mutating func expireActions(at now: Instant) {
        for asked in askedActions {
            guard let due = asked.waitsUntil, due <= now else { continue }
            if barrier.isStrict {
                lapse(asked, at: now)
            } else {
                journalWasLate(at: now)
                begin(asked.order.number, isWritten: false, at: now)
            }
        }
        expireCommands(at: now)
        let next = askedActions.compactMap(\.waitsUntil).min()
        deadlines.set(actionOwner, to: Instant.earlier(next, commandDesk.nextDeadline))
    }

    private mutating func lapse(_ asked: AskedAction, at now: Instant) {
        write(asked, .failed, at: now)
        remove(asked.order.number)
        answer(asked.number, .notRecorded)
    }

    private mutating func write(
        _ asked: AskedAction, _ outcome: ActionOutcome, at now: Instant
    ) {
        counters.actions[Int(outcome.rawValue)] &+= 1
        write(
            .actionEnded(
                device: asked.device, action: UInt8(clamping: asked.order.action),
                number: asked.order.number, outcome: outcome), at: now)
    }

    private mutating func remove(_ order: UInt64) {
        guard let place = askedActions.firstIndex(where: { $0.order.number == order }) else {
            return
        }
        if askedActions[place].waitsUntil != nil { actionsWaiting -= 1 }
        askedActions.remove(at: place)
    }

    // MARK: Doing it

    private mutating func begin(_ order: UInt64, isWritten: Bool, at now: Instant) {
        guard let place = askedActions.firstIndex(where: { $0.order.number == order }) else {
            return
        }
        if askedActions[place].waitsUntil != nil { actionsWaiting -= 1 }
        askedActions[place].waitsUntil = nil
        askedActions[place].isWritten = isWritten
        let asked = askedActions[place]
        guard let refusal = begin(asked.order, of: asked.device, at: now) else { return }
        write(asked, .failed, at: now)
        remove(order)
        answer(asked.number, .refused(refusal))
    }

    /// Has a device carry out an order, unless a guard keeps safe what it would make active.
    mutating func begin(
        _ order: ActionOrder, of device: DeviceID, at now: Instant
    ) -> ActionRefusal? {
        let actions = resolved.devices[Int(device.index)].driver.actions
        guard actions.indices.contains(order.action) else { return .noAction }
        if guards.forbids(order.action, actions[order.action], order.arguments, of: device) {
            return .guarded
        }
        // More outputs than a station keeps on: better none than one that falls by itself.
        guard keep(order, actions[order.action], of: device, at: now) else { return .busy }
        guard let refusal = perform(order, by: device, at: now) else { return nil }
        keepsNot(order.number)
        return refusal
    }

    /// An order ended that somebody may be waiting for.
    mutating func tellAsker(_ report: ActionReport) {
        guard let asked = askedActions.first(where: { $0.order.number == report.number }) else {
            return
        }
        remove(report.number)
        answer(
            asked.number,
            .ended(report.outcome, order: report.number, isWritten: asked.isWritten))
    }
}
