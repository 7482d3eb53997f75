// People at services for hours: what the journal counts is what they did, power cuts or not.

import EventLoop
import Profiles
import StationCore
import Testing

@testable import Simulation

@Suite struct `People at services` {
    @Test(arguments: PeopleStation.allCases)
    func `are counted as they came, and the same way each time`(station: PeopleStation) throws {
        let report = try BatchRun.run(try station.options(seed: 1))
        #expect(report.violations == [])
        #expect(report.usage.count == station.serviceCount)
        #expect(
            report.usage.allSatisfy { $0.rows.contains { $0.uses > 0 } },
            "\(report.usage.map(\.line))")
        #expect(report.usage.flatMap(\.differences) == [])
        // Nobody made anything fail, and nothing was cut short.
        #expect(report.usage.allSatisfy { $0.rows.allSatisfy { $0.failed == 0 && $0.cut == 0 } })
        if station == .bench {
            #expect(try BatchRun.run(try station.options(seed: 1)).trace == report.trace)
        }
    }

    @Test(arguments: PeopleStation.allCases)
    func `are counted through power cuts, but for what was cut short`(
        station: PeopleStation
    ) throws {
        var swarm = Swarm.powerCuts
        swarm.every = .seconds(station == .bench ? 200 : 600)
        let report = try BatchRun.run(try station.options(seed: 2, swarm: swarm))
        #expect(report.violations == [])
        #expect(report.lives > 4)
        let rows = report.usage.flatMap(\.rows)
        #expect(rows.contains { $0.cut > 0 } && rows.contains { $0.whole > 0 })
        // Water was on its way when the power went, and all but a second of it is there.
        let isSure = station != .lodge
        #expect(rows.contains { $0.sure > 0 } == isSure, "\(report.usage.map(\.line))")
    }

    @Test func `come in their hours, with keys and without`() throws {
        var options = try PeopleStation.tearoom.options(seed: 5, hours: 6)
        options.population?.groups.removeAll { $0.keyPercent == nil && $0.from == 0 }
        let report = try BatchRun.run(options)
        #expect(report.violations == [])
        // The run begins at eight; meals are from half past ten to half past one.
        let meals = try #require(report.usage.first { $0.name == "meals" })
        let count = try #require(meals.rows.first { $0.source == .key }).uses
        #expect((20...70).contains(count))
        let water = try #require(report.usage.first { $0.name == "water" })
        let byKey = try #require(water.rows.first { $0.source == .key }).uses
        let byButton = try #require(water.rows.first { $0.source == .button }).uses
        #expect(byKey > byButton && byButton > 20)
    }
}

@Suite struct `What a ledger is for` {
    @Test func `a use that is in no journal is found, and one that nobody made`() throws {
        let machine = try VirtualMachine(
            PeopleStation.lodge.options(seed: 3, hours: 1), sink: nil)
        let services = try #require(machine.plant.services)
        let start = machine.clock.now
        let use = services.ledger.begin(
            service: 0, unit: 0, source: .key, key: .empty, at: start)
        services.ledger.end(use, amount: 1, at: start)
        machine.plant.close(at: start + .seconds(1_200))
        let isCut = machine.live(calm: start, until: start + .seconds(1_900))
        let violations = machine.report(since: start).violations
        #expect(!isCut && violations.map(\.rule) == [.usageWrong], "\(violations)")
    }

