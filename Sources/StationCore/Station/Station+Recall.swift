// What a start learns late: modes that only the journal knows.

public import EventLoop

extension Station {
    /// A door's mode as it stood when the run before ended, read after this one began. Whoever has
    /// commanded the door since knows better.
    public mutating func recalled(
        _ mode: DoorMode, of door: DoorID, by authority: Authority, at now: Instant
    ) {
        guard !commandedDoors.contains(DoorSet(door)) else { return }
        switch mode {
        // The hours have changed since, and have spoken.
        case .locked, .unlocked, .accessed:
            if doorsByHours.contains(DoorSet(door)) { return }
        case .blocked, .lockedDown, .lockedOpen: break
        }
        enqueue(.recall(mode, by: authority), of: door, at: now)
    }
}
