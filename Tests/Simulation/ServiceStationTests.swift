// Services with machines, whole: a tap or a button, entries, orders on the wire, values that come
// back, and what a restart makes of it.

import EventLoop
import Profiles
import Testing

@testable import Simulation
@testable import StationCore

/// Two sockets behind a relay board, a meter each, and a reader before them.
private final class Rack {
    static let text = """
        schema: station/1
        station:
          id: rack
          name: {zh: 充电, en: Charging}
        ports:
          header: {gpio: chip}
          line: {serial: /dev/ttyS1, baud: 9600}
        devices:
          - name: reader
            profile: wiegand-26
            gpio: {d0: A0, d1: A1, beeper: A2}
          - {name: window-reader, profile: wiegand-26, gpio: {d0: A3, d1: A4}}
          - {name: relays, profile: waveshare-relay-8, port: line, address: 1, drives: socket}
          - name: meter-1
            profile: pzem-016
            port: line
            address: 2
            guards:
              overload:
                when: "relays/relay.1 == active and power > 800"
                do: [{perform: relays/switch_off, with: {relay: 1}}]
          - {name: meter-2, profile: pzem-016, port: line, address: 3}
        doors: []
        services:
          - name: charge
            kind: charging
            type: phone
            readers: [reader]
            sockets:
              - name: A1
                switch_on: {perform: relays/keep_on, with: {relay: 1}}
                switch_off: {perform: relays/switch_off, with: {relay: 1}}
                power: meter-1/power
                energy: meter-1/energy
              - name: A2
                reader: window-reader
                switch_on: {perform: relays/keep_on, with: {relay: 2}}
                switch_off: {perform: relays/switch_off, with: {relay: 2}}
                power: meter-2/power
                energy: meter-2/energy
        """

    let gate: FieldBusGate
    let reader: Int
    let relays: ModbusBox
    let meters: [ModbusBox]
    private let points: [PointSettings]

    /// - Parameter kept: what the run before kept; with what entries said since.
    init(
        _ kept: [KeptPart] = [], news: PartNews? = nil, away: Interval? = nil,
        isRecalled: Bool = true, terms: RosterTerms = .plain, sessions: Int = 1
    ) throws {
        let station = try Resolution.resolve(
            text: Array(
                Self.text.replacing("type: phone", with: "type: phone\n    sessions: \(sessions)")
                    .utf8), name: "rack.yaml",
            devicesDirectory: Repository.root + "/Devices"
        ).station
        reader = try #require(station.devices.firstIndex { $0.name == "reader" })
        let line = try #require(station.channels.first?.device)
        gate = FieldBusGate(station, line: line)
        relays = try #require(gate.box(0) as? ModbusBox)
        meters = [1, 2].compactMap { [gate] in gate.box($0) as? ModbusBox }
        try #require(meters.count == 2)
        let meter = try #require(station.devices.firstIndex { $0.name == "meter-1" })
        points = station.devices[meter].driver.shownPoints
        relays.onWrite = { [relays] _, address, values in
            // A timed pulse at 0x0200 and above, a coil below.
            relays[.coil, address & 0xFF] = values == [0] ? 0 : 1
        }
        gate.station.attached(DeviceID(reader), at: gate.now)
        gate.station.attached(DeviceID(reader + 1), at: gate.now)
        gate.station.observed(
            Calendar(
                wallOffset: 1_795_248_000_000_000_000, bootOffset: 0, quality: .synced,
                utcOffset: 28_800, floor: WallTime(seconds: 1_795_000_000)), at: gate.now)
        try enter(terms)
        gate.station.recalled(kept, of: 0, away: away)
        if let news { gate.station.recalled(news, of: 0, in: 0) }
        gate.station.started(at: gate.now)
        if isRecalled { gate.station.recalledServices(at: gate.now) }
        gate.settle()
        gate.run(for: .seconds(8))
    }

