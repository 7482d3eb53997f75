// A full line with dead boxes on it: what the living and their orders notice of that.

import EventLoop
import Testing

@testable import Simulation
@testable import StationCore

@Suite struct `Thirty boxes at 9600 baud, five of them dead` {
    /// 24 meters and a relay board answer; five meters do not. Each is asked every other second.
    private static let dead = [3, 9, 15, 21, 27]
    private static let relays = 29

    private func stage() -> FieldBusStage {
        let settings = (0..<30).map { place in
            place == Self.relays
                ? Box.relays(place + 1, every: 2_000)
                : Self.simpleMeter(place + 1, every: 2_000)
        }
        let stage = FieldBusStage(settings)
        for place in Self.dead { stage.line.boxes[place].isConnected = false }
        return stage
    }

    /// Ten registers in one read.
    static func simpleMeter(_ unit: Int, every milliseconds: Int) -> BusDeviceSettings {
        var meter = Box.meter(unit, timeout: 300)
        meter.points = (0..<10).map { place in
            PointSettings(
                name: "r\(place)", kind: .level,
                source: .register(at: RegisterPlace(table: .input, address: place)),
                everyMilliseconds: milliseconds)
        }
        return meter
    }

    private func times(_ stage: borrowing FieldBusStage, _ place: Int) -> [Instant] {
        (stage.line.boxes[place] as? ModbusBox)?.askedAt ?? []
    }

