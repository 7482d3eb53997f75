// Which faults exist in a run, and how often: drawn from the seed, printed first.

public import EventLoop

/// How the disk behaves.
public enum DiskMood: String, Sendable, CaseIterable {
    /// Commits take one to a few milliseconds.
    case healthy
    /// A worn card: commits take from a tenth of a second to two seconds.
    case slow
    /// Writes and syncs fail now and then.
    case failing
    /// No room is left.
    case full
}

/// A run's faults. Some are absent altogether, the others differ widely in how often they come.
public struct Swarm: Sendable, Equatable {
    /// How a card may be damaged, and in how many of a thousand taps.
    public var damages: [CardDamage] = []
    public var damagePerMille = 0
    /// In how many of a thousand ticks the loop is late by up to 40 ms.
    public var longTicksPerMille = 0
    /// What readers on channels do wrong, and in how many of a thousand taps.
    public var readerFaults: [ReaderMischief.Kind] = []
    public var readerFaultPerMille = 0
    public var moods: [DiskMood] = []
    public var chipsVanish = false
    public var heldOpen = false
    public var forces = false
    public var clockSteps = false
    public var commands = false
    /// The power fails, in the middle of whatever the disk is doing.
    public var powerCuts = false
    /// The mean time between two faults of the kinds that come by themselves.
    public var every = Interval.seconds(600)

    public init() {}

    /// No fault at all.
    public static let calm = Swarm()

    /// Nothing is wrong but that the power fails, about every half an hour.
    public static var powerCuts: Swarm {
        var swarm = Swarm()
        swarm.powerCuts = true
        swarm.every = .seconds(1_800)
        return swarm
    }

    /// What happens at any real station: a card held badly now and then, a door held open.
    public static var live: Swarm {
        var swarm = Swarm()
        swarm.damages = [.lostBit, .extraBit]
        swarm.damagePerMille = 30
        swarm.heldOpen = true
        return swarm
    }

    /// The faults of a seed.
    public init(seed: SplitMix64) {
        var chance = seed.fork("swarm")
        for damage in CardDamage.allCases where chance.below(2) == 0 { damages.append(damage) }
        damagePerMille = damages.isEmpty ? 0 : [20, 100, 300][chance.below(3)]
        longTicksPerMille = [0, 0, 2, 30][chance.below(4)]
        for mood in DiskMood.allCases where mood != .healthy && chance.below(2) == 0 {
            moods.append(mood)
        }
        chipsVanish = chance.below(2) == 0
        heldOpen = chance.below(2) == 0
        forces = chance.below(2) == 0
        clockSteps = chance.below(2) == 0
        commands = chance.below(2) == 0
        powerCuts = chance.below(3) == 0
        every = .seconds([60, 600, 3_600][chance.below(3)])
        chance = seed.fork("swarm of readers")
        for fault in ReaderMischief.Kind.allCases where chance.below(2) == 0 {
            readerFaults.append(fault)
        }
        readerFaultPerMille = readerFaults.isEmpty ? 0 : [20, 100, 300][chance.below(3)]
    }

    func damage(chance: inout SplitMix64) -> CardDamage? {
        guard damagePerMille > 0, chance.chance(perMille: damagePerMille) else { return nil }
        return chance.pick(damages)
    }

    /// One line: what there is.
    public var description: String {
        var words: [String] = []
        if damagePerMille > 0 {
            words.append(
                "cards \(damagePerMille)/1000 ("
                    + damages.map(\.rawValue).joined(separator: " ") + ")")
        }
        if readerFaultPerMille > 0 {
            words.append(
                "readers \(readerFaultPerMille)/1000 ("
                    + readerFaults.map(\.rawValue).joined(separator: " ") + ")")
        }
        if longTicksPerMille > 0 { words.append("late loop \(longTicksPerMille)/1000") }
        if !moods.isEmpty {
            words.append("disk (" + moods.map(\.rawValue).joined(separator: " ") + ")")
        }
        if chipsVanish { words.append("chips vanish") }
        if heldOpen { words.append("doors held open") }
        if forces { words.append("doors forced") }
        if clockSteps { words.append("clock steps") }
        if commands { words.append("commands") }
        if powerCuts { words.append("power cuts") }
        let kinds = words.isEmpty ? "none" : words.joined(separator: ", ")
        return "\(kinds); one every \(every.nanoseconds / 1_000_000_000) s"
    }
}
