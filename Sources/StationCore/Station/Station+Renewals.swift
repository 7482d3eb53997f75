// Outputs that may not stay on without us: the board drops them itself, and is told again in time.
//
//   ordered ─confirmed─► kept: told again each third of the board's own time
//                          ├─ ordered once more ─confirmed─► kept for the new order
//                          │                      └─ refused, failed: as before, and told again
//                          ├─ its ending action is ordered, or a guard stands ─► no more
//                          ├─ something else is that lets go of it ─► no more, and told
//                          └─ not confirmed for as long as the board waits ─► dropped, and told;
//                                an order that came meanwhile is then the first one

import EventLoop

/// One output that is kept active.
struct Renewal: Sendable {
    var device: DeviceID
    var action: Int
    var arguments: [ArgumentValue]
    /// The order for which it is kept on.
    var order: UInt64
    /// How long the board keeps it by itself.
    let selfTime: Interval
    /// When it was last known to be done; `nil`: the first order is under way.
    var doneAt: Instant?
    var next: Instant
    /// The order that renews it now, and when it was given.
    var underway: (number: UInt64, at: Instant)?
    /// Somebody ordered it once more: that order, until it has ended, and when it was given.
    var successor: (number: UInt64, at: Instant)?
}

extension Station {
    /// More outputs than a station keeps on at once.
    static let renewalCapacity = 256
    /// A third: two may be lost.
    private static let renewalsPerTime: Int64 = 3
    /// Between a renewal that came to nothing and the next.
    private static let renewalPause = Interval.milliseconds(200)

    /// An order is about to be begun whose output is kept until another one ends it.
    ///
    /// - Returns: whether it can be; else nothing has changed.
    mutating func keep(
        _ order: ActionOrder, _ action: ActionSettings, of device: DeviceID, at now: Instant
    ) -> Bool {
        guard action.renewedUntil != nil, let time = action.selfTimedMilliseconds else {
            return true
        }
        if let place = renewals.firstIndex(where: {
            $0.device == device && $0.action == order.action && $0.arguments == order.arguments
        }) {
            // It stays kept on, whatever becomes of this order.
            renewals[place].successor = (order.number, now)
            return true
        }
        guard renewals.count < Self.renewalCapacity else { return false }
        renewals.append(
            Renewal(
                device: device, action: order.action, arguments: order.arguments,
                order: order.number, selfTime: .milliseconds(Int64(time)), next: now,
                underway: (order.number, now)))
        return true
    }

    /// The order was refused: nothing was sent.
    mutating func keepsNot(_ order: UInt64) {
        renewals.removeAll { $0.order == order }
        for place in renewals.indices where renewals[place].successor?.number == order {
            renewals[place].successor = nil
        }
    }

    /// An order is carried out: what it ends is not renewed any more. That is the action that the
    /// renewed one names, and whatever may let go of the same output.
    ///
    /// One that is refused was not sent, and changes nothing. But whoever wants the output off by
    /// its own end, and guards whatever they want, shall not see it kept on because their device
    /// had too much to do: the board drops it by itself.
    mutating func endRenewals(
        by order: ActionOrder, of device: DeviceID, wasRefused: Bool, at now: Instant
    ) {
        let actions = resolved.devices[Int(device.index)].driver.actions
        guard actions.indices.contains(order.action) else { return }
        let ending = actions[order.action]
        for renewal in renewals
        where renewal.device == device
            && ending.mayLetGo(
                order.arguments, of: actions[renewal.action], renewal.arguments, among: actions)
        {
            let isOwnEnd = actions[renewal.action].renewedUntil == ending.name
            if wasRefused, !isOwnEnd, !order.isUrgent { continue }
            renewals.removeAll { $0.order == renewal.order }
            if !isOwnEnd, !order.isUrgent, renewal.doneAt != nil { tellDropped(renewal, at: now) }
            // It ends later, and is nobody's order any more.
            if let number = renewal.underway?.number, number != renewal.order {
                if strayRenewals.count == Self.renewalCapacity { strayRenewals.removeFirst() }
                strayRenewals.append(number)
            }
        }
    }

