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
        tell(number, answer)
    }

    /// Strict stations: the order could not be written down in time.
    mutating func lapse(_ order: Order, _ number: UInt64?, at now: Instant) {
        tell(number, refuse(order, .notRecorded, at: now))
    }

    private mutating func tell(_ number: UInt64?, _ answer: DoorAnswer) {
        guard let number else { return }
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
        case .lock, .block, .unblock, .lockDown, .releaseLockDown, .resetFire: false
        }
    }

    /// What the door's mode and the lock itself do not allow.
    private func refusal(of order: Order) -> DoorRefusal? {
        let place = Int(order.door.index)
        if doors[place].standingMode(after: order.command) == nil {
            return .mode(doors[place].standingMode)
        }
        let lock = Int(wiring.locks[place].index)
        switch order.command {
        // Any other command holds once the lock is back; nobody can be let in now.
        case .access: return deviceStates[lock].isAttached ? nil : .lockMissing
        case .unlock:
            guard case .lock(let settings) = resolved.devices[lock].driver else { return nil }
            return settings.duty == .intermittent ? .duty : nil
        case .lock, .block, .unblock, .lockDown, .releaseLockDown, .resetFire: return nil
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
        if order.command != .access {
            commandedDoors.insert(DoorSet(order.door))
            // Whoever speaks now has the last word, whatever the clock will say.
            lockedForClock.subtract(DoorSet(order.door))
        }
        let input = Door.Input.command(order.command, by: order.authority)
        enqueue(.door(order.door, input, grant: origin), at: now)
        let door = Int(order.door.index)
        switch order.command {
        // A door that is given back returns to its hours.
        case .releaseLockDown, .unblock, .resetFire:
            if followedHours[door] == true {
                enqueue(.door(order.door, .command(.unlock, by: .schedule), grant: nil), at: now)
                return .unlocked
            }
        case .access, .unlock, .lock, .block, .lockDown: break
        }
        return doors[door].standingMode(after: order.command) ?? doors[door].standingMode
    }
}
