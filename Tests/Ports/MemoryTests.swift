// A start on what the run before left: a snapshot, a journal, a roster, or what is left of them.

import CLinux
import Control
import EventLoop
import Glibc
import Journal
import StationCore
import Testing

@testable import Ports

/// One run of a station without ports: a real journal, a real snapshot, the daemon's order.
private final class Run {
    let backstage: Backstage
    private let folder: StateFolder
    var station: Station
    let nextVersion: UInt64
    private var now: Instant { Instant(nanoseconds: station_clock_monotonic()) }

    init(_ folder: StateFolder) throws {
        self.folder = folder
        let now = Instant(nanoseconds: station_clock_monotonic())
        let memory = Memory(folder.disk, ControlRig.station)
        backstage = try Backstage.make(
            ControlRig.station, memory: memory, directory: folder.disk, isSimulated: true,
            now: now)
        var station = Station(ControlRig.station, modes: memory.modes)
        backstage.expire(into: &station, at: now)
        nextVersion = memory.teach(&station, from: folder.disk, at: now)
        self.station = station
        self.station.started(at: now)
        backstage.open(
            socket: folder.disk.path(of: "control"),
            info: ServiceInfo(
                version: "test", simulated: true, configuration: "c", boot: "b",
                station: ControlRig.station),
            peers: PeerTable(ownUser: getuid()), tables: self.station.keyTables,
            rosterVersion: nextVersion)
    }

    var mode: DoorMode { station.standingModes[0] }
    var faults: [Fault] { station.faults.map(\.fault) }

    /// Goes on until `isDone`, at most as long as nothing comes for ten seconds.
    func go(until isDone: (borrowing Station) -> Bool) -> Bool {
        turn()
        while !isDone(station) {
            var door = pollfd(
                fd: backstage.desk.posts.descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&door, 1, 10_000) == 1 else { return false }
            turn()
        }
        return true
    }

    private func turn() {
        _ = backstage.takePosts(limit: 64, into: &station, at: now) { _, _ in }
        _ = station.pump(steps: 1_000, at: now)
        backstage.handOver(from: &station)
        backstage.expire(into: &station, at: now)
    }

    /// Goes on until the loop has heard something.
    func hears(_ isIt: (Backstage) -> Bool) -> Bool { go { _ in isIt(backstage) } }

    /// Goes on until the journal was asked what it knows.
    func recall() -> Bool { go { _ in backstage.recall.isDone } }

    /// Ends as a person wants it.
    func leave() {
        _ = backstage.leave(station)
    }

    /// Ends as a kill does: whatever was committed is there, and nothing else.
    func die() throws {
        let snapshot = try folder.disk.read(StateSnapshot.file.name, limit: 1 << 20)
        leave()
        if let snapshot {
            try folder.put(StateSnapshot.file.name, snapshot)
        } else {
            unlink(folder.disk.path(of: StateSnapshot.file.name))
        }
    }
}

/// Nobody hears this journal.
private final class Deaf: JournalListener {
    func journal(_ answer: JournalAnswer) {}
    func journal(stands end: Cursor) {}
    func journal(found opening: Opening) {}
    func journal(troubled error: JournalError) {}
}

@Suite struct `A start` {
    private let folder: StateFolder
    private let door = DoorID(0)

    init() throws { folder = try StateFolder() }

