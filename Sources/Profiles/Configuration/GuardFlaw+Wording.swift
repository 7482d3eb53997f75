// What is wrong with a guard, in both languages, with what to write instead.

import StationCore

extension GuardFlaw {
    var words: (chinese: String, english: String) {
        switch self {
        case .watched:
            (
                "保护看的数据点这里没有，或不能这样比较。",
                "The guard watches a point that is not there, or that cannot be compared so."
            )
        case .order:
            (
                "保护要做的事做不了，或做完看不见：动作要有 outcome。",
                "What the guard has done cannot be done, or nobody sees it: its action needs an "
                    + "`outcome`."
            )
        case .doneBefore(let action):
            (
                "保护一动作，“\(action)”就已经算做到了：when 里写的正是它的 confirmed。请让它断别的，"
                    + "如 do: outer。",
                "When this guard trips `\(action)` counts as done already: its `confirmed` follows "
                    + "from `when`. Have somebody else act, such as do: outer."
            )
        case .silentBetweenPolls(let point, let every):
            (
                "“\(point)”每 \(Self.time(every)) 才读一次：silent 至少要写 "
                    + "\(Self.time(every * ResolvedStation.Limit.pollsPerSilence))。",
                "`\(point)` is read every \(Self.time(every)): `silent` must be at least "
                    + "\(Self.time(every * ResolvedStation.Limit.pollsPerSilence))."
            )
        case .neverSilent:
            (
                "这些数据点都是设备自己报的，不报也没人知道：silent 在这里没有用。",
                "These points come by themselves and nobody asks their device, so nobody would "
                    + "miss them: `silent` means nothing here."
            )
        case .riseUnseen(let point, let every):
            (
                "“\(point)”\(every > 0 ? "每 \(Self.time(every)) 读一次" : "没有 every")：看它上升，"
                    + "这段时间里要读 \(Self.readings) 次。",
                "`\(point)` is \(every > 0 ? "read every \(Self.time(every))" : "not asked for"): "
                    + "to see it rise it has to be read \(Self.readings) times in that time."
            )
        case .riseOfNoLevel(let point):
            (
                "“\(point)”不是 level，不能写 rises。",
                "`\(point)` is no level; only levels have `rises`."
            )
        }
    }

    private static var readings: String {
        "\(ResolvedStation.Limit.leastReadingsPerRise)-\(ResolvedStation.Limit.readingsPerRise)"
    }

    private static func time(_ milliseconds: Int) -> String {
        DurationText.text(.milliseconds(milliseconds))
    }
}
