// What guards of the catalogue and of the seeds watch for, in words; others are called as they are.

import StationCore

extension Catalogue {
    /// `too_hot_3`, and what that is about where it is known.
    func guardName(_ name: String) -> String {
        guard let words = Self.guards[Self.family(of: name)] else { return name }
        return name + say("（\(words.0)）", " (\(words.1))")
    }

    /// A counted guard's name without its number.
    private static func family(of name: String) -> String {
        guard let mark = name.lastIndex(of: "_"), name[mark...].count > 1,
            name[mark...].dropFirst().allSatisfy(\.isNumber)
        else { return name }
        return String(name[..<mark])
    }

    static let guards: [String: (String, String)] = [
        "warm": ("温度偏高", "warm"),
        "too_hot": ("过热", "too hot"),
        "warming": ("升温太快", "warms too fast"),
        "board_hot": ("板子过热", "board too hot"),
        "burning": ("严重过热", "dangerously hot"),
        "relay_stuck": ("继电器断不开", "a relay does not let go"),
        "unwatched": ("通着电却没有数据", "on, and nobody knows how it is"),
        "overload": ("过载", "overload"),
        "smoke": ("烟雾", "smoke"),
        "leak": ("漏水", "water where none should be"),
        "dripping": ("阀门关不严", "a closed valve lets water through"),
        "no_flow": ("开着却不出水", "open, and no water comes"),
        "empty": ("没有水了", "no water left"),
        "no_flow_hot": ("热水开着却不出水", "hot water is open, and none comes"),
        "empty_hot": ("要热水，没有水了", "hot water is open, and no water left"),
        "frost": ("快结冰了", "about to freeze"),
        "away": ("断网了", "no network"),
        "vehicle_below": ("落杆时下面有车", "a vehicle below the arm"),
        "beam_broken": ("落杆时对射被挡", "something below the arm"),
        "call": ("有人求助", "somebody calls for help"),
        "hot": ("主板过热", "the board is too hot"),
        "undervoltage": ("供电电压不足", "the board's supply is weak"),
        "worn": ("存储卡快用坏了", "the storage is nearly worn out"),
        "slow_disk": ("存储写入太慢", "the storage writes too slowly"),
    ]
}
