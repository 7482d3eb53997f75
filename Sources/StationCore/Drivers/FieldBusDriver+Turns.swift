// Who has the line next, and what is said.
//
// Orders overtake polls, a few in a row at most; of orders what tells goes before what looks. Among
// polls that are due, whoever has used the
// line least goes first, so a box that is slow or has much to say costs itself. What is lost is
// tried when nobody who answers waits, so rarely that all of it is below a hundredth of the line.
//
// While an order waits for what it has set going, a lock's bolt or a valve, a poll is held that
// could have the line when it looks: not for longer than a fifth of the poll's own period.

import EventLoop

extension FieldBusDriver {
    /// Every bound of turns, with its reason.
    enum Turns {
        /// Orders in a row while a poll is due: guards live on polls.
        static let ordersInARow = 4
        /// Attempts at lost boxes take less than a 128th of the line, all of them together.
        static let probeShare: Int64 = 128
        /// A line that is never free tries its lost boxes all the same, so much too late.
        static let probePatience = Interval.seconds(10)
        /// An order does not wait for a lost box that has said nothing for so long.
        static let probeYield = Interval.milliseconds(40)
        /// Of its period a poll is held for an order that is about to look.
        static let heldShare: Int64 = 5
        /// A question on the wire, and the quiet before it.
        static let characters = 32
    }

    /// Who has the line next.
    private enum Turn {
        case acknowledgement(Int)
        case order(Int)
        case poll(Int)
        case probe(Int)

        var place: Int {
            switch self {
            case .acknowledgement(let place), .order(let place), .poll(let place),
                .probe(let place):
                place
            }
        }
    }

    /// Puts the next question on the line, if it is free and anybody is due.
    mutating func speak(at now: Instant, into outputs: inout DriverOutputs) {
        guard isAttached else { return }
        yieldProbe()
        nextTurn = nil
        while exchange.isFree {
            guard exchange.quietAfter <= now else {
                nextTurn = exchange.quietAfter
                return
            }
            settleOrders(at: now)
            guard let chosen = chooseTurn(at: now) else {
                nextTurn = nextWish(at: now)
                return
            }
            let gap = members[chosen.place].settings.timing.gapMilliseconds
            let start = exchange.quietAfter + .milliseconds(Int64(gap))
            guard start <= now else {
                nextTurn = start
                return
            }
            // What cannot even be written leaves the line to the next one.
            switch chosen {
            case .acknowledgement(let place):
                if acknowledge(place, at: now, into: &outputs) { return }
            case .order(let place):
                ordersInARow += 1
                if serveOrder(place, at: now, into: &outputs) { return }
            case .poll(let place):
                ordersInARow = 0
                if poll(place, at: now, into: &outputs) { return }
            case .probe(let place):
                ordersInARow = 0
                if probe(place, at: now, into: &outputs) { return }
            }
        }
    }

    /// A lost box that has waited very long goes before those who answer, once.
    private mutating func chooseTurn(at now: Instant) -> Turn? {
        // It costs little, and whoever waits for it says everything again.
        if let place = members.firstIndex(where: { !$0.acknowledgements.isEmpty }) {
            return .acknowledgement(place)
        }
        let look = nextLook(at: now)
        if let place = nextOrder(before: look, at: now) { return .order(place) }
        let lost = nextProbe(at: now)
        if let lost, !wasProbe, members[lost].nextProbe + Turns.probePatience <= now {
            return .probe(lost)
        }
        if let place = nextPoll(for: look, at: now) { return .poll(place) }
        return isProbeHeld(for: look, at: now) ? nil : lost.map { .probe($0) }
    }

    /// A lost box that was asked gives way to an order.
    private mutating func yieldProbe() {
        guard case .poll(_, isProbe: true)? = use, !exchange.isFree,
            members.contains(where: { !$0.orders.isEmpty })
        else { return }
        exchange.shorten(to: Turns.probeYield)
    }

    // MARK: Looks

    /// When an order that waits wants the line again.
    private mutating func nextLook(at now: Instant) -> Instant? {
        var next: Instant?
        for place in members.indices where !members[place].orders.isEmpty {
            let wish = members[place].orders[0].wish(members[place].readings, at: now)
            guard case .wait(let until) = wish, now < until else { continue }
            let gap = members[place].settings.timing.gapMilliseconds
            next = Instant.earlier(next, until + Interval(nanoseconds: -1_000_000 * Int64(gap)))
        }
        return next
    }

    /// Up to when a poll that is due is left to wait, since it could have the line when an order
    /// looks; `nil`: it need not.
    private func heldUntil(_ place: Int, for look: Instant?, at now: Instant) -> Instant? {
        guard let look, let slot = members[place].plan.oldest,
            let period = members[place].plan.slots[slot].interval
        else { return nil }
        let end =
            members[place].plan.slots[slot].due
            + Interval(nanoseconds: period.nanoseconds / Turns.heldShare)
        guard now < end else { return nil }
        let question = members[place].plan.ask(for: slot, at: now).question
        let patience = members[place].patience(for: question).patience ?? .zero
        return look < now + patience + exchange.line.time(of: Turns.characters) ? end : nil
    }

