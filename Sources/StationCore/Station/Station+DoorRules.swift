// Doors with rules: what fire, obstacles and frost do to them, and the way from their wishes to
// their locks.

import EventLoop

extension Station {
    // MARK: What their points say

    /// A point was read that rules may look at.
    mutating func sight(_ reading: PointReading, _ device: Int, _ point: Int, at now: Instant) {
        for watcher in doorBook.watchers(of: device, point) {
            let holds = watcher.holds(reading)
            switch watcher.meaning {
            case .fire:
                doorBook[watcher.door].fire.see(watcher.place, holds)
                lookForFire(at: watcher.door, now: now)
            case .obstacle:
                doorBook[watcher.door].obstacles.see(watcher.place, holds)
                let isClear = doorBook[watcher.door].obstacles.isQuiet
                wards(.obstructed(!isClear), watcher.door, at: now)
            case .frost: doorBook[watcher.door].frost.see(0, holds)
            }
        }
    }

    /// A fire frees the door, whatever holds it, and nothing waits for its entry. It stands open
    /// until its inputs are quiet and somebody has reset it.
    private mutating func lookForFire(at door: DoorID, now: Instant) {
        let place = Int(door.index)
        let mode = doors[place].standingMode
        guard doorBook[door].fire.anyHolds else {
            guard doorBook[door].isBurning, doorBook[door].fire.isQuiet else { return }
            doorBook[door].isBurning = false
            if mode == .lockedOpen { write(.fireCleared(door: door), at: now) }
            return
        }
        doorBook[door].isBurning = true
        guard mode != .lockedOpen else { return }
        switch mode {
        case .blocked, .lockedDown:
            doorBook.standings[place].beneath = mode
            doorBook.standings[place].beneathBy = doorBook.standings[place].by
        case .locked, .unlocked, .accessed, .lockedOpen:
            doorBook.standings[place].beneath = .locked
            doorBook.standings[place].beneathBy = nil
        }
        // What was ordered before it and still waits for its entry comes too late.
        words[place] &+= 1
        commandedDoors.insert(DoorSet(door))
        lockedForClock.subtract(DoorSet(door))
        enqueue(.recall(.lockedOpen, by: .fire), of: door, at: now)
    }

    // MARK: Steps

    /// Advances a door with rules by one input.
    @inline(never)
    mutating func stepRuled(
        _ door: DoorID, _ input: Door.Input, _ grant: GrantOrigin?, isCounted: Bool = false,
        at now: Instant
    ) {
        let outputs = doors[Int(door.index)].handle(input, at: now)
        for index in 0..<outputs.count {
            guard let output = outputs[index] else { break }
            performRuled(
                output, of: door, grant, at: now,
                isTold: !(isCounted && isInCount(output, of: door, outputs)))
        }
        setRuledDeadline(of: door)
    }

    private mutating func performRuled(
        _ output: Door.Output, of door: DoorID, _ grant: GrantOrigin?, at now: Instant,
        isTold: Bool
    ) {
        switch output {
        case .free: return wards(.free, door, at: now)
        case .hold: return wards(.hold, door, at: now)
        // It is told when the lock holds.
        case .secured where doorBook[door].warden.isWithheld: return
        case .secured: lockHolds(of: door)
        case .released:
            // Somebody wants out, or in, while a pulse holds the strike.
            if doorBook[door].warden.isLifted { wards(.stands, door, at: now) }
            watchStrike(of: door, at: now)
        // Nothing is pulsed that is to stand free.
        case .modeChanged(.lockedOpen, _), .modeChanged(.unlocked, _):
            wards(.stands, door, at: now)
        case .opened:
            doorBook[door].passages = []
            wards(.moved, door, at: now)
        case .closed: restoreOpen(of: door)
        case .grantUnused, .forced, .heldOpenSoon, .heldOpen, .alarmEnded, .modeChanged, .refused:
            break
        }
        if isTold { perform(output, of: door, grant, at: now) }
    }

    /// A strike that was freed in frost may be frozen, if the leaf does not move.
    private mutating func watchStrike(of door: DoorID, at now: Instant) {
        let place = Int(door.index)
        guard doorBook[door].frost.anyHolds, doors[place].mode == .accessed,
            doors[place].isClosed == true
        else { return }
        wards(.coldRelease, door, at: now)
    }