    @Test func `keep the living's period and waste nothing on the dead`() {
        var stage = stage()
        // The first minutes are for finding out who is there.
        stage.run(for: .seconds(600))
        let start = stage.now
        let probed = Self.dead.map { stage.count("probingMilliseconds", of: $0) }
        stage.run(for: .seconds(3_600))
        var (worst, all) = (0.0, [Double]())
        for place in 0..<30 where !Self.dead.contains(place) {
            let seen = times(stage, place).filter { $0 >= start }
            let gaps = zip(seen, seen.dropFirst()).map { Double(($1 - $0).microseconds) / 2e6 }
            let mean = gaps.reduce(0, +) / Double(max(1, gaps.count))
            worst = max(worst, abs(mean - 1))
            all += gaps
        }
        all.sort()
        let p99 = all[all.count * 99 / 100]
        let wasted = zip(Self.dead, probed).reduce(0.0) { sum, dead in
            sum + Double(stage.count("probingMilliseconds", of: dead.0) - dead.1)
        }
        let share = wasted / 3_600_000
        let load = Double(stage.driver.exchange.counters.busy) / 4.2e12
        Figures.note(
            "field bus",
            "period off by \(worst * 100) % at worst in the mean, p99 of single "
                + "periods \(p99 * 100) % of the target; dead boxes \(share * 100) % of the line; "
                + "load \(load * 100) %")
        #expect(worst < 0.2)
        #expect(p99 < 1.2)
        #expect(share < 0.01)
        #expect(stage.line.collisions == 0)
        for place in Self.dead { #expect(stage.words(of: place) == ["offline silent"]) }
    }

    @Test func `do not keep an order waiting`() {
        var stage = stage()
        stage.run(for: .seconds(120))
        var chance = SplitMix64(seed: 77)
        var (waits, seen) = ([Int64](), [Int64]())
        for number in 1...600 {
            stage.run(for: chance.between(.milliseconds(900), .milliseconds(2_500)))
            let before = stage.line.sent.count
            let asked = stage.now
            let relay = ArgumentValue("relay", DecimalNumber(Int64(number % 8 + 1)))
            _ = stage.perform(0, [relay], by: Self.relays, number: UInt64(number))
            stage.run(for: .milliseconds(800))
            let out = stage.line.sent[before...].first {
                $0.bytes[0] == UInt8(Self.relays + 1) && $0.bytes[1] == 5
            }
            if let out { waits.append((out.at - asked).microseconds) }
            if let report = stage.reports.last, report.report.number == UInt64(number),
                report.report.outcome == .confirmed
            {
                seen.append((report.at - asked).microseconds)
            }
        }
        waits.sort()
        seen.sort()
        #expect(waits.count == 600)
        #expect(seen.count == 600)
        let (p99, last) = (waits[waits.count * 99 / 100], seen[seen.count * 99 / 100])
        Figures.note(
            "field bus",
            "order on the wire after \(waits[300]) us (median), \(p99) us (p99), "
                + "\(waits[599]) us (worst); confirmed after \(seen[300]) us (median), "
                + "\(last) us (p99)")
        #expect(p99 < 100_000)
        #expect(last < 300_000)
    }

    /// The same with a lock board among them, whose doors are seen to be open 300 ms after it was
    /// told: the board pushes them in between, whoever speaks.
    @Test func `do not keep a door that opens waiting to be seen, nor that door the others`() {
        let locks = 28
        let settings = (0..<30).map { place in
            switch place {
            case locks: Box.locks(place + 1, ways: 12, every: 24_000)
            case Self.relays: Box.relays(place + 1, every: 2_000)
            default: Self.simpleMeter(place + 1, every: 2_000)
            }
        }
        var stage = FieldBusStage(settings)
        for place in Self.dead { stage.line.boxes[place].isConnected = false }
        stage.run(for: .seconds(120))
        let (start, collisions) = (stage.now, stage.line.collisions)
        var chance = SplitMix64(seed: 77)
        var seen: [Int64] = []
        for number in 1...600 {
            stage.run(for: chance.between(.milliseconds(900), .milliseconds(2_500)))
            for way in 1...12 { (stage.line.boxes[locks] as? FrameBox)?["door.\(way)"] = 0x11 }
            let asked = stage.now
            let lock = ArgumentValue("lock", DecimalNumber(Int64(number % 12 + 1)))
            _ = stage.perform(0, [lock], by: locks, number: UInt64(number))
            stage.run(for: .milliseconds(1_500))
            if let report = stage.reports.last, report.report.number == UInt64(number),
                report.report.outcome == .confirmed
            {
                seen.append((report.at - asked).microseconds - 300_000)
            }
        }
        seen.sort()
        #expect(seen.count == 600)
        var worst = 0.0
        for place in 0..<30 where !Self.dead.contains(place) && place != locks {
            let times = times(stage, place).filter { $0 >= start }
            let gaps = zip(times, times.dropFirst()).map { Double(($1 - $0).microseconds) / 2e6 }
            worst = max(worst, abs(gaps.reduce(0, +) / Double(max(1, gaps.count)) - 1))
        }
        Figures.note(
            "field bus",
            "a door seen to be open \(seen[300]) us after settling (median), \(seen[594]) us "
                + "(p99), \(seen[599]) us (worst); periods of the others off by "
                + "\(worst * 100) % at worst in the mean; \(stage.line.collisions - collisions) "
                + "collisions")
        #expect(seen[594] <= 300_000)
        #expect(worst < 0.2)
    }
}

@Suite struct `Several orders at once on a line of thirty boxes` {
    /// 21 meters, four relay boards and five that are dead.
    private static let dead = [3, 9, 15, 21, 26]
    private static let relays = [7, 14, 28, 29]

