// Who has the last word about a door: fire, lockdown, crew, hub, schedule, card, in this order.
// This is the only place where that is said; docs/station-file.md shows the same table.

/// What a word comes to while another holds a door.
public enum Precedence: Sendable, Equatable {
    /// It is done.
    case obeyed
    /// It is done once what holds the door is over.
    case later
    case refused

    /// What holds a door is ended by its own command, as `mayEnd` says; every other word meets this
    /// table.
    ///
    /// - Parameters:
    ///   - word: whose it is; a lockdown's order speaks as `lockdown`, letting one person in as
    ///     `card`, whoever gives it.
    ///   - holder: what holds the door, as `holder(of:by:)` says.
    public static func of(_ word: Authority, while holder: Authority) -> Precedence {
        let row: [Precedence] =
            switch holder {
            // Words of fire, lockdown, crew, hub, schedule, card.
            case .fire: [.obeyed, .later, .refused, .refused, .later, .obeyed]
            case .lockdown: [.obeyed, .obeyed, .refused, .refused, .later, .refused]
            case .crew, .hub: [.obeyed, .obeyed, .refused, .refused, .later, .refused]
            case .schedule, .card: [.obeyed, .obeyed, .obeyed, .obeyed, .obeyed, .obeyed]
            }
        return row[Int(word.rawValue) - 1]
    }

    /// What holds a door in a mode that somebody gave it. A door that is only locked or unlocked
    /// is held by nobody: the last word stands until the hours change.
    public static func holder(of mode: DoorMode, by authority: Authority?) -> Authority {
        switch mode {
        case .lockedOpen: .fire
        case .lockedDown: .lockdown
        case .blocked: authority == .hub ? .hub : .crew
        case .unlocked: .schedule
        case .locked, .accessed: .card
        }
    }

    /// Whether somebody may end what holds a door by its own command: nobody below whoever began
    /// it. A fire is reset by who has looked, on site.
    public static func mayEnd(
        _ mode: DoorMode, begunBy: Authority?, _ authority: Authority
    ) -> Bool {
        switch mode {
        case .lockedOpen: authority <= .crew
        case .lockedDown, .blocked: authority <= .crew || begunBy == authority
        case .locked, .unlocked, .accessed: true
        }
    }
}
