// One of each record with every field filled, and one of each error.

import EventLoop
import StationCore

@testable import Control

enum Sample {
    static var card: CardRecord {
        var card = CardRecord(reader: "gate-reader", decision: "denied")
        card.door = "gate"
        card.card = "wiegand26:2F623AE"
        card.code = "DP1…7KQ2"
        card.format = "26-h10301"
        card.view = "full"
        card.key = "key-1"
        card.holder = "rider-1"
        card.reason = "expired"
        card.wording = "denied.expired"
        card.note = "none"
        return card
    }

    static let resolved = ResolvedStation(
        station: StationIdentity(
            id: "kaiyuan-01", nameChinese: "开原驿站", nameEnglish: "Kaiyuan", phone: "12345",
            utcOffsetMinutes: 480),
        lines: [],
        devices: [
            ResolvedDevice(
                name: "gate-reader", profile: "wiegand-26", labelChinese: "门口读卡器",
                labelEnglish: "",
                driver: .wiegand(WiegandSettings(formats: ["H10301"], views: [], keypad: false))),
            ResolvedDevice(
                name: "gate-strike", profile: "strike", labelChinese: "", labelEnglish: "",
                driver: .lock(
                    LockSettings(kind: .strike, safety: .pull, duty: .intermittent))),
        ],
        doors: [
            ResolvedDoor(
                name: "gate", labelChinese: "大门", labelEnglish: "Gate", readersIn: [0],
                readersOut: [], lock: 1, contact: nil, exitButton: nil, shared: false,
                egress: .hardware, greeting: .gate, relock: .onOpen, releaseMilliseconds: 3_000,
                openMilliseconds: 30_000, preAlarmMilliseconds: 10_000)
        ],
        journal: JournalSettings(), policy: StationPolicy())

    static let info = ServiceInfo(
        version: "0.1.0", simulated: true, configuration: "c0ffee", boot: "b007",
        station: resolved)

    static let calendar = Calendar(
        wallOffset: 1_700_000_000_000_000_000, bootOffset: 5, quality: .synced,
        utcOffset: 28_800, floor: WallTime(milliseconds: 1_600_000_000_000))

    static let snapshot = StationSnapshot(
        at: Instant(nanoseconds: 10_000_000_000), started: Instant(nanoseconds: 4_000_000_000),
        calendar: calendar, ready: true,
        roster: RosterSnapshot(
            version: 7, keys: 3, forms: 4, epoch: ShortText("local-1")!, digest: "abcd",
            issuer: "21fe31dfa154a261", enrolled: 1, told: 2),
        keyEpochs: [ShortText("local-1")!],
        doors: [
            DoorSnapshot(mode: .accessed, physical: .open, released: true, alarm: .heldOpen)
        ],
        faultyDevices: [DeviceID(1)], journalWaited: true)

    static let devices = DevicesSnapshot(
        at: snapshot.at, calendar: calendar,
        devices: [
            DeviceSnapshot(counters: [("reads", 12), ("diagnoses", 1)]),
            DeviceSnapshot(
                faults: [(.insecure, Instant(nanoseconds: 5_000_000_000))], flaw: .wrongKey),
        ])

    static let status = JournalStatus(
        state: .running, store: "s1", oldest: 1, newest: 9, head: "feed", volatile: false,
        commits: 5, bytes: 4_096, latency: (.microseconds(200), .milliseconds(2), .seconds(1)))

    static let station: StationRecord = {
        var snapshot = Self.snapshot
        snapshot.readerKeys = .sealed
        snapshot.notice = Notice(chinese: "停水", until: WallTime(seconds: 1_790_000_000))
        return StationRecord(snapshot, journal: status, info)
    }()
    static let device: DeviceRecord = {
        var device = DeviceRecord(1, devices, info)
        device.views = ["full"]
        device.points = [point]
        device.actions = [action]
        device.guards = [guardRecord]
        return device
    }()

    static let action = ActionRecord(
        name: "open", arguments: [.init(name: "lock", lowest: "1", highest: "12")])

