// The catalogue of errors in profiles of boxes, and on the lines that boxes share.

import StationCore

extension ConfigurationError.Kind {
    var boxSentence: Sentence? { placeSentence ?? actionSentence ?? familySentence }

    private var placeSentence: Sentence? {
        switch self {
        case .badBoxName(let found):
            (
                "“\(found)”不能作名称：小写字母开头，只用小写字母、数字和下划线，最多 "
                    + "\(ResolvedStation.Limit.nameBytes) 个。",
                "`\(found)` is no name here: lower-case letters, digits and underscores, a letter "
                    + "first, at most \(ResolvedStation.Limit.nameBytes)."
            )
        case .trapName(let found):
            (
                "“\(found)”不能作名称，加引号也不行：别的程序会读成真假值、空或数。",
                "`\(found)` cannot be a name, in quotes or not: other programs read it as true, "
                    + "false, nothing or a number."
            )
        case .nameTaken(let name):
            (
                "“\(name)”是设备自己的键，参数要另取名字。",
                "`\(name)` is a key that every device has; give the parameter another name."
            )
        case .modeWritten(let mode): mode.sentence
        case .badRegisterPlace(let found):
            (
                "“\(found)”不是寄存器位置：写“表:地址”，地址从 0 起，如 in:0、hold:0x2000、coil:3。",
                "`\(found)` is no register: write table:address, counted from 0, such as in:0, "
                    + "hold:0x2000 or coil:3."
            )
        case .manualAddress(let manual):
            (
                "\(manual.written) 是说明书里从 1 数起、带表号的写法；这里写线上的地址，从 0 起"
                    + "（真要这么大的地址，写成十六进制）。",
                "\(manual.written) is how manuals count, with the table in front and from 1; write "
                    + "the address on the wire, from 0 (one that is really so large: in "
                    + "hexadecimal)."
            )
        case .placesBeyondEnd(let count):
            ("\(count) 个放不下。", "There is no room for \(count) of them.")
        case .badMeterItem(let found):
            (
                "“\(found)”不是数据标识：加引号，写 8 位十六进制，如 \"00010000\"。",
                "`\(found)` is no data identifier: eight hexadecimal digits in quotes, such as "
                    + "\"00010000\"."
            )
        case .notCounted:
            ("电表的数据项不能写 count，请一项一项写。", "An item of a meter has no `count`: write each.")
        case .scaleOfNothing:
            (
                "x 不能是 0：值等于读数乘以 x（小数点用“.”，不用逗号）。",
                "`x` cannot be 0: a value is the number read times `x`. Decimals have a point, "
                    + "no comma."
            )
        case .badFramePlace(let found):
            (
                "“\(found)”不是帧里的字段：写“帧.字段”，如 query.code。",
                "`\(found)` is no field of a frame: write frame.field, such as query.code."
            )
        case .numbersInField(let name, let total):
            (
                "“\(name)”有 \(total) 个数：写 count（最多 \(total)），或在后面写第几个，如 \(name).1。",
                "`\(name)` is \(total) numbers: say `count`, at most \(total), or which one, such "
                    + "as \(name).1."
            )
        case .badTemplate(let flaw): flaw.sentence
        case .neverAsked:
            (
                "这些帧都不是问来的，不能写 every：去掉它，或从一个有 reply 的帧取数。",
                "None of these frames answers a question: leave out `every`, or read it from a "
                    + "frame that has a `reply`."
            )
        case .askedWithout(let frame, let field):
            (
                "帧“\(frame)”的“\(field)”没有值：在 by、with 或参数里给出。",
                "Nobody says what `\(field)` of the frame `\(frame)` is: give it by `by`, `with` "
                    + "or a parameter."
            )
        default: nil
        }
    }

