// The words that crews meet for modes, commands and faults, with the first aid for each fault.

extension DoorMode {
    public func word(_ language: Wording.Language) -> String {
        let words =
            switch self {
            case .locked: ("已锁", "locked")
            case .unlocked: ("常开", "unlocked")
            case .accessed: ("放行中", "accessed")
            case .blocked: ("停用", "blocked")
            case .lockedDown: ("封闭", "locked down")
            case .lockedOpen: ("锁定常开", "locked open")
            }
        return language == .chinese ? words.0 : words.1
    }
}

extension DoorCommand {
    public func word(_ language: Wording.Language) -> String {
        let words =
            switch self {
            case .access: ("开一次门", "let one person in")
            case .unlock: ("常开", "unlock")
            case .lock: ("上锁", "lock")
            case .block: ("停用", "block")
            case .unblock: ("恢复使用", "unblock")
            case .lockDown: ("封闭", "lock down")
            case .releaseLockDown: ("解除封闭", "release lockdown")
            case .resetFire: ("火警复位", "reset fire")
            case .forgetPassback: ("清除进出记忆", "forget who is inside")
            }
        return language == .chinese ? words.0 : words.1
    }
}

extension MasterOperation {
    public func text(_ language: Wording.Language) -> String {
        let words =
            switch self {
            case .enrolMaster: ("登记站长或代理的卡", "enrol a master's or a deputy's card")
            case .liftBlock: ("解除本站的挂失停用", "lift what was told of a key")
            case .hoursToday: ("改今天的开放时间", "hours for today")
            case .unlockDoor: ("让门常开", "have a door stand open")
            case .clearBox: ("把柜格清为无主", "make a box nobody's")
            }
        return language == .chinese ? words.0 : words.1
    }
}

extension ApprovalStep {
    public func text(_ language: Wording.Language) -> String {
        let words =
            switch self {
            case .requested: ("等两位站长刷卡", "two masters are to tap")
            case .agreed: ("一位站长已同意，还差一位", "one master agrees: now another")
            case .approved: ("两位站长都已同意，正在执行", "both masters agree: it is carried out")
            case .lapsed: ("一分钟内没有两位站长同意：重新申请", "not both within a minute: ask again")
            case .cancelled: ("驿站停止，已取消", "the station stopped: cancelled")
            }
        return language == .chinese ? words.0 : words.1
    }
}

extension KeyWord {
    public func text(_ language: Wording.Language) -> String {
        let words =
            switch self {
            case .lost: ("在本站挂失", "told lost here")
            case .blocked: ("在本站停用", "blocked here")
            case .lifted: ("本站的挂失停用已解除，以名册为准", "no more told here: the roster's word holds")
            case .confirmed: ("名册也这么说了，此后以名册为准", "the roster says so too, and its word holds")
            }
        return language == .chinese ? words.0 : words.1
    }
}

extension ReaderService {
    /// What happened, and what to do if something is to be done.
    public func text(_ language: Wording.Language) -> String {
        let words =
            switch self {
            case .reset: ("重新连接", "asked from the beginning")
            case .installBegun: ("安装模式开始", "install mode began")
            case .installed: ("已有自己的密钥", "has a key of its own")
            case .installEnded:
                (
                    "安装模式结束，没有给密钥：按说明书复位读卡器再试",
                    "install mode over, no key given: reset it and try again"
                )
            case .installRefused:
                ("读卡器不收密钥：按说明书复位再试", "it would not take the key: reset it and try again")
            case .installNotKept:
                ("密钥存不下来，没有给：检查SD卡", "the key could not be stored nor given: check the SD card")
            case .installDoubtful:
                ("不知它是否收下密钥：新旧都会试", "nobody knows whether it took the key: both are tried")
            case .moveBegun: ("要换地址或波特率", "another address or speed was asked for")
            case .moved:
                ("地址或波特率已换：请改驿站文件", "it has another address or speed: change the station file")
            case .moveFailed: ("地址或波特率没有换", "it has kept its address and speed")
            case .tested: ("试声光", "shows its rhythms")
            }
        return language == .chinese ? words.0 : words.1
    }
}

