// What masters decide: a pause of a service, and hours for today, down to the valve and over a
// restart.

import EventLoop
import Journal
import Profiles
import Testing

@testable import StationCore

/// A dispenser with its button and opening hours. Its clock begins on Saturday, 2026-11-21, at
/// 16:00 station time.
private final class Teahouse {
    static func text(_ hours: String) -> String {
        """
        schema: station/1
        station:
          id: teahouse
          name: {zh: 茶水间, en: Tea house}
        ports:
          header: {gpio: test-chip}
        hours:
          - name: rooms
            label: {zh: 室内, en: Rooms}
            week: {mon-sun: "\(hours)"}
        devices:
          - {name: tap, profile: dispenser-yf-s201,
             gpio: {flow: A0, valve: A1, float: A2, leak: A3}}
          - {name: press, profile: dry-contact, gpio: {contact: A4}}
        doors: []
        services:
          - name: water
            kind: dispenser
            label: {zh: 饮水, en: Water}
            hours: rooms
            open: {perform: tap/dispense, with: {ml: 500}}
            close: {perform: tap/close}
            flow: tap/volume
            valve_open: "tap/valve == open"
            empty: "tap/water == empty"
            button: "press/door == closed"
            portion: 500
        """
    }

    static let service = ServiceID(0)
    static let person = CrewMember(user: 1_000, name: "zhang")
    static let start: Int64 = 1_795_248_000
    static let hour: Int64 = 3_600

    var station: Station
    let resolved: ResolvedStation
    var now: Instant
    private(set) var entries: [Entry] = []
    private(set) var isOpen = false

    /// - Parameters:
    ///   - memory: what the run before kept.
    ///   - started: seconds after the clock began.
    init(
        _ memory: UseMemory? = nil, hours: String = "9:00-18:00", after seconds: Int64 = 1,
        isClockKnown: Bool = true
    ) throws {
        resolved = try Resolution.resolve(
            text: Array(Self.text(hours).utf8), name: "teahouse.yaml",
            devicesDirectory: Repository.root + "/Devices"
        ).station
        now = Instant(nanoseconds: seconds * 1_000_000_000)
        station = Station(try resolved.validated())
        for device in resolved.devices.indices { station.attached(DeviceID(device), at: now) }
        memory?.teach(&station, at: now)
        if isClockKnown { observe() }
        station.started(at: now)
        station.recalledServices(at: now)
        station.level(LineID(2), isActive: true, at: now)
        station.level(LineID(3), isActive: false, at: now)
        station.level(LineID(4), isActive: false, at: now)
        // Valves are closed at a start, and the board looks for some seconds whether they are.
        run(for: .seconds(40))
    }

    func observe() {
        station.observed(
            Calendar(
                wallOffset: Self.start * 1_000_000_000, bootOffset: 0, quality: .synced,
                utcOffset: 28_800, floor: WallTime(seconds: 1_795_000_000)), at: now)
        settle()
    }

    /// A moment so many hours after the clock began.
    func at(_ hours: Int64) -> WallTime { WallTime(seconds: Self.start + hours * Self.hour) }

    func press() {
        station.level(LineID(4), isActive: true, at: now)
        settle()
        run(for: .milliseconds(600))
        station.level(LineID(4), isActive: false, at: now)
        // What lets go and presses again in one instant was never let go.
        run(for: .milliseconds(400))
    }

    /// Whether a press lets water out; it is stopped again, and the board has time to look.
    func gives() -> Bool {
        run(for: .seconds(15))
        press()
        guard isOpen else { return false }
        press()
        run(for: .seconds(15))
        return true
    }

    func run(for interval: Interval) {
        let end = now + interval
        while let due = station.nextDeadline, due <= end {
            now = max(now, due)
            station.expire(at: now)
            settle()
        }
        now = end
        settle()
    }

    func settle() {
        repeat {
            _ = station.pump(steps: 1_000, at: now)
            while let setting = station.takeSetting() {
                if setting.line == LineID(1) { isOpen = setting.isActive }
            }
            if station.takeTotalsDue() != nil { station.tookTotals() }
            let count = station.outbox.count
            entries += (0..<count).map { station.outbox[$0] }
            station.handedOver(count)
            if let last = entries.last, count > 0 {
                station.answered(
                    .committed(upTo: last.ticket, lastSequence: UInt64(entries.count)), at: now)
            }
        } while station.hasWork
    }

    func pause(_ pause: ServicePause) -> DecisionRefusal? {
        defer { settle() }
        return station.paused(Self.service, pause, by: .crew, person: Self.person, at: now)
    }

    func resume() -> DecisionRefusal? {
        defer { settle() }
        return station.resumed(Self.service, by: .crew, person: Self.person, at: now)
    }

