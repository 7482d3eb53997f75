// How a swap goes from one step to the next.

public import EventLoop

extension SwapCabinet {
    /// Advances the cabinet by one input. An input for a compartment that does not exist does
    /// nothing.
    public mutating func handle(_ input: Input, at now: Instant) -> [Output] {
        var outputs: [Output] = []
        switch input {
        case .recalled(let kept): recall(kept, at: now, &outputs)
        case .tapped(let owner): tap(owner, at: now, &outputs)
        case .door(let place, let isClosed):
            guard compartments.indices.contains(place) else { break }
            door(place, isClosed: isClosed, at: now, &outputs)
        case .content(let place, let content):
            guard compartments.indices.contains(place) else { break }
            compartments[place].content = content
            look(place, at: now, &outputs)
        case .opened(let place, let outcome):
            guard outcome == .failed,
                case .opening(place, let purpose, let tries, _)? = present?.stage
            else { break }
            // It says that it did not: there is nothing to wait for.
            present?.stage = .opening(place, purpose, tries: tries, next: now)
        case .guarded(let stands): isGuarded = stands
        case .smoke(let stands): hasSmoke = stands
        case .open(let isOpen): self.isOpen = isOpen
        case .expected(let place):
            guard compartments.indices.contains(place) else { break }
            compartments[place].askedUntil = now + Limit.tryTime
        case .settled(let owner): settle(owner, &outputs)
        case .reset(let place):
            guard compartments.indices.contains(place) else { break }
            clear(.jammed, place, &outputs)
            clear(.forced, place, &outputs)
        case .deadline: break
        }
        timeOut(at: now, &outputs)
        nextDeadline = deadline(after: now)
        return outputs
    }

    // MARK: Taps

    private mutating func tap(_ owner: UseOwner, at now: Instant, _ outputs: inout [Output]) {
        if let refusal = refusal(for: owner) {
            outputs.append(.refused(refusal))
            return
        }
        if let place = owed.firstIndex(where: { ChargingBank.isSame($0.owner, owner) }) {
            present = owed.remove(at: place)
            give(at: now, &outputs)
            return
        }
        guard let free = compartments.indices.first(where: isFree) else { return }
        present = Exchange(owner: owner, stage: .owed)
        outputs.append(.began(owner))
        open(free, for: .returning, at: now, &outputs)
    }

    /// Why this person gets nothing now; `nil`: they do.
    ///
    /// Who has put a battery in comes to theirs whatever the hours say; not where it burns.
    public func refusal(for owner: UseOwner) -> Refusal? {
        if !isRecalled { return .notReady }
        if owner.key.isEmpty, owner.holder.isEmpty { return .anonymous }
        if hasSmoke { return .smoke }
        if present != nil { return .occupied }
        if let mine = owed.first(where: { ChargingBank.isSame($0.owner, owner) }) {
            return mine.stage == .owed ? nil : .notReady
        }
        if isGuarded { return .guarded }
        if !isOpen { return .closed }
        if compartments.contains(where: { $0.isClosed == nil }) { return .notReady }
        if chargedCount == 0 { return .noneCharged }
        return freeCount == 0 ? .noneFree : nil
    }

    private mutating func open(
        _ place: Int, for purpose: Purpose, tries: Int = 1, at now: Instant,
        _ outputs: inout [Output]
    ) {
        present?.stage = .opening(place, purpose, tries: tries, next: now + Limit.tryTime)
        compartments[place].askedUntil = now + Limit.tryTime
        outputs.append(.open(place))
        guard tries == 1 else { return }
        switch purpose {
        case .returning: outputs.append(.told(.putIn(place)))
        case .handingBack: outputs.append(.told(.takeBack(place)))
        case .giving: outputs.append(.told(.take(place)))
        }
    }

    /// A charged battery for the one that was put in, if that is well; else their own again.
    private mutating func give(at now: Instant, _ outputs: inout [Output]) {
        if let place = present?.returned, isWell(place) { present?.isAccepted = true }
        if present?.isAccepted == true, let best = fullest() {
            open(best, for: .giving, at: now, &outputs)
        } else {
            handBack(at: now, &outputs)
        }
    }

    private func fullest() -> Int? {
        func charge(_ place: Int) -> Int {
            if case .battery(let charge?, _, _) = compartments[place].content { charge } else { 0 }
        }
        return compartments.indices.filter(isCharged).max { charge($0) < charge($1) }
    }

    private mutating func handBack(at now: Instant, _ outputs: inout [Output]) {
        guard let place = present?.returned else {
            end(.deviceFailed, &outputs)
            return
        }
        guard !stands(.jammed, at: place) else {
            owe(place, &outputs)
            return
        }
        open(place, for: .handingBack, at: now, &outputs)
    }

