// Water at a whole station: a press, an order to the valve, pulses that come back, an end.

import EventLoop
import Profiles
import Testing

@testable import Simulation
@testable import StationCore

/// A dispenser with its button, on the board.
private final class Tearoom {
    static let text = """
        schema: station/1
        station:
          id: tearoom
          name: {zh: 茶水间, en: Tea room}
        ports:
          header: {gpio: test-chip}
        devices:
          - {name: tap, profile: dispenser-yf-s201,
             gpio: {flow: A0, valve: A1, float: A2, leak: A3}}
          - {name: press, profile: dry-contact, gpio: {contact: A4}}
        doors: []
        services:
          - name: water
            kind: dispenser
            label: {zh: 饮水, en: Water}
            open: {perform: tap/dispense, with: {ml: 500}}
            close: {perform: tap/close}
            flow: tap/volume
            valve_open: "tap/valve == open"
            empty: "tap/water == empty"
            button: "press/door == closed"
            portion: 500
        """

    var station: Station
    let resolved: ResolvedStation
    var now = Instant(nanoseconds: 1_000_000_000)
    private(set) var entries: [Entry] = []
    private(set) var isOpen = false

    init() throws {
        resolved = try Resolution.resolve(
            text: Array(Self.text.utf8), name: "tea.yaml",
            devicesDirectory: Repository.root + "/Devices"
        ).station
        station = Station(try resolved.validated())
        for device in resolved.devices.indices { station.attached(DeviceID(device), at: now) }
        station.started(at: now)
        station.recalled([], of: 0, away: nil)
        station.recalledServices(at: now)
        station.level(LineID(2), isActive: true, at: now)
        station.level(LineID(3), isActive: false, at: now)
        station.level(LineID(4), isActive: false, at: now)
        // A leak rope is dry once it was for half a minute, and no water is given before that.
        run(for: .seconds(40))
    }

    var availability: Availability { station.availability(of: 0) }

    func press() {
        station.level(LineID(4), isActive: true, at: now)
        settle()
        run(for: .milliseconds(600))
        station.level(LineID(4), isActive: false, at: now)
        settle()
    }

    /// Water runs as long as the valve is open, at most so long: nine litres a minute.
    func flow(for seconds: Int) {
        for _ in 0..<(seconds * 68) where isOpen {
            run(for: .milliseconds(15))
            station.edge(LineID(0), isActive: true, at: now)
            settle()
        }
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

    private func settle() {
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

    var ends: [(end: UseEnd, amount: UsageAmount, source: UseSource)] {
        entries.compactMap { entry in
            guard case .useEnded(_, _, let source, let end, _, let amount) = entry.event else {
                return nil
            }
            return (end, amount, source)
        }
    }
}

@Suite struct `Water at a station` {
    @Test func `is given by volume to whoever presses, and counted`() throws {
        let room = try Tearoom()
        #expect(room.availability == .open)
        room.press()
        #expect(room.isOpen && room.entries.contains { $0.event.name == "use.began" })
        room.flow(for: 10)
        #expect(!room.isOpen)
        room.run(for: .seconds(12))
        let end = try #require(room.ends.first)
        #expect(room.ends.count == 1 && end.end == .delivered && end.source == .button)
        #expect(end.amount.unit == .millilitres && (500...506).contains(end.amount.value))
    }

    @Test func `stops when it is pressed again, and counts what came`() throws {
        let room = try Tearoom()
        room.press()
        room.flow(for: 1)
        #expect(room.isOpen)
        room.press()
        #expect(!room.isOpen)
        room.run(for: .seconds(12))
        let end = try #require(room.ends.first)
        #expect(end.end == .ended && (100...300).contains(end.amount.value))
    }

    @Test func `is not given from an empty tank`() throws {
        let room = try Tearoom()
        room.station.level(LineID(2), isActive: false, at: room.now)
        room.run(for: .seconds(3))
        #expect(room.availability == .outOfOrder(.supplyEmpty))
        room.press()
        #expect(!room.isOpen && room.ends.isEmpty)
        #expect(!room.entries.contains { $0.event.name == "use.began" })
    }

    @Test func `is cut when nothing flows, and the fault says so`() throws {
        let room = try Tearoom()
        room.press()
        #expect(room.isOpen)
        room.run(for: .seconds(12))
        #expect(!room.isOpen)
        #expect(room.ends.map(\.end) == [.noFlow])
    }
}
