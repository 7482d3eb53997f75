// A station with one gate for tests: reader, strike, contact, exit button; a key and a roster.

import EventLoop

@testable import StationCore

/// One gate, its roster, and a person's hands: plays cards, presses buttons, reads what came out.
struct Gate: ~Copyable {
    static let reader = DeviceID(0)
    static let strike = DeviceID(1)
    static let contact = DeviceID(2)
    static let button = DeviceID(3)
    static let strikeLine = LineID(4)
    static let contactLine = LineID(5)
    static let buttonLine = LineID(6)
    /// H10301 123/4567, known. H10301 104/123, unknown. (proxmark3 tools/pm3_tests.sh)
    static let known: UInt128 = 0x2F6_23AE
    static let stranger: UInt128 = 0x2D0_00F7
    /// H10301 1/1, on the roster as lost.
    static let lost: UInt128 = 0x202_0002

    var station: Station
    var now = Instant(nanoseconds: 1_000_000_000)
    /// Everything the station wrote, in order.
    var entries: [Entry] = []
    /// Every line setting, in order, with its time.
    var settings: [(LineSetting, Instant)] = []
    /// Whether the journal takes what it is offered.
    var isJournalTaking = true

    /// - Parameter hours: in which the gate stands unlocked.
    init(
        _ journal: JournalSettings = JournalSettings(), hours: OpeningHours? = nil,
        standing: DoorMode = .locked, followed: Bool? = nil,
        twoMasters: ResolvedTwoMasters? = nil
    ) {
        var resolved = Self.resolved(journal)
        resolved.twoMasters = twoMasters
        if let hours {
            resolved.hours = [
                ResolvedHours(name: "day", labelChinese: "", labelEnglish: "", hours: hours)
            ]
            resolved.doors[0].unlockHours = 0
        }
        station = Station(resolved, modes: [standing], followed: [followed])
        for device in 0..<4 { station.attached(DeviceID(device), at: now) }
        station.level(Self.contactLine, isActive: true, at: now)
        station.observed(
            Calendar(
                wallOffset: 1_795_248_000_000_000_000, bootOffset: 0, quality: .synced,
                utcOffset: 28_800, floor: WallTime(seconds: 1_795_000_000)), at: now)
        let key = StationKey(epoch: ShortText("test")!, secret: [UInt8](repeating: 7, count: 32))!
        station.installed(key: key, isNew: false, at: now)
        station.replaced(roster: Self.roster(key), refused: 0, isNew: false, at: now)
        run(for: .milliseconds(100))
        entries = []
        settings = []
    }

    // MARK: Hands

    /// Plays a 26-bit card, 1 ms a bit, and waits until its frame is over.
    mutating func tap(_ bits: UInt128) {
        for bit in (0..<26).reversed() {
            station.edge(LineID(Int(bits >> UInt128(bit) & 1)), isActive: false, at: now)
            advance(.milliseconds(1))
        }
        run(for: .milliseconds(25))
    }

    mutating func setContact(closed: Bool) {
        station.edge(Self.contactLine, isActive: closed, at: now)
        run(for: .milliseconds(60))
    }

    mutating func press() {
        station.edge(Self.buttonLine, isActive: true, at: now)
        run(for: .milliseconds(60))
    }

    mutating func pressAndLetGo() {
        press()
        station.edge(Self.buttonLine, isActive: false, at: now)
        run(for: .milliseconds(60))
    }

    /// The journal takes nothing any more, and the outbox is full of P1.
    mutating func fillOutbox() {
        isJournalTaking = false
        while station.outbox.hasRoom { station.started(at: now) }
    }

    /// The journal commits everything it was given.
    mutating func commit() {
        guard let last = entries.last else { return }
        station.answered(
            .committed(upTo: last.ticket, lastSequence: UInt64(entries.count)), at: now)
        settle()
    }

    /// Lets time pass, deadline by deadline.
    mutating func run(for interval: Interval) {
        let end = now + interval
        while let due = station.nextDeadline, due <= end {
            now = max(now, due)
            station.expire(at: now)
            settle()
        }
        now = end
        settle()
    }

