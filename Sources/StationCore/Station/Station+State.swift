// What others may see of the core: plain values, made on request, never on a tap's path.

public import EventLoop

/// One door as it is now.
public struct DoorState: Sendable, Equatable {
    public var mode: DoorMode
    public var standingMode: DoorMode
    public var isSecured: Bool
    /// `nil`: no contact, or not known.
    public var isClosed: Bool?
    public var alarm: Door.Alarm
}

/// One device as it is now.
public struct DeviceHealth: Sendable {
    public var isAttached: Bool
    /// Standing faults with the time each was raised.
    public var faults: [(fault: Fault, since: Instant)]
    public var goodReads: UInt64
    public var badReads: UInt64
    public var edgesLost: UInt64
    /// What `insecure` is about, when that stands.
    public var flaw: OSDPSecurityFault?
    /// What its bus counted about it.
    public var counts: [(name: StaticString, value: UInt64)]
    /// How long its answers on a bus took, since the start.
    public var latency: BusLatency?
    /// Its points' last readings, in the order of `DriverSettings.shownPoints`.
    public var points: [PointReading]
}

extension Station {
    public var doorStates: [DoorState] {
        doors.indices.map { place in
            let door = doors[place]
            return DoorState(
                mode: door.mode, standingMode: door.standingMode,
                isSecured: door.isSecured && !isWithheld(place),
                isClosed: door.isClosed, alarm: door.alarm)
        }
    }

    /// Whether a door's lock is free because something is in the way.
    private func isWithheld(_ place: Int) -> Bool {
        let door = DoorID(place)
        return doorBook.ruled.contains(DoorSet(door)) && doorBook[door].warden.isWithheld
    }

    public var deviceHealth: [DeviceHealth] {
        deviceStates.indices.map { place in
            let state = deviceStates[place]
            return DeviceHealth(
                isAttached: state.isAttached,
                faults: state.faults.list,
                goodReads: readers[place].goodReads, badReads: readers[place].badReads,
                edgesLost: state.edgesLost, flaw: state.flaw, counts: counts(of: place),
                latency: wiring.buses[place].flatMap {
                    drivers[Int($0.index)].latency(of: DeviceID(place))
                }, points: pointReadings(of: place))
        }
    }

    private func counts(of place: Int) -> [(name: StaticString, value: UInt64)] {
        guard let bus = wiring.buses[place] else {
            return resolved.devices[place].driver.isBus
                ? drivers[place].counts(of: DeviceID(place)) : []
        }
        return drivers[Int(bus.index)].counts(of: DeviceID(place))
    }

    /// What a device's points said last; none for what has none.
    public func pointReadings(of place: Int) -> [PointReading] {
        let owner = wiring.buses[place] ?? DeviceID(place)
        return drivers[Int(owner.index)].readings(of: DeviceID(place))
    }

    /// Whether every door's lock is there: what an activation waits for.
    public var isReady: Bool {
        wiring.locks.allSatisfy { deviceStates[Int($0.index)].isAttached }
    }

    /// The standing modes in the doors' order: what has to survive a restart.
    public var standingModes: [DoorMode] {
        doors.indices.map { doors[$0].standingMode }
    }

    /// The roster in force.
    public var currentRoster: Roster? { roster }
    /// Cards that were enrolled at the door.
    public var enrolledCards: Roster? { cards }
    public var keyEpoch: ShortText? { key?.epoch }
    /// The wall clock as last observed.
    public var currentCalendar: Calendar { calendar }
    /// Whether grants wait for their commit.
    public var waitsForJournal: Bool { barrier.isWaiting }
    /// Doors where somebody is served: let through now, or granted and waiting for the commit.
    public var doorsInUse: DoorSet {
        var doors = barrier.doorsWaiting
        for place in self.doors.indices where self.doors[place].mode == .accessed {
            doors.formUnion(DoorSet(DoorID(place)))
        }
        return doors
    }
    /// Grants that wait, or whose commit is watched.
    public var heldGrants: Int { barrier.count }
}