    /// Cards 1 to 4 are keys; the fourth is blocked.
    func enter(
        _ terms: RosterTerms = .plain, blocked: [Int] = [], lost: [Int] = []
    ) throws {
        let epoch = try #require(ShortText("test"))
        let key = try #require(
            StationKey(epoch: epoch, secret: [UInt8](repeating: 7, count: 32)))
        var builder = RosterBuilder(key: key, version: 1)
        for card in 1...4 {
            let number = try #require(View.full.number(of: Self.card(card), format: .h10301))
            try builder.add(
                RosterRow(
                    id: ShortText("k-\(card)") ?? .empty, holder: ShortText("h-\(card)") ?? .empty,
                    form: key.matchForm(of: number), doors: .every,
                    state: lost.contains(card)
                        ? .lost : card == 4 || blocked.contains(card) ? .blocked : .active,
                    terms: terms))
        }
        gate.station.installed(key: key, isNew: false, at: gate.now)
        gate.station.replaced(
            roster: try RosterFile.decode(
                builder.build().file, for: RosterPlaces(gate.station.resolved)), refused: 0,
            isNew: false, at: gate.now)
        gate.settle()
    }

    private static func card(_ number: Int) -> Credential {
        Credential(
            technology: .wiegand, bitCount: 26,
            bits: WiegandFormat.h10301.encode(facility: 1, number: UInt128(number)) ?? 0)
    }

    /// - Parameter other: at the reader of the second socket.
    func tap(_ card: Int, atItsOwn other: Bool = false) {
        gate.station.access(
            Presentation(credential: Self.card(card), format: .h10301, at: gate.now),
            reader: other ? reader + 1 : reader, at: gate.now)
        gate.settle()
        gate.run(for: .seconds(2))
    }

    func tell(_ word: PartWord, of unit: Int, by person: CrewMember?) -> PartWordRefusal? {
        gate.station.told(word, of: unit, in: ServiceID(0), by: person, at: gate.now)
    }

    /// A socket's meter shows so much.
    func show(watts: Double, wattHours: Double? = nil, at socket: Int) throws {
        let power = try #require(points.first { $0.name == "power" })
        meters[socket].put(watts * 10, at: power)
        guard let wattHours else { return }
        let energy = try #require(points.first { $0.name == "energy" })
        meters[socket].put(wattHours, at: energy)
    }

    func isOn(_ socket: Int) -> Bool { relays[.coil, socket] == 1 }

    var ends: [(end: UseEnd, amount: UsageAmount, holder: ShortText)] {
        gate.entries.compactMap { entry in
            guard case .useEnded(_, _, _, let end, _, let amount) = entry.event else { return nil }
            return (end, amount, entry.holder)
        }
    }

    var availability: Availability { gate.station.availability(of: 0) }

    var begun: Int { gate.entries.count { $0.event.name == "use.began" } }

    var refusals: [Denial] {
        gate.entries.compactMap { entry in
            if case .useRefused(_, _, _, let reason) = entry.event { reason } else { nil }
        }
    }
}

@Suite struct `Charging at a station` {
    @Test func `begins with a tap, ends when it is full, and says how much it took`() throws {
        let rack = try Rack()
        #expect(!rack.isOn(0) && rack.availability == .open)
        rack.tap(1)
        #expect(rack.isOn(0) && !rack.isOn(1) && rack.begun == 1)
        try rack.show(watts: 18, wattHours: 0, at: 0)
        rack.gate.run(for: .seconds(15))
        try rack.show(watts: 18, wattHours: 7, at: 0)
        rack.gate.run(for: .seconds(1_200))
        #expect(rack.ends.isEmpty && rack.isOn(0))
        try rack.show(watts: 0.6, wattHours: 7, at: 0)
        rack.gate.run(for: .seconds(660))
        #expect(!rack.isOn(0))
        let end = try #require(rack.ends.first)
        #expect(end.end == .full && end.holder == ShortText("h-1"))
        #expect(end.amount.value == 7 && end.amount.unit == .wattHours)
    }

