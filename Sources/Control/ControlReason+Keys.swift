// Why a word about a key, or a request to two masters, was refused, in words.

import StationCore

extension ControlReason {
    /// Of a word about a key.
    static func ofKey(_ word: Word, _ detail: String) -> (chinese: String, english: String) {
        switch word {
        case .noSuchKey:
            (
                "没有钥匙 \(detail)：请在名册里查它的编号",
                "there is no key \(detail): roster show --keys has their ids"
            )
        case .notMarked:
            (
                "本站没有对钥匙 \(detail) 挂失或停用：名册里的，要改名册",
                "the station says nothing of key \(detail): what a roster says is changed there"
            )
        case .tooManyMarks:
            (
                "本站最多挂失或停用 \(detail) 把：请中枢改名册，或先解除不用的",
                "a station says it of \(detail) keys at most: have the roster say it, or lift some"
            )
        case .pendingApproval:
            ("另一件事正在等两位站长：等它结束", "something else waits for two masters: wait until that is over")
        case .enrolling:
            ("正在登记一张卡：等它结束，或 enroll --cancel", "a card is being enrolled: wait, or enroll --cancel")
        default: (word.rawValue, word.rawValue)
        }
    }
}
