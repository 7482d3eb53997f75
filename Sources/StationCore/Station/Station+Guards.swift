// Guards: values reach them in the tick in which they come, and what they want done overtakes all.

public import EventLoop

/// One guard as it is now.
public struct GuardState: Sendable, Equatable {
    public var device: DeviceID
    /// Its place in the device's guards.
    public var rule: Int
    /// Since when it stands; `nil`: it does not.
    public var since: Instant?
    /// Whether it has anything done; else it only tells.
    public var acts: Bool
    /// Whether what it had done is confirmed.
    public var isSecured: Bool
    /// It was told, and nothing shows whether that was obeyed.
    public var isUnseen: Bool
    /// Whether the outer actuator had to act.
    public var isEscalated: Bool
}

extension Station {
    // MARK: What guards see

    /// A point was read.
    mutating func watch(_ reading: PointReading, _ device: Int, _ point: Int, at now: Instant) {
        for watcher in guards.watchers(of: device, point) {
            feed(.read(operand: watcher.operand, reading), to: watcher.rule, at: now)
        }
    }

    /// The station has its outputs: values that never come are missing from here on.
    mutating func watchGuards(at now: Instant) {
        for rule in guards.rules.indices { feed(.began, to: rule, at: now) }
    }

    /// A device is there again: what a guard wants of it is told at once.
    mutating func returned(_ device: Int, at now: Instant) {
        guard !guards.isEmpty else { return }
        for order in guards.forDevice[device] where guards.rules[order.rule].stands {
            feed(.returned(order: order.order), to: order.rule, at: now)
        }
    }

    /// A member of a bus answers, or does not any more: what it says by itself comes or is missing.
    mutating func present(_ device: Int, _ isPresent: Bool, at now: Instant) {
        if !machines.isEmpty { serveMachines(device, isThere: isPresent, at: now) }
        guard !guards.isEmpty else { return }
        for listener in guards.listeners[device] {
            feed(.present(operand: listener.operand, isPresent), to: listener.rule, at: now)
        }
    }

    mutating func expireGuards(at now: Instant) {
        for rule in guards.rules.indices {
            guard let due = guards.rules[rule].nextDeadline, due <= now else { continue }
            feed(Guard.Input.deadline, to: rule, at: now)
        }
        deadlines.set(guardOwner, to: guards.nextDeadline)
    }

    // MARK: What guards want

    private mutating func feed(_ input: Guard.Input, to rule: Int, at now: Instant) {
        let before = guards.rules[rule].nextDeadline
        let outputs = guards.rules[rule].handle(input, at: now)
        if let due = guards.rules[rule].nextDeadline, due != before {
            deadlines.bringForward(guardOwner, to: due)
        }
        guard !outputs.isEmpty else { return }
        let name = guards.names[rule]
        let device = Int(name.device.index)
        for output in outputs {
            switch output {
            case .perform(let order):
                if guards.toPerform.isEmpty { enqueueFirst(.guardOrders) }
                guards.toPerform.append(guards.order(order, of: rule))
            case .told(let step, let count): tell(step, of: rule, count: count, at: now)
            case .raised: raise(.notSecured, of: device, at: now)
            case .cleared:
                let others = guards.ofDevice[device].contains {
                    $0 != rule && guards.rules[$0].isUnsecured
                }
                if !others { clear(.notSecured, of: device, at: now) }
            }
        }
    }

    private mutating func tell(
        _ step: GuardStep, of rule: Int, count: Int = 1, by authority: Authority? = nil,
        person: CrewMember? = nil, at now: Instant
    ) {
        let name = guards.names[rule]
        let device = Int(name.device.index)
        // A person's word was written down before what follows from it.
        if step != .reset, step != .resetBlind {
            write(
                .guarded(
                    device: name.device, rule: name.place, step: step, by: authority,
                    count: UInt16(clamping: count)),
                key: person?.id ?? .empty, holder: person?.name ?? .empty, at: now)
        }
        if step.stands == false { guards.over(rule) }
        if step.stands != nil, !machines.isEmpty { guardMoved(rule, at: now) }
        switch step.stands {
        case true?: raise(.guardStands, of: device, at: now)
        case false?:
            let others = guards.ofDevice[device].contains { guards.rules[$0].stands }
            if !others { clear(.guardStands, of: device, at: now) }
        case nil: break
        }
    }

