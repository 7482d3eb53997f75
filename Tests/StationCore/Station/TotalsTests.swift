// Totals through a station's lives: whatever is cut, no more is lost than may be, nothing twice.

import EventLoop
import Testing

@testable import StationCore

/// A meter's station that loses its power again and again, with a medium that takes its time.
private struct Lives {
    static let resolved: ResolvedStation = {
        let tap = BoardDeviceSettings(
            lines: [
                BoardLine(
                    name: "flow", direction: .input, minimumGapMicroseconds: 1_000,
                    isSingleEdge: true)
            ],
            points: [
                PointSettings(
                    name: "volume", kind: .total, unit: "L", source: .pulses(terminal: 0))
            ])
        return ResolvedStation(
            station: StationIdentity(
                id: "tap", nameChinese: "水", nameEnglish: "Tap", phone: "",
                utcOffsetMinutes: 480),
            lines: [
                ResolvedLine(
                    chip: "c", line: "0", direction: .input, activeLow: false, bias: .asIs,
                    edges: .rising, debounceMicroseconds: 0, safe: false, request: 0, device: 0,
                    terminal: 0)
            ],
            devices: [
                ResolvedDevice(
                    name: "tap", profile: "tap", labelChinese: "", labelEnglish: "",
                    driver: .boardDevice(tap))
            ], doors: [], journal: JournalSettings(), policy: StationPolicy())
    }()

    var random: Xorshift
    var now = Instant(nanoseconds: 1_000_000_000)
    /// Pulses that went by, whoever counted them.
    var passed = 0
    /// What the medium has, and since when.
    var kept: [KeptTotal]? = []
    /// What every life said, in order.
    var said: [(value: Int, quality: PointReading.Quality)] = []

    /// One life: pulses at up to 225 a second, saves that take up to 400 ms, and a cut.
    ///
    /// - Returns: the pulses of the last second before the cut.
    mutating func live(pulses count: Int) -> Int {
        var station = Station(Self.resolved)
        station.attached(DeviceID(0), at: now)
        station.recalled(totals: kept, at: now)
        station.started(at: now)
        var due: Instant?
        var saving: (done: Instant, totals: [KeptTotal])?
        var times: [Instant] = []
        for _ in 0..<count {
            let gap = Interval.milliseconds(Int64(random.below(20) == 0 ? 3_000 : 5))
            let next = now + gap
            // What the world does until then.
            while true {
                let save = saving?.done ?? .distantFuture
                let wanted = saving == nil ? due ?? .distantFuture : .distantFuture
                guard min(save, wanted) <= next else { break }
                now = max(now, min(save, wanted))
                if let done = saving, done.done <= now {
                    kept = done.totals
                    saving = nil
                } else {
                    due = nil
                    saving = (
                        now + .milliseconds(Int64(random.below(400))), station.keptTotals
                    )
                    station.tookTotals()
                }
            }
            now = next
            station.edge(LineID(0), isActive: true, at: now)
            passed += 1
            times.append(now)
            if let wish = station.takeTotalsDue() { due = Instant.earlier(due, wish) }
            if let reading = station.pointReadings(of: 0).first, let value = reading.value {
                said.append((Int(value.mantissa), reading.quality))
            }
        }
        return times.count { $0 > now + .milliseconds(-1_000) }
    }
}

@Suite struct `A meter through power cuts` {
    @Test(arguments: 1...40)
    func `loses at most a second's pulses a cut, never runs back, never counts twice`(
        seed: UInt64
    ) {
        var lives = Lives(random: Xorshift(seed: seed))
        var lost = 0
        var total = 0
        for life in 0..<6 {
            let count = lives.random.below(600) + 1
            let hadKept = lives.kept?.isEmpty == false
            let first = lives.said.count
            let atRisk = lives.live(pulses: count)
            let gained =
                (lives.said.last?.value ?? 0)
                - (lives.kept?.first?.count.sum.whole.map {
                    Int($0)
                } ?? 0)
            // What the medium lacks is what the next life starts without.
            lost += gained
            #expect(gained >= 0 && gained <= atRisk, "seed \(seed), life \(life)")
            total = lives.said.last?.value ?? 0
            #expect(total <= lives.passed)
            let values = lives.said[first...].map(\.value)
            #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
            #expect(values.last.map { $0 - (values.first ?? 0) + 1 } == count)
            if hadKept {
                #expect(lives.said.last?.quality == .estimated)
            }
            // The darkness lasts.
            lives.now = lives.now + .seconds(Int64(lives.random.below(100)))
        }
        #expect(total >= lives.passed - lost)
    }

