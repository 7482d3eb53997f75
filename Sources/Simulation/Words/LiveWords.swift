// What a line on the terminal says: time, door, who (masked), what came of it, how fast.

public import EventLoop
public import StationCore

/// Turns entries into lines for people. A key's id is masked: terminals are filmed and shared.
public struct LiveWords: Sendable {
    /// An entry, and how long its tap took if it is the answer to one.
    public struct Line: Sendable {
        public var entry: Entry
        public var latency: Interval?

        public init(entry: Entry, latency: Interval?) {
            self.entry = entry
            self.latency = latency
        }
    }

    private static let doorWidth = 18
    private static let whoWidth = 10

    let language: Wording.Language
    let station: ResolvedStation
    let residents: [Resident]
    /// Keys of the latest grants, by ticket: a release names its grant, not its key.
    private var grants: [(ticket: Ticket, key: ShortText, note: GrantNote)] = []

    public init(language: Wording.Language, station: ResolvedStation, residents: [Resident]) {
        self.language = language
        self.station = station
        self.residents = residents
    }

    private var isChinese: Bool { language == .chinese }

    private func say(_ chinese: String, _ english: String) -> String {
        isChinese ? chinese : english
    }

    /// The line, or `nil` for what nobody at a terminal asks for.
    public mutating func line(for line: Line) -> String? {
        let entry = line.entry
        switch entry.event {
        case .granted(_, _, _, let note):
            grants.append((entry.ticket, entry.key, note))
            if grants.count > 64 { grants.removeFirst() }
            return nil
        case .released(let door, .key, let grant, _, let note):
            let found = grants.last { $0.ticket == grant }
            let isLate = note == .journalSlow
            return row(
                entry, door, mask(found?.key ?? .empty),
                say("放行  ", "granted  ") + welcome(door, found)
                    + (isLate ? say("（未等到写入）", " (not yet written)") : ""), line.latency)
        case .released(let door, let cause, _, _, _):
            return row(entry, door, "", released(cause), nil)
        case .denied(let door, _, _, let reason):
            let text = say("未放行  ", "denied   ") + sentence(reason, entry)
            return row(entry, door, mask(entry.key), text, line.latency)
        default:
            return notice(entry).map { row(entry, entry.event.door, "", $0, nil) }
        }
    }

    private func welcome(
        _ door: DoorID, _ grant: (ticket: Ticket, key: ShortText, note: GrantNote)?
    ) -> String {
        if grant?.note == .grace {
            let end = residents.first { $0.key == grant?.key }?.validTo
            let days = Int64(station.policy.graceDays)
            let last = end.map { day(WallTime(seconds: $0.seconds + days * 86_400)) } ?? ""
            return Wording.text(.grantedGrace, language, [("date", last)])
        }
        switch station.doors[Int(door.index)].greeting {
        case .room: return Wording.text(.grantedRoom, language)
        case .gate: return Wording.text(.grantedGate, language)
        }
    }

    private func released(_ cause: ReleaseCause) -> String {
        switch cause {
        case .key: say("放行", "granted")
        case .exitButton: say("出门按钮，开门", "exit button, released")
        case .fire: say("消防，开门", "fire, released")
        case .schedule: say("按时开门", "schedule, released")
        case .command: say("远程开门", "command, released")
        }
    }

    private func sentence(_ reason: Denial, _ entry: Entry) -> String {
        let resident = residents.first { $0.key == entry.key }
        let other = station.doors.first { door in
            resident?.doors?.contains(door.name) ?? false
        }
        let otherName = other.map { isChinese ? $0.labelChinese : $0.labelEnglish }
        return Wording.text(
            reason.wording, language,
            [
                ("phone", station.station.phone),
                ("door", otherName ?? say("别的门", "another door")),
                ("date", say("登记的日期", "its first day")),
                ("time", say("开放时", "opening time")), ("n", "10"),
                ("place", say("服务台", "the desk")),
                ("service", say("次数", "quota")),
            ])
    }

