// How a box goes from one state to the next.

public import EventLoop

extension Compartment {
    /// Takes one input. At most three things come of it.
    public mutating func handle(_ input: Input, at now: Instant) -> Outputs<Output> {
        var outputs = Outputs<Output>()
        switch input {
        case .assign(let owner):
            state.tenancy = Tenancy(owner: owner, since: now)
            open(.assigned, &outputs, now)
        case .open(let cause, let isLast):
            if isLast { state.tenancy?.isEnding = true }
            open(cause, &outputs, now)
        case .end: end(&outputs, now)
        case .clear: clear(&outputs)
        case .block(let isBlocked):
            guard isBlocked != state.isBlocked else { break }
            state.isBlocked = isBlocked
            outputs.append(.told(isBlocked ? .blocked : .unblocked))
        case .leaf(let isClosed): leaf(isClosed, &outputs, now)
        case .item(let item): state.item = item
        case .orderEnded(let outcome): ended(outcome, &outputs, now)
        case .orderRefused(let isBusy): refused(isBusy, &outputs, now)
        case .recalled(let kept, let since):
            state.tenancy = kept.owner.map { Tenancy(owner: $0, since: since) }
            (state.isKnown, state.isBlocked) = (kept.isKnown, kept.isBlocked)
            // How the door stands shows itself.
            state.troubles = kept.troubles.subtracting(.leftOpen)
        case .unknown:
            (state.tenancy, state.isKnown) = (nil, false)
            outputs.append(.told(.unknown))
        case .deadline: expire(&outputs, now)
        }
        return outputs
    }

    // MARK: Opening

    private mutating func open(_ cause: Cause, _ outputs: inout Outputs<Output>, _ now: Instant) {
        // Who knocks while it is being opened waits for that.
        guard state.opening == nil else { return }
        if case .open = state.leaf { return }
        state.opening = Opening(cause: cause)
        outputs.append(.open)
    }

    private mutating func ended(
        _ outcome: ActionOutcome, _ outputs: inout Outputs<Output>, _ now: Instant
    ) {
        guard let opening = state.opening, opening.phase == .ordered else { return }
        switch outcome {
        case .confirmed:
            // Its reading comes, or has come.
            (state.opening, state.expectedUntil) = (nil, now + Limit.look)
        case .failed: tryAgain(opening, &outputs, now)
        case .accepted, .unknown:
            state.opening?.phase = .looking(
                until: now + Limit.look, mayHaveOpened: outcome == .accepted)
        }
    }

    private mutating func refused(
        _ isBusy: Bool, _ outputs: inout Outputs<Output>, _ now: Instant
    ) {
        guard let opening = state.opening, opening.phase == .ordered else { return }
        guard isBusy, opening.attempt < Limit.tries else {
            return giveUp(opening, .unreachable, &outputs)
        }
        state.opening?.attempt += 1
        state.opening?.phase = .resting(until: now + Limit.busyRest)
    }

    private mutating func tryAgain(
        _ opening: Opening, _ outputs: inout Outputs<Output>, _ now: Instant
    ) {
        guard opening.attempt < Limit.tries else {
            state.troubles.insert(.jammed)
            return giveUp(opening, .jammed, &outputs)
        }
        state.opening?.attempt += 1
        state.opening?.phase = .resting(until: now + Limit.rest)
    }

    /// A box that was just given to somebody and did not open is not theirs.
    private mutating func giveUp(
        _ opening: Opening, _ step: CompartmentStep, _ outputs: inout Outputs<Output>
    ) {
        state.opening = nil
        outputs.append(.told(step))
        guard opening.cause == .assigned else { return }
        finish(.deviceFailed, &outputs)
    }

    // MARK: The door

    private mutating func leaf(
        _ isClosed: Bool?, _ outputs: inout Outputs<Output>, _ now: Instant
    ) {
        switch (isClosed, state.leaf) {
        case (nil, _): state.leaf = .unknown
        case (true?, .closed), (false?, .open): break
        case (true?, .unknown): state.leaf = .closed
        case (true?, .open): closed(&outputs)
        case (false?, let before): opened(before, &outputs, now)
        }
    }

    private mutating func opened(
        _ before: Leaf, _ outputs: inout Outputs<Output>, _ now: Instant
    ) {
        state.leaf = .open(since: now)
        let isExpected = state.opening != nil || state.expectedUntil.map { now <= $0 } ?? false
        (state.opening, state.expectedUntil) = (nil, nil)
        state.troubles.remove(.jammed)
        if isExpected {
            state.troubles.remove(.forced)
            outputs.append(.told(.opened))
        } else if before == .closed {
            state.troubles.insert(.forced)
            outputs.append(.told(.forced))
        } else {
            // Nobody saw when it opened.
            outputs.append(.told(.opened))
        }
    }

    private mutating func closed(_ outputs: inout Outputs<Output>) {
        state.leaf = .closed
        state.troubles.remove(.leftOpen)
        outputs.append(.told(.closed))
        guard let tenancy = state.tenancy, tenancy.isEnding else { return }
        guard state.item != true else {
            // It stays theirs: nobody's things are trapped, and nobody else's either.
            state.tenancy?.isEnding = false
            guard state.troubles.insert(.itemForgotten).inserted else { return }
            return outputs.append(.told(.itemForgotten))
        }
        finish(.ended, &outputs)
    }

    // MARK: Ends

    private mutating func end(_ outputs: inout Outputs<Output>, _ now: Instant) {
        guard state.tenancy != nil else { return }
        if state.leaf == .closed, state.item != true, state.opening == nil {
            return finish(.ended, &outputs)
        }
        state.tenancy?.isEnding = true
        // Something lies in it: the door opens for it.
        if state.leaf == .closed { open(.holder, &outputs, now) }
    }

    private mutating func clear(_ outputs: inout Outputs<Output>) {
        state.isKnown = true
        state.troubles = []
        outputs.append(.told(.cleared))
        if state.tenancy != nil { finish(.stopped, &outputs) }
    }

    private mutating func finish(_ end: UseEnd, _ outputs: inout Outputs<Output>) {
        guard let tenancy = state.tenancy else { return }
        state.tenancy = nil
        state.troubles.subtract([.itemForgotten, .overtime])
        outputs.append(.ended(end, tenancy.owner, since: tenancy.since))
    }

    // MARK: Time

    private mutating func expire(_ outputs: inout Outputs<Output>, _ now: Instant) {
        expireOpening(&outputs, now)
        if case .open(let since) = state.leaf, since + settings.open <= now,
            state.troubles.insert(.leftOpen).inserted
        {
            outputs.append(.told(.leftOpen))
        }
        if let tenancy = state.tenancy, let limit = settings.tenancy,
            tenancy.since + limit <= now, state.troubles.insert(.overtime).inserted
        {
            outputs.append(.told(.overtime))
        }
    }

    private mutating func expireOpening(_ outputs: inout Outputs<Output>, _ now: Instant) {
        guard let opening = state.opening else { return }
        switch opening.phase {
        case .ordered: break
        case .resting(let until):
            guard until <= now else { return }
            state.opening?.phase = .ordered
            outputs.append(.open)
        case .looking(let until, let mayHaveOpened):
            guard until <= now else { return }
            switch state.leaf {
            // It is seen that it did not open: trying again is not blind.
            case .closed: tryAgain(opening, &outputs, now)
            case .open: state.opening = nil
            case .unknown:
                // Nobody sees it; a board that said that it would open it is believed.
                guard mayHaveOpened else { return giveUp(opening, .unreachable, &outputs) }
                state.opening = nil
                outputs.append(.told(.opened))
            }
        }
    }
}
