// What a client is told when the station does not answer, or says no.

import Control
import StationCore

extension Problem {
    /// - Parameter cursor: the one that the client sent.
    init(_ failure: ControlFailure, cursor: EntryCursor? = nil) {
        switch failure {
        case .unreachable(_, let number):
            self.init(
                .stationAway,
                zh: "stationd 没有在运行，或网关无权连接它（\(SystemError(number).text(.chinese))）。"
                    + "门不受影响。网关会一直重试。",
                en: "stationd does not run, or the gateway may not reach it "
                    + "(\(SystemError(number).text(.english))). Doors are not affected. "
                    + "The gateway keeps trying.")
            facts.reason = "unreachable"
            retryAfter = 5
        case .closed:
            self.init(
                .stationAway,
                zh: "与 stationd 的连接断了，它可能正在重启。门不受影响。请稍后再试。",
                en: "The connection to stationd broke; it may be restarting. Doors are not "
                    + "affected. Try again shortly.")
            facts.reason = "closed"
            retryAfter = 2
        case .timedOut:
            self.init(
                .stationSilent,
                zh: "stationd 没有按时回答。请稍后再试；若一直如此，请在现场运行 stationctl status。",
                en: "stationd did not answer in time. Try again; if it stays so, run stationctl "
                    + "status on site.")
            facts.reason = "timedOut"
            retryAfter = 5
        case .notUnderstood(let reason):
            self.init(
                .stationForeign,
                zh: "网关看不懂 stationd 的回答（\(Self.echo(reason.text(.chinese)))）。请把两者升级到同一版本。",
                en: "The gateway does not understand stationd "
                    + "(\(Self.echo(reason.text(.english)))). Install the same version of both.")
            facts.reason = "notUnderstood"
        case .refused(let error):
            self.init(error, cursor: cursor)
        }
    }

    private init(_ error: ControlError, cursor: EntryCursor?) {
        switch error {
        case .badCursor(let asked, let store, let oldest, let newest):
            self.init(
                cursor ?? EntryCursor(asked), store: store, oldest: oldest, newest: newest)
        case .busy(let what):
            self.init(
                .stationBusy,
                zh: "\(Self.echo(ControlError.part(what, .chinese)))正忙。请稍后再试。",
                en: "\(Self.echo(what)) is busy. Try again shortly.")
            facts.reason = "busy"
            retryAfter = 1
        case .noAnswer(let what):
            self.init(
                .stationSilent,
                zh: "驿站的\(Self.echo(ControlError.part(what, .chinese)))没有按时回答。请稍后再试。",
                en: "The station's \(Self.echo(what)) did not answer in time. Try again shortly.")
            facts.reason = "noAnswer"
            retryAfter = 5
        case .journalUnavailable(let state):
            self.init(
                .journalAway,
                zh: (state == "opening" ? "日志正在打开。" : "日志的存储出错，现在读不了。")
                    + "条目不会跳过，请稍后从同一个游标继续。",
                en: (state == "opening"
                    ? "The journal is being opened. " : "The journal's medium fails. ")
                    + "Nothing is skipped: go on from the same cursor later.")
            facts.reason = Self.echo(state)
            retryAfter = 5
        case .commandRefused(let reason):
            let comesLater = [ControlReason.Word.starting, .tooManyCommands]
                .contains { $0.rawValue == reason.word }
            self.init(
                comesLater ? .stationBusy : .commandRefused,
                zh: "\(Self.echo(reason.text(.chinese)))。",
                en: "The command: \(Self.echo(reason.text(.english))).")
            facts.reason = Self.echo(reason.word)
            if comesLater { retryAfter = 2 }
        case .noSuchCommand(let id):
            self.init(
                .noSuchCommand,
                zh: "没有执行过指令“\(Self.echo(id))”，或已太久。",
                en: "Command \"\(Self.echo(id))\" was never taken up, or too long ago.")
        case .notAllowed(_, let needs):
            self.init(
                .stationRefuses,
                zh: "网关的用户不在驿站的 \(Self.echo(needs)) 组里。请检查安装。",
                en: "The gateway's user is not in the station's group for \(Self.echo(needs)). "
                    + "Check the installation.")
            facts.reason = "notAllowed"
        default:
            self.init(
                .stationForeign,
                zh: "驿站回答了 \(error.name)，网关没有料到。请把两者升级到同一版本。",
                en: "The station answered \(error.name), which the gateway does not expect. "
                    + "Install the same version of both.")
            facts.reason = error.name
        }
    }

    /// A cursor that this journal cannot go on from.
    private init(_ cursor: EntryCursor?, store: String, oldest: Int64, newest: Int64) {
        let isOfThisStore = cursor?.store == store
        let next = isOfThisStore ? "\(store):\(newest)" : "\(store):0"
        if isOfThisStore {
            self.init(
                .cursorAhead,
                zh: "日志 \(store) 只到 \(newest)，游标却更远：存储卡可能被换成了旧的副本。"
                    + "请人查明后，从 after=\(next) 继续。",
                en: "Store \(store) ends at \(newest) and the cursor is beyond: the card may have "
                    + "been replaced by an older copy. Have it looked into, then go on with "
                    + "after=\(next).")
        } else {
            self.init(
                .cursorGone,
                zh: "驿站现在的日志是 \(store)。保留已收到的条目，改从 after=\(next) 继续；"
                    + "旧日志中没收到的条目已不在这里。",
                en: "The station's journal is \(store) now. Keep what you have and go on with "
                    + "after=\(next); entries of the old store that you have not read are not "
                    + "here.")
        }
        facts.parameter = "after"
        facts.store = store
        facts.oldest = oldest
        facts.newest = newest
        facts.next = next
    }

    /// The station answers, but is not ready to open doors.
    static func notReady(_ station: StationRecord) -> Problem {
        var problem = Problem(
            .stationNotReady,
            zh: "驿站的输出或名册还没有就位。若一分钟后仍如此，请在现场运行 stationctl status。",
            en: "The station's outputs or roster are not in place yet. If it stays so for a "
                + "minute, run stationctl status on site.")
        problem.facts.reason = "notReady"
        problem.retryAfter = 2
        return problem
    }
}
