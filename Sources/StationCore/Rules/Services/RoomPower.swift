// A room's power: when it is closed and nobody is there, everything goes off that may.

public import EventLoop

/// Outlets and lamps of a room, off while it is closed and empty. What has to go on (a fridge, the
/// doors, what keeps pipes from freezing) is simply not listed.
public struct RoomPower: ServiceMachine {
    public enum Limit {
        /// Nobody is there for so long: whoever sits still is seen within it.
        public static let leaving = Interval.seconds(600)
    }

    private struct Outlet {
        var order = StandingOrder(trustsWord: true)
        var isFaulty = false
    }

    private let leaving: Interval
    private let hasSensor: Bool
    private var outlets: [Outlet]
    private var isServing = false
    private var isOccupied: Bool?
    private var emptySince: Instant?
    private var hasBegun = false
    /// What outlets are told; `nil`: nothing yet.
    public private(set) var isOn: Bool?
    public private(set) var nextDeadline: Instant?

    public init(_ settings: MachineSettings) {
        leaving = settings.interval(.leaving) ?? Limit.leaving
        hasSensor = settings.shared.contains { $0.sense == .occupied }
        outlets = settings.parts.map { _ in Outlet() }
    }

    public mutating func take(_ input: ServiceInput, at now: Instant) -> [ServiceOutput] {
        var outputs: [ServiceOutput] = []
        switch input {
        case .began:
            hasBegun = true
            // Nobody knows since when: whoever is packing has their time.
            if !isServing, isOccupied != true { emptySince = emptySince ?? now }
        case .open(let isOpen):
            if isServing, !isOpen { emptySince = isOccupied == true ? nil : now }
            isServing = isOpen
        case .sensed(_, .occupied, let sight): see(sight.isTrue, at: now)
        case .orderEnded(let unit, let role, _, let outcome):
            if role == wish { outlets[unit].order.ended(outcome, at: now) }
        case .orderRefused(let unit, let role, _, let isBusy):
            if role == wish { outlets[unit].order.refused(isBusy: isBusy, at: now) }
        case .present(let unit, true): outlets[unit].order.returned(at: now)
        case .deadline: break
        case .asked, .endAsked, .sensed, .guarded, .present, .word, .today: return []
        }
        if hasBegun { judge(at: now, &outputs) }
        return outputs
    }

    private mutating func see(_ isOccupied: Bool?, at now: Instant) {
        if isOccupied == false, self.isOccupied != false { emptySince = now }
        self.isOccupied = isOccupied
    }

    private var wish: OrderRole { isOn == false ? .off : .on }

    /// Whether nobody is there, as far as anybody can tell: without a sensor the hours alone say.
    private func isLeft(at now: Instant) -> Bool {
        if hasSensor, isOccupied != false { return false }
        return emptySince.map { $0 + leaving <= now } ?? true
    }

    private mutating func judge(at now: Instant, _ outputs: inout [ServiceOutput]) {
        let wanted = isServing || !isLeft(at: now)
        if wanted != isOn {
            isOn = wanted
            for unit in outlets.indices { outlets[unit].order.want(at: now) }
        }
        var next: Instant?
        // As long as nobody knows whether somebody is there, nothing is due.
        if !isServing, isOn == true, let emptySince, !hasSensor || isOccupied == false {
            next = emptySince + leaving
        }
        for unit in outlets.indices {
            if outlets[unit].order.isDue(at: now) {
                outputs.append(.perform(unit: unit, wish, order: 0))
            }
            let isLate = outlets[unit].order.isLate(at: now)
            if isLate != outlets[unit].isFaulty, isLate || outlets[unit].order.isDone {
                outlets[unit].isFaulty = isLate
                outputs.append(
                    isLate
                        ? .raised(unit: unit, .notSwitched) : .cleared(unit: unit, .notSwitched))
            }
            next = Instant.earlier(next, outlets[unit].order.nextDeadline(after: now))
        }
        nextDeadline = next
    }

    public func condition(of unit: Int) -> ServiceCondition {
        if !hasBegun { return .outOfOrder(.starting) }
        if outlets[unit].isFaulty { return .degraded(.deviceFailed) }
        return hasSensor && isOccupied == nil ? .degraded(.meterMissing) : .working
    }

    public func owner(of unit: Int) -> UseOwner? { nil }
    public func kept(at now: Instant) -> [KeptPart] { [] }
}