    // MARK: Doors

    private mutating func door(
        _ place: Int, isClosed: Bool?, at now: Instant, _ outputs: inout [Output]
    ) {
        let wasClosed = compartments[place].isClosed
        compartments[place].isClosed = isClosed
        switch isClosed {
        case nil: return
        case true?:
            compartments[place].openSince = nil
            clear(.leftOpen, place, &outputs)
            guard case .standing(place, let purpose, _)? = present?.stage else { return }
            present?.stage = .checking(place, purpose, until: now + Limit.check)
            look(place, at: now, &outputs)
        case false?:
            if compartments[place].openSince == nil { compartments[place].openSince = now }
            if case .opening(place, let purpose, _, _)? = present?.stage {
                clear(.jammed, place, &outputs)
                present?.stage = .standing(place, purpose, until: now + Limit.patience)
            } else if wasClosed == true, !stands(.jammed, at: place),
                compartments[place].askedUntil.map({ $0 < now }) ?? true
            {
                raise(.forced, place, &outputs)
            }
        }
    }

    /// What is in a compartment decides once its door is shut; that it is taken, at once.
    private mutating func look(_ place: Int, at now: Instant, _ outputs: inout [Output]) {
        settle(place, &outputs)
        let content = compartments[place].content
        switch present?.stage {
        case .standing(place, let purpose, _):
            if purpose != .returning, content == .empty { taken(place, purpose, &outputs) }
        case .checking(place, let purpose, _):
            switch (purpose, content) {
            case (.returning, .battery):
                putIn(place, at: now, &outputs)
            // A battery that had said nothing has woken, or another one was put in for it.
            case (.handingBack, .battery) where present?.isAccepted == false && isWell(place):
                putIn(place, at: now, &outputs)
            case (.giving, .empty), (.handingBack, .empty): taken(place, purpose, &outputs)
            case (.giving, .battery), (.handingBack, .battery): owe(place, &outputs)
            // It is asked until it has spoken, or until its time is over.
            case (_, .unknown), (.returning, .empty): break
            }
        case .standing, .checking, .opening, .owed, .recalled, nil: break
        }
    }

    private mutating func putIn(_ place: Int, at now: Instant, _ outputs: inout [Output]) {
        present?.returned = place
        outputs.append(.told(.wasPutIn(place)))
        give(at: now, &outputs)
    }

    private mutating func taken(
        _ place: Int, _ purpose: Purpose, _ outputs: inout [Output]
    ) {
        outputs.append(.told(.wasTaken(place)))
        end(purpose == .giving ? .delivered : .ended, &outputs)
    }

    private mutating func owe(_ place: Int, _ outputs: inout [Output]) {
        guard var exchange = present else { return }
        exchange.stage = .owed
        owed.append(exchange)
        present = nil
        outputs.append(.told(.owed(place)))
    }

    /// Whoever it is, before the cabinet or not: they have what is theirs.
    private mutating func settle(_ owner: UseOwner, _ outputs: inout [Output]) {
        if let exchange = present, ChargingBank.isSame(exchange.owner, owner) {
            end(.stopped, &outputs)
        } else if let index = owed.firstIndex(where: { ChargingBank.isSame($0.owner, owner) }) {
            finish(index, .stopped, &outputs)
        }
    }

    private mutating func end(_ end: UseEnd, _ outputs: inout [Output]) {
        guard let exchange = present else { return }
        present = nil
        outputs.append(
            .ended(exchange.owner, end, end == .delivered ? .once : UsageAmount(0, .times)))
    }

    // MARK: Time

    private mutating func timeOut(at now: Instant, _ outputs: inout [Output]) {
        for place in compartments.indices {
            guard let since = compartments[place].openSince, since + Limit.patience <= now else {
                continue
            }
            raise(.leftOpen, place, &outputs)
        }
        for exchange in owed {
            guard case .recalled(_, let until) = exchange.stage, until <= now else { continue }
            settleLate(exchange, &outputs)
        }
        switch present?.stage {
        case .opening(let place, let purpose, let tries, let next) where next <= now:
            if tries < Limit.tries {
                open(place, for: purpose, tries: tries + 1, at: now, &outputs)
            } else {
                jammed(place, purpose, at: now, &outputs)
            }
        case .standing(let place, let purpose, let until) where until <= now:
            late(place, purpose, &outputs)
        case .checking(let place, let purpose, let until) where until <= now:
            switch purpose {
            case .returning where compartments[place].content == .empty: end(.ended, &outputs)
            case .returning:
                // It may be a battery that says nothing: it is theirs.
                present?.returned = place
                handBack(at: now, &outputs)
            // What had spoken and speaks no more was taken. What never spoke may be there yet.
            case .giving: taken(place, purpose, &outputs)
            case .handingBack: owe(place, &outputs)
            }
        case .opening, .standing, .checking, .owed, .recalled, nil: break
        }
    }

