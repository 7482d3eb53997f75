// What outlives a run of services with machines: uses that go on, and what is counted of them.
//
//   count 2, when it was written 8, then for each part of which there is something to know:
//   service ‖ part ‖ flags 1 ‖ numbers 1, each 8
//     of one that is used: key ‖ holder ‖ source 1 ‖ since 8
//
// Names are a length of one byte and as many bytes of UTF-8. Numbers are big-endian; times are in
// milliseconds since 1970, 0 where no clock could be believed. Only a part's machine can read its
// numbers. Then follows what `DecisionMemory` says.

public import EventLoop
public import StationCore

/// A part of the snapshot. Services and their parts go by name, as doors do.
public struct UseMemory: Equatable, Sendable {
    public struct Part: Equatable, Sendable {
        public var service: String
        public var name: String
        public var owner: UseOwner?
        /// By the clock of then; `nil`: nobody could say.
        public var since: WallTime?
        public var numbers: [Int64]

        public init(
            service: String, name: String, owner: UseOwner? = nil, since: WallTime? = nil,
            numbers: [Int64] = []
        ) {
            self.service = service
            self.name = name
            self.owner = owner
            self.since = since
            self.numbers = numbers
        }
    }

    public var parts: [Part]
    /// `nil`: no clock could be believed.
    public var writtenAt: WallTime?
    /// Pauses, and hours for today.
    public var decisions: DecisionMemory

    public init(
        parts: [Part] = [], writtenAt: WallTime? = nil,
        decisions: DecisionMemory = DecisionMemory()
    ) {
        self.parts = parts
        self.writtenAt = writtenAt
        self.decisions = decisions
    }

    private static let used: UInt8 = 1
    /// Each part once, and acts at desks.
    static let capacity = 2 * ResolvedStation.Limit.partsPerStation
    static let sizeLimit =
        2 + 8 + capacity
        * (2 * BoxMemory.nameLength + 2 + 8 * KeptPart.numberLimit + BoxMemory.ownerLength)
        + DecisionMemory.sizeLimit

    // MARK: A station's

    public init(of station: borrowing Station, at now: Instant) {
        let calendar = station.currentCalendar
        let wall: (Instant) -> WallTime? = { calendar.isTrusted ? calendar.wallTime(at: $0) : nil }
        self.init(writtenAt: wall(now), decisions: DecisionMemory(of: station))
        let services = station.resolved.services
        for (place, service) in services.enumerated() {
            let units = service.settings.units
            for kept in station.keptParts(of: place, at: now) where parts.count < Self.capacity {
                parts.append(
                    Part(
                        service: service.name, name: units[kept.unit], owner: kept.owner,
                        since: kept.since.flatMap(wall), numbers: kept.numbers))
            }
        }
    }

    /// Tells a station that starts. What it does not have any more is left out.
    public func teach(_ station: inout Station, at now: Instant) {
        decisions.teach(&station, at: now)
        let calendar = station.currentCalendar
        var away: Interval?
        if let writtenAt, calendar.isTrusted {
            let gone = calendar.wallTime(at: now).milliseconds &- writtenAt.milliseconds
            // A clock that went back says nothing.
            if (0...Self.longestAway).contains(gone) { away = .milliseconds(gone) }
        }
        for (place, service) in station.resolved.services.enumerated() {
            let units = service.settings.units
            let kept = parts.filter { $0.service == service.name }.compactMap { part in
                units.firstIndex(of: part.name).map { unit in
                    KeptPart(
                        unit: unit, owner: part.owner,
                        since: part.owner.map { _ in
                            part.since.map { BoxMemory.instant(of: $0, calendar, now) } ?? now
                        }, numbers: part.numbers)
                }
            }
            station.recalled(kept, of: place, away: away)
        }
    }

    /// A year, in ms: a clock that says more was not set.
    private static let longestAway: Int64 = 366 * 86_400_000

    // MARK: Bytes

    /// - Precondition: within the limits, as a station's are.
    func append(to bytes: inout ByteBuffer) {
        bytes.append(bigEndian: UInt16(parts.count))
        bytes.append(bigEndian: writtenAt?.milliseconds ?? 0)
        for part in parts {
            BoxMemory.append(part.service, to: &bytes)
            BoxMemory.append(part.name, to: &bytes)
            bytes.append(part.owner == nil ? 0 : Self.used)
            precondition(part.numbers.count <= KeptPart.numberLimit, "too many numbers of a part")
            bytes.append(UInt8(part.numbers.count))
            for number in part.numbers { bytes.append(bigEndian: number) }
            if let owner = part.owner { BoxMemory.append(owner, part.since, to: &bytes) }
        }
        decisions.append(to: &bytes)
    }

    /// - Returns: `nil` unless the bytes begin with a memory; it is taken off.
    init?(_ rest: inout ArraySlice<UInt8>) {
        self.init()
        guard let count: UInt16 = rest.take(), count <= Self.capacity,
            let written: Int64 = rest.take()
        else { return nil }
        writtenAt = written == 0 ? nil : WallTime(milliseconds: written)
        for _ in 0..<count {
            guard let part = Self.part(&rest) else { return nil }
            parts.append(part)
        }
        guard let read = DecisionMemory(&rest) else { return nil }
        decisions = read
    }

    private static func part(_ rest: inout ArraySlice<UInt8>) -> Part? {
        guard let service = rest.takeName(), let name = rest.takeName(),
            let flags: UInt8 = rest.take(), flags & ~used == 0,
            let count: UInt8 = rest.take(), count <= KeptPart.numberLimit
        else { return nil }
        var part = Part(service: service, name: name)
        for _ in 0..<count {
            guard let number: Int64 = rest.take() else { return nil }
            part.numbers.append(number)
        }
        guard flags & used != 0 else { return part }
        guard let (owner, since) = BoxMemory.owner(&rest) else { return nil }
        (part.owner, part.since) = (owner, since)
        return part
    }
}
