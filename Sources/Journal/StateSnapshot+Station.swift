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
    /// - Parameter last: where the journal ends, or `nil` when it is not open: the modes are kept
    ///   all the same, and no store has the id of zeros.
    public init(of station: borrowing Station, last: Cursor?, at now: Instant) {
        let calendar = station.currentCalendar
        self.init(
            last: last ?? Cursor(store: StoreID(bits: 0), sequence: 0),
            wallAnchor: calendar.quality == .synced
                ? calendar.wallTime(at: now) : calendar.floor,
            doors: zip(station.resolved.doors, station.standingModes).map {
                Door(name: $0.name, mode: $1, latches: [])
            })
    }

    /// The standing modes that a station's doors start with, in its order; a door that the snapshot
    /// does not know is locked.
    public func modes(for station: ResolvedStation) -> [DoorMode] {
        station.doors.map { door in doors.first { $0.name == door.name }?.mode ?? .locked }
    }
}
