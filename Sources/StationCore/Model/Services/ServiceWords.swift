// What people read of uses and boxes: what happened, and what to do if something is to be done.

extension UseSource {
    public func text(_ language: Wording.Language) -> String {
        let words =
            switch self {
            case .key: ("刷卡", "by key")
            case .pass: ("通行码", "by day pass")
            case .button: ("按钮", "by button")
            case .sensor: ("自动计数", "counted")
            case .command: ("人工操作", "by order")
            }
        return language == .chinese ? words.0 : words.1
    }
}

extension UseEnd {
    public func text(_ language: Wording.Language) -> String {
        let words =
            switch self {
            case .ended: ("用完了", "ended by its holder")
            case .delivered: ("按量给完", "all given")
            case .full: ("充满了", "full")
            case .timeLimit: ("到时间了", "time is up")
            case .quota: ("当天的份用完了", "the quota is used up")
            case .noLoad: ("没有插上，已停", "nothing plugged in, stopped")
            case .unplugged: ("插头拔了", "unplugged")
            case .overload: ("功率过大，已停：换小功率的用", "overload, stopped: use something smaller")
            case .overTemperature: ("过热，已停：请查看", "too hot, stopped: look at it")
            case .smoke: ("有烟，已全停：请马上查看", "smoke, all stopped: look at once")
            case .meterSilent: ("电表不应答，已停：查电表接线", "meter silent, stopped: see its wiring")
            case .noFlow: ("阀开了没有水：查水源和水表", "valve open and no flow: see supply and meter")
            case .guarded: ("保护动作，已停", "a guard stopped it")
            case .deviceFailed: ("设备没有照做：请查看", "the device did not do it: look at it")
            case .mainsLost: ("停电，已停", "mains lost, stopped")
            case .interrupted: ("驿站重启，中断了", "cut short by a restart")
            case .stopped: ("人工结束", "ended by a person")
            case .closed: ("服务关了", "the service closed")
            case .notWritten: ("没来得及记下，没有开", "not written down in time, nothing was done")
            }
        return language == .chinese ? words.0 : words.1
    }
}

extension CompartmentStep {
    public func text(_ language: Wording.Language) -> String {
        let words =
            switch self {
            case .reopened: ("再次打开", "opened again")
            case .ordered: ("人工打开", "opened by order")
            case .opened: ("门开了", "open")
            case .closed: ("门关了", "closed")
            case .jammed: ("三次没弹开：请带钥匙来", "jammed after three tries: bring the key")
            case .unreachable: ("锁板不应答：查线和电", "the lock board does not answer: see wire and power")
            case .forced: ("没人开却开了：请去看看", "open, and nobody asked: go and look")
            case .leftOpen: ("门没关：请去关上", "left open: close it")
            case .itemForgotten: ("有东西忘在里面", "something was forgotten inside")
            case .overtime: ("占用超时：请联系持有人", "held too long: ask its holder")
            case .unknown: ("不知是谁的：打开看过再清空", "nobody knows whose: look inside, then clear it")
            case .cleared: ("已查看清空", "looked into and cleared")
            case .blocked: ("停用", "out of use")
            case .unblocked: ("恢复使用", "in use again")
            case .flapping:
                ("门开关抖动，没逐次记：查开关和线", "its contact flaps, counted only: see switch and wire")
            }
        return language == .chinese ? words.0 : words.1
    }
}