    /// Carries out what guards want, in this tick.
    @inline(never)
    mutating func performGuardOrders(at now: Instant) {
        let orders = guards.toPerform
        guards.toPerform.removeAll(keepingCapacity: true)
        for order in orders {
            // It may have been over before its turn came.
            guard guards.isCurrent(order) else { continue }
            let target = guards.targets[order.rule][order.order]
            lastAction += 1
            let number = lastAction
            guards.underway[number] = order
            let refusal = perform(
                ActionOrder(
                    number: number, action: target.action, arguments: target.arguments,
                    isUrgent: true), by: target.device, at: now)
            guard let refusal else { continue }
            guards.underway[number] = nil
            feed(
                .refused(order: order.order, isBusy: refusal == .busy), to: order.rule, at: now)
        }
    }

    /// Whether the order that ended was a guard's.
    mutating func guardOrderEnded(_ report: ActionReport, at now: Instant) -> Bool {
        guard let order = guards.underway.removeValue(forKey: report.number) else { return false }
        if guards.isCurrent(order) {
            feed(.ended(order: order.order, report.outcome), to: order.rule, at: now)
        }
        return true
    }

    // MARK: People and restarts

    /// A guard that stood when the run before ended: it stands.
    public mutating func recalledGuard(_ place: Int, of device: DeviceID, at now: Instant) {
        guard let rule = guards.rule(place, of: device) else { return }
        feed(.recalled, to: rule, at: now)
    }

    /// The journal knows that a guard which was thought to stand was reset.
    public mutating func forgotGuard(_ place: Int, of device: DeviceID, at now: Instant) {
        guard let rule = guards.rule(place, of: device) else { return }
        feed(.forgotten, to: rule, at: now)
    }

    /// A person resets a guard. Both that and a refusal are written down.
    ///
    /// - Parameter isBlind: the person has looked, and does without values where none come; of a
    ///   crew alone, since nobody looks from afar.
    /// - Returns: why it stands; `nil`: it does not any more.
    public mutating func resetGuard(
        _ place: Int, of device: DeviceID, isBlind: Bool = false, by authority: Authority,
        person: CrewMember? = nil, at now: Instant
    ) -> GuardRefusal? {
        guard let rule = guards.rule(place, of: device) else { return .noGuard }
        let isBlind = isBlind && authority == .crew && guards.rules[rule].isBlind(at: now)
        let refusal =
            isBlind
            ? guards.rules[rule].blindRefusal(at: now) : guards.rules[rule].refusal(at: now)
        if let refusal {
            if refusal != .notTripped {
                tell(.notReset, of: rule, by: authority, person: person, at: now)
            }
            return refusal
        }
        let name = guards.names[rule]
        // The entry that names who did it stands before what follows from it.
        write(
            .guarded(
                device: name.device, rule: name.place, step: isBlind ? .resetBlind : .reset,
                by: authority),
            key: person?.id ?? .empty, holder: person?.name ?? .empty, at: now)
        feed(isBlind ? .resetBlind : .reset, to: rule, at: now)
        // Whoever resets one after the other has as long for all of them.
        for other in guards.ofDevice[Int(device.index)] where other != rule {
            feed(.neighbourReset, to: other, at: now)
        }
        return nil
    }

    /// Guards as they are, in the order of devices and of their rules.
    public var guardStates: [GuardState] {
        guards.rules.indices.map { rule in
            GuardState(
                device: guards.names[rule].device, rule: Int(guards.names[rule].place),
                since: guards.rules[rule].since, acts: guards.rules[rule].acts,
                isSecured: guards.rules[rule].isSecured && guards.rules[rule].isSeen,
                isUnseen: guards.rules[rule].isSecured && !guards.rules[rule].isSeen,
                isEscalated: guards.rules[rule].isEscalated)
        }
    }

    /// Guards that have to outlive this run: device, and place in its guards.
    public var latchedGuards: [(device: DeviceID, rule: Int)] {
        guards.rules.indices.filter { guards.rules[$0].isLatched }
            .map { (guards.names[$0].device, Int(guards.names[$0].place)) }
    }
}