    @Test func `more than the tolerance is wrong, and less is not`() {
        var row = ServiceUsage.Row(source: .button)
        (row.uses, row.whole, row.quantity, row.wholeQuantity) = (2, 2, 700, 704)
        var usage = ServiceUsage(name: "water", unit: .millilitres, tolerance: 3, rows: [row])
        #expect(usage.differences.isEmpty)
        usage.rows[0].wholeQuantity = 707
        #expect(usage.differences.count == 1)
        usage.rows[0].wholeQuantity = 693
        #expect(usage.differences.count == 1)
        // What the power cut came into may be there or not, and no more of it than ran.
        usage.rows[0].cut = 1
        usage.rows[0].cutQuantity = 300
        usage.rows[0].wholeQuantity = 500
        #expect(usage.differences.isEmpty)
        usage.rows[0].cutQuantity = 100
        #expect(usage.differences.count == 1)
        (usage.rows[0].cutQuantity, usage.rows[0].sureQuantity) = (300, 195)
        #expect(usage.differences.isEmpty)
        usage.rows[0].sureQuantity = 215
        #expect(usage.differences.count == 1)
        usage.rows[0].sureQuantity = 0
        usage.interrupted = 2
        #expect(usage.differences.count == 1)
        (usage.interrupted, usage.rows[0].sure) = (1, 1)
        #expect(usage.differences.count == 1)
        usage.rows[0].sure = 0
        #expect(usage.differences.isEmpty)
        usage.rows[0].quantity = 500
        usage.rows[0].uses = 4
        #expect(usage.differences.count == 1)
    }
}

@Suite struct `Power and water without a use` {
    private let station: ResolvedStation
    private var watch: ServiceWatch
    private let start = Instant(nanoseconds: 1_000_000_000)

    init() throws {
        station = try PeopleStation.tearoom.resolved()
        watch = ServiceWatch(station)
        watch.restarted(committed: Ticket(number: 0), at: start)
    }

    private func flow(_ amount: Double = 100, isWater: Bool = true) -> ServiceFlow {
        ServiceFlow(
            service: 0, unit: 0, name: "tap", isWater: isWater, isFlowing: true, amount: amount,
            most: isWater ? 300 : nil)
    }

    /// Looks, as a run does, again and again until then.
    private mutating func rules(_ flow: ServiceFlow, after seconds: Int64) -> [Violation.Rule] {
        (seconds - 3...seconds).flatMap { second in
            watch.look([flow], at: start + .seconds(second)).map(\.rule)
        }
    }

    @Test mutating func `are nothing when they are seen once, before the entry came`() {
        #expect(watch.look([flow()], at: start + .seconds(100)).isEmpty)
        watch.began(ServiceID(0), 0, Ticket(number: 7))
        #expect(watch.look([flow()], at: start + .seconds(101)).isEmpty)
        watch.ended(ServiceID(0), 0, at: start + .seconds(110))
        #expect(watch.look([flow()], at: start + .seconds(200)).isEmpty)
    }

    @Test mutating func `are told when they last longer than an order needs, once`() {
        #expect(rules(flow(), after: 20).isEmpty)
        #expect(rules(flow(), after: 30) == [.waterWithoutUse])
        #expect(rules(flow(), after: 31).isEmpty)
    }

    @Test mutating func `are told of a socket by its own name`() {
        #expect(rules(flow(isWater: false), after: 30) == [.energyWithoutSession])
    }

    @Test mutating func `are nothing while a use runs, and for a moment after it`() {
        watch.began(ServiceID(0), 0, Ticket(number: 7))
        #expect(rules(flow(), after: 3_000).isEmpty)
        watch.ended(ServiceID(0), 0, at: start + .seconds(3_000))
        #expect(rules(flow(), after: 3_020).isEmpty)
        #expect(rules(flow(), after: 3_030) == [.waterWithoutUse])
    }

    @Test mutating func `are told of a use of which a new core cannot know`() {
        watch.began(ServiceID(0), 0, Ticket(number: 7))
        watch.restarted(committed: Ticket(number: 6), at: start)
        #expect(rules(flow(), after: 30) == [.waterWithoutUse])
    }

    @Test mutating func `are told when more comes than was asked for`() {
        watch.began(ServiceID(0), 0, Ticket(number: 7))
        #expect(rules(flow(299), after: 1).isEmpty)
        #expect(rules(flow(301), after: 2) == [.tooMuchWater])
    }

