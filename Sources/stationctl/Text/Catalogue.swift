// Every sentence of stationctl, Chinese and English.

import Control
import Glibc
import Profiles
import StationCore

/// The catalogue in one language. Words that it does not know are shown as they came.
struct Catalogue {
    let language: Wording.Language

    func say(_ chinese: String, _ english: String) -> String {
        language == .chinese ? chinese : english
    }

    func text(_ text: TextRecord) -> String { say(text.zh, text.en) }

    private func word(_ word: String, _ table: [String: (String, String)]) -> String {
        table[word].map { say($0.0, $0.1) } ?? word
    }

    // MARK: Words

    func mode(_ name: String) -> String {
        DoorMode.allCases.first { $0.name == name }?.word(language) ?? name
    }
    func command(_ name: String) -> String {
        DoorCommand.allCases.first { $0.name == name }?.word(language) ?? name
    }
    func physical(_ name: String) -> String { word(name, Self.positions) }
    func egress(_ name: String) -> String { word(name, Self.egresses) }
    func alarm(_ name: String) -> String { word(name, Self.alarms) }
    func quality(_ name: String) -> String { word(name, Self.qualities) }
    func pointQuality(_ name: String) -> String { word(name, Self.pointQualities) }
    func outcome(_ name: String) -> String { word(name, Self.outcomes) }
    func journalState(_ name: String) -> String { word(name, Self.journalStates) }
    func fault(_ name: String) -> String {
        Fault.allCases.first { $0.name == name }?.word(language) ?? name
    }
    /// Why a door did not do what it was told.
    func refusal(_ name: String) -> String {
        OrderRefusal.allCases.first { $0.name == name }?.text(language) ?? name
    }
    func denial(_ name: String) -> String { word(name, Self.denials) }
    func diagnosis(_ name: String) -> String { word(name, Self.diagnoses) }
    func kind(_ name: String) -> String { word(name, Self.kinds) }
    func cause(_ name: String) -> String { word(name, Self.causes) }
    func keyState(_ name: String) -> String { word(name, Self.keyStates) }
    func storeState(_ isVolatile: Bool) -> String {
        isVolatile
            ? say("存储介质失效，记录只在内存里：请尽快更换", "medium dead, entries in memory only: replace it soon")
            : ""
    }

    /// What a crew does about a fault.
    func firstAid(_ fault: String) -> String {
        Fault.allCases.first { $0.name == fault }?.firstAid(language) ?? fault
    }
    /// The same for a fault that stands: what it is about says more than its kind.
    func firstAid(_ fault: FaultRecord) -> String {
        fault.detail.flatMap(flaw) ?? firstAid(fault.kind)
    }
    /// What is wrong with a reader's secure channel, and what to do.
    func flaw(_ name: String) -> String? {
        OSDPSecurityFault.allCases.first { $0.name == name }?.text(language)
    }
    /// What was done to a reader.
    func service(_ name: String) -> String {
        ReaderService.allCases.first { $0.name == name }?.text(language) ?? name
    }
    /// What came of an enrolment.
    func step(_ name: String) -> String {
        EnrolmentStep.allCases.first { $0.name == name }?.text(language)
            ?? GuardStep.allCases.first { $0.name == name }?.text(language)
            ?? CompartmentStep.allCases.first { $0.name == name }?.text(language)
            ?? ServiceStep.allCases.first { $0.name == name }?.text(language) ?? name
    }
    /// How a use came to be, and how it ended.
    func source(_ name: String) -> String {
        UseSource.allCases.first { $0.name == name }?.text(language) ?? name
    }
    func end(_ name: String) -> String {
        UseEnd.allCases.first { $0.name == name }?.text(language) ?? name
    }
    /// Where the chain broke.
    func breach(_ name: String) -> String { word(name, Self.breaches) }
    func system(_ number: Int32) -> String { SystemError(number).text(language) }

