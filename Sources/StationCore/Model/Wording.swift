// Every sentence that a person meets at a station: one catalogue, stable ids, Chinese and English.

/// The catalogue. `{name}` in a text is filled in by `Wording.text`.
///
/// A rider's first line is at most 20 Chinese characters, says what happened and what to do, and
/// never scolds. Lost and blocked cards show the same neutral sentence.
public enum Wording {
    /// A sentence's stable id; the raw value is what pages and tests name.
    public enum ID: String, Sendable, CaseIterable {
        case grantedRoom = "granted.room"
        case grantedGate = "granted.gate"
        case grantedGrace = "granted.grace"
        case secondWait = "second.wait"
        case deniedMalformed = "denied.malformed"
        case deniedRate = "denied.rate"
        case deniedUnknown = "denied.unknown"
        case deniedNotYet = "denied.notYet"
        case deniedExpired = "denied.expired"
        case deniedLost = "denied.lost"
        case deniedBlocked = "denied.blocked"
        case deniedDoor = "denied.door"
        case deniedHours = "denied.hours"
        case deniedQuota = "denied.quota"
        case deniedQuotaPeriod = "denied.quotaPeriod"
        case deniedService = "denied.service"
        case deniedPassback = "denied.passback"
        case deniedClock = "denied.clock"
        case deniedJournal = "denied.journal"
        case deniedLockdown = "denied.lockdown"
        case deniedAssurance = "denied.assurance"
        case enrolCard = "enrol.card"
        case enrolAgain = "enrol.again"
        case enrolDone = "enrol.done"
        case enrolRefused = "enrol.refused"
        case enrolNotKept = "enrol.notKept"
        case approveNext = "approve.next"
        case approveDone = "approve.done"
        case lockerFull = "locker.full"
        case partGiven = "part.given"
        case partTaken = "part.taken"
        case partInUse = "part.inUse"
        case partOutOfOrder = "part.outOfOrder"
        case partNoneFree = "part.noneFree"
        case partHolderLimit = "part.holderLimit"
        case partHotLocked = "part.hotLocked"
        case lockerClosing = "locker.closing"
        case waterOut = "water.out"
        case stationClosed = "station.closed"
        case stationSevere = "station.severe"
        case helpRinging = "help.ringing"
        case helpAccepted = "help.accepted"
        case helpNone = "help.none"
        case fire = "fire"
        case crewReader = "crew.reader"
        case crewJam = "crew.jam"
        case crewLeak = "crew.leak"
    }

    public enum Language: String, Sendable, CaseIterable {
        case chinese = "zh"
        case english = "en"
    }

    /// The sentence with its blanks filled in; a blank without a value keeps its braces.
    public static func text(
        _ id: ID, _ language: Language, _ values: [(blank: String, value: String)] = []
    ) -> String {
        let pair = template(id)
        return fill(language == .chinese ? pair.chinese : pair.english, with: values)
    }

