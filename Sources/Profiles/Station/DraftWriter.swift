// Writes a new station's file: every device with what to wire where, in both languages.

import StationCore

struct DraftWriter {
    let draft: StationDraft
    let lines: [DraftBoard.Line]
    /// So many lines were asked for; beyond what there is the text is of no use.
    private(set) var wanted = 0
    var devices = ""
    var doors = ""
    var services = ""

    init(_ draft: StationDraft) {
        self.draft = draft
        lines = draft.board.lines(hasSerial: draft.hasBuses)
    }

    mutating func write() -> String {
        for number in stride(from: 1, through: draft.doors, by: 1) { door(number) }
        // In the order of their names in the file, whatever the set's is.
        for gift in StationDraft.Gift.allCases where draft.gifts.contains(gift) {
            switch gift {
            case .water: water()
            case .phones: phones()
            case .lockers: lockers()
            case .toilet: toilet()
            case .firstAid: firstAid()
            }
        }
        return head + ports + "\ndevices:\n" + devices + board
            + (draft.doors == 0 ? "\ndoors: []\n" : "\ndoors:\n" + doors) + hours
            + (services.isEmpty ? "" : "\nservices:\n" + services) + tail
    }

    /// The next free line.
    mutating func line() -> DraftBoard.Line {
        wanted += 1
        return wanted <= lines.count
            ? lines[wanted - 1] : DraftBoard.Line(name: "none", pin: nil)
    }

    /// Text in double quotes that says just that.
    static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    // MARK: The frame

    private var head: String {
        let phone =
            draft.phone.isEmpty
            ? "  # phone: \"024-0000-0000\"   # 骑手可以打的电话 whom a rider may call\n"
            : "  # 骑手可以打这个电话。 Whom a rider may call.\n  phone: "
                + Self.quoted(draft.phone) + "\n"
        return """
            # \(draft.chinese)
            # \(draft.english)
            #
            # 先照注释接线，再改这里的值；改完后运行：
            # Wire it as the comments say, then change what is different. After a change run:
            #     stationctl check STATION.yaml

            schema: station/1

            station:
              id: \(draft.id)
              name: {zh: \(Self.quoted(draft.chinese)), en: \(Self.quoted(draft.english))}
            \(phone)  utc_offset: "+08:00"

            ports:
              # GPIO 芯片，gpioinfo 方括号里的标签。\(draft.board.remark.chinese)
              # The GPIO chip, by the label that gpioinfo prints in brackets.
              # \(draft.board.remark.english)
              header: {gpio: \(Self.quoted(draft.board.chip))}

            """
    }

    private var ports: String {
        var text = ""
        if draft.gifts.contains(.phones) {
            text += """
                  # 充电插座的 RS-485：A 接 A，B 接 B，线两头各一个 120 欧电阻。
                  # RS-485 of the sockets: A to A, B to B, 120 ohms at either end.
                  outlets: {serial: \(draft.board.serial), baud: 9600}

                """
        }
        guard draft.gifts.contains(.lockers) else { return text }
        guard draft.gifts.contains(.phones) else {
            return text + """
                  # 柜锁的 RS-485：A 接 A，B 接 B。 RS-485 of the locks: A to A, B to B.
                  bank: {serial: \(draft.board.serial), baud: 9600}

                """
        }
        return text + """
              # 柜锁的 RS-485 走 USB 转接器，名字在 /dev/serial/by-path/ 里查。
              # RS-485 of the locks, on a USB adapter: its name is in /dev/serial/by-path/.
              bank: {serial: \(DraftBoard.adapter), baud: 9600}

            """
    }

    private let board = """

          # 主板自己：温度、欠压、磁盘。 The board itself: temperature, supply, disk.
          - {name: board, profile: board-linux, label: {zh: 主板, en: Board}}

        """

