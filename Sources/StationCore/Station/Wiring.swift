// Who belongs to whom: from a device to its door, looked up without searching.

import EventLoop

/// Each device's place in the doors, computed once.
struct Wiring: Sendable {
    enum Role: Equatable, Sendable {
        /// Nothing depends on it yet.
        case none
        case readerIn(DoorID)
        case readerOut(DoorID)
        case lock(DoorID)
        case contact(DoorID)
        case exitButton(DoorID)
        /// One taps there for a service.
        case service(ServiceID)
        /// The same of a door with rules: a tap there goes another way.
        case ruledIn(DoorID)
        case ruledOut(DoorID)
    }

    let roles: [Role]
    /// Each door's lock.
    let locks: [DeviceID]
    /// The views to try, in order: `views[reader * View.perReader + place]`, nil at the end.
    let views: [View?]
    /// Each device's own channel.
    let channels: [ChannelID?]
    /// Each device's bus, when it is a member of one.
    let buses: [DeviceID?]
    /// Lines by device and terminal: `lines[device * Wiring.terminals + terminal]`.
    let lines: [LineID?]
    /// No driver has more terminals.
    static let terminals = 8

    /// The door that a reader stands at.
    func door(of reader: Int) -> DoorID? {
        switch roles[reader] {
        case .readerIn(let door), .readerOut(let door), .ruledIn(let door), .ruledOut(let door):
            door
        case .none, .lock, .contact, .exitButton, .service: nil
        }
    }

    /// A reader's views, in the order in which they are tried.
    func views(of reader: Int) -> [View] {
        let first = reader * View.perReader
        return views[first..<first + View.perReader].compactMap { $0 }
    }

    init(_ station: ResolvedStation) {
        var roles = Array(repeating: Role.none, count: station.devices.count)
        for (place, door) in station.doors.enumerated() {
            let id = DoorID(place)
            let isRuled = door.rules != nil
            for reader in door.readersIn {
                roles[reader] = isRuled ? .ruledIn(id) : .readerIn(id)
            }
            for reader in door.readersOut {
                roles[reader] = isRuled ? .ruledOut(id) : .readerOut(id)
            }
            roles[door.lock] = .lock(id)
            if let contact = door.contact { roles[contact] = .contact(id) }
            if let button = door.exitButton { roles[button] = .exitButton(id) }
        }
        for (place, service) in station.services.enumerated() {
            for reader in service.readers { roles[reader] = .service(ServiceID(place)) }
            guard case .machine(let settings) = service.settings else { continue }
            for reader in settings.parts.compactMap(\.reader) {
                roles[reader] = .service(ServiceID(place))
            }
        }
        self.roles = roles
        views = station.devices.flatMap { device in
            let known = device.driver.views.compactMap { View(name: $0) }
            return (0..<View.perReader).map { $0 < known.count ? known[$0] : nil }
        }
        var channels = [ChannelID?](repeating: nil, count: station.devices.count)
        for (place, channel) in station.channels.enumerated() {
            channels[channel.device] = ChannelID(place)
        }
        self.channels = channels
        buses = station.devices.map { $0.driver.bus.map { DeviceID($0) } }
        locks = station.doors.map { DeviceID($0.lock) }
        var lines = [LineID?](repeating: nil, count: station.devices.count * Self.terminals)
        for (place, line) in station.lines.enumerated() {
            lines[line.device * Self.terminals + line.terminal] = LineID(place)
        }
        self.lines = lines
    }
}

/// What the rules remember of one reader.
struct ReaderState: Sendable {
    var filter = TapFilter()
    var goodReads: UInt64 = 0
    var badReads: UInt64 = 0
}

/// What the core knows of a device's health.
struct DeviceState: Sendable {
    /// What it stands on; what it has none of counts as there.
    var hasLines = true
    var hasChannel = true
    /// Whether its bus hears it; devices without a bus count as online.
    var isOnline = true
    var isHeldBack = false
    var wantsRandom = false
    var wantsKeeping = false
    /// Counts the keys that were handed over to be kept.
    var keyNumber: UInt32 = 0
    /// Who began what will come to an end there; `nil`: nobody whom we know.
    var begunBy: CrewMember?
    /// Why its bus does not believe it.
    var flaw: OSDPSecurityFault?
    var faults = StandingFaults()
    var edgesLost: UInt64 = 0

    init(of device: Int, in station: ResolvedStation) {
        hasLines = !station.lines.contains { $0.device == device }
        hasChannel = !station.channels.contains { $0.device == device }
        isOnline = station.devices[device].driver.bus == nil
    }

    /// Whether the device can do its work, as far as ports go.
    var isAttached: Bool { hasLines && hasChannel && isOnline }
}

extension Door.Settings {
    init(_ door: ResolvedDoor) {
        self.init(
            hasContact: door.contact != nil,
            watchesForce: !door.shared && door.contact != nil
                && (door.exitButton != nil || !door.readersOut.isEmpty),
            relock: door.relock, release: .milliseconds(Int64(door.releaseMilliseconds)),
            open: .milliseconds(Int64(door.openMilliseconds)),
            preAlarm: .milliseconds(Int64(door.preAlarmMilliseconds)))
    }
}
