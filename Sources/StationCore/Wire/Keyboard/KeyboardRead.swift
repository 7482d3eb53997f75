// What came of the keys that a reader pressed.

/// A card, a code, or why it is neither. Exactly one for each Enter that ended something.
public enum KeyboardRead: Equatable, Sendable {
    /// A number in one of the reader's formats. For a number of a HID layout, the Wiegand format to
    /// read it by.
    case credential(Credential, WiegandFormat?)
    /// A text that is no number, such as a day pass; it is in `KeyboardReader.text` until the next
    /// key.
    case text
    /// Keys that were neither, and how many. The keys themselves are gone.
    case diagnosed(KeyboardDiagnosis, keys: Int)
}

/// Why a reader's keys were no card and no code.
public enum KeyboardDiagnosis: UInt8, Sendable, CaseIterable {
    /// The keys came as slowly as a person presses them.
    case typed = 1
    /// Keys without an Enter behind them: the reader was cut off, or is set to send no Enter.
    case cutShort = 2
    /// A text of another length than any format's: truncated, or another setting of the reader.
    case length = 3
    /// The right length, but not what the format says.
    case content = 4
    /// A key that no reader presses: a function key, an arrow, Ctrl.
    case strangeKey = 5
    /// More characters than a station takes.
    case overflow = 6
    /// The kernel dropped events in the middle.
    case eventsLost = 7
    /// The characters in front or behind, which the reader is set to send, are missing.
    case sentinel = 8

    public var name: String {
        switch self {
        case .typed: "typed"
        case .cutShort: "cutShort"
        case .length: "length"
        case .content: "content"
        case .strangeKey: "strangeKey"
        case .overflow: "overflow"
        case .eventsLost: "eventsLost"
        case .sentinel: "sentinel"
        }
    }

    /// One sentence: what is wrong and what to do.
    public func text(_ language: Wording.Language) -> String {
        language == .chinese ? chinese : english
    }

    private var chinese: String {
        switch self {
        case .typed: "像是有人在键盘上敲的，不是读卡器：请检查这个USB口上插的是什么"
        case .cutShort: "没有以回车结尾：请检查读卡器是否设为发送回车"
        case .length: "长度与设定的写法不符：请核对读卡器的输出格式"
        case .content: "内容与设定的写法不符：请核对读卡器的输出格式"
        case .strangeKey: "有读卡器不会按的键：请检查这个USB口上插的是什么"
        case .overflow: "太长，驿站不收：请换一个码"
        case .eventsLost: "系统来不及读，丢了按键：请再刷一次"
        case .sentinel: "缺少设定的首尾字符：没有收全，请再刷一次"
        }
    }

    private var english: String {
        switch self {
        case .typed: "typed as a person types: look what is plugged into this USB port"
        case .cutShort: "no Enter at the end: check that the reader is set to send one"
        case .length: "another length than the stated form's: check the reader's output format"
        case .content: "not what the stated form says: check the reader's output format"
        case .strangeKey: "a key that no reader presses: look what is plugged into this USB port"
        case .overflow: "longer than a station takes: use another code"
        case .eventsLost: "the system dropped keys before they were read: tap again"
        case .sentinel: "the stated first or last character is missing: tap again"
        }
    }
}
