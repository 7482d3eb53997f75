// The metrics that every station has, declared once and filled from snapshots.

import EventLoop
import StationCore

/// Metrics that follow from the station's, its devices' and its journal's state.
public enum MetricCatalog {
    public static let build = Metric(
        "stationd_build", .info, help: "Always 1; the version is a label.")
    public static let ready = Metric(
        "stationd_ready", .gauge, help: "1 when outputs and roster are in place.")
    public static let uptime = Metric(
        "stationd_uptime_seconds", .gauge, unit: "seconds", help: "Time since the start.")
    public static let clockQuality = Metric(
        "stationd_clock_quality", .gauge, help: "0 none, 1 restored, 2 holdover, 3 synced.")
    public static let rosterKeys = Metric(
        "stationd_roster_keys", .gauge, help: "Keys on the roster in force.")
    public static let rosterVersion = Metric(
        "stationd_roster_version", .gauge, help: "Version of the roster in force, 0 for none.")
    public static let doorMode = Metric(
        "stationd_door_mode", .gauge, help: "1 for the door's mode, 0 for the others.")
    public static let doorOpen = Metric(
        "stationd_door_open", .gauge, help: "1 open, 0 closed; absent while unknown.")
    public static let doorReleased = Metric(
        "stationd_door_released", .gauge, help: "1 while the lock is free.")
    public static let doorAlarm = Metric(
        "stationd_door_alarm", .gauge, help: "1 while the named alarm stands.")
    public static let deviceFaulty = Metric(
        "stationd_device_faulty", .gauge, help: "1 while the device has a fault.")
    public static let fault = Metric(
        "stationd_fault", .gauge, help: "1 while the station itself has the named fault.")
    public static let deviceCounter = Metric(
        "stationd_device_events", .counter, help: "What the device counted since the start.")
    public static let deviceAnswer = Metric(
        "stationd_device_answer_seconds", .histogram, unit: "seconds",
        help: "From the end of a question on a bus to the end of its answer.")
    public static let point = Metric(
        "stationd_point", .gauge,
        help: "What a device's point says; absent unless it is good or an estimate.")
    public static let journalState = Metric(
        "stationd_journal_state", .gauge, help: "1 for the journal's state, 0 for the others.")
    public static let journalSequence = Metric(
        "stationd_journal_sequence", .gauge, help: "The last committed sequence.")
    public static let journalCommits = Metric(
        "stationd_journal_commits", .counter, help: "Commits since the start.")
    public static let journalBytes = Metric(
        "stationd_journal_bytes", .gauge, unit: "bytes", help: "Size of the journal's file.")
    public static let journalLatency = Metric(
        "stationd_journal_commit_seconds", .gauge, unit: "seconds",
        help: "Duration of recent commits: half take less than p50, 99 of 100 less than p99.")
    public static let controlConnections = Metric(
        "stationd_control_connections", .gauge, help: "Open connections of the control socket.")
    public static let controlCalls = Metric(
        "stationd_control_calls", .counter, help: "Calls on the control socket.")
    public static let controlDropped = Metric(
        "stationd_control_dropped", .counter,
        help: "Connections dropped for bad messages or unread replies, or refused.")

    public static let serviceAvailable = Metric(
        "stationd_service_available", .gauge, help: "1 while the service can be begun.")
    public static let serviceFreeParts = Metric(
        "stationd_service_free_parts", .gauge,
        help: "Parts that work and that nobody uses, opening hours apart.")

    static func records(
        _ measured: Measurements, journal: JournalStatus?, control: ControlCounters,
        _ info: ServiceInfo
    ) -> [MetricRecord] {
        station(measured.station, info) + doors(measured.station, info)
            + services(measured.services, info)
            + devices(measured.devices, info) + journalRecords(journal, measured.station)
            + [
                MetricRecord(controlConnections, [SampleRecord(Double(control.connections))]),
                MetricRecord(controlCalls, [SampleRecord(Double(control.calls))]),
                MetricRecord(controlDropped, [SampleRecord(Double(control.dropped))]),
            ] + measured.more
    }

    private static func station(
        _ station: StationSnapshot, _ info: ServiceInfo
    ) -> [MetricRecord] {
        let uptimeSeconds = Double((station.at - station.started).nanoseconds) / 1e9
        return [
            MetricRecord(
                build,
                [
                    SampleRecord(
                        1,
                        labels: [
                            "version": info.version, "configuration": info.configuration,
                        ])
                ]),
            MetricRecord(ready, [SampleRecord(station.ready ? 1 : 0)]),
            MetricRecord(uptime, [SampleRecord(uptimeSeconds)]),
            MetricRecord(clockQuality, [SampleRecord(Double(station.calendar.quality.rawValue))]),
            MetricRecord(rosterKeys, [SampleRecord(Double(station.roster?.keys ?? 0))]),
            MetricRecord(rosterVersion, [SampleRecord(Double(station.roster?.version ?? 0))]),
            MetricRecord(
                fault,
                Fault.ofStation.map { kind in
                    let stands = station.faults.contains { $0.fault == kind }
                    return SampleRecord(stands ? 1 : 0, labels: ["fault": kind.name])
                }),
        ]
    }