    private var actionSentence: Sentence? {
        switch self {
        case .unproven(let points):
            (
                "没有实例给出 \(points.joined(separator: "、"))：倍率或字节序错了也看不出来，"
                    + "请在 tests 里加上真实的字节。",
                "no worked bytes give \(points.joined(separator: ", ")): a wrong scale or order "
                    + "would go unseen. Add bytes that were really read to `tests`."
            )
        case .unaskable(let flaw):
            ("问不出去：\(flaw.text(.chinese))。", "It cannot be asked: \(flaw.text(.english)).")
        case .badExpression(let found):
            (
                "“\(found)”算不出来：写“参数 * 数 + 数”，最多一个参数，如 lock - 1。",
                "`\(found)` cannot be worked out: write argument * number + number with one "
                    + "argument at most, such as lock - 1."
            )
        case .badCondition(let found):
            (
                "“\(found)”不是条件：写“数据点 比较 值”，如 door == open，几个之间用 and。",
                "`\(found)` is no condition: write point, comparison, value, such as door == open; "
                    + "several are joined by `and`."
            )
        case .gainOfNoTotal(let point):
            (
                "“\(point)”不是累计量，不能写 gained。",
                "`\(point)` is no total; only totals have `gained`."
            )
        case .argumentBeyondPoints(let argument, let count):
            (
                "“\(argument)”的范围必须在 1 到 \(count) 之内，因为它是数据点的序号。",
                "`\(argument)` numbers points, so its range must lie within 1 to \(count)."
            )
        case .twoSteps(let first, let second):
            (
                "一步只做一件事：“\(first)”和“\(second)”请分成两步。",
                "A step does one thing: make two of `\(first)` and `\(second)`."
            )
        case .forbidden(let what):
            (
                "这份档案的 forbid 禁止“\(what)”。",
                "`\(what)` is in this profile's `forbid`."
            )
        case .widerThanRead(let point, let registers, let limit):
            (
                "“\(point)”占 \(registers) 个寄存器，而 max_read 只有 \(limit)，永远读不全。",
                "`\(point)` takes \(registers) registers and max_read is \(limit): it could never "
                    + "be read."
            )
        case .badForbidden(let found):
            (
                "“\(found)”看不懂：写 \"raw:41\"（功能码）或 \"write:hold:2\"。",
                "`\(found)` is not understood: write \"raw:41\" (a function code) or "
                    + "\"write:hold:2\"."
            )
        case .gainInGuard:
            (
                "保护里不能用 gained：它没有开始的时刻。请比较数值本身。",
                "A guard has no begin, so `gained` means nothing in it: compare the value itself."
            )
        case .badGuard(let flaw): flaw.words
        case .actionNeverSeen(let action):
            (
                "“\(action)”没有 outcome：保护做完要看得见，请给它写 confirmed。",
                "`\(action)` has no `outcome`: what a guard has done must be seen to be done, so "
                    + "give it `confirmed`."
            )
        case .badRenewal(let action, let ending):
            (
                "“\(action)”要不断续期，须写 self_timed（至少 2s），而且“\(ending)”的参数它都要有。",
                "`\(action)` is told again and again: it needs `self_timed` of at least 2s, and "
                    + "each number that `\(ending)` has."
            )
        case .notHarmless(let action):
            (
                "“\(action)”会让线圈动作，不能写 harmless：写 board、pull 或 none。",
                "`\(action)` may close a coil, so it is not harmless: say board, pull or none."
            )
        case .hazardNeverSafe(let word, let chinese):
            (
                "\(chinese)不能没有保障：程序停止时要有板子自己（board）或电阻（pull）让它复位。",
                "A \(word) must become safe without us: by the board itself (board) or a resistor "
                    + "(pull)."
            )
        default: nil
        }
    }

    private var familySentence: Sentence? {
        switch self {
        case .notABox(let kind):
            (
                "\(kind.chinese)（\(kind.rawValue)）不是总线上的设备，应写 driver。",
                "A \(kind.rawValue) is no box on a bus: it has a `driver`."
            )
        case .brokenParent(let name):
            (
                "“\(name)”自己有错，先改好它。",
                "`\(name)` has mistakes of its own; mend those first."
            )
        case .extendsChain(let name):
            (
                "“\(name)”自己也是 extends，只能扩展一层：请扩展它所扩展的那份。",
                "`\(name)` extends another one itself; extend that one instead: one level is all."
            )
        case .extendsNoBox(let name):
            (
                "“\(name)”不是总线设备，不能被扩展。",
                "`\(name)` is no box on a bus and cannot be extended."
            )
        default: nil
        }
    }

