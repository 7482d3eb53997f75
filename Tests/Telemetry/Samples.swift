// Records as a station gives them, every member filled in.

import Control

@testable import Control

extension StationRecord {
    static let sample = StationRecord(
        id: "kaiyuan-warm-key", name: TextRecord(zh: "暖心驿站", en: "Warm key"),
        phone: "024-0000000", version: "0.1.0", simulated: true, configuration: "d1f2",
        boot: "b007", ready: true, uptimeMilliseconds: 61_000,
        clock: ClockRecord(
            quality: "synced", trusted: true, wall: 1_795_266_109_123,
            time: "2026-11-21T21:01:49.123+08:00", wallOffset: 1_795_266_000_000_000_000,
            bootTime: 109_123_000_000, utcOffset: 28_800, floor: 1_795_000_000_000),
        roster: RosterRecord(
            version: 3, keys: 2, forms: 2, epoch: "local-1", digest: "aa55", issuer: "bb66",
            enrolled: 1, told: 1),
        keyEpochs: ["local-1"],
        doors: [
            DoorRecord(
                name: "north-gate", label: TextRecord(zh: "北门", en: "North gate"),
                mode: "locked", physical: "closed", lock: "secured", alarm: "heldOpen",
                shared: true, egress: "handle", inUse: false)
        ],
        journal: JournalRecord(
            state: "running", store: "a1b2", oldestSequence: 1, lastSequence: 5, head: "00ff",
            volatile: false, waited: true, commits: 4, bytes: 4_096, commitMedian: 900,
            commitP99: 1_900, commitMax: 2_100),
        devices: 2, faultyDevices: ["north-reader"],
        faults: [
            FaultRecord(
                kind: "journalSlow", since: 1_795_266_109_123,
                time: "2026-11-21T21:01:49.123+08:00")
        ], readerKeys: "sealed", notice: .sample)
}

extension ServiceRecord {
    static let sample = ServiceRecord(
        name: "charge", kind: "charging", label: TextRecord(zh: "充电", en: "Charging"),
        availability: "closed", reason: "cleaning", until: 1_795_270_000_000,
        time: "2026-11-21T22:06:40.000+08:00", paused: true, hours: "rooms", free: 1, all: 2,
        parts: [
            PartRecord(
                name: "A1", state: "outOfOrder", reason: "deviceFailed", inUse: true,
                faults: ["relayStuck"])
        ])
}

extension HoursRecord {
    static let sample = HoursRecord(
        name: "rooms", label: TextRecord(zh: "室内", en: "Rooms"), open: true, cause: "today",
        until: 1_795_270_000_000, time: "2026-11-21T22:06:40.000+08:00",
        days: [HoursDayRecord(date: "2026-11-21", open: "08:00-22:00")])
}

extension NoticeRecord {
    static let sample = NoticeRecord(
        text: TextRecord(zh: "停水", en: "No water"), until: 1_795_270_000_000,
        time: "2026-11-21T22:06:40.000+08:00")
}

extension CommandRecord {
    static let sample = CommandRecord(
        id: "c-1", subject: "door", expires: 1_795_270_000_000,
        time: "2026-11-21T22:06:40.000+08:00", outcome: "done")
}

extension DeviceRecord {
    static func sample(_ name: String) -> DeviceRecord {
        DeviceRecord(
            name: name, label: TextRecord(zh: "读卡器", en: "Reader"), profile: "wiegand-26",
            driver: "wiegand", views: ["full"], doors: ["north-gate"], state: "faulty",
            faults: [
                FaultRecord(
                    kind: "missing", since: 1_795_266_109_123,
                    time: "2026-11-21T21:01:49.123+08:00", detail: "wrongKey")
            ],
            counters: ["frames": 12],
            points: [
                PointRecord(
                    name: "power", kind: "level", unit: "W", value: "24.4", state: "on",
                    quality: "good", ageMilliseconds: 5)
            ],
            actions: [
                ActionRecord(
                    name: "open", arguments: [.init(name: "lock", lowest: "1", highest: "12")])
            ],
            guards: [
                GuardRecord(
                    name: "too_hot", stands: true, since: 1_795_266_109_123,
                    time: "2026-11-21T21:01:49.123+08:00", secured: false, unseen: true,
                    escalated: false)
            ])
    }
}

extension EntryRecord {
    static func sample(_ sequence: Int64, store: String) -> EntryRecord {
        var detail = DetailRecord()
        detail.door = "north-gate"
        detail.reader = "north-reader"
        detail.view = "10H"
        detail.note = "none"
        return EntryRecord(
            cursor: "\(store):\(sequence)", store: store, sequence: sequence, boot: "b007",
            bootTime: 9_000_000_000 + sequence, wall: 1_795_266_109_123,
            time: "2026-11-21T21:01:49.123+08:00", quality: "synced", class: 0,
            kind: "access.granted", device: "north-reader", door: "north-gate",
            doorLabel: TextRecord(zh: "北门", en: "North gate"), key: "k-1", holder: "h-1",
            erased: false, detail: detail, digest: "cafe")
    }
}

extension UsageRecord {
    static let sample = UsageRecord(
        day: "2026-11-01", hour: 8, kind: "service", name: "lockers",
        label: TextRecord(zh: "柜子", en: "Lockers"), places: 12, measured: true,
        measuredHours: 1,
        totals: [
            UsageTotalRecord(
                source: "key", uses: 3, failed: 1, seconds: 120, quantity: 3, unit: "times")
        ])
}

extension DetailRecord {
    /// Every member is there, whatever entry could have them all.
    static var full: DetailRecord {
        var detail = DetailRecord()
        detail.door = "d"
        detail.reader = "r"
        detail.device = "v"
        detail.view = "10H"
        detail.note = "none"
        detail.reason = "unknown"
        detail.wording = "denied.unknown"
        detail.cause = "key"
        detail.grant = 1
        detail.latencyMicroseconds = 800
        detail.mode = "locked"
        detail.command = "unlock"
        detail.by = "crew"
        detail.fault = "missing"
        detail.flaw = "wrongKey"
        detail.service = "reset"
        detail.step = "enrolled"
        detail.diagnosis = "parity"
        detail.bits = 26
        detail.count = 2
        detail.version = 3
        detail.keys = 4
        detail.refused = 0
        detail.epoch = "local-1"
        detail.waiting = true
        detail.quality = "synced"
        detail.stepMilliseconds = 1
        detail.use = 1
        detail.validToMilliseconds = 1
        detail.withdrawn = 1
        detail.refusal = "doorMode"
        detail.user = 1_000
        detail.told = "lost"
        detail.operation = "hours_today"
        detail.approval = "agreed"
        detail.point = "power"
        detail.value = "24.4"
        detail.unit = "W"
        detail.state = "on"
        detail.action = "open"
        detail.order = 7
        detail.outcome = "confirmed"
        detail.guard = "too_hot"
        detail.serviceName = "charge"
        detail.place = "A1"
        detail.source = "key"
        detail.end = "full"
        detail.seconds = 60
        detail.amount = 12
        detail.amountUnit = "W.h"
        detail.estimated = true
        detail.subject = "door"
        detail.textDigest = "00ff00ff00ff00ff"
        detail.untilMilliseconds = 1_795_270_000_000
        detail.hours = "rooms"
        detail.change = "today"
        detail.date = "2026-11-21"
        detail.open = "08:00-22:00"
        return detail
    }
}