    private var hours: String {
        guard let hours = draft.hours else { return "" }
        guard draft.keepsHours else {
            return "\n# 开放时间 \(hours)：写了用得着它的服务再加 hours。\n"
                + "# Open \(hours): add `hours` with the first service that keeps them.\n"
        }
        return """

            hours:
              # 周末、季节、节假日怎么写： Weekends, seasons, holidays:  docs/station-file.md
              - name: day
                label: {zh: 开放时间, en: Opening hours}
                week: "\(hours)"
                clock_unknown: open

            """
    }

    /// The line of a service that keeps the hours.
    var keepsHours: String { draft.hours == nil ? "" : "    hours: day\n" }

    private let tail = """

        journal:
          # 记录没写完也最多等这么久就开门。 A rider never waits longer than this for the journal.
          commit_wait: 150ms

        policy:
          # 断电后钟不准：按最早可能的时间判断。 With a clock that may be wrong: the earliest time
          # that it can be.
          untrusted_clock: floor
          grace_days: 7

        """

    // MARK: Doors

    private mutating func door(_ number: Int) {
        let one = draft.doors == 1
        let name = one ? "front" : "door-\(number)"
        let (chinese, english) = one ? ("大门", "Front door") : ("\(number) 号门", "Door \(number)")
        let (d0, d1, beeper) = (line(), line(), line())
        let (coil, contact, exit) = (line(), line(), line())
        let isMaglock = draft.lock == .maglock
        reader("\(name)-reader", chinese, english, d0, d1, beeper)
        devices +=
            isMaglock
            ? """
              # 磁力锁：继电器接 \(coil.zh)。出门按钮和消防触点必须用线直接断它的电。
              # Maglock: its relay on \(coil.en). Exit button and fire contact have to
              # cut its supply by wire.

            """
            : """
              # 电锁：继电器接 \(coil.zh)，12V 另配电源，线圈上并一个二极管。
              # Strike: its relay on \(coil.en), 12 V of its own, a diode across the
              # coil.

            """
        devices += """
              - name: \(name)-lock
                profile: \(isMaglock ? "maglock" : "strike-12v")
                label: {zh: \(chinese)锁, en: \(english) lock}
                gpio: {coil: \(coil.name)}
              # 门磁接 \(contact.zh)和地，出门按钮接 \(exit.zh)和地。
              # Contact between \(contact.en) and ground, exit button between
              # \(exit.en) and ground.
              - name: \(name)-contact
                profile: door-contact
                label: {zh: \(chinese)门磁, en: \(english) contact}
                gpio: {contact: \(contact.name)}
              - name: \(name)-exit
                profile: exit-button
                label: {zh: \(chinese)出门按钮, en: \(english) exit button}
                gpio: {button: \(exit.name)}

            """
        doors += """
              - name: \(name)
                label: {zh: \(chinese), en: \(english)}
                readers: {in: [\(name)-reader]}
                lock: \(name)-lock
                contact: \(name)-contact
                exit_button: \(name)-exit
                egress: \(isMaglock ? "hardware" : "handle")
                greeting: room
                release: 5s
                relock: \(isMaglock ? "close" : "open")
                open: 60s
                pre_alarm: 15s

            """
        // Smoke in the room frees the door.
        if draft.gifts.contains(.phones) { doors += "    fire: \"smoke/smoke == alarm\"\n" }
    }

    /// A Wiegand reader, the usual one.
    mutating func reader(
        _ name: String, _ chinese: String, _ english: String, _ d0: DraftBoard.Line,
        _ d1: DraftBoard.Line, _ beeper: DraftBoard.Line
    ) {
        devices += """
              # \(chinese)读卡器（韦根 26）：绿线 D0 接 \(d0.zh)，白线 D1 接 \(d1.zh)，
              # 蜂鸣器接 \(beeper.zh)。信号是 5V 的，要降到 3.3V。
              # \(english) reader (Wiegand 26): green D0 to \(d0.en), white D1 to
              # \(d1.en), beeper to \(beeper.en). Bring 5 V down to 3.3 V.
              - name: \(name)
                profile: wiegand-26
                label: {zh: \(chinese)读卡器, en: \(english) reader}
                gpio: {d0: \(d0.name), d1: \(d1.name), beeper: \(beeper.name)}

            """
    }
}
