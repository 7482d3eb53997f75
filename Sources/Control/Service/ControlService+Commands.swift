// Notices and a hub's commands: which call asks what.

import EventLoop
import StationCore

extension ControlService {
    /// - Precondition: the method is one of a notice's or a command's.
    mutating func askCommand(
        _ slot: Int, _ mode: CallMode, _ message: [UInt8], at now: Instant
    ) throws(ControlError) {
        switch mode.method {
        case .setNotice: try ask(slot, mode, noticeQuery(message, by: person(slot)), at: now)
        case .clearNotice:
            _ = try ControlCoder.parameters(NoParameters.self, of: message)
            try ask(slot, mode, .notice(nil, by: person(slot)), at: now)
        case .runCommand:
            let call = try ControlCoder.parameters(RunCommand.Parameters.self, of: message)
            // A command waits for its entry, and a door's order for another one.
            let patience = ControlLimits.answer + commandPatience + orderPatience
            try ask(slot, mode, .runCommand(call.command), for: patience, at: now)
        default:
            let call = try ControlCoder.parameters(GetCommand.Parameters.self, of: message)
            guard let id = ShortText(call.id) else { throw .noSuchCommand(id: call.id) }
            try ask(slot, mode, .command(id), at: now)
        }
    }

    /// So long a command waits for its entry at most.
    private var commandPatience: Interval {
        .milliseconds(Int64(info.station.journal.lapseMilliseconds))
    }
}
