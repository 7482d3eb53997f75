// Snapshots and stored entries become records with names and dates.

import EventLoop
import Testing

@testable import Control
@testable import StationCore

@Suite struct `A record` {
    @Test func `of a station has words where the snapshot has numbers`() {
        let station = Sample.station
        #expect(station.uptimeMilliseconds == 6_000)
        #expect(station.clock.quality == "synced")
        #expect(station.clock.time == "2023-11-15T06:13:30.000+08:00")
        #expect(station.doors[0].mode == "accessed")
        #expect(station.doors[0].alarm == "heldOpen")
        #expect(station.doors[0].egress == "hardware")
        #expect(station.faultyDevices == ["gate-strike"])
        #expect(station.journal.commitP99 == 2_000)
    }

    @Test func `of a silent journal says so and claims nothing`() {
        let station = StationRecord(Sample.snapshot, journal: nil, Sample.info)
        #expect(station.journal.state == "silent")
        #expect(station.journal.store == nil)
        #expect(station.journal.commitMedian == nil)
    }

    @Test func `of a station has its own faults, and the worse that is known of its journal`() {
        var snapshot = Sample.snapshot
        func record() -> StationRecord {
            StationRecord(snapshot, journal: Sample.status, Sample.info)
        }
        #expect(record().journal.state == "running")
        #expect(record().faults.isEmpty)
        snapshot.faults = [(.journalSlow, Instant(nanoseconds: 5_000_000_000))]
        #expect(record().journal.state == "slow")
        #expect(record().faults.map(\.kind) == ["journalSlow"])
        #expect(record().faults.map(\.time) == ["2023-11-15T06:13:25.000+08:00"])
        snapshot.journal = .failed
        #expect(record().journal.state == "failed")
        var status = Sample.status
        status.state = .opening
        #expect(
            StationRecord(snapshot, journal: status, Sample.info).journal.state == "opening")
    }

    @Test func `of metrics has a station's own faults, standing or not`() {
        var snapshot = Sample.snapshot
        snapshot.faults = [(.journalFailed, Instant(nanoseconds: 5_000_000_000))]
        snapshot.journal = .failed
        let metrics = MetricCatalog.records(
            Measurements(station: snapshot, devices: Sample.devices), journal: Sample.status,
            control: ControlCounters(), Sample.info)
        func standing(_ name: String, _ label: String) -> [String] {
            metrics.filter { $0.name == name }.flatMap(\.samples).filter { $0.value == 1 }
                .compactMap { $0.labels[label] }
        }
        #expect(standing("stationd_fault", "fault") == ["journalFailed"])
        #expect(standing("stationd_journal_state", "state") == ["failed"])
        let faults = metrics.filter { $0.name == "stationd_fault" }.flatMap(\.samples)
        #expect(faults.map(\.value) == Fault.ofStation.map { $0 == .journalFailed ? 1 : 0 })
    }

    @Test func `of metrics has what points say, and how long boxes took to answer`() {
        var station = Sample.resolved
        let meter = BusDeviceSettings(
            bus: 2, address: 1, language: .modbus(ModbusSettings()),
            points: [
                PointSettings(
                    name: "power", kind: .level, unit: "W",
                    source: .register(at: RegisterPlace(table: .input, address: 0))),
                PointSettings(
                    name: "relay", kind: .state,
                    source: .register(at: RegisterPlace(table: .coil, address: 0)),
                    states: ["off", "on"]),
            ])
        for (name, driver) in [
            ("line", .fieldBus(FieldBusSettings())), ("meter", .busDevice(meter)),
            ("dead", .busDevice(meter)),
        ] as [(String, DriverSettings)] {
            station.devices.append(
                ResolvedDevice(
                    name: name, profile: "p", labelChinese: "", labelEnglish: "", driver: driver))
        }
        let info = ServiceInfo(
            version: "1", simulated: true, configuration: "c", boot: "b", station: station)
        func reading(_ value: DecimalNumber?, _ quality: PointReading.Quality) -> PointReading {
            PointReading(value: value, quality: quality, at: Instant(nanoseconds: 1))
        }
        var latency = BusLatency()
        for milliseconds: Int64 in [3, 5, 20] { latency.observe(.milliseconds(milliseconds)) }
        var devices = Sample.devices
        devices.devices += [
            DeviceSnapshot(points: [reading(DecimalNumber(mantissa: 125, places: 1), .good)]),
            DeviceSnapshot(
                latency: latency,
                points: [
                    reading(DecimalNumber(mantissa: 244, places: 1), .good), reading(.one, .good),
                    reading(DecimalNumber(8), .good), reading(DecimalNumber(32), .estimated),
                ]),
            DeviceSnapshot(
                latency: BusLatency(),
                points: [reading(.zero, .stale), .unread, .unread, .unread]),
        ]
        let metrics = MetricCatalog.records(
            Measurements(station: Sample.snapshot, devices: devices), journal: nil,
            control: ControlCounters(), info)
        func samples(_ name: String) -> [SampleRecord] {
            metrics.filter { $0.name == name }.flatMap(\.samples)
        }
        #expect(
            samples("stationd_point") == [
                SampleRecord(12.5, labels: ["device": "line", "point": "load", "unit": "%"]),
                SampleRecord(24.4, labels: ["device": "meter", "point": "power", "unit": "W"]),
                SampleRecord(8, labels: ["device": "meter", "point": "latency", "unit": "ms"]),
                SampleRecord(
                    32, labels: ["device": "meter", "point": "latency_p99", "unit": "ms"]),
            ])
        // Of what has never answered there is nothing, and no 0.
        let answers = samples("stationd_device_answer_seconds")
        #expect(answers.allSatisfy { $0.labels["device"] == "meter" })
        let buckets = answers.filter { $0.suffix == "bucket" }
        #expect(buckets.map(\.value).suffix(13) == [0, 1, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3])
        #expect(buckets.compactMap { $0.labels["le"] }.suffix(8).first == "0.064")
        #expect(buckets.last?.labels["le"] == "+Inf")
        #expect(answers.filter { $0.suffix == "count" }.map(\.value) == [3])
        #expect(answers.filter { $0.suffix == "sum" }.map(\.value) == [0.028])
    }

    @Test func `of a device tells its doors, faults and counters`() {
        let reader = DeviceRecord(0, Sample.devices, Sample.info)
        #expect(reader.state == "ok")
        #expect(reader.doors == ["gate"])
        #expect(reader.counters == ["reads": 12, "diagnoses": 1])
        #expect(reader.label == TextRecord(zh: "门口读卡器", en: "gate-reader"))
        #expect(Sample.device.state == "faulty")
        #expect(Sample.device.faults.map(\.kind) == ["insecure"])
        #expect(Sample.device.faults[0].time == "2023-11-15T06:13:25.000+08:00")
    }

    @Test func `of a denial carries the rider's sentence and the door's label`() {
        let entry = EntryRecord(
            Sample.journaled(
                4, payload: #"{"door":"gate","reader":"gate-reader","reason":"expired"}"#),
            Sample.info)
        #expect(entry.cursor == "s1:4")
        #expect(entry.detail.wording == "denied.expired")
        #expect(entry.doorLabel == TextRecord(zh: "大门", en: "Gate"))
        #expect(entry.key == "k1")
    }

    @Test(arguments: ["", "{", "[]", "{\"door\":7}", "\u{0}"])
    func `of an entry with a damaged payload is still a record`(payload: String) {
        let entry = EntryRecord(Sample.journaled(4, payload: payload), Sample.info)
        #expect(entry.sequence == 4)
        #expect(entry.detail == DetailRecord())
    }

    @Test(arguments: [
        "", ":", "s1", "s1:", ":4", "s1:-1", "s1:x", "s 1:4", "s1:9223372036854775808",
    ])
    func `of a cursor is refused unless it is store and sequence`(text: String) {
        #expect(EntryCursor(text) == nil)
    }

    @Test func `of a cursor reads what it writes`() {
        let cursor = EntryCursor(store: "0af3", sequence: .max)
        #expect(EntryCursor(cursor.description) == cursor)
    }
}