    /// Replaces each `{blank}` that has a value.
    static func fill(_ template: String, with values: [(blank: String, value: String)]) -> String {
        var text = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            text += rest[..<open]
            let blank = rest[rest.index(after: open)..<close]
            if let found = values.first(where: { $0.blank == blank }) {
                text += found.value
            } else {
                text += rest[open...close]
            }
            rest = rest[rest.index(after: close)...]
        }
        return text + rest
    }

    /// Both texts of a sentence, blanks in braces.
    public static func template(_ id: ID) -> (chinese: String, english: String) {
        switch id {
        case .grantedRoom:
            (
                "师傅，快进来坐，歇会儿再走。",
                "Come in, sit down, rest a while."
            )
        case .grantedGate:
            (
                "请进，慢点骑。",
                "Go ahead. Ride gently."
            )
        case .grantedGrace:
            (
                "请进。卡已到期，{date}前请续期。",
                "Come in. Card expired; renew by {date}."
            )
        case .secondWait:
            (
                "请另一位站长{n}秒内刷卡。",
                "Second master: tap within {n} s."
            )
        case .deniedMalformed:
            (
                "没读清，贴稳再刷一次。",
                "Not read. Hold still, tap again."
            )
        case .deniedRate:
            (
                "刷得太快了，请等{n}秒。",
                "Too fast. Wait {n} s."
            )
        case .deniedUnknown:
            (
                "这张卡还没登记，请扫码或按求助铃。",
                "Card not registered. Scan the code or press help."
            )
        case .deniedNotYet:
            (
                "这张卡{date}起能用。",
                "This card starts on {date}."
            )
        case .deniedExpired:
            (
                "卡到期了，请找站长续期：{phone}",
                "Card expired. To renew: {phone}"
            )
        case .deniedLost:
            (
                "这张卡暂时不能用，请联系站长：{phone}",
                "Card not usable now. Call {phone}"
            )
        case .deniedBlocked:
            (
                "这张卡暂时不能用，请联系站长：{phone}",
                "Card not usable now. Call {phone}"
            )
        case .deniedDoor:
            (
                "这扇门没开通，请走{door}或问站长。",
                "Not set for this door. Try {door} or ask."
            )
        case .deniedHours:
            (
                "还没到开放时间，{time}开门。",
                "Not open yet. Opens {time}."
            )
        case .deniedQuota:
            (
                "今天的{service}用完了，明天再来。",
                "Today's {service} is used up. See you tomorrow."
            )
        case .deniedQuotaPeriod:
            (
                "这段时间的{service}用完了，下期再来。",
                "This period's {service} is used up. Come again in the next."
            )
        case .deniedService:
            (
                "这张卡还没开通这项，请问站长。",
                "Not set for this service. Please ask."
            )
        case .deniedPassback:
            (
                "记录显示您还在里面，请按求助铃。",
                "Our record says you are inside. Press help."
            )
        case .deniedClock:
            (
                "本站正在对时，请按求助铃。",
                "Station clock being set. Press help."
            )
        case .deniedJournal:
            (
                "本站正在检修，请稍后再刷。",
                "Station being serviced. Tap again shortly."
            )
        case .deniedLockdown:
            (
                "本站临时关闭；里面的人随时可出。",
                "Closed for now. Exit stays open."
            )
        case .deniedAssurance:
            (
                "这里要用新卡，请到社区更换。",
                "A newer card is needed. Exchange at the community office."
            )
        case .approveNext:
            (
                "还要另一位站长刷卡。",
                "One more master has to tap."
            )
        case .approveDone:
            (
                "两位站长都已同意。",
                "Both masters agree."
            )
        case .enrolCard:
            (
                "站长已同意，请刷要登记的卡。",
                "Approved. Now tap the new card."
            )
        case .enrolAgain:
            (
                "请把卡移开，再刷一次。",
                "Take the card away, then tap it again."
            )
        case .enrolDone:
            (
                "登记好了，这张卡能用了。",
                "Registered. This card works now."
            )
        case .enrolRefused:
            (
                "这张卡登记不了，请换一张。",
                "This card cannot be registered. Take another."
            )
        case .enrolNotKept:
            (
                "没能存下来，请找维修人员。",
                "It could not be stored. Call maintenance."
            )
        case .partGiven:
            (
                "好了，请用。",
                "Ready. Help yourself."
            )
        case .partTaken:
            (
                "已结束，慢走。",
                "Ended. Ride gently."
            )
        case .partInUse:
            (
                "有人正在用，请稍等。",
                "Somebody is using it. Wait a moment."
            )
        case .partOutOfOrder:
            (
                "暂时用不了，请告诉站长。",
                "Not working now. Please tell the station."
            )
        case .partNoneFree:
            (
                "都在用，请稍后再来。",
                "All in use. Please come back soon."
            )
        case .partHolderLimit:
            (
                "你已在用一个，先结束再刷。",
                "You use one already. End that first."
            )
        case .partHotLocked:
            (
                "热水请先按住童锁。",
                "Hot water: hold the child lock first."
            )
        case .lockerFull:
            (
                "柜格都在用，手机可先到{place}充。",
                "Boxes are all in use. Charge at {place}."
            )
        case .lockerClosing:
            (
                "要关门了，{n}号柜请在{time}前取。",
                "Closing soon. Empty box {n} by {time}."
            )
        case .waterOut:
            (
                "暂时没水，最近饮水点：{station}",
                "No water now. Nearest: {station}"
            )
        case .stationClosed:
            (
                "今天打烊了，明早{time}见，路上慢点。",
                "Closed today. Back at {time}. Ride safely."
            )
        case .stationSevere:
            (
                "天太冷，今晚不打烊，快进来暖和。",
                "Bitter cold: open tonight. Come in and warm up."
            )
        case .helpRinging:
            (
                "已响铃，正在找人。",
                "Ringing; looking for someone."
            )
        case .helpAccepted:
            (
                "{who}接到了，约{n}分钟到。",
                "{who} accepted, about {n} min."
            )
        case .helpNone:
            (
                "没人应答，请打{phone}，急救120。",
                "No answer: call {phone}; ambulance 120."
            )
        case .fire:
            (
                "门已打开，请马上离开，打119。",
                "Door open. Leave now. Call 119."
            )
        case .crewReader:
            (
                "{door}读卡器{n}分钟没应答，外面刷卡进不来：先看电源灯，再查A/B线。",
                "{door} reader silent {n} min, riders cannot enter: check power light, then A/B."
            )
        case .crewJam:
            (
                "{n}号柜没弹开，已试3次：物品在内，请带钥匙来。",
                "Box {n} jammed after 3 tries, item inside: bring the key."
            )
        case .crewLeak:
            (
                "饮水机漏水，已关阀停热：修好后现场复位。",
                "Dispenser leak; valve and heater off. Repair, then reset on site."
            )
        }
    }
}