    @Test func `reach the wire all the same`() {
        let settings = (0..<30).map { place in
            Self.relays.contains(place)
                ? Box.relays(place + 1, every: 2_000)
                : `Thirty boxes at 9600 baud, five of them dead`.simpleMeter(
                    place + 1, every: 2_000)
        }
        var stage = FieldBusStage(settings)
        for place in Self.dead { stage.line.boxes[place].isConnected = false }
        stage.run(for: .seconds(120))
        var chance = SplitMix64(seed: 78)
        var waits: [Int64] = []
        let bursts = 400
        for burst in 0..<bursts {
            stage.run(for: chance.between(.milliseconds(900), .milliseconds(2_500)))
            let before = stage.line.sent.count
            let asked = stage.now
            let told = Self.relays.indices.filter { $0 != burst % 4 }.map { Self.relays[$0] }
            for (place, box) in told.enumerated() {
                let relay = ArgumentValue("relay", DecimalNumber(Int64(burst % 8 + 1)))
                let refusal = stage.perform(
                    0, [relay], by: box, number: UInt64(burst * 3 + place + 1))
                #expect(refusal == nil)
            }
            stage.run(for: .milliseconds(800))
            for box in told {
                let out = stage.line.sent[before...].first {
                    $0.bytes[0] == UInt8(box + 1) && $0.bytes[1] == 5
                }
                if let out { waits.append((out.at - asked).microseconds) }
            }
        }
        waits.sort()
        #expect(waits.count == 3 * bursts)
        let p99 = waits[waits.count * 99 / 100]
        Figures.note(
            "field bus",
            "of three orders at once each is on the wire after \(waits[waits.count / 2]) us "
                + "(median), \(p99) us (p99), \(waits.last ?? 0) us (worst)")
        #expect(stage.reports.count == 3 * bursts)
        #expect(stage.reports.allSatisfy { $0.report.outcome == .confirmed })
        #expect(p99 < 100_000)
    }

    /// Boards wait for their doors while a meter is due: its question, which could have the line
    /// when they look, is held, and holds up nobody.
    @Test func `do not wait for a poll that waits for them`() {
        let boards = 4
        let settings =
            (0..<boards).map { Self.board($0 + 1) } + [
                `Thirty boxes at 9600 baud, five of them dead`.simpleMeter(9, every: 2_000)
            ]
        var stage = FieldBusStage(settings)
        stage.run(for: .seconds(20))
        var (waits, last) = ([Int64](), UInt64(0))
        // The meter is due at every place of what happens.
        for turn in 0..<120 {
            for board in 0..<boards {
                (stage.line.boxes[board] as? FrameBox)?["door.1"] = 0x11
            }
            let start = stage.now
            // Two, a third a little later, one once more when it is through, and one more.
            for (board, after) in [(0, 0), (1, 5), (2, 100), (0, 390), (3, 420)] {
                stage.run(until: max(stage.now, start + .milliseconds(Int64(after))))
                last += 1
                let (asked, before) = (stage.now, stage.line.sent.count)
                let lock = ArgumentValue("lock", .one)
                #expect(stage.perform(0, [lock], by: board, number: last) == nil)
                var ahead = stage.driver.nextDeadline.map { $0 > stage.now } ?? true
                let out = stage.run(atMost: .milliseconds(300)) { stage in
                    ahead = ahead && stage.driver.nextDeadline.map { $0 > stage.now } ?? true
                    return stage.line.sent[before...].contains {
                        $0.bytes[0] == 0x8A && $0.bytes[1] == UInt8(board + 1)
                    }
                }
                #expect(ahead, "the driver wants a turn that lies behind it")
                #expect(out != nil)
                // What a board is told once more waits for its look at what came before.
                if after != 390 {
                    waits.append(out.map { ($0 - asked).microseconds } ?? .max)
                }
            }
            stage.run(until: start + .milliseconds(Int64(3_000 + 17 * turn % 2_000)))
        }
        #expect(stage.line.collisions == 0)
        #expect(stage.reports.count == last)
        #expect(stage.reports.allSatisfy { $0.report.outcome == .confirmed })
        waits.sort()
        #expect(waits[waits.count * 99 / 100] < 100_000)
        #expect(waits.last ?? .max < 150_000)
    }