    static let positions = [
        "open": ("门开着", "open"), "closed": ("门关着", "closed"),
        "unknown": ("开关不明", "position unknown"),
    ]
    static let egresses = [
        "hardware": ("断电可出", "exit by cut supply"), "handle": ("把手可出", "exit by handle"),
    ]
    static let alarms = [
        "forced": ("被强行打开", "forced"), "heldOpen": ("开门过久", "held open"),
        "tampered": ("被拆动", "tampered"), "contactFault": ("门磁故障", "contact fault"),
    ]
    static let qualities = [
        "none": ("未对时", "not set"), "restored": ("开机恢复，未对时", "restored, not set"),
        "holdover": ("曾对时", "holdover"), "synced": ("已同步", "synchronised"),
    ]
    static let journalStates = [
        "opening": ("正在打开", "opening"), "running": ("正常", "running"),
        "slow": ("写入慢", "slow"), "failed": ("写入失败", "failing"),
        "silent": ("没有应答", "does not answer"),
    ]
    static let breaches = [
        "missing": ("缺这一条", "the entry is missing"),
        "commitment": ("内容与封存时不符", "its content is not what was sealed"),
        "chain": ("与前面的条目接不上", "it does not follow from the one before"),
    ]
    static let pointQualities = [
        "unread": ("还没读到", "not read yet"), "good": ("可信", "good"),
        "estimated": ("估计值", "estimated"), "stale": ("旧值", "old"),
        "outOfRange": ("超出范围", "out of range"), "absent": ("没有这个值", "the device has none"),
    ]
    static let outcomes = [
        "confirmed": ("已确认", "confirmed"), "accepted": ("设备已接受", "accepted"),
        "failed": ("没有做到", "failed"), "unknown": ("结果不明，请去看看", "unknown: go and look"),
    ]
    static let keyStates = [
        "active": ("可用", "active"), "lost": ("挂失", "lost"), "blocked": ("停用", "blocked"),
    ]
    static let causes = [
        "key": ("刷卡", "key"), "exitButton": ("出门按钮", "exit button"), "fire": ("火警", "fire"),
        "schedule": ("时间表", "schedule"), "command": ("命令", "command"),
        // Of a journal that was replaced.
        "corrupt": ("文件损坏，已另存", "the file was damaged and is set aside"),
        "rewound": ("少了已写入的条目", "written entries are gone"),
        "renamed": ("文件属于另一座驿站", "the file was another station's"),
    ]

    static let denials = [
        "malformed": ("没读清", "not read"), "rateLimited": ("刷得太快", "too fast"),
        "unknown": ("未登记", "not registered"), "lost": ("已挂失", "reported lost"),
        "blocked": ("已停用", "blocked"), "notYetValid": ("未到启用日", "not yet valid"),
        "expired": ("已过期", "expired"), "door": ("未开通此门", "not for this door"),
        "hours": ("不在时段", "not at this time"), "quota": ("次数用完", "quota used up"),
        "passback": ("记录显示在内", "inside already"), "secondPerson": ("缺第二人", "second person"),
        "assurance": ("需要新卡", "needs a newer card"), "clockUntrusted": ("等待对时", "clock not set"),
        "journalUnavailable": ("记录不可用", "journal unavailable"), "lockdown": ("封闭中", "locked down"),
        "doorBlocked": ("此门停用", "door out of use"), "interlock": ("互锁", "interlock"),
        "noKey": ("本站没有密钥", "no station key"), "lockUnavailable": ("锁有故障", "lock faulty"),
        "lockersFull": ("柜格已满", "lockers full"), "inUse": ("有人在用", "in use"),
        "outOfOrder": ("用不了", "out of order"), "noneFree": ("都在用", "none free"),
        "notReady": ("还没好", "not ready yet"), "holderLimit": ("已在用一个", "uses one already"),
        "hotLocked": ("热水未解锁", "hot water locked"),
        "service": ("未开通此服务", "not for this service"),
        "quotaPeriod": ("本期用完", "used up for this period"),
    ]

