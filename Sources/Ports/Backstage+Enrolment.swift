// Enrolments between the control socket, the core and the clerk.

import Control
public import EventLoop
public import StationCore

extension Backstage {
    /// Has the clerk keep an enrolled card; the answer comes as a post.
    public func enrol(_ task: EnrolmentTask, into station: inout Station, at now: Instant) {
        guard !desk.clerk.take(.enrol(task)) else { return }
        station.enrolled(nil, receipt: task.receipt, at: now)
    }

    func answer(of end: EnrolmentCancellation) -> CoreAnswer {
        switch end {
        case .done: .done
        case .nonePending: .refused(.enrolmentRefused(ControlReason(.nonePending)))
        case .tooLate: .refused(.enrolmentRefused(ControlReason(.beingKept)))
        }
    }

    func answer(
        of refusal: EnrolmentRefusal?, _ order: EnrolmentOrder, _ station: ResolvedStation
    ) -> CoreAnswer {
        let reason: ControlReason
        switch refusal {
        case nil: return .done
        case .noKey: return .refused(.noKey)
        case .noReader: reason = ControlReason(.noReader)
        case .offline: reason = ControlReason(.readerOffline)
        case .pending(let other):
            reason = ControlReason(.pending, station.devices[Int(other.index)].name)
        case .noRoster: reason = ControlReason(.noRoster)
        case .unknownKey: reason = ControlReason(.unknownKey, "\(order.key)")
        case .knownKey: reason = ControlReason(.knownKey, "\(order.key)")
        }
        return .refused(.enrolmentRefused(reason))
    }
}