    /// A lock board that looks at a door 300 ms after it was told to open it, and says nothing by
    /// itself: nothing collides.
    private static func board(_ number: Int) -> BusDeviceSettings {
        var board = Box.locks(number, every: 60_000)
        board.actions[0].steps = [
            board.actions[0].steps[0], .wait(milliseconds: 300), .read(points: ["door.lock"]),
        ]
        guard case .frames(var language) = board.language else { return board }
        language.frames.removeAll { $0.role == .push }
        board.language = .frames(language)
        for place in board.points.indices {
            guard case .fields(let at) = board.points[place].source else { continue }
            board.points[place].source = .fields(at: at.filter { $0.frame != "push" })
        }
        return board
    }
}

@Suite struct `An order that looks for a minute` {
    @Test func `keeps nobody waiting for more than a fifth of the period`() {
        var locks = Box.locks(26, every: 24_000)
        let open = locks.actions[0].confirmed ?? Condition(all: [])
        locks.actions[0].steps = [
            locks.actions[0].steps[0], .until(open, atMostMilliseconds: 60_000),
        ]
        let settings =
            (0..<25).map {
                `Thirty boxes at 9600 baud, five of them dead`.simpleMeter($0 + 1, every: 2_000)
            } + [locks]
        var stage = FieldBusStage(settings)
        (stage.line.boxes[25] as? FrameBox)?.isStuck = true
        stage.run(for: .seconds(120))
        let start = stage.now
        #expect(stage.perform(0, [ArgumentValue("lock", .one)], by: 25) == nil)
        stage.run(for: .seconds(59))
        #expect(stage.reports.isEmpty)
        var (worst, longest) = (0.0, 0.0)
        for place in 0..<25 {
            let times = ((stage.line.boxes[place] as? ModbusBox)?.askedAt ?? []).filter {
                $0 >= start
            }
            let gaps = zip(times, times.dropFirst()).map { Double(($1 - $0).microseconds) / 2e6 }
            worst = max(worst, abs(gaps.reduce(0, +) / Double(max(1, gaps.count)) - 1))
            longest = max(longest, gaps.max() ?? .infinity)
        }
        Figures.note(
            "field bus",
            "while an order looks for a minute periods are off by \(worst * 100) % at worst in the "
                + "mean, the longest is \(longest * 100) %")
        #expect(worst < 0.2)
        #expect(longest < 1.2)
        stage.run(for: .seconds(5))
        #expect(stage.reports.map(\.report.outcome) == [.failed])
    }
}

@Suite struct `Noise on a line` {
    @Test func `costs turns, not boxes, and no value is ever wrong`() {
        let settings = (0..<8).map { place in Box.relays(place + 1) }
        var stage = FieldBusStage(settings)
        for box in stage.line.boxes { (box as? ModbusBox)?[.coil, 3] = 1 }
        stage.line.noisePerMille = 50
        stage.run(for: .seconds(1_800))
        for place in 0..<8 {
            #expect(stage.words(of: place) == ["online"])
            #expect(stage.value("relay.4", of: place) == "1")
            #expect(stage.count("requests", of: place) > 1_700)
        }
        #expect(
            stage.changes.allSatisfy { change in
                change.change.reading.value == DecimalNumber(change.change.point == 3 ? 1 : 0)
            })
        #expect(stage.line.collisions == 0)
    }
}

@Suite struct `Two hundred points at one hertz` {
    @Test func `leave the processor alone`() throws {
        // Twenty boxes of ten points on four lines, read once a second: an hour of that.
        let stages: [FieldBusWork] = (0..<4).map { FieldBusWork(seed: $0) }
        let start = ProcessorTime.now
        for place in stages.indices { stages[place].run(seconds: 3_600) }
        let spent = ProcessorTime.now - start
        let readings = stages.reduce(0) { $0 + $1.readings }
        Figures.note(
            "field bus",
            "an hour of 200 points at 1 Hz with their simulated boxes: "
                + "\(spent / 1_000_000) ms of processor time, \(readings) readings")
        #expect(readings > 3_500 * 200)
        // A hundredth of a core, in a build that is not optimised and with the boxes in it: ten.
        #expect(spent < 360_000_000_000)
    }
}

/// One line with five meters of ten points each, and what reads them.
final class FieldBusWork {
    private var stage: FieldBusStage
    var readings: Int { stage.readings }

    init(seed: Int) {
        stage = FieldBusStage(
            (1...5).map {
                `Thirty boxes at 9600 baud, five of them dead`.simpleMeter($0, every: 1_000)
            })
        stage.keepsChanges = false
    }

    func run(seconds: Int64) { stage.run(for: .seconds(seconds)) }
}
