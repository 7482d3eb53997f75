// The catalogue: every sentence about a configuration error, Chinese and English, with what to do.

public import StationCore

extension ConfigurationError {
    /// `file:line:column: sentence`, as compilers write it, so that editors can jump there.
    public func text(_ language: Wording.Language) -> String {
        "\(file):\(place.line):\(place.column): \(sentence(language))"
    }

    /// What is wrong and what to do, without the place.
    public func sentence(_ language: Wording.Language) -> String {
        let words = kind.sentence
        let sentence = language == .chinese ? words.chinese : words.english
        guard let suggestion = kind.suggestion else { return sentence }
        return language == .chinese
            ? sentence + "是不是想写“\(suggestion)”？"
            : sentence + " Did you mean `\(suggestion)`?"
    }

    /// The nearest right word, when there is one.
    public var suggestion: String? { kind.suggestion }
}

extension ConfigurationError.Kind {
    typealias Sentence = (chinese: String, english: String)

    /// What the writer probably meant.
    var suggestion: String? {
        switch self {
        case .unknownKey(let key, _, let known): NearestWord.find(key, among: known)
        case .notAChoice(let found, let expected):
            PointUnit.others[found].flatMap { expected.contains($0) ? $0 : nil }
                ?? NearestWord.find(found, among: expected)
        case .unknownReference(_, let name, let known): NearestWord.find(name, among: known)
        case .notADuration(let found): DurationText.suggestion(for: found)
        case .notABoolean(let found): Self.truth(found)
        case .badName(let found): Self.legalName(from: found)
        case .badBoxName(let found): Self.boxName(from: found)
        case .trapName(let found): Self.stateName(for: found)
        case .manualAddress(let manual):
            manual.table.isEmpty ? nil : "\(manual.table):\(manual.address)"
        case .trap(let trap, let found, let expected):
            expected.isEmpty
                ? trap.suggestion(for: found) : NearestWord.find(found, among: expected)
        default: nil
        }
    }

    private static func truth(_ found: String) -> String? {
        switch found.lowercased() {
        case "yes", "on", "y", "true", "1": "true"
        case "no", "off", "n", "false", "0": "false"
        default: NearestWord.find(found, among: ["true", "false"])
        }
    }

    /// The name with what is not allowed replaced, if a legal name comes of it.
    private static func legalName(from found: String) -> String? {
        let name = found.lowercased().map { $0 == "_" || $0 == " " || $0 == "." ? "-" : $0 }
        let text = String(name)
        return ResolvedStation.isLegalName(text) ? text : nil
    }

    /// What the catalogue calls the two states that everybody calls on and off.
    private static func stateName(for found: String) -> String? {
        switch truth(found) {
        case "true": "active"
        case "false": "resting"
        default: nil
        }
    }

    private static func boxName(from found: String) -> String? {
        let text = String(found.lowercased().map { $0 == "-" || $0 == " " ? "_" : $0 })
        return BoxName.isLegal(text) ? text : nil
    }

    var sentence: Sentence {
        fileSentence ?? valueSentence ?? stationSentence ?? profileSentence ?? boxSentence
            ?? lineSentence ?? hoursSentence ?? doorRuleSentence
            ?? ("内部错误。", "Internal error.")
    }

