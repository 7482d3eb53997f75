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
            if cause == .holder { state.tenancy?.ending = isLast ? .onceOpened : .none }
            open(cause, &outputs, now)
        case .end: end(&outputs, now)
        case .clear: clear(&outputs)
        case .block(let isBlocked):
            guard isBlocked != state.isBlocked else { break }
            state.isBlocked = isBlocked
            outputs.append(.told(isBlocked ? .blocked : .unblocked))
        case .leaf(let isClosed, let readAt):
            state.leafReadAt = readAt
            leaf(isClosed, &outputs, now)
        case .item(let item): self.item(item, &outputs)
        case .orderEnded(let outcome): ended(outcome, &outputs, now)
        case .orderRefused(let isBusy): refused(isBusy, &outputs, now)
        case .withdrawn: withdrawn(&outputs)
        case .recalled(let kept, let since): recall(kept, since)
        case .doubted: (state.tenancy, state.isKnown) = (nil, false)
        case .doubtIsFinal: if !state.isKnown { outputs.append(.told(.unknown)) }
        case .deadline: expire(&outputs, now)
        }
        return outputs
    }

    private mutating func recall(_ kept: Kept, _ since: Instant) {
        state.tenancy = kept.owner.map { Tenancy(owner: $0, since: since) }
        if kept.isEnding { state.tenancy?.ending = .whenClosed }
        (state.isKnown, state.isBlocked) = (kept.isKnown, kept.isBlocked)
        // How the door stands shows itself.
        state.troubles = kept.troubles.subtracting(.leftOpen)
    }

    // MARK: Opening

    private mutating func open(_ cause: Cause, _ outputs: inout Outputs<Output>, _ now: Instant) {
        // Who knocks while it is being opened waits for that.
        guard state.opening == nil else { return }
        // A door that is said to be open is told all the same: contacts fail, and the pulse of a
        // lock hurts nobody.
        state.settlesAt = nil
        state.opening = Opening(cause: cause, at: now)
        state.openedFor = (cause, now)
        outputs.append(.open)
    }

    /// What was just given to somebody is not theirs; what was theirs stays so.
    private mutating func withdrawn(_ outputs: inout Outputs<Output>) {
        guard let opening = state.opening, case .ordered = opening.phase else { return }
        state.opening = nil
        wantsNoMore()
        if opening.cause == .assigned { finish(.notWritten, &outputs) }
    }

    /// What they came for did not come about: whoever opens it later ends nothing for them.
    private mutating func wantsNoMore() {
        if state.tenancy?.ending == .onceOpened { state.tenancy?.ending = .none }
    }

    private mutating func ended(
        _ outcome: ActionOutcome, _ outputs: inout Outputs<Output>, _ now: Instant
    ) {
        guard let opening = state.opening, case .ordered = opening.phase else { return }
        switch outcome {
        case .confirmed:
            // Its reading comes, or has come.
            (state.opening, state.expectedUntil) = (nil, now + Limit.look)
            if opening.cause == .holder { wasOpened() }
        case .failed: tryAgain(opening, &outputs, now)
        case .accepted, .unknown:
            state.opening?.mayHaveReached = true
            state.opening?.phase = .looking(
                since: now, until: now + Limit.look, mayHaveOpened: outcome == .accepted)
        }
    }

    /// Whoever wanted their things out has got at them: the next closing ends it.
    private mutating func wasOpened() {
        if state.tenancy?.ending == .onceOpened { state.tenancy?.ending = .whenClosed }
    }

    private mutating func refused(
        _ isBusy: Bool, _ outputs: inout Outputs<Output>, _ now: Instant
    ) {
        guard let opening = state.opening, case .ordered = opening.phase else { return }
        guard isBusy, opening.busy < Limit.busyTries else {
            return giveUp(opening, .unreachable, &outputs)
        }
        state.opening?.busy += 1
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

    /// A box that was just given to somebody and did not open is not theirs. One that may have
    /// opened unseen is: something may lie in it, and whoever stands there taps again.
    private mutating func giveUp(
        _ opening: Opening, _ step: CompartmentStep, _ outputs: inout Outputs<Output>
    ) {
        state.opening = nil
        wantsNoMore()
        outputs.append(.told(step))
        let isSeenClosed = step == .jammed && state.leaf == .closed
        guard opening.cause == .assigned, isSeenClosed || !opening.mayHaveReached else { return }
        finish(.deviceFailed, &outputs)
    }

    // MARK: The door

    private mutating func leaf(
        _ isClosed: Bool?, _ outputs: inout Outputs<Output>, _ now: Instant
    ) {
        switch (isClosed, state.leaf) {
        case (nil, .open(let since)): state.leaf = .unknown(openSince: since)
        case (nil, .closed): state.leaf = .unknown(openSince: nil)
        case (nil, .unknown), (true?, .closed), (false?, .open): break
        case (true?, .unknown(let openSince)): closed(wasOpen: openSince != nil, &outputs, now)
        case (true?, .open): closed(wasOpen: true, &outputs, now)
        // It stood open all the time.
        case (false?, .unknown(let since?)): state.leaf = .open(since: since)
        case (false?, let before): opened(before, &outputs, now)
        }
    }

    private mutating func opened(
        _ before: Leaf, _ outputs: inout Outputs<Output>, _ now: Instant
    ) {
        state.leaf = .open(since: now)
        let isExpected = state.opening != nil || state.expectedUntil.map { now <= $0 } ?? false
        // A latch that did not catch is no force.
        let wasSettling = state.settlesAt != nil
        (state.opening, state.expectedUntil, state.settlesAt) = (nil, nil, nil)
        state.troubles.remove(.jammed)
        if !isExpected { state.openedFor = nil }
        if isExpected, state.openedFor?.cause == .holder {
            wasOpened()
            state.troubles.remove(.itemForgotten)
        }
        if isExpected || wasSettling {
            state.troubles.remove(.forced)
            outputs.append(.told(.opened))
        } else if before == .closed {
            guard state.troubles.insert(.forced).inserted else { return }
            outputs.append(.told(.forced))
        } else {
            // Nobody saw when it opened.
            outputs.append(.told(.opened))
        }
    }

    private mutating func closed(
        wasOpen: Bool, _ outputs: inout Outputs<Output>, _ now: Instant
    ) {
        state.leaf = .closed
        if state.opening == nil { state.openedFor = nil }
        let wasLeftOpen = state.troubles.remove(.leftOpen) != nil
        if wasOpen || wasLeftOpen { outputs.append(.told(.closed)) }
        guard isEnding else { return }
        // Without a sensor nobody knows what lies inside.
        guard state.item != nil else { return finish(.ended, &outputs) }
        state.settlesAt = now + Limit.settle
    }

    /// The door has been closed for a while: is it empty?
    private mutating func settle(_ outputs: inout Outputs<Output>) {
        state.settlesAt = nil
        guard isEnding, state.leaf == .closed else { return }
        guard state.item == true else { return finish(.ended, &outputs) }
        // It stays theirs: nobody's things are trapped, and nobody else's either.
        forgotten(&outputs)
    }

    private mutating func forgotten(_ outputs: inout Outputs<Output>) {
        guard state.troubles.insert(.itemForgotten).inserted else { return }
        outputs.append(.told(.itemForgotten))
    }

    private mutating func item(_ item: Bool?, _ outputs: inout Outputs<Output>) {
        guard let item else { return }
        state.item = item
        switch (state.tenancy, item) {
        case (nil, true):
            // Whose it was may get it out.
            if state.leaf == .closed, state.isKnown { forgotten(&outputs) }
        case (nil, false): state.troubles.remove(.itemForgotten)
        case (_?, false):
            // It was taken out late, and its holder is done with it.
            guard isEnding, state.leaf == .closed, state.settlesAt == nil else { return }
            finish(.ended, &outputs)
        case (_?, true): break
        }
    }

    // MARK: Ends

    private mutating func end(_ outputs: inout Outputs<Output>, _ now: Instant) {
        guard state.tenancy != nil else { return }
        guard state.leaf == .closed else {
            state.tenancy?.ending = .whenClosed
            return
        }
        if state.item != true, state.opening == nil { return finish(.ended, &outputs) }
        // Something lies in it: the door opens for it.
        state.tenancy?.ending = .onceOpened
        open(.holder, &outputs, now)
    }

    private mutating func clear(_ outputs: inout Outputs<Output>) {
        state.isKnown = true
        state.troubles = []
        outputs.append(.told(.cleared))
        guard state.opening?.cause == .assigned else { return finish(.stopped, &outputs) }
        // Nobody is waiting for it any more.
        state.opening = nil
        finish(.notWritten, &outputs)
    }

    private mutating func finish(_ end: UseEnd, _ outputs: inout Outputs<Output>) {
        guard let tenancy = state.tenancy else { return }
        (state.tenancy, state.settlesAt) = (nil, nil)
        state.troubles.subtract([.itemForgotten, .overtime])
        outputs.append(.ended(end, tenancy.owner, since: tenancy.since))
    }

    // MARK: Time

    private mutating func expire(_ outputs: inout Outputs<Output>, _ now: Instant) {
        expireOpening(&outputs, now)
        if let due = state.settlesAt, due <= now { settle(&outputs) }
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
        case .ordered(let until):
            guard until <= now else { return }
            // Whatever became of it: nobody will tell.
            state.opening?.mayHaveReached = true
            state.opening?.phase = .looking(since: now, until: now, mayHaveOpened: false)
            expireOpening(&outputs, now)
        case .resting(let until):
            guard until <= now else { return }
            state.opening?.phase = .ordered(until: now + Limit.answer)
            outputs.append(.open)
        case .looking(let since, let until, let mayHaveOpened):
            guard until <= now else { return }
            looked(opening, since: since, mayHaveOpened: mayHaveOpened, &outputs, now)
        }
    }

    private mutating func looked(
        _ opening: Opening, since: Instant, mayHaveOpened: Bool, _ outputs: inout Outputs<Output>,
        _ now: Instant
    ) {
        switch state.leaf {
        case .open: state.opening = nil
        // It is seen that it did not open: trying again is not blind.
        case .closed where state.leafReadAt.map { since <= $0 } ?? true:
            tryAgain(opening, &outputs, now)
        case .closed, .unknown:
            // Nobody sees it; a board that said that it would open it is believed.
            guard mayHaveOpened else { return giveUp(opening, .unreachable, &outputs) }
            state.opening = nil
            outputs.append(.told(.opened))
        }
    }
}
