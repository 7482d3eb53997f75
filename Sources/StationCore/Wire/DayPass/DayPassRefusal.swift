// Why a code is no day pass that holds here and now.

/// Each has its name, and its sentence for the person who holds the code.
public enum DayPassRefusal: Error, Equatable, Sendable {
    /// Some other code: it does not begin with `DP` and a digit.
    case notAPass
    /// A pass of a version that this station does not know.
    case version(found: Int)
    case tooLong(limit: Int)
    /// A character that no pass has, at a place that counts from 1.
    case character(at: Int)
    /// Its end is missing.
    case cutShort
    /// It says something that no pass says: no quota, a time that runs backwards.
    case content
    /// Signed by a key that this station does not trust.
    case unknownIssuer
    /// Not signed by the key that it names: forged, or changed.
    case signature
    /// Good elsewhere.
    case elsewhere(DayPass.Scope)
    case early(from: WallTime)
    case late(to: WallTime)

    public var name: String {
        switch self {
        case .notAPass: "notAPass"
        case .version: "version"
        case .tooLong: "tooLong"
        case .character: "character"
        case .cutShort: "cutShort"
        case .content: "content"
        case .unknownIssuer: "unknownIssuer"
        case .signature: "signature"
        case .elsewhere: "elsewhere"
        case .early: "early"
        case .late: "late"
        }
    }

    /// One sentence: what is wrong and what to do.
    public func text(_ language: Wording.Language) -> String {
        language == .chinese ? chinese : english
    }

    private var chinese: String {
        switch self {
        case .notAPass: "这不是日票码，请出示日票上的二维码"
        case .version(let found): "日票是第\(found)版，本站还不认识，请联系站长更新"
        case .tooLong(let limit): "太长，日票码最多\(limit)个字符"
        case .character(let place): "第\(place)个字符不对，请重新扫码"
        case .cutShort: "日票码没有扫全，请重新扫码"
        case .content: "日票码内容不对，请换一张日票"
        case .unknownIssuer: "日票不是本站认可的单位发的，请联系站长"
        case .signature: "日票签名不对，请换一张日票"
        case .elsewhere(.station(let id)): "这张日票只在\(id)站有效"
        case .elsewhere(.district(let id)): "这张日票只在\(id)片区有效"
        case .early: "日票还没到生效时间，请到时再来"
        case .late: "日票已过期，请换一张新的"
        }
    }

    private var english: String {
        switch self {
        case .notAPass: "no day pass: show the QR code of the pass"
        case .version(let found): "a pass of version \(found), unknown here: update the station"
        case .tooLong(let limit): "too long: a pass has at most \(limit) characters"
        case .character(let place): "character \(place) does not belong there: scan again"
        case .cutShort: "the end of the pass is missing: scan again"
        case .content: "the pass says what no pass says: take another one"
        case .unknownIssuer: "issued by nobody whom this station trusts: ask the station master"
        case .signature: "the signature is wrong: take another pass"
        case .elsewhere(.station(let id)): "this pass is good at station \(id) only"
        case .elsewhere(.district(let id)): "this pass is good in district \(id) only"
        case .early: "not valid yet: come back when it is"
        case .late: "no longer valid: take a new one"
        }
    }
}
