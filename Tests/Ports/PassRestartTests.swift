// Used day passes through kills and starts: scanned at a real station core, with a real journal.

import CLinux
import Control
import EventLoop
import Glibc
import Journal
import StationCore
import Testing

@testable import Ports

/// One run of a station with a code scanner: the daemon's order, without ports. Its clock goes on
/// faster than the real one.
private final class ScannerRun {
    let backstage: Backstage
    private(set) var station: Station
    private let folder: StateFolder
    private var ahead = Interval.zero
    /// What was handed over, in order.
    private(set) var events: [Event] = []

    private var now: Instant { Instant(nanoseconds: station_clock_monotonic()) + ahead }

    init(_ folder: StateFolder) throws {
        self.folder = folder
        let now = Instant(nanoseconds: station_clock_monotonic())
        let memory = Memory(folder.disk, Self.resolved)
        backstage = try Backstage.make(
            Self.resolved, memory: memory, directory: folder.disk, isSimulated: true, now: now)
        var station = Station(Self.resolved, modes: memory.modes)
        backstage.expire(into: &station, at: now)
        station.opened(ChannelID(0), at: now)
        let version = memory.teach(&station, from: folder.disk, at: now)
        self.station = station
        self.station.started(at: now)
        backstage.open(
            socket: folder.disk.path(of: "control"),
            info: ServiceInfo(
                version: "test", simulated: true, configuration: "c", boot: "b",
                station: Self.resolved),
            peers: PeerTable(ownUser: getuid()), roster: nil, rosterVersion: version)
    }

    // MARK: Time

    func turn() {
        _ = backstage.takePosts(limit: 64, into: &station, at: now) { _, _ in }
        _ = station.pump(steps: 1_000, at: now)
        backstage.handOver(from: &station) { self.events.append($0.event) }
        backstage.expire(into: &station, at: now)
    }

    /// Goes on until `isDone`, at most as long as nothing comes for ten seconds.
    func go(until isDone: () -> Bool) -> Bool {
        turn()
        while !isDone() {
            var door = pollfd(
                fd: backstage.desk.posts.descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&door, 1, 10_000) == 1 else { return false }
            turn()
        }
        return true
    }

    /// Until the journal has said what came before.
    func recall() -> Bool { go { backstage.recall.isDone } }

    /// So much later, with nothing in between.
    func wait(_ interval: Interval) { ahead = ahead + interval }

    // MARK: Somebody with a telephone

    func scan(_ text: String) {
        for character in text.utf8 { stroke(KeyCode.typing(character)?.0 ?? .enter) }
        stroke(.enter)
        wait(.milliseconds(5))
        if let due = station.nextDeadline, due <= now { station.expire(at: now) }
        _ = station.pump(steps: 1_000, at: now)
    }

    private func stroke(_ key: KeyCode) {
        for value in [InputEvent.pressed, InputEvent.released] {
            wait(.milliseconds(1))
            let at = now
            let bytes =
                InputEvent(time: at, type: InputEvent.key, code: key.rawValue, value: value)
                .bytes(.native)
                + InputEvent(
                    time: at, type: InputEvent.synchronisation, code: InputEvent.report, value: 0
                ).bytes(.native)
            station.received(bytes.span.bytes, on: .data, of: ChannelID(0), at: at)
            _ = station.pump(steps: 1_000, at: at)
        }
    }

    func lockDown() {
        station.ordered(.lockDown, door: DoorID(0), by: .crew, at: now)
        _ = station.pump(steps: 1_000, at: now)
    }

    func releaseLockDown() {
        station.ordered(.releaseLockDown, door: DoorID(0), by: .crew, at: now)
        _ = station.pump(steps: 1_000, at: now)
    }

    var counted: [Int] { station.passUses.map(\.counted) }
    var grants: Int { events.count { $0.name == "access.passGranted" } }

    // MARK: Ends

    /// What is on the medium now.
    func kept() -> [UInt8]? {
        (try? folder.disk.read(StateSnapshot.file.name, limit: 1 << 20)) ?? nil
    }

    /// Ends as a kill does: whatever was committed is there, and the snapshot as it was then.
    func die(leaving snapshot: [UInt8]?) throws {
        _ = backstage.leave(station)
        if let snapshot {
            try folder.put(StateSnapshot.file.name, snapshot)
        } else {
            unlink(folder.disk.path(of: StateSnapshot.file.name))
        }
    }

    static let resolved = ResolvedStation(
        station: StationIdentity(
            id: "test", nameChinese: "试验站", nameEnglish: "Test", phone: "",
            utcOffsetMinutes: 480),
        lines: [],
        devices: [
            ResolvedDevice(
                name: "scanner", profile: "qr-scanner", labelChinese: "", labelEnglish: "",
                driver: .keyboard(
                    KeyedReaderSettings(
                        formats: [], technology: "em4100", views: ["full"], takesPasses: true))),
            ResolvedDevice(
                name: "strike", profile: "strike", labelChinese: "", labelEnglish: "",
                driver: .lock(
                    LockSettings(kind: .strike, safety: .pull, duty: .intermittent))),
        ],
        channels: [
            ResolvedChannel(port: "counter", link: .keyboard(KeyboardLink(socket: "")), device: 0)
        ],
        doors: [
            ResolvedDoor(
                name: "door", labelChinese: "门", labelEnglish: "Door", readersIn: [0],
                readersOut: [], lock: 1, contact: nil, exitButton: nil, shared: false,
                greeting: .room, relock: .onOpen, releaseMilliseconds: 1_000,
                openMilliseconds: 30_000, preAlarmMilliseconds: 10_000)
        ], journal: JournalSettings(), policy: StationPolicy())
}

