// Operations that the station file leaves to two masters: kept until both have tapped.

import Control
import EventLoop
import StationCore

extension Backstage {
    /// How often it is asked whether they have.
    static let approvalLook = Interval.milliseconds(50)

    /// What is to be said when a query waits for two masters, or cannot; `nil`: it does not.
    func approval(
        of query: CoreQuery, _ id: RequestID, _ station: inout Station, at now: Instant
    ) -> ControlError? {
        guard let (operation, person) = query.forMasters(at: station),
            station.needsTwo(operation),
            let wanted = station.resolved.twoMasters
        else { return nil }
        if let refusal = station.asked(operation, number: id.number, by: person, at: now) {
            return .approvalRefused(ControlReason(of: refusal))
        }
        awaiting = (id.number, query)
        nextApprovalLook = now + Self.approvalLook
        return .twoMasters(
            operation: operation.name, reader: station.resolved.devices[wanted.reader].name)
    }

    /// Carries out what both masters have agreed to. Nobody waits for the answer any more: what
    /// comes of it is written down.
    func carryOutApproved(_ station: inout Station, at now: Instant) {
        if let number = station.takeApproved(), let awaiting, awaiting.number == number {
            answer(awaiting.query, RequestID(number: number), station: &station, at: now)
        }
        guard station.isApprovalPending else {
            awaiting = nil
            nextApprovalLook = .distantFuture
            return
        }
        nextApprovalLook = now + Self.approvalLook
    }
}

extension CoreQuery {
    /// What two masters may have to agree to, and who wants it.
    fileprivate func forMasters(
        at station: borrowing Station
    ) -> (MasterOperation, CrewMember)? {
        switch self {
        case .tellKey(_, .lifted, let person): (.liftBlock, person)
        case .changeHours(_, .severeWeather, _): nil
        case .changeHours(_, _, let person): (.hoursToday, person)
        case .door(_, .unlock, let person): (.unlockDoor, person)
        case .tellBox(_, _, .clear, let person): (.clearBox, person)
        case .enrol(let order):
            station.makesMaster(order) ? (.enrolMaster, CrewMember(user: order.user ?? 0)) : nil
        default: nil
        }
    }
}

extension Station {
    /// Whether a card could agree to other enrolments then.
    fileprivate borrowing func makesMaster(_ order: EnrolmentOrder) -> Bool {
        let role: KeyRole =
            switch order.rights {
            case .own: .rider
            case .template(_, let rights, _, _): rights.role
            case .ofKnownKey: knownKey(order.key)?.role ?? .rider
            }
        return role == .master || role == .deputy
    }
}

extension ControlReason {
    fileprivate init(of refusal: ApprovalRefusal) {
        switch refusal {
        case .pending: self.init(.pendingApproval)
        case .enrolling: self.init(.enrolling)
        case .offline: self.init(.readerOffline)
        case .noRoster: self.init(.noRoster)
        }
    }
}
