// What outlives a run of lockers: whose each box is, and what is wrong with it.
//
//   box count 2 (0xFFFF: nobody knows), then for each that is not simply free:
//   service ‖ box ‖ flags 1 ‖ troubles 1, of one that is held: key ‖ holder ‖ source 1 ‖ since 8
//
// Names are a length of one byte and as many bytes of UTF-8. Numbers are big-endian; `since` is in
// milliseconds since 1970.

public import EventLoop
public import StationCore

/// A part of the snapshot. Services and boxes go by name, as doors do.
public struct BoxMemory: Equatable, Sendable {
    /// A box that is not simply free.
    public struct Box: Equatable, Sendable {
        public var service: String
        public var name: String
        public var kept: Compartment.Kept
        /// Since when it is held, by the clock of then.
        public var since: WallTime?

        public init(
            service: String, name: String, kept: Compartment.Kept, since: WallTime? = nil
        ) {
            self.service = service
            self.name = name
            self.kept = kept
            self.since = since
        }
    }

    public var boxes: [Box]
    /// The snapshot was lost: nobody knows whose any box is.
    public var isLost = false

    public init(boxes: [Box] = []) { self.boxes = boxes }

    /// What is taken for granted when a snapshot is lost that there must have been.
    static let lost: BoxMemory = {
        var memory = BoxMemory()
        memory.isLost = true
        return memory
    }()

    private enum Flags {
        static let held: UInt8 = 1
        static let unknown: UInt8 = 2
        static let blocked: UInt8 = 4
    }

    private static let lostCount: UInt16 = 0xFFFF
    private static let nameLength = 1 + EntryNames.nameLimit
    /// As many as all banks of a station may have.
    static let capacity = ResolvedStation.Limit.boxesPerStation
    static let sizeLimit =
        2 + capacity * (2 * nameLength + 2 + 2 * (1 + ShortText.capacity) + 1 + 8)

    // MARK: A station's

    public init(of station: borrowing Station, at now: Instant) {
        let services = station.resolved.services
        let calendar = station.currentCalendar
        boxes = station.keptBoxes.compactMap { box in
            guard box.kept != Compartment.Kept() else { return nil }
            let service = services[box.service]
            return Box(
                service: service.name, name: service.settings.units[box.unit], kept: box.kept,
                since: box.since.map { calendar.wallTime(at: $0) })
        }
        precondition(boxes.count <= Self.capacity, "more boxes than are kept")
    }

    /// Tells a station that starts. What it does not have any more is left out.
    public func teach(_ station: inout Station, at now: Instant) {
        let services = station.resolved.services
        if isLost {
            for (place, service) in services.enumerated() {
                for unit in service.settings.units.indices {
                    station.forgot(box: unit, of: place, at: now)
                }
            }
        }
        for box in boxes {
            guard let place = services.firstIndex(where: { $0.name == box.service }),
                let unit = services[place].settings.units.firstIndex(of: box.name)
            else { continue }
            station.recalled(
                KeptBox(
                    service: place, unit: unit, kept: box.kept,
                    since: box.since.map { Self.instant(of: $0, station.currentCalendar, now) }),
                at: now)
        }
    }

    /// When that was; a clock that is not known says: now.
    static func instant(of wall: WallTime, _ calendar: Calendar, _ now: Instant) -> Instant {
        guard calendar.isTrusted else { return now }
        let ago = calendar.wallTime(at: now).milliseconds &- wall.milliseconds
        // No box is held for longer than a year, and none since tomorrow.
        let bounded = min(max(ago, 0), 366 * 86_400_000)
        return Instant(nanoseconds: now.nanoseconds - bounded * 1_000_000)
    }

    // MARK: Bytes

    /// - Precondition: within the limits, as a station's are.
    func append(to bytes: inout ByteBuffer) {
        guard !isLost else { return bytes.append(bigEndian: Self.lostCount) }
        bytes.append(bigEndian: UInt16(boxes.count))
        for box in boxes {
            Self.append(box.service, to: &bytes)
            Self.append(box.name, to: &bytes)
            var flags: UInt8 = 0
            if box.kept.owner != nil { flags |= Flags.held }
            if !box.kept.isKnown { flags |= Flags.unknown }
            if box.kept.isBlocked { flags |= Flags.blocked }
            bytes.append(flags)
            bytes.append(box.kept.troubles.rawValue)
            guard let owner = box.kept.owner else { continue }
            Self.append("\(owner.key)", to: &bytes)
            Self.append("\(owner.holder)", to: &bytes)
            bytes.append(owner.source.rawValue)
            bytes.append(bigEndian: box.since?.milliseconds ?? 0)
        }
    }

    private static func append(_ name: String, to bytes: inout ByteBuffer) {
        let count = name.utf8.count
        precondition(count <= EntryNames.nameLimit, "name too long: \(name)")
        bytes.append(UInt8(count))
        bytes.append(name)
    }

    /// - Returns: `nil` unless the bytes begin with a memory; it is taken off.
    init?(_ rest: inout ArraySlice<UInt8>) {
        self.init()
        guard let count: UInt16 = rest.take() else { return nil }
        if count == Self.lostCount {
            isLost = true
            return
        }
        guard count <= Self.capacity else { return nil }
        for _ in 0..<count {
            guard let box = Self.box(&rest) else { return nil }
            boxes.append(box)
        }
    }

    private static func box(_ rest: inout ArraySlice<UInt8>) -> Box? {
        guard let service = rest.takeName(), let name = rest.takeName(),
            let flags: UInt8 = rest.take(),
            flags & ~(Flags.held | Flags.unknown | Flags.blocked) == 0,
            let troubles: UInt8 = rest.take()
        else { return nil }
        var box = Box(
            service: service, name: name,
            kept: Compartment.Kept(
                isKnown: flags & Flags.unknown == 0, isBlocked: flags & Flags.blocked != 0,
                troubles: CompartmentTroubles(rawValue: troubles)))
        guard flags & Flags.held != 0 else { return box }
        guard let key = rest.takeName().flatMap({ ShortText($0) }),
            let holder = rest.takeName().flatMap({ ShortText($0) }),
            let source = rest.take().flatMap({ (raw: UInt8) in UseSource(rawValue: raw) }),
            let since: Int64 = rest.take()
        else { return nil }
        box.kept.owner = UseOwner(key: key, holder: holder, source: source)
        box.since = since == 0 ? nil : WallTime(milliseconds: since)
        return box
    }
}
