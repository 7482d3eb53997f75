// People come for services as their population says, one at a time before each reader.

import EventLoop
import Profiles
import StationCore

extension VirtualServices {
    /// So often somebody looks again for a free part before they go.
    static let patience = 8
    /// From a tap to the first look whether it worked.
    static let reaction = Interval.milliseconds(1_500)
    /// So often they look.
    static let looks = 8

    // MARK: Arrivals

    func scheduleArrivals(after now: Instant) {
        for place in groups.indices { schedulePerson(of: place, after: now) }
    }

    private func schedulePerson(of group: Int, after now: Instant) {
        let people = groups[group]
        let mean = Interval(nanoseconds: 3_600_000_000_000_000 / Int64(people.perThousandHours))
        var at = now + chance.between(.milliseconds(5), mean * 2)
        // Out of its hours nobody comes: the first one comes some time after they begin.
        if !isIn(people, at: at) { at = nextBegin(of: people, after: at) + (at - now) }
        // A short stretch of the day may be over again by then.
        if !isIn(people, at: at) { at = nextBegin(of: people, after: at) + .seconds(1) }
        plant.schedule(.services(.comes(group)), at: at)
    }

    private func isIn(_ people: Population.Group, at now: Instant) -> Bool {
        guard people.from != people.to else { return true }
        let minute = Int(secondOfDay(at: now) / 60)
        return people.from < people.to
            ? (people.from..<people.to).contains(minute)
            : minute >= people.from || minute < people.to
    }

    private func nextBegin(of people: Population.Group, after now: Instant) -> Instant {
        let wait = Int64(people.from) * 60 - secondOfDay(at: now)
        return now + .seconds(wait < 0 ? wait + 86_400 : wait)
    }

    func come(_ group: Int, at now: Instant) {
        guard !isClosing else { return }
        schedulePerson(of: group, after: now)
        switch groups[group].wants {
        case .door(let door): plant.goTo(door, keyPercent: groups[group].keyPercent, at: now)
        case .service(let service):
            guard case .machine(let settings) = station.services[service].settings else {
                return plant.goToLockers(of: service, at: now)
            }
            guard let guest = guest(groups[group], service, settings, at: now) else { return }
            guests.append(guest)
            present.append(guest.id)
            act(guest.id, turn: guest.turn, at: now)
        }
    }

    /// Somebody with a key, with a finger, or with neither; `nil`: they cannot use it so.
    private func guest(
        _ group: Population.Group, _ service: Int, _ settings: MachineSettings, at now: Instant
    ) -> Guest? {
        let hasReader =
            !readers(of: service, nil).isEmpty || settings.parts.contains { $0.reader != nil }
        let hasButton = settings.parts.contains { $0.sees(.button) }
        var wantsKey = hasReader
        if let percent = group.keyPercent { wantsKey = hasReader && chance.below(100) < percent }
        if settings.kind == .desk || settings.kind == .charging, !hasButton { wantsKey = hasReader }
        let resident = wantsKey ? someResident(for: service, settings, at: now) : nil
        let isAsked =
            settings.kind == .desk || settings.kind == .charging
            || settings.kind == .dispenser
        if resident == nil, isAsked, !hasButton { return nil }
        let guest = Guest(
            id: guests.count, service: service, group: group, resident: resident,
            presses: resident == nil && hasButton)
        guest.takes = amount(group.takes ?? Self.usual(settings.kind))
        return guest
    }

    private static func usual(_ kind: ServiceKind) -> ClosedRange<Int> {
        switch kind {
        case .dispenser: 200...450
        case .charging: 30...120
        case .appliance: 2...5
        case .place: 3...20
        case .counter: 3...15
        case .cabinet, .desk, .lights, .climate, .swap, .room, .link, .help: 1...1
        }
    }

    func amount(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + chance.below(range.upperBound - range.lowerBound + 1)
    }

    /// Somebody with a key who is not here already. Most keys are good; where only the reader's
    /// word counts, all are: a refusal leaves no trace that the world could see.
    private func someResident(
        for service: Int, _ settings: MachineSettings, at now: Instant
    ) -> Resident? {
        let kind = settings.kind
        let mustBeGood = kind == .desk || kind == .place || chance.below(25) > 0
        let readers = readers(of: service, nil) + settings.parts.compactMap(\.reader)
        let here = present.compactMap { guests[$0]?.resident }
        for _ in 0..<12 {
            guard let resident = chance.pick(plant.residents) else { return nil }
            if mustBeGood {
                let isGood = plant.isGood(resident, at: now)
                guard isGood, readers.allSatisfy({ plant.isKnown(resident, at: $0) }) else {
                    continue
                }
            }
            let isHere = here.contains { other in
                other.key == resident.key
                    || (!resident.holder.isEmpty && other.holder == resident.holder)
            }
            if !isHere { return resident }
        }
        return nil
    }

