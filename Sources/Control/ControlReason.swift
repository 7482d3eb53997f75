// Why something was refused: a stable word for programs, a sentence in both languages for people.

public import StationCore

/// A word, and what goes with it: a count, a limit, a system error's number or a name.
public struct ControlReason: Equatable, Sendable {
    public enum Word: String, CaseIterable, Sendable {
        // Of a message or a reply.
        case notText
        case notObject
        /// Detail: the limit.
        case tooDeep
        case notJSON
        case noMethod
        /// Detail: the member that is missing or of another type.
        case unexpected
        /// Detail: the limit in bytes. Of a passed file too.
        case tooLong
        case manyReplies
        case noReply
        // Of a passed file.
        case noDescriptor
        case notRegular
        /// Detail: the system error's number.
        case unreadable
        // Of a card's bits.
        /// Detail: how many there are.
        case bitCount
        case notBits
        // Of an order for a door.
        /// Detail: the mode's name.
        case doorMode
        case lockMissing
        case lockDuty
        case notRecorded
        case overtaken
        case outranked
        case interlock
        case fire
        // Of an order for a box; notRecorded as well.
        /// Detail: what it should be told with.
        case badArgument
        case deviceBusy
        case deviceOffline
        case notNow
        case guardStands
        // Of a guard that is to be reset.
        case notTripped
        case causeHolds
        case causeUnknown
        case notConfirmed
        // Of a decision over a service or hours; clockUnset as well.
        case past
        case tooFar
        /// Detail: how many there may be.
        case tooManyStretches
        case notPaused
        // Of a word to a part of a service.
        /// Detail: the words that are known.
        case unknownWord
        case starting
        // Of an order for a reader.
        case noReader
        case noReset
        case notOnBus
        case readerOffline
        /// Detail: the reader that is being given its key.
        case installing
        case readerSecured
        case readerInTheClear
        case noSuchPlace
        case readerBusy
        // Of an enrolment; noReader and readerOffline as well.
        /// Detail: the reader at which one is pending.
        case pending
        case nonePending
        /// The card is being written down.
        case beingKept
        case noRoster
        /// Detail: the key.
        case unknownKey
        /// Detail: the key.
        case knownKey
        // Of a word about a key; notWritten as well.
        /// Detail: the key.
        case noSuchKey
        /// Detail: the key.
        case notMarked
        /// Detail: the limit.
        case tooManyMarks
        // Of an operation for two masters; readerOffline and noRoster as well.
        case pendingApproval
        case enrolling
        // Of a key's file.
        case keyLines
        case keyEpoch
        case keySecret
        // Of a key or roster that was good and could not be kept.
        /// Detail: the system error's number.
        case notWritten
        case damaged
        /// Detail: what an import needs, and what is free.
        case noRoom
        // Of a signed roster.
        case notABundle
        case noIssuer
        case issuerLines
        case signature
        /// Detail: the station that it is for.
        case otherStation
        /// Detail: the epoch.
        case unknownEpoch
        /// Detail: the epoch.
        case otherKey
        /// Detail: its version, and the newest that there was.
        case rollback
        /// Detail: the version that it changes, and the one in force.
        case otherBase
        /// Detail: the line.
        case line
        /// Detail: the keys.
        case collision
        case noKeys
        /// Detail: the limit.
        case tooMany
        // Of a hub's command; signature, otherStation, line, clockUnset, starting as well, and as
        // its outcome whatever the same word of a crew is refused with.
        case notACommand
        case noCommandIssuer
        case commandIssuerLines
        /// Detail: the words.
        case unknownCommand
        /// Detail: the field, the subject being field 0.
        case badField
        case expired
        case notYet
        case validTooLong
        case otherBoot
        case sameID
        case forgotten
        case tooManyCommands
        case interrupted
        case notHere
        // Of a notice; clockUnset, past, tooFar as well.
        /// Detail: the limit in bytes.
        case noticeText
        case noNotice
        // Of a day pass.
        /// Detail: the epoch of the hub's key.
        case hubIssues
        /// Detail: the limit in bytes.
        case longID
        case clockUnset
        case passKeyLines
    }