    /// A relay whose contacts are welded, and a telephone behind it.
    @Test func `are found at a socket that does not let go`() throws {
        var options = try PeopleStation.bench.options(seed: 4, hours: 1)
        options.population = nil
        let machine = try VirtualMachine(options, sink: nil)
        let services = try #require(machine.plant.services)
        let place = try #require(
            options.station.devices.firstIndex { $0.name == "relays" })
        let relays = try #require(
            options.station.box(place, machine.plant.twins) as? ModbusBox)
        relays[.coil, 1] = 1
        relays.isStuck = true
        let outlet = try #require(services.outlets.first { $0.unit == 1 })
        outlet.plug(
            VirtualLoad(guest: 0, watts: 20, wattHours: nil), at: machine.clock.now)
        services.lookAtAll(at: machine.clock.now)
        #expect(outlet.isLive)
        let start = machine.clock.now
        _ = machine.live(calm: start, until: start + .seconds(90))
        let rules = Set(machine.report(since: start).violations.map(\.rule))
        #expect(rules.isSuperset(of: [.energyWithoutSession, .neverSecured]), "\(rules)")
    }

    /// What acts for a group of sockets really takes their power away.
    @Test func `end with the contactor before them`() throws {
        var options = try PeopleStation.bench.options(seed: 4, hours: 1)
        options.population = nil
        let machine = try VirtualMachine(options, sink: nil)
        let services = try #require(machine.plant.services)
        let outlet = try #require(services.outlets.first { $0.unit == 0 })
        let boxes = ["relays", "main"].compactMap { name in
            options.station.devices.firstIndex { $0.name == name }.flatMap {
                options.station.box($0, machine.plant.twins) as? ModbusBox
            }
        }
        try #require(boxes.count == 2)
        outlet.plug(VirtualLoad(guest: 0, watts: 20, wattHours: nil), at: machine.clock.now)
        for (relay, main, isLive) in [(1, 0, false), (1, 1, true), (0, 1, false)] {
            boxes[0][.coil, 0] = UInt16(relay)
            boxes[1][.coil, 0] = UInt16(main)
            services.lookAtAll(at: machine.clock.now)
            #expect(outlet.isLive == isLive)
            #expect(outlet.watts == (isLive ? 20 : 0))
        }
        #expect(services.openMains.isEmpty)
        boxes[1][.coil, 0] = 0
        #expect(services.openMains.count == 1)
    }
}

@Suite struct `A rule of the checkers` {
    @Test func `has its row in the document`() {
        let document = String(decoding: Repository.bytes("docs/simulation.md"), as: UTF8.self)
        for rule in Violation.Rule.allCases {
            #expect(document.contains("`\(rule.rawValue)`"), "\(rule.rawValue)")
        }
    }
}

@Suite struct `A battery` {
    @Test(arguments: [1.0, 7.0, 60.0, 3_600.0])
    func `takes what it lacks, however often somebody looks`(step: Double) {
        var load = VirtualLoad(guest: 0, watts: 36, wattHours: 12)
        var taken = 0.0
        var seconds = 0.0
        while load.missing ?? 0 > 0, seconds < 36_000 {
            taken += load.run(for: step)
            seconds += step
        }
        let idle = VirtualLoad.idle * step / 3_600
        #expect(taken >= 11.999 && taken <= 12.001 + idle)
        #expect(load.draw == VirtualLoad.idle)
        // At full power it would be twenty minutes; the last of it is slow.
        #expect(seconds > 1_200 && seconds < 3_000 + step)
    }

    /// A rounding at the edge of a step once kept it there for ever.
    @Test func `ends with every step, whatever it lacks`() {
        for number in 1...2_000 {
            let need = Double(number) * 0.137
            var load = VirtualLoad(guest: 0, watts: 7 + Double(number % 60), wattHours: need)
            let taken = load.run(for: 360_000)
            #expect(taken >= need - 0.001 && load.missing == 0)
        }
    }
}
