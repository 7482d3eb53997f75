// What a person or the hub tells a door: written down, durable before it frees a lock, answered.
//
//   order ─ entry ─┬─ lock, block, lockDown, ... ──────────────────────────► carried out at once
//                  └─ access, unlock ─► barrier ─ committed, or past its patience ─► judged again
//                                          └─ strict, not written in time ─► refused

public import EventLoop

/// Why a door does not do what it is told.
public enum DoorRefusal: Error, Equatable, Sendable {
    /// Its mode does not allow it: a lockdown ends by its own release, a blocked door is unblocked.
    case mode(DoorMode)
    /// The lock's output line is not there.
    case lockMissing
    /// The lock must not stay energized, or is another's panel: it frees the door for a while only.
    case duty
    /// Somebody with more say holds the door: docs/station-file.md has the table.
    case outranked
    /// A fire input says fire, or does not say.
    case fire
    /// Another door of its interlock is open.
    case interlock
    /// The order cannot be written down, and the station is strict.
    case notRecorded
    /// A later order for the door was carried out while this one waited for its entry.
    case overtaken

    /// As the journal has it.
    public var reason: OrderRefusal {
        switch self {
        case .mode: .doorMode
        case .lockMissing: .lockMissing
        case .duty: .lockDuty
        case .outranked: .outranked
        case .fire: .fire
        case .interlock: .interlock
        case .notRecorded: .notRecorded
        case .overtaken: .overtaken
        }
    }
}

/// What becomes of an order.
public enum DoorAnswer: Equatable, Sendable {
    /// It is carried out: the mode that the door stands in once the consequences have run, and
    /// whether the order was durable before.
    case done(DoorMode, isWritten: Bool)
    case refused(DoorRefusal)
    /// It waits for its entry; `takeDoorAnswer` has the rest, under the order's number.
    case waits
}

extension Station {
    /// A person's or the hub's order for a door. It is written down, whatever comes of it.
    ///
    /// - Parameters:
    ///   - person: who gave it, where that is known.
    ///   - number: names the order in an answer that comes later; `nil`: nobody wants one.
    @discardableResult
    public mutating func ordered(
        _ command: DoorCommand, door: DoorID, by authority: Authority,
        person: CrewMember? = nil, number: UInt64? = nil, at now: Instant
    ) -> DoorAnswer {
        let ticket = write(
            .commanded(door: door, command: command, by: authority),
            key: person?.id ?? .empty, holder: person?.name ?? .empty, at: now)
        let order = Order(command: command, door: door, authority: authority)
        if let refusal = refusal(of: order) { return refuse(order, refusal, at: now) }
        guard Self.waitsForEntry(order) else {
            words[Int(door.index)] &+= 1
            return .done(carryOut(order, behind: nil, at: now), isWritten: false)
        }
        guard barrier.canAdmit, !barrier.isStrict || ticket != nil else {
            return refuse(order, .notRecorded, at: now)
        }
        let held = HeldGrant(
            ticket: ticket, door: door, reader: wiring.locks[Int(door.index)],
            of: .order(
                command, by: authority, number: number, word: words[Int(door.index)]),
            tappedAt: now, deadline: now + barrier.patience)
        switch barrier.admit(held) {
        case .held:
            deadlines.bringForward(barrierOwner, to: held.deadline)
            return .waits
        case .releaseNow:
            journalWasLate(at: now)
            return carryOut(order, held, isDurable: false, at: now)
        }
    }

    /// The next order's answer that had to wait, oldest first.
    public mutating func takeDoorAnswer() -> (number: UInt64, answer: DoorAnswer)? {
        doorAnswers.isEmpty ? nil : doorAnswers.removeFirst()
    }

