// Totals on a real medium: in a file of their own, on a thread of their own, through lost files.

import CLinux
import EventLoop
import Glibc
import StationCore
import Testing

@testable import Journal
@testable import Ports

/// What a snapshot of the seventh version had not: boxes, uses and doors, quotas, commands and a
/// notice, when there is nothing in them.
private let emptyParts = 20 + 18 + 8

/// A directory whose medium takes a file's parts in their place no more.
private final class WornDirectory: StateDirectory {
    private let disk: DiskDirectory
    /// How many writings of totals fail before one is taken.
    private let failures: Mailbox<Bool>

    init(_ disk: DiskDirectory, failures count: Int) {
        self.disk = disk
        failures = Mailbox(capacity: count)
        for _ in 0..<count { _ = failures.post(true) }
    }

    private func wear(_ name: String) throws(JournalError) {
        guard name == TotalsFile.name else { return }
        var isWorn = false
        _ = failures.drain(limit: 1) { _ in isWorn = true }
        if isWorn { throw JournalError(.inputOutput, "a bad block") }
    }

    func path(of name: String) -> String { disk.path(of: name) }
    func size(of name: String) -> Int? { disk.size(of: name) }
    func rename(_ name: String, to newName: String) throws(JournalError) {
        try disk.rename(name, to: newName)
    }
    func sync() throws(JournalError) { try disk.sync() }
    func read(_ name: String, limit: Int) throws(JournalError) -> [UInt8]? {
        try disk.read(name, limit: limit)
    }
    func replace(_ name: String, with parts: [ArraySlice<UInt8>]) throws(JournalError) {
        try wear(name)
        try disk.replace(name, with: parts)
    }
    func overwrite(
        _ name: String, at offset: Int, with bytes: ArraySlice<UInt8>
    ) throws(JournalError) {
        try wear(name)
        try disk.overwrite(name, at: offset, with: bytes)
    }
}

/// A station with one flow meter, without ports.
private final class TapRun {
    static let resolved = ResolvedStation(
        station: StationIdentity(
            id: "tap", nameChinese: "水", nameEnglish: "Tap", phone: "", utcOffsetMinutes: 480),
        lines: [
            ResolvedLine(
                chip: "c", line: "0", direction: .input, activeLow: false, bias: .asIs,
                edges: .rising, debounceMicroseconds: 0, safe: false, request: 0, device: 0,
                terminal: 0)
        ],
        devices: [
            ResolvedDevice(
                name: "tap", profile: "tap", labelChinese: "", labelEnglish: "",
                driver: .boardDevice(
                    BoardDeviceSettings(
                        lines: [
                            BoardLine(
                                name: "flow", direction: .input, minimumGapMicroseconds: 1_000,
                                isSingleEdge: true)
                        ],
                        points: [
                            PointSettings(
                                name: "volume", kind: .total, unit: "L",
                                source: .pulses(terminal: 0))
                        ])))
        ], doors: [], journal: JournalSettings(), policy: StationPolicy())

    let backstage: Backstage
    var station: Station
    private(set) var now = Instant(nanoseconds: station_clock_monotonic())

    init(_ directory: any StateDirectory) throws {
        let memory = Memory(directory, Self.resolved)
        backstage = try Backstage.make(
            Self.resolved, memory: memory, directory: directory, isSimulated: true, now: now)
        var station = Station(Self.resolved)
        station.attached(DeviceID(0), at: now)
        _ = memory.teach(&station, from: directory, at: now)
        station.started(at: now)
        self.station = station
    }

    /// What the meter says: its count and quality.
    var says: String {
        let reading = station.pointReadings(of: 0)[0]
        return "\(reading.value?.description ?? "-") \(reading.quality)"
    }
    var faults: [Fault] { station.faults.map(\.fault) }

    func flow(_ pulses: Int) {
        for _ in 0..<pulses {
            now = now + .milliseconds(5)
            station.edge(LineID(0), isActive: true, at: now)
        }
        _ = station.pump(steps: 1_000, at: now)
        if let due = station.takeTotalsDue() { backstage.keepTotals(by: due) }
    }

    /// Lets time pass, and hears what came meanwhile.
    func pass(_ time: Interval) {
        now = now + time
        turn()
    }

    private func turn() {
        _ = backstage.takePosts(limit: 64, into: &station, at: now) { _, _ in }
        _ = station.pump(steps: 1_000, at: now)
        backstage.handOver(from: &station)
        backstage.expire(into: &station, at: now)
    }

