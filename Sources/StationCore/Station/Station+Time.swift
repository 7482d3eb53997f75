// Deadlines: whose they are, and what happens when one has come.

public import EventLoop

extension Station {
    /// The nearest deadline of anything inside.
    public var nextDeadline: Instant? { deadlines.next }

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
        } else if owner == journalOwner {
            lookAtJournal(at: now)
        } else if owner == enrolmentOwner {
            expireApproval(at: now)
            enrolmentEnds(.lapsed, at: now)
        } else if owner == hoursOwner {
            lookAtHours(at: now)
        } else if owner == guardOwner {
            expireGuards(at: now)
        } else if owner == actionOwner {
            expireActions(at: now)
        } else if owner == renewalOwner {
            expireRenewals(at: now)
        } else if owner >= firstRuledOwner {
            expireRuled(DoorID(owner - firstRuledOwner), at: now)
        } else {
            expireServices(at: now)
        }
    }

    func countsOwner(_ device: Int) -> Int { drivers.count &+ device }
    func doorOwner(_ door: DoorID) -> Int { firstDoorOwner &+ Int(door.index) }
}
