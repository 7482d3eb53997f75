// From a station to its snapshot, and from a snapshot to the modes of the station that starts.

public import EventLoop
public import StationCore

extension StateSnapshot {
    /// How often the snapshot is written when nothing changes: its anchor is the clock's floor.
    public static let period = Interval.seconds(3_600)
    /// When a snapshot that could not be written is tried again: a mode must not be forgotten.
    public static let retry = Interval.seconds(10)

    /// What has to outlive this run.
    ///
    /// - Parameters:
    ///   - last: where the journal ends, or `nil` when it is not open: the modes are kept all the
    ///     same, and no store has the id of zeros.
    ///   - rosterVersion: of the last roster that was in force.
    ///   - doubts: doors whose mode is not known, and which are locked down for that.
    public init(
        of station: borrowing Station, last: Cursor?, rosterVersion: UInt64 = 0,
        doubts: DoorSet = [], at now: Instant
    ) {
        let calendar = station.currentCalendar
        self.init(
            last: last ?? Cursor(store: StoreID(bits: 0), sequence: 0),
            wallAnchor: calendar.quality == .synced
                ? calendar.wallTime(at: now) : calendar.floor,
            rosterVersion: rosterVersion,
            doors: station.resolved.doors.indices.map { place in
                Door(
                    name: station.resolved.doors[place].name, mode: station.standingModes[place],
                    latches: doubts.contains(DoorSet(DoorID(place))) ? .all : [])
            }, passes: station.passUses)
    }

    /// What is taken for granted when a snapshot is lost that there must have been.
    public static func lost(for station: ResolvedStation, wallAnchor: WallTime) -> StateSnapshot {
        StateSnapshot(
            last: Cursor(store: StoreID(bits: 0), sequence: 0), wallAnchor: wallAnchor,
            doors: station.doors.map { Door(name: $0.name, mode: .lockedDown, latches: .all) })
    }

    /// What a crew's word makes of a snapshot: every door locked, and no doubt about it.
    public func reset(for station: ResolvedStation) -> StateSnapshot {
        var snapshot = self
        snapshot.doors = station.doors.map { Door(name: $0.name, mode: .locked, latches: []) }
        return snapshot
    }

    /// Doors of the station that are locked down because nobody knows how they stood.
    public func doubts(for station: ResolvedStation) -> DoorSet {
        var doubts = DoorSet()
        for (place, door) in station.doors.enumerated() {
            let known = doors.first { $0.name == door.name }
            if let known, !known.latches.isEmpty { doubts.insert(DoorSet(DoorID(place))) }
        }
        return doubts
    }

    /// The standing modes that a station's doors start with, in its order; a door that the snapshot
    /// does not know is locked.
    public func modes(for station: ResolvedStation) -> [DoorMode] {
        station.doors.map { door in doors.first { $0.name == door.name }?.mode ?? .locked }
    }
}
