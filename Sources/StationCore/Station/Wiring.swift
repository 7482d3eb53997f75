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
    }

    let roles: [Role]
    /// Each door's lock.
    let locks: [DeviceID]
    /// The views to try, in order: `views[reader * View.perReader + place]`, nil at the end.
    let views: [View?]
    /// Lines by device and terminal: `lines[device * Wiring.terminals + terminal]`.
    let lines: [LineID?]
    /// No driver has more terminals.
    static let terminals = 8

    init(_ station: ResolvedStation) {
        var roles = Array(repeating: Role.none, count: station.devices.count)
        for (place, door) in station.doors.enumerated() {
            let id = DoorID(place)
            for reader in door.readersIn { roles[reader] = .readerIn(id) }
            for reader in door.readersOut { roles[reader] = .readerOut(id) }
            roles[door.lock] = .lock(id)
            if let contact = door.contact { roles[contact] = .contact(id) }
            if let button = door.exitButton { roles[button] = .exitButton(id) }
        }
        self.roles = roles
        views = station.devices.flatMap { device -> [View?] in
            let names =
                switch device.driver {
                case .wiegand(let wiegand): wiegand.views
                case .lock, .contact, .button: [String]()
                }
            let known = names.compactMap { View(name: $0) }
            return (0..<View.perReader).map { $0 < known.count ? known[$0] : nil }
        }
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
    var strangers = UnknownLimiter()
    /// Damaged reads, bounded the same way: two wires in the wrong hands must not fill the journal.
    var misreads = UnknownLimiter()

    /// When the next count is due.
    var nextCount: Instant? {
        guard let first = strangers.nextDeadline else { return misreads.nextDeadline }
        return misreads.nextDeadline.map { min($0, first) } ?? first
    }

    var goodReads: UInt64 = 0
    var badReads: UInt64 = 0
}

/// What the core knows of a device's health.
struct DeviceState: Sendable {
    var isAttached = false
    var isHeldBack = false
    var faults = StandingFaults()
    var edgesLost: UInt64 = 0
}
