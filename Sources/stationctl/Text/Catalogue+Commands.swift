// What a hub's commands are about and how they ended, in words.

import Control
import StationCore

extension Catalogue {
    func subject(_ name: String) -> String {
        switch CommandSubject.allCases.first(where: { $0.name == name }) {
        case .door: say("门", "door")
        case .box: say("柜格", "box")
        case .part: say("服务的一处", "part of a service")
        case .service: say("服务", "service")
        case .hours: say("开放时间", "opening hours")
        case .guard: say("保护", "guard")
        case .reader: say("读卡器", "reader")
        case .notice: say("通知", "notice")
        case nil: name
        }
    }

    func commandOutcome(_ name: String) -> String {
        CommandRecord(id: "", subject: "", expires: 0, time: "", outcome: name).text(language)
    }

    /// A notice and its end.
    func line(_ notice: NoticeRecord) -> String {
        say(
            "通知：\(notice.text.zh)（到 \(Self.short(notice.time))）",
            "notice: \(notice.text.en) (until \(Self.short(notice.time)))")
    }

    /// Of a command that was brought, or looked for.
    func commandText(_ error: ControlError) -> String {
        switch error {
        case .noticeRefused(let reason):
            say("通知没有改：\(text(reason))", "the notice stays as it was: \(text(reason))")
        case .commandRefused(let reason):
            say("指令没有执行：\(text(reason))", "the command was not taken up: \(text(reason))")
        case .noSuchCommand(let id):
            say(
                "没有执行过指令 \(id)，或已太久",
                "command \(id) was never taken up, or too long ago")
        default: error.name
        }
    }
}