    static let diagnoses = [
        "parity": ("校验位不对：查干扰和线长", "wrong parity: check for noise and length"),
        "linesSwapped": ("D0/D1 接反：请对调", "D0 and D1 swapped: swap them"),
        "doubledEdges": ("每位数了两次：只取下降沿", "each bit twice: falling edges only"),
        "lostBits": ("少位：查接触和线长", "bits lost: check contacts and length"),
        "extraBits": ("多位：查干扰或读卡器格式", "extra bits: check noise or the reader's format"),
        "overflow": ("远超一张卡：线在抖动", "far more than a card: the line oscillates"),
        "glitch": ("零星脉冲：干扰", "a stray pulse: noise"),
        "collision": ("两线同时为低：查短路", "both lines low: look for a short"),
        "edgesLost": ("内核丢了沿：板卡太忙", "the kernel dropped edges: the board is busy"),
        "keypad": ("不是任何按键", "no key of a keypad"),
        "damaged": ("没收全或校验不对：查接线和设定", "not whole or wrong check: wiring, settings"),
        "typed": ("像人敲的键：看那里插了什么", "typed by a person: see what is plugged in"),
        "halfUID": ("只读出半个卡号", "half of a card's number"),
        "strangeCard": ("驿站不认识这种卡", "a kind of card that a station does not know"),
        "takenAway": ("没读完就拿走了", "taken away before it was read"),
        "unreadable": ("卡不应答：换一张卡试试", "the card does not answer: try another one"),
    ]

    static let kinds = [
        "access.granted": ("放行", "granted"), "access.passGranted": ("日票放行", "let in by day pass"),
        "access.passWithdrawn": ("日票这次不算", "day pass, use taken back"),
        "access.denied": ("未放行", "not granted"),
        "access.cardShown": ("看了持卡人", "looked up whose card it is"),
        "reader.misreadsCounted": ("没读清的卡（计数）", "damaged reads, counted"),
        "access.unknownsCounted": ("未登记的卡（计数）", "unknown cards, counted"),
        "door.released": ("开锁", "released"), "roster.replaced": ("名册已更换", "roster replaced"),
        "key.installed": ("密钥已安装", "key installed"), "door.commanded": ("命令", "command"),
        "door.commandRefused": ("命令没有执行", "command not carried out"),
        "door.secured": ("上锁", "secured"), "door.opened": ("门开", "opened"),
        "door.closed": ("门关", "closed"), "door.forced": ("被强行打开：请去看看", "forced: go and look"),
        "door.heldOpenSoon": ("开门将过久", "held open soon"),
        "door.heldOpen": ("开门过久：请关门，再查闭门器", "held open: close it, check the closer"),
        "door.alarmEnded": ("报警结束", "alarm ended"),
        "door.exitRequested": ("按了出门按钮", "exit button"),
        "door.changesCounted": ("门磁变化（计数）", "openings and closings, counted"),
        "door.exitsCounted": ("出门按钮（计数）", "exit button, counted"),
        "door.modeChanged": ("模式改变", "mode changed"),
        "door.grantUnused": ("放行后没有开门", "granted, not used"),
        "door.closingVetoed": ("有东西挡着，没有关", "something is in the way, not closed"),
        "door.fireCleared": ("火警输入已解除，等人复位", "no fire any more: reset it"),
        "door.passbackForgotten": ("进出记忆已清除", "who is inside is forgotten"),
        "device.faultRaised": ("故障", "fault"), "device.faultCleared": ("故障解除", "fault cleared"),
        "key.enrolment": ("登记新卡", "enrolment"),
        "key.cardsWithdrawn": ("登记的卡作废", "enrolled cards withdrawn"),
        "key.cardsConfirmed": ("名册接管了登记的卡", "enrolled cards are the roster's now"),
        "approval.changed": ("两位站长", "two masters"),
        "key.told": ("本站对钥匙的说法", "told of a key here"),
        "reader.serviced": ("读卡器维护", "reader looked after"),
        "reader.insecure": ("读卡器身份未证实", "reader not proved genuine"),
        "station.started": ("启动", "started"), "station.stopped": ("停止", "stopped"),
        "station.faultRaised": ("驿站故障", "station fault"),
        "station.faultCleared": ("驿站故障解除", "station fault cleared"),
        "station.journalWaiting": ("写记录与放行", "grants and the journal"),
        "station.entriesLost": ("有记录没能写下", "entries not written"),
        "station.storeReplaced": ("记录库已更换", "journal replaced"),
        "reader.diagnosed": ("读卡异常", "bad read"), "device.edgesLost": ("丢了信号沿", "edges lost"),
        "station.clockChanged": ("时钟变动", "clock changed"),
        "action.ordered": ("操作设备", "device told"), "action.ended": ("操作结果", "device did"),
        "point.changed": ("状态变化", "state"), "point.sampled": ("读数", "reading"),
        "point.totalReset": ("累计值接着另一段读数往下算", "a total goes on over a count that began anew"),
        "device.guard": ("保护", "guard"),
        "use.began": ("开始使用", "use began"), "use.ended": ("使用结束", "use ended"),
        "use.refused": ("未提供", "not given"), "box.changed": ("柜格", "box"),
        "part.changed": ("服务", "service"), "part.faultRaised": ("服务故障", "service fault"),
        "part.faultCleared": ("服务恢复", "service in order"),
        "hours.changed": ("开放时间", "opening hours"),
        "notice.set": ("通知", "notice"), "notice.ended": ("通知撤下", "notice ended"),
        "command.taken": ("收到中枢指令", "a hub's command"),
        "command.ended": ("中枢指令的结果", "a hub's command ended"),
        "point.changesCounted": ("状态变化（计数）", "states, counted"),
    ]
}