    private mutating func advance(_ interval: Interval) { run(for: interval) }

    mutating func settle() {
        station.letGo(at: now)
        _ = station.pump(steps: 1_000, at: now)
        while let setting = station.takeSetting() { settings.append((setting, now)) }
        guard isJournalTaking else { return }
        entries += (0..<station.outbox.count).map { station.outbox[$0] }
        station.handedOver(station.outbox.count)
    }

    // MARK: What came out

    var names: [String] { entries.map(\.event.name) }
    func count(_ name: String) -> Int { names.count { $0 == name } }

    /// What each release had to overlook.
    var releases: [GrantNote] {
        entries.compactMap { entry in
            guard case .released(_, _, _, _, let note) = entry.event else { return nil }
            return note
        }
    }

    /// The values that the strike's line was given.
    var strikeValues: [Bool] {
        settings.filter { $0.0.line == Self.strikeLine }.map(\.0.isActive)
    }

    // MARK: The station

    static func resolved(_ journal: JournalSettings) -> ResolvedStation {
        func line(
            _ name: String, _ device: Int, _ terminal: Int, output: Bool = false,
            edges: ResolvedLine.Edges = .both
        ) -> ResolvedLine {
            ResolvedLine(
                chip: "bank", line: name, direction: output ? .output : .input, activeLow: false,
                bias: .asIs, edges: output ? .none : edges, debounceMicroseconds: 0, safe: false,
                request: device * 2 + (output ? 1 : 0), device: device, terminal: terminal)
        }
        func device(_ name: String, _ driver: DriverSettings) -> ResolvedDevice {
            ResolvedDevice(
                name: name, profile: name, labelChinese: "", labelEnglish: "", driver: driver)
        }
        return ResolvedStation(
            station: StationIdentity(
                id: "gate", nameChinese: "门", nameEnglish: "Gate", phone: "",
                utcOffsetMinutes: 480),
            lines: [
                line("d0", 0, 0, edges: .falling), line("d1", 0, 1, edges: .falling),
                line("led", 0, 2, output: true), line("beep", 0, 3, output: true),
                line("strike", 1, 0, output: true), line("contact", 2, 0), line("rex", 3, 0),
            ],
            devices: [
                device(
                    "reader",
                    .wiegand(
                        WiegandSettings(formats: ["26-h10301"], views: ["full"], keypad: false))),
                device(
                    "strike", .lock(LockSettings(kind: .strike, safety: .pull, duty: .continuous))
                ),
                device("contact", .contact(ContactSettings(settleMilliseconds: 30))),
                device("button", .button(ButtonSettings(settleMilliseconds: 20))),
            ],
            doors: [
                ResolvedDoor(
                    name: "gate", labelChinese: "", labelEnglish: "", readersIn: [0],
                    readersOut: [], lock: 1, contact: 2, exitButton: 3, shared: false,
                    greeting: .gate, relock: .onOpen, releaseMilliseconds: 5_000,
                    openMilliseconds: 30_000, preAlarmMilliseconds: 5_000)
            ],
            journal: journal, policy: StationPolicy())
    }

    private static func roster(_ key: StationKey) -> Roster {
        do {
            return try fill(key)
        } catch {
            preconditionFailure("the gate's own roster is refused: \(error)")
        }
    }

    private static func fill(_ key: StationKey) throws -> Roster {
        var builder = RosterBuilder(key: key, version: 1)
        for (name, bits, state) in [("k1", known, KeyState.active), ("k2", lost, .lost)] {
            let credential = Credential(technology: .wiegand, bitCount: 26, bits: bits)
            let number = View.full.number(of: credential, format: .h10301)!
            try builder.add(
                RosterRow(
                    id: ShortText(name)!, holder: ShortText("h-" + name)!,
                    form: key.matchForm(of: number), doors: .every, state: state))
        }
        return try RosterFile.decode(builder.build().file, doors: ["gate"])
    }
}
