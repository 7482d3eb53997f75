// A gate, an inner door with passback, a tap of water and a desk, with cards that have terms; the
// real journal under it, and a power switch.

import EventLoop
import Journal
import Profiles
import Simulation
import Testing

@testable import StationCore

/// What cards' keys may, `rows` says. The clock begins on Saturday, 2026-11-21, at 16:00 station
/// time; the hours `day` are 9 to 18, `night` is 22 to 6.
final class Lodge {
    static let text = """
        schema: station/1
        station:
          id: lodge
          name: {zh: 小屋, en: Lodge}
        ports:
          header: {gpio: chip}
        hours:
          - {name: day, label: {zh: 白天, en: Day}, week: {mon-sun: "9:00-18:00"}}
          - {name: night, label: {zh: 夜里, en: Night}, week: {mon-sun: "22:00-6:00"}}
        devices:
          - {name: gate-reader, profile: wiegand-26, gpio: {d0: A0, d1: A1}}
          - {name: gate-strike, profile: strike-12v, duty: continuous, gpio: {coil: A2}}
          - {name: inner-reader, profile: wiegand-26, gpio: {d0: B0, d1: B1}}
          - {name: inner-out, profile: wiegand-26, gpio: {d0: B3, d1: B4}}
          - {name: inner-strike, profile: strike-12v, duty: continuous, gpio: {coil: B2}}
          - {name: tap, profile: dispenser-yf-s201,
             gpio: {flow: C0, valve: C1, float: C2, leak: C3}}
          - {name: tap-reader, profile: wiegand-26, gpio: {d0: D0, d1: D1}}
          - {name: desk-reader, profile: wiegand-26, gpio: {d0: E0, d1: E1}}
        doors:
          - {name: gate, readers: {in: [gate-reader]}, lock: gate-strike}
          - name: inner
            readers: {in: [inner-reader], out: [inner-out]}
            lock: inner-strike
            passback: {area: hall, rule: soft, forget: 1h}
        services:
          - name: water
            kind: dispenser
            readers: [tap-reader]
            open: {perform: tap/dispense, with: {ml: 500}}
            close: {perform: tap/close}
            flow: tap/volume
            valve_open: "tap/valve == open"
            empty: "tap/water == empty"
            portion: 500
          - {name: meals, kind: desk, readers: [desk-reader]}
        """

    static let gate = DoorID(0)
    static let inner = DoorID(1)

    let resolved: ResolvedStation
    let key = StationKey(epoch: ShortText("test")!, secret: [UInt8](repeating: 7, count: 32))!
    let disk = MemoryFileSystem(chance: SplitMix64(seed: 1))
    let clock = VirtualClock(wall: WallTime(seconds: 1_795_248_000))
    private let rows: [RosterRow]
    private var lives: UInt64 = 0
    /// None while the power is off.
    private var journal: InlineJournal?
    private var end: UInt64?
    private var known: Cursor?
    private var isRecalled = false
    var station: Station
    /// Of all lives.
    private(set) var entries: [Entry] = []
    private(set) var isFlowing = false
    /// How often the gate's strike was freed, in all lives.
    private(set) var gateReleases = 0
    /// The journal answers nobody.
    var isSilent = false

    init(_ rows: [RosterRow], policy: StationPolicy? = nil) throws {
        var resolved = try Resolution.resolve(
            text: Array(Self.text.utf8), name: "lodge.yaml",
            devicesDirectory: Repository.root + "/Devices"
        ).station
        if let policy { resolved.policy = policy }
        self.resolved = try resolved.validated()
        self.rows = rows
        station = Station(resolved)
        try start()
    }

    /// A card's row: its number is the card's, and its holder's name may be another's.
    static func row(_ card: Int, holder: Int? = nil, _ terms: RosterTerms = .plain) -> RosterRow {
        RosterRow(
            id: ShortText("k-\(card)")!, holder: ShortText("h-\(holder ?? card)")!,
            form: MatchForm(high: 0, low: UInt64(card)), doors: .every, terms: terms)
    }

