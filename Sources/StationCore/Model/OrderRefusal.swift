// Why a door did not do what it was told.

/// The reason of an order that was not carried out. Raw values are stored in journals: never
/// renumber, only add.
public enum OrderRefusal: UInt8, Sendable, CaseIterable {
    /// The door's mode does not allow it.
    case doorMode = 1
    /// The lock's output line is not there.
    case lockMissing = 2
    /// The lock must not stay energized.
    case lockDuty = 3
    /// It could not be written down, and the station is strict.
    case notRecorded = 4
    /// A later word about the door came before the order could be carried out.
    case overtaken = 5
    /// Somebody with more say holds the door.
    case outranked = 40
    /// Another door of its interlock is open.
    case interlock = 41
    /// A fire input says fire, or does not say: it is not reset.
    case fire = 42

    /// The name in the journal and on the wire.
    public var name: String {
        switch self {
        case .doorMode: "doorMode"
        case .lockMissing: "lockMissing"
        case .lockDuty: "lockDuty"
        case .notRecorded: "notRecorded"
        case .overtaken: "overtaken"
        case .outranked: "outranked"
        case .interlock: "interlock"
        case .fire: "fire"
        }
    }

    /// What a crew reads beside the order.
    public func text(_ language: Wording.Language) -> String {
        let words =
            switch self {
            case .doorMode: ("门的模式不允许", "the door's mode does not allow it")
            case .lockMissing: ("电锁的线不在", "the lock's line is not there")
            case .lockDuty: ("这种锁不能一直通电", "the lock must not stay energized")
            case .outranked: ("更高一级的人定了门的状态", "somebody with more say holds the door")
            case .fire: ("火警输入还没有解除", "the fire input is not quiet yet")
            case .interlock: ("互锁的另一扇门开着", "another door of its interlock is open")
            case .overtaken: ("后来又有别的命令", "a later order came before it")
            case .notRecorded: ("没能记录，所以没有执行", "it could not be written down, so it was not done")
            }
        return language == .chinese ? words.0 : words.1
    }
}
