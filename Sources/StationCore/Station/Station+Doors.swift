// What a person or the hub tells a door, and what is said to that before anything moves.

public import EventLoop

/// Why a door does not do what it is told.
public enum DoorRefusal: Error, Equatable, Sendable {
    /// Its mode does not allow it: a lockdown ends by its own release, a blocked door is unblocked.
    case mode(DoorMode)
    /// The lock's output line is not there.
    case lockMissing
}

extension Station {
    /// A person's order for a door. It is written down, whatever comes of it.
    ///
    /// - Returns: the mode that the door stands in once the consequences have run.
    public mutating func ordered(
        _ command: DoorCommand, door: DoorID, by authority: Authority, at now: Instant
    ) -> Result<DoorMode, DoorRefusal> {
        let place = Int(door.index)
        let before = doors[place].standingMode
        let after = doors[place].standingMode(after: command)
        commanded(command, door: door, by: authority, at: now)
        guard let after else { return .failure(.mode(before)) }
        let lock = deviceStates[Int(wiring.locks[place].index)]
        // Any other command holds once the lock is back; nobody can be let in now.
        if command == .access, !lock.isAttached { return .failure(.lockMissing) }
        return .success(after)
    }
}