    private var fileSentence: Sentence? {
        switch self {
        case .unreadable(let reason):
            (
                "读不了这个文件：\(reason.text(.chinese))。",
                "Cannot read this file: \(reason.text(.english))."
            )
        case .tooLarge(let limit):
            ("文件超过 \(limit / 1_024) KiB。", "The file is larger than \(limit / 1_024) KiB.")
        case .tooDeep(let limit):
            (
                "层次超过 \(limit) 层，请检查括号和缩进。",
                "Nested deeper than \(limit) levels; check brackets and indentation."
            )
        case .tooManyNodes(let limit):
            ("内容超过 \(limit) 项。", "More than \(limit) values.")
        case .notUTF8:
            ("这里不是 UTF-8 文字，请用 UTF-8 保存文件。", "Not UTF-8 here; save the file as UTF-8.")
        case .controlCharacter(let code):
            (
                "这里有看不见的控制字符 U+\(Self.hex(code))，请删去。",
                "An invisible control character U+\(Self.hex(code)); delete it."
            )
        case .empty: ("文件是空的。", "The file is empty.")
        case .secondDocument:
            (
                "一个文件只能有一份内容，请删去这行 `---`。",
                "One file holds one document; delete this `---`."
            )
        case .anchor:
            ("不支持锚点 `&`，请把内容写全。", "Anchors (`&`) are not supported; write the value out.")
        case .alias:
            (
                "不支持引用 `*`，请把内容写全。若是文字，请加引号。",
                "Aliases (`*`) are not supported; write the value out, or quote it if it is text."
            )
        case .tag:
            (
                "不支持类型标记 `!`。若是文字，请加引号。",
                "Tags (`!`) are not supported; quote the value if it is text."
            )
        case .syntax(let problem, let began): Syntax.sentence(problem, began: began)
        case .more(let count):
            ("还有 \(count) 处错误没有列出。", "\(count) more errors are not listed.")
        case .keyNotWord:
            ("这里应是一个名称，不能是列表或映射。", "A key must be a word, not a list or a map.")
        case .duplicateKey(let key, let first):
            (
                "“\(key)”写了两次，第一次在 \(first.line):\(first.column)。",
                "`\(key)` is here twice; the first one is at \(first.line):\(first.column)."
            )
        case .unknownKey(let key, let section, let known):
            (
                "\(section.chinese)没有“\(key)”这一项，可写：\(known.joined(separator: "、"))。",
                "`\(key)` is no key of \(section.english); it knows: "
                    + "\(known.joined(separator: ", "))."
            )
        case .missingKey(let key, let section):
            ("\(section.chinese)缺少“\(key)”。", "`\(key)` is missing in \(section.english).")
        case .wrongShape(let expected, let found):
            (
                "这里应是\(expected.chinese)，却是\(found.chinese)。",
                "Expected \(expected.english), found \(found.english)."
            )
        case .emptyList: ("列表不能为空。", "The list must not be empty.")
        default: nil
        }
    }