    /// What is lost waits for an order's look in any case: it has waited for so much longer.
    private func isProbeHeld(for look: Instant?, at now: Instant) -> Bool {
        guard let look else { return false }
        return look < now + Turns.probeYield + exchange.line.time(of: Turns.characters)
    }

    // MARK: Orders

    /// Ends orders that want nothing any more. Each box does one thing after the other.
    private mutating func settleOrders(at now: Instant) {
        for place in members.indices {
            while !members[place].orders.isEmpty,
                case .done(let outcome) = members[place].orders[0].wish(
                    members[place].readings, at: now)
            {
                report(members[place].orders.removeFirst(), outcome, of: place, at: now)
            }
        }
    }

    /// The box with the oldest order that wants the line now; those that tell go before those that
    /// look. It gives way to a poll that may go: for one that is held the line would stay free.
    private mutating func nextOrder(before look: Instant?, at now: Instant) -> Int? {
        let isUrgent = members.contains { $0.orders.isUrgent }
        if !isUrgent, ordersInARow >= Turns.ordersInARow, nextPoll(for: look, at: now) != nil {
            return nil
        }
        var best: (place: Int, looks: Bool)?
        for place in members.indices where !members[place].orders.isEmpty {
            let looks: Bool
            switch members[place].orders[0].wish(members[place].readings, at: now) {
            case .tell, .set: looks = false
            case .read:
                if now < members[place].restsUntil { continue }
                looks = true
            case .wait, .done: continue
            }
            let order = members[place].orders[0].order
            if let best,
                members[best.place].orders[0].order.goesBefore(
                    order, looks: best.looks, otherLooks: looks)
            {
                continue
            }
            best = (place, looks)
        }
        return best?.place
    }

    private mutating func serveOrder(
        _ place: Int, at now: Instant, into outputs: inout DriverOutputs
    ) -> Bool {
        served = members[place].orders[0].order.number
        switch members[place].orders[0].wish(members[place].readings, at: now) {
        case .tell(let question):
            let run = members[place].orders[0]
            if isAsleep(place, at: now), !run.settings.isIdempotent,
                let ask = members[place].probe(at: now)
            {
                return say(ask.question, to: place, as: .waking, at: now, into: &outputs)
            }
            let isOptional = members[place].patience(for: question).isOptional
            let isSaid = say(
                question, to: place, as: .telling(isOptional: isOptional), at: now,
                into: &outputs)
            if isSaid {
                members[place].orders[0].acted(at: now)
            } else {
                members[place].orders[0].told(
                    .answered(.refused(code: 0)), isOptional: false, at: now)
            }
            return isSaid
        case .read(let points):
            guard let slot = members[place].plan.slots(carrying: points).first else {
                // It comes by itself, or not at all.
                members[place].orders[0].looked(at: now)
                return false
            }
            let ask = members[place].plan.ask(for: slot, at: now)
            if say(ask.question, to: place, as: .look(ask), at: now, into: &outputs) { return true }
            members[place].orders[0].looked(at: now)
            return false
        case .set:
            // A box on a bus has no lines.
            members[place].orders[0].wasSet(false)
            return false
        case .wait, .done: return false
        }
    }

    /// Whether it would lose what it is told first.
    private func isAsleep(_ place: Int, at now: Instant) -> Bool {
        guard members[place].settings.timing.repeatsFirst, !members[place].hasRepeated else {
            return false
        }
        return members[place].heardAt.map { now - $0 > FieldBusMember.Limit.sleep } ?? true
    }

    // MARK: Polls

    /// The box that is due and has used the line least.
    private func nextPoll(for look: Instant?, at now: Instant) -> Int? {
        var best: (place: Int, share: Int64, due: Instant)?
        for place in members.indices {
            guard !members[place].isLost, members[place].restsUntil <= now,
                let due = members[place].nextDue, due <= now
            else { continue }
            let share = max(members[place].share, turn)
            if let best, (best.share, best.due) <= (share, due) { continue }
            guard heldUntil(place, for: look, at: now) == nil else { continue }
            best = (place, share, due)
        }
        return best?.place
    }

    private mutating func poll(
        _ place: Int, at now: Instant, into outputs: inout DriverOutputs
    ) -> Bool {
        guard let slot = members[place].plan.oldest else {
            members[place].nextDue = nil
            return false
        }
        turn = max(turn, members[place].share)
        wasProbe = false
        let ask = members[place].plan.ask(for: slot, at: now)
        let use = Use.poll(ask, isProbe: false)
        if say(ask.question, to: place, as: use, at: now, into: &outputs) { return true }
        // It cannot be written: an error of the profile costs its own points alone.
        missing(members[place].plan.refused(ask.slots, at: now), of: place, at: now)
        members[place].nextDue = members[place].plan.nextDue
        return false
    }

    // MARK: The lost

