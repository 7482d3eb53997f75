// People at cabinets, and in toilets, showers, beds and bays.

import EventLoop
import StationCore

extension VirtualServices {
    // MARK: Cabinets

    func open(_ guest: Guest, at now: Instant) {
        guard let leaf = leaves.first(where: { $0.service == guest.service }) else {
            return gone(guest, at: now)
        }
        switch guest.step {
        case .arrive: comeTo(leaf, guest, at: now)
        case .ask:
            guest.tries = 0
            guard let end = ask(guest, unit: nil, button: leaf.button, at: now) else {
                return gone(guest, at: now)
            }
            plan(guest, .look, at: end + Self.reaction)
        case .look:
            if !leaf.isOpen, !leaf.hasLock { swing(leaf, at: now) }
            guard !leaf.isOpen else { return plan(guest, .enough, at: now + handling()) }
            guest.tries += 1
            guard guest.tries < Self.looks else { return leaveCabinet(leaf, guest, at: now) }
            plan(guest, .look, at: now + .seconds(1))
        case .enough:
            // Some forget it, and whoever comes next shuts it.
            let forgets = plant.swarm.heldOpen && chance.below(10) == 0 && !isClosing
            if !forgets { shut(leaf, at: now) }
            plan(guest, .leave, at: now + .seconds(4))
        case .leave: leaveCabinet(leaf, guest, at: now)
        }
    }

    private func handling() -> Interval { chance.between(.seconds(5), .seconds(25)) }

    private func comeTo(_ leaf: VirtualLeaf, _ guest: Guest, at now: Instant) {
        guard leaf.guest == nil else { return wait(guest, at: now) }
        if leaf.isOpen {
            shut(leaf, at: now)
            return wait(guest, at: now)
        }
        leaf.guest = guest.id
        let isAsking = guest.source != .sensor
        guard isAsking || !leaf.hasLock else { return leaveCabinet(leaf, guest, at: now) }
        plan(guest, isAsking ? .ask : .look, at: now + .seconds(1))
    }

    private func leaveCabinet(_ leaf: VirtualLeaf, _ guest: Guest, at now: Instant) {
        if leaf.guest == guest.id { leaf.guest = nil }
        gone(guest, at: now)
    }

    /// A hand opens it, or its spring does.
    private func swing(_ leaf: VirtualLeaf, at now: Instant) {
        guard !leaf.isOpen else { return }
        show(leaf.contact, false, at: now)
        isOpened(leaf, at: now)
    }

    private func isOpened(_ leaf: VirtualLeaf, at now: Instant) {
        leaf.isOpen = true
        let guest = leaf.guest.flatMap { guests[$0] }
        // Who asked has it in their name; it is open to anybody besides.
        let isAsked = guest?.asked.map { now - $0 < .seconds(10) } ?? false
        leaf.use = ledger.begin(
            service: leaf.service, unit: 0, source: isAsked ? guest?.source ?? .sensor : .sensor,
            key: isAsked ? guest?.key ?? .empty : .empty, at: now)
    }

    private func shut(_ leaf: VirtualLeaf, at now: Instant) {
        guard leaf.isOpen else { return }
        show(leaf.contact, true, at: now)
        leaf.isOpen = false
        if let use = leaf.use { ledger.end(use, amount: 1, at: now) }
        leaf.use = nil
    }

    /// Its lock may have let go, or its board may show it open.
    func lookAtLeaf(_ place: Int, at now: Instant) {
        let leaf = leaves[place]
        if leaf.springs {
            if leaf.isSeenOpen, !leaf.isOpen { isOpened(leaf, at: now) }
            return
        }
        let isFreed = leaf.lock?.holds(plant.board) ?? false
        defer { leaf.wasFreed = isFreed }
        if isFreed, !leaf.wasFreed { swing(leaf, at: now) }
    }

    // MARK: Places

    func stay(_ guest: Guest, at now: Instant) {
        switch guest.step {
        case .arrive: chooseSpot(guest, at: now)
        case .ask:
            guard let place = guest.place, let end = askSpot(guest, at: now) else {
                return leaveSpot(guest, at: now)
            }
            guest.use = ledger.begin(
                service: guest.service, unit: spots[place].unit, source: guest.source,
                key: guest.key, at: now)
            plan(guest, .look, at: end + chance.between(.seconds(3), .seconds(8)))
        case .look: enter(guest, at: now)
        case .enough:
            if let place = guest.place, spots[place].sensor == nil {
                guard takeTurn(guest) else { return plan(guest, .enough, at: now + .seconds(2)) }
                let end = askSpot(guest, at: now)
                return plan(guest, .leave, at: (end ?? now) + .seconds(2))
            }
            leaveSpot(guest, at: now)
        case .leave: leaveSpot(guest, at: now)
        }
    }

    private func isNamed(_ spot: VirtualSpot) -> Bool {
        guard case .machine(let settings) = station.services[spot.service].settings else {
            return false
        }
        return settings.parts[spot.unit].reader != nil || spot.button != nil
    }

    /// The first that is free, as the station gives them out; while one before it may be free or
    /// not, nobody can say which that is.
    private func chooseSpot(_ guest: Guest, at now: Instant) {
        let own = spots.indices.filter { spots[$0].service == guest.service }
        guard let place = own.first(where: { spots[$0].isFree(at: now) }),
            isNamed(spots[place])
                || !own.contains(where: { $0 < place && spots[$0].isGrey(at: now) }),
            guest.source != .sensor || spots[place].sensor != nil, takeTurn(guest)
        else { return wait(guest, at: now) }
        guest.place = place
        spots[place].guest = guest.id
        plan(guest, guest.source == .sensor ? .look : .ask, at: now + .seconds(1))
    }

    private func askSpot(_ guest: Guest, at now: Instant) -> Instant? {
        guard let place = guest.place else { return nil }
        let unit = isNamed(spots[place]) ? spots[place].unit : nil
        return ask(guest, unit: unit, button: spots[place].button, at: now)
    }

    private func enter(_ guest: Guest, at now: Instant) {
        guard let place = guest.place else { return gone(guest, at: now) }
        let spot = spots[place]
        if let sensor = spot.sensor { show(sensor, true, at: now) }
        if guest.use == nil {
            guest.use = ledger.begin(
                service: guest.service, unit: spot.unit, source: .sensor, key: .empty, at: now)
        }
        // Whoever asks meanwhile would be given the same one.
        plant.schedule(.services(.settled(guest.id)), at: now + spot.seen)
        let stay = max(.seconds(Int64(guest.takes) * 60), spot.seen + .seconds(5))
        plan(guest, .enough, at: now + (isClosing ? spot.seen + .seconds(5) : stay))
    }

    private func leaveSpot(_ guest: Guest, at now: Instant) {
        if let place = guest.place {
            if let sensor = spots[place].sensor { show(sensor, false, at: now) }
            spots[place].guest = nil
            spots[place].freeAt = now + spots[place].grey
        }
        if let use = guest.use { ledger.end(use, amount: 1, at: now) }
        gone(guest, at: now)
    }
}
