// Why a signed roster was refused, in words.

import StationCore

extension ControlReason {
    /// Of a signed roster.
    static func ofBundle(
        _ word: Word, _ detail: String
    ) -> (chinese: String, english: String) {
        switch word {
        case .notABundle: ("不是签名名册", "not a signed roster")
        case .noIssuer:
            (
                "本站还没有签发者的公钥：放进 roster.issuer",
                "this station trusts no issuer yet: put the public key into roster.issuer"
            )
        case .issuerLines:
            (
                "roster.issuer 应为两行，首行 stationd-roster-issuer 1",
                "roster.issuer: expected two lines, the first `stationd-roster-issuer 1`"
            )
        case .signature:
            ("签名不对：文件被改过，或不是这个签发者的", "not signed by the issuer, or changed since")
        case .otherStation: ("它是给驿站 \(detail) 的", "it is for station \(detail)")
        case .unknownEpoch:
            (
                "它用密钥 \(detail)，本站没有：先安装密钥",
                "it was made with key \(detail), which is not here: install that first"
            )
        case .otherKey:
            (
                "它用的密钥也叫 \(detail)，却不是本站的：请核对密钥",
                "it was made with another key of the name \(detail): compare the keys"
            )
        case .rollback:
            (
                "它不比用过的新（版本：\(detail)）",
                "it is not newer than what was in force (versions: \(detail))"
            )
        case .otherBase:
            (
                "它改的不是现行名册（版本：\(detail)）：请发完整名册",
                "it does not change the roster in force (versions: \(detail)): send a whole one"
            )
        case .line: ("第 \(detail) 行看不懂", "line \(detail) cannot be read")
        case .collision:
            (
                "同一张卡在不同持有人的钥匙上：\(detail)",
                "one card on keys of different holders: \(detail)"
            )
        case .noKeys:
            ("没有任何钥匙，会把所有人关在外面", "no key would be left: this would lock everybody out")
        case .tooMany: ("超过上限 \(detail)", "more than the limit of \(detail)")
        default: (word.rawValue, word.rawValue)
        }
    }
}
