// The catalogue's rest: sentences of notes, and the words that other sentences are made of.

public import StationCore

extension ConfigurationNote {
    public func text(_ language: Wording.Language) -> String {
        let words = kind.sentence
        let sentence = language == .chinese ? words.chinese : words.english
        return "\(file):\(place.line):\(place.column): \(sentence)"
    }
}

extension ConfigurationNote.Kind {
    var sentence: (chinese: String, english: String) {
        switch self {
        case .noContact(let door):
            (
                "提示：门“\(door)”没有门磁，看不到强行打开和久开。",
                "note: `\(door)` has no contact: forced and held open cannot be seen."
            )
        case .forcedNotTold(let door):
            (
                "提示：门“\(door)”里侧没有出门按钮或读卡器，不报强行打开。",
                "note: `\(door)` has no exit button and no inside reader: forced is not told."
            )
        case .noReader(let door):
            (
                "提示：门“\(door)”没有读卡器，只能用按钮或命令开。",
                "note: `\(door)` has no reader: only a button or a command opens it."
            )
        case .unusedDevice(let device):
            ("提示：设备“\(device)”没有用在任何门上。", "note: no door uses the device `\(device)`.")
        case .unusedPort(let port):
            ("提示：端口“\(port)”没有接任何设备。", "note: no device uses the port `\(port)`.")
        case .outputNeverSafe(let device):
            (
                "提示：程序停止时没有什么能让“\(device)”复位（safety: none），请加下拉电阻或带看门狗的板。",
                "note: nothing makes `\(device)` safe while the agent is dead (safety: none); "
                    + "add a pull resistor or a board with a watchdog."
            )
        case .readerInTheClear(let device):
            (
                "提示：“\(device)”不加密（secure: clear），线上谁都能听到、也能冒充任何卡。",
                "note: `\(device)` speaks in the clear (secure: clear): whoever is on its line "
                    + "hears every card, and can say any."
            )
        case .withoutContact(let key):
            ("提示：没有门磁，“\(key)”不起作用。", "note: without a contact `\(key)` has no effect.")
        case .holidaysUnknown(let hours):
            (
                "提示：“\(hours)”写了节假日时间，但没有节假日文件（holidays），所有日子都按平日算。",
                "note: `\(hours)` has hours for holidays, and no file says which days those are "
                    + "(holidays): every day counts as usual."
            )
        case .unusedHours(let name):
            (
                "提示：没有用到开放时间“\(name)”。", "note: nothing uses the hours `\(name)`."
            )
        case .longestTurn(let port, let answered, let silent, let device):
            (
                "提示：线“\(port)”上一次问答最长 \(answered) ms；“\(device)”不应答时占线 \(silent) ms。",
                "note: on `\(port)` a question and its answer take at most \(answered) ms; while "
                    + "`\(device)` is silent, \(silent) ms."
            )
        case .lineFull(let port, let percent):
            (
                "提示：线“\(port)”上要问的至少占 \(percent)% 的时间，会问不过来："
                    + "少问几次（every），提高波特率，或分成两条线。",
                "note: what is asked on `\(port)` takes at least \(percent) % of its time and "
                    + "will come late: ask less often (`every`), raise its speed, or make two "
                    + "lines of it."
            )
        case .noOuter(let device):
            (
                "提示：“\(device)”不照保护（guards）做时，没有上一级可断：写 outer，如总开关。",
                "note: when `\(device)` does not do what its guards want, nobody else acts: name "
                    + "`outer`, such as the main contactor."
            )
        case .orderUnseen(let device, let action):
            (
                "提示：“\(device)”的保护要“\(action)”，做到没有看不到，记录里写“已下令，看不到结果”。",
                "note: guards of `\(device)` order `\(action)`, and nothing shows whether that is "
                    + "obeyed: the journal says it was told (unseen)."
            )
        case .outerUnseen(let device, let action):
            (
                "提示：“\(device)”的上一级“\(action)”做到没有看不到：用带反馈触点的，如 contactor-line。",
                "note: nothing shows whether `\(action)`, which acts for `\(device)`, is obeyed: "
                    + "use one with a feedback contact, such as contactor-line."
            )
        case .outerMissing(let device, let rule):
            (
                "提示：“\(device)”的保护“\(rule)”要断上一级，却没有上一级可断：写 outer，如总阀、总开关。",
                "note: guard `\(rule)` of `\(device)` has the outer one act, and there is none: "
                    + "name `outer`, such as the main valve or contactor."
            )
        case .outerOnSameLine(let device, let outer):
            (
                "提示：“\(device)”的上一级“\(outer)”接在同一条线上：线断了两个都断不开。",
                "note: `\(outer)`, which acts for `\(device)`, is on the same line: a broken line "
                    + "silences both."
            )
        case .actionNeverSafe(let device, let action):
            (
                "提示：程序停止时没有什么能让“\(device)”的“\(action)”复位（safety: none）。",
                "note: nothing takes back what `\(action)` of `\(device)` did while the agent is "
                    + "dead (safety: none)."
            )
        case .actionLeftOut(let device, let action, let word, let chinese):
            (
                "提示：“\(device)”接的是\(chinese)，不提供“\(action)”：程序停止时没有什么能让它复位。",
                "note: `\(device)` drives a \(word), so `\(action)` is left out: nothing would "
                    + "take it back while the agent is dead."
            )
        case .lapseWithoutStrict:
            (
                "提示：只有 commit_wait: strict 时 lapse 才起作用。",
                "note: lapse has an effect with commit_wait: strict only."
            )
        }
    }
}

