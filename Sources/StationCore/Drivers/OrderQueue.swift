// The orders of one device: which may join, in which order they are carried out, what ends them.
//
//   guard's ─► guard's ─► person's ─► person's
//      ▲                     ▲ what a guard's order, or one that makes safe, would undo: cut
//      └ carried out now

import EventLoop

/// Orders that wait for one device or are being carried out, the first one now.
struct OrderQueue: Sendable {
    private var runs: [BusActionRun] = []

    var isEmpty: Bool { runs.isEmpty }

    /// Whether the first one is a guard's.
    var isUrgent: Bool { runs.first?.order.isUrgent == true }

    /// By their turn.
    subscript(turn: Int) -> BusActionRun {
        _read { yield runs[turn] }
        _modify { yield &runs[turn] }
    }

    /// Whose turn it is; `nil`: it was ended meanwhile.
    func turn(of number: UInt64) -> Int? { runs.firstIndex { $0.order.number == number } }

    /// What carries out an order, if it may join.
    ///
    /// - Parameters:
    ///   - readings: what must hold before some actions is judged by them.
    ///   - isFirst: whether it is never too much, and does not wait for what people ordered. A
    ///     guard's order always is; besides, it depends on nothing.
    func admit(
        _ order: ActionOrder, to box: BusDeviceSettings, _ readings: BusReadings,
        isAttached: Bool, isFirst: (BusActionRun) -> Bool = { _ in false }
    ) -> Result<BusActionRun, ActionRefusal> {
        guard box.actions.indices.contains(order.action) else { return .failure(.noAction) }
        let action = box.actions[order.action]
        guard action.accepts(order.arguments), let run = BusActionRun(order, in: box) else {
            return .failure(.arguments)
        }
        guard isAttached else { return .failure(.offline) }
        let limit =
            order.isUrgent || isFirst(run)
            ? BusActionRun.Limit.urgentOrders : BusActionRun.Limit.orders
        guard runs.count < limit else { return .failure(.busy) }
        if !order.isUrgent, let needs = action.needs {
            let circumstances = BusCircumstances(readings: readings, arguments: order.arguments)
            guard circumstances.verdict(on: needs) == true else { return .failure(.notNow) }
        }
        return .success(run)
    }

    /// A guard's goes before all that people ordered, behind other guards'.
    mutating func join(_ run: BusActionRun) {
        let place = run.order.isUrgent ? runs.firstIndex { !$0.order.isUrgent } : nil
        runs.insert(run, at: place ?? runs.count)
    }

    /// Takes out what people ordered and what a guard's order, or one that makes safe, ends.
    mutating func cut(where isEnded: (BusActionRun) -> Bool = { _ in true }) -> [BusActionRun] {
        func isCut(_ run: BusActionRun) -> Bool { !run.order.isUrgent && isEnded(run) }
        defer { runs.removeAll(where: isCut) }
        return runs.filter(isCut)
    }

    mutating func removeFirst() -> BusActionRun { runs.removeFirst() }

    /// The device is gone, and with it everything that waits.
    mutating func removeAll() -> [BusActionRun] {
        defer { runs = [] }
        return runs
    }
}