    @Test func `ends with its holder's next tap, and with nobody else's`() throws {
        let rack = try Rack()
        rack.tap(1)
        rack.tap(2)
        #expect(rack.isOn(0) && rack.isOn(1))
        rack.tap(3)
        #expect(rack.refusals == [.noneFree])
        try rack.show(watts: 18, wattHours: 0, at: 0)
        rack.gate.run(for: .seconds(15))
        rack.tap(1)
        rack.gate.run(for: .seconds(12))
        #expect(!rack.isOn(0) && rack.isOn(1))
        #expect(rack.ends.map(\.end) == [.ended] && rack.ends.first?.holder == ShortText("h-1"))
        rack.tap(4)
        #expect(rack.refusals == [.noneFree, .blocked])
    }

    @Test func `is ended by a key that was blocked meanwhile, which begins no other`() throws {
        let rack = try Rack()
        rack.tap(1)
        #expect(rack.isOn(0) && rack.begun == 1)
        try rack.enter(blocked: [1])
        rack.tap(1)
        rack.gate.run(for: .seconds(15))
        #expect(!rack.isOn(0) && rack.ends.map(\.end) == [.ended] && rack.refusals.isEmpty)
        rack.tap(1)
        #expect(rack.begun == 1 && rack.refusals == [.blocked])
    }

    @Test func `is not ended by whoever found a card that was reported lost`() throws {
        let rack = try Rack()
        rack.tap(1)
        try rack.enter(lost: [1])
        rack.tap(1)
        rack.gate.run(for: .seconds(15))
        #expect(rack.isOn(0) && rack.ends.isEmpty && rack.refusals == [.lost])
    }

    @Test func `begins at the socket whose own reader is tapped`() throws {
        let rack = try Rack()
        rack.tap(1, atItsOwn: true)
        #expect(rack.isOn(1) && !rack.isOn(0) && rack.begun == 1)
    }

    @Test func `is cut by a guard of its own socket alone`() throws {
        let rack = try Rack()
        rack.tap(1)
        rack.tap(2)
        try rack.show(watts: 900, at: 0)
        try rack.show(watts: 20, at: 1)
        rack.gate.run(for: .seconds(20))
        #expect(!rack.isOn(0) && rack.isOn(1))
        #expect(rack.ends.count == 1 && [.guarded, .overload].contains(rack.ends.first?.end))
        let parts = rack.gate.station.partStates(of: 0)
        #expect(!parts[0].isInUse && parts[1].isInUse)
    }

    @Test func `ends once as interrupted when the station was away too long`() throws {
        let first = try Rack()
        first.tap(1)
        try first.show(watts: 18, wattHours: 3, at: 0)
        first.gate.run(for: .seconds(60))
        let kept = first.gate.station.keptParts(of: 0, at: first.gate.now)
        #expect(kept.count == 1 && kept.first?.owner?.holder == ShortText("h-1"))

        let second = try Rack(kept, away: .seconds(3_600))
        second.gate.run(for: .seconds(60))
        #expect(second.ends.map(\.end) == [.interrupted] && second.begun == 0)
        #expect(!second.isOn(0))
        // What was left behind may still hang in the first.
        second.tap(2)
        #expect(second.isOn(1) && second.begun == 1)
    }

    @Test func `ends what only an entry says was begun`() throws {
        var news = PartNews()
        news.begun = 1
        let owner = UseOwner(key: ShortText("k-1")!, holder: ShortText("h-1")!, source: .key)
        news.running = [RunningUse(owner, since: Instant(nanoseconds: 0))]
        let rack = try Rack(news: news)
        rack.gate.run(for: .seconds(60))
        #expect(rack.ends.map(\.end) == [.interrupted])
        #expect(rack.ends.first?.holder == ShortText("h-1"))
    }

    @Test func `tells a person's word, and who said it`() throws {
        let rack = try Rack()
        rack.tap(1)
        let person = CrewMember(user: 1_000, name: "zhang")
        #expect(rack.tell(.stop, of: 7, by: person) == .noSuchPart)
        #expect(rack.tell(.restocked, of: 0, by: person) == .unknownWord([.stop, .reset]))
        #expect(rack.tell(.stop, of: 0, by: person) == nil)
        rack.gate.settle()
        rack.gate.run(for: .seconds(15))
        #expect(rack.ends.map(\.end) == [.stopped] && !rack.isOn(0))
        let told = rack.gate.entries.filter {
            if case .servicePart(_, 0, .stopAsked, _, .crew) = $0.event { true } else { false }
        }
        #expect(told.map(\.holder) == [person.name] && told.first?.event.entryClass == .p0)
    }