    /// One of `Word`, or a word of a newer station.
    public var word: String
    public var detail: String?

    public init(_ word: Word, _ detail: String? = nil) {
        (self.word, self.detail) = (word.rawValue, detail)
    }

    public init(_ word: Word, _ number: some BinaryInteger) { self.init(word, "\(number)") }

    /// As it came over the wire.
    init(word: String, detail: String?) { (self.word, self.detail) = (word, detail) }

    /// What is wrong, to go on with after what it is about.
    public func text(_ language: Wording.Language) -> String {
        guard let known = Word(rawValue: word) else { return word }
        let words = Self.sentence(known, detail ?? "?", language)
        return language == .chinese ? words.chinese : words.english
    }

    private static func sentence(
        _ word: Word, _ detail: String, _ language: Wording.Language
    ) -> (chinese: String, english: String) {
        let most = ControlLimits.tapBits
        let system = Int32(detail).map { SystemError($0).text(language) } ?? detail
        return switch word {
        case .notText: ("不是 UTF-8 文本", "not UTF-8 text")
        case .notObject: ("不是 JSON 对象", "not a JSON object")
        case .tooDeep: ("嵌套超过 \(detail) 层", "nested deeper than \(detail) levels")
        case .notJSON: ("不是 JSON", "not JSON")
        case .noMethod: ("没有 method", "there is no method in it")
        case .unexpected: ("\(detail) 缺失或类型不对", "\(detail) is missing or of another type")
        case .tooLong: ("超过 \(detail) 字节", "longer than \(detail) bytes")
        case .manyReplies: ("一个请求来了多个应答", "several replies to one call")
        case .noReply: ("没有应答", "there was no reply")
        case .noDescriptor: ("请求没有附上文件", "no file came with the call")
        case .notRegular: ("不是可读的普通文件", "not a regular file opened for reading")
        case .unreadable: ("读不出：\(system)", "cannot be read: \(system)")
        case .bitCount:
            ("应为 1 到 \(most) 位，实为 \(detail) 位", "expected 1 to \(most) bits, there are \(detail)")
        case .notBits: ("只能有 0 和 1", "expected 0 and 1 only")
        case .doorMode, .lockMissing, .lockDuty, .notRecorded, .overtaken, .outranked,
            .interlock, .fire:
            ofDoor(word, detail)
        case .badArgument, .deviceBusy, .deviceOffline, .notNow, .guardStands, .notTripped,
            .causeHolds, .causeUnknown, .notConfirmed:
            ofBox(word, detail)
        case .past, .tooFar, .tooManyStretches, .notPaused, .unknownWord, .starting:
            ofDecision(word, detail)
        case .noReader, .noReset, .notOnBus, .readerOffline, .installing, .readerSecured,
            .readerInTheClear, .noSuchPlace, .readerBusy:
            ofReader(word, detail)
        case .pending, .nonePending, .beingKept, .noRoster, .unknownKey, .knownKey:
            ofEnrolment(word, detail)
        case .keyLines, .keyEpoch, .keySecret: ofKeyFile(word)
        case .noSuchKey, .notMarked, .tooManyMarks, .pendingApproval, .enrolling:
            ofKey(word, detail)
        case .notWritten:
            ("写不进状态目录：\(system)", "cannot be written into the state directory: \(system)")
        case .damaged: ("内容损坏", "its content is damaged")
        case .noRoom:
            (
                "内存不够（需要、可用：\(detail)）；请减少行数，或调高服务单元的内存上限",
                "too little memory (needed, free: \(detail)); import fewer rows or raise MemoryMax"
            )
        case .notABundle, .noIssuer, .issuerLines, .signature, .otherStation, .unknownEpoch,
            .otherKey, .rollback, .otherBase, .line, .collision, .noKeys, .tooMany:
            ofBundle(word, detail)
        case .notACommand, .noCommandIssuer, .commandIssuerLines, .unknownCommand, .badField,
            .expired, .notYet, .validTooLong, .otherBoot, .sameID, .forgotten, .tooManyCommands,
            .interrupted, .notHere, .noticeText, .noNotice:
            ofCommand(word, detail)
        case .hubIssues, .longID, .clockUnset, .passKeyLines: ofPass(word, detail)
        }
    }
}

