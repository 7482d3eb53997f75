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
    ///   - last: the newest entry that was known to be committed, or `nil` when the journal was not
    ///     open: the modes are kept all the same.
    ///   - rosterVersion: of the last roster that was in force.
    ///   - doubts: doors whose mode is not known, and which are locked down for that.
    ///   - settled: doors of which the journal's entries are not to be asked.
    ///   - hasTotals: whether totals have no file of their own.
    public init(
        of station: borrowing Station, last: Cursor?, rosterVersion: UInt64 = 0,
        doubts: DoorSet = [], settled: DoorSet = [], hasTotals: Bool = true, at now: Instant
    ) {
        func latches(_ door: DoorSet) -> Latches {
            doubts.contains(door) ? .all : settled.contains(door) ? .settled : []
        }
        self.init(
            last: last, wallAnchor: Self.wallAnchor(of: station, at: now),
            rosterVersion: rosterVersion,
            doors: station.resolved.doors.indices.map { place in
                Door(
                    name: station.resolved.doors[place].name, mode: station.standingModes[place],
                    latches: latches(DoorSet(DoorID(place))),
                    followed: station.keptHours[place])
            }, passes: station.passUses, totals: hasTotals ? .here(station.keptTotals) : .apart,
            guards: GuardMemory(of: station), boxes: BoxMemory(of: station, at: now),
            uses: UseMemory(of: station, at: now), rules: DoorMemory(of: station, at: now),
            quotas: QuotaMemory(of: station), commands: CommandMemory(of: station),
            notice: NoticeMemory(notice: station.currentNotice))
    }

    /// The newest wall-clock reading that a station trusts.
    public static func wallAnchor(of station: borrowing Station, at now: Instant) -> WallTime {
        let calendar = station.currentCalendar
        return calendar.quality == .synced ? calendar.wallTime(at: now) : calendar.floor
    }

    /// What is taken for granted when a snapshot is lost that there must have been.
    public static func lost(for station: ResolvedStation, wallAnchor: WallTime) -> StateSnapshot {
        StateSnapshot(
            last: nil, wallAnchor: wallAnchor,
            doors: station.doors.map { Door(name: $0.name, mode: .lockedDown, latches: .all) },
            totals: .unknown, guards: .lost(for: station), boxes: .lost,
            commands: .lost)
    }

    /// What a crew's word makes of a snapshot: every door locked, no doubt about it, and no entry
    /// of the journal that knows better.
    public func reset(for station: ResolvedStation) -> StateSnapshot {
        var snapshot = self
        snapshot.doors = station.doors.map { door in
            Door(name: door.name, mode: .locked, latches: .settled)
        }
        snapshot.rules.standings = []
        return snapshot
    }

    /// Doors of the station that are locked down because nobody knows how they stood.
    public func doubts(for station: ResolvedStation) -> DoorSet {
        places(of: station) { !$0.latches.isEmpty && $0.latches != .settled }
    }

    /// Doors of the station that stand as the snapshot says, whatever the journal's entries say: a
    /// person has looked, or the snapshot was taken when no entry could be written any more.
    public func settled(for station: ResolvedStation) -> DoorSet {
        places(of: station) { $0.latches == .settled || last == nil && $0.latches.isEmpty }
    }

    private func places(of station: ResolvedStation, where isMeant: (Door) -> Bool) -> DoorSet {
        var places = DoorSet()
        for (place, door) in station.doors.enumerated() {
            let known = doors.first { $0.name == door.name }
            if let known, isMeant(known) { places.insert(DoorSet(DoorID(place))) }
        }
        return places
    }

    /// The standing modes that a station's doors start with, in its order; a door that the snapshot
    /// does not know is locked.
    public func modes(for station: ResolvedStation) -> [DoorMode] {
        station.doors.map { door in doors.first { $0.name == door.name }?.mode ?? .locked }
    }

    /// How far each door's hours were followed, in the station's order.
    public func followed(for station: ResolvedStation) -> [Bool?] {
        station.doors.map { door in doors.first { $0.name == door.name }?.followed }
    }
}
