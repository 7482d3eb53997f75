// Thirty boxes at 9600 baud, five of them dead; and what two hundred points at 1 Hz cost a line.

import EventLoop
import Glibc
import Simulation
import StationCore

enum LineFigures {
    private static let dead = [3, 9, 15, 21, 27]
    private static let locks = 28
    private static let relays = 29
    /// What the lock board's profile waits before it asks whether the door is open.
    private static let settleMilliseconds = 300.0

    static func run() {
        periods()
        relayOrders()
        unlocks()
        processor()
    }

    /// Ten registers in one read.
    static func meter(_ unit: Int, every milliseconds: Int) -> BusDeviceSettings {
        BusDeviceSettings(
            bus: 0, address: unit, language: .modbus(ModbusSettings()),
            timing: BusTiming(timeoutMilliseconds: 300),
            points: (0..<10).map { place in
                PointSettings(
                    name: "r\(place)", kind: .level,
                    source: .register(at: RegisterPlace(table: .input, address: place)),
                    everyMilliseconds: milliseconds)
            })
    }

    private static func line() -> VirtualLine {
        let settings = (0..<30).map { place in
            switch place {
            case locks: SampleBox.locks(place + 1, ways: 12, every: 24_000)
            case relays: SampleBox.relays(place + 1, every: 2_000)
            default: meter(place + 1, every: 2_000)
            }
        }
        let line = VirtualLine(settings)
        for place in dead { line.bus.boxes[place].isConnected = false }
        return line
    }

    private static func periods() {
        let line = line()
        line.run(for: .seconds(600))
        let start = line.now
        let probed = dead.reduce(0) { $0 + line.count("probingMilliseconds", of: $1) }
        line.run(for: .seconds(3_600))
        var worst = 0.0
        for place in 0..<30 where !dead.contains(place) && place != locks {
            let asked = (line.bus.boxes[place] as? ModbusBox)?.askedAt ?? []
            let seen = asked.filter { $0 >= start }
            guard seen.count > 1 else { exit(1) }
            let mean = Double((seen[seen.count - 1] - seen[0]).milliseconds) / 1e3
            worst = max(worst, abs(mean / Double(seen.count - 1) / 2 - 1))
        }
        let wasted = dead.reduce(0) { $0 + line.count("probingMilliseconds", of: $1) } - probed
        tell("bus_period_off_percent", worst * 100)
        tell("bus_dead_share_percent", Double(wasted) / 36_000)
    }

    /// Orders to a relay board, which is read back at once.
    private static func relayOrders() {
        let times = times(of: relays, argument: "relay", ways: 8, within: 800) {
            $0[0] == UInt8(relays + 1) && $0[1] == 5
        }
        tell("bus_order_ms_p99", times.wire[594])
        tell("bus_order_ms_worst", times.wire[599])
        tell("bus_confirmed_ms_p99", times.seen[594])
    }

    /// Orders to a lock board: the coil's pulse, the settle time, and whether the door is open.
    private static func unlocks() {
        let times = times(of: locks, argument: "lock", ways: 12, within: 1_500) {
            $0[0] == 0x8A && $0[1] == UInt8(locks + 1)
        }
        tell("bus_unlock_ms_p99", times.wire[594])
        tell("bus_unlock_ms_worst", times.wire[599])
        tell("bus_unlocked_after_settling_ms_p99", times.seen[594] - settleMilliseconds)
    }

    /// Six hundred orders at odd times: when each was on the wire, and when it was confirmed.
    private static func times(
        of board: Int, argument: String, ways: Int, within milliseconds: Int64,
        _ isOrder: ([UInt8]) -> Bool
    ) -> (wire: [Double], seen: [Double]) {
        let line = line()
        line.run(for: .seconds(120))
        var chance = SplitMix64(seed: 77)
        var (waits, seen) = ([Double](), [Double]())
        for number in 1...600 {
            line.run(for: .milliseconds(Int64(900 + chance.below(1_600))))
            // Whoever was let in has closed the door again.
            if let doors = line.bus.boxes[board] as? FrameBox {
                for way in 1...ways { doors["door.\(way)"] = 0x11 }
            }
            let (before, asked) = (line.bus.sent.count, line.now)
            line.perform(UInt64(number), argument, number % ways + 1, by: board)
            line.run(for: .milliseconds(milliseconds))
            if let out = line.bus.sent[before...].first(where: { isOrder($0.bytes) }) {
                waits.append(Double((out.at - asked).microseconds) / 1e3)
            }
            if let last = line.reports.last, last.report.number == UInt64(number),
                last.report.outcome == .confirmed
            {
                seen.append(Double((last.at - asked).microseconds) / 1e3)
            }
        }
        guard waits.count == 600, seen.count == 600 else { exit(1) }
        return (waits.sorted(), seen.sorted())
    }

    /// Twenty boxes of ten points on four lines, an hour of it, with the boxes' own time.
    private static func processor() {
        let lines = (0..<4).map { _ in VirtualLine((1...5).map { meter($0, every: 1_000) }) }
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        let start = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        for line in lines { line.run(for: .seconds(3_600)) }
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        let spent = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9 - start
        guard lines.reduce(0, { $0 + $1.readings }) > 3_500 * 200 else { exit(1) }
        tell("bus_200_points_core_percent", spent / 36)
    }
}

/// A field bus's driver and its boxes, with nothing between them.
final class VirtualLine {
    let bus: VirtualFieldBus
    private(set) var now = Instant(nanoseconds: 1_000_000_000)
    private(set) var reports: [(at: Instant, report: ActionReport)] = []
    private(set) var readings = 0
    private var driver: FieldBusDriver
    private var outputs = DriverOutputs()

    init(_ boxes: [BusDeviceSettings]) {
        driver = FieldBusDriver(
            FieldBusSettings(), baud: 9_600, bitsPerCharacter: 10,
            members: boxes.enumerated().map { (DeviceID($0 + 1), $1) })
        bus = VirtualFieldBus(boxes.map { FieldBusTwin.box($0) }, baud: 9_600)
        _ = bus.opened(at: now)
        driver.handle(.attached, at: now, into: &outputs)
        drain()
    }

    func run(for interval: Interval) {
        let end = now + interval
        while let next = Instant.earlier(bus.nextDeadline, driver.nextDeadline), next <= end {
            now = max(now, next)
            while let said = bus.says(by: now) {
                _ = driver.receive(said.bytes.span.bytes, on: .data, at: now, into: &outputs)
                drain()
            }
            if let due = driver.nextDeadline, due <= now {
                driver.handle(.deadline, at: now, into: &outputs)
                drain()
            }
        }
        now = end
    }

    func perform(_ number: UInt64, _ argument: String, _ value: Int, by place: Int) {
        let order = ActionOrder(
            number: number, action: 0,
            arguments: [ArgumentValue(argument, DecimalNumber(Int64(value)))])
        _ = driver.perform(order, by: DeviceID(place + 1), at: now, into: &outputs)
        drain()
    }

    func count(_ name: String, of place: Int) -> UInt64 {
        driver.counts(of: DeviceID(place + 1)).first { "\($0.name)" == name }?.value ?? 0
    }

    private func drain() {
        while let answer = outputs.popAnswer() {
            switch answer.output {
            case .write: if let packet = outputs.popPacket() { bus.written(packet, at: now) }
            case .pointsRead: while driver.takePointChange() != nil { readings += 1 }
            case .actionEnded:
                while let report = driver.takeActionReport() { reports.append((now, report)) }
            case .wantsRandom:
                driver.receive(random: RandomBytes(repeating: 7), at: now, into: &outputs)
            default: break
            }
        }
    }
}
