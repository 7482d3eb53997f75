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

    /// Cards and words about keys that the clerk has put on the medium.
    func takeKeys(_ post: Post, _ station: inout Station, at now: Instant) {
        switch post {
        case .enrolled(let cards, let receipt):
            station.enrolled(cards, receipt: receipt, at: now)
        case .withdrawn(let key, let cards, let person):
            station.withdrew(
                cardsOf: key, leaving: cards, user: person.user, by: .crew, at: now)
        case .toldKey(let key, let word, let tables, let user, let authority):
            let before = (station.currentRoster, station.enrolledCards)
            station.told(word, of: key, tables, user: user, by: authority, at: now)
            for case let table? in [before.0, before.1] {
                _ = desk.clerk.take(.retired(table))
            }
        case .confirmedKeys(let keys, let marks, let authority):
            station.confirmed(keys, leaving: marks, by: authority, at: now)
        case .cards(let cards, let confirmed, let refused, let authority):
            station.settled(
                cards, confirmed: confirmed, refused: refused, by: authority, at: now)
        default: break
        }
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
