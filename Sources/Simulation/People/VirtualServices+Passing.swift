// People who pass a beam, tap at a desk, or run an appliance.

import EventLoop
import Profiles
import StationCore

extension VirtualServices {
    // MARK: Counters

    /// In, and out again; a beam that tells no ways apart is broken twice.
    func pass(_ guest: Guest, at now: Instant) {
        let own = beams.filter { $0.service == guest.service }
        guard let first = own.first,
            case .machine(let settings) = station.services[guest.service].settings
        else { return gone(guest, at: now) }
        switch guest.step {
        case .arrive:
            let at = pass(first, at: now)
            guest.use = ledger.begin(
                service: guest.service, unit: 0, source: .sensor, key: .empty, at: at)
            guard own.count > 1 || settings[.rule] == 1 else {
                if let use = guest.use { ledger.end(use, amount: 1, at: at) }
                return gone(guest, at: now)
            }
            plan(guest, .enough, at: at + .seconds(Int64(guest.takes) * 60))
        case .ask, .look, .enough, .leave:
            let at = pass(own[own.count - 1], at: now)
            if let use = guest.use { ledger.end(use, amount: 1, at: at) }
            gone(guest, at: now)
        }
    }

    /// Breaks a beam as soon as nobody else does. Returns when.
    private func pass(_ beam: VirtualBeam, at now: Instant) -> Instant {
        let at = max(now, beam.freeAt)
        beam.freeAt = at + VirtualBeam.apart
        beam.passed += 1
        switch beam.sight.point.end {
        case .pulses(let line):
            plant.schedule(.wire(line, isActive: true), at: at)
            let end = at + chance.between(.milliseconds(150), .milliseconds(500))
            plant.schedule(.wire(line, isActive: false), at: end)
        case .box, .file: show(beam.sight, number: Double(beam.passed), at: at)
        case .input, .output, .nothing: break
        }
        return at
    }

    // MARK: Desks

    func tapDesk(_ guest: Guest, at now: Instant) {
        switch guest.step {
        case .arrive:
            // The same card within a minute takes it back.
            let before = deskTaps[guest.key]
            guard before.map({ $0 + .seconds(90) < now }) ?? true, takeTurn(guest) else {
                return wait(guest, at: now)
            }
            deskTaps[guest.key] = now
            guard let end = ask(guest, unit: nil, button: nil, at: now) else {
                return gone(guest, at: now)
            }
            let use = ledger.begin(
                service: guest.service, unit: 0, source: guest.source, key: guest.key, at: now)
            ledger.end(use, amount: 1, at: end)
            plan(guest, .leave, at: end + .seconds(2))
        case .ask, .look, .enough, .leave: gone(guest, at: now)
        }
    }

    // MARK: Appliances

    func runAppliance(_ guest: Guest, at now: Instant) {
        guard let place = outlets.firstIndex(where: { $0.service == guest.service }),
            case .machine(let settings) = station.services[guest.service].settings
        else { return gone(guest, at: now) }
        let outlet = outlets[place]
        switch guest.step {
        case .arrive:
            guard outlet.load == nil, takeTurn(guest) else { return wait(guest, at: now) }
            let watts = Double(amount(guest.group.draws ?? 700...1_200))
            outlet.plug(VirtualLoad(guest: guest.id, watts: watts, wattHours: nil), at: now)
            outlet.usedFrom = outlet.wattHours
            if let level = outlet.sight(.level), case .holds = level.source {
                show(level, true, at: now)
            }
            guest.use = ledger.begin(
                service: guest.service, unit: 0, source: .sensor, key: .empty, at: now)
            plan(guest, .enough, at: now + .seconds(isClosing ? 20 : Int64(guest.takes) * 60))
        case .ask, .look, .enough:
            outlet.plug(nil, at: now)
            if let level = outlet.sight(.level), case .holds = level.source {
                show(level, false, at: now)
            }
            if let use = guest.use {
                let isMetered = outlet.sight(.total) != nil
                let taken = outlet.wattHours - outlet.usedFrom
                ledger.end(use, amount: isMetered ? taken : 1, at: now)
            }
            // Whoever begins before its pause is over goes on with the same use.
            let pause = settings[.pause] ?? ApplianceUse.Limit.pause.milliseconds
            plan(guest, .leave, at: now + .milliseconds(pause) + .seconds(15))
        case .leave: gone(guest, at: now)
        }
    }
}