    // MARK: Plans

    /// Somebody's next step.
    func plan(_ guest: Guest, _ step: Guest.Step, at instant: Instant) {
        guest.step = step
        guest.turn += 1
        plant.schedule(.services(.acts(guest.id, turn: guest.turn)), at: instant)
    }

    func act(_ id: Int, turn: Int, at now: Instant) {
        guard let guest = guests[id], guest.turn == turn,
            case .machine(let settings) = station.services[guest.service].settings
        else { return }
        switch settings.kind {
        case .charging: charge(guest, at: now)
        case .dispenser: drink(guest, at: now)
        case .appliance: runAppliance(guest, at: now)
        case .cabinet: open(guest, at: now)
        case .place: stay(guest, at: now)
        case .counter: pass(guest, at: now)
        case .desk: tapDesk(guest, at: now)
        // Nobody swaps batteries here yet.
        case .lights, .climate, .swap, .room, .link, .help: gone(guest, at: now)
        }
    }

    /// - Parameter now: of whoever asked and got nothing that the world could see.
    func gone(_ guest: Guest, at now: Instant) {
        // The power went over it: the station may have written it down, and done nothing.
        if guest.use == nil, let asked = guest.asked, ledger.isNearCut(asked) {
            let use = ledger.begin(
                service: guest.service, unit: 0, source: guest.source, key: guest.key, at: asked)
            ledger.end(use, amount: 0, at: now)
        }
        if asking[guest.service] == guest.id { asking[guest.service] = nil }
        guest.turn += 1
        guests[guest.id] = nil
        present.removeAll { $0 == guest.id }
    }

    /// Looks again later, or goes.
    func wait(_ guest: Guest, at now: Instant) {
        guest.tries += 1
        guard guest.tries < Self.patience, !isClosing else { return gone(guest, at: now) }
        plan(guest, .arrive, at: now + chance.between(.seconds(8), .seconds(40)))
    }

    /// Takes their turn before a service's reader; others wait.
    func takeTurn(_ guest: Guest) -> Bool {
        guard asking[guest.service] == nil || asking[guest.service] == guest.id else {
            return false
        }
        asking[guest.service] = guest.id
        return true
    }

    func giveTurn(_ guest: Guest) {
        if asking[guest.service] == guest.id { asking[guest.service] = nil }
    }

    /// It is late: whoever is there ends what they do, and nobody new begins.
    func close(at now: Instant) {
        isClosing = true
        for id in present {
            guard let guest = guests[id] else { continue }
            let soon = now + chance.between(.seconds(5), .seconds(60))
            switch guest.step {
            case .arrive: gone(guest, at: now)
            case .ask where guest.use == nil: plan(guest, .leave, at: now + .seconds(1))
            case .enough: plan(guest, .enough, at: soon)
            case .ask, .look, .leave: break
            }
        }
    }

    // MARK: Hands

    private func readers(of service: Int, _ unit: Int?) -> [Int] {
        if let unit, case .machine(let settings) = station.services[service].settings,
            let own = settings.parts[unit].reader
        {
            return [own]
        }
        return station.services[service].readers
    }

    /// Asks by key or by button. Returns when the hand is off again; `nil`: there is nothing to ask
    /// with.
    func ask(_ guest: Guest, unit: Int?, button: SightTwin?, at now: Instant) -> Instant? {
        guest.asked = now
        if let resident = guest.resident {
            guard let reader = chance.pick(readers(of: guest.service, unit)) else { return nil }
            return plant.hold(resident, to: reader, at: now)
        }
        guard guest.presses, let button else { return nil }
        return press(button, at: now)
    }

    private func press(_ button: SightTwin, at now: Instant) -> Instant {
        // A box is looked at from time to time only.
        let isAsked: Bool
        if case .box = button.point.end { isAsked = true } else { isAsked = false }
        let held =
            isAsked
            ? chance.between(.milliseconds(1_400), .milliseconds(2_000))
            : chance.between(.milliseconds(250), .milliseconds(700))
        show(button, true, at: now)
        plant.schedule(.services(.release(button)), at: now + held)
        return now + held
    }
}
