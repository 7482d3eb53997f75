// What an enrolment's steps are called in journals, and what a person is told of them.

extension EnrolmentStep {
    /// The name in journals and on the wire.
    public var name: String {
        switch self {
        case .requested: "requested"
        case .approved: "approved"
        case .enrolled: "enrolled"
        case .taken: "taken"
        case .known: "known"
        case .random: "random"
        case .half: "half"
        case .checkByte: "checkByte"
        case .again: "again"
        case .changing: "changing"
        case .collides: "collides"
        case .lapsed: "lapsed"
        case .cancelled: "cancelled"
        case .notKept: "notKept"
        }
    }

    /// What happened, and what to do if something is to be done.
    public func text(_ language: Wording.Language) -> String {
        let words =
            switch self {
            case .requested: ("已申请登记，请站长先刷卡", "asked for: a master taps first")
            case .approved: ("站长已同意，请刷要登记的卡", "a master agrees: now the new card")
            case .enrolled: ("已登记，可以用了", "enrolled, and good from now on")
            case .taken: ("新卡已收下，正在保存", "the card was taken and is being stored")
            case .known: ("刷来的卡已是钥匙，照常处理", "that card is a key already, and was treated as one")
            case .random:
                ("这张卡每次刷卡号都不同，不能登记：换一张", "that card makes up its number at each tap: take another")
            case .half:
                (
                    "读卡器只读出半个卡号，会和别的卡相同：换读卡器，或改它的设置",
                    "the reader says half of a number, as other cards do: set it to whole UIDs"
                )
            case .checkByte:
                (
                    "读卡器在卡号后多加了校验字节：改它的设置，或用 --as-it-is",
                    "the reader adds a check byte to the number: set it right, or --as-it-is"
                )
            case .again:
                ("这种卡有的卡号会变：移开，再刷一次", "some cards of this kind change: take it away, tap again")
            case .changing:
                ("两次卡号不同，不能登记：换一张", "its number was another one this time: take another card")
            case .collides:
                (
                    "别的读卡器会把它认成另一把钥匙，不能登记：换一张",
                    "another reader would take it for another key: take another card"
                )
            case .lapsed: ("一分钟内没刷齐：重新申请", "not done within a minute: ask again")
            case .cancelled: ("已取消", "cancelled")
            case .notKept:
                ("存不下来，没有登记：检查SD卡", "it could not be stored, it is no key: check the SD card")
            }
        return language == .chinese ? words.0 : words.1
    }
}
