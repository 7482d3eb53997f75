// What a guard did, as journals and crews read it.

/// A step of a guard. Raw values and names are stored in journals: never renumber, only add.
public enum GuardStep: UInt8, Sendable, CaseIterable {
    /// A value tripped it. Crew: see what is wrong there, then reset it if it stands.
    case tripped = 1
    /// It tripped since the values that it watches did not come. Crew: see why they do not.
    case silent = 2
    /// It stood when the station last ended, and stands. Crew: as for `tripped`.
    case recalled = 3
    /// What it had done is confirmed. Crew: nothing more is urgent.
    case secured = 4
    /// Its device did not do what it was told, or did not say so: the outer actuator is told.
    /// Crew: the device and its line want looking at.
    case escalated = 5
    /// The outer actuator's answer is confirmed.
    case outerSecured = 6
    /// Nothing confirms that it is safe. Crew: go there now and cut it off by hand.
    case notSecured = 7
    /// What was made safe is seen to be active again. Crew: see who or what does that.
    case activeAgain = 8
    /// It has ended by itself: what tripped it is over. Crew: nothing.
    case ended = 9
    /// A person reset it. Crew: nothing.
    case reset = 10
    /// A person wanted to reset it, and it stands. Crew: what trips it must be over first.
    case notReset = 11
    /// A person who had looked reset it although its values do not come. Crew: have its device
    /// answer soon, or its silence trips it again.
    case resetBlind = 12
    /// What it had done was told, and nothing shows whether that was obeyed: the device's line is
    /// all that is known. Crew: go and look.
    case unseen = 13
    /// The same of the outer actuator.
    case outerUnseen = 14

    public var name: String {
        switch self {
        case .tripped: "tripped"
        case .silent: "silent"
        case .recalled: "recalled"
        case .secured: "secured"
        case .escalated: "escalated"
        case .outerSecured: "outerSecured"
        case .notSecured: "notSecured"
        case .activeAgain: "activeAgain"
        case .ended: "ended"
        case .reset: "reset"
        case .notReset: "notReset"
        case .resetBlind: "resetBlind"
        case .unseen: "unseen"
        case .outerUnseen: "outerUnseen"
        }
    }

    /// What happened, and what to do if something is to be done.
    public func text(_ language: Wording.Language) -> String {
        let words =
            switch self {
            case .tripped: ("动作了：请去看看", "tripped: go and look")
            case .silent:
                ("数据一直不来，按危险处理：查仪表和线", "no values came, so it tripped: see meter and line")
            case .recalled: ("重启前已动作，继续保持", "it had tripped before the restart, and stands")
            case .secured: ("已确认断开", "confirmed safe")
            case .escalated:
                ("设备没有照做，改断上一级：查设备和总线", "the device did not obey, so the outer one acts")
            case .outerSecured: ("上一级已确认断开", "the outer actuator is confirmed safe")
            case .notSecured: ("没能确认断开：请马上到现场手动切断", "not confirmed: go and cut it off by hand")
            case .activeAgain: ("断开后又接通：看是谁动的", "active again after it was safe: see who did that")
            case .ended: ("已恢复", "over by itself")
            case .reset: ("已人工复位", "reset by a person")
            case .notReset: ("没有复位：原因还在", "not reset: its cause still holds")
            case .resetBlind:
                ("读不到数据，看过现场后人工复位", "reset by a person who looked: no values come")
            case .unseen: ("已下令，看不到结果：请去看一眼", "told, not seen to be done: go and look")
            case .outerUnseen:
                ("上一级已下令，看不到结果：请去看一眼", "the outer actuator was told, not seen: go and look")
            }
        return language == .chinese ? words.0 : words.1
    }

    /// Whether the guard stands after it; `nil`: as before.
    public var stands: Bool? {
        switch self {
        case .tripped, .silent, .recalled, .activeAgain: true
        case .ended, .reset, .resetBlind: false
        case .secured, .escalated, .outerSecured, .notSecured, .notReset, .unseen,
            .outerUnseen:
            nil
        }
    }
}

/// Why a guard is not reset.
public enum GuardRefusal: String, Error, Sendable, CaseIterable {
    /// There is no such guard.
    case noGuard
    /// It does not stand.
    case notTripped
    /// What trips it holds.
    case holds
    /// Nobody knows whether what trips it is over: its values do not come.
    case notKnown
    /// What it had done is not confirmed.
    case notSecured
}