extension Shape {
    var chinese: String {
        switch self {
        case .nothing: "空"
        case .text: "一个值"
        case .list: "列表"
        case .map: "若干“键: 值”"
        }
    }

    var english: String {
        switch self {
        case .nothing: "nothing"
        case .text: "a single value"
        case .list: "a list"
        case .map: "keys with values"
        }
    }
}

extension ConfigurationError.Reference {
    var chinese: String {
        switch self {
        case .profile: "设备档案"
        case .device: "设备"
        case .port: "端口"
        case .view: "卡号写法"
        case .format: "韦根格式"
        case .hours: "开放时间"
        case .point: "数据点"
        case .state: "状态"
        case .action: "动作"
        case .frame: "帧"
        case .field: "字段"
        case .parameter: "参数"
        case .line: "线"
        case .service: "服务"
        case .door: "门"
        case .number: "参数"
        }
    }

    var english: String {
        switch self {
        case .profile: "profile"
        case .device: "device"
        case .port: "port"
        case .view: "view"
        case .format: "Wiegand format"
        case .hours: "set of hours"
        case .point: "point"
        case .state: "state"
        case .action: "action"
        case .frame: "frame"
        case .field: "field"
        case .parameter: "parameter"
        case .line: "line"
        case .service: "service"
        case .door: "door"
        case .number: "argument or parameter"
        }
    }
}

extension Trap {
    /// What the word is in YAML, and what may stand here instead.
    func sentence(
        _ found: String, _ expected: [String]
    ) -> (chinese: String, english: String) {
        let (chinese, english) = meaning(of: found)
        guard !expected.isEmpty else { return (chinese, english) }
        return (
            chinese + "这里只能是：\(expected.joined(separator: "、"))。",
            english + " Expected one of: \(expected.joined(separator: ", "))."
        )
    }

    private func meaning(of found: String) -> (chinese: String, english: String) {
        switch self {
        case .truth, .boolean:
            (
                "不加引号的 \(found) 在 YAML 里是真假值，这里要的是文字。",
                "Unquoted `\(found)` is true or false in YAML; a word is expected here."
            )
        case .null:
            ("不加引号的 \(found) 在 YAML 里是“无”。", "Unquoted `\(found)` is nothing in YAML.")
        case .exponent:
            (
                "不加引号的 \(found) 在 YAML 里是科学记数的数字。",
                "Unquoted `\(found)` is a number with an exponent in YAML."
            )
        case .sexagesimal:
            (
                "不加引号的 \(found) 在旧版 YAML 里是六十进制数。",
                "Unquoted `\(found)` is a base-60 number in YAML 1.1."
            )
        case .octal:
            (
                "以 0 开头的 \(found) 在旧版 YAML 里是八进制数。",
                "`\(found)` with its leading zero is octal in YAML 1.1."
            )
        }
    }

    /// Quotes, which make it text for every reader.
    func suggestion(for found: String) -> String? { found == "~" ? nil : "\"\(found)\"" }
}
