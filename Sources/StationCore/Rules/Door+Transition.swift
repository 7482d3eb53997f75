// The door's transitions, one function per input. Pure: state in, state and outputs out.

import EventLoop

extension Door {
    static func transition(
        from state: State, on input: Input, _ settings: Settings, at now: Instant
    ) -> (State, Outputs<Output>) {
        switch input {
        case .release(let cause, let interval):
            isAllowed(cause, in: state.standing)
                ? released(state, by: cause, until: now + interval) : (state, Outputs())
        case .leaf(isClosed: true, since: _):
            closed(state, settings, at: now)
        case .leaf(isClosed: false, let since):
            opened(state, settings, since: since, at: now)
        case .leafUnknown:
            unseen(state)
        case .command(let command, let authority):
            commanded(state, command, by: authority, settings, at: now)
        case .recall(let mode, let authority):
            mode == state.standing
                ? (state, Outputs()) : changed(state, to: mode, by: authority, settings, at: now)
        case .deadline:
            expired(state, settings, at: now)
        }
    }

    /// The contact is gone: nobody can tell whether an alarm still stands, so it ends.
    private static func unseen(_ state: State) -> (State, Outputs<Output>) {
        var next = state
        next.leaf = .unknown
        switch state.leaf {
        case .open(_, .forced, _), .open(_, .heldOpen, _): return (next, Outputs(.alarmEnded))
        case .open, .unknown, .closed: return (next, Outputs())
        }
    }

    /// A key that was let go in the same moment in which the door was locked down comes too late.
    /// Leaving is free whatever the mode.
    private static func isAllowed(_ cause: ReleaseCause, in mode: DoorMode) -> Bool {
        switch cause {
        case .exitButton, .fire: true
        case .key, .command, .schedule:
            switch mode {
            case .locked, .unlocked, .accessed, .lockedOpen: true
            case .blocked, .lockedDown: false
            }
        }
    }

    /// Frees the lock, or keeps it free for longer. It never makes a release shorter.
    private static func released(
        _ state: State, by cause: ReleaseCause, until: Instant
    ) -> (State, Outputs<Output>) {
        var next = state
        switch state.lock {
        case .secured:
            next.lock = .accessed(until: until, cause: cause, isUsed: false)
            return (next, Outputs(.free, .released(cause)))
        case .accessed(let before, let first, _):
            // Somebody else comes: the leaf that falls shut behind the first does not end it.
            next.lock = .accessed(until: max(before, until), cause: first, isUsed: false)
            return (next, Outputs(.released(cause)))
        case .standing:
            return (state, Outputs(.released(cause)))
        }
    }

    private static func opened(
        _ state: State, _ settings: Settings, since: Instant, at now: Instant
    ) -> (State, Outputs<Output>) {
        if case .open = state.leaf { return (state, Outputs()) }
        var next = state
        var outputs = Outputs<Output>(.opened)
        // At the start an open door is a fact, not a deed: nobody forced it while we watched.
        let isForced = state.leaf == .closed && settings.watchesForce && wasShut(state, since)
        next.leaf = .open(
            since: since, isForced ? .forced : .none,
            next: isForced ? nil : warning(after: since, state, settings))
        if isForced { outputs.append(.forced) }
        if case .accessed(let until, let cause, _) = state.lock {
            let relock = settings.relock == .onOpen ? min(until, now + relockDelay) : until
            next.lock = .accessed(until: relock, cause: cause, isUsed: true)
        }
        return (next, outputs)
    }

    /// Whether the lock held, tolerance included, when the leaf began to move.
    private static func wasShut(_ state: State, _ since: Instant) -> Bool {
        switch state.lock {
        case .secured(let secured?): secured + forceTolerance < since
        case .secured(nil): true
        case .accessed, .standing: false
        }
    }

    /// The first alarm step of an open door; none while it is meant to stand open.
    private static func warning(
        after since: Instant, _ state: State, _ settings: Settings
    ) -> Instant? {
        switch state.standing {
        case .unlocked, .lockedOpen: nil
        case .locked, .accessed, .blocked, .lockedDown: since + (settings.open - settings.preAlarm)
        }
    }