    func tell(_ word: HoursWord, _ places: [Int] = [0]) -> DecisionRefusal? {
        defer { settle() }
        return station.told(word, of: places, by: .crew, person: Self.person, at: now)
    }

    var memory: UseMemory { UseMemory(of: station, at: now) }

    var pauses: [(pause: ServicePause?, by: Authority?, holder: ShortText)] {
        entries.compactMap { entry in
            switch entry.event {
            case .servicePart(_, 0, .paused, let value, let authority):
                (ServicePause(packed: value), authority, entry.holder)
            case .servicePart(_, 0, .unpaused, _, let authority): (nil, authority, entry.holder)
            default: nil
            }
        }
    }

    var changes: [(note: HoursNote, holder: ShortText)] {
        entries.compactMap { entry in
            guard case .hoursChanged(0, let note, .crew) = entry.event else { return nil }
            return (note, entry.holder)
        }
    }

    var ends: [UseEnd] {
        entries.compactMap { entry in
            if case .useEnded(_, _, _, let end, _, _) = entry.event { end } else { nil }
        }
    }
}

@Suite struct `A service that is paused` {
    @Test func `is given to nobody, and the use that runs ends as at closing time`() throws {
        let house = try Teahouse()
        house.press()
        #expect(house.isOpen)
        #expect(house.pause(ServicePause(.cleaning)) == nil)
        #expect(!house.isOpen)
        house.run(for: .seconds(5))
        #expect(house.ends == [.closed])
        #expect(!house.gives())
        #expect(house.station.availability(of: 0) == .closed(until: nil))
        #expect(house.station.pause(of: 0) == ServicePause(.cleaning))
        let entry = try #require(house.pauses.first)
        #expect(entry.pause == ServicePause(.cleaning) && entry.by == .crew)
        #expect(entry.holder == ShortText("zhang"))
        #expect(house.resume() == nil)
        #expect(house.gives())
        #expect(house.station.availability(of: 0) == .open)
        #expect(house.pauses.map(\.by) == [.crew, .crew])
        #expect(house.resume() == .notPaused)
    }

    @Test func `goes on by itself at the end that was said, with an entry of nobody's`() throws {
        let house = try Teahouse()
        #expect(house.pause(ServicePause(.staff, until: house.at(1))) == nil)
        #expect(house.station.availability(of: 0) == .closed(until: house.at(1)))
        house.run(for: .seconds(3_500))
        #expect(!house.gives())
        house.run(for: .seconds(120))
        #expect(house.gives())
        #expect(house.pauses.count == 2 && house.pauses[1].by == .schedule)
        #expect(house.pauses[1].holder == .empty)
    }

    @Test func `opens when its hours do, if its end lies beyond them`() throws {
        let house = try Teahouse()
        // Until 20:00; the rooms open at 9:00 on the next day.
        #expect(house.pause(ServicePause(.repair, until: house.at(4))) == nil)
        #expect(house.station.availability(of: 0) == .closed(until: house.at(17)))
    }

    @Test func `is not paused until a time that is over, too far, or not to be known`() throws {
        let house = try Teahouse()
        #expect(house.pause(ServicePause(.other, until: house.at(0))) == .past)
        #expect(house.pause(ServicePause(.other, until: house.at(24 * 367))) == .tooFar)
        let nowhere = house.station.paused(
            ServiceID(7), ServicePause(.other), by: .crew, at: house.now)
        #expect(nowhere == .noSuchService)
        let blind = try Teahouse(isClockKnown: false)
        #expect(blind.pause(ServicePause(.other, until: blind.at(1))) == .clockUnknown)
        #expect(house.pauses.isEmpty && blind.pauses.isEmpty)
        // Without an end no clock is needed.
        #expect(blind.pause(ServicePause(.other)) == nil)
        #expect(!blind.gives())
    }

    @Test func `is paused after a restart, until the end that was said`() throws {
        let house = try Teahouse()
        #expect(house.pause(ServicePause(.weather, until: house.at(1))) == nil)
        let next = try Teahouse(house.memory, after: 600)
        #expect(!next.gives())
        #expect(next.station.pause(of: 0) == ServicePause(.weather, until: house.at(1)))
        next.run(for: .seconds(3_700))
        #expect(next.gives())
        // Its end came while the station was away.
        let late = try Teahouse(house.memory, after: 7_000)
        #expect(late.gives() && late.pauses.map(\.by) == [.schedule])
    }

    @Test func `follows the newest word: this run's, then the journal's, then the snapshot's`()
        throws
    {
        let house = try Teahouse()
        #expect(house.pause(ServicePause(.repair)) == nil)
        let next = try Teahouse(house.memory)
        next.station.recalled(nil, of: 0, at: next.now)
        next.settle()
        #expect(next.gives())
        #expect(next.pause(ServicePause(.cleaning)) == nil)
        next.station.recalled(nil, of: 0, at: next.now)
        #expect(next.station.pause(of: 0) == ServicePause(.cleaning))
    }
}