// MARK: - Problems

extension Catalogue {
    /// What is wrong and what to do; `nil` when everything was said already.
    func text(_ problem: Problem) -> String? {
        switch problem {
        case .station(let failure): text(failure)
        case .badData(let text): self.text(text)
        case .told: nil
        case .file(let path, let number):
            say("\(path)：\(system(number))", "\(path): \(system(number))")
        case .activation(let error): error.text(language)
        case .port(let path, let error): text(error, path)
        case .gateway(let address, EPROTO):
            say(
                "\(address) 说的不是Modbus TCP：看看是不是别的端口",
                "\(address) does not speak Modbus TCP: another port?")
        case .gateway(let address, let number):
            say(
                "连不上 \(address)：\(system(number))：检查地址、端口和网线",
                "\(address) cannot be reached: \(system(number)): check address, port and cable")
        case .exists(let path):
            say(
                "\(path) 已存在，不会覆盖：请换个名字", "\(path) is there already and stays: use another name")
        }
    }

    func text(_ failure: ControlFailure) -> String {
        switch failure {
        case .unreachable(let path, let number) where number == EACCES || number == EPERM:
            say(
                "不能打开 \(path)：请加入 station 组，或用 sudo",
                "\(path) may not be opened: join the group station, or use sudo")
        case .unreachable(let path, let number):
            say(
                "\(path) 上没有驿站（\(system(number))）：先看 systemctl status stationd，"
                    + "或用 --socket 指明套接字",
                "no station at \(path) (\(system(number))): see systemctl status stationd, "
                    + "or name its socket with --socket")
        case .timedOut:
            say("驿站没有及时应答，请稍后再试", "the station did not answer in time; try again shortly")
        case .closed:
            say("驿站断开了连接，可能正在重启", "the station closed the connection; it may be restarting")
        case .notUnderstood(let reason):
            say(
                "看不懂驿站的应答（\(text(reason))）：版本可能不同",
                "the station's reply was not understood (\(text(reason))): another version?")
        case .refused(let error): text(error)
        }
    }

