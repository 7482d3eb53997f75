// The core's state as the control socket's values: copied on the loop's thread, worded elsewhere.

public import Control
public import EventLoop
public import StationCore

extension StationSnapshot {
    /// A station as it is now.
    public init(of station: borrowing Station, started: Instant, ready: Bool, at now: Instant) {
        let health = station.deviceHealth
        self.init(
            at: now, started: started, calendar: station.currentCalendar, ready: ready,
            roster: RosterSnapshot(station.keyTables),
            keyEpochs: station.keyEpoch.map { [$0] } ?? [],
            doors: Self.doors(of: station),
            faultyDevices: health.indices.filter { !health[$0].faults.isEmpty }
                .map { DeviceID($0) },
            journalWaited: station.waitsForJournal, journal: station.journalState,
            faults: station.faults)
        notice = station.currentNotice
    }

    private static func doors(of station: borrowing Station) -> [DoorSnapshot] {
        let (states, inUse) = (station.doorStates, station.doorsInUse)
        return states.indices.map {
            DoorSnapshot(states[$0], inUse: inUse.contains(DoorSet(DoorID($0))))
        }
    }
}

extension DoorSnapshot {
    init(_ door: DoorState, inUse: Bool) {
        let physical: Physical =
            switch door.isClosed {
            case nil: .unknown
            case true?: .closed
            case false?: .open
            }
        let alarm: Alarm? =
            switch door.alarm {
            case .none, .heldOpenSoon: nil
            case .forced: .forced
            case .heldOpen: .heldOpen
            }
        self.init(
            mode: door.mode, physical: physical, released: !door.isSecured, alarm: alarm,
            inUse: inUse)
    }
}

extension RosterSnapshot {
    /// The roster in force with what the station says besides; `nil`: there is none.
    init?(_ tables: MarkedTables) {
        guard let roster = tables.roster else { return nil }
        self.init(roster)
        (enrolled, told) = (tables.cards?.count ?? 0, tables.marks.count)
    }

    /// What people and hubs compare: never a card number, never a match form.
    init(_ roster: Roster) {
        self.init(
            version: roster.version, keys: roster.count, forms: roster.formCount,
            epoch: roster.epoch, digest: "\(roster.digest)",
            issuer: roster.issuer == 0 ? nil : RosterIssuer.text(roster.issuer))
    }
}

extension BoxesSnapshot {
    public init(of station: borrowing Station) {
        var services: [[BoxState]] = []
        for service in station.resolved.services.indices {
            services.append(station.boxStates(of: service))
        }
        self.init(calendar: station.currentCalendar, services: services)
    }
}

extension DevicesSnapshot {
    public init(of station: borrowing Station, at now: Instant) {
        let guards = Dictionary(grouping: station.guardStates, by: \.device)
        self.init(
            at: now, calendar: station.currentCalendar,
            devices: station.deviceHealth.enumerated().map { place, health in
                DeviceSnapshot(
                    faults: health.faults,
                    counters: [
                        ("goodReads", health.goodReads), ("badReads", health.badReads),
                        ("edgesLost", health.edgesLost),
                    ] + health.counts, flaw: health.flaw, latency: health.latency,
                    points: health.points,
                    guards: (guards[DeviceID(place)] ?? []).map {
                        GuardSnapshot(
                            since: $0.since, acts: $0.acts, isSecured: $0.isSecured,
                            isUnseen: $0.isUnseen, isEscalated: $0.isEscalated)
                    })
            })
    }
}
