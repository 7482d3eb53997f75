// Why a hub's command was refused, or did not come to its end, in words.

import StationCore

extension ControlReason {
    /// Of a hub's command.
    static func ofCommand(
        _ word: Word, _ detail: String
    ) -> (chinese: String, english: String) {
        switch word {
        case .notACommand: ("不是签名指令", "not a signed command")
        case .noCommandIssuer:
            (
                "本站不接受远程指令：签发者的公钥要放进 command.issuer",
                "this station takes no commands: put the issuer's public key into command.issuer"
            )
        case .commandIssuerLines:
            (
                "command.issuer 应为两行，首行 stationd-command-issuer 1",
                "command.issuer: expected two lines, the first `stationd-command-issuer 1`"
            )
        case .unknownCommand: ("没有这个指令：\(detail)", "there is no command `\(detail)`")
        case .badField:
            (
                "指令的第 \(detail) 项不对，或本站没有",
                "field \(detail) of the command is wrong, or names nothing here"
            )
        case .expired: ("已过期", "its time is over")
        case .notYet: ("签发时间在未来：请核对中枢的时钟", "issued in the future: check the hub's clock")
        case .validTooLong: ("有效期超过一天", "good for longer than a day")
        case .otherBoot:
            ("它是给另一次启动的，或在这次启动里已过期", "for another boot, or too late in this one")
        case .sameID: ("这个编号已用于另一条指令", "another command has this id")
        case .forgotten:
            (
                "本站不记得此前做过什么，而它是此前签发的：请重新签发",
                "the station lost what it did before, and this is from then: issue it anew"
            )
        case .tooManyCommands: ("进行中的指令太多", "too many commands are under way")
        case .interrupted:
            (
                "驿站中途停过：可能已执行，不会再执行；请查看现场",
                "the station stopped meanwhile: it may have acted, and never will again; look"
            )
        case .noticeText:
            (
                "应为一行文字，至多 \(detail) 字节，没有控制字符",
                "expected one line of text, at most \(detail) bytes, without control characters"
            )
        case .noNotice: ("现在没有通知", "no notice stands")
        case .notHere: ("本站没有了", "the station has no such thing any more")
        default: (word.rawValue, word.rawValue)
        }
    }
}