    @Test func `of another unit is another total`() {
        var station = Station(Lives.resolved)
        let now = Instant(nanoseconds: 1)
        station.attached(DeviceID(0), at: now)
        let count = TotalCount(base: DecimalNumber(7))
        station.recalled(
            totals: [
                KeptTotal(device: "tap", point: "volume", unit: "W.h", count: count),
                KeptTotal(device: "gone", point: "volume", unit: "L", count: count),
            ], at: now)
        #expect(station.pointReadings(of: 0).first?.value == .zero)
        #expect(station.pointReadings(of: 0).first?.quality == .good)
    }

    @Test func `that is read otherwise now goes on from its sum, told and as an estimate`() throws {
        /// A meter on a bus, whose register counts so many watt-hours.
        func resolved(_ step: Int64, address: Int = 1) -> ResolvedStation {
            let box = BusDeviceSettings(
                bus: 0, address: address, language: .modbus(ModbusSettings()),
                points: [
                    PointSettings(
                        name: "energy", kind: .total, unit: "W.h",
                        source: .register(at: RegisterPlace(table: .input, address: 0)),
                        scale: DecimalNumber(step), everyMilliseconds: 1_000)
                ])
            return ResolvedStation(
                station: Lives.resolved.station, lines: [],
                devices: [
                    ResolvedDevice(
                        name: "line", profile: "rs485-bus", labelChinese: "", labelEnglish: "",
                        driver: .fieldBus(FieldBusSettings())),
                    ResolvedDevice(
                        name: "meter", profile: "meter", labelChinese: "", labelEnglish: "",
                        driver: .busDevice(box)),
                ], doors: [], journal: JournalSettings(), policy: StationPolicy())
        }
        let kept = KeptTotal(
            device: "meter", point: "energy", unit: "W.h",
            origin: resolved(10).devices[1].driver.shownPoints[0]
                .origin(profile: "meter", address: 1),
            count: TotalCount(base: DecimalNumber(5), last: DecimalNumber(10_000)))
        /// What the next run tells of it before the meter has answered.
        func next(_ station: ResolvedStation, _ kept: KeptTotal) throws -> TotalCount {
            var station = Station(station)
            station.recalled(totals: [kept], at: Instant(nanoseconds: 1))
            return try #require(station.keptTotals.first).count
        }
        #expect(try next(resolved(10), kept) == kept.count)
        let joined = TotalCount(base: DecimalNumber(10_005))
        #expect(try next(resolved(1), kept) == joined)
        #expect(try next(resolved(10, address: 2), kept) == joined)
        // What was kept before that was known is what it was.
        var old = kept
        old.origin = nil
        #expect(try next(resolved(1), old) == kept.count)

        // Whatever the other count says first, the sum goes on from there.
        let point = resolved(1).devices[1].driver.shownPoints[0]
        for first in [DecimalNumber(70_000), .zero, DecimalNumber(1_000)] {
            var total = BusTotal(point)
            total.restore(joined, joins: true)
            #expect(total.isBegun)
            #expect(total.take(first) == .reset(DecimalNumber(10_005)))
            let more = try #require(first.adding(DecimalNumber(20)))
            #expect(total.take(more) == .sum(DecimalNumber(10_025)))
        }
    }

    @Test func `whose snapshot is lost has no value, and then one that is told as begun anew`() {
        var station = Station(Lives.resolved)
        let now = Instant(nanoseconds: 1)
        station.attached(DeviceID(0), at: now)
        station.recalled(totals: nil, at: now)
        station.started(at: now)
        #expect(station.pointReadings(of: 0).first?.value == nil)
        station.edge(LineID(0), isActive: true, at: now + .milliseconds(5))
        #expect(station.pointReadings(of: 0).first?.value == .one)
        #expect(station.pointReadings(of: 0).first?.quality == .estimated)
        var resets = 0
        for place in 0..<station.outbox.count {
            if case .totalReset = station.outbox[place].event { resets += 1 }
        }
        #expect(resets == 1)
    }
}
