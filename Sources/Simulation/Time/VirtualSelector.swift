// The loop's selector in virtual time: it never sleeps, it moves the clock.

public import EventLoop

/// Waits by moving the clock to the nearer of the deadline and the plant's next event.
///
/// The loop that it wakes is a little late, as real ones are: what happens meanwhile comes in the
/// same batch. A swarm may make it very late now and then.
public final class VirtualSelector: Selector {
    /// How late the loop usually is.
    static let usualDelay = (Interval.microseconds(3), Interval.microseconds(60))
    /// How late it is when something else had the processor.
    static let longDelay = (Interval.milliseconds(1), Interval.milliseconds(40))
    /// The furthest that one wait may move the clock when nothing is planned at all.
    static let idleStep = Interval.seconds(60)

    private let clock: VirtualClock
    private let plant: VirtualPlant
    private var chance: SplitMix64
    /// In how many of a thousand ticks the loop is very late.
    public var longTicksPerMille = 0

    public init(clock: VirtualClock, plant: VirtualPlant, chance: SplitMix64) {
        self.clock = clock
        self.plant = plant
        self.chance = chance
    }

    public func now() -> Instant { clock.now }

    public func wait(from start: Instant, until deadline: Instant?, into ready: inout [Readiness]) {
        let end = deadline ?? clock.now + Self.idleStep
        let woken = plant.advance(until: end, clock: clock)
        if woken || end > clock.now {
            clock.advance(to: woken ? clock.now : end)
            let isLong = longTicksPerMille > 0 && chance.chance(perMille: longTicksPerMille)
            let range = isLong ? Self.longDelay : Self.usualDelay
            plant.settle(at: clock.now + chance.between(range.0, range.1), clock: clock)
        }
        plant.collectReady(into: &ready, chance: &chance)
    }

    public func isCurrent(_ registration: Registration) -> Bool {
        plant.isCurrent(registration)
    }
}