    /// A held order is let go: judged again, since a word that does not wait may have overtaken it.
    @inline(never)
    mutating func release(
        _ order: Order, _ number: UInt64?, word: UInt32, _ held: HeldGrant, isDurable: Bool,
        at now: Instant
    ) {
        let answer =
            if let refusal = refusal(of: order) {
                refuse(order, refusal, at: now)
            } else if word != words[Int(order.door.index)] {
                refuse(order, .overtaken, at: now)
            } else {
                carryOut(order, held, isDurable: isDurable, at: now)
            }
        tell(number, answer, at: now)
    }

    /// Strict stations: the order could not be written down in time.
    mutating func lapse(_ order: Order, _ number: UInt64?, at now: Instant) {
        tell(number, refuse(order, .notRecorded, at: now), at: now)
    }

    private mutating func tell(_ number: UInt64?, _ answer: DoorAnswer, at now: Instant) {
        guard let number else { return }
        guard number < CommandDesk.ownNumbers else {
            return doorAnswered(number, answer, at: now)
        }
        // Whoever asked for more answers than grants can wait takes none of them.
        if doorAnswers.count == CommitBarrier.capacity { doorAnswers.removeFirst() }
        doorAnswers.append((number, answer))
    }

    // MARK: Judgement

    /// What a door was told, and by whom.
    struct Order {
        var command: DoorCommand
        var door: DoorID
        var authority: Authority

        /// As whose word it counts: a lockdown outranks whoever orders it, and letting one person
        /// in is no more than a card does. What ends what holds a door is judged by who began it.
        var word: Authority? {
            switch command {
            case .lockDown: min(.lockdown, authority)
            case .access: .card
            case .unlock, .lock, .block: authority
            case .releaseLockDown, .unblock, .resetFire, .forgetPassback: nil
            }
        }
    }

    /// Whether the order frees a lock for a person's or the hub's word. What stops, locks or comes
    /// from the fire input never waits.
    private static func waitsForEntry(_ order: Order) -> Bool {
        switch order.command {
        case .access, .unlock:
            switch order.authority {
            case .crew, .hub, .card: true
            case .fire, .lockdown, .schedule: false
            }
        case .lock, .block, .unblock, .lockDown, .releaseLockDown, .resetFire, .forgetPassback:
            false
        }
    }

    /// What holds a door now.
    func holder(of door: DoorID) -> Authority {
        let place = Int(door.index)
        return Precedence.holder(
            of: doors[place].standingMode, by: doorBook.standings[place].by)
    }

    /// What others' words, the door's mode and the lock itself do not allow.
    private func refusal(of order: Order) -> DoorRefusal? {
        let place = Int(order.door.index)
        let mode = doors[place].standingMode
        if isLeftForLater(order) { return outranked(order) }
        guard let next = doors[place].standingMode(after: order.command) else {
            return .mode(mode)
        }
        if let refusal = outranked(order) { return refusal }
        if let word = order.word, next != mode || order.command == .access,
            Precedence.of(word, while: holder(of: order.door)) == .refused
        {
            return .mode(mode)
        }
        let lock = Int(wiring.locks[place].index)
        switch order.command {
        // Any other command holds once the lock is back; nobody can be let in now.
        case .access:
            if isInterlocked(order.door) { return .interlock }
            return deviceStates[lock].isAttached ? nil : .lockMissing
        case .unlock:
            if isInterlocked(order.door) { return .interlock }
            guard case .lock(let settings) = resolved.devices[lock].driver else { return nil }
            return settings.duty == .intermittent ? .duty : nil
        case .lock, .block, .unblock, .lockDown, .releaseLockDown, .resetFire, .forgetPassback:
            return nil
        }
    }