    func text(_ error: ControlError) -> String {
        switch error {
        case .notAllowed(_, let needs):
            say(
                "这件事需要 \(role(needs))：请加入相应的组，或用 sudo",
                "this takes \(role(needs)): join the group, or use sudo")
        case .notSimulated:
            say("这是真实的驿站：只有模拟驿站可以这样刷卡", "a real station: only a simulated one can be tapped so")
        case .noSuchReader(let reader, let readers):
            say("没有读卡器 \(reader)，有：", "no reader \(reader); there are: ")
                + readers.joined(separator: say("、", ", "))
        case .noSuchDoor, .doorRefused, .noSuchDevice, .noSuchAction, .actionRefused, .noSuchGuard,
            .guardRefused, .noSuchService, .noSuchBox, .boxRefused, .noSuchPlace, .serviceRefused,
            .noSuchHours, .hoursRefused, .noticeRefused, .commandRefused, .noSuchCommand:
            orderText(error)
        case .badBits(let reason):
            say("卡的比特不对：\(text(reason))", "not a card's bits: \(text(reason))")
        case .readerRefused(let reason):
            say("这个读卡器不行：\(text(reason))", "not this reader: \(text(reason))")
        case .noDescriptor(let reason):
            say("文件不能用：\(text(reason))", "the file is of no use: \(text(reason))")
        case .noKey:
            say(
                "本站还没有密钥：先 stationctl key create --standalone 或 key install FILE",
                "the station has no key: first stationctl key create --standalone, or key install")
        case .keyExists(let epoch):
            say("本站已有密钥 \(epoch)，不会覆盖", "the station has a key already, \(epoch); it stays")
        case .badKey(let reason): say("不是密钥文件：\(text(reason))", "no key file: \(text(reason))")
        case .badRoster(let reason):
            say("名册不能用：\(text(reason))", "the roster is of no use: \(text(reason))")
        case .enrolmentRefused, .keyRefused, .twoMasters, .approvalRefused, .noSuchRights, .noCards:
            keys(error)
        case .noPass(let reason): say("不能签发日票：\(text(reason))", "no day pass: \(text(reason))")
        case .badCursor(let cursor, let store, let oldest, let newest):
            say(
                "游标 \(cursor) 不在现在的记录库 \(store)（\(oldest)-\(newest)）里",
                "cursor \(cursor) is not in the journal \(store) (\(oldest)-\(newest))")
        case .journalUnavailable(let state):
            say(
                "记录库不可用：\(journalState(state))",
                "the journal is unavailable: \(journalState(state))")
        case .busy(let what):
            say(
                "驿站正忙（\(part(what))），请稍后再试",
                "the station is busy (\(part(what))); try again shortly")
        case .noAnswer(let what):
            say(
                "驿站的\(part(what))没有应答：若持续，请重启 stationd",
                "the station's \(part(what)) does not answer: if it stays so, restart stationd")
        case .sessionsOpen(let sessions):
            say("现在重启会打断：", "a restart now would cut: ")
                + sessions.joined(separator: say("、", ", "))
                + say("；稍后再试，或加 --now", "; try later, or add --now")
        case .interfaceNotFound, .methodNotFound, .methodNotImplemented, .other:
            say(
                "驿站不懂这个请求（\(error.name)）：版本可能不同",
                "the station does not know this request (\(error.name)): another version?")
        case .invalidParameter(let name):
            say("参数 \(name) 不对", "the parameter \(name) is wrong")
        case .badMessage(let reason):
            say(
                "驿站不接受这个请求：\(text(reason))",
                "the station refused the request: \(text(reason))")
        case .expectedMore:
            say("驿站不接受这个请求（\(error.name)）", "the station refused the request (\(error.name))")
        }
    }

    func text(_ reason: ControlReason) -> String { reason.text(language) }
    private func part(_ name: String) -> String { ControlError.part(name, language) }

    private func role(_ name: String) -> String {
        switch name {
        case "owner": say("root 或 stationd 用户", "root or the user stationd")
        case "crew": say("维护人员（station-crew 组）", "crew (group station-crew)")
        default: say("station 组", "the group station")
        }
    }
}