    private var valueSentence: Sentence? {
        switch self {
        case .trap(let trap, let found, let expected): trap.sentence(found, expected)
        case .notAChoice(let found, let expected):
            (
                "不能写“\(found)”，只能是：\(expected.joined(separator: "、"))。",
                "`\(found)` is not allowed here; expected one of: "
                    + "\(expected.joined(separator: ", "))."
            )
        case .notABoolean(let found):
            (
                "应写 true 或 false（不加引号），却是“\(found)”。",
                "Expected true or false without quotes, found `\(found)`."
            )
        case .notAnInteger(let found):
            ("应是整数，却是“\(found)”。", "Expected a whole number, found `\(found)`.")
        case .notADuration(let found):
            (
                "应是带单位的时间，如 150ms、5s、2min、8h，却是“\(found)”。",
                "Expected a duration with its unit, such as 150ms, 5s, 2min or 8h; found "
                    + "`\(found)`."
            )
        case .notAnOffset(let found):
            (
                "应是与 UTC 的时差，如 \"+08:00\"，却是“\(found)”。",
                "Expected an offset from UTC such as \"+08:00\", found `\(found)`."
            )
        case .outOfRange(let found, let lowest, let highest):
            (
                "“\(found)”超出范围，应在 \(lowest) 到 \(highest) 之间。",
                "`\(found)` is out of range: \(lowest) to \(highest)."
            )
        case .notANumber(let found):
            (
                "应是数字，如 12、0.1 或 0x2000，却是“\(found)”。",
                "Expected a number such as 12, 0.1 or 0x2000; found `\(found)`."
            )
        case .numbersReversed:
            ("应写成 [小, 大]，如 [1, 12]。", "Expected [lowest, highest], such as [1, 12].")
        case .rangeReversed:
            ("应写成 [小, 大]，如 [5ms, 500ms]。", "Expected [lowest, highest], such as [5ms, 500ms].")
        case .badName(let found):
            (
                "“\(found)”不能作名称：只用小写字母、数字和连字符，最多 \(ResolvedStation.Limit.nameBytes) 个。",
                "`\(found)` is no name: lower-case letters, digits and hyphens, at most "
                    + "\(ResolvedStation.Limit.nameBytes)."
            )
        case .badText(let limit):
            (
                "文字应在 1 到 \(limit) 字节之间，不能换行。",
                "Text must have 1 to \(limit) bytes and no line break."
            )
        case .badBits(let found):
            (
                "“\(found)”不是比特串：加引号，只写 0 和 1，1 到 \(Credential.bitCapacity) 位。",
                "`\(found)` are no bits: in quotes, only 0 and 1, 1 to "
                    + "\(Credential.bitCapacity) of them."
            )
        case .badHex(let found):
            (
                "“\(found)”不是字节：加引号，写成两位一组的十六进制，最多 512 字节。",
                "`\(found)` are no bytes: in quotes, two hexadecimal digits each, at most 512."
            )
        case .badCard(let found, let reason):
            (
                "“\(found)”不是卡号：\(reason.text(.chinese))。",
                "`\(found)` is no card: \(reason.text(.english))."
            )
        case .badSentinels(let found):
            (
                "“\(found)”不是首尾字符：写两个可见字符，如 \";?\"。",
                "`\(found)` are no sentinels: write two visible characters, such as \";?\"."
            )
        case .repeated(let word):
            ("“\(word)”在列表里写了两次。", "`\(word)` is in the list twice.")
        case .tooMany(let section, let limit):
            ("\(section.chinese)最多 \(limit) 项。", "At most \(limit) entries in \(section.english).")
        case .duplicateName(let name, let first):
            (
                "名称“\(name)”已在 \(first.line):\(first.column) 用过。",
                "The name `\(name)` is already taken at \(first.line):\(first.column)."
            )
        case .unknownReference(let reference, let name, let known):
            (
                "没有名为“\(name)”的\(reference.chinese)。\(Self.list(known, "现有："))",
                "There is no \(reference.english) `\(name)`. \(Self.list(known, "Known: "))"
            )
        default: nil
        }
    }