@Suite struct `A day pass that was used before a restart` {
    private let folder: StateFolder
    private let signer: DayPassSigner

    init() throws {
        folder = try StateFolder()
        signer = try PassKeyFile.create(in: folder.disk)
    }

    private func pass(quota: UInt8, nonce: UInt64 = 1) throws -> String {
        let now = station_clock_realtime() / 1_000_000_000
        let pass = try #require(
            DayPass(
                issuer: signer.issuer.id, scope: .station(ShortText("test") ?? .empty),
                validFrom: WallTime(seconds: now - 3_600),
                validTo: WallTime(seconds: now + 86_400), quota: quota, nonce: nonce))
        return try #require(signer.sign(pass)).text
    }

    /// A run whose journal is open and that knows what came before.
    private func start() throws -> ScannerRun {
        let run = try ScannerRun(folder)
        #expect(run.recall())
        return run
    }

    /// Shows a pass, and waits until its grant is durable.
    private func use(_ text: String, in run: ScannerRun) {
        let before = run.station.counters.releases
        run.scan(text)
        #expect(run.go { run.station.counters.releases > before })
    }

    @Test func `stays used after a kill before its snapshot`() throws {
        let text = try pass(quota: 1)
        let first = try start()
        #expect(first.go { first.kept() != nil })
        let before = first.kept()
        use(text, in: first)
        try first.die(leaving: before)

        let second = try start()
        #expect(second.counted == [1])
        second.scan(text)
        second.turn()
        #expect(second.grants == 0)
        #expect(second.station.counters.denials[Int(Denial.quota.rawValue)] == 1)
        second.backstage.leave()
    }

    @Test func `stays used after a kill after its snapshot, and another one at once`() throws {
        let text = try pass(quota: 2)
        let first = try start()
        use(text, in: first)
        let isKept = first.go {
            first.kept().flatMap { _ in try? StateSnapshot.read(in: folder.disk) }?.passes.count == 1
        }
        #expect(isKept)
        try first.die(leaving: first.kept())
        for _ in 0..<3 {
            // Starts that are cut short as soon as they have kept anything.
            let kept = try #require(
                try folder.disk.read(StateSnapshot.file.name, limit: 1 << 20))
            let run = try ScannerRun(folder)
            #expect(run.go { run.kept() != kept })
            try run.die(leaving: run.kept())
        }
        let last = try start()
        #expect(last.counted == [1])
        last.scan(text)
        last.turn()
        #expect(last.grants == 1 && last.counted == [2])
        last.wait(.seconds(10))
        last.scan(text)
        last.turn()
        #expect(last.grants == 1)
        last.backstage.leave()
    }

    @Test func `stays used when only the snapshot or only the journal is left`() throws {
        let text = try pass(quota: 1)
        let first = try start()
        use(text, in: first)
        let isKept = first.go { (try? StateSnapshot.read(in: folder.disk))?.passes.count == 1 }
        #expect(isKept)
        try first.die(leaving: first.kept())
        for name in [Store.fileName, StateSnapshot.file.name] {
            unlink(folder.disk.path(of: name))
            let run = try start()
            #expect(run.counted == [1], "without \(name)")
            // It is said again in what comes next.
            let isSaid = run.go { (try? StateSnapshot.read(in: folder.disk))?.passes.count == 1 }
            #expect(isSaid)
            if name == StateSnapshot.file.name { break }
            run.wait(.seconds(6))
            run.scan(text)
            run.turn()
            #expect(run.grants == 0)
            try run.die(leaving: run.kept())
            // For the next round the journal has to know it by itself.
            let again = try start()
            try again.die(leaving: again.kept())
            try record(text)
        }
    }

    /// A journal that has the pass's use, from a run that was killed before it kept anything.
    private func record(_ text: String) throws {
        unlink(folder.disk.path(of: Store.fileName))
        unlink(folder.disk.path(of: StateSnapshot.file.name))
        let run = try start()
        use(text, in: run)
        try run.die(leaving: nil)
    }

    @Test func `does not count what let nobody in, and has a new number next time`() throws {
        let text = try pass(quota: 1)
        let first = try start()
        #expect(first.go { first.kept() != nil })
        let before = first.kept()
        first.scan(text)
        // Before its grant is durable somebody locks the door down.
        first.lockDown()
        let isTakenBack = first.go {
            first.events.contains { $0.name == "access.passWithdrawn" }
        }
        #expect(isTakenBack)
        #expect(first.counted == [0])
        first.releaseLockDown()
        first.turn()
        try first.die(leaving: before)

        let second = try start()
        #expect(second.counted == [0])
        second.scan(text)
        second.turn()
        let uses = second.events.compactMap { event -> UInt16? in
            guard case .passGranted(_, _, let use, _, _) = event else { return nil }
            return use
        }
        #expect(uses == [2])
        second.backstage.leave()
    }
}

extension Backstage {
    fileprivate func leave() { server?.stop() }
}