extension ControlReason {
    /// Of a station's key file.
    private static func ofKeyFile(_ word: Word) -> (chinese: String, english: String) {
        switch word {
        case .keyLines:
            ("应为三行，首行 stationd-key 1", "expected three lines, the first `stationd-key 1`")
        case .keyEpoch:
            (
                "第 2 行应为 epoch 和名称，名称至多 23 个 ASCII 字节",
                "expected `epoch NAME` in line 2, at most 23 ASCII bytes"
            )
        case .keySecret:
            (
                "第 3 行应为 secret 和 64 位十六进制数",
                "expected `secret` and 64 hexadecimal digits in line 3"
            )
        default: (word.rawValue, word.rawValue)
        }
    }

    /// Of a day pass.
    private static func ofPass(
        _ word: Word, _ detail: String
    ) -> (chinese: String, english: String) {
        switch word {
        case .hubIssues:
            (
                "本站用中枢的密钥 \(detail)，日票由中枢签发",
                "this station has a hub (key \(detail)), which issues them"
            )
        case .longID:
            ("本站编号超过 \(detail) 字节", "the station's id is longer than \(detail) bytes")
        case .clockUnset:
            ("本站的钟没有对好，或时长太长", "the station's clock is not set, or the hours are too many")
        case .passKeyLines:
            (
                "pass.key 应为两行，首行 stationd-pass-key 1",
                "pass.key: expected two lines, the first `stationd-pass-key 1`"
            )
        default: (word.rawValue, word.rawValue)
        }
    }

    private static func mode(_ name: String, _ language: Wording.Language) -> String {
        DoorMode.allCases.first { $0.name == name }?.word(language) ?? name
    }

    /// Of an order for a door.
    private static func ofDoor(
        _ word: Word, _ detail: String
    ) -> (chinese: String, english: String) {
        switch word {
        case .doorMode:
            (
                "门现在\(mode(detail, .chinese))：先解除，再下这个命令",
                "it is \(mode(detail, .english)): end that first"
            )
        case .lockMissing: ("电锁的线不在", "its lock's line is not there")
        case .lockDuty:
            ("这种锁不能一直通电：只能一次次放行", "its lock must not stay energized: let in one by one")
        case .outranked:
            (
                "更高一级的人定了门的状态，要由他们解除",
                "somebody with more say holds it, and has to end that"
            )
        case .interlock:
            ("互锁的另一扇门还开着：先关好它", "another door of its interlock is open: close that")
        case .fire:
            ("火警输入还没有解除：先查明原因", "its fire input is not quiet: find out why first")
        case .overtaken: ("等它写入时，又来了别的命令", "a later order came while it waited for its entry")
        case .notRecorded:
            (
                "写不进记录，本站不记录就不开门：请检查存储卡",
                "it cannot be written down, and nothing opens unwritten here: check the card"
            )
        default: (word.rawValue, word.rawValue)
        }
    }

    /// Of an order for a box, or of one of its guards.
    private static func ofBox(
        _ word: Word, _ detail: String
    ) -> (chinese: String, english: String) {
        switch word {
        case .badArgument: ("参数应为 \(detail)", "its numbers are \(detail)")
        case .deviceBusy: ("排队的命令太多：稍后再试", "too many orders wait for it: try again shortly")
        case .deviceOffline: ("它的线不在：查端口和接线", "its line is not there: see port and wiring")
        case .notNow: ("条件不满足，或还不知道", "what it needs does not hold, or is not known")
        case .guardStands:
            ("保护已动作：先排除原因，再复位保护", "a guard stands: end its cause, then reset the guard")
        case .notTripped: ("它没有动作", "it has not tripped")
        case .causeHolds: ("原因还在：先排除", "its cause still holds: end that first")
        case .causeUnknown:
            (
                "读不到数据：先让设备恢复应答；断着电就先看现场，再用 --blind 复位",
                "its values do not come: mend that first, or look there and reset it with --blind"
            )
        case .notConfirmed:
            ("还没有确认断开：先到现场切断", "what it had done is not confirmed: cut it off there first")
        default: (word.rawValue, word.rawValue)
        }
    }

