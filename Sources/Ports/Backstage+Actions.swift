// A crew's orders for boxes, and its word about guards, on their way through the core.

import Control
import EventLoop
import StationCore

extension Backstage {
    func act(
        _ action: Int, _ arguments: [ArgumentValue], of device: DeviceID, by person: CrewMember,
        _ id: RequestID, station: inout Station, at now: Instant
    ) {
        ordersWaiting += 1
        nextOrderLook = now + Self.orderLook
        station.asked(
            action, arguments, of: device, by: .crew, person: person, number: id.number, at: now)
        tellOrders(&station, at: now)
    }

    /// Answers what devices have done, or would not do.
    func tellActions(_ station: inout Station) {
        while let (number, answer) = station.takeActionAnswer() {
            ordersWaiting = max(0, ordersWaiting - 1)
            server?.answer(RequestID(number: number), Self.reply(to: answer))
        }
    }

    private static func reply(to answer: ActionAnswer) -> CoreAnswer {
        switch answer {
        case .ended(let outcome, let order, let isWritten):
            .action(outcome, order: order, isWritten: isWritten)
        case .refused(let refusal): .refused(.actionRefused(reason(of: refusal)))
        case .notRecorded: .refused(.actionRefused(ControlReason(.notRecorded)))
        }
    }

    private static func reason(of refusal: ActionRefusal) -> ControlReason {
        switch refusal {
        case .noAction, .arguments: ControlReason(.badArgument)
        case .busy: ControlReason(.deviceBusy)
        case .offline: ControlReason(.deviceOffline)
        case .notNow: ControlReason(.notNow)
        case .guarded: ControlReason(.guardStands)
        }
    }

    func tell(
        _ order: BoxOrder, _ unit: Int, of service: ServiceID, by person: CrewMember,
        station: inout Station, at now: Instant
    ) -> CoreAnswer {
        let answer = station.told(
            order, of: unit, in: service, by: .crew, person: person, at: now)
        switch answer {
        case .done: return .done
        // Names were looked up in this station's own file.
        case .noSuchBox: return .refused(.noSuchBox(box: "\(unit)", boxes: []))
        case .notRecorded: return .refused(.boxRefused(ControlReason(.notRecorded)))
        }
    }

    func reset(
        _ rule: Int, of device: DeviceID, isBlind: Bool, by person: CrewMember,
        station: inout Station, at now: Instant
    ) -> CoreAnswer {
        let refusal = station.resetGuard(
            rule, of: device, isBlind: isBlind, by: .crew, person: person, at: now)
        guard let refusal else { return .done }
        let word: ControlReason.Word =
            switch refusal {
            case .noGuard, .notTripped: .notTripped
            case .holds: .causeHolds
            case .notKnown: .causeUnknown
            case .notSecured: .notConfirmed
            }
        return .refused(.guardRefused(ControlReason(word)))
    }
}
