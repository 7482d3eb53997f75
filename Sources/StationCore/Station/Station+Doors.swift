// What a person or the hub tells a door, and what is said to that before anything moves.

public import EventLoop

/// Why a door does not do what it is told.
public enum DoorRefusal: Error, Equatable, Sendable {
    /// Its mode does not allow it: a lockdown ends by its own release, a blocked door is unblocked.
    case mode(DoorMode)
    /// The lock's output line is not there.
    case lockMissing
    /// The lock must not stay energized, or is another's panel: it frees the door for a while only.
    case duty
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
        if let refusal = refusal(of: command, at: place) {
            write(.commanded(door: door, command: command, by: authority), at: now)
            return .failure(refusal)
        }
        commanded(command, door: door, by: authority, at: now)
        guard let after else { return .failure(.mode(before)) }
        return .success(after)
    }

    /// What the lock itself does not allow, whatever the door's mode.
    private func refusal(of command: DoorCommand, at place: Int) -> DoorRefusal? {
        let lock = Int(wiring.locks[place].index)
        switch command {
        // Any other command holds once the lock is back; nobody can be let in now.
        case .access: return deviceStates[lock].isAttached ? nil : .lockMissing
        case .unlock:
            guard case .lock(let settings) = resolved.devices[lock].driver else { return nil }
            return settings.duty == .intermittent ? .duty : nil
        case .lock, .block, .unblock, .lockDown, .releaseLockDown, .resetFire: return nil
        }
    }
}
