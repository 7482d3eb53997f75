// People at a dispenser: they tap or press, hold their cup below, and stop it when it is full.

import EventLoop
import StationCore

extension VirtualServices {
    /// A hand that stops the water is no faster than this after it began it.
    private static let shortest = Interval.milliseconds(3_500)
    /// After closing, a drop counts still: the next one waits.
    private static let after = Interval.seconds(4)

    func drink(_ guest: Guest, at now: Instant) {
        guard let place = guest.place ?? taps.firstIndex(where: { $0.service == guest.service })
        else { return gone(guest, at: now) }
        let tap = taps[place]
        switch guest.step {
        case .arrive:
            guard !tap.isRunning, takeTurn(guest) else { return wait(guest, at: now) }
            guest.place = place
            plan(guest, .ask, at: now + .seconds(1))
        case .ask:
            guest.tries = 0
            guard let end = ask(guest, unit: nil, button: tap.sight(.button), at: now) else {
                return gone(guest, at: now)
            }
            plan(guest, .look, at: end + .milliseconds(200))
        case .look:
            guard guest.use != nil else {
                guest.tries += 1
                guard guest.tries < Self.looks else { return gone(guest, at: now) }
                return plan(guest, .look, at: now + .milliseconds(500))
            }
            let full = Interval(
                nanoseconds: Int64(Double(guest.takes) / tap.rate * 1_000_000_000))
            let stop = max((guest.asked ?? now) + Self.shortest, now + full)
            plan(guest, .enough, at: stop)
        case .enough:
            // What is as good as over ends by itself: a hand that comes late would begin it anew.
            tap.settle(at: now)
            let left = Double(portion(of: guest.service)) - (tap.millilitres - tap.usedFrom)
            if tap.isOpen, tap.use == guest.use, left > tap.rate * 1.5 {
                _ = ask(guest, unit: nil, button: tap.sight(.button), at: now)
            }
            guest.tries = 0
            plan(guest, .leave, at: now + .seconds(1))
        case .leave:
            // A drop counts still: the next one waits. Nobody stands there for two minutes.
            guest.tries += 1
            let isOver = !tap.isOpen && !tap.isRunning
            guard guest.asked != nil, guest.tries < 120 else { return gone(guest, at: now) }
            if isOver { guest.asked = nil }
            plan(guest, .leave, at: now + (isOver ? Self.after : .seconds(1)))
        }
    }

    /// What it gives at most to one who asks.
    func portion(of service: Int) -> Int64 {
        guard case .machine(let settings) = station.services[service].settings else { return 0 }
        var portion = settings[.portion] ?? Dispenser.Limit.portion
        for order in settings.parts[0].orders where order.role == .open {
            guard let most = order.order.arguments.first(where: { $0.name == "ml" })?.value.whole
            else { continue }
            portion = min(portion, most)
        }
        return portion
    }

    // MARK: What the tap does

    func opened(_ tap: VirtualTap, at now: Instant) {
        tap.settle(at: now)
        guard tap.use == nil else { return }
        tap.usedFrom = tap.millilitres
        guard let guest = asking[tap.service].flatMap({ guests[$0] }), guest.use == nil,
            guest.asked != nil
        else { return }
        let use = ledger.begin(
            service: tap.service, unit: tap.unit, source: guest.source, key: guest.key, at: now)
        (guest.use, tap.use) = (use, use)
    }

    func stopped(_ tap: VirtualTap, at now: Instant) {
        guard let use = tap.use else { return }
        tap.use = nil
        ledger.end(use, amount: tap.millilitres - tap.usedFrom, at: now)
    }
}
