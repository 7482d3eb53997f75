// The sentences of a decision in sixteen columns: what a reader's small display has room for.

extension Wording {
    /// Columns of the smallest display in use. A Chinese character takes two.
    public static let shortColumns = 16

    /// What a reader with a display shows of a decision: printable ASCII in English, at most eight
    /// characters in Chinese, nothing to fill in. `nil` for what is not said at a reader.
    public static func short(_ id: ID, _ language: Language) -> String? {
        guard let (chinese, english) = shortTexts(id) else { return nil }
        return language == .chinese ? chinese : english
    }

    private static func shortTexts(_ id: ID) -> (String, String)? {
        switch id {
        case .grantedRoom: ("请进，歇会儿", "Come in and rest")
        case .grantedGate: ("请进，慢点骑", "Go. Ride gently")
        case .grantedGrace: ("请进，卡要续期", "OK, renew card")
        case .secondWait: ("请另一位刷卡", "Second card, now")
        case .deniedMalformed: ("贴稳再刷一次", "Hold, tap again")
        case .deniedRate: ("请稍等再刷", "Wait, then tap")
        case .deniedUnknown: ("未登记，请求助", "New card? Ask us")
        case .deniedNotYet: ("还没到日期", "Not valid yet")
        case .deniedExpired: ("卡到期，请续期", "Expired: renew")
        case .deniedLost, .deniedBlocked: ("请联系站长", "Call the station")
        case .deniedDoor: ("请走别的门", "Use another door")
        case .deniedHours: ("还没到时间", "Not open yet")
        case .deniedQuota: ("今天用完了", "Used up today")
        case .deniedQuotaPeriod: ("这段用完了", "Used up for now")
        case .deniedService: ("没开通，问站长", "Not set: ask us")
        case .deniedPassback, .deniedClock: ("请按求助铃", "Press help")
        case .deniedJournal: ("请稍后再刷", "Tap again later")
        case .deniedLockdown: ("本站临时关闭", "Closed for now")
        case .deniedAssurance: ("请换新卡", "Get a newer card")
        case .partGiven: ("好了，请用", "Ready")
        case .partTaken: ("已结束", "Ended")
        case .partInUse: ("有人在用", "In use: wait")
        case .partOutOfOrder: ("请告诉站长", "Out of order")
        case .partNoneFree: ("都在用，稍后来", "All in use")
        case .partHolderLimit: ("先结束上一个", "End yours first")
        case .partHotLocked: ("请先按童锁", "Hold child lock")
        case .lockerFull: ("柜格都满了", "Boxes all in use")
        case .approveNext: ("请另一位站长刷卡", "Another master")
        case .approveDone: ("两位都已同意", "Both agree")
        case .enrolCard: ("请刷要登记的卡", "Now the new card")
        case .enrolAgain: ("移开再刷一次", "Once more please")
        case .enrolDone: ("登记好了", "Card registered")
        case .enrolRefused: ("请换一张卡", "Use another card")
        case .enrolNotKept: ("没能存下来", "Card not stored")
        case .lockerClosing, .waterOut, .stationClosed, .stationSevere, .helpRinging,
            .helpAccepted, .helpNone, .fire, .crewReader, .crewJam, .crewLeak:
            nil
        }
    }
}
