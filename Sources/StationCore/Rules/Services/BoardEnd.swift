// What a charging board means when it says why it ended a charge.

extension UseEnd {
    /// The end that a board's word stands for; the words are those of the profiles' `ended` points.
    ///
    /// Sources: JUY TCP protocol V1.2, command 85 (full, time, money, by hand, energy, overload, no
    /// charger, too hot, smoke, "smart"); Dianchuan's dianchuan.c, command 05 (time used up, by
    /// hand, full, fault, overload, refund, no charger).
    ///
    /// - Returns: `nil` for a word that no board is known to use.
    public init?(boardWord word: String) {
        switch word {
        case "full": self = .full
        case "time", "used_up": self = .timeLimit
        // Sold by money or by energy: what was bought is what the holder's share allowed.
        case "money", "energy": self = .quota
        // A button at the board, or a plug that was pulled: one code for both.
        case "by_hand": self = .unplugged
        case "refund": self = .stopped
        case "fault", "board": self = .deviceFailed
        case "overload": self = .overload
        case "no_charger": self = .noLoad
        case "too_hot": self = .overTemperature
        case "smoke": self = .smoke
        default: return nil
        }
    }
}
