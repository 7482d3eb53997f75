// A hub's commands on their way through the core: answered when they have ended.

import Control
import EventLoop
import StationCore

extension Backstage {
    /// One whose signature is good.
    func take(
        _ command: SignedCommand, _ id: RequestID, station: inout Station, at now: Instant
    ) {
        ordersWaiting += 1
        nextOrderLook = now + Self.orderLook
        station.take(command, asker: id.number, at: now)
        tellOrders(&station, at: now)
    }

    /// Answers what has ended, and what was not taken up.
    func tellCommands(_ station: inout Station) {
        while let (asker, answer) = station.takeCommandAnswer() {
            ordersWaiting = max(0, ordersWaiting - 1)
            switch answer {
            case .stands(let command): server?.answer(RequestID(number: asker), .command(command))
            case .refused(let refusal):
                server?.answer(
                    RequestID(number: asker),
                    CoreAnswer.refused(.commandRefused(ControlReason(of: refusal))))
            }
        }
    }

    func answer(of id: ShortText, _ station: borrowing Station) -> CoreAnswer {
        guard let command = station.command(id) else {
            return .refused(.noSuchCommand(id: "\(id)"))
        }
        return .command(command)
    }
}
