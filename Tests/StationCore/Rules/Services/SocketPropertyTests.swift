// What holds for a socket whatever happens to it, and what does nothing at all.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A socket, whatever happens` {
    static func owner(_ number: Int) -> UseOwner {
        UseOwner(
            key: ShortText("k\(number)") ?? .empty, holder: ShortText("h\(number)") ?? .empty,
            source: .key)
    }

    private func happen(_ world: inout SocketWorld, _ serial: inout Int) {
        switch world.random.below(32) {
        case 0...6:
            serial += 1
            let quota = world.random.below(3) == 0 ? Energy.wattHours(3) : nil
            world.tell(.asked(Socket.Request(Self.owner(serial), quota: quota)))
        case 7...9:
            world.load = [60_000, 180_000, 700_000, 1_300_000][world.random.below(4)]
            world.wants = Int64(world.random.below(40_000_000))
        case 10: world.load = nil
        case 11: world.tell(.endAsked([.ended, .stopped][world.random.below(2)]))
        case 12:
            world.smoke.toggle()
            world.tell(.smoke(world.smoke))
        case 13:
            world.guarded.toggle()
            world.tell(.guarded(world.guarded))
        case 14:
            world.closed.toggle()
            world.tell(.open(!world.closed))
        case 15:
            world.hasMains.toggle()
            world.tell(.mains(world.hasMains))
        case 16:
            let heat = DecimalNumber(Int64(15 + world.random.below(50)))
            world.tell(.heat(PointReading(value: heat, quality: .good, at: world.now)))
        case 17: world.isStuck = world.random.below(3) == 0
        case 18: world.answers = world.random.below(3) != 0
        case 19: world.tell(.reset)
        case 20: world.restart(away: Int64(world.random.below(900)))
        case 21...28:
            // What stood is over: else nothing would ever begin.
            (world.smoke, world.guarded, world.closed) = (false, false, false)
            (world.hasMains, world.answers, world.isStuck) = (true, true, false)
            for input in [
                Socket.Input.smoke(false), .guarded(false), .open(true), .mains(true),
                .heat(PointReading(value: DecimalNumber(20), quality: .good, at: world.now)),
                .reset,
            ] {
                world.tell(input)
            }
        case 29: world.tell(.shown(.stuck, readAt: world.now))
        default: world.tell(.boardEnded(.full, order: nil, took: nil))
        }
    }

    @Test(arguments: 1...24)
    func `keeps every promise over a thousand accidents`(seed: UInt64) {
        var settings = Socket.Settings(.ebike)
        settings.floatTime = .seconds(60)
        settings.isIdempotent = seed.isMultiple(of: 2)
        var world = SocketWorld(seed: seed, settings)
        world.tell(.recalled(nil, away: nil))
        var serial = 0
        for _ in 0..<300 {
            happen(&world, &serial)
            world.run(1 + world.random.below(40))
        }
        #expect(world.complaints.isEmpty)
        #expect(world.uses.count > 5)
        // In the end everything works again, and it is off.
        (world.hasMains, world.answers, world.isStuck) = (true, true, false)
        world.tell(.mains(true))
        world.tell(.endAsked(.stopped))
        world.run(150)
        #expect(world.open == nil && !world.isOn && world.complaints.isEmpty)
        #expect(Set(world.uses.map(\.owner)).count == world.uses.count, "each use ends once")
    }

    @Test(arguments: 1...12)
    func `reports the same with restarts as without`(seed: UInt64) {
        /// Ten people: every other one charges until full, the others for a while.
        func report(isRestarted: Bool) -> (uses: [SocketWorld.Use], drawn: Int64) {
            var script = Xorshift(seed: seed)
            var accidents = Xorshift(seed: seed &+ 1_000)
            var settings = Socket.Settings(.ebike)
            settings.floatTime = .seconds(60)
            var world = SocketWorld(seed: seed, settings)
            world.tell(.recalled(nil, away: nil))
            world.run(10)
            let before = world.total
            for person in 0..<6 {
                world.load = 100_000 + Int64(script.below(400_000))
                world.wants = person.isMultiple(of: 2) ? 10_000_000 : .max / 2
                world.tell(.asked(Socket.Request(Self.owner(person))))
                let restart = isRestarted ? accidents.below(300) : .max
                for second in 0..<500 {
                    if second == restart {
                        world.restart(away: Int64([3, 40, 700][accidents.below(3)]))
                    }
                    world.run(1)
                }
                if !person.isMultiple(of: 2) { world.tell(.endAsked(.ended)) }
                world.run(20)
                world.load = nil
            }
            world.run(150)
            #expect(world.complaints.isEmpty)
            return (world.uses, world.total - before)
        }
        let plain = report(isRestarted: false)
        let restarted = report(isRestarted: true)
        #expect(plain.uses.map(\.owner) == restarted.uses.map(\.owner))
        #expect(plain.uses.map(\.end) == (0..<6).map { $0 % 2 == 0 ? .full : .ended })
        for (a, b) in zip(plain.uses, restarted.uses) {
            #expect(a.end == b.end || b.end == .interrupted)
        }
        // Nothing is lost and nothing counted twice, whatever a restart cut off.
        for (uses, drawn) in [plain, restarted] {
            let sum = uses.reduce(0) { $0 + $1.amount.value }
            #expect(abs(sum - Energy(microwattHours: drawn).wattHours) <= 6)
            #expect(uses.allSatisfy { !$0.amount.isEstimated })
        }
    }

    // MARK: What does nothing

    static let states: [String] = [
        "idle", "reserved", "waiting", "drawing", "suspended", "ending", "ended", "stuck",
    ]

    private func outlet(in state: String) -> Outlet {
        switch state {
        case "reserved":
            var outlet = Outlet.ready { $0.hasPlug = true }
            outlet.tell(.plug(false))
            outlet.tell(.asked(Socket.Request(Outlet.rider)))
            return outlet
        case "waiting":
            var outlet = Outlet.ready()
            outlet.tell(.asked(Socket.Request(Outlet.rider)))
            return outlet
        case "drawing": return Outlet.charging()
        case "suspended":
            var outlet = Outlet.charging()
            outlet.tell(.mains(false))
            return outlet
        case "ending":
            var outlet = Outlet.charging()
            outlet.tell(.endAsked(.ended))
            return outlet
        case "ended":
            var outlet = Outlet.charging()
            outlet.tell(.endAsked(.ended))
            outlet.run(2)
            return outlet
        case "stuck":
            var outlet = Outlet.ready()
            outlet.tell(.shown(.stuck, readAt: outlet.now))
            return outlet
        default: return Outlet.ready()
        }
    }

    private func idleInputs(in state: String, at now: Instant) -> [Socket.Input] {
        let missing = [PointReading.Quality.stale, .absent, .outOfRange, .unread].map {
            PointReading(value: DecimalNumber(9_999), quality: $0, at: now)
        }
        // Nothing that is missing counts, early deadlines and answers to nobody neither.
        var inputs: [Socket.Input] = missing.flatMap {
            [Socket.Input.power($0), .energy($0), .heat($0)]
        }
        inputs += [
            .deadline, .orderEnded(77_777, .failed), .orderEnded(77_777, .confirmed),
            .orderRefused(77_777, isBusy: false), .guarded(false), .smoke(false), .open(true),
            .recalled(nil, away: nil), .boardEnded(.smoke, order: 99_999, took: nil),
        ]
        if state != "stuck" { inputs.append(.reset) }
        if ["idle", "ended", "ending", "stuck"].contains(state) {
            inputs += [
                .endAsked(.ended), .endAsked(.stopped), .open(false), .mains(false),
                .boardEnded(.full, order: nil, took: nil), .plug(true), .plug(false), .plug(nil),
            ]
        }
        if state == "reserved" { inputs += [.plug(false), .mains(false), .mains(true)] }
        if state == "suspended" { inputs += [.mains(false), .mains(nil)] }
        if state == "waiting" { inputs += [.mains(true), .mains(nil), .plug(true), .plug(nil)] }
        if state == "drawing" { inputs += [.mains(true), .mains(nil), .plug(true), .plug(nil)] }
        return inputs
    }

    @Test(arguments: states)
    func `does nothing for what concerns it not`(state: String) {
        let outlet = outlet(in: state)
        for input in idleInputs(in: state, at: outlet.now) {
            var socket = outlet.socket
            #expect(socket.handle(input, at: outlet.now).isEmpty, "\(state): \(input)")
            let phase = socket.phase
            #expect(phase == outlet.socket.phase || phase == .occupied || phase == .idle)
            #expect(socket.owner == outlet.socket.owner)
        }
    }

    @Test func `takes no number for true that no meter can say`() {
        var outlet = Outlet.charging()
        for mantissa in [Int64.min, .min + 1, -1, .max] {
            for places in [0, 3, 6, 9] {
                let value = DecimalNumber(mantissa: mantissa, places: places)
                let reading = Outlet.reading(value, at: outlet.now)
                outlet.tell(.power(reading))
                outlet.tell(.energy(reading))
                outlet.tell(.heat(reading))
            }
        }
        outlet.run(10)
        outlet.tell(.endAsked(.ended))
        outlet.run(10)
        #expect(outlet.ends.count == 1 && outlet.amounts.allSatisfy { $0.value >= 0 })
    }
}