    /// Goes on until `isDone`, at most as long as nothing comes for ten seconds.
    func go(until isDone: (TapRun) -> Bool) -> Bool {
        turn()
        while !isDone(self) {
            var door = pollfd(
                fd: backstage.desk.posts.descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&door, 1, 10_000) == 1 else { return false }
            turn()
        }
        return true
    }

    /// Counts, and waits until it is kept.
    func keep(_ pulses: Int) -> Bool {
        flow(pulses)
        pass(.milliseconds(600))
        return go { $0.backstage.totals.writingSince == nil && $0.backstage.totals.isApart }
    }

    func leave() { _ = backstage.leave(station) }
}

@Suite struct `Totals that are kept` {
    private let folder: StateFolder

    init() throws { folder = try StateFolder() }

    private var kept: TotalsFile.Found { TotalsFile.open(in: folder.disk).1 }

    /// The count that the file has, if it is sound.
    private var count: Int64? {
        guard case .kept(let totals) = kept else { return nil }
        return totals.first?.count.sum.whole
    }

    @Test func `go on where they were, by the book and without`() throws {
        let first = try TapRun(folder.disk)
        #expect(first.says == "0 good")
        #expect(first.keep(7))
        #expect(count == 7)
        first.flow(3)
        first.leave()
        #expect(count == 10)
        // A run that is killed: what it counted after the last writing is lost.
        let second = try TapRun(folder.disk)
        #expect(second.says == "10 estimated")
        #expect(second.keep(5))
        second.flow(2)
        let bytes = try #require(try folder.disk.read(TotalsFile.name, limit: 1 << 20))
        second.leave()
        try folder.put(TotalsFile.name, bytes)
        #expect(try TapRun(folder.disk).says == "15 estimated")
    }

    @Test func `never make an entry wait for their medium`() throws {
        let hanging = HangingDirectory(folder.disk, at: TotalsFile.name)
        let run = try TapRun(hanging)
        run.flow(1)
        run.pass(.milliseconds(600))
        hanging.wait()
        // The medium holds the totals; the journal goes on, and so does the snapshot.
        #expect(run.go { $0.backstage.applied != nil })
        let before = run.backstage.applied
        run.station.suffers(.clerkStuck, true, at: run.now)
        #expect(run.go { $0.backstage.applied != before })
        run.backstage.saveSnapshot(of: &run.station, at: run.now)
        #expect(run.go { _ in (try? StateSnapshot.read(in: folder.disk)) ?? nil != nil })
        hanging.go()
        #expect(run.go { $0.backstage.totals.writingSince == nil })
        #expect(count == 1)
        run.station.suffers(.clerkStuck, false, at: run.now)
        hanging.go()
        run.leave()
    }

    @Test func `are not waited for at the end, and a medium that hangs is a fault`() throws {
        let hanging = HangingDirectory(folder.disk, at: TotalsFile.name)
        let run = try TapRun(hanging)
        run.flow(1)
        run.pass(.milliseconds(600))
        hanging.wait()
        run.flow(1)
        // One after the other, however much is counted meanwhile.
        run.pass(.milliseconds(9_000))
        #expect(run.faults == [])
        run.pass(.milliseconds(2_000))
        #expect(run.faults == [.snapshotFailed])
        #expect(run.backstage.nextDeadline > run.now, "the loop would spin")
        run.leave()
        // Nothing says that they are in a file that was never written.
        guard case .here(let totals)? = try StateSnapshot.read(in: folder.disk)?.totals else {
            Issue.record("the snapshot has no totals")
            return
        }
        #expect(totals.first?.count.sum == DecimalNumber(2))
        for _ in 0..<3 { hanging.go() }
    }

    @Test func `recover when the medium does`() throws {
        let hanging = HangingDirectory(folder.disk, at: TotalsFile.name)
        let run = try TapRun(hanging)
        run.flow(1)
        run.pass(.milliseconds(600))
        hanging.wait()
        run.pass(.milliseconds(11_000))
        #expect(run.faults == [.snapshotFailed])
        for _ in 0..<3 { hanging.go() }
        #expect(run.go { $0.faults.isEmpty })
        run.leave()
        #expect(count == 1)
    }