    private func notice(_ entry: Entry) -> String? {
        switch entry.event {
        case .opened: say("门开了", "opened")
        case .closed: say("门关上了", "closed")
        case .forced: say("门被强行打开", "FORCED")
        case .heldOpenSoon: say("门开得有点久了", "open for long")
        case .heldOpen: say("门一直开着，请关门", "HELD OPEN")
        case .alarmEnded: say("门关好了，警报解除", "alarm over")
        case .grantUnused: say("没有进门", "nobody went in")
        case .closingVetoed: say("有东西挡着，不落杆", "something is in the way, not closed")
        case .fireCleared: say("火警输入已解除，等人复位", "no fire any more, waits to be reset")
        case .passbackForgotten: say("进出记忆已清除", "who is inside is forgotten")
        case .modeChanged(_, let mode, _): say("门的模式：", "mode: ") + mode.word(language)
        case .faultRaised(let device, let fault):
            name(device) + say("：故障，", ": fault, ") + fault.word(language)
        case .faultCleared(let device, let fault):
            name(device) + say("：故障解除，", ": fault over, ") + fault.word(language)
        case .stationFaultRaised(let fault): say("驿站故障：", "station fault: ") + fault.word(language)
        case .stationFaultCleared(let fault):
            say("驿站故障解除：", "station fault over: ") + fault.word(language)
        case .started: say("驿站开始运行", "station started")
        case .stopped: say("驿站停止运行", "station stopped")
        case .rosterReplaced(_, let keys, _): say("名册已更新：\(keys) 把钥匙", "roster: \(keys) keys")
        case .keyInstalled(let epoch): say("驿站密钥 \(epoch)", "station key \(epoch)")
        case .journalWaiting(let isWaiting):
            isWaiting
                ? say("记录恢复及时", "the journal is on time again")
                : say("记录太慢，先开门后记录", "the journal is slow: doors no longer wait")
        case .entriesLost(let count): say("\(count) 条记录丢失", "\(count) entries lost")
        default: nil
        }
    }

    // MARK: Columns

    private func row(
        _ entry: Entry, _ door: DoorID?, _ who: String, _ what: String, _ latency: Interval?
    ) -> String {
        let label = door.map { id in
            let door = station.doors[Int(id.index)]
            return isChinese ? door.labelChinese : door.labelEnglish
        }
        let width = isChinese ? Self.doorWidth : Self.doorWidth + 8
        return time(entry.wall) + "  " + Self.padded(label ?? station.station.id, width)
            + Self.padded(who, Self.whoWidth) + what + (latency.map { "  " + Self.text($0) } ?? "")
    }

    private func name(_ device: DeviceID) -> String {
        let device = station.devices[Int(device.index)]
        let label = isChinese ? device.labelChinese : device.labelEnglish
        return label.isEmpty ? device.name : label
    }

    /// First and last two characters of a key's id.
    func mask(_ key: ShortText) -> String {
        guard !key.isEmpty else { return say("未登记", "unknown") }
        let text = "\(key)"
        guard text.count > 4 else { return text.prefix(1) + "•••" }
        return text.prefix(2) + "••" + text.suffix(2)
    }

    private func time(_ wall: WallTime) -> String {
        let seconds = wall.seconds + Int64(station.station.utcOffsetMinutes * 60)
        let ofDay = Int(seconds % 86_400)
        return [ofDay / 3_600, ofDay / 60 % 60, ofDay % 60]
            .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }

    /// A date in station time, as people say it: `5-31`.
    private func day(_ wall: WallTime) -> String {
        let offset = Int64(station.station.utcOffsetMinutes * 60)
        let (_, month, day) = CivilDate(localSeconds: wall.seconds + offset).parts
        return "\(month)-\(day)"
    }

    static func text(_ latency: Interval) -> String {
        let tenths = latency.microseconds / 100
        return "\(tenths / 10).\(tenths % 10) ms"
    }

    /// Chinese characters take two columns.
    static func padded(_ text: String, _ width: Int) -> String {
        let used = text.unicodeScalars.reduce(0) {
            $0 + ($1.value >= 0x1100 && $1.value != 0x2022 ? 2 : 1)
        }
        return text + String(repeating: " ", count: max(1, width - used))
    }
}
