// What the hours do to doors, and what people decide over the hours.
//
//   hours open  ─► a locked door is unlocked      hours shut ─► an unlocked door is locked
//
// They act when they change, not for as long as they last: whoever locks a door by day has locked
// it until the hours open again. A door that is blocked, locked down or open for fire follows once
// it is given back.

public import EventLoop

extension Station {
    /// The calendar was observed, or hours change now.
    mutating func lookAtHours(at now: Instant) {
        guard !resolved.hours.isEmpty else { return }
        _ = schedules.look(at: now, calendar)
        followHours(at: now)
    }

    /// Somebody decided something for one set of hours, or took it back.
    ///
    /// - Returns: what is to be said of it now; `nil`: there is no such set.
    @discardableResult
    public mutating func decided(
        _ change: HoursChange?, for place: Int, at now: Instant
    ) -> HoursAnswer? {
        guard resolved.hours.indices.contains(place) else { return nil }
        _ = schedules.change(place, to: change, at: now)
        followHours(at: now)
        return schedules[place]
    }

    /// How far each door's hours were followed, for the next run. Of a door that is locked for want
    /// of a clock it is to find out anew.
    public var keptHours: [Bool?] {
        followedHours.indices.map { place in
            lockedForClock.contains(DoorSet(DoorID(place))) ? nil : followedHours[place]
        }
    }

    private mutating func followHours(at now: Instant) {
        deadlines.set(hoursOwner, to: schedules.deadline)
        if !machines.isEmpty { followServiceHours(at: now) }
        for door in resolved.doors.indices {
            guard let place = resolved.doors[door].unlockHours else { continue }
            let isOpen = schedules.isOpen(place)
            let set = DoorSet(DoorID(door))
            if schedules[place].cause == .clockUnknown, followedHours[door] != nil {
                // It stays locked until somebody knows: that is no word of the hours.
                guard !isOpen, doors[door].standingMode == .unlocked else { continue }
                lockedForClock.insert(set)
                enqueue(.command(.lock, by: .schedule), of: DoorID(door), at: now)
                continue
            }
            let isGivenBack = lockedForClock.contains(set) && isOpen
            lockedForClock.subtract(set)
            if !isOpen { doorBook.awaited.subtract(set) }
            guard followedHours[door] != isOpen || isGivenBack else { continue }
            // A restart or a clock that was found again is no reason to wait anew.
            if isOpen, followedHours[door] != true, awaitsFirst(DoorID(door)) {
                followedHours[door] = false
                continue
            }
            followedHours[door] = isOpen
            doorsByHours.insert(set)
            guard Precedence.of(.schedule, while: holder(of: DoorID(door))) == .obeyed else {
                continue
            }
            enqueue(.command(isOpen ? .unlock : .lock, by: .schedule), of: DoorID(door), at: now)
        }
    }
}