    @Test func `takes no word before it knows what it did before`() throws {
        let rack = try Rack(isRecalled: false)
        #expect(rack.tell(.stop, of: 0, by: nil) == .starting)
    }
}

@Suite struct `Charging with a quota` {
    private func terms(_ measure: QuotaMeasure, _ limit: UInt32) -> RosterTerms {
        RosterTerms(quotas: [RosterQuota("charge", measure, per: .day, limit: limit)])
    }

    /// Charges until the socket is off; how much its meter showed then.
    private func charge(_ rack: Rack, _ card: Int, from start: Double) throws -> Double {
        rack.tap(card)
        var total = start
        for _ in 0..<200 where rack.isOn(0) {
            try rack.show(watts: 100, wattHours: total, at: 0)
            rack.gate.run(for: .seconds(72))
            total += 2
        }
        rack.gate.run(for: .seconds(30))
        return total
    }

    @Test func `ends with the energy that is left`() throws {
        let rack = try Rack(terms: terms(.wattHours, 10))
        _ = try charge(rack, 1, from: 0)
        #expect(rack.ends.map(\.end) == [.quota])
        #expect((10...12).contains(rack.ends.first?.amount.value ?? 0))
        rack.tap(1)
        #expect(rack.refusals == [.quota] && !rack.isOn(0) && !rack.isOn(1))
        rack.tap(2)
        #expect(rack.isOn(1))
    }

    @Test func `ends with the time that is left`() throws {
        let rack = try Rack(terms: terms(.minutes, 30))
        try rack.show(watts: 50, wattHours: 0, at: 0)
        rack.tap(1)
        rack.gate.run(for: .seconds(1_190))
        rack.tap(1)
        try rack.show(watts: 0, at: 0)
        rack.gate.run(for: .seconds(30))
        #expect(rack.ends.map(\.end) == [.ended])
        // Something may hang in the first one yet: it is the second.
        rack.tap(1)
        try rack.show(watts: 50, wattHours: 0, at: 1)
        rack.gate.run(for: .seconds(560))
        #expect(rack.isOn(1))
        rack.gate.run(for: .seconds(60))
        #expect(!rack.isOn(1) && rack.ends.map(\.end) == [.ended, .quota])
    }

    @Test func `counts what is only begun, and is ended by its holder at any time`() throws {
        let uses = try Rack(terms: terms(.uses, 1), sessions: 2)
        uses.tap(1)
        #expect(uses.isOn(0))
        try uses.show(watts: 50, wattHours: 1, at: 0)
        uses.gate.run(for: .seconds(60))
        // At the other socket's own reader one would begin another.
        uses.tap(1, atItsOwn: true)
        #expect(!uses.isOn(1) && uses.refusals == [.quota])
        uses.tap(1)
        #expect(!uses.isOn(0))
        let energy = try Rack(terms: terms(.wattHours, 10), sessions: 2)
        energy.tap(1)
        energy.tap(1, atItsOwn: true)
        #expect(!energy.isOn(1) && energy.refusals == [.holderLimit])
    }

    @Test func `is known over a restart in the middle of it`() throws {
        let first = try Rack(terms: terms(.minutes, 30))
        try first.show(watts: 50, wattHours: 0, at: 0)
        first.tap(1)
        first.gate.run(for: .seconds(600))
        let kept = first.gate.station.keptParts(of: 0, at: first.gate.now)
        let second = try Rack(kept, away: .seconds(60), terms: terms(.minutes, 30))
        try second.show(watts: 50, wattHours: 0, at: 0)
        second.gate.run(for: .seconds(1_000))
        #expect(second.isOn(0))
        second.gate.run(for: .seconds(240))
        #expect(!second.isOn(0) && second.ends.map(\.end) == [.quota])
    }
}
