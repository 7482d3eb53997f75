// What a board's device is told: step by step, and a guard's word before all others.

public import EventLoop

extension BoardDriver {
    public mutating func perform(
        _ order: ActionOrder, by member: DeviceID, at now: Instant,
        into outputs: inout DriverOutputs
    ) -> ActionRefusal? {
        guard settings.actions.indices.contains(order.action) else { return .noAction }
        let action = settings.actions[order.action]
        guard action.accepts(order.arguments),
            let run = BusActionRun(order, in: settings.box)
        else { return .arguments }
        guard isAttached else { return .offline }
        guard orders.count < BusActionRun.Limit.orders else { return .busy }
        if let needs = action.needs {
            let circumstances = BusCircumstances(readings: readings, arguments: order.arguments)
            guard circumstances.verdict(on: needs) == true else { return .notNow }
        }
        // Whoever closes a valve does not wait until it would have closed by itself.
        if order.isUrgent || makesSafe(action) { cut(at: now, into: &outputs) }
        orders.append(run)
        settle(at: now, into: &outputs)
        return nil
    }

    /// Whether all that it sets are safe values, at once.
    private func makesSafe(_ action: ActionSettings) -> Bool {
        var isAny = false
        for step in action.steps {
            guard case .set(let terminal, let isActive) = step, outputs.indices.contains(terminal),
                outputs[terminal]?.safe ?? false == isActive
            else { return false }
            isAny = true
        }
        return isAny
    }

    /// Ends what is under way: what it has done so far nobody knows.
    private mutating func cut(at now: Instant, into outputs: inout DriverOutputs) {
        for run in orders { report(run, run.hasBegun ? .unknown : .failed, into: &outputs) }
        orders = []
    }

    /// One order after the other.
    mutating func serveOrders(at now: Instant, into outputs: inout DriverOutputs) {
        nextOrder = nil
        var steps = 0
        while !orders.isEmpty {
            // A defect in a profile's steps must not hold the loop.
            steps += 1
            guard steps <= BusActionRun.Limit.steps * BusActionRun.Limit.orders else { return }
            switch orders[0].wish(readings, at: now) {
            case .set(let terminal, let isActive):
                let isWired =
                    self.outputs.indices.contains(terminal)
                    && self.outputs[terminal] != nil
                if isWired { set(terminal, isActive, at: now, into: &outputs) }
                orders[0].wasSet(isWired)
            // What lines say is known already.
            case .read: orders[0].looked(at: now)
            case .wait(let time):
                nextOrder = time
                return
            case .tell: orders[0].wasSet(false)
            case .done(let outcome): report(orders.removeFirst(), outcome, into: &outputs)
            }
        }
    }
}
