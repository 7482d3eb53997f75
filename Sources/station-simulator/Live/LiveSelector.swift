// The real clock and the real epoll, with the plant's next event as one more deadline.

import EventLoop
import Ports
import Simulation

/// Waits for descriptors and for the virtual plant at once.
final class LiveSelector: Selector {
    let descriptors: EpollSelector
    private let plant: VirtualPlant
    private var chance: SplitMix64

    init(plant: VirtualPlant, chance: SplitMix64) throws(EpollSelector.Failure) {
        descriptors = try EpollSelector()
        self.plant = plant
        self.chance = chance
    }

    func now() -> Instant { descriptors.now() }

    func wait(from start: Instant, until deadline: Instant?, into ready: inout [Readiness]) {
        var end = deadline
        if let next = plant.nextEvent { end = min(end ?? next, next) }
        if plant.hasOrders || plant.hasReadyPorts { end = now() }
        descriptors.wait(from: start, until: end, into: &ready)
        plant.advance(to: now())
        plant.collectReady(into: &ready, chance: &chance)
    }

    func isCurrent(_ registration: Registration) -> Bool {
        plant.owns(registration)
            ? plant.isCurrent(registration) : descriptors.isCurrent(registration)
    }
}
