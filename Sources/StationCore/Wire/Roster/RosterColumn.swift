// The columns of a roster's CSV file, and the words that may stand in them.

/// A column, found by its heading in either language.
public enum RosterColumn: String, Sendable, CaseIterable {
    case key
    case holder
    case number
    case form
    case doors
    case from
    case to
    case state
    case role
    /// Whether the holder needs more time at a door.
    case slow
    /// Which services may be begun; without it every one.
    case services
    /// The hours in which all that holds; without it any time.
    case hours
    /// How much a holder may have.
    case quota

    /// The heading that Chinese files may have instead.
    public var chinese: String {
        switch self {
        case .key: "钥匙"
        case .holder: "持有人"
        case .number: "卡号"
        case .form: "写法"
        case .doors: "门"
        case .from: "生效"
        case .to: "失效"
        case .state: "状态"
        case .role: "角色"
        case .slow: "延时"
        case .services: "服务"
        case .hours: "时段"
        case .quota: "限额"
        }
    }

    /// Whether a file without this column is no roster.
    var isRequired: Bool {
        switch self {
        case .key, .holder, .number, .form, .doors: true
        case .from, .to, .state, .role, .slow, .services, .hours, .quota: false
        }
    }

    init?(heading: String) {
        let wanted = heading.lowercased().filter { !$0.isWhitespace }
        let column = Self.allCases.first { $0.rawValue == wanted || $0.chinese == wanted }
        guard let column else { return nil }
        self = column
    }
}

/// A cell that says yes or no.
enum RosterAnswer {
    /// `yes`, `no`, or the same in Chinese; empty is no.
    static func isYes(_ text: some StringProtocol) -> Bool? {
        switch text.lowercased() {
        case "yes", "是": true
        case "", "no", "否": false
        default: nil
        }
    }
}

extension KeyState {
    /// `active`, `blocked`, `lost`, or the same in Chinese.
    init?(text: some StringProtocol) {
        switch text.lowercased() {
        case "active", "正常": self = .active
        case "blocked", "停用": self = .blocked
        case "lost", "挂失": self = .lost
        default: return nil
        }
    }
}

extension KeyRole {
    /// `rider`, `crew`, `master`, `deputy`, or the same in Chinese.
    init?(text: some StringProtocol) {
        switch text.lowercased() {
        case "rider", "骑手": self = .rider
        case "crew", "维护": self = .crew
        case "master", "站长": self = .master
        case "deputy", "副站长": self = .deputy
        default: return nil
        }
    }
}
