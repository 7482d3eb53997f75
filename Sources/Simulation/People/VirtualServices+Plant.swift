// Where services meet the plant: what happens in its time, hands on its wires, cards at readers.

public import EventLoop
public import StationCore

/// Something that happens at services, or to whoever is there.
enum ServiceHappening {
    /// An output that a board times itself falls.
    case look(Int)
    /// Water has run to its next pulse, or to its end.
    case water(Int, turn: Int)
    /// Somebody of a group comes.
    case comes(Int)
    /// Somebody does what they planned.
    case acts(Int, turn: Int)
    /// A finger leaves a button.
    case release(SightTwin)
    /// By now it is known that somebody is there.
    case settled(Int)
}

extension VirtualServices {
    func perform(_ happening: ServiceHappening, at now: Instant) {
        switch happening {
        case .look(let device):
            (station.box(device, plant.twins) as? ModbusBox)?.fall(at: now)
            look(device, at: now)
        case .water(let tap, let turn): if taps[tap].turn == turn { runWater(tap, at: now) }
        case .comes(let group): come(group, at: now)
        case .acts(let guest, let turn): act(guest, turn: turn, at: now)
        case .release(let button): show(button, false, at: now)
        case .settled(let guest): if let guest = guests[guest] { giveTurn(guest) }
        }
    }

    /// The station's process is gone, or comes back.
    func powerWent(at now: Instant) {
        let seconds = Double(Ledger.durable.nanoseconds) / 1_000_000_000
        for tap in taps {
            tap.settle(at: now)
            guard let use = tap.use else { continue }
            let taken = tap.millilitres - tap.usedFrom
            ledger.isSure(use, of: taken - tap.rate * seconds, at: now)
        }
        for outlet in outlets where !outlet.switches.isEmpty {
            outlet.settle(at: now)
            guard let use = outlet.use else { continue }
            let taken = outlet.wattHours - outlet.usedFrom
            ledger.isSure(use, of: taken - outlet.watts * seconds / 3_600, at: now)
        }
        ledger.powerWent(at: now)
        lookAtAll(at: now)
    }
}

extension VirtualPlant {
    /// Somebody holds a card to a service's reader. Returns when it has left; `nil`: no such card.
    func hold(_ resident: Resident, to device: Int, at now: Instant) -> Instant? {
        if let reader = channelReaders.first(where: { Int($0.device.index) == device }) {
            guard let card = reader.card(of: resident) else { return nil }
            let end = now + fingers.between(Self.held.0, Self.held.1)
            twins[reader.channel].present(card, to: reader.device, at: now, until: end)
            stir()
            return end
        }
        guard let reader = readers.first(where: { Int($0.device.index) == device }),
            let frame = resident.frame(at: reader, filler: resident.filler)
        else { return nil }
        play(reader.pulses(frame.bits, count: frame.count), on: reader, at: now)
        return now + reader.pulses(frame.bits, count: frame.count).reduce(.zero) { max($0, $1.end) }
    }

    /// Whether the station has nothing against a key now.
    func isGood(_ resident: Resident, at now: Instant) -> Bool {
        let time = sunTime(at: now)
        return resident.state == .active && resident.validTo.map { time < $0 } ?? true
            && resident.validFrom.map { $0 <= time } ?? true
    }

    /// Whether the station finds a resident's key by what this reader makes of the card.
    func isKnown(_ resident: Resident, at device: Int) -> Bool {
        if let reader = channelReaders.first(where: { Int($0.device.index) == device }) {
            guard let card = reader.card(of: resident), let seen = reader.seen(card) else {
                return false
            }
            let owner = holder(of: seen.credential, format: seen.format, views: reader.views)
            return owner?.key == resident.key
        }
        guard let reader = readers.first(where: { Int($0.device.index) == device }),
            let frame = resident.frame(at: reader, filler: resident.filler)
        else { return false }
        return holder(of: frame, at: reader)?.key == resident.key
    }

    /// Somebody of a population comes to a door.
    func goTo(_ place: Int, keyPercent: Int?, at now: Instant) {
        let door = doors[place]
        let wantsKey = keyPercent.map { people.below(100) < $0 } ?? !door.readersIn.isEmpty
        guard wantsKey, let reader = people.pick(door.readersIn),
            let resident = people.pick(residents)
        else {
            if door.button != nil { schedule(.exit(door.id), at: now) }
            return
        }
        let damage = swarm.damage(chance: &mischief)
        schedule(
            .tap(Tap(resident: resident, reader: reader, door: door.id, damage: damage, tries: 1)),
            at: now)
    }

    /// A crew switches contactors on again.
    public func closeMains(_ station: inout Station, at now: Instant) {
        for (device, order) in services?.openMains ?? [] {
            station.asked(
                order.action, order.arguments, of: device, by: .crew,
                person: CrewMember(user: 1_000, name: "crew"), number: Self.crewQuestion, at: now)
        }
    }

    /// Whoever asks over the control socket has another number.
    private static let crewQuestion = UInt64.max

    /// A point shows that raw number from now on.
    func show(_ point: PointTwin, raw: Double, at now: Instant, isClean: Bool) {
        switch point.end {
        case .input(let line):
            let isActive = raw != 0
            guard board.level(line) != isActive else { return }
            if isClean {
                drive(line, isActive, at: now)
            } else {
                bounce(line, to: isActive, at: now)
            }
        case .box(let box as FrameBox):
            let number = Int64(raw.rounded())
            guard box[point.settings.name] != number else { return }
            box.change(point.settings.name, to: number)
            stir()
        case .box(let box): box.put(raw, at: point.settings)
        case .output, .pulses, .file, .nothing: break
        }
    }
}
