// Rooms that go dark when they are left, links that are gone, and batteries that are swapped: each
// through the seam that its station uses.

import EventLoop
import Testing

@testable import StationCore

private let start = Instant(nanoseconds: 1_000_000_000)

private func sight(_ sense: Sense) -> MachineSettings.Sight {
    let comparison = Comparison(
        point: "p", relation: .equal, value: Expression(plus: .one), device: 0)
    return MachineSettings.Sight(
        sense, sense.units == nil ? .holds(comparison) : .number(device: 0, point: "p", scale: 1))
}

@Suite struct `A room that is left` {
    private static let room = MachineSettings(
        .room, numbers: [ServiceNumber(.leaving, 900_000)], shared: [sight(.occupied)],
        parts: ["heater", "sockets"].map { name in
            PartSettings(
                name: name,
                orders: [
                    PartSettings.Order(.on, DeviceOrder(device: 0, action: "on")),
                    PartSettings.Order(.off, DeviceOrder(device: 0, action: "off")),
                ])
        })

    private func bench(_ settings: MachineSettings = Self.room) -> ServiceBench<RoomPower> {
        var bench = ServiceBench<RoomPower>(settings)
        bench.take(.open(true))
        bench.take(.began([], away: nil))
        return bench
    }

    @Test func `goes off when it is closed and has been empty for a while, and on when it opens`() {
        var bench = bench()
        bench.see(.occupied, true)
        bench.pass(5)
        #expect(bench.told(0) == .on && bench.told(1) == .on)
        bench.take(.open(false))
        bench.pass(7_200)
        // Somebody sleeps there.
        #expect(bench.told(0) == .on)
        bench.see(.occupied, false)
        bench.pass(899)
        #expect(bench.told(0) == .on)
        bench.pass(2)
        #expect(bench.told(0) == .off && bench.told(1) == .off)
        bench.take(.open(true))
        #expect(bench.told(0) == .on && bench.told(1) == .on)
    }

    @Test func `stays on as long as nobody knows whether it is empty`() {
        var bench = bench()
        bench.see(.occupied, nil)
        bench.take(.open(false))
        bench.pass(86_400)
        #expect(bench.told(0) == .on)
        #expect(bench.machine.condition(of: 0) == .degraded(.meterMissing))
        bench.see(.occupied, false)
        bench.pass(600)
        bench.see(.occupied, true)
        bench.see(.occupied, false)
        bench.pass(600)
        #expect(bench.told(0) == .on)
        bench.pass(301)
        #expect(bench.told(0) == .off)
    }

    @Test func `that is closed when the station starts gives whoever packs their time`() {
        var settings = Self.room
        settings.shared = []
        var bench = ServiceBench<RoomPower>(settings)
        bench.take(.open(false))
        bench.take(.began([], away: nil))
        bench.pass(899)
        #expect(bench.told(0) == .on)
        bench.pass(2)
        #expect(bench.told(0) == .off)
    }

    @Test func `without a sensor goes by its hours`() {
        var settings = Self.room
        settings.shared = []
        var bench = bench(settings)
        bench.take(.open(false))
        bench.pass(899)
        #expect(bench.told(1) == .on)
        bench.pass(2)
        #expect(bench.told(1) == .off)
    }

    @Test func `tells of an outlet that does not switch, until it does`() {
        var machine = RoomPower(Self.room)
        _ = machine.take(.open(true), at: start)
        _ = machine.take(.began([], away: nil), at: start)
        var now = start
        var outputs: [ServiceOutput] = []
        for _ in 0..<20 {
            guard let due = machine.nextDeadline else { break }
            now = max(now, due)
            for output in machine.take(.deadline, at: now) {
                outputs.append(output)
                guard case .perform(let unit, let role, let order, _) = output else { continue }
                outputs += machine.take(
                    .orderEnded(unit: unit, role, order: order, .failed), at: now)
            }
        }
        #expect(outputs.contains(.raised(unit: 0, .notSwitched)))
        #expect(machine.condition(of: 0) == .degraded(.deviceFailed))
    }
}

@Suite struct `A link` {
    @Test func `is told as gone after a while, and once`() {
        var bench = ServiceBench<LinkWatch>(
            MachineSettings(
                .link, numbers: [ServiceNumber(.patience, 60_000)],
                parts: [PartSettings(name: "wifi", sights: [sight(.up)])]))
        bench.see(.up, false)
        // Nobody is woken for it before the station knows what was before.
        #expect(bench.machine.nextDeadline == nil)
        bench.take(.began([], away: nil))
        bench.see(.up, true)
        bench.pass(3_600)
        #expect(bench.outputs.isEmpty && bench.machine.condition(of: 0) == .working)
        bench.see(.up, false)
        bench.pass(30)
        bench.see(.up, true)
        bench.see(.up, nil)
        bench.pass(59)
        #expect(bench.outputs.isEmpty)
        bench.see(.up, false)
        bench.pass(120)
        #expect(bench.outputs == [.raised(unit: 0, .linkDown)])
        #expect(bench.machine.condition(of: 0) == .outOfOrder(.deviceMissing))
        bench.see(.up, true)
        #expect(bench.outputs.last == .cleared(unit: 0, .linkDown))
    }
}

