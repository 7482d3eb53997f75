// What survived the last run: door modes, key and roster, read once at the start.

public import EventLoop
public import Journal
public import StationCore

/// The state directory's contents at the start. Anything damaged is said and done without.
public struct Memory {
    /// The roster's file in the state directory.
    public static let rosterName = "roster.table"
    /// A million keys are about 60 MB.
    public static let rosterLimit = 512 << 20

    public let modes: [DoorMode]
    public let key: StationKey?
    /// What is known to have been committed.
    public let known: Cursor?
    /// The newest of build time and last anchor.
    public let floor: WallTime

    public init(_ directory: any StateDirectory, _ station: ResolvedStation) {
        let snapshot = Self.snapshot(directory)
        modes = station.doors.map { door in
            snapshot?.doors.first { $0.name == door.name }?.mode ?? .locked
        }
        floor = max(Release.built, snapshot?.wallAnchor ?? Release.built)
        known = snapshot?.last
        key = Self.key(directory)
    }

    /// Tells the station what it knew: key and roster. The roster may be large, so outputs come
    /// first.
    public func teach(
        _ station: inout Station, from directory: any StateDirectory, at now: Instant
    ) {
        guard let key else { return }
        station.installed(key: key, isNew: false, at: now)
        if let roster = Self.roster(directory, station.resolved, key) {
            station.replaced(roster: roster, refused: 0, isNew: false, at: now)
        }
    }

    private static func snapshot(_ directory: any StateDirectory) -> StateSnapshot? {
        do throws(StateFileError) {
            return try StateSnapshot.read(in: directory)
        } catch {
            Console.note("stationd: snapshot: \(error); door modes start as locked")
            return nil
        }
    }

    private static func key(_ directory: any StateDirectory) -> StationKey? {
        do throws(KeyFile.Failure) {
            return try KeyFile.read(in: directory)?.key
        } catch {
            Console.note("stationd: \(KeyFile.name): \(error); install it again: stationctl key")
            return nil
        }
    }

    private static func roster(
        _ directory: any StateDirectory, _ station: ResolvedStation, _ key: StationKey
    ) -> Roster? {
        do {
            guard let bytes = try directory.read(rosterName, limit: rosterLimit) else { return nil }
            let roster = try RosterFile.decode(bytes, doors: station.doors.map(\.name))
            guard roster.isMade(with: key) else {
                Console.note(
                    "stationd: \(rosterName): made with key \(roster.epoch), not with"
                        + " \(key.epoch): import the roster again")
                return nil
            }
            return roster
        } catch {
            Console.note("stationd: \(rosterName): \(error); import the roster again")
            return nil
        }
    }
}