    private var stationSentence: Sentence? {
        switch self {
        case .chipByNumber(let label):
            (
                "“\(label)”的编号每次开机可能不同，请写芯片标签（gpioinfo 里方括号中的名字）。",
                "`\(label)` may have another number after the next boot; give the chip's "
                    + "label (in brackets in gpioinfo)."
            )
        case .chipTwice(let label, let first):
            (
                "芯片“\(label)”已在 \(first.line):\(first.column) 用过。",
                "The chip `\(label)` is already a port at \(first.line):\(first.column)."
            )
        case .portOfTwoKinds:
            (
                "一个端口只能是 gpio、serial、usb、keyboard 里的一种。",
                "A port is one of gpio, serial, usb and keyboard, not two."
            )
        case .linkTwice(let link, let first):
            (
                "“\(link)”已是 \(first.line):\(first.column) 的端口。",
                "`\(link)` is already a port at \(first.line):\(first.column)."
            )
        case .deviceFileUnstable(let path):
            (
                "“\(path)”换个插口或重启就会变，请写 /dev/serial/by-path/ 下的名字。",
                "`\(path)` changes with the boot; write its name under /dev/serial/by-path/."
            )
        case .badDeviceFile(let path):
            (
                "“\(path)”不是串口的设备文件，如 /dev/ttyAMA1。",
                "`\(path)` is no serial line's device file, such as /dev/ttyAMA1."
            )
        case .badSocket(let found):
            (
                "“\(found)”不是 USB 口：写 any，或像 \"1-1.3\" 这样带引号（lsusb -t 和 dmesg 里有）。",
                "`\(found)` is no USB socket: write `any`, or one such as \"1-1.3\" in quotes "
                    + "(dmesg names it)."
            )
        case .socketUnstated(let port, let other):
            (
                "“\(port)”和“\(other)”有一个写了 any，会抢同一个读卡器：各写各的 USB 口。",
                "One of `\(port)` and `\(other)` takes any socket, and so the other's reader: "
                    + "name both sockets."
            )
        case .wrongPort(let port, let found, let expected):
            (
                "端口“\(port)”是 \(found)，这种设备要接 \(expected) 端口。",
                "The port `\(port)` is \(found); this device needs one of \(expected)."
            )
        case .addressTaken(let address, let device, let first):
            (
                "地址 \(address) 已是 \(first.line):\(first.column) 的“\(device)”的。",
                "The address \(address) is that of `\(device)` at \(first.line):\(first.column)."
            )
        case .tooManyOnLine(let limit):
            (
                "一条线上最多 \(limit) 个读卡器，再多就轮不过来了。",
                "A line has at most \(limit) readers: more would wait too long for their turn."
            )
        case .baudsDiffer(let port, let first, let second):
            (
                "端口“\(port)”上各型号的波特率不同（\(first)，\(second)）：在端口里写明 baud。",
                "The models on `\(port)` differ in their speed (\(first), \(second)): say `baud` "
                    + "at the port."
            )
        case .lineSettingsFixed:
            (
                "OSDP 只用 8 位、无校验、1 个停止位：去掉 parity 和 stop_bits。",
                "OSDP has 8 bits, no parity, one stop bit: leave out `parity` and `stop_bits`."
            )
        case .echoesNotShared:
            (
                "只有 OSDP 的线可以写 echoes。",
                "Only a line of OSDP readers can have `echoes`."
            )
        case .portTaken(let port, let device, let first):
            (
                "端口“\(port)”已接 \(first.line):\(first.column) 的“\(device)”。",
                "The port `\(port)` already has `\(device)` at \(first.line):\(first.column)."
            )
        case .noChip:
            (
                "没有 GPIO 端口：在 ports 里写上这条线所在的芯片。",
                "No port is a GPIO chip: name the chip that this line is on under `ports`."
            )
        case .noPort(let line):
            (
                "有几个 GPIO 端口，请写明是哪个：端口名/\(line)。",
                "There are several GPIO ports; say which one: port/\(line)."
            )
        case .lineTaken(let line, let device, let first):
            (
                "线“\(line)”已接设备“\(device)”（\(first.line):\(first.column)）。",
                "The line `\(line)` already belongs to `\(device)` (\(first.line):\(first.column))."
            )
        case .linesOnTwoChips(let a, let b):
            (
                "\(a) 和 \(b) 必须在同一芯片上，否则比特先后会乱。",
                "\(a) and \(b) must be on one chip, or the order of the bits is lost."
            )
        case .deviceTaken(let device, let door, let first):
            (
                "设备“\(device)”已属于门“\(door)”（\(first.line):\(first.column)）。",
                "`\(device)` already serves the door `\(door)` (\(first.line):\(first.column))."
            )
        case .wrongRole(let device, let found, let expected):
            (
                "“\(device)”是\(found.chinese)，"
                    + "这里应是\(expected.map(\.chinese).joined(separator: "或"))。",
                "`\(device)` is a \(found.rawValue); expected a "
                    + "\(expected.map(\.rawValue).joined(separator: " or "))."
            )
        case .maglockWithoutHardwareEgress:
            (
                "磁力锁必须能靠硬件出门：出门按钮和消防触点直接切断磁锁电源；接好后写 egress: hardware。",
                "A maglock needs egress by wire: exit button and fire contact cut its supply. "
                    + "Wire it so, then write egress: hardware."
            )
        case .sharedWithoutPanelInput(let lock):
            (
                "共用门由小区门禁主机管锁，“\(lock)”应是 panel-input（接主机的出门按钮输入）。",
                "On a shared door the estate's panel drives the lock; `\(lock)` must be a "
                    + "panel-input."
            )
        case .panelInputWithoutShared(let lock):
            (
                "“\(lock)”接的是小区门禁主机，请给这扇门写 shared: true。",
                "`\(lock)` drives an estate's panel; write shared: true for this door."
            )
        case .preAlarmTooLate(let preAlarm, let open):
            (
                "pre_alarm（\(preAlarm)）必须短于 open（\(open)）。",
                "pre_alarm (\(preAlarm)) must be shorter than open (\(open))."
            )
        case .relockWithoutContact:
            (
                "没有门磁就不知道门何时关上，relock 只能是 open。",
                "Without a contact nobody knows when the door closes; relock must be open."
            )
        case .formatsCollide(let a, let b, let bits):
            (
                "“\(a)”和“\(b)”都是 \(bits) 位，分不清，只能选一个。",
                "`\(a)` and `\(b)` both have \(bits) bits and cannot be told apart; choose one."
            )
        case .tooManyViews(let limit):
            ("一个读卡器最多试 \(limit) 种卡号写法。", "A reader tries at most \(limit) views.")
        case .inconsistent(let flaw):
            (
                "内部检查未通过（\(flaw.place)），请报告此问题。",
                "The result did not pass its own check (\(flaw.place)); please report this."
            )
        default: nil
        }
    }

