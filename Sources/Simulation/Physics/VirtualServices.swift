// Everything at a station that people use besides doors and lockers: sockets, taps, places, beams.
//
//   people ──plug, press, tap, enter──► wires, boxes, files ──► the station
//   the station ──orders──► wires, boxes ──look──► what flows ──► meters ──► the station
//
// It acts on what hardware shows, and looks at what hardware does; the core is never asked.

import EventLoop
import Profiles
import StationCore

/// The physical side of a station's services, and who is there.
final class VirtualServices {
    let station: ResolvedStation
    unowned let plant: VirtualPlant
    /// Seconds of the station's day at `start`, as the sun has it.
    private let dawn: Int64
    private let start: Instant

    private(set) var outlets: [VirtualOutlet] = []
    private(set) var taps: [VirtualTap] = []
    var leaves: [VirtualLeaf] = []
    var spots: [VirtualSpot] = []
    var beams: [VirtualBeam] = []
    /// What nobody moves but the day.
    private var weather: [(service: Int, sight: SightTwin)] = []
    /// Contactors before groups of sockets, which a crew closes.
    private(set) var mains: [(order: DeviceOrder, on: ActionOrder, device: Int)] = []
    /// By device: what looks at it, and what it shows.
    private var switched: [[Fitting]]
    private var metered: [[Fitting]]

    enum Fitting: Equatable {
        case outlet(Int)
        case tap(Int)
        case leaf(Int)
        case weather(Int)
    }

    var ledger = Ledger()
    /// Everybody who is there, by number; those who left are `nil`.
    var guests: [Guest?] = []
    /// The numbers of those who are there.
    var present: [Int] = []
    /// By service: who asks for it now, one at a time.
    var asking: [Int?]
    /// By key: when it was held to a desk last.
    var deskTaps: [ShortText: Instant] = [:]
    let groups: [Population.Group]
    var chance: SplitMix64
    var waters: SplitMix64
    /// Nobody comes any more, and who is there goes home.
    var isClosing = false

    init(
        _ station: ResolvedStation, plant: VirtualPlant, population: Population?,
        localSeconds: Int64, seed: SplitMix64, start: Instant
    ) {
        self.station = station
        self.plant = plant
        self.start = start
        dawn = localSeconds
        groups = population?.groups ?? []
        chance = seed.fork("guests")
        waters = seed.fork("waters")
        switched = station.devices.map { _ in [] }
        metered = switched
        asking = station.services.map { _ in nil }
        for (place, service) in station.services.enumerated() {
            guard case .machine(let settings) = service.settings else { continue }
            fit(place, settings, at: start)
        }
        watchBoxes()
        findMains()
    }

    var hasPopulation: Bool { !groups.isEmpty }

    // MARK: What there is

    private func sights(_ sights: [MachineSettings.Sight]) -> [SightTwin] {
        sights.compactMap { SightTwin($0, in: station, plant.twins) }
    }

    private func fit(_ service: Int, _ settings: MachineSettings, at now: Instant) {
        for sight in sights(settings.shared) { rest(sight, at: now) }
        for (unit, part) in settings.parts.enumerated() {
            let sights = sights(part.sights)
            for sight in sights { rest(sight, at: now) }
            switch settings.kind {
            case .charging: fitOutlet(service, unit, part, sights, at: now)
            case .appliance: fitAppliance(service, sights, at: now)
            case .dispenser: fitTap(service, part, sights, at: now)
            case .cabinet:
                if let leaf = VirtualLeaf(service: service, part, sights, in: station, plant.twins)
                {
                    leaves.append(leaf)
                    attach(.leaf(leaves.count - 1), to: leaf.lock.map { [$0] } ?? [])
                    register(.leaf(leaves.count - 1), leaf.contact.point.device, in: &switched)
                }
            case .place:
                spots.append(VirtualSpot(service: service, unit: unit, sights: sights, settings))
            case .counter:
                beams += [Sense.inward, .outward].compactMap { sense in
                    sights.first { $0.sense == sense }.map {
                        VirtualBeam(service: service, sight: $0)
                    }
                }
            case .lights, .climate:
                for sight in sights where sight.sense == .lux || sight.sense == .value {
                    weather.append((service, sight))
                    register(.weather(weather.count - 1), sight.point.device, in: &metered)
                }
            case .desk, .swap, .room, .link, .help: break
            }
        }
    }

    private func fitOutlet(
        _ service: Int, _ unit: Int, _ part: PartSettings, _ sights: [SightTwin], at now: Instant
    ) {
        guard let on = part.order(.on),
            let relay = VirtualSwitch(on, in: station, plant.twins)
        else { return }
        let meter = sights.first { $0.sense == .power }?.point
        let isOwn: Bool
        if let meter, meter.device == relay.device, case .box(let box) = meter.end {
            isOwn = box.metersItself
        } else {
            isOwn = false
        }
        let devices = [relay.device] + sights.map(\.point.device)
        let cutters = cutters(of: devices)
        outlets.append(
            VirtualOutlet(
                service: service, unit: unit, switches: [relay], cutters: cutters, sights: sights,
                isSelfMetered: isOwn, wattHours: Double(1_000 + waters.below(9_000)), at: now))
        attach(.outlet(outlets.count - 1), to: [relay] + cutters)
        for sight in sights {
            register(.outlet(outlets.count - 1), sight.point.device, in: &metered)
        }
    }