    @Test func `were in the snapshot before, and stay there until their file has them`() throws {
        let total = KeptTotal(
            device: "tap", point: "volume", unit: "L",
            count: TotalCount(base: DecimalNumber(400), last: DecimalNumber(50)))
        let now = StateSnapshot(
            last: nil, wallAnchor: Release.built, doors: [], totals: .here([total]))
        // The seventh version knew of no origins, and of nothing after them.
        var bytes = now.encoded().dropLast(emptyParts)
        let origin = bytes.count - 2 - 18 - 8
        bytes.removeSubrange(origin..<origin + 8)
        try StateFile(name: StateSnapshot.file.name, kind: .snapshot, version: 7, limit: 1_000)
            .write(bytes[...], in: folder.disk)

        let run = try TapRun(folder.disk)
        #expect(run.says == "450 estimated")
        run.backstage.saveSnapshot(of: &run.station, at: run.now)
        #expect(run.go { $0.backstage.applied != nil })
        let between = try #require(try StateSnapshot.read(in: folder.disk))
        let totals: [KeptTotal]
        switch between.totals {
        case .here(let found), .before(let found): totals = found
        case .apart, .unknown: totals = []
        }
        #expect(totals.map(\.count.sum) == [DecimalNumber(450)], "they were in neither file")
        #expect(run.keep(5))
        #expect(count == 455)
        run.leave()
        #expect(try StateSnapshot.read(in: folder.disk)?.totals == .apart)
        #expect(try TapRun(folder.disk).says == "455 estimated")
    }

    @Test func `are tried once more at the end, in another place of the medium`() throws {
        let first = try TapRun(folder.disk)
        #expect(first.keep(4))
        first.leave()
        let second = try TapRun(WornDirectory(folder.disk, failures: 1))
        second.flow(3)
        second.leave()
        #expect(count == 7)
        #expect(try StateSnapshot.read(in: folder.disk)?.totals == .apart)
    }

    @Test func `that their file does not take at the end are in the snapshot, and count`() throws {
        let first = try TapRun(folder.disk)
        #expect(first.keep(4))
        first.leave()
        let second = try TapRun(WornDirectory(folder.disk, failures: 2))
        second.flow(3)
        second.leave()
        #expect(count == 4)
        let third = try TapRun(folder.disk)
        #expect(third.says == "7 estimated")
        #expect(third.keep(1))
        third.leave()
        #expect(count == 8)
        #expect(try StateSnapshot.read(in: folder.disk)?.totals == .apart)
    }

    @Test func `of a version that went back for a while are added, and told`() throws {
        let first = try TapRun(folder.disk)
        #expect(first.keep(9))
        first.leave()
        // The older one set the snapshot aside, began anew, and knew no file of totals.
        let known = try #require(try StateSnapshot.read(in: folder.disk))
        let last = known.last.map { Cursor(store: $0.store, sequence: $0.sequence + 20) }
        var bytes = StateSnapshot(
            last: last, wallAnchor: known.wallAnchor, doors: [],
            totals: .here([
                KeptTotal(
                    device: "tap", point: "volume", unit: "L",
                    count: TotalCount(last: DecimalNumber(5)))
            ])
        ).encoded().dropLast(emptyParts)
        let origin = bytes.count - 2 - 18 - 8
        bytes.removeSubrange(origin..<origin + 8)
        try StateFile(name: StateSnapshot.file.name, kind: .snapshot, version: 7, limit: 1_000)
            .write(bytes[...], in: folder.disk)
        let next = try TapRun(folder.disk)
        #expect(next.says == "14 estimated")
        let told = (0..<next.station.outbox.count).contains { place in
            if case .totalReset = next.station.outbox[place].event { true } else { false }
        }
        #expect(told)
        #expect(next.keep(1))
        next.leave()
        #expect(count == 15)
        // Once.
        #expect(try TapRun(folder.disk).says == "15 estimated")
    }

    @Test func `outlive a snapshot that is lost`() throws {
        let run = try TapRun(folder.disk)
        #expect(run.keep(9))
        run.leave()
        try folder.damage(StateSnapshot.file.name)
        #expect(try TapRun(folder.disk).says == "9 estimated")
    }

    @Test func `with both halves damaged are unknown, and never a 0 that is good`() throws {
        let run = try TapRun(folder.disk)
        #expect(run.keep(9))
        run.leave()
        var bytes = try #require(try folder.disk.read(TotalsFile.name, limit: 1 << 20))
        for half in [0, bytes.count / 2] { bytes[half + 66] ^= 1 }
        try folder.put(TotalsFile.name, bytes)
        let next = try TapRun(folder.disk)
        #expect(next.says == "- unread")
        next.leave()
        #expect(folder.names.contains(TotalsFile.name + ".corrupt-1"))
        // As little is known in the run after, until something was counted.
        let last = try TapRun(folder.disk)
        #expect(last.says == "- unread")
        last.flow(1)
        #expect(last.says == "1 estimated")
        let told = (0..<last.station.outbox.count).contains { place in
            if case .totalReset = last.station.outbox[place].event { true } else { false }
        }
        #expect(told)
        last.leave()
    }
}