    private var profileSentence: Sentence? {
        switch self {
        case .idIsNotFileName(let id, let file):
            ("id“\(id)”与文件名“\(file)”不同。", "The id `\(id)` is not the file's name, `\(file)`.")
        case .wrongKind(let found, let driver):
            (
                "\(found.chinese)（\(found.rawValue)）不能用驱动“\(driver)”。",
                "A \(found.rawValue) cannot have the driver `\(driver)`."
            )
        case .wrongLink(let found, let expected, let driver):
            (
                "驱动“\(driver)”接 \(expected)，不接 \(found)。",
                "The driver `\(driver)` is connected by \(expected), not by \(found)."
            )
        case .keyedFormatsCollide(let a, let b, let length):
            (
                "“\(a)”和“\(b)”都是 \(length) 个字符，分不清，只能选一个。",
                "`\(a)` and `\(b)` both have \(length) characters and cannot be told apart; "
                    + "choose one."
            )
        case .formUnusable(let form, let technology):
            (
                "“\(form)”不能这样用：它可能同时指好几张卡，或缺 length，或不是 \(technology) 的写法。",
                "`\(form)` cannot be used so: it names several cards at once, or lacks "
                    + "`length`, or "
                    + "is no form of \(technology)."
            )
        case .wrongDirection(let terminal, let expected):
            ("“\(terminal)”的方向应是 \(expected)。", "`\(terminal)` must have dir: \(expected).")
        case .notForDirection(let key, let direction):
            (
                "方向为 \(direction) 的线不能写“\(key)”。",
                "`\(key)` is not for a line with dir: \(direction)."
            )
        case .strikeNotSafe:
            ("电锁的安全状态是不通电：safe: inactive。", "A strike is safe without power: safe: inactive.")
        case .exampleFails(let expected, let found):
            (
                "实例不符：写的是 \(expected)，算出来是 \(found)。",
                "The worked example says \(expected), the codec says \(found)."
            )
        default: nil
        }
    }

    static func hex(_ code: UInt32) -> String {
        Hex.upper(UInt128(code), digits: code > 0xFFFF ? 6 : 4)
    }

    /// Names that exist, as long as a person still reads them.
    private static func list(_ known: [String], _ prefix: String) -> String {
        guard !known.isEmpty else { return "" }
        let shown = known.prefix(12).joined(separator: ", ")
        return prefix + shown + (known.count > 12 ? " …" : "") + "."
    }
}