    static let guardRecord = GuardRecord(
        name: "too_hot", stands: true, since: 1_700_000_000_000,
        time: "2023-11-15T06:13:20.000+08:00", secured: false, unseen: true,
        escalated: false)

    static let point = PointRecord(
        name: "power", kind: "level", unit: "W", value: "24.4", state: "on", quality: "good",
        ageMilliseconds: 5)

    static func journaled(_ sequence: Int64, payload: String = "{}") -> JournaledEntry {
        JournaledEntry(
            store: "s1", sequence: sequence, boot: "b007", bootTime: 6,
            wall: WallTime(milliseconds: 1_700_000_000_000), quality: .synced, entryClass: .p0,
            kind: "access.denied", device: "gate-reader", key: "k1", holder: "h1", erased: false,
            payload: Array(payload.utf8), digest: "d\(sequence)")
    }

    /// A page of entries after `after`, at most `limit`, in a store of `newest`.
    static func page(after: Int64, limit: Int, newest: Int64, payload: String = "{}") -> JournalPage
    {
        let last = min(newest, after + Int64(limit))
        let entries =
            after < last ? ((after + 1)...last).map { journaled($0, payload: payload) } : []
        return JournalPage(
            store: "s1", oldest: 1, newest: newest, entries: entries, tombstones: [],
            next: EntryCursor(store: "s1", sequence: max(after, last)))
    }

