// Whether water and power flow only for uses that are written down, and no more than they may.

import EventLoop
import StationCore

/// What entries say of uses, part by part, beside what flows there.
struct ServiceWatch {
    /// From the end of a use, or a start, until power has to be off: an order, a board's own time,
    /// and that time again for what a start finds.
    static let patience = Interval.seconds(25)

    /// A valve opens in the tick in which its entry is made, and that is handed over in the next.
    static let glimpse = Interval.seconds(2)

    private struct Part {
        var began: Ticket?
        /// Something is seen to flow without a use since.
        var flowsSince: Instant?
        /// Since when no use runs.
        var idleSince: Instant
        var isTold = false
    }

    private var parts: [[Part]]

    init(_ station: ResolvedStation) {
        parts = station.services.map { service in
            service.settings.units.map { _ in Part(idleSince: Instant(nanoseconds: 0)) }
        }
    }

    /// An entry is on its way to the journal.
    mutating func take(_ entry: Entry) {
        switch entry.event {
        case .useBegan(let service, let unit, _): began(service, unit, entry.ticket)
        case .useEnded(let service, let unit, _, _, _, _): ended(service, unit, at: entry.at)
        default: break
        }
    }

    mutating func began(_ service: ServiceID, _ unit: UInt16, _ ticket: Ticket) {
        guard let place = place(service, unit) else { return }
        parts[place.0][place.1].began = ticket
        parts[place.0][place.1].isTold = false
    }

    mutating func ended(_ service: ServiceID, _ unit: UInt16, at now: Instant) {
        guard let place = place(service, unit) else { return }
        parts[place.0][place.1].began = nil
        parts[place.0][place.1].idleSince = now
    }

    private func place(_ service: ServiceID, _ unit: UInt16) -> (Int, Int)? {
        guard parts.indices.contains(Int(service.index)),
            parts[Int(service.index)].indices.contains(Int(unit))
        else { return nil }
        return (Int(service.index), Int(unit))
    }

    /// A new core knows only of uses that were committed.
    mutating func restarted(committed: Ticket, at now: Instant) {
        for service in parts.indices {
            for unit in parts[service].indices {
                if let ticket = parts[service][unit].began {
                    // Tickets begin anew: what is committed keeps its use, under no ticket's name.
                    parts[service][unit].began = ticket <= committed ? Ticket(number: 0) : nil
                }
                parts[service][unit].idleSince = now
            }
        }
    }

    /// What flows without a use, or too much of it.
    mutating func look(
        _ flows: [ServiceFlow], at now: Instant
    ) -> [(rule: Violation.Rule, what: String)] {
        var broken: [(Violation.Rule, String)] = []
        for flow in flows {
            let part = parts[flow.service][flow.unit]
            guard !part.isTold else { continue }
            if let most = flow.most, most < flow.amount {
                parts[flow.service][flow.unit].isTold = true
                broken.append(
                    (.tooMuchWater, "\(flow.name): \(Int64(flow.amount)) of \(Int64(most)) mL"))
            }
            guard flow.isFlowing, part.began == nil else {
                parts[flow.service][flow.unit].flowsSince = nil
                continue
            }
            let since = part.flowsSince ?? now
            parts[flow.service][flow.unit].flowsSince = since
            if since + Self.glimpse <= now, part.idleSince + Self.patience < now {
                parts[flow.service][flow.unit].isTold = true
                broken.append(
                    (flow.isWater ? .waterWithoutUse : .energyWithoutSession, flow.name))
            }
        }
        return broken
    }
}

/// What flows at one part now.
struct ServiceFlow {
    var service: Int
    var unit: Int
    var name: String
    var isWater: Bool
    var isFlowing: Bool
    /// mL since the valve opened, and how many they may be.
    var amount = 0.0
    var most: Double?
}

extension VirtualServices {
    /// A valve is told, and shuts, within so many seconds behind a meter that tells at once.
    private static let shutting = 0.4

    func flows(at now: Instant) -> [ServiceFlow] {
        var flows: [ServiceFlow] = []
        for outlet in outlets where !outlet.switches.isEmpty {
            outlet.settle(at: now)
            flows.append(
                ServiceFlow(
                    service: outlet.service, unit: outlet.unit,
                    name: "\(station.services[outlet.service].name) \(outlet.unit + 1)",
                    isWater: false, isFlowing: outlet.watts > 0))
        }
        for tap in taps {
            tap.settle(at: now)
            let every = Double(tap.flow?.point.settings.everyMilliseconds ?? 0) / 1_000
            let seconds = Self.shutting + (tap.pulse == nil ? every + 1 : 0)
            flows.append(
                ServiceFlow(
                    service: tap.service, unit: tap.unit, name: station.services[tap.service].name,
                    isWater: true, isFlowing: tap.isRunning,
                    amount: tap.isRunning ? tap.millilitres - tap.usedFrom : 0,
                    most: Double(portion(of: tap.service)) + (tap.pulse ?? 1) + tap.rate * seconds))
        }
        return flows
    }

    /// What is open or live now that nobody comes any more.
    var unsecured: [String] {
        taps.filter(\.isOpen).map { "\(station.services[$0.service].name) is open" }
            + outlets.filter { !$0.switches.isEmpty && $0.isLive }.map {
                "\(station.services[$0.service].name) \($0.unit + 1) is on"
            }
    }
}
