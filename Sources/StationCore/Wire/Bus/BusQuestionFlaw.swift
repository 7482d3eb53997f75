// Why a question cannot be put into bytes: said before anything is sent.

/// What is wrong with a question to a box, or with an action's arguments.
public enum BusQuestionFlaw: Error, Equatable, Sendable {
    /// The box's language has no such question.
    case language
    /// No box of that language has this address.
    case address(Int)
    /// More than one exchange carries, or nothing at all.
    case count(Int, most: Int)
    /// The language has no frame of that name that we could send.
    case frame(String)
    /// A field or an argument that is needed and was not given.
    case missing(String)
    /// A number that does not fit its place.
    case value(String, DecimalNumber)

    /// One sentence: what is wrong.
    public func text(_ language: Wording.Language) -> String {
        language == .chinese ? chinese : english
    }

    private var chinese: String {
        switch self {
        case .language: "这种设备的协议没有这样的请求"
        case .address(let address): "地址\(address)不在这种协议的范围内"
        case .count(let count, let most): "一次请求\(count)个，应为1到\(most)个"
        case .frame(let name): "没有名为\(name)的请求帧"
        case .missing(let name): "缺少参数\(name)"
        case .value(let name, let value): "\(name)不能是\(value)"
        }
    }

    private var english: String {
        switch self {
        case .language: "this device's protocol has no such request"
        case .address(let address): "no device of this protocol has the address \(address)"
        case .count(let count, let most): "\(count) in one request; expected 1 to \(most)"
        case .frame(let name): "there is no request frame \(name)"
        case .missing(let name): "the argument \(name) is missing"
        case .value(let name, let value): "\(name) cannot be \(value)"
        }
    }
}