@Suite struct `Hours for today` {
    @Test func `close for the rest of the day, and open again by the plan`() throws {
        let house = try Teahouse()
        #expect(house.tell(.closed) == nil)
        #expect(!house.gives())
        #expect(house.station.availability(of: 0) == .closed(until: house.at(17)))
        let entry = try #require(house.changes.first)
        let today = CivilDate(localSeconds: Teahouse.start + 28_800)
        #expect(entry.note.change == .today(today, .closed))
        #expect(entry.holder == ShortText("zhang"))
        house.run(for: .seconds(17 * 3_600 + 60))
        #expect(house.gives())
    }

    @Test func `are open until a time, also beyond midnight, and closed then`() throws {
        let house = try Teahouse()
        // From 16:00 to 2:00.
        #expect(house.tell(.open(until: house.at(10))) == nil)
        house.run(for: .seconds(9 * 3_600))
        #expect(house.gives())
        house.run(for: .seconds(3_700))
        #expect(!house.gives())
    }

    @Test func `are shorter than the plan if a person says so, and the plan's again`() throws {
        let house = try Teahouse()
        #expect(house.tell(.open(until: house.at(1))) == nil)
        house.run(for: .seconds(3_700))
        #expect(!house.gives())
        #expect(house.tell(.planned) == nil)
        #expect(house.gives())
        #expect(house.changes.map(\.note.name) == ["today", "planned"])
    }

    @Test func `are stretches that a person says`() throws {
        let house = try Teahouse()
        let hours = try DayHours(text: "8:00-12:00, 17:00-20:00")
        #expect(house.tell(.today(hours)) == nil)
        #expect(!house.gives())
        house.run(for: .seconds(3_700))
        #expect(house.gives())
        let many = try DayHours(text: "8:00-9:00, 10:00-11:00, 12:00-13:00")
        #expect(house.tell(.today(many)) == .tooManyStretches)
        #expect(house.changes.count == 1)
    }

    @Test func `end the stretch of the day before that still runs`() throws {
        // Seconds after 16:00: Sunday, 1:00.
        let house = try Teahouse(hours: "20:00-03:00", after: 9 * 3_600)
        #expect(house.gives())
        #expect(house.tell(.closed) == nil)
        #expect(!house.gives())
        // Sunday's own begins at 20:00 by the plan.
        #expect(house.station.availability(of: 0) == .closed(until: house.at(28)))
        #expect(house.tell(.planned) == nil)
        // Until 2:00 instead of 3:00.
        #expect(house.tell(.open(until: house.at(10))) == nil)
        #expect(house.gives())
        house.run(for: .seconds(3_600))
        #expect(!house.gives())
    }

    @Test func `open in severe weather, whatever was said, until it is over`() throws {
        let house = try Teahouse()
        #expect(house.tell(.closed) == nil)
        #expect(house.tell(.severeWeather(until: house.at(12))) == nil)
        house.run(for: .seconds(11 * 3_600))
        #expect(house.gives())
        house.run(for: .seconds(3_700))
        #expect(!house.gives())
        #expect(house.tell(.severeWeather(until: house.at(12))) == .past)
        #expect(house.tell(.severeWeather(until: house.at(13 + 24 * 7))) == .tooFar)
    }

    @Test func `hold for all sets or for none, and for no set that there is not`() throws {
        let house = try Teahouse()
        #expect(house.tell(.closed, [0, 1]) == .noSuchHours)
        #expect(house.gives() && house.changes.isEmpty)
        let blind = try Teahouse(isClockKnown: false)
        #expect(blind.tell(.closed) == .clockUnknown)
        #expect(blind.tell(.open(until: blind.at(1))) == .clockUnknown)
    }

    @Test func `are not forgotten by a restart, nor lost when the clock comes late`() throws {
        let house = try Teahouse()
        #expect(house.tell(.closed) == nil)
        let memory = house.memory
        let next = try Teahouse(memory, after: 600)
        #expect(!next.gives())
        let blind = try Teahouse(memory, after: 600, isClockKnown: false)
        // Nobody knows what day it is: hours are shut then, unless they say otherwise.
        #expect(!blind.gives())
        blind.observe()
        #expect(!blind.gives())
        // The next day goes by the plan.
        #expect(try Teahouse(memory, after: 18 * 3_600).gives())
    }

    @Test func `follow the newest word over a restart`() throws {
        let house = try Teahouse()
        #expect(house.tell(.closed) == nil)
        let next = try Teahouse(house.memory)
        next.station.recalled([nil], ofHours: 0, at: next.now)
        next.settle()
        #expect(next.gives())
        #expect(next.tell(.closed) == nil)
        next.station.recalled([nil], ofHours: 0, at: next.now)
        next.settle()
        #expect(!next.gives())
    }
}
