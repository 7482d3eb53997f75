// People who charge: they plug in and ask, or ask and plug in where the light comes on.
//
//   arrive ─► (plug in) ─► ask ─► look ─┬─ live: (plug in) ─► come back ─► end it or not ─► unplug
//                                       └─ not: unplug, go

import EventLoop
import Profiles
import StationCore

extension VirtualServices {
    private func outlets(of service: Int) -> [Int] {
        outlets.indices.filter { outlets[$0].service == service }
    }

    /// Whether it shows on the socket itself who means it.
    private func isNamed(_ outlet: VirtualOutlet) -> Bool {
        guard case .machine(let settings) = station.services[outlet.service].settings else {
            return false
        }
        return outlet.sight(.plugged) != nil || settings.parts[outlet.unit].reader != nil
            || outlet.sight(.button) != nil
    }

    func charge(_ guest: Guest, at now: Instant) {
        switch guest.step {
        case .arrive: chooseSocket(guest, at: now)
        case .ask:
            let outlet = guest.place.map { outlets[$0] }
            let end = ask(guest, unit: outlet?.unit, button: outlet?.sight(.button), at: now)
            guard let end else { return leaveSocket(guest, at: now) }
            guest.tries = 0
            plan(guest, .look, at: end + Self.reaction)
        case .look: lookAtSocket(guest, at: now)
        case .enough: comeBack(guest, at: now)
        case .leave: leaveSocket(guest, at: now)
        }
    }

    private func chooseSocket(_ guest: Guest, at now: Instant) {
        let taken = present.compactMap { id in
            guests[id].flatMap { $0.service == guest.service ? $0.place : nil }
        }
        let free = outlets(of: guest.service).filter { place in
            outlets[place].load == nil && !outlets[place].isLive && outlets[place].use == nil
                && !taken.contains(place)
        }
        guard let place = chance.pick(free), takeTurn(guest) else { return wait(guest, at: now) }
        guard isNamed(outlets[place]) else { return plan(guest, .ask, at: now + .seconds(1)) }
        guest.place = place
        plugIn(guest, at: now)
        plan(guest, .ask, at: now + chance.between(.seconds(3), .seconds(6)))
    }

    private func plugIn(_ guest: Guest, at now: Instant) {
        guard let place = guest.place else { return }
        let outlet = outlets[place]
        let watts = Double(amount(guest.group.draws ?? usualWatts(of: guest.service)))
        // Some are full before they come back, some are not.
        let share = Double(60 + chance.below(70)) / 100
        let need = watts * Double(guest.takes) / 60 * share
        outlet.plug(
            VirtualLoad(guest: guest.id, watts: watts, wattHours: max(0.5, need)), at: now)
        feedBoard(outlet, at: now)
        if let plugged = outlet.sight(.plugged) { show(plugged, true, at: now) }
    }

    private func usualWatts(of service: Int) -> ClosedRange<Int> {
        guard case .machine(let settings) = station.services[service].settings else {
            return 10...20
        }
        return settings[.type] == 1 ? 90...240 : 8...30
    }

    /// A board that measures itself has to know what draws.
    func feedBoard(_ outlet: VirtualOutlet, at now: Instant) {
        guard outlet.isSelfMetered, let power = outlet.sight(.power) else { return }
        show(power, number: outlet.load?.draw ?? 0, at: now)
    }

    private func lookAtSocket(_ guest: Guest, at now: Instant) {
        if guest.use != nil, let place = guest.place {
            giveTurn(guest)
            if outlets[place].load?.guest != guest.id { plugIn(guest, at: now) }
            let back = now + .seconds(Int64(guest.takes) * 60)
            return plan(guest, .enough, at: isClosing ? now + .seconds(20) : back)
        }
        guest.tries += 1
        guard guest.tries < Self.looks else { return leaveSocket(guest, at: now) }
        plan(guest, .look, at: now + .seconds(1))
    }

    private func comeBack(_ guest: Guest, at now: Instant) {
        guard let place = guest.place, outlets[place].isLive, outlets[place].use == guest.use,
            asking[guest.service] == nil
        else {
            // Somebody else stands at the reader: so be it.
            return leaveSocket(guest, at: now)
        }
        // Most end it; some just pull the plug.
        guard chance.below(3) > 0 || isClosing else { return leaveSocket(guest, at: now) }
        let end = ask(
            guest, unit: isNamed(outlets[place]) ? outlets[place].unit : nil,
            button: outlets[place].sight(.button), at: now)
        plan(guest, .leave, at: (end ?? now) + chance.between(.seconds(3), .seconds(6)))
    }

    private func leaveSocket(_ guest: Guest, at now: Instant) {
        if let place = guest.place, outlets[place].load?.guest == guest.id {
            outlets[place].plug(nil, at: now)
            feedBoard(outlets[place], at: now)
            if let plugged = outlets[place].sight(.plugged) { show(plugged, false, at: now) }
        }
        gone(guest, at: now)
    }

    // MARK: What the socket does

    func wentLive(_ outlet: VirtualOutlet, at now: Instant) {
        guard !outlet.switches.isEmpty else { return }
        let place = outlets.firstIndex { $0 === outlet }
        let guest = asking[outlet.service].flatMap { guests[$0] }
        outlet.usedFrom = outlet.wattHours
        if let guest, guest.use == nil, guest.asked != nil,
            guest.place == nil || guest.place == place
        {
            guest.place = place
            let use = ledger.begin(
                service: outlet.service, unit: outlet.unit, source: guest.source, key: guest.key,
                at: now)
            (guest.use, outlet.use) = (use, use)
        } else if let last = outlet.lastUse, ledger.uses[last].isCut,
            present.contains(where: { guests[$0]?.use == last })
        {
            // What the power cut interrupted goes on.
            ledger.reopen(last)
            outlet.use = last
            outlet.usedFrom = outlet.wattHours - ledger.uses[last].amount
        }
    }

    func wentDead(_ outlet: VirtualOutlet, at now: Instant) {
        guard let use = outlet.use else { return }
        ledger.end(use, amount: outlet.wattHours - outlet.usedFrom, at: now)
        (outlet.lastUse, outlet.use) = (use, nil)
    }
}