    private static func closed(
        _ state: State, _ settings: Settings, at now: Instant
    ) -> (State, Outputs<Output>) {
        var next = state
        next.leaf = .closed
        guard case .open(_, let alarm, _) = state.leaf else { return (next, Outputs()) }
        var outputs = Outputs<Output>(.closed)
        if alarm == .forced || alarm == .heldOpen { outputs.append(.alarmEnded) }
        if case .accessed(_, _, isUsed: true) = state.lock {
            next.lock = .secured(since: now)
            outputs.append(.hold)
            outputs.append(.secured)
        }
        return (next, outputs)
    }

    private static func expired(
        _ state: State, _ settings: Settings, at now: Instant
    ) -> (State, Outputs<Output>) {
        var next = state
        var outputs = Outputs<Output>()
        if case .accessed(let until, let cause, let isUsed) = state.lock, until <= now {
            next.lock = .secured(since: now)
            outputs.append(.hold)
            outputs.append(.secured)
            // Only a door with a contact can tell that nobody went through.
            if cause == .key, !isUsed, state.leaf == .closed { outputs.append(.grantUnused) }
        }
        guard case .open(let since, let alarm, let due?) = state.leaf, due <= now else {
            return (next, outputs)
        }
        switch alarm {
        case .none:
            next.leaf = .open(since: since, .heldOpenSoon, next: since + settings.open)
            outputs.append(.heldOpenSoon)
        case .heldOpenSoon:
            next.leaf = .open(since: since, .heldOpen, next: nil)
            outputs.append(.heldOpen)
        case .forced, .heldOpen:
            next.leaf = .open(since: since, alarm, next: nil)
        }
        return (next, outputs)
    }

    // MARK: Commands

    private static func commanded(
        _ state: State, _ command: DoorCommand, by authority: Authority, _ settings: Settings,
        at now: Instant
    ) -> (State, Outputs<Output>) {
        guard let mode = standing(after: command, from: state.standing) else {
            return (state, Outputs(.refused(command)))
        }
        if command == .access {
            return released(state, by: .command, until: now + settings.release)
        }
        guard mode != state.standing else { return (state, Outputs()) }
        return changed(state, to: mode, by: authority, settings, at: now)
    }

    /// The mode that a command leads to, `nil` where it makes no sense. Lockdown ends only by its
    /// own release; fire release is reset only once its input has cleared. Letting one person in
    /// changes no mode.
    static func standing(after command: DoorCommand, from mode: DoorMode) -> DoorMode? {
        switch mode {
        case .lockedOpen:
            switch command {
            case .resetFire: .locked
            case .access, .forgetPassback: .lockedOpen
            case .unlock, .lock, .block, .unblock, .lockDown, .releaseLockDown: nil
            }
        case .lockedDown:
            switch command {
            case .releaseLockDown: .locked
            case .lockDown, .forgetPassback: .lockedDown
            case .access, .unlock, .lock, .block, .unblock, .resetFire: nil
            }
        case .blocked:
            switch command {
            case .unblock: .locked
            case .block, .forgetPassback: .blocked
            case .lockDown: .lockedDown
            case .access, .unlock, .lock, .releaseLockDown, .resetFire: nil
            }
        case .locked, .unlocked, .accessed:
            switch command {
            case .access, .forgetPassback: mode
            case .unlock: .unlocked
            case .lock: .locked
            case .block: .blocked
            case .lockDown: .lockedDown
            case .unblock, .releaseLockDown, .resetFire: nil
            }
        }
    }

    private static func changed(
        _ state: State, to mode: DoorMode, by authority: Authority, _ settings: Settings,
        at now: Instant
    ) -> (State, Outputs<Output>) {
        var next = state
        next.standing = mode
        var outputs = Outputs<Output>(.modeChanged(mode, by: authority))
        switch mode {
        case .unlocked, .lockedOpen:
            if case .secured = state.lock { outputs.append(.free) }
            next.lock = .standing
        case .locked, .accessed, .blocked, .lockedDown:
            if case .secured = state.lock { break }
            next.lock = .secured(since: now)
            outputs.append(.hold)
            outputs.append(.secured)
        }
        if case .open(let since, let alarm, _) = state.leaf, alarm != .forced {
            if alarm == .heldOpen { outputs.append(.alarmEnded) }
            // Time that it stood open by right does not count against it.
            let from = state.lock == .standing ? now : since
            next.leaf = .open(
                since: from, .none, next: warning(after: from, next, settings))
        }
        return (next, outputs)
    }
}