    private static func services(
        _ snapshot: ServicesSnapshot, _ info: ServiceInfo
    ) -> [MetricRecord] {
        let services = zip(info.station.services.map(\.name), snapshot.services)
        return [
            MetricRecord(
                serviceAvailable,
                services.map { name, service in
                    let isAvailable =
                        switch service.availability {
                        case .open, .degraded: true
                        case .closed, .outOfOrder: false
                        }
                    return SampleRecord(isAvailable ? 1 : 0, labels: ["service": name])
                }),
            MetricRecord(
                serviceFreeParts,
                services.map { name, service in
                    SampleRecord(
                        Double(service.parts.count(where: \.isFree)), labels: ["service": name])
                }),
        ]
    }

    private static func doors(
        _ station: StationSnapshot, _ info: ServiceInfo
    ) -> [MetricRecord] {
        let doors = zip(info.station.doors.map(\.name), station.doors)
        let modes = doors.flatMap { name, door in
            DoorMode.allCases.map { mode in
                SampleRecord(
                    mode == door.mode ? 1 : 0, labels: ["door": name, "mode": mode.name])
            }
        }
        let open = doors.compactMap { name, door -> SampleRecord? in
            switch door.physical {
            case .open: SampleRecord(1, labels: ["door": name])
            case .closed: SampleRecord(0, labels: ["door": name])
            case .unknown: nil
            }
        }
        let alarms = doors.compactMap { name, door in
            door.alarm.map { SampleRecord(1, labels: ["door": name, "alarm": $0.rawValue]) }
        }
        return [
            MetricRecord(doorMode, modes), MetricRecord(doorOpen, open),
            MetricRecord(
                doorReleased,
                doors.map { SampleRecord($1.released ? 1 : 0, labels: ["door": $0]) }),
            MetricRecord(doorAlarm, alarms),
        ]
    }

    private static func devices(
        _ snapshot: DevicesSnapshot, _ info: ServiceInfo
    ) -> [MetricRecord] {
        let devices = zip(info.station.devices.map(\.name), snapshot.devices)
        let counters = devices.flatMap { name, device in
            device.counters.map {
                SampleRecord(
                    Double($0.value), labels: ["device": name, "event": $0.name.description])
            }
        }
        return [
            MetricRecord(
                deviceFaulty,
                devices.map { SampleRecord($1.faults.isEmpty ? 0 : 1, labels: ["device": $0]) }),
            MetricRecord(deviceCounter, counters),
            MetricRecord(deviceAnswer, devices.flatMap { answers(of: $0, $1.latency) }),
            MetricRecord(point, points(snapshot, info)),
        ]
    }

    /// What has never answered has no histogram: a count of 0 would say how long nothing took.
    private static func answers(of device: String, _ latency: BusLatency?) -> [SampleRecord] {
        guard let latency, latency.count > 0 else { return [] }
        let buckets = (0..<BusLatency.bucketCount).map { bucket in
            let (count, bound) = latency.upTo(bucket)
            let label = bound.map { "\(Double($0.nanoseconds) / 1e9)" } ?? "+Inf"
            return SampleRecord(
                Double(count), suffix: "bucket", labels: ["device": device, "le": label])
        }
        return buckets + [
            SampleRecord(
                Double(latency.sum.nanoseconds) / 1e9, suffix: "sum", labels: ["device": device]),
            SampleRecord(Double(latency.count), suffix: "count", labels: ["device": device]),
        ]
    }

    /// Numbers alone: a state is a word.
    private static func points(
        _ snapshot: DevicesSnapshot, _ info: ServiceInfo
    ) -> [SampleRecord] {
        zip(info.station.devices, snapshot.devices).flatMap { device, state in
            zip(device.driver.shownPoints, state.points).compactMap { point, reading in
                guard point.states.isEmpty, reading.isBelievable, let value = reading.value else {
                    return nil
                }
                var labels = ["device": device.name, "point": point.name]
                if !point.unit.isEmpty { labels["unit"] = point.unit }
                return SampleRecord(value.approximation, labels: labels)
            }
        }
    }

    private static func journalRecords(
        _ status: JournalStatus?, _ station: StationSnapshot
    ) -> [MetricRecord] {
        let current = JournalRecord.state(status, station)
        let states = JournalStatus.State.allCases.map(\.rawValue) + ["silent"]
        let latency = status?.latency.map {
            [("p50", $0.median), ("p99", $0.p99), ("max", $0.max)].map { statistic, value in
                SampleRecord(Double(value.nanoseconds) / 1e9, labels: ["statistic": statistic])
            }
        }
        return [
            MetricRecord(
                journalState,
                states.map { SampleRecord($0 == current ? 1 : 0, labels: ["state": $0]) }),
            MetricRecord(journalSequence, [SampleRecord(Double(status?.newest ?? 0))]),
            MetricRecord(journalCommits, [SampleRecord(Double(status?.commits ?? 0))]),
            MetricRecord(journalBytes, [SampleRecord(Double(status?.bytes ?? 0))]),
            MetricRecord(journalLatency, latency ?? []),
        ]
    }
}

/// What the control socket counts about itself.
struct ControlCounters: Equatable, Sendable {
    var connections = 0
    var calls = 0
    var dropped = 0
}
