// A crew's orders for doors on their way through the core: some are answered when they are durable.

import Control
import EventLoop
import StationCore

extension Backstage {
    /// How often a waiting order is looked after, should no answer of the journal bring it on.
    static let orderLook = Interval.milliseconds(50)

    func order(
        _ command: DoorCommand, _ door: DoorID, by person: CrewMember, _ id: RequestID,
        station: inout Station, at now: Instant
    ) {
        let answer = station.ordered(
            command, door: door, by: .crew, person: person, number: id.number, at: now)
        guard answer == .waits else { return tell(answer, id) }
        ordersWaiting += 1
        nextOrderLook = now + Self.orderLook
    }

    /// Answers what has been decided meanwhile.
    func tellOrders(_ station: inout Station, at now: Instant) {
        guard ordersWaiting > 0 else { return }
        while let (number, answer) = station.takeDoorAnswer() {
            ordersWaiting = max(0, ordersWaiting - 1)
            tell(answer, RequestID(number: number))
        }
        tellActions(&station)
        tellCommands(&station)
        nextOrderLook = ordersWaiting > 0 ? now + Self.orderLook : .distantFuture
    }

    private func tell(_ answer: DoorAnswer, _ id: RequestID) {
        switch answer {
        case .done(let mode, let isWritten):
            server?.answer(id, CoreAnswer.door(mode, isWritten: isWritten))
        case .refused(let refusal):
            server?.answer(id, CoreAnswer.refused(.doorRefused(reason(of: refusal))))
        case .waits: break
        }
    }
}