    /// Of a pause, or of hours for today.
    private static func ofDecision(
        _ word: Word, _ detail: String
    ) -> (chinese: String, english: String) {
        switch word {
        case .past: ("那个时间已经过了", "that time is over already")
        case .tooFar: ("那个时间太远", "that time is too far away")
        case .tooManyStretches:
            ("一天最多 \(detail) 段", "a day has at most \(detail) stretches")
        case .notPaused: ("它没有暂停", "it is not paused")
        case .unknownWord:
            detail.isEmpty
                ? ("对它没有什么可说的", "there is nothing to tell it")
                : ("它只听得懂：\(detail)", "it knows these words: \(detail)")
        case .starting: ("驿站刚启动：一分钟后再试", "the station has only started: try in a minute")
        default: (word.rawValue, word.rawValue)
        }
    }

    /// Of a card that was to be a key.
    private static func ofEnrolment(
        _ word: Word, _ detail: String
    ) -> (chinese: String, english: String) {
        switch word {
        case .pending:
            (
                "\(detail) 正在登记一张卡：等它结束，或 enroll --cancel",
                "a card is being enrolled at \(detail): wait, or enroll --cancel"
            )
        case .nonePending: ("现在没有登记可取消", "nothing is pending that could be cancelled")
        case .beingKept:
            ("卡正在保存：存好后用 enroll --withdraw", "it is being stored: withdraw it then")
        case .noRoster:
            ("还没有名册，没有站长可以同意：先导入名册", "no roster yet, so no master to agree: import one first")
        case .unknownKey:
            (
                "没有钥匙 \(detail)：新钥匙要写 --holder 和 --doors",
                "no key \(detail): a new one needs --holder and --doors"
            )
        case .knownKey:
            (
                "钥匙 \(detail) 已有：不写 --holder 和 --doors，就给它加一张卡",
                "key \(detail) is known: without --holder and --doors it gets another card"
            )
        default: (word.rawValue, word.rawValue)
        }
    }

    /// Of an order for a reader.
    private static func ofReader(
        _ word: Word, _ detail: String
    ) -> (chinese: String, english: String) {
        switch word {
        case .noReader: ("不是读卡器", "it is no reader")
        case .noReset:
            ("它接在板卡的线上，没有端口可重开：查接线和供电", "it is on lines of the board: check wiring and supply")
        case .notOnBus:
            ("只有总线上的读卡器有密钥和地址", "only readers on a bus (OSDP) have keys and addresses")
        case .readerOffline:
            ("端口不在，或读卡器没有应答", "its port is not there, or it does not answer")
        case .installing:
            ("\(detail) 正在安装模式：先等它结束，或取消", "\(detail) is in install mode: wait, or --cancel")
        case .readerSecured:
            ("它有自己的密钥且在线：要换，先按说明书复位", "it has a key and is online: to change it, reset the reader")
        case .readerInTheClear:
            ("驿站文件写明它用明文", "the station file says that it speaks in the clear")
        case .noSuchPlace:
            ("地址已有主，或没有这个地址或波特率", "the address is taken, or no such address or speed exists")
        case .readerBusy: ("排队的命令太多：稍后再试", "too many orders wait for it: try again shortly")
        default: (word.rawValue, word.rawValue)
        }
    }
}

extension ControlError {
    /// A part of the station that is busy or silent, in words.
    public static func part(_ name: String, _ language: Wording.Language) -> String {
        guard language == .chinese else { return name }
        return switch name {
        case "core", "loop": "主循环"
        case "journal": "记录库"
        case "clerk": "名册和密钥的处理"
        case "gateway": "网关"
        case "device": "设备（结果会写进记录）"
        default: name
        }
    }
}