    /// Of the lines of a station file.
    var lineSentence: Sentence? {
        switch self {
        case .lineOfTwoKinds(let port, let device, let first):
            (
                "端口“\(port)”上已有 \(first.line):\(first.column) 的“\(device)”：OSDP 读卡器和总线设备"
                    + "不能共用一条线。",
                "`\(port)` already has `\(device)` (\(first.line):\(first.column)): "
                    + "OSDP readers and boxes cannot share a line."
            )
        case .linesDiffer(let port, let first, let second):
            (
                "端口“\(port)”上各型号的设置不同（\(first)，\(second)）：把设备调成一样，并在端口里写明。",
                "The models on `\(port)` are set differently (\(first), \(second)): set the boxes "
                    + "alike and say how at the port."
            )
        case .tooManyBoxes(let limit):
            (
                "一条 RS-485 线上最多 \(limit) 台设备。",
                "An RS-485 line has at most \(limit) boxes."
            )
        case .noAddress:
            ("这种设备没有地址，请去掉 address。", "This model has no address: leave out `address`.")
        case .notAlone(let port, let device, let first):
            (
                "端口“\(port)”上已有 \(first.line):\(first.column) 的“\(device)”：没有地址的设备要独占一条线。",
                "`\(port)` already has `\(device)` (\(first.line):\(first.column)): "
                    + "a box without an address needs a line of its own."
            )
        case .badMeterAddress(let found):
            (
                "“\(found)”不是表号：加引号，写表面上的 12 位数字，如 \"000000000001\"。",
                "`\(found)` is no meter's address: the twelve digits on its front in quotes, such "
                    + "as \"000000000001\"."
            )
        case .turnTooLong(let port, let milliseconds, let device):
            (
                "端口“\(port)”上有锁，而问一次“\(device)”要占线 \(milliseconds) ms，"
                    + "开锁要等 \(BusTurn.lockPatience) ms 以上：提高波特率，或换一条线。",
                "`\(port)` carries locks, and one question to `\(device)` takes \(milliseconds) "
                    + "ms: an unlock would wait more than \(BusTurn.lockPatience) ms. Raise the "
                    + "speed, or give it another line."
            )
        case .tooManyInAll(let list, let count, let limit):
            (
                "全站共有 \(count) 个\(list.counted.chinese)，最多 \(limit) 个：请减少，或分成两座。",
                "This station has \(count) \(list.counted.english) in all, and may have \(limit): "
                    + "leave some out, or make two of it."
            )
        case .stationTooLarge(let limit):
            (
                "这座驿站太大：解析出来超过 \(limit >> 20) MiB，请分成两座。",
                "This station is too large: resolved it has more than \(limit >> 20) MiB. Make two "
                    + "of it."
            )
        case .valueBreaksProfile(let profile):
            (
                "用这个值，档案“\(profile)”就说不通了（如同一个数指两种状态）：请换一个值。",
                "With this value the profile `\(profile)` makes no sense, such as one number for "
                    + "two states: use another."
            )
        case .nothingSafe(let device, let word, let chinese):
            (
                "“\(device)”接的是\(chinese)，但它没有一个动作能在程序停止时自己复位。",
                "`\(device)` drives a \(word), and none of its actions becomes safe without us."
            )
        case .notOfLine(let kind):
            (
                "这里不能是 kind: \(kind.rawValue)：线给 state，输入线的脉冲给 total 和 level，文件不给 event。",
                "This cannot be of kind \(kind.rawValue): lines say states, an input's pulses say "
                    + "totals and levels, files say no events."
            )
        case .badKernelFile(let found):
            (
                "“\(found)”不是内核文件：要在 /sys、/proc 或 /run 之下，最多一个 *，不能有 ..。",
                "`\(found)` is no file of the kernel: it must be below /sys, /proc or /run, with "
                    + "one * at most and no .. in it."
            )
        case .neverEnds(let line, let word, let chinese):
            (
                "“\(line)”接的是\(chinese)，要写最长开启时间 max_on。",
                "`\(line)` drives a \(word): say with max_on how long it may be on at most."
            )
        case .lockNotSelfTimed(let line):
            (
                "“\(line)”接的是柜锁线圈：GPIO 线不能自己断电，请用带定时的锁控板（safety: board）。",
                "`\(line)` drives a lock's coil, and a line does not let go of it by itself: use a "
                    + "board that times it (safety: board)."
            )
        case .outerIsItself(let device):
            (
                "outer 要写别的设备：它在“\(device)”自己不听话时才动作，如 main/switch_off。",
                "`outer` names another device, such as main/switch_off: it acts when `\(device)` "
                    + "does not."
            )
        case .orderNeverSeen(let device, let rule, let action):
            (
                "“\(device)”的保护“\(rule)”要“\(action)”，做到没有却看不到，outer 就永远不会动作："
                    + "在它的 do 里加上 outer，或用带反馈触点的档案，如 contactor-line。",
                "Guard `\(rule)` of `\(device)` orders `\(action)`, and nothing shows whether that "
                    + "is obeyed, so `outer` would never act: add `outer` to its `do`, or use a "
                    + "profile with a feedback contact, such as contactor-line."
            )
        case .boxNotSelfTimed(let device, let action):
            (
                "“\(device)”的“\(action)”不会自己断电：柜锁线圈会烧。用自带定时的锁板。",
                "`\(action)` of `\(device)` does not end by itself, and a lock's coil would burn: "
                    + "use a lock board that times its pulse."
            )
        case .staysOn(let device, let action):
            (
                "“\(device)”的“\(action)”在程序停了以后还通着：换会自己断开的（keep_on、自带定时，"
                    + "或线上真有上拉、下拉电阻，写 safety: pull）。",
                "`\(action)` of `\(device)` stays on when the agent is gone: use one that falls by "
                    + "itself (`keep_on`, a board that times it, or a line whose resistor does "
                    + "that and says `safety: pull`)."
            )
        case .wrongUnit(let point, let unit, let expected):
            (
                "“\(point)”的单位是“\(unit)”，这里要 \(expected.joined(separator: "、"))。",
                "`\(point)` counts in `\(unit)`; here it takes "
                    + "\(expected.joined(separator: " or "))."
            )
        case .service(let flaw): serviceTexts(flaw)
        case .notOnePoint:
            (
                "这里只写一个设备的一个数据点，如 \"board/door.3 == closed\"。",
                "Write one point of one device here, such as \"board/door.3 == closed\"."
            )
        case .notOneNumber:
            (
                "这里写一个设备的一个数值，如 meter/power。",
                "Write one number of one device here, such as meter/power."
            )
        case .performsUnsafe(let device, let action):
            (
                "“\(device)”的保护或动作要用“\(action)”，而它在这里不安全。",
                "A guard or an action of `\(device)` performs `\(action)`, which is not safe here."
            )
        default: nil
        }
    }
}