    /// What a run before committed, and was killed before it kept a snapshot.
    private func commit(_ events: Event..., key: ShortText = .empty) throws {
        let station = ControlRig.station
        let thread = try JournalThread(
            settings: StoreSettings(
                directory: folder.disk, random: KernelRandom(),
                now: { Instant(nanoseconds: station_clock_monotonic()) },
                wall: { WallTime(seconds: 1_795_300_000) }, station: station.station.id,
                boot: .ofKernel(), names: EntryNames(station)), listener: Deaf())
        for (place, event) in events.enumerated() {
            #expect(
                thread.take(
                    Entry(
                        ticket: Ticket(number: UInt64(place + 1)), at: Instant(nanoseconds: 1),
                        calendar: .unknown, event: event, key: key)))
        }
        #expect(thread.stop().left == 0)
    }

    /// A pass that was let through so many times, by a run before that was killed.
    private func commitPass(_ use: PassLedger.Use) throws {
        for number in 1...use.uses {
            try commit(
                .passGranted(
                    door: door, reader: DeviceID(0), use: number, validTo: use.end, note: .none),
                key: use.id.text)
        }
    }

    /// A run from beginning to end, by the book.
    private func runOnce() throws {
        let run = try Run(folder)
        #expect(run.go { $0.journalState == .open })
        run.leave()
    }

    @Test func `for the first time knows of nothing and doubts nothing`() throws {
        let run = try Run(folder)
        #expect(run.mode == .locked)
        #expect(run.backstage.recall.doubts.isEmpty)
        #expect(run.nextVersion == 0)
        #expect(run.go { $0.journalState == .open })
        #expect(run.faults.isEmpty)
        run.leave()
        #expect(folder.names.contains(StateSnapshot.file.name))
    }

    @Test func `after a first one that was cut short doubts nothing for long`() throws {
        // The journal's file was made, and then the power went.
        try commit()
        let run = try Run(folder)
        #expect(run.go { $0.standingModes == [.locked] && $0.faults.isEmpty })
        run.leave()
    }

    @Test func `after an end by the book has the modes and the journal's place`() throws {
        let run = try Run(folder)
        #expect(run.go { $0.journalState == .open })
        run.station.commanded(.block, door: door, by: .crew, at: Instant(nanoseconds: 5))
        run.leave()
        let memory = Memory(folder.disk, ControlRig.station)
        #expect(memory.modes == [.locked])
        let known = try #require(memory.known)
        #expect(known.sequence > 0 && known.store.bits != 0)
    }

    @Test func `keeps at its end a mode that no snapshot had`() throws {
        let run = try Run(folder)
        #expect(run.go { $0.journalState == .open })
        run.station.commanded(.block, door: door, by: .crew, at: Instant(nanoseconds: 5))
        _ = run.station.pump(steps: 100, at: Instant(nanoseconds: 5))
        run.leave()
        #expect(Memory(folder.disk, ControlRig.station).modes == [.blocked])
    }

    @Test func `takes up what was committed after the snapshot`() throws {
        try runOnce()
        try commit(
            .modeChanged(door: door, mode: .lockedDown, by: .lockdown),
            .modeChanged(door: door, mode: .blocked, by: .crew))
        let run = try Run(folder)
        // Doors do not wait for the journal.
        #expect(run.mode == .locked)
        #expect(run.go { $0.standingModes == [.blocked] })
        #expect(run.faults.isEmpty)
        try run.die()
        // It was written down again as this run's, and kept at once.
        #expect(try Run(folder).recallAndLeave() == .blocked)
    }

    @Test func `without its snapshot is locked down until the journal says how doors stood`()
        throws
    {
        try runOnce()
        try commit(.modeChanged(door: door, mode: .blocked, by: .crew))
        try folder.damage(StateSnapshot.file.name)
        let run = try Run(folder)
        #expect(run.mode == .lockedDown)
        #expect(run.go { $0.standingModes == [.blocked] })
        #expect(run.go { $0.faults.isEmpty })
        #expect(folder.names.contains(StateSnapshot.file.name + ".corrupt-1"))
        run.leave()
        #expect(Memory(folder.disk, ControlRig.station).doubts.isEmpty)
    }

    @Test(arguments: [true, false])
    func `without its snapshot takes a journal's silence for a locked door`(
        isDamaged: Bool
    ) throws {
        try runOnce()
        if isDamaged {
            try folder.damage(StateSnapshot.file.name)
        } else {
            unlink(folder.disk.path(of: StateSnapshot.file.name))
        }
        let run = try Run(folder)
        #expect(run.mode == .lockedDown)
        #expect(run.go { $0.standingModes == [.locked] && $0.faults.isEmpty })
        run.leave()
    }

    @Test func `without snapshot and journal stays locked down until a person has looked`() throws {
        try runOnce()
        try folder.damage(StateSnapshot.file.name)
        try folder.put(Store.fileName, [UInt8](repeating: 0x5A, count: 8_192))
        for _ in 0..<2 {
            // However often it starts again.
            let run = try Run(folder)
            #expect(run.recall())
            #expect(run.mode == .lockedDown)
            #expect(run.faults == [.modesUnknown])
            run.leave()
        }
        let doubtful = try #require(try StateSnapshot.read(in: folder.disk))
        #expect(doubtful.doors.map(\.latches) == [.all])
        try doubtful.reset(for: ControlRig.station).write(in: folder.disk)
        #expect(try Run(folder).recallAndLeave() == .locked)
    }

    @Test func `leaves a door alone that somebody commanded meanwhile`() throws {
        try runOnce()
        try commit(.modeChanged(door: door, mode: .unlocked, by: .schedule))
        try folder.damage(StateSnapshot.file.name)
        let run = try Run(folder)
        // It is locked down already, by doubt; now it is by a person.
        run.station.commanded(.lockDown, door: door, by: .crew, at: Instant(nanoseconds: 5))
        #expect(run.recall())
        #expect(run.go { $0.faults.isEmpty })
        #expect(run.mode == .lockedDown)
        run.leave()
    }

    @Test func `reads what was committed between a snapshot's copy and its writing`() throws {
        let run = try Run(folder)
        #expect(run.go { $0.journalState == .open })
        #expect(run.hears { $0.applied != nil })
        let now = Instant(nanoseconds: station_clock_monotonic())
        let before = try #require(run.backstage.included)
        let copy = run.backstage.snapshot(run.station, last: before, at: now)
        run.station.commanded(.lockDown, door: door, by: .crew, at: now)
        #expect(run.go { $0.standingModes == [.lockedDown] })
        #expect(run.hears { $0.applied != before })
        // A medium that takes its time: the copy arrives when the entry is there already.
        let posts = Mailbox<Post>(capacity: 4)
        SnapshotWriter(thread: run.backstage.journal, snapshot: copy, posts: posts).start()
        var door = pollfd(fd: posts.descriptor, events: Int16(POLLIN), revents: 0)
        #expect(poll(&door, 1, 10_000) == 1)
        #expect(try StateSnapshot.read(in: folder.disk)?.last == before)
        try run.die()
        let next = try Run(folder)
        #expect(next.go { $0.standingModes == [.lockedDown] })
        next.leave()
    }

    /// A snapshot that was taken while no journal was open.
    private func keepSnapshot(_ mode: DoorMode) throws {
        let snapshot = StateSnapshot(
            last: nil, wallAnchor: Release.built,
            doors: [.init(name: "door", mode: mode, latches: [])])
        try snapshot.write(in: folder.disk)
    }

    private let use = PassLedger.Use(
        id: DayPassID(issuer: DayPassIssuer.ID(bits: 7), nonce: 9), uses: 2,
        end: WallTime(seconds: 1_900_000_000))

    @Test func `on a snapshot that knew no journal asks it for all but the doors' modes`() throws {
        try runOnce()
        try commit(
            .modeChanged(door: door, mode: .unlocked, by: .crew),
            .rosterReplaced(version: 7, keys: 1, refused: 0))
        try commitPass(use)
        // Then the medium failed, and without a journal somebody locked the door down.
        try keepSnapshot(.lockedDown)
        #expect(Memory(folder.disk, ControlRig.station).known == nil)
        let run = try Run(folder)
        #expect(run.recall())
        #expect(run.mode == .lockedDown)
        #expect(run.faults.isEmpty)
        #expect(run.station.passUses == [use])
        #expect(run.backstage.recall.rosterVersion == 7)
        run.leave()
        #expect(Memory(folder.disk, ControlRig.station).known != nil)
    }

    @Test func `takes a person's word about doors for more than the journal's`() throws {
        try runOnce()
        try commit(
            .modeChanged(door: door, mode: .lockedDown, by: .lockdown),
            .rosterReplaced(version: 7, keys: 1, refused: 0))
        try commitPass(use)
        for isLost in [false, true] {
            let known = try #require(try StateSnapshot.read(in: folder.disk))
            let before: StateSnapshot =
                isLost ? .lost(for: ControlRig.station, wallAnchor: Release.built) : known
            try before.reset(for: ControlRig.station).write(in: folder.disk)
            let run = try Run(folder)
            #expect(run.mode == .locked)
            // A kill before the journal was asked does not change that.
            try run.die()
            let next = try Run(folder)
            #expect(next.recall())
            #expect(next.mode == .locked)
            #expect(next.faults.isEmpty)
            #expect(next.station.passUses == [use])
            #expect(next.backstage.recall.rosterVersion == 7)
            try next.die()
        }
    }

    @Test func `keeps a snapshot of a later version apart, and writes its own`() throws {
        try runOnce()
        let later = StateFile(
            name: StateSnapshot.file.name, kind: .snapshot, version: StateSnapshot.version + 1,
            limit: 100)
        try later.write([1, 2, 3], in: folder.disk)
        let bytes = try folder.disk.read(StateSnapshot.file.name, limit: 1_000)
        let run = try Run(folder)
        #expect(run.mode == .lockedDown)
        #expect(run.recall())
        #expect(run.mode == .locked)
        run.leave()
        #expect(try folder.disk.read("state.snapshot.newer-1", limit: 1_000) == bytes)
        #expect(try StateSnapshot.read(in: folder.disk)?.doors.map(\.mode) == [.locked])
    }

    @Test func `keeps a snapshot that it cannot read apart`() throws {
        try runOnce()
        unlink(folder.disk.path(of: StateSnapshot.file.name))
        // A link is never followed there: it stands for whatever cannot be opened.
        #expect(symlink("elsewhere", folder.disk.path(of: StateSnapshot.file.name)) == 0)
        let run = try Run(folder)
        #expect(run.recall())
        run.leave()
        #expect(folder.names.contains("state.snapshot.unread-1"))
        #expect(try StateSnapshot.read(in: folder.disk) != nil)
    }

    @Test func `with a damaged key of day passes says so until there is another`() throws {
        try folder.put(PassKeyFile.name, Array("stationd-pass-key 1\n".utf8))
        let run = try Run(folder)
        #expect(run.faults == [.passesUnusable])
        _ = run.backstage.desk.posts.post(.passIssuers([]))
        #expect(run.go { $0.faults.isEmpty })
        run.leave()
    }

    @Test func `counts rosters on, whatever became of file and key`() throws {
        try KeyFile.write(keyFile("alpha"), in: folder.disk, keeping: false)
        try folder.put(Memory.rosterName, rosterFile("alpha", version: 7))
        let first = try Run(folder)
        #expect(first.station.currentRoster?.version == 7)
        first.leave()
        unlink(folder.disk.path(of: KeyFile.name))
        #expect(folder.restarted().nextVersion == 7)
        try folder.damage(Memory.rosterName)
        let run = try Run(folder)
        #expect(run.nextVersion == 7)
        #expect(run.faults == [.rosterUnusable])
        // A new roster ends it.
        let roster = try RosterFile.decode(rosterFile("beta", version: 8), doors: ["door"])
        _ = run.backstage.desk.posts.post(.roster(roster, refused: 0))
        #expect(run.go { $0.faults.isEmpty })
        run.leave()
        #expect(Memory(folder.disk, ControlRig.station).rosterVersion == 8)
    }

    @Test func `counts rosters on from the journal when the snapshot is lost as well`() throws {
        try runOnce()
        try commit(.rosterReplaced(version: 7, keys: 1, refused: 0))
        try folder.damage(StateSnapshot.file.name)
        let run = try Run(folder)
        #expect(run.nextVersion == 0)
        #expect(run.recall())
        #expect(run.backstage.recall.rosterVersion == 7)
        // The clerk has it before its next task.
        run.leave()
        #expect(run.backstage.desk.clerk.version == 7)
    }
}

extension Run {
    fileprivate func recallAndLeave() throws -> DoorMode {
        #expect(recall())
        #expect(faults.isEmpty)
        defer { leave() }
        return mode
    }
}