    /// Why what holds a door is not ended by this order.
    private func outranked(_ order: Order) -> DoorRefusal? {
        let place = Int(order.door.index)
        let standing = doorBook.standings[place]
        let mode = doors[place].standingMode
        switch order.command {
        case .resetFire:
            if isBurning(order.door) { return .fire }
            return Precedence.mayEnd(mode, begunBy: standing.by, order.authority)
                ? nil : .outranked
        case .releaseLockDown where mode == .lockedOpen:
            return Precedence.mayEnd(
                .lockedDown, begunBy: standing.beneathBy, order.authority) ? nil : .outranked
        case .releaseLockDown, .unblock:
            return Precedence.mayEnd(mode, begunBy: standing.by, order.authority)
                ? nil : .outranked
        case .access, .unlock, .lock, .block, .lockDown, .forgetPassback: return nil
        }
    }

    /// Whether a fire input says fire, or does not say.
    private func isBurning(_ door: DoorID) -> Bool {
        doorBook.ruled.contains(DoorSet(door)) && !doorBook[door].fire.isQuiet
    }

    /// Whether it is about what comes once a fire is over: a lockdown, begun or ended.
    private func isLeftForLater(_ order: Order) -> Bool {
        let place = Int(order.door.index)
        guard doors[place].standingMode == .lockedOpen else { return false }
        switch order.command {
        case .lockDown: return Precedence.of(.lockdown, while: .fire) == .later
        case .releaseLockDown: return doorBook.standings[place].beneath == .lockedDown
        case .access, .unlock, .lock, .block, .unblock, .resetFire, .forgetPassback:
            return false
        }
    }

    private mutating func refuse(
        _ order: Order, _ refusal: DoorRefusal, at now: Instant
    ) -> DoorAnswer {
        write(
            .commandRefused(
                door: order.door, command: order.command, by: order.authority,
                reason: refusal.reason), at: now)
        return .refused(refusal)
    }

    private mutating func carryOut(
        _ order: Order, _ held: HeldGrant, isDurable: Bool, at now: Instant
    ) -> DoorAnswer {
        if !isDurable { counters.undurableReleases &+= 1 }
        let origin = GrantOrigin(ticket: held.ticket, tappedAt: held.tappedAt)
        return .done(carryOut(order, behind: origin, at: now), isWritten: isDurable)
    }

    /// - Returns: the mode that the door stands in once the consequences have run.
    private mutating func carryOut(
        _ order: Order, behind origin: GrantOrigin?, at now: Instant
    ) -> DoorMode {
        // What lets one person in says nothing about how the door stands.
        if order.command != .access, order.command != .forgetPassback {
            commandedDoors.insert(DoorSet(order.door))
            // Whoever speaks now has the last word, whatever the clock will say.
            lockedForClock.subtract(DoorSet(order.door))
        }
        let door = Int(order.door.index)
        if isLeftForLater(order) {
            let isBegun = order.command == .lockDown
            doorBook.standings[door].beneath = isBegun ? .lockedDown : .locked
            doorBook.standings[door].beneathBy = isBegun ? order.authority : nil
            return .lockedOpen
        }
        let beneath = doorBook.standings[door]
        let input = Door.Input.command(order.command, by: order.authority)
        if doorBook.ruled.contains(DoorSet(order.door)) {
            // At once: the next of an interlock asks whether this door is open.
            stepRuled(order.door, input, origin, at: now)
            commandedRuled(order, at: now)
        } else {
            enqueue(.door(order.door, input, grant: origin), at: now)
        }
        switch order.command {
        // What held it before the fire holds it again.
        case .resetFire where beneath.beneath != .locked:
            doorBook.standings[door].beneath = .locked
            let authority = beneath.beneathBy ?? order.authority
            enqueue(.recall(beneath.beneath, by: authority), of: order.door, at: now)
            return beneath.beneath
        // A door that is given back returns to its hours.
        case .releaseLockDown, .unblock, .resetFire:
            if followedHours[door] == true {
                enqueue(.command(.unlock, by: .schedule), of: order.door, at: now)
                return .unlocked
            }
        case .access, .unlock, .lock, .block, .lockDown, .forgetPassback: break
        }
        return doors[door].standingMode(after: order.command) ?? doors[door].standingMode
    }
}