extension LineMode {
    fileprivate var sentence: (chinese: String, english: String) {
        let reason = (
            "不写 mode：不加引号的 8E1 在 YAML 里是数字 80。",
            "There is no `mode`: unquoted, 8E1 is the number 80 in YAML."
        )
        guard let parity, let stopBits else {
            return (
                reason.0 + "请写 parity 和 stop_bits。", reason.1 + " Write `parity` and `stop_bits`."
            )
        }
        let keys = "parity: \(parity.rawValue), stop_bits: \(stopBits)"
        return (reason.0 + "请写 \(keys)。", reason.1 + " Write \(keys).")
    }
}

extension TemplateFlaw {
    fileprivate var sentence: (chinese: String, english: String) {
        switch self {
        case .notAByte(let text):
            (
                "帧里的“\(text)”不是字节：写两位十六进制，或花括号里的字段。",
                "`\(text)` in a frame is no byte: write two hexadecimal digits, or a field in "
                    + "braces."
            )
        case .unclosed: ("花括号没有写完。", "A brace is not closed.")
        case .badField(let text):
            (
                "看不懂 {\(text)}：如 {lock}、{power:2le}、{bits:door*16}、{address/lock}、{len}、{skip:2}、"
                    + "{check}。",
                "{\(text)} is not understood; such are {lock}, {power:2le}, {bits:door*16}, "
                    + "{address/lock}, {len}, {skip:2}, {check}."
            )
        case .twoChecks: ("一帧只有一个 {check}。", "A frame has one {check}.")
        case .tooLong:
            (
                "一帧最多 \(ResolvedStation.Limit.frameBytes) 字节，"
                    + "\(ResolvedStation.Limit.tokensPerFrame) 个部分。",
                "A frame has at most \(ResolvedStation.Limit.frameBytes) bytes in "
                    + "\(ResolvedStation.Limit.tokensPerFrame) parts."
            )
        }
    }
}

extension ResolvedStation.Flaw.List {
    /// What is too many of them, for people.
    fileprivate var counted: (chinese: String, english: String) {
        switch self {
        case .guards: ("保护", "guards")
        case .totals: ("累计值", "totals")
        case .services: ("柜格", "boxes of services")
        case .devices: ("设备", "devices")
        case .lines: ("线", "lines")
        case .doors: ("门", "doors")
        case .readers: ("读卡器", "readers")
        case .members: ("线上的设备", "devices on a line")
        case .formats: ("卡号格式", "formats")
        case .views: ("卡号写法", "views")
        case .hours: ("开放时间", "sets of hours")
        case .seasons: ("季节", "seasons")
        case .dates: ("日期", "dates")
        case .holidays: ("节假日", "holidays")
        case .rights: ("权限模板", "templates of rights")
        }
    }
}