    private static func card(_ number: Int) -> Credential {
        Credential(
            technology: .wiegand, bitCount: 26,
            bits: WiegandFormat.h10301.encode(facility: 1, number: UInt128(number)) ?? 0)
    }

    private func roster() throws -> Roster { try table(rows) }

    /// Cards that were enrolled at the door, beside the roster.
    func enrol(_ rows: [RosterRow]) throws {
        station.keep(cards: try table(rows), at: clock.now)
    }

    private func table(_ rows: [RosterRow]) throws -> Roster {
        var builder = RosterBuilder(key: key, version: 1)
        for row in rows {
            var row = row
            let number = try #require(
                View.full.number(of: Self.card(Int(row.form.low)), format: .h10301))
            row.form = key.matchForm(of: number)
            try builder.add(row)
        }
        return try RosterFile.decode(builder.build().file, for: RosterPlaces(resolved))
    }

    // MARK: Lives

    private func start() throws {
        lives += 1
        let memory = try StateSnapshot.read(in: MemoryDirectory(disk))
        (known, end, isRecalled) = (memory?.last, nil, false)
        journal = InlineJournal(
            station: resolved, disk: disk, clock: clock, seed: SplitMix64(seed: lives),
            boot: BootID(bits: UInt128(lives)), known: known)
        station = Station(resolved)
        for device in resolved.devices.indices {
            station.attached(DeviceID(device), at: clock.now)
        }
        observe()
        station.installed(key: key, isNew: false, at: clock.now)
        station.replaced(roster: try roster(), refused: 0, isNew: false, at: clock.now)
        memory?.uses.teach(&station, at: clock.now)
        memory?.rules.teach(&station, at: clock.now)
        memory?.quotas.teach(&station)
        memory?.commands.teach(&station)
        memory?.notice.teach(&station, at: clock.now)
        station.knows(boot: UInt128(lives))
        station.started(at: clock.now)
        for (name, isActive) in [("tap.2", true), ("tap.3", false)] {
            station.level(try #require(line(name)), isActive: isActive, at: clock.now)
        }
        // A leak rope is dry once it was for half a minute, and no water is given before that.
        run(for: .seconds(40))
    }

    /// The power goes: what was not on the medium is gone.
    func restart(after dark: Interval = .seconds(5)) throws {
        journal = nil
        disk.cutPower()
        isFlowing = false
        clock.advance(to: clock.now + dark)
        try start()
    }

    /// A snapshot of now, on the medium.
    func save() {
        journal?.save(
            StateSnapshot(of: station, last: journal?.answered, at: clock.now), at: clock.now)
        run(for: .seconds(2))
    }

    func observe() {
        station.observed(
            Calendar(
                wallOffset: clock.wallOffset, bootOffset: 0, quality: clock.quality,
                utcOffset: 28_800, floor: WallTime(seconds: 1_795_000_000)), at: clock.now)
    }

    /// To a moment of the station's clock, so many hours after it began.
    func goTo(hours: Double) {
        let offset = Int64(hours * 3_600_000) * 1_000_000 + 60_000_000_000
        run(for: Instant(nanoseconds: offset) - clock.now)
    }

    // MARK: Hands

    func tap(_ card: Int, at reader: String, wait: Interval = .seconds(8)) {
        guard let place = resolved.devices.firstIndex(where: { $0.name == reader }) else {
            preconditionFailure("no reader \(reader) in this lodge")
        }
        station.access(
            Presentation(credential: Self.card(card), format: .h10301, at: clock.now),
            reader: place, at: clock.now)
        settle()
        run(for: wait)
    }

    /// Whether a card is let in.
    func isLetIn(_ card: Int, at reader: String = "gate-reader") -> Bool {
        let before = releases
        tap(card, at: reader)
        return releases > before
    }

    /// A cup: water runs until the valve closes, so many seconds at most. In mL.
    @discardableResult
    func drink(_ card: Int, for seconds: Int = 20) -> Int64 {
        let before = ends.count
        tap(card, at: "tap-reader", wait: .milliseconds(100))
        for _ in 0..<(seconds * 68) where isFlowing {
            run(for: .milliseconds(15))
            if let line = line("tap.0") { station.edge(line, isActive: true, at: clock.now) }
            settle()
        }
        if isFlowing { tap(card, at: "tap-reader", wait: .milliseconds(100)) }
        run(for: .seconds(16))
        return ends.dropFirst(before).first?.amount.value ?? 0
    }

    func eat(_ card: Int) {
        tap(card, at: "desk-reader")
        // It stands after a minute.
        run(for: .seconds(70))
    }

    func run(for interval: Interval) {
        let end = clock.now + interval
        settle()
        while let due = nextDeadline, due <= end {
            clock.advance(to: due)
            station.expire(at: clock.now)
            settle()
        }
        clock.advance(to: end)
        settle()
    }

    private var nextDeadline: Instant? {
        Instant.earlier(station.nextDeadline, isSilent ? nil : journal?.nextDeadline)
    }

    private func settle() {
        repeat {
            if !isSilent {
                journal?.advance(to: clock.now)
                while let answer = journal?.takeAnswer(at: clock.now) {
                    station.answered(answer, at: clock.now)
                    if case .opened(let last) = answer { recall(last) }
                }
            }
            station.letGo(at: clock.now)
            _ = station.pump(steps: 1_000, at: clock.now)
            while let setting = station.takeSetting() {
                if setting.line == line("tap.1") { isFlowing = setting.isActive }
                if setting.line == line("gate-strike.0"), setting.isActive { gateReleases += 1 }
            }
            if station.takeTotalsDue() != nil { station.tookTotals() }
            let fresh = (0..<station.outbox.count).map { station.outbox[$0] }
            let count = journal?.take(fresh, at: clock.now) ?? 0
            entries += fresh.prefix(count)
            station.handedOver(count)
        } while station.hasWork
    }

    private func recall(_ last: UInt64) {
        guard !isRecalled,
            let memory = try? journal?.recollect(after: known, upTo: last, at: clock.now)
        else { return }
        isRecalled = true
        memory.teachUses(&station, at: clock.now)
        memory.teachPassages(&station, at: clock.now)
        memory.teachQuotas(&station, isSum: known != nil, at: clock.now)
        memory.teachCommands(&station, at: clock.now)
        memory.teachNotice(&station, at: clock.now)
        station.recalledServices(at: clock.now)
    }

    /// The meter's.
    var flowLine: LineID? { line("tap.0") }

    private func line(_ name: String) -> LineID? {
        resolved.lines.firstIndex {
            "\(resolved.devices[$0.device].name).\($0.terminal)" == name
        }.map { LineID($0) }
    }

    // MARK: What came out

    var releases: Int {
        entries.count { if case .released(_, .key, _, _, _) = $0.event { true } else { false } }
    }

    var denials: [Denial] {
        entries.compactMap { entry in
            switch entry.event {
            case .denied(_, _, _, let reason), .useRefused(_, _, _, let reason): reason
            default: nil
            }
        }
    }

    var notes: [GrantNote] {
        entries.compactMap { if case .granted(_, _, _, let note) = $0.event { note } else { nil } }
    }

    var ends: [(end: UseEnd, amount: UsageAmount, holder: ShortText)] {
        entries.compactMap { entry in
            guard case .useEnded(_, _, _, let end, _, let amount) = entry.event else { return nil }
            return (end, amount, entry.holder)
        }
    }

    /// What a holder has had today, as the station counts it.
    func had(_ holder: Int, _ subject: QuotaSubject) -> QuotaTally {
        let today = station.quotaDay(at: clock.now)
        return station.quotas.account(of: ShortText("h-\(holder)")!, subject, on: today).day
    }
}
