// A station with one door, one reader and one strike, whole or in trouble.

import EventLoop
import StationCore

@testable import Control

enum Sample {
    static let resolved = ResolvedStation(
        station: StationIdentity(
            id: "kaiyuan-01", nameChinese: "开原驿站", nameEnglish: "Kaiyuan", phone: "12345",
            utcOffsetMinutes: 480),
        lines: [],
        devices: [
            ResolvedDevice(
                name: "gate-reader", profile: "wiegand-26", labelChinese: "门口读卡器",
                labelEnglish: "gate reader",
                driver: .wiegand(WiegandSettings(formats: [], views: [], keypad: false))),
            ResolvedDevice(
                name: "gate-strike", profile: "strike", labelChinese: "", labelEnglish: "",
                driver: .lock(
                    LockSettings(kind: .strike, safety: .pull, duty: .intermittent))),
        ],
        doors: [
            ResolvedDoor(
                name: "gate", labelChinese: "大门", labelEnglish: "Gate", readersIn: [0],
                readersOut: [], lock: 1, contact: nil, exitButton: nil, shared: false,
                egress: .handle, greeting: .gate, relock: .onOpen, releaseMilliseconds: 3_000,
                openMilliseconds: 30_000, preAlarmMilliseconds: 10_000)
        ],
        journal: JournalSettings(), policy: StationPolicy())

    static let info = ServiceInfo(
        version: "0.1.0", simulated: true, configuration: "c0ffee", boot: "b007",
        station: resolved)

    static let calendar = Calendar(
        wallOffset: 1_700_000_000_000_000_000, bootOffset: 0, quality: .synced,
        utcOffset: 28_800, floor: WallTime(milliseconds: 0))

    /// - Parameter isWell: otherwise everything that can be wrong is.
    static func station(isWell: Bool) -> StationRecord {
        let epoch = ShortText("local-1a2b") ?? .empty
        let snapshot = StationSnapshot(
            at: Instant(nanoseconds: 11_520_000_000_000), started: Instant(nanoseconds: 0),
            calendar: calendar, ready: isWell,
            roster: isWell
                ? RosterSnapshot(version: 7, keys: 1_200, forms: 1_300, epoch: epoch, digest: "ab")
                : nil,
            keyEpochs: isWell ? [epoch] : [],
            doors: [
                DoorSnapshot(
                    mode: isWell ? .locked : .blocked, physical: isWell ? .closed : .open,
                    released: !isWell, alarm: isWell ? nil : .forced)
            ],
            faultyDevices: isWell ? [] : [DeviceID(1)], journalWaited: isWell,
            faults: isWell ? [] : [(.journalSlow, Instant(nanoseconds: 1_000_000_000))])
        let status = JournalStatus(
            state: .running, store: "s1", oldest: 1, newest: 42, head: "00", volatile: false,
            commits: 5, bytes: 4_096, latency: (.microseconds(210), .milliseconds(2), .seconds(1)))
        return StationRecord(snapshot, journal: isWell ? status : nil, info)
    }

    static func devices(isWell: Bool) -> [DeviceRecord] {
        let faults = isWell ? [] : [(fault: Fault.missing, since: Instant(nanoseconds: 0))]
        return DeviceRecord.all(
            DevicesSnapshot(
                at: Instant(nanoseconds: 0), calendar: calendar,
                devices: [
                    DeviceSnapshot(counters: [("reads", 12), ("diagnoses", 1)]),
                    DeviceSnapshot(faults: faults),
                ]),
            info)
    }

    static func entry(
        _ sequence: Int64, _ kind: String, _ payload: String, key: String = "",
        entryClass: EntryClass = .p0
    ) -> EntryRecord {
        EntryRecord(
            JournaledEntry(
                store: "s1", sequence: sequence, boot: "b", bootTime: 0,
                wall: WallTime(milliseconds: 1_700_000_000_123), quality: .synced,
                entryClass: entryClass, kind: kind, device: "", key: key, holder: "",
                erased: false, payload: Array(payload.utf8), digest: ""),
            info)
    }
}