    /// Whether the order that ended renews an output: then it is no entry of its own.
    mutating func renewalEnded(_ report: ActionReport, at now: Instant) -> Bool {
        if let place = strayRenewals.firstIndex(of: report.number) {
            strayRenewals.remove(at: place)
            return true
        }
        if let place = renewals.firstIndex(where: { $0.successor?.number == report.number }) {
            succeed(place, report.outcome)
            return false
        }
        guard
            let place = renewals.firstIndex(where: { $0.underway?.number == report.number }),
            let given = renewals[place].underway?.at
        else { return false }
        let isFirst = renewals[place].order == report.number
        renewals[place].underway = nil
        switch report.outcome {
        case .confirmed, .accepted: done(place, given)
        case .failed, .unknown:
            if renewals[place].doneAt != nil {
                retry(place, at: now)
            } else if !beginAnew(place) {
                // What nobody knows to be on is not kept on.
                renewals.remove(at: place)
            }
        }
        setRenewalDeadline()
        return !isFirst
    }

    /// What is ordered once more is kept for the new order, as soon as that is done.
    private mutating func succeed(_ place: Int, _ outcome: ActionOutcome) {
        guard let successor = renewals[place].successor else { return }
        renewals[place].successor = nil
        switch outcome {
        case .confirmed, .accepted:
            renewals[place].order = successor.number
            done(place, successor.at)
            setRenewalDeadline()
        case .failed, .unknown: break
        }
    }

    /// Somebody has ordered it once more meanwhile: that order decides, as the first one did.
    ///
    /// - Returns: whether there is one.
    private mutating func beginAnew(_ place: Int) -> Bool {
        guard let successor = renewals[place].successor else { return false }
        renewals[place].order = successor.number
        renewals[place].underway = successor
        renewals[place].successor = nil
        renewals[place].doneAt = nil
        return true
    }

    /// The board counts from when it was told, at the earliest.
    private mutating func done(_ place: Int, _ given: Instant) {
        let time = renewals[place].selfTime.nanoseconds / Self.renewalsPerTime
        renewals[place].doneAt = given
        renewals[place].next = given + Interval(nanoseconds: time)
    }

    private mutating func retry(_ place: Int, at now: Instant) {
        renewals[place].next = now + Self.renewalPause
        guard let done = renewals[place].doneAt, done + renewals[place].selfTime <= now else {
            return
        }
        tellDropped(renewals[place], at: now)
        if !beginAnew(place) { renewals.remove(at: place) }
    }

    /// What was confirmed to be on is not kept on any more.
    private mutating func tellDropped(_ renewal: Renewal, at now: Instant) {
        counters.actions[Int(ActionOutcome.failed.rawValue)] &+= 1
        write(
            .actionEnded(
                device: renewal.device, action: UInt8(clamping: renewal.action),
                number: renewal.order, outcome: .failed), at: now)
    }

    mutating func expireRenewals(at now: Instant) {
        for renewal in renewals where renewal.underway == nil && renewal.next <= now {
            guard let place = renewals.firstIndex(where: { $0.order == renewal.order }) else {
                continue
            }
            let actions = resolved.devices[Int(renewal.device.index)].driver.actions
            if guards.forbids(
                renewal.action, actions[renewal.action], renewal.arguments, of: renewal.device)
            {
                renewals.remove(at: place)
                continue
            }
            lastAction += 1
            renewals[place].underway = (lastAction, now)
            let order = ActionOrder(
                number: lastAction, action: renewal.action, arguments: renewal.arguments)
            guard perform(order, by: renewal.device, at: now) != nil,
                let still = renewals.firstIndex(where: { $0.order == renewal.order })
            else { continue }
            renewals[still].underway = nil
            retry(still, at: now)
        }
        setRenewalDeadline()
    }

    private mutating func setRenewalDeadline() {
        let next = renewals.filter { $0.underway == nil }.map(\.next).min()
        deadlines.set(renewalOwner, to: next)
    }
}