    static var entry: EntryRecord {
        var entry = EntryRecord(
            journaled(
                4, payload: #"{"door":"gate","reader":"gate-reader","reason":"expired"}"#), info)
        entry.detail.device = "x"
        entry.detail.view = "full"
        entry.detail.note = "none"
        entry.detail.cause = "key"
        entry.detail.grant = 3
        entry.detail.latencyMicroseconds = 800
        entry.detail.mode = "locked"
        entry.detail.command = "access"
        entry.detail.by = "crew"
        entry.detail.fault = "missing"
        entry.detail.flaw = "wrongKey"
        entry.detail.service = "reset"
        entry.detail.step = "enrolled"
        entry.detail.told = "lost"
        entry.detail.operation = "hours_today"
        entry.detail.approval = "agreed"
        entry.detail.diagnosis = "parity"
        entry.detail.bits = 26
        entry.detail.count = 1
        entry.detail.version = 1
        entry.detail.keys = 1
        entry.detail.refused = 1
        entry.detail.epoch = "e"
        entry.detail.waiting = true
        entry.detail.quality = "none"
        entry.detail.stepMilliseconds = -4
        entry.detail.use = 1
        entry.detail.validToMilliseconds = 1_790_086_400_000
        entry.detail.withdrawn = 1
        entry.detail.refusal = "doorMode"
        entry.detail.user = 1_000
        entry.detail.point = "power"
        entry.detail.value = "24.4"
        entry.detail.unit = "W"
        entry.detail.state = "open"
        entry.detail.action = "open"
        entry.detail.order = 7
        entry.detail.outcome = "confirmed"
        entry.detail.subject = "door"
        entry.detail.textDigest = "00ff00ff00ff00ff"
        entry.detail.guard = "too_hot_3"
        entry.detail.serviceName = "lockers"
        entry.detail.place = "A7"
        entry.detail.source = "key"
        entry.detail.end = "interrupted"
        entry.detail.seconds = 3_600
        entry.detail.amount = 500
        entry.detail.amountUnit = "mL"
        entry.detail.estimated = true
        entry.detail.untilMilliseconds = 1_790_086_400_000
        entry.detail.hours = "rooms"
        entry.detail.change = "today"
        entry.detail.date = "2026-11-21"
        entry.detail.open = "08:00-22:00"
        return entry
    }

    static let box = BoxRecord(
        service: "lockers", name: "A7", held: true, since: 1_790_000_000_000,
        time: "2026-09-21T21:33:20+08:00", free: false, door: "closed", troubles: ["overtime"])

    static let usage = UsageRecord(
        day: "2026-11-01", hour: 8, kind: "service", name: "lockers",
        label: TextRecord(zh: "柜子", en: "Lockers"), places: 12, measured: true, measuredHours: 1,
        totals: [UsageTotalRecord(source: "key", uses: 3, quantity: 3, unit: "times")])

    static let service = ServiceRecord(
        name: "charge", kind: "charging", label: TextRecord(zh: "充电", en: "Charging"),
        availability: "closed", reason: "cleaning", until: 1_790_000_000_000,
        time: "2026-09-21T21:33:20.000+08:00", paused: true, hours: "rooms", free: 1, all: 2,
        parts: [
            PartRecord(
                name: "A1", state: "outOfOrder", reason: "deviceFailed", inUse: true,
                faults: ["relayStuck"])
        ])

    static let command = CommandRecord(
        id: "c-1", subject: "door", expires: 1_790_000_000_000,
        time: "2026-09-21T21:33:20.000+08:00", outcome: "done")

    static let notice = NoticeRecord(
        text: TextRecord(zh: "停水", en: "No water"), until: 1_790_000_000_000,
        time: "2026-09-21T21:33:20.000+08:00")

    static let hours = HoursRecord(
        name: "rooms", label: TextRecord(zh: "室内", en: "Rooms"), open: true, cause: "today",
        until: 1_790_000_000_000, time: "2026-09-21T21:33:20.000+08:00",
        days: [HoursDayRecord(date: "2026-11-21", open: "08:00-22:00")])

    static let errors: [ControlError] = [
        .interfaceNotFound("a.b"), .methodNotFound("a.B"), .methodNotImplemented("a.B"),
        .invalidParameter("limit"), .expectedMore, .badMessage(ControlReason(.tooDeep, 16)),
        .notAllowed(method: "m", needs: "owner"), .notSimulated,
        .noSuchReader(reader: "x", readers: ["gate-reader"]), .badBits(ControlReason(.bitCount, 0)),
        .noSuchDevice(device: "x", devices: ["relays"]),
        .noSuchAction(action: "x", actions: ["open lock=1...12"]),
        .actionRefused(ControlReason(.badArgument, "lock=1...12")),
        .noSuchGuard(guard: "x", guards: ["too_hot_3"]),
        .guardRefused(ControlReason(.causeHolds, "x")),
        .noSuchService(service: "x", services: ["lockers"]), .noSuchBox(box: "x", boxes: ["7"]),
        .boxRefused(ControlReason(.notRecorded, "x")),
        .noSuchPlace(place: "x", places: ["A1"]), .serviceRefused(ControlReason(.past, "x")),
        .noSuchHours(hours: "x", sets: ["rooms"]),
        .hoursRefused(ControlReason(.tooManyStretches, 2)),
        .noticeRefused(ControlReason(.noticeText, 360)),
        .commandRefused(ControlReason(.badField, 2)), .noSuchCommand(id: "c-1"),
        .noSuchDoor(door: "x", doors: ["gate"]), .doorRefused(ControlReason(.doorMode, "blocked")),
        .noDescriptor(ControlReason(.unreadable, 5)), .noKey, .keyExists(epoch: "e"),
        .badKey(ControlReason(.notWritten, 28)),
        .badRoster(ControlReason(.notWritten, 28)),
        .noPass(ControlReason(.hubIssues, "city-1")), .noCards(key: "k-1"),
        .keyRefused(ControlReason(.tooManyMarks, 1_024)),
        .noSuchRights(rights: "guest", sets: ["visitor"]),
        .twoMasters(operation: "hours_today", reader: "desk"),
        .approvalRefused(ControlReason(.pendingApproval, "x")),
        .enrolmentRefused(ControlReason(.pending, "gate-reader")),
        .readerRefused(ControlReason(.installing, "gate-reader")),
        .badCursor(cursor: "s0:4", store: "s1", oldest: 1, newest: 9),
        .journalUnavailable(state: "opening"), .busy(what: "core"), .noAnswer(what: "core"),
        .sessionsOpen(["gate"]), .other(name: "com.example.New"),
    ]
}
