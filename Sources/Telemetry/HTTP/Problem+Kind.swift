// Every kind of refusal there is, with its status and its name in both languages.

import Control
import HTTPTypes

extension Problem {
    /// Names never change; kinds are only added. The raw value ends the problem's `type`.
    enum Kind: String, CaseIterable, Sendable {
        // The request.
        case unreadable = "unreadable-request"
        case headersTooLong = "headers-too-long"
        case bodyNotTaken = "body-not-taken"
        case bodyTooLong = "body-too-long"
        case wrongHost = "wrong-host"
        case tokenNeeded = "token-needed"
        case scopeNeeded = "scope-needed"
        case tooFast = "too-many-requests"
        case noSuchPath = "no-such-path"
        case methodNotAllowed = "method-not-allowed"
        case notAcceptable = "not-acceptable"
        case badParameter = "bad-parameter"
        case noSuchDevice = "no-such-device"
        case noSuchCommand = "no-such-command"
        case commandRefused = "command-refused"
        // The cursor.
        case cursorGone = "cursor-of-another-store"
        case cursorAhead = "cursor-ahead"
        // A roster.
        case rosterUnreadable = "roster-unreadable"
        case rosterUnsigned = "roster-not-signed"
        case rosterRollback = "roster-rollback"
        case rosterBase = "roster-of-another-base"
        case rosterScope = "roster-of-another-station"
        case rosterEpoch = "roster-of-another-key"
        case rosterContent = "roster-not-possible"
        case rosterIssuer = "roster-issuer-missing"
        case uploadUnderWay = "upload-under-way"
        case noRoom = "no-room"
        // The gateway.
        case tooManyWaits = "too-many-waits"
        case tooLong = "answer-too-long"
        // The station.
        case stationAway = "station-away"
        case stationNotReady = "station-not-ready"
        case stationBusy = "station-busy"
        case stationSilent = "station-silent"
        case stationRefuses = "station-refuses"
        case stationForeign = "station-not-understood"
        case journalAway = "journal-away"

        var status: HTTPResponse.Status {
            switch self {
            case .unreadable, .badParameter, .rosterUnreadable: .badRequest
            case .scopeNeeded, .rosterUnsigned: .forbidden
            case .headersTooLong: .requestHeaderFieldsTooLarge
            case .bodyNotTaken, .bodyTooLong: .contentTooLarge
            case .wrongHost: .misdirectedRequest
            case .tokenNeeded: .unauthorized
            case .tooFast: .tooManyRequests
            case .noSuchPath, .noSuchDevice, .noSuchCommand: .notFound
            case .methodNotAllowed: .methodNotAllowed
            case .notAcceptable: .notAcceptable
            case .cursorGone: .gone
            case .cursorAhead, .rosterRollback: .conflict
            case .rosterBase: .preconditionFailed
            case .rosterScope, .rosterContent, .commandRefused: .unprocessableContent
            // RFC 4918, 11.4.
            case .rosterEpoch: .init(code: 424, reasonPhrase: "Failed Dependency")
            // RFC 4918, 11.5.
            case .noRoom: .init(code: 507, reasonPhrase: "Insufficient Storage")
            case .tooLong: .internalServerError
            case .stationForeign: .badGateway
            case .stationSilent: .gatewayTimeout
            case .tooManyWaits, .stationAway, .stationNotReady, .stationBusy, .stationRefuses,
                .journalAway, .rosterIssuer, .uploadUnderWay:
                .serviceUnavailable
            }
        }

        var title: TextRecord {
            switch self {
            case .unreadable: TextRecord(zh: "请求读不懂", en: "The request cannot be read")
            case .headersTooLong: TextRecord(zh: "请求头太长", en: "The header fields are too long")
            case .bodyNotTaken: TextRecord(zh: "不接收请求正文", en: "No request body is taken")
            case .bodyTooLong: TextRecord(zh: "正文太长", en: "The body is too long")
            case .wrongHost: TextRecord(zh: "主机名不对", en: "Another host was meant")
            case .tokenNeeded: TextRecord(zh: "需要令牌", en: "A token is needed")
            case .scopeNeeded: TextRecord(zh: "令牌不管这个", en: "The token is not for this")
            case .tooFast: TextRecord(zh: "请求太频繁", en: "Too many requests")
            case .noSuchPath: TextRecord(zh: "没有这个地址", en: "There is no such path")
            case .methodNotAllowed: TextRecord(zh: "这里没有这种方法", en: "There is no such method here")
            case .notAcceptable: TextRecord(zh: "没有这种格式", en: "There is no such format")
            case .badParameter: TextRecord(zh: "参数不对", en: "A parameter is wrong")
            case .noSuchDevice: TextRecord(zh: "没有这个设备", en: "There is no such device")
            case .noSuchCommand: TextRecord(zh: "没有这条指令", en: "There is no such command")
            case .commandRefused: TextRecord(zh: "指令没有执行", en: "The command was not taken up")
            case .cursorGone:
                TextRecord(zh: "游标属于另一份日志", en: "The cursor is of another store")
            case .cursorAhead:
                TextRecord(zh: "游标超出了日志", en: "The cursor is ahead of the journal")
            case .rosterUnreadable:
                TextRecord(zh: "名册读不懂", en: "The roster cannot be read")
            case .rosterUnsigned:
                TextRecord(zh: "名册的签名不对", en: "The roster's signature is wrong")
            case .rosterRollback: TextRecord(zh: "名册不够新", en: "The roster is not newer")
            case .rosterBase:
                TextRecord(zh: "名册改的不是现行的一份", en: "The roster changes another one")
            case .rosterScope:
                TextRecord(zh: "名册是别的驿站的", en: "The roster is of another station")
            case .rosterEpoch:
                TextRecord(zh: "名册用的是别的密钥", en: "The roster was made with another key")
            case .rosterContent:
                TextRecord(zh: "名册的内容不能用", en: "The roster's content is of no use")
            case .rosterIssuer:
                TextRecord(zh: "驿站还不能收名册", en: "The station can take no roster yet")
            case .uploadUnderWay: TextRecord(zh: "正在接收另一份", en: "Another one is arriving")
            case .noRoom: TextRecord(zh: "没有空间", en: "There is no room")
            case .tooManyWaits: TextRecord(zh: "等待的请求太多", en: "Too many requests wait")
            case .tooLong: TextRecord(zh: "回答太长", en: "The answer is too long")
            case .stationAway: TextRecord(zh: "驿站程序没有应答", en: "The station is away")
            case .stationNotReady:
                TextRecord(zh: "驿站还没准备好", en: "The station is not ready")
            case .stationBusy: TextRecord(zh: "驿站正忙", en: "The station is busy")
            case .stationSilent: TextRecord(zh: "驿站答得太慢", en: "The station is too slow")
            case .stationRefuses:
                TextRecord(zh: "驿站不让网关读取", en: "The station refuses the gateway")
            case .stationForeign:
                TextRecord(zh: "驿站和网关版本不合", en: "Station and gateway do not fit")
            case .journalAway: TextRecord(zh: "日志暂时读不了", en: "The journal cannot be read")
            }
        }
    }
}
