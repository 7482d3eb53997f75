// What can go wrong between a card and the board, as changes to a frame's pulses.

import EventLoop

/// One way in which a frame is damaged.
public enum CardDamage: String, Sendable, CaseIterable {
    /// A pulse never arrived.
    case lostBit
    /// A pulse that nobody sent, in the middle.
    case extraBit
    /// D0 and D1 exchanged.
    case swappedLines
    /// Each pulse rings: the line falls once more.
    case doubledEdges
    /// A lone pulse, long before the card.
    case glitch
    /// The reader pauses for longer than a frame may.
    case longPause
    /// One wire touches the other: both fall at once.
    case collision

    /// The damaged pulses.
    func apply(to pulses: [Pulse], chance: inout SplitMix64) -> [Pulse] {
        guard pulses.count > 4 else { return pulses }
        var damaged = pulses
        let place = 1 + chance.below(pulses.count - 2)
        switch self {
        case .lostBit:
            damaged.remove(at: place)
        case .extraBit:
            let gap = pulses[place].start - pulses[place - 1].end
            let middle = pulses[place - 1].end + Interval(nanoseconds: gap.nanoseconds / 2)
            damaged.insert(
                Pulse(isOne: chance.below(2) == 1, start: middle, width: .microseconds(30)),
                at: place)
        case .swappedLines:
            for index in damaged.indices { damaged[index].isOne.toggle() }
        case .doubledEdges:
            damaged = pulses.flatMap { pulse in
                [
                    pulse,
                    Pulse(
                        isOne: pulse.isOne, start: pulse.end + .microseconds(25),
                        width: .microseconds(30)),
                ]
            }
        case .glitch:
            let late = Interval.milliseconds(60)
            for index in damaged.indices { damaged[index].start = damaged[index].start + late }
            damaged.insert(
                Pulse(isOne: chance.below(2) == 1, start: .zero, width: .microseconds(20)), at: 0)
        case .longPause:
            for index in place..<damaged.count {
                damaged[index].start = damaged[index].start + .milliseconds(35)
            }
        case .collision:
            damaged.insert(
                Pulse(
                    isOne: !pulses[place].isOne, start: pulses[place].start + .microseconds(5),
                    width: pulses[place].width), at: place + 1)
        }
        return damaged
    }
}
