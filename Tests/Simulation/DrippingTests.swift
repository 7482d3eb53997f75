// A tap that lets water through although it is closed: its own valve cannot help.

import EventLoop
import Profiles
import StationCore
import Testing

/// A dispenser and the main valve before it, in virtual time.
private final class Kitchen {
    static let tap = DeviceID(0)
    static let main = DeviceID(1)

    var station: Station
    let resolved: ResolvedStation
    let notes: [ConfigurationNote.Kind]
    var now = Instant(nanoseconds: 1_000_000_000)
    private(set) var steps: [GuardStep] = []
    private var written: UInt64 = 0

    init(outer: String = ", outer: {perform: main/switch_off}") throws {
        let text = """
            schema: station/1
            station:
              id: kitchen
              name: {zh: 茶水间, en: Kitchen}
            ports:
              header: {gpio: test-chip}
            devices:
              - {name: tap, profile: dispenser-yf-s201,
                 gpio: {flow: A0, valve: A1, float: A2, leak: A3}\(outer)}
              - {name: main, profile: relay-line, drives: other, gpio: {relay: A4}}
              - {name: strike, profile: strike-12v, gpio: {coil: A9}}
            doors:
              - {name: front, lock: strike}

            """
        let resolution = try Resolution.resolve(
            text: Array(text.utf8), name: "kitchen.yaml",
            devicesDirectory: Repository.root + "/Devices")
        (resolved, notes) = (resolution.station, resolution.notes.map(\.kind))
        station = Station(try resolved.validated())
        for device in resolved.devices.indices { station.attached(DeviceID(device), at: now) }
        station.started(at: now)
        station.level(LineID(2), isActive: true, at: now)
        station.level(LineID(3), isActive: false, at: now)
        run(for: .seconds(3))
        let on = resolved.devices[1].driver.actions.firstIndex { $0.name == "switch_on" }
        _ = station.ordered(try #require(on), of: Self.main, by: .crew, at: now)
        run(for: .seconds(1))
    }

    var isMainOn: Bool { station.pointReadings(of: 1).first?.value == .one }

    func order(_ name: String, _ arguments: [ArgumentValue] = []) throws {
        let place = resolved.devices[0].driver.actions.firstIndex { $0.name == name }
        _ = try station.ordered(
            try #require(place), arguments, of: Self.tap, by: .crew, at: now
        ).get()
        settle()
    }

    /// Water runs for so long, nine litres a minute.
    func drip(for seconds: Int) {
        for _ in 0..<(seconds * 68) {
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
            while station.takeSetting() != nil {}
            if station.takeTotalsDue() != nil { station.tookTotals() }
            let count = station.outbox.count
            for place in 0..<count {
                if case .guarded(Self.tap, _, let step, _, _) = station.outbox[place].event {
                    steps.append(step)
                }
            }
            let last = count > 0 ? station.outbox[count - 1].ticket : nil
            station.handedOver(count)
            written += UInt64(count)
            if let last {
                station.answered(.committed(upTo: last, lastSequence: written), at: now)
            }
        } while station.hasWork
    }
}

@Suite struct `A tap that drips though it is closed` {
    @Test func `has the main valve close, and that is seen`() throws {
        let kitchen = try Kitchen()
        #expect(kitchen.isMainOn)
        kitchen.drip(for: 4)
        #expect(kitchen.isMainOn && kitchen.steps.isEmpty)
        kitchen.drip(for: 4)
        #expect(!kitchen.isMainOn)
        // The main valve's relay says what it was told, and no more.
        #expect(kitchen.steps == [.tripped, .unseen])
        #expect(!kitchen.notes.contains(.outerMissing(device: "tap", rule: "dripping")))
    }

    @Test func `is only told where there is no main valve, and the station file hears of it`()
        throws
    {
        let kitchen = try Kitchen(outer: "")
        kitchen.drip(for: 8)
        #expect(kitchen.steps == [.tripped])
        let state = kitchen.station.guardStates.first { $0.since != nil }
        #expect(state?.acts == false)
        #expect(kitchen.notes.contains(.outerMissing(device: "tap", rule: "dripping")))
    }
}

@Suite struct `A tap that gives no water though it is open` {
    /// The wheel stands: what it says is why the valve is closed, and no sign that it is.
    private static func stuck(_ kitchen: Kitchen) throws {
        kitchen.run(for: .seconds(30))
        try kitchen.order("dispense", [ArgumentValue("ml", DecimalNumber(500))])
        kitchen.run(for: .seconds(3))
        #expect(kitchen.steps == [])
        kitchen.run(for: .seconds(10))
    }

    @Test func `has the main valve close as well, since its wheel cannot tell`() throws {
        let kitchen = try Kitchen()
        try Self.stuck(kitchen)
        #expect(!kitchen.isMainOn && kitchen.steps.first == .tripped)
        #expect(kitchen.steps.contains(.outerUnseen) && !kitchen.steps.contains(.secured))
    }

    @Test func `is told to close and not seen to, where there is no main valve`() throws {
        let kitchen = try Kitchen(outer: "")
        try Self.stuck(kitchen)
        #expect(kitchen.steps == [.tripped, .unseen])
        #expect(kitchen.notes.contains(.orderUnseen(device: "tap", action: "close")))
    }
}

@Suite struct `A tap that is closed by a guard` {
    /// Water runs, and the rope gets wet.
    private static func flooded() throws -> Kitchen {
        let kitchen = try Kitchen()
        // A rope is dry when it was for half a minute.
        kitchen.run(for: .seconds(30))
        try kitchen.order("dispense", [ArgumentValue("ml", DecimalNumber(1_500))])
        kitchen.drip(for: 1)
        kitchen.station.level(LineID(3), isActive: true, at: kitchen.now)
        kitchen.drip(for: 2)
        kitchen.run(for: .milliseconds(100))
        #expect(kitchen.steps == [.tripped] && kitchen.isMainOn)
        return kitchen
    }

    @Test func `is closed when no water comes any more`() throws {
        let kitchen = try Self.flooded()
        kitchen.run(for: .seconds(3))
        #expect(kitchen.steps == [.tripped, .secured] && kitchen.isMainOn)
    }

    /// A pilot valve lets go slowly, and a wheel coasts; the meter's rate lags behind by 2.5 s.
    @Test func `may close slowly: nobody has to open the main valve again`() throws {
        let kitchen = try Self.flooded()
        kitchen.drip(for: 1)
        kitchen.run(for: .seconds(4))
        #expect(kitchen.steps == [.tripped, .secured] && kitchen.isMainOn)
    }

    @Test func `is not believed to be while water runs: the main valve closes`() throws {
        let kitchen = try Self.flooded()
        kitchen.drip(for: 4)
        #expect(kitchen.steps == [.tripped])
        kitchen.drip(for: 1)
        #expect(kitchen.steps.prefix(3) == [.tripped, .escalated, .outerUnseen])
        #expect(!kitchen.isMainOn)
    }
}
