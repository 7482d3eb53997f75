// What a board's device is told: step by step, and a guard's word before all others.

public import EventLoop

extension BoardDriver {
    public mutating func perform(
        _ order: ActionOrder, by member: DeviceID, at now: Instant,
        into outputs: inout DriverOutputs
    ) -> ActionRefusal? {
        let admission = orders.admit(
            order, to: settings.box, readings, isAttached: isAttached, isFirst: makesSafe)
        switch admission {
        case .failure(let refusal): return refusal
        case .success(let run):
            // Whoever closes a valve does not wait until it would have closed by itself.
            if order.isUrgent || makesSafe(run) { cut(for: run, at: now, into: &outputs) }
            orders.join(run)
            settle(at: now, into: &outputs)
            return nil
        }
    }

    /// Whether all that it sets are safe values, at once.
    private func makesSafe(_ run: BusActionRun) -> Bool {
        var isAny = false
        for step in run.allSteps {
            guard case .set(let terminal, let isActive) = step, outputs.indices.contains(terminal),
                outputs[terminal]?.safe ?? false == isActive
            else { return false }
            isAny = true
        }
        return isAny
    }

    /// Ends what people ordered: what it has done so far nobody knows. A pulse that is under way
    /// ends as it would have; a guard's order goes on.
    private mutating func cut(
        for urgent: BusActionRun, at now: Instant, into outputs: inout DriverOutputs
    ) {
        for run in orders.cut() {
            report(run, run.hasBegun ? .unknown : .failed, into: &outputs)
            guard run.hasBegun else { continue }
            for case .set(let terminal, let isActive) in run.allSteps
            where self.outputs.indices.contains(terminal)
                && self.outputs[terminal]?.safe == isActive
                && self.outputs[terminal]?.isActive != isActive && !urgent.sets(terminal)
            {
                set(terminal, isActive, at: now, into: &outputs)
            }
        }
    }

    /// Half of what a driver may answer one input with: each order that ends is one more.
    private static let setsPerInput = DriverOutputs.capacity / 2

    /// One order after the other.
    mutating func serveOrders(at now: Instant, into outputs: inout DriverOutputs) {
        nextOrder = nil
        var steps = 0
        var sets = 0
        while !orders.isEmpty {
            // A defect in a profile's steps must not hold the loop.
            steps += 1
            guard steps <= BusActionRun.Limit.steps * BusActionRun.Limit.orders else { return }
            switch orders[0].wish(readings, at: now) {
            case .set(let terminal, let isActive):
                let isWired =
                    self.outputs.indices.contains(terminal)
                    && self.outputs[terminal] != nil
                // One input is answered by so much at most; the rest follows at once.
                guard sets < Self.setsPerInput else {
                    nextOrder = now
                    return
                }
                sets += 1
                orders[0].acted(at: now)
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

extension BusActionRun {
    /// Whether one of its steps sets that output.
    fileprivate func sets(_ output: Int) -> Bool {
        allSteps.contains { step in
            if case .set(output, _) = step { true } else { false }
        }
    }
}
