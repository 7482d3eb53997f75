// What a box can be asked at any time without making anything happen.

import EventLoop

extension BusDeviceSettings {
    /// The first question of its round; `nil`: it speaks only when it is told something.
    public var firstQuestion: BusQuestion? {
        let plan = BusPlan(self, at: Instant(nanoseconds: 0))
        guard let slot = plan.oldest ?? plan.slots.indices.first else { return nil }
        return plan.ask(for: slot, at: Instant(nanoseconds: 0)).question
    }
}
