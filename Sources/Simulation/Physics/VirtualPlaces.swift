// Cabinets' doors, places where one person is at a time, and beams that people break.

import EventLoop
import StationCore

/// A cabinet's door with its contact, and its lock if it has one.
final class VirtualLeaf {
    let service: Int
    let contact: SightTwin
    let button: SightTwin?
    let lock: VirtualSwitch?
    /// Its board's own sensor shows what its lock does: it springs open by itself.
    let springs: Bool
    var isOpen = false
    var wasFreed = false
    var use: Int?
    /// Somebody is there, or was a moment ago.
    var takenUntil = Instant(nanoseconds: .min)
    var guest: Int?

    init?(
        service: Int, _ part: PartSettings, _ sights: [SightTwin], in station: ResolvedStation,
        _ twins: [any ReaderTwin]
    ) {
        guard let contact = sights.first(where: { $0.sense == .closed }) else { return nil }
        self.service = service
        self.contact = contact
        button = sights.first { $0.sense == .button }
        lock = part.order(.open).flatMap { VirtualSwitch($0, in: station, twins) }
        if case .box = contact.point.end {
            springs = lock?.device == contact.point.device
        } else {
            springs = false
        }
    }

    var hasLock: Bool { lock != nil }

    /// Whether its contact says that it is open, where a box moves it.
    var isSeenOpen: Bool {
        guard case .holds(let comparison) = contact.source, case .box(let box) = contact.point.end,
            let raw = box.raw(of: contact.point.settings)
        else { return false }
        return contact.point.holds(comparison, at: raw) == false
    }
}

/// A toilet, a bed, a bay.
final class VirtualSpot {
    let service: Int
    let unit: Int
    let sensor: SightTwin?
    let button: SightTwin?
    /// From leaving until a station that waits for people who sit still calls it free.
    let grey: Interval
    /// From entering until it is known that somebody is there.
    let seen: Interval
    var guest: Int?
    var freeAt = Instant(nanoseconds: .min)

    init(service: Int, unit: Int, sights: [SightTwin], _ settings: MachineSettings) {
        self.service = service
        self.unit = unit
        sensor = sights.first { $0.sense == .occupied }
        button = sights.first { $0.sense == .button }
        let leaving = settings[.leaving] ?? SharedPlace.Limit.leaving.milliseconds
        let arrival = settings[.arrival] ?? SharedPlace.Limit.arrival.milliseconds
        // A line's own settling is added: the slowest sensor of ours takes half a minute.
        let isSlow = sensor != nil
        grey = .milliseconds(leaving) + (isSlow ? .seconds(40) : .seconds(3))
        seen = .milliseconds(arrival) + (isSlow ? .seconds(10) : .zero)
    }

    func isFree(at now: Instant) -> Bool { guest == nil && freeAt <= now }
    /// Left, and maybe not yet known to be free.
    func isGrey(at now: Instant) -> Bool { guest == nil && now < freeAt }
}

/// A beam, a loop, a turnstile.
final class VirtualBeam {
    /// Two that come closer than this are one to it.
    static let apart = Interval.milliseconds(1_500)

    let service: Int
    let sight: SightTwin
    /// All that ever passed.
    var passed = 0
    var freeAt = Instant(nanoseconds: .min)

    init(service: Int, sight: SightTwin) {
        self.service = service
        self.sight = sight
    }
}