extension ServiceStep {
    public func text(_ language: Wording.Language) -> String {
        let words =
            switch self {
            case .charging: ("开始充电", "charging")
            case .suspended: ("停电了，等来电", "mains lost, waiting")
            case .resumed: ("接着用", "goes on")
            case .cut: ("已断开", "switched off")
            case .reset: ("已查看，恢复使用", "looked at, in use again")
            case .notReset: ("原因还在，没有恢复", "not put back: its cause stands")
            case .hotReleased: ("热水已解锁", "hot water released")
            case .hotLocked: ("热水已锁", "hot water locked")
            case .overrun: ("多流了", "gave more than was asked")
            case .unclaimed: ("没人用却流了", "flowed without a use")
            case .openAgain: ("阀又开了，再关一次", "open again, told to close")
            case .notOpened: ("没有打开", "was not opened")
            case .unlocked: ("已开锁", "unlocked")
            case .stopAsked: ("有人让它结束", "told to end")
            case .resetAsked: ("有人看过，要求恢复", "looked at, told to go on")
            case .restockAsked: ("有人说该补货", "said to be running out")
            case .putIn: ("请放入空电池", "put the empty battery in")
            case .wasPutIn: ("已放入电池", "battery put in")
            case .takeBack: ("这块电池不能换：请取回", "cannot be taken: take it back")
            case .take: ("请取走满电电池", "take the charged battery")
            case .wasTaken: ("电池已取走", "battery taken")
            case .owed: ("还欠他一块电池", "a battery is owed")
            case .tryingAnother: ("门没弹开，换一格", "did not open, another is tried")
            case .settled: ("已当面给了电池", "given by hand")
            case .helpAsked: ("正在找这个人", "is being asked to come")
            case .helpReached: ("消息已送到，还没答应", "has the message; no answer yet")
            case .helpAccepted: ("已答应，马上来", "said yes and is coming")
            case .helpDeclined: ("来不了，找下一位", "cannot come; the next one is asked")
            case .helpUnanswered: ("没有答复，找下一位", "no answer; the next one is asked")
            case .helpOverdue: ("答应了还没到，接着找人", "said yes and is not there; others are asked")
            case .helpNotNeeded: ("不用再来了", "need not come any more")
            case .helpNobody: ("没人答复：打电话，急事拨 120、110", "nobody answers: telephone, 120 or 110")
            case .helpCalledAgain: ("又按了一次", "pressed again")
            case .helpGoesOn: ("驿站重启，接着找人", "the station restarted and goes on asking")
            case .helped: ("已经帮到", "help was there")
            case .helpCancelled: ("已取消求助", "the call was cancelled")
            case .restocked: ("已补货", "filled up")
            case .filterChanged: ("滤芯已换", "filter changed")
            case .claimed: ("已刷卡认领", "claimed by a tap")
            case .undone: ("已撤销", "taken back")
            case .outOfOrder: ("停用", "out of order")
            case .inOrder: ("恢复使用", "in order again")
            case .flapping: ("信号抖动，没逐次记：查传感器和线", "its sensor flaps, counted only: see wire")
            case .paused: ("服务暂停", "paused")
            case .unpaused: ("服务恢复", "goes on")
            }
        return language == .chinese ? words.0 : words.1
    }
}

extension ServiceFault {
    /// What is wrong, and what a crew does.
    public func text(_ language: Wording.Language) -> String {
        let words =
            switch self {
            case .noFlow: ("阀开了没有水：查总阀、水箱、滤芯", "open and no flow: see main valve, tank, filter")
            case .notClosed: ("阀没关上：马上关总阀", "valve not closed: close the main valve now")
            case .flowsClosed: ("没人用却在流：查阀，先关总阀", "flows unasked: see the valve, close the main")
            case .notOpened: ("阀没打开：查阀和线", "valve did not open: see valve and wire")
            case .relayStuck: ("断不开，有电：拉闸再查继电器", "live although off: cut the feed, see the relay")
            case .notOff: ("没确认断开：去看看继电器和线", "not known to be off: see relay and wire")
            case .warm: ("偏热：摸一下插座和插头", "warm: feel socket and plug")
            case .burning: ("过热停用：查看后再恢复", "too hot, out of use: look, then reset")
            case .broken: ("设备报故障：查看保险和插座", "its device says broken: see fuse and socket")
            case .leftOpen: ("门没关：请去关上", "left open: close it")
            case .forced: ("没开锁却开了：请去看看", "opened without its lock: go and look")
            case .restockDue: ("该补货了", "fill it up")
            case .overstay: ("有人待得太久：敲门问问", "occupied for long: knock and ask")
            case .poorWater: ("水质差：查滤芯和膜", "poor water: see filter and membrane")
            case .filterDue: ("该换滤芯了", "change the filter")
            case .tooCold: ("太冷：请查看", "too cold: look at it")
            case .tooWarm: ("太热：请查看", "too warm: look at it")
            case .lampsFail: ("灯不听话：查继电器和灯", "lamps do not obey: see relay and lamps")
            case .jammed: ("三次没弹开：请带钥匙来", "jammed after three tries: bring the key")
            case .notSwitched: ("不听开关：查继电器和线", "does not switch: see relay and wire")
            case .linkDown: ("断了：查设备、网线和电源", "gone: see device, cable and supply")
            case .bellFails: ("铃没响，有人求助：马上去看", "bell silent, somebody calls: go at once")
            case .uncounted: ("不计数了：查传感器和线", "nothing counts: see sensor and wire")
            }
        return language == .chinese ? words.0 : words.1
    }
}
