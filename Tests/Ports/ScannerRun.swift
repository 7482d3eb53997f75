// A station with a code scanner for tests: everything that the daemon has, but ports.

import CLinux
import Control
import EventLoop
import Glibc
import Journal
import StationCore

@testable import Ports

/// One run of a station with a code scanner: the daemon's order, without ports. Its clock goes on
/// faster than the real one.
final class ScannerRun {
    let backstage: Backstage
    private(set) var station: Station
    private let folder: StateFolder
    private var ahead = Interval.zero
    /// What was handed over, in order.
    private(set) var entries: [Entry] = []
    var events: [Event] { entries.map(\.event) }

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
            peers: PeerTable(ownUser: getuid()), tables: .none,
            rosterVersion: version)
    }

    // MARK: Time

    func turn() {
        _ = backstage.takePosts(limit: 64, into: &station, at: now) { _, _ in }
        _ = station.pump(steps: 1_000, at: now)
        backstage.handOver(from: &station) { self.entries.append($0) }
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

    /// Goes on until `isDone`, at most ten seconds.
    func turns(until isDone: () -> Bool) {
        for _ in 0..<1_000 {
            turn()
            if isDone() { return }
            poll(nil, 0, 10)
        }
    }

    /// Goes on until something comes for a peer, at most ten seconds.
    func reply(to peer: borrowing RawPeer) throws -> String {
        for _ in 0..<1_000 {
            turn()
            var door = pollfd(fd: peer.socket, events: Int16(POLLIN), revents: 0)
            if poll(&door, 1, 10) == 1 { return try peer.receive() }
        }
        return ""
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

    /// Ends as a person wants it.
    func end() { _ = backstage.leave(station) }

    /// What is on the medium now.
    func kept() -> [UInt8]? {
        (try? folder.disk.read(StateSnapshot.file.name, limit: 1 << 20)) ?? nil
    }

    /// Ends as a kill does: whatever was committed is there, and the snapshot as it was then.
    func die(leaving snapshot: [UInt8]?) throws {
        end()
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