    /// Whatever acts for these devices when they do not obey lies before them.
    private func cutters(of devices: [Int]) -> [VirtualSwitch] {
        var orders: [DeviceOrder] = []
        for device in devices {
            if let outer = station.devices[device].driver.outer, !orders.contains(outer) {
                orders.append(outer)
            }
        }
        return orders.compactMap { VirtualSwitch($0, in: station, plant.twins) }
    }

    /// An appliance is always on its own socket, or on its own pipe.
    private func fitAppliance(_ service: Int, _ sights: [SightTwin], at now: Instant) {
        outlets.append(
            VirtualOutlet(
                service: service, unit: 0, switches: [], cutters: [], sights: sights,
                isSelfMetered: false, wattHours: Double(1_000 + waters.below(9_000)), at: now))
        _ = outlets[outlets.count - 1].look(plant.board, at: now)
        for sight in sights {
            register(.outlet(outlets.count - 1), sight.point.device, in: &metered)
        }
    }

    private func fitTap(
        _ service: Int, _ part: PartSettings, _ sights: [SightTwin], at now: Instant
    ) {
        let valves = [OrderRole.open, .openHot].compactMap { role in
            part.order(role).flatMap { VirtualSwitch($0, in: station, plant.twins) }
        }
        guard let close = part.order(.close)?.device, !valves.isEmpty else { return }
        let cutters = cutters(of: [close]).filter { $0.device != close }
        taps.append(
            VirtualTap(
                service: service, unit: 0, valves: valves, cutters: cutters, sights: sights,
                rate: Double(30 + waters.below(31)), millilitres: Double(1_000 * waters.below(50)),
                at: now))
        attach(.tap(taps.count - 1), to: valves + cutters)
        for sight in sights { register(.tap(taps.count - 1), sight.point.device, in: &metered) }
    }

    private func attach(_ fitting: Fitting, to switches: [VirtualSwitch]) {
        for place in switches.indices { register(fitting, switches[place].device, in: &switched) }
    }

    private func register(_ fitting: Fitting, _ device: Int, in table: inout [[Fitting]]) {
        if !table[device].contains(fitting) { table[device].append(fitting) }
    }

    /// How things are while nobody does anything and nothing is wrong.
    private func rest(_ sight: SightTwin, at now: Instant) {
        switch sight.sense {
        case .closed, .mains, .up, .ours: show(sight, true, at: now, isClean: true)
        case .plugged, .broken, .smoke, .low, .empty, .button, .occupied, .childLock:
            show(sight, false, at: now, isClean: true)
        case .level:
            if case .holds = sight.source { show(sight, false, at: now, isClean: true) }
        case .heat: show(sight, number: 26, at: now)
        case .solidsBefore: show(sight, number: 160, at: now)
        case .solidsAfter: show(sight, number: 16, at: now)
        case .lit, .running, .valveOpen, .power, .energy, .flow, .total, .lux, .value, .inward,
            .outward, .charge:
            break
        }
    }

    private func watchBoxes() {
        for device in station.devices.indices {
            guard let box = station.box(device, plant.twins) else { continue }
            if let board = box as? ModbusBox,
                case .busDevice(let settings) = station.devices[device].driver
            {
                board.obey(settings)
            }
            if !metered[device].isEmpty {
                box.hooks.asked = { [unowned self] now in refresh(device, at: now) }
            }
            if !switched[device].isEmpty {
                box.hooks.done = { [unowned self] now in
                    look(device, at: now)
                    if let fall = box.nextFall {
                        plant.schedule(.services(.look(device)), at: fall)
                    }
                }
            }
        }
    }

    // MARK: What hardware does

    /// A device's outputs may have changed.
    func look(_ device: Int, at now: Instant) {
        for fitting in switched[device] {
            switch fitting {
            case .outlet(let place): lookAtOutlet(place, at: now)
            case .tap(let place): lookAtTap(place, at: now)
            case .leaf(let place): lookAtLeaf(place, at: now)
            case .weather: break
            }
        }
    }

    /// Any of them may have: the process is gone, or came back.
    func lookAtAll(at now: Instant) {
        for device in switched.indices where !switched[device].isEmpty { look(device, at: now) }
    }

    private func lookAtOutlet(_ place: Int, at now: Instant) {
        guard let isLive = outlets[place].look(plant.board, at: now) else { return }
        isLive ? wentLive(outlets[place], at: now) : wentDead(outlets[place], at: now)
    }

    private func lookAtTap(_ place: Int, at now: Instant) {
        let tap = taps[place]
        guard let isOpen = tap.look(plant.board, chance: &waters, at: now) else { return }
        if isOpen { opened(tap, at: now) }
        runWater(place, at: now)
    }

