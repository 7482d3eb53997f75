// What outlives a run of lockers: whose each box is, and what is wrong with it.
//
//   box count 2 (0xFFFF: nobody knows), then for each that is not simply free:
//   service ‖ box ‖ flags 1 ‖ troubles 1
//     of one that is held: key ‖ holder ‖ source 1 ‖ since 8
//     of one that somebody had a moment ago: key ‖ holder ‖ source 1 ‖ until 8
//
// Names are a length of one byte and as many bytes of UTF-8. Numbers are big-endian; times are in
// milliseconds since 1970, 0 where no clock could be believed.

public import EventLoop
public import StationCore

/// A part of the snapshot. Services and boxes go by name, as doors do.
public struct BoxMemory: Equatable, Sendable {
    /// A box that is not simply free.
    public struct Box: Equatable, Sendable {
        public var service: String
        public var name: String
        public var kept: Compartment.Kept
        /// Since when it is held, by the clock of then; `nil`: nobody could say.
        public var since: WallTime?
        /// Who had it a moment ago.
        public var former: Former?

        public init(
            service: String, name: String, kept: Compartment.Kept, since: WallTime? = nil,
            former: Former? = nil
        ) {
            self.service = service
            self.name = name
            self.kept = kept
            self.since = since
            self.former = former
        }
    }

    /// Who had a box, and until when.
    public struct Former: Equatable, Sendable {
        public var owner: UseOwner
        public var until: WallTime?

        public init(owner: UseOwner, until: WallTime?) {
            self.owner = owner
            self.until = until
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
        static let ending: UInt8 = 8
        static let former: UInt8 = 16
        static let all = held | unknown | blocked | ending | former
    }

    private static let lostCount: UInt16 = 0xFFFF
    static let nameLength = 1 + EntryNames.nameLimit
    /// As many as all banks of a station may have.
    static let capacity = ResolvedStation.Limit.boxesPerStation
    static let sizeLimit =
        2 + capacity * (2 * nameLength + 2 + 2 * ownerLength)
    static let ownerLength = 2 * (1 + ShortText.capacity) + 1 + 8

    // MARK: A station's

    public init(of station: borrowing Station, at now: Instant) {
        // As long as the journal has not been asked, the doubt is this start's and no fact.
        guard !station.areBoxesDoubtful else {
            self = .lost
            return
        }
        let services = station.resolved.services
        let calendar = station.currentCalendar
        let wall: (Instant) -> WallTime? = { calendar.isTrusted ? calendar.wallTime(at: $0) : nil }
        boxes = station.keptBoxes.compactMap { box in
            let former = box.former.flatMap { last in
                now <= last.at + Compartment.Limit.second
                    ? Former(owner: last.owner, until: wall(last.at)) : nil
            }
            guard box.kept != Compartment.Kept() || former != nil else { return nil }
            let service = services[box.service]
            return Box(
                service: service.name, name: service.settings.units[box.unit], kept: box.kept,
                since: box.since.flatMap(wall), former: former)
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
                    since: box.since.map { Self.instant(of: $0, station.currentCalendar, now) },
                    former: box.former.map { last in
                        LockerBank.Former(
                            owner: last.owner,
                            at: last.until.map {
                                Self.instant(of: $0, station.currentCalendar, now)
                            } ?? now)
                    }), at: now)
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
            if box.kept.isEnding { flags |= Flags.ending }
            if box.former != nil { flags |= Flags.former }
            bytes.append(flags)
            bytes.append(box.kept.troubles.rawValue)
            if let owner = box.kept.owner { Self.append(owner, box.since, to: &bytes) }
            if let last = box.former { Self.append(last.owner, last.until, to: &bytes) }
        }
    }

    static func append(_ owner: UseOwner, _ time: WallTime?, to bytes: inout ByteBuffer) {
        append("\(owner.key)", to: &bytes)
        append("\(owner.holder)", to: &bytes)
        bytes.append(owner.source.rawValue)
        bytes.append(bigEndian: time?.milliseconds ?? 0)
    }

    static func append(_ name: String, to bytes: inout ByteBuffer) {
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
            flags & ~Flags.all == 0, let troubles: UInt8 = rest.take()
        else { return nil }
        var box = Box(
            service: service, name: name,
            kept: Compartment.Kept(
                isKnown: flags & Flags.unknown == 0, isBlocked: flags & Flags.blocked != 0,
                isEnding: flags & Flags.ending != 0,
                troubles: CompartmentTroubles(rawValue: troubles)))
        if flags & Flags.held != 0 {
            guard let (owner, since) = owner(&rest) else { return nil }
            (box.kept.owner, box.since) = (owner, since)
        }
        if flags & Flags.former != 0 {
            guard let (owner, until) = owner(&rest) else { return nil }
            box.former = Former(owner: owner, until: until)
        }
        return box
    }

    static func owner(_ rest: inout ArraySlice<UInt8>) -> (UseOwner, WallTime?)? {
        guard let key = rest.takeName().flatMap({ ShortText($0) }),
            let holder = rest.takeName().flatMap({ ShortText($0) }),
            let source = rest.take().flatMap({ (raw: UInt8) in UseSource(rawValue: raw) }),
            let time: Int64 = rest.take()
        else { return nil }
        return (
            UseOwner(key: key, holder: holder, source: source),
            time == 0 ? nil : WallTime(milliseconds: time)
        )
    }
}
