// The names that entries carry, so that an old entry never depends on today's configuration.

public import StationCore

/// Names of devices and doors by their place in a resolved station, as plain and as JSON text.
public struct EntryNames: Sendable {
    /// Longer names are cut here, at a character's end: it bounds an entry's size.
    public static let nameLimit = 64

    /// A point's name, unit and states.
    public struct Point: Sendable, Equatable {
        let name: String
        let unit: String
        let states: [String]

        public init(name: String, unit: String = "", states: [String] = []) {
            self.name = EntryNames.cut(name)
            self.unit = EntryNames.cut(unit)
            self.states = states.map(EntryNames.cut)
        }
    }

    let devices: [String]
    let doors: [String]
    /// Each device's points, and its actions.
    let points: [[Point]]
    let actions: [[String]]
    /// Its guards.
    let rules: [[String]]
    let services: [String]
    /// What is painted on each service's parts.
    let units: [[String]]
    /// Sets of opening hours.
    let hours: [String]
    /// Readers by which one goes out.
    let exits: [String]
    /// The station's offset from UTC, in seconds: its days are those of entries.
    let utcOffset: Int64

    public init(_ station: ResolvedStation) {
        self.init(
            devices: station.devices.map(\.name), doors: station.doors.map(\.name),
            points: station.devices.map { device in
                device.driver.shownPoints.map {
                    Point(name: $0.name, unit: $0.unit, states: $0.states)
                }
            },
            actions: station.devices.map { $0.driver.actions.map(\.name) },
            rules: station.devices.map { $0.driver.guards.map(\.name) },
            services: station.services.map(\.name),
            units: station.services.map(\.settings.units), hours: station.hours.map(\.name),
            exits: station.doors.flatMap { door in
                door.readersOut.map { station.devices[$0].name }
            },
            utcOffset: Int64(station.station.utcOffsetMinutes) * 60)
    }

    public init(
        devices: [String], doors: [String], points: [[Point]] = [], actions: [[String]] = [],
        rules: [[String]] = [], services: [String] = [], units: [[String]] = [],
        hours: [String] = [], exits: [String] = [], utcOffset: Int64 = 0
    ) {
        self.devices = devices.map(Self.cut)
        self.doors = doors.map(Self.cut)
        self.points = points
        self.actions = actions.map { $0.map(Self.cut) }
        self.rules = rules.map { $0.map(Self.cut) }
        self.services = services.map(Self.cut)
        self.units = units.map { $0.map(Self.cut) }
        self.hours = hours.map(Self.cut)
        self.exits = exits.map(Self.cut)
        self.utcOffset = utcOffset
    }

    /// A device's point, if it has one at that place.
    func point(_ place: UInt16, of device: DeviceID) -> Point? {
        let device = Int(device.index)
        guard points.indices.contains(device), points[device].indices.contains(Int(place)) else {
            return nil
        }
        return points[device][Int(place)]
    }

    func action(_ place: UInt8, of device: DeviceID) -> String? {
        let device = Int(device.index)
        guard actions.indices.contains(device), actions[device].indices.contains(Int(place)) else {
            return nil
        }
        return actions[device][Int(place)]
    }

    func rule(_ place: UInt8, of device: DeviceID) -> String? {
        let device = Int(device.index)
        guard rules.indices.contains(device), rules[device].indices.contains(Int(place)) else {
            return nil
        }
        return rules[device][Int(place)]
    }

    func service(_ service: ServiceID) -> String {
        let place = Int(service.index)
        return services.indices.contains(place) ? services[place] : "\(place)"
    }

    func door(_ door: DoorID) -> String {
        let place = Int(door.index)
        return doors.indices.contains(place) ? doors[place] : "\(place)"
    }

    func unit(_ unit: UInt16, of service: ServiceID) -> String? {
        let place = Int(service.index)
        guard units.indices.contains(place), units[place].indices.contains(Int(unit)) else {
            return nil
        }
        return units[place][Int(unit)]
    }

    func hours(_ place: UInt8) -> String {
        hours.indices.contains(Int(place)) ? hours[Int(place)] : "\(place)"
    }

    private static func cut(_ name: String) -> String {
        var name = name
        while name.utf8.count > nameLimit { name.removeLast() }
        return name
    }
}

/// The same names as bytes in one place, so that writing an entry touches no reference count.
struct NameTable: ~Copyable {
    private struct Slot {
        var start = 0
        var plain = 0
        var json = 0
    }

    private let bytes: UnsafeMutableRawBufferPointer
    /// Devices first, then doors.
    private let slots: UnsafeMutableBufferPointer<Slot>
    private let devices: Int
    /// For points and actions, which are far from any tap.
    let names: EntryNames

    init(_ names: EntryNames) {
        self.names = names
        var text: [UInt8] = []
        var places: [Slot] = []
        for name in names.devices + names.doors {
            var slot = Slot(start: text.count, plain: name.utf8.count)
            text += name.utf8
            for byte in name.utf8 { JSONText.escape(byte) { text.append($0) } }
            slot.json = text.count - slot.start - slot.plain
            places.append(slot)
        }
        bytes = .allocate(byteCount: text.count, alignment: 1)
        bytes.copyBytes(from: text)
        slots = .allocate(capacity: places.count)
        _ = slots.initialize(from: places)
        devices = names.devices.count
    }

    deinit {
        bytes.deallocate()
        slots.deallocate()
    }

    // Each is empty for a place that the station does not have.

    /// A device's name as it is.
    func plain(_ device: DeviceID) -> UnsafeRawBufferPointer {
        let slot = slot(Int(device.index), below: devices)
        return UnsafeRawBufferPointer(rebasing: bytes[slot.start..<slot.start + slot.plain])
    }

    /// A device's name, escaped for JSON.
    func json(_ device: DeviceID) -> UnsafeRawBufferPointer {
        json(slot(Int(device.index), below: devices))
    }

    /// A door's name, escaped for JSON.
    func json(_ door: DoorID) -> UnsafeRawBufferPointer {
        json(slot(devices + Int(door.index), below: slots.count))
    }

    private func slot(_ place: Int, below end: Int) -> Slot {
        place < end ? slots[place] : Slot()
    }

    private func json(_ slot: Slot) -> UnsafeRawBufferPointer {
        let start = slot.start + slot.plain
        return UnsafeRawBufferPointer(rebasing: bytes[start..<start + slot.json])
    }
}

/// JSON's rules for text (RFC 8259 section 7).
enum JSONText {
    /// The bytes that stand for one byte of UTF-8 inside quotes.
    static func escape(_ byte: UInt8, _ append: (UInt8) -> Void) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            append(UInt8(ascii: "\\"))
            append(byte)
        case 0x00..<0x20:
            for character in "\\u00".utf8 { append(character) }
            append(byte >> 4 + UInt8(ascii: "0"))
            let low = byte & 0xF
            append(low < 10 ? low + UInt8(ascii: "0") : low - 10 + UInt8(ascii: "a"))
        default:
            append(byte)
        }
    }
}