extension Fault {
    public func word(_ language: Wording.Language) -> String {
        let words =
            switch self {
            case .missing: ("未找到", "missing")
            case .busy: ("被占用", "busy")
            case .lost: ("失联", "lost")
            case .frozen: ("电锁卡住", "frozen")
            case .contactFlaky: ("门磁乱跳", "contact flaky")
            case .overrun: ("信号过密", "overrun")
            case .linesSwapped: ("D0/D1 接反", "lines swapped")
            case .journalSlow: ("记录写入慢", "journal slow")
            case .journalFailed: ("记录写入失败", "journal failed")
            case .stuck: ("线程卡住", "stuck")
            case .socketClosed: ("控制套接字打不开", "control socket closed")
            case .silent: ("无应答", "silent")
            case .garbled: ("应答杂乱", "garbled")
            case .wrongModel: ("型号不符", "wrong model")
            case .insecure: ("身份未证实", "not proved genuine")
            case .snapshotFailed: ("状态存不下来", "state not kept")
            case .rosterUnusable: ("名册不能用", "roster unusable")
            case .modesUnknown: ("门的状态丢失，已锁闭", "door modes lost, locked down")
            case .tampered: ("外壳被打开", "case opened")
            case .powerLow: ("供电不足", "power low")
            case .clerkStuck: ("文书线程卡住", "clerk stuck")
            case .passesUnusable: ("日票不能用", "day passes unusable")
            case .cardsUnusable: ("现场登记的卡不能用", "cards enrolled here unusable")
            case .repeating: ("反复报同一张卡", "repeats a card")
            case .readerKeysUnusable: ("读卡器密钥不能用", "reader keys unusable")
            case .refusing: ("拒绝读取部分数据", "refuses part of what is asked")
            case .usesUnknown: ("还没读到启动前的使用记录", "uses before the start not read yet")
            case .guardStands: ("保护已动作", "a guard stands")
            case .notSecured: ("没能确认断开", "not confirmed safe")
            case .marksUnusable: ("本站的挂失停用丢失", "keys told lost here not known")
            }
        return language == .chinese ? words.0 : words.1
    }

    /// What a crew does about it.
    public func firstAid(_ language: Wording.Language) -> String {
        let words =
            switch self {
            case .missing:
                ("检查板卡供电、接线和配置里的芯片名", "check the board's power, wiring and chip label")
            case .busy:
                ("用 gpioinfo 看谁占用了线，停掉它", "see with gpioinfo who holds the line, stop it")
            case .lost: ("检查接线和供电；恢复后会自动接上", "check wiring and power; it comes back by itself")
            case .frozen: ("检查锁舌是否受压、结冰，再看供电", "look for a loaded or frozen bolt, then its power")
            case .contactFlaky: ("检查磁铁间隙和接线", "check the magnet's gap and the wiring")
            case .overrun: ("检查屏蔽和接地，看线上有无干扰", "check shield and ground; something oscillates")
            case .linesSwapped: ("对调读卡器的 D0 和 D1", "swap the reader's D0 and D1")
            case .journalSlow: ("检查 SD 卡，准备更换", "check the SD card, have another ready")
            case .journalFailed:
                ("检查 SD 卡空间和健康，尽快更换", "check the SD card's space and health, replace it")
            case .stuck: ("重启 stationd；再犯请附日志报告", "restart stationd; report it with its log")
            case .socketClosed:
                ("看日志里的原因：目录要在且可写，或另有程序占用", "see the log: no folder, or another program has it")
            case .silent: ("检查供电、接线和地址", "check its supply, its wiring and its address")
            case .garbled: ("核对波特率，检查地线和屏蔽", "check the baud rate, ground and shield")
            case .wrongModel: ("核对型号和驿站文件", "compare the model with the station file")
            case .insecure: ("到现场看读卡器有没有被换；再装密钥", "see whether it was swapped; then its key")
            case .snapshotFailed:
                ("检查 SD 卡空间和状态目录属主", "check the SD card's space and the state folder's owner")
            case .rosterUnusable:
                ("重新导入名册 stationctl roster import", "stationctl roster import: import it again")
            case .modesUnknown:
                ("看过现场后停机，运行 stationd --reset-doors", "look, stop, run stationd --reset-doors")
            case .tampered: ("到现场看外壳和安装，再合上", "go and look at its case, then close it")
            case .powerLow: ("检查电源和线长，量端子电压", "check its supply, measure at its terminals")
            case .clerkStuck:
                ("开门不受影响；重启 stationd，再导入名册", "doors work; restart stationd, then import again")
            case .passesUnusable:
                ("从备份恢复 pass.key，或移走它重启", "restore pass.key, or move it away and restart")
            case .cardsUnusable:
                ("卡要重新登记 stationctl enroll", "enrol the cards again: stationctl enroll")
            case .repeating: ("拿开贴在读卡器上的卡，再断电重启它", "take away a card left on it, power-cycle it")
            case .readerKeysUnusable:
                ("看日志：补回封印凭据，或重装读卡器密钥", "see the log: give the seal back, or new keys")
            case .usesUnknown:
                ("柜子先不发；看记录库和 SD 卡，再重启", "no box is given; see journal and SD card, restart")
            case .refusing:
                ("核对型号和设备档案是否一致", "compare its model with its profile in the station file")
            case .guardStands:
                ("查清原因后 stationctl guard reset", "find the cause, then stationctl guard reset")
            case .notSecured:
                ("马上到现场手动切断，再查设备和总线", "go and cut it off by hand, then see device and bus")
            case .marksUnusable:
                ("逐把重新挂失 stationctl card lost", "tell them again: stationctl card lost")
            }
        return language == .chinese ? words.0 : words.1
    }
}