    /// The door stands open, and they have not done what they came for.
    private mutating func late(
        _ place: Int, _ purpose: Purpose, _ outputs: inout [Output]
    ) {
        if purpose == .returning {
            guard compartments[place].content != .empty else {
                end(.ended, &outputs)
                return
            }
            present?.returned = place
        }
        owe(place, &outputs)
    }

    private mutating func jammed(
        _ place: Int, _ purpose: Purpose, at now: Instant, _ outputs: inout [Output]
    ) {
        raise(.jammed, place, &outputs)
        switch purpose {
        case .returning:
            guard let other = compartments.indices.first(where: isFree) else {
                end(.deviceFailed, &outputs)
                return
            }
            outputs.append(.told(.tryingAnother(place)))
            open(other, for: .returning, at: now, &outputs)
        case .giving:
            outputs.append(.told(.tryingAnother(place)))
            give(at: now, &outputs)
        case .handingBack: owe(place, &outputs)
        }
    }

    private func deadline(after now: Instant) -> Instant? {
        var next: Instant?
        func consider(_ time: Instant) { if time > now { next = Instant.earlier(next, time) } }
        for compartment in compartments {
            if let since = compartment.openSince { consider(since + Limit.patience) }
        }
        for exchange in owed {
            if case .recalled(_, let until) = exchange.stage { consider(until) }
        }
        switch present?.stage {
        case .opening(_, _, _, let time), .standing(_, _, let time), .checking(_, _, let time):
            consider(time)
        case .owed, .recalled, nil: break
        }
        return next
    }

    // MARK: A restart

    private mutating func recall(
        _ kept: Kept?, at now: Instant, _ outputs: inout [Output]
    ) {
        guard !isRecalled else { return }
        isRecalled = true
        for exchange in kept?.exchanges ?? [] {
            let places = [exchange.returned, exchange.returning, exchange.giving]
            let isSound = places.allSatisfy { $0.map(compartments.indices.contains) ?? true }
            let stage = Stage.recalled(giving: exchange.giving, until: now + Limit.check)
            if isSound, let place = exchange.returned ?? exchange.returning {
                owed.append(
                    Exchange(
                        owner: exchange.owner, stage: stage, returned: place,
                        isAccepted: exchange.isAccepted))
            } else {
                outputs.append(.ended(exchange.owner, .interrupted, UsageAmount(0, .times)))
            }
        }
        for place in compartments.indices { settle(place, &outputs) }
    }

    /// What the doors and batteries show of an exchange that a restart cut off.
    private mutating func settle(_ place: Int, _ outputs: inout [Output]) {
        for index in owed.indices.reversed() {
            guard case .recalled(let giving, _) = owed[index].stage else { continue }
            let content = compartments[place].content
            if giving == place {
                switch content {
                case .unknown: continue
                case .battery: owed[index].stage = .owed
                case .empty:
                    let end: UseEnd = owed[index].returned == place ? .ended : .delivered
                    finish(index, end, &outputs)
                }
            } else if giving == nil, owed[index].returned == place {
                switch content {
                case .unknown: continue
                case .battery: owed[index].stage = .owed
                // It had not been put in, or a person has given it back meanwhile.
                case .empty: finish(index, .interrupted, &outputs)
                }
            }
        }
    }

    private mutating func settleLate(_ exchange: Exchange, _ outputs: inout [Output]) {
        guard let index = owed.firstIndex(of: exchange) else { return }
        owed[index].stage = .owed
    }

    private mutating func finish(_ index: Int, _ end: UseEnd, _ outputs: inout [Output]) {
        let exchange = owed.remove(at: index)
        outputs.append(
            .ended(exchange.owner, end, end == .delivered ? .once : UsageAmount(0, .times)))
    }

    // MARK: Faults

    private mutating func raise(_ fault: Fault, _ place: Int, _ outputs: inout [Output]) {
        guard !stands(fault, at: place) else { return }
        compartments[place].faults |= 1 << fault.rawValue
        outputs.append(.raised(place, fault))
    }

    private mutating func clear(_ fault: Fault, _ place: Int, _ outputs: inout [Output]) {
        guard stands(fault, at: place) else { return }
        compartments[place].faults &= ~(1 << fault.rawValue)
        outputs.append(.cleared(place, fault))
    }
}