    /// Water goes on to its next pulse, or to its end.
    func runWater(_ place: Int, at now: Instant) {
        let tap = taps[place]
        tap.settle(at: now)
        while tap.takePulse() {
            guard case .pulses(let line)? = tap.flow?.point.end else { break }
            plant.schedule(.wire(line, isActive: true), at: now)
            plant.schedule(.wire(line, isActive: false), at: now + .milliseconds(8))
        }
        if !tap.isRunning { return stopped(tap, at: now) }
        if let next = tap.next(after: now) {
            plant.schedule(.services(.water(place, turn: tap.turn)), at: next)
        }
    }

    // MARK: What hardware shows

    /// Somebody asks a box: what flowed meanwhile is in its registers.
    private func refresh(_ device: Int, at now: Instant) {
        for fitting in metered[device] {
            switch fitting {
            case .outlet(let place): refresh(outlets[place], of: device, at: now)
            case .tap(let place):
                taps[place].settle(at: now)
                guard let flow = taps[place].flow, taps[place].pulse == nil else { continue }
                show(flow, number: taps[place].millilitres, at: now)
            case .weather(let place):
                show(weather[place].sight, number: value(place, at: now), at: now)
            case .leaf: break
            }
        }
    }

    private func refresh(_ outlet: VirtualOutlet, of device: Int, at now: Instant) {
        outlet.settle(at: now)
        for sight in outlet.sights where sight.point.device == device {
            switch sight.sense {
            case .power, .level:
                guard case .number = sight.source else { break }
                let watts = outlet.isSelfMetered ? outlet.load?.draw ?? 0 : outlet.watts
                show(sight, number: watts, at: now)
            case .energy where !outlet.isSelfMetered:
                show(sight, number: outlet.wattHours, at: now)
            case .total:
                let isKilo = sight.point.settings.unit == "kW.h"
                show(sight, number: outlet.wattHours / (isKilo ? 1_000 : 1), at: now)
            case .heat: show(sight, number: 25 + min(15, outlet.watts / 60), at: now)
            default: break
            }
        }
    }

    func show(_ sight: SightTwin, number: Double, at now: Instant) {
        plant.show(sight.point, raw: sight.raw(for: number), at: now, isClean: true)
    }

    /// - Parameter isClean: it does not bounce: nobody touched it.
    func show(_ sight: SightTwin, _ holds: Bool, at now: Instant, isClean: Bool = false) {
        guard case .holds(let comparison) = sight.source,
            let raw = sight.point.raw(making: comparison, holds)
        else { return }
        plant.show(sight.point, raw: raw, at: now, isClean: isClean)
    }

    /// What a file of the kernel says now; `nil`: what it always says.
    func fileNumber(_ device: Int, _ point: Int, at now: Instant) -> DecimalNumber? {
        for fitting in metered[device] {
            guard case .weather(let place) = fitting, weather[place].sight.point.place == point
            else { continue }
            let raw = weather[place].sight.raw(for: value(place, at: now))
            return DecimalNumber(raw, places: 3)
        }
        return nil
    }

    // MARK: The day

    /// Seconds of the station's day.
    func secondOfDay(at now: Instant) -> Int64 {
        let seconds = (now - start).nanoseconds / 1_000_000_000
        return (dawn + seconds) % 86_400
    }

    /// What the day makes of a sensor: light from six to eighteen, warmth an hour or two later.
    private func value(_ place: Int, at now: Instant) -> Double {
        let hour = Double(secondOfDay(at: now)) / 3_600
        let (service, sight) = weather[place]
        if sight.sense == .lux {
            let height = 1 - abs(hour - 12) / 6
            return height <= 0 ? 0 : 30_000 * height * height
        }
        guard case .machine(let settings) = station.services[service].settings else { return 20 }
        let low = settings[.lowest].map { Double($0) / 1_000 }
        let high = settings[.highest].map { Double($0) / 1_000 }
        let middle =
            switch (low, high) {
            case (let low?, let high?): (low + high) / 2
            case (let low?, nil): low + 5
            case (nil, let high?): high - 5
            case (nil, nil): 20.0
            }
        let swing = min(2, ((high ?? middle + 8) - (low ?? middle - 8)) / 8)
        return middle + swing * (1 - abs(hour - 14) / 6)
    }

    // MARK: Mains

    /// What acts for others is closed by a crew where it does not close by itself.
    private func findMains() {
        for device in station.devices.indices {
            guard let order = station.devices[device].driver.outer, let main = order.device,
                !mains.contains(where: { $0.order == order })
            else { continue }
            let actions = station.devices[main].driver.actions
            let on =
                actions.firstIndex { $0.renewedUntil == order.action }
                ?? actions.firstIndex { $0.name == "switch_on" }
            guard let on, actions[on].accepts(order.arguments) else { continue }
            mains.append(
                (order, ActionOrder(number: 0, action: on, arguments: order.arguments), main))
        }
    }

    /// The contactors that are open now.
    var openMains: [(device: DeviceID, order: ActionOrder)] {
        mains.compactMap { main in
            let cut = VirtualSwitch(main.order, in: station, plant.twins)
            return cut?.holds(plant.board) == true ? (DeviceID(main.device), main.on) : nil
        }
    }
}