@Suite struct `A swap cabinet as a service` {
    private static let settings = MachineSettings(
        .swap, shared: [sight(.smoke)],
        parts: ["1", "2", "3"].map { name in
            PartSettings(
                name: name,
                orders: [PartSettings.Order(.open, DeviceOrder(device: 0, action: "open"))],
                sights: [.closed, .occupied, .charge].map { sight($0) })
        })
    private let li = UseOwner(
        key: ShortText("k-li") ?? .empty, holder: ShortText("h-li") ?? .empty, source: .key)

    /// The first compartment is empty, the others have charged batteries.
    private func bench(_ kept: [KeptPart] = []) -> ServiceBench<SwapService> {
        var bench = ServiceBench<SwapService>(Self.settings)
        bench.take(.open(true))
        bench.take(.began(kept, away: nil))
        for unit in 0..<3 {
            bench.see(.closed, true, at: unit)
            bench.see(.charge, 95, at: unit)
            bench.see(.occupied, unit > 0, at: unit)
        }
        return bench
    }

    private func isOpened(_ bench: ServiceBench<SwapService>, _ unit: Int) -> Bool {
        bench.outputs.contains(.perform(unit: unit, .open, order: 0))
    }

    /// Somebody puts an empty battery into the first one.
    private func putIn(_ bench: inout ServiceBench<SwapService>) {
        bench.take(.asked(li, unit: nil))
        bench.see(.closed, false)
        bench.pass(5)
        bench.see(.charge, 12)
        bench.see(.occupied, true)
        bench.see(.closed, true)
    }

    @Test func `gives a charged battery for an empty one, as one use`() {
        var bench = bench()
        putIn(&bench)
        #expect(isOpened(bench, 0) && bench.outputs.contains(.began(unit: 0, li)))
        #expect(bench.outputs.contains(.given(unit: 0)))
        #expect(bench.outputs.contains(.told(unit: 0, .wasPutIn, by: li)))
        #expect(isOpened(bench, 2) || isOpened(bench, 1))
        let given = isOpened(bench, 2) ? 2 : 1
        #expect(bench.machine.owner(of: given) == li)
        bench.see(.closed, false, at: given)
        bench.pass(5)
        bench.see(.occupied, false, at: given)
        bench.see(.closed, true, at: given)
        let ends = bench.outputs.compactMap { output in
            if case .ended(_, let use) = output { use } else { nil }
        }
        #expect(ends.map(\.end) == [.delivered] && ends.first?.amount == .once)
        #expect(ends.first?.owner == li && bench.machine.kept(at: bench.now).isEmpty)
    }

    @Test func `owes a battery over a restart, to a blocked key as well`() throws {
        var first = bench()
        putIn(&first)
        let kept = first.machine.kept(at: first.now)
        #expect(kept.count == 1 && kept.first?.owner == li)

        var next = bench(kept)
        next.see(.occupied, true)
        next.see(.charge, 12)
        #expect(!next.outputs.contains { if case .ended = $0 { true } else { false } })
        next.take(.endAsked(li, unit: nil))
        #expect(isOpened(next, 1) || isOpened(next, 2))
        // Who is owed nothing gets nothing.
        let other = UseOwner(key: ShortText("k-wu") ?? .empty, source: .key)
        var fresh = bench()
        fresh.take(.endAsked(other, unit: nil))
        #expect(!isOpened(fresh, 0) && fresh.outputs.allSatisfy { $0 != .given(unit: 0) })
    }

    @Test func `knows by entries alone whose battery was put in`() {
        var first = bench()
        putIn(&first)
        var news = PartNews()
        news.begun = 1
        news.running = [RunningUse(li, since: start)]
        news.steps = [.putIn, .wasPutIn]
        var kept: [KeptPart] = []
        first.machine.learn(news, of: 0, &kept)
        #expect(kept.map(\.owner) == [li] && kept.first?.numbers.first == 0)
    }

    @Test func `a person settles what is owed`() {
        var bench = bench()
        putIn(&bench)
        bench.take(.word(unit: 0, .settled, by: UseOwner(source: .command)))
        let ends = bench.outputs.compactMap { output in
            if case .ended(_, let use) = output { use.end } else { nil }
        }
        #expect(ends == [.stopped])
    }
}
