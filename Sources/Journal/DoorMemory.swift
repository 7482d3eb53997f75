// What outlives a run of doors with rules: who gave a mode, what a fire interrupted, who is inside.
//
//   door count 1, then for each of which there is something to say:
//   name ‖ who gave its mode 1 ‖ the mode that a fire interrupted 1 ‖ who gave that 1
//   stay count 2, then for each holder who is inside:
//   area ‖ holder ‖ seconds that are left 4
//
// Names are a length of one byte and as many bytes of UTF-8. Numbers are big-endian; 0 stands for
// nobody.

public import EventLoop
public import StationCore

/// A part of the snapshot. Doors and areas go by name, so that a changed station file finds those
/// that it still has.
public struct DoorMemory: Equatable, Sendable {
    public struct Standing: Equatable, Sendable {
        public var door: String
        public var kept: KeptStanding

        public init(door: String, kept: KeptStanding) {
            self.door = door
            self.kept = kept
        }
    }

    public var standings: [Standing]
    public var stays: [KeptStay]

    public init(standings: [Standing] = [], stays: [KeptStay] = []) {
        self.standings = standings
        self.stays = stays
    }

    private static let nameLength = 1 + EntryNames.nameLimit
    static let sizeLimit =
        1 + DoorSet.capacity * (nameLength + 3) + 2
        + PassbackLedger.capacity * (nameLength + 1 + ShortText.capacity + 4)

    // MARK: A station's

    public init(of station: borrowing Station, at now: Instant) {
        let doors = station.resolved.doors
        standings = zip(doors, station.keptStandings).compactMap { door, kept in
            kept == KeptStanding() ? nil : Standing(door: door.name, kept: kept)
        }
        stays = station.keptStays(at: now)
    }

    /// Tells a station that starts. What it does not have any more is left out.
    public func teach(_ station: inout Station, at now: Instant) {
        let doors = station.resolved.doors
        for standing in standings {
            guard let place = doors.firstIndex(where: { $0.name == standing.door }) else {
                continue
            }
            station.recalled(standing.kept, of: DoorID(place))
        }
        for stay in stays { station.recalled(stay, at: now) }
    }

    // MARK: Bytes

    /// - Precondition: within the limits, as a station's are.
    func append(to bytes: inout ByteBuffer) {
        precondition(standings.count <= DoorSet.capacity, "more doors than a station can have")
        bytes.append(UInt8(standings.count))
        for standing in standings {
            Self.append(standing.door, to: &bytes)
            bytes.append(standing.kept.by?.rawValue ?? 0)
            bytes.append(standing.kept.beneath.rawValue)
            bytes.append(standing.kept.beneathBy?.rawValue ?? 0)
        }
        precondition(stays.count <= PassbackLedger.capacity, "more stays than are remembered")
        bytes.append(bigEndian: UInt16(stays.count))
        for stay in stays {
            Self.append(stay.area, to: &bytes)
            Self.append("\(stay.holder)", to: &bytes)
            bytes.append(bigEndian: stay.secondsLeft)
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
        guard let count: UInt8 = rest.take(), count <= DoorSet.capacity else { return nil }
        for _ in 0..<count {
            guard let door = rest.takeName(), let kept = Self.standing(&rest) else { return nil }
            standings.append(Standing(door: door, kept: kept))
        }
        guard let many: UInt16 = rest.take(), many <= PassbackLedger.capacity else { return nil }
        for _ in 0..<many {
            guard let area = rest.takeName(), let text = rest.takeName(),
                let holder = ShortText(text), let left: UInt32 = rest.take()
            else { return nil }
            stays.append(KeptStay(area: area, holder: holder, secondsLeft: left))
        }
    }

    private static func standing(_ rest: inout ArraySlice<UInt8>) -> KeptStanding? {
        guard let by: UInt8 = rest.take(), let code: UInt8 = rest.take(),
            let beneath = DoorMode(rawValue: code), let beneathBy: UInt8 = rest.take(),
            by == 0 || Authority(rawValue: by) != nil,
            beneathBy == 0 || Authority(rawValue: beneathBy) != nil
        else { return nil }
        return KeptStanding(
            by: Authority(rawValue: by), beneath: beneath, beneathBy: Authority(rawValue: beneathBy)
        )
    }
}

/// What the journal's entries say of who is inside, on top of what the snapshot knows.
struct PassageFacts: Sendable {
    /// More than any door lets in between two snapshots; of more the newest are enough.
    static let capacity = 4_096

    private(set) var facts: [PassageFact] = []

    /// `{"door":"…","reader":"…"`: neither has anything to escape.
    mutating func take(_ entry: StoredEntry, _ names: EntryNames) {
        let words = entry.payload.split(separator: "\"", omittingEmptySubsequences: false)
        guard words.count > 3, words[1] == "door",
            let door = names.doors.firstIndex(where: { $0 == words[3] })
        else { return }
        guard entry.kind != "door.grantUnused" else { return add(.unused(DoorID(door))) }
        // An erased entry has no holder any more: its stay is long over.
        guard words.count > 7, words[5] == "reader",
            let reader = names.devices.firstIndex(where: { $0 == words[7] }),
            let key = entry.key.flatMap({ ShortText($0) })
        else { return }
        let holder = entry.holder.flatMap { ShortText($0) } ?? .empty
        add(.went(DeviceID(reader), holder: holder.isEmpty ? key : holder))
    }

    private mutating func add(_ fact: PassageFact) {
        if facts.count == Self.capacity { facts.removeFirst(Self.capacity / 2) }
        facts.append(fact)
    }
}

extension Recollection {
    /// Tells a station who has come in and gone out since the snapshot.
    public func teachPassages(_ station: inout Station, at now: Instant) {
        for fact in passages.facts { station.recalled(fact, at: now) }
    }
}
