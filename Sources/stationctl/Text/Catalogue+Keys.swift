// Keys, their cards, and what waits for two masters, in words.

import Control
import StationCore

extension Catalogue {
    /// - Precondition: `error` is about a key, its cards, or masters.
    func keys(_ error: ControlError) -> String {
        switch error {
        case .enrolmentRefused(let reason):
            say("不能登记：\(text(reason))", "no enrolment: \(text(reason))")
        case .keyRefused(let reason): text(reason)
        case .noCards(let key):
            say("钥匙 \(key) 没有现场登记的卡", "no card was enrolled for key \(key)")
        case .twoMasters(let operation, let reader):
            say(
                "\(self.operation(operation))：一分钟内请两位站长到 \(reader) 刷卡，随后执行；"
                    + "进展见 stationctl watch",
                "\(self.operation(operation)): two masters tap at \(reader) within a minute, then "
                    + "it is carried out; stationctl watch shows how far they are")
        case .approvalRefused(let reason):
            say("不能请站长同意：", "no master is asked: ") + text(reason)
        case .noSuchRights(let rights, let sets):
            say("没有权限模板 \(rights)；驿站文件里有：", "no template of rights \(rights); there are: ")
                + sets.joined(separator: say("、", ", "))
        default: error.name
        }
    }

    /// What two masters are asked for, and how far they are.
    func operation(_ name: String) -> String {
        MasterOperation.allCases.first { $0.name == name }?.text(language) ?? name
    }
    func approval(_ name: String) -> String {
        ApprovalStep.allCases.first { $0.name == name }?.text(language) ?? name
    }
    /// What the station says of a key.
    func told(_ name: String) -> String {
        KeyWord.allCases.first { $0.name == name }?.text(language) ?? name
    }
}
