// What guards cost a station: two hundred points at 1 Hz, with twenty guards that look at them and
// without.

import EventLoop
import Glibc
import Simulation
import StationCore

enum GuardFigures {
    private static let lines = 4
    private static let boxes = 20
    private static let seconds: Int64 = 3_600

    static func run() {
        let without = hour(guarded: 0)
        let with = hour(guarded: boxes)
        let all = hour(guarded: boxes, termsEach: ResolvedStation.Limit.comparisons)
        tell("station_200_points_core_percent", without)
        tell("station_200_points_20_guards_core_percent", with)
        tell("station_200_points_20_guards_of_eight_core_percent", all)
    }

    /// An hour of the whole station with its boxes' own time.
    private static func hour(guarded: Int, termsEach: Int = 2) -> Double {
        let gate = GuardedStation(resolved(guarded: guarded, termsEach: termsEach))
        gate.run(for: .seconds(30))
        let start = processorTime
        let before = gate.entries
        gate.run(for: .seconds(seconds))
        let spent = processorTime - start
        // Nothing trips, and nothing is worth an entry: what is measured is looking.
        guard gate.entries == before, gate.isRead else { exit(1) }
        return spent / Double(seconds) * 100
    }

    static var processorTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Five boxes of ten points on each of four lines. A guard looks at points of its own box, of
    /// which the first ones matter, and would trip after five seconds, or thirty of silence.
    private static func resolved(guarded: Int, termsEach: Int) -> ResolvedStation {
        func device(_ name: String, _ driver: DriverSettings) -> ResolvedDevice {
            ResolvedDevice(
                name: name, profile: "bench", labelChinese: "", labelEnglish: "", driver: driver)
        }
        let all = (0..<boxes).map { place in
            var box = LineFigures.meter(place / lines + 1, every: 1_000)
            box.bus = place % lines
            if place < guarded {
                box.guards = [
                    GuardSettings(
                        name: "too_much",
                        when: Condition(
                            all: (0..<termsEach).map {
                                Comparison(
                                    point: "r\($0)", relation: .greater,
                                    value: Expression(plus: DecimalNumber(60_000)))
                            }), forMilliseconds: 5_000, silentMilliseconds: 30_000)
                ]
            }
            return device("box-\(place + 1)", .busDevice(box))
        }
        return ResolvedStation(
            station: StationIdentity(
                id: "bench", nameChinese: "测试", nameEnglish: "Bench", phone: "",
                utcOffsetMinutes: 480),
            lines: [],
            devices: (0..<lines).map { device("line-\($0 + 1)", .fieldBus(FieldBusSettings())) }
                + all,
            channels: (0..<lines).map { line in
                ResolvedChannel(
                    port: "line-\(line + 1)",
                    link: .serial(SerialLink(path: "/dev/ttyS\(line)", baud: 9_600)), device: line)
            }, doors: [], journal: JournalSettings(), policy: StationPolicy())
    }
}

/// A station and its boxes in virtual time, with a journal that answers at once.
final class GuardedStation {
    private(set) var entries = 0
    private var station: Station
    private var channels: VirtualChannels
    private let devices: Range<Int>
    let lines: [FieldBusTwin]
    private var now = Instant(nanoseconds: 1_000_000_000)

    init(_ resolved: ResolvedStation) {
        do { station = Station(try resolved.validated()) } catch {
            print("the bench's own station is refused: \(error)")
            exit(1)
        }
        devices = resolved.channels.count..<resolved.devices.count
        lines = resolved.channels.map {
            FieldBusTwin(
                $0.device, of: resolved, baud: 9_600, bits: 10, chance: SplitMix64(seed: 4))
        }
        channels = VirtualChannels(lines)
        station.started(at: now)
        settle()
        channels.openAll(into: &station, at: now)
        settle()
    }

    /// Whether every point says something good.
    var isRead: Bool {
        devices.allSatisfy { place in
            station.pointReadings(of: place).allSatisfy { $0.quality == .good }
        }
    }

    var isGuardStanding: Bool { station.guardStates.contains { $0.since != nil } }

    func run(for interval: Interval) {
        let end = now + interval
        while let due = Instant.earlier(station.nextDeadline, channels.nextDeadline), due <= end {
            now = max(now, due)
            channels.expire(into: &station, at: now)
            station.expire(at: now)
            settle()
        }
        now = end
    }

    private func settle() {
        repeat {
            _ = station.pump(steps: 1_000, at: now)
            while station.takeSetting() != nil {}
            while let (channel, order) = station.takeOrder() {
                channels.carryOut(order, on: channel, into: &station, at: now)
            }
            if station.takeTotalsDue() != nil { station.tookTotals() }
            while let device = station.takeRandomRequest() {
                station.supplied(random: RandomBytes(repeating: 7), to: device, at: now)
            }
            let count = station.outbox.count
            guard count > 0 else { continue }
            let last = station.outbox[count - 1].ticket
            entries += count
            station.handedOver(count)
            station.answered(.committed(upTo: last, lastSequence: UInt64(entries)), at: now)
        } while station.hasWork || station.hasRequests
    }
}