    /// The lost box that has waited longest, when it is its time.
    private func nextProbe(at now: Instant) -> Int? {
        var best: Int?
        for place in members.indices where members[place].isLost && members[place].canBeAsked {
            guard members[place].nextProbe <= now else { continue }
            if let other = best, members[other].nextProbe <= members[place].nextProbe { continue }
            best = place
        }
        return best
    }

    private mutating func probe(
        _ place: Int, at now: Instant, into outputs: inout DriverOutputs
    ) -> Bool {
        guard let ask = members[place].probe(at: now),
            say(ask.question, to: place, as: .poll(ask, isProbe: true), at: now, into: &outputs)
        else {
            rest(place, at: now)
            return false
        }
        wasProbe = true
        return true
    }

    /// When a lost box is tried again: ever more rarely, until all of them together take their
    /// share of the line and no more.
    mutating func rest(_ place: Int, at now: Instant) {
        members[place].attempts = min(members[place].attempts + 1, 16)
        let lost = Int64(members.count { $0.isLost })
        let cost = members[place].doubt
        let longest = min(
            FieldBusMember.Limit.longestRest,
            max(.seconds(5), cost * (Turns.probeShare * max(1, lost))))
        let rest = min(
            longest, FieldBusMember.Limit.firstRest * (1 << Int64(members[place].attempts)))
        members[place].nextProbe = now + spread(rest, of: place)
    }

    /// When somebody wants the line next.
    private mutating func nextWish(at now: Instant) -> Instant? {
        var next: Instant?
        let look = nextLook(at: now)
        for place in members.indices {
            next = Instant.earlier(next, nextQuestion(to: place, before: look, at: now))
            guard !members[place].orders.isEmpty else { continue }
            switch members[place].orders[0].wish(members[place].readings, at: now) {
            case .wait(let until): next = Instant.earlier(next, until)
            case .read: next = Instant.earlier(next, members[place].restsUntil)
            case .tell, .set, .done: break
            }
        }
        return next
    }

    /// When a box wants to be asked next; what is held for a look wants nothing before its end.
    private func nextQuestion(to place: Int, before look: Instant?, at now: Instant) -> Instant? {
        guard members[place].isLost else {
            guard let due = members[place].nextDue else { return nil }
            let wish = max(due, members[place].restsUntil)
            return wish <= now ? heldUntil(place, for: look, at: now) ?? wish : wish
        }
        guard members[place].canBeAsked else { return nil }
        let wish = max(now, members[place].nextProbe)
        guard isProbeHeld(for: look, at: now) else { return wish }
        let end = members[place].nextProbe + Turns.probePatience
        return now < end ? end : nil
    }

    // MARK: The line

    /// Puts a question on the line. Returns false when it cannot be written in that language.
    private mutating func say(
        _ question: BusQuestion, to place: Int, as use: Use, at now: Instant,
        into outputs: inout DriverOutputs
    ) -> Bool {
        let settings = members[place].settings
        guard let packet = try? settings.language.packet(for: question, to: settings.address)
        else { return false }
        let patience = members[place].patience(for: question).patience
        return put(
            BusExchange.Request(
                seat: place, question: question, packet: packet, wake: settings.timing.wake,
                patience: patience, rest: patience == nil ? Self.rest(after: settings) : .zero),
            as: use, at: now, into: &outputs)
    }

    private mutating func acknowledge(
        _ place: Int, at now: Instant, into outputs: inout DriverOutputs
    ) -> Bool {
        let bytes = members[place].acknowledgements.removeFirst()
        return put(
            BusExchange.Request(
                seat: place, question: .frame(name: "", fields: []), packet: bytes,
                patience: nil, rest: Self.rest(after: members[place].settings)),
            as: .acknowledging, at: now, into: &outputs)
    }

    private mutating func put(
        _ request: BusExchange.Request, as use: Use, at now: Instant,
        into outputs: inout DriverOutputs
    ) -> Bool {
        let bytes = request.wake + request.packet
        guard !request.packet.isEmpty, bytes.count <= Packet.capacity else { return false }
        exchange.ask(request, at: now)
        self.use = use
        question = request.question
        members[request.seat].counters.requests += 1
        bytes.withUnsafeBytes { outputs.write($0) }
        return true
    }

    /// After a request that nobody answers: everybody on the line has to take it in (the Modbus
    /// guide's turnaround delay is 100 to 200 ms; a box alone needs its own gap).
    private static func rest(after settings: BusDeviceSettings) -> Interval {
        let gap = Interval.milliseconds(Int64(settings.timing.gapMilliseconds))
        if case .modbus = settings.language { return max(gap, .milliseconds(100)) }
        return max(gap, .milliseconds(20))
    }
}

extension ActionOrder {
    /// A guard's before a person's, then what makes something happen, then the older one.
    fileprivate func goesBefore(_ other: ActionOrder, looks: Bool, otherLooks: Bool) -> Bool {
        guard isUrgent == other.isUrgent else { return isUrgent }
        return looks == otherLooks ? number <= other.number : otherLooks
    }
}