    private mutating func wards(_ input: DoorWarden.Input, _ door: DoorID, at now: Instant) {
        let outputs = doorBook[door].warden.handle(input, at: now)
        let lock = wiring.locks[Int(door.index)]
        for index in 0..<outputs.count {
            switch outputs[index] {
            case .free: enqueue(.driver(lock, .free), at: now)
            case .hold: enqueue(.driver(lock, .hold), at: now)
            case .secured:
                lockHolds(of: door)
                write(.secured(door: door), at: now)
            case .withheld: write(.closingVetoed(door: door), at: now)
            case .heldOpen: write(.heldOpen(door: door), at: now)
            case .alarmEnded: write(.alarmEnded(door: door), at: now)
            case .frozen: raise(.frozen, of: Int(lock.index), at: now)
            case .thawed: clear(.frozen, of: Int(lock.index), at: now)
            case nil: break
            }
        }
        setRuledDeadline(of: door)
    }

    private mutating func setRuledDeadline(of door: DoorID) {
        deadlines.set(
            firstRuledOwner + Int(door.index),
            to: Instant.earlier(
                doors[Int(door.index)].nextDeadline, doorBook[door].warden.nextDeadline))
    }

    mutating func expireRuled(_ door: DoorID, at now: Instant) {
        if let due = doors[Int(door.index)].nextDeadline, due <= now {
            stepRuled(door, .deadline, nil, at: now)
        }
        if let due = doorBook[door].warden.nextDeadline, due <= now {
            wards(.deadline, door, at: now)
        }
        setRuledDeadline(of: door)
    }

    // MARK: More time

    /// How long the lock is free for a key; who needs more time also has the door open longer.
    mutating func release(of door: DoorID, isSlow: Bool) -> Interval {
        let place = Int(door.index)
        let release = doors[place].settings.release
        guard let more = doorBook[door].rules.extended, isSlow else {
            restoreOpen(of: door)
            return release
        }
        doors[place].mayStandOpen(
            for: open(of: door) + .milliseconds(Int64(more.openMilliseconds)))
        return release + .milliseconds(Int64(more.releaseMilliseconds))
    }

    private mutating func restoreOpen(of door: DoorID) {
        guard doorBook[door].rules.extended != nil else { return }
        doors[Int(door.index)].mayStandOpen(for: open(of: door))
    }

    private borrowing func open(of door: DoorID) -> Interval {
        .milliseconds(Int64(resolved.doors[Int(door.index)].openMilliseconds))
    }

    // MARK: The first person

    /// Whether the hours have to wait: nobody who may begin them has come in.
    mutating func awaitsFirst(_ door: DoorID) -> Bool {
        guard doorBook.ruled.contains(DoorSet(door)), doorBook[door].rules.firstPerson != nil
        else { return false }
        doorBook.awaited.insert(DoorSet(door))
        return true
    }

    /// Somebody was let in, and the hours may have waited for that.
    mutating func arrived(_ role: KeyRole, at door: DoorID, now: Instant) {
        let set = DoorSet(door)
        guard doorBook.awaited.contains(set),
            doorBook[door].rules.firstPerson?.includes(role) == true,
            resolved.doors[Int(door.index)].unlockHours.map(schedules.isOpen) == true
        else { return }
        doorBook.awaited.subtract(set)
        followedHours[Int(door.index)] = true
        doorsByHours.insert(set)
        enqueue(.command(.unlock, by: .schedule), of: door, at: now)
    }

    // MARK: Orders

    /// What an order means for a door's rules, besides its mode.
    mutating func commandedRuled(_ order: Order, at now: Instant) {
        let door = order.door
        switch order.command {
        case .lockDown, .block:
            doorBook[door].second.forget()
            // A door that was taken waits for its first person once more.
            guard followedHours[Int(door.index)] == true, awaitsFirst(door) else { return }
            followedHours[Int(door.index)] = false
        case .forgetPassback:
            guard doorBook[door].rules.passback != nil else { return }
            let count = doorBook.passbacks.forget(doorBook[door].area)
            write(.passbackForgotten(door: door, count: UInt32(clamping: count)), at: now)
        case .access, .unlock, .lock, .unblock, .releaseLockDown, .resetFire: break
        }
    }
}
