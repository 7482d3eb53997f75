// A station behind a real unix socket: the real control server, with desks that answer at once.

import Control
import EventLoop
import Glibc
import NIOConcurrencyHelpers
import Ports
import StationCore

/// Comes and goes at one path, as `stationd` does when it is restarted.
final class SocketStation: Sendable {
    struct Failure: Error { var errno: Int32 }

    private struct State: Sendable {
        var newest: Int64 = 0
        var store = "s1"
        var server: ControlServer?
    }

    let path: String
    private let directory: String
    private let state = NIOLockedValueBox(State())

    init() throws {
        var template = Array("/tmp/socket-station-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(errno: errno) }
        directory = String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self)
        path = directory + "/control"
    }

    deinit { rmdir(directory) }

    func start() throws {
        let server = ControlServer(path: path) { server in
            ControlService(
                info: ServiceInfo(
                    version: "test", simulated: true, configuration: "c", boot: "b",
                    station: Self.resolved),
                table: PeerTable(ownUser: getuid()), core: Core(server),
                journal: Journal(server, self))
        }
        state.withLockedValue { $0.server = server }
        server.start()
    }

    func stop() {
        let server = state.withLockedValue { state in
            defer { state.server = nil }
            return state.server
        }
        server?.stop()
    }

    /// Commits some entries.
    func write(_ count: Int64) {
        let server = state.withLockedValue { state in
            state.newest += count
            return state.server
        }
        server?.journalGrew()
    }

    /// Begins a store of another id.
    func replaceStore() { state.withLockedValue { $0.store = "s2" } }

    private final class Core: CoreDesk {
        private let server: NIOLockedValueBox<Unowned>
        private struct Unowned: Sendable { unowned let server: ControlServer }

        init(_ server: ControlServer) { self.server = .init(Unowned(server: server)) }

        func ask(_ query: CoreQuery, id: RequestID) -> Bool {
            let answer: CoreAnswer =
                switch query {
                case .station: .station(SocketStation.station)
                case .devices: .devices(SocketStation.devices)
                case .services: .services(ServicesSnapshot(services: []))
                case .measurements:
                    .measurements(
                        Measurements(
                            station: SocketStation.station, devices: SocketStation.devices))
                case .applyRoster(let file): Self.judged(file)
                default: .refused(.notSimulated)
                }
            server.withLockedValue { $0.server }.answer(id, answer)
            return true
        }

        /// A version of as many bytes as the file has.
        private static func judged(_ file: PassedFile) -> CoreAnswer {
            do throws(ControlError) {
                let bytes = try file.contents()
                guard !bytes.isEmpty else {
                    return .refused(.badRoster(ControlReason(.notABundle)))
                }
                return .applied(
                    RosterSnapshot(
                        version: UInt64(bytes.count), keys: 1, forms: 1,
                        epoch: ShortText("city-1") ?? .empty, digest: "aa"))
            } catch { return .refused(error) }
        }
    }

    private final class Journal: JournalDesk {
        private let server: NIOLockedValueBox<Unowned>
        private let station: NIOLockedValueBox<UnownedStation>
        private struct Unowned: Sendable { unowned let server: ControlServer }
        private struct UnownedStation: Sendable { unowned let station: SocketStation }

        init(_ server: ControlServer, _ station: SocketStation) {
            self.server = .init(Unowned(server: server))
            self.station = .init(UnownedStation(station: station))
        }

        func ask(_ query: JournalQuery, id: RequestID) -> Bool {
            let station = station.withLockedValue { $0.station }
            server.withLockedValue { $0.server }.answer(id, station.reply(query))
            return true
        }
    }

    private func reply(_ query: JournalQuery) -> JournalReply {
        let (newest, store) = state.withLockedValue { ($0.newest, $0.store) }
        switch query {
        case .status:
            return .status(
                JournalStatus(
                    state: .running, store: store, oldest: min(1, newest), newest: newest,
                    head: "00", volatile: false, commits: newest, bytes: 0, latency: nil))
        case .read(let after, let limit):
            if let after, after.store != store || after.sequence > newest {
                return .refused(
                    .badCursor(
                        cursor: after.description, store: store, oldest: min(1, newest),
                        newest: newest))
            }
            let first = (after?.sequence ?? 0) + 1
            let last = min(newest, first + Int64(limit) - 1)
            let entries = first <= last ? (first...last).map { Self.entry($0, store) } : []
            return .page(
                JournalPage(
                    store: store, oldest: min(1, newest), newest: newest, entries: entries,
                    tombstones: [], next: EntryCursor(store: store, sequence: max(first - 1, last)))
            )
        case .verify: return .refused(.notSimulated)
        case .usage(let question):
            return .usage([
                UsageGroup(
                    day: question.days.lowerBound, subject: .door, name: "door",
                    measuredHours: 3,
                    rows: [
                        .init(source: .key, unit: .times, totals: UsageTotals(uses: 700))
                    ])
            ])
        }
    }

    private static func entry(_ sequence: Int64, _ store: String) -> JournaledEntry {
        JournaledEntry(
            store: store, sequence: sequence, boot: "b", bootTime: sequence,
            wall: WallTime(milliseconds: 1_795_266_109_123), quality: .synced, entryClass: .p0,
            kind: "access.granted", device: "reader", key: "k", holder: "h", erased: false,
            payload: Array(#"{"door":"door","reader":"reader","view":"10H"}"#.utf8),
            digest: "00")
    }

    private static let station = StationSnapshot(
        at: Instant(nanoseconds: 2), started: Instant(nanoseconds: 1), calendar: .unknown,
        ready: true, roster: nil, keyEpochs: [],
        doors: [DoorSnapshot(mode: .locked, physical: .closed, released: false, alarm: nil)],
        faultyDevices: [], journalWaited: true)

    private static let devices = DevicesSnapshot(
        at: Instant(nanoseconds: 2), calendar: .unknown,
        devices: [DeviceSnapshot(counters: [("reads", 1)]), DeviceSnapshot()])

    private static let resolved = ResolvedStation(
        station: StationIdentity(
            id: "socket-station", nameChinese: "试验站", nameEnglish: "Test", phone: "",
            utcOffsetMinutes: 480),
        lines: [],
        devices: [
            ResolvedDevice(
                name: "reader", profile: "wiegand", labelChinese: "", labelEnglish: "",
                driver: .wiegand(WiegandSettings(formats: [], views: [], keypad: false))),
            ResolvedDevice(
                name: "strike", profile: "strike", labelChinese: "", labelEnglish: "",
                driver: .lock(
                    LockSettings(kind: .strike, safety: .pull, duty: .intermittent))),
        ],
        doors: [
            ResolvedDoor(
                name: "door", labelChinese: "门", labelEnglish: "Door", readersIn: [0],
                readersOut: [], lock: 1, contact: nil, exitButton: nil, shared: false,
                greeting: .room, relock: .onOpen, releaseMilliseconds: 3_000,
                openMilliseconds: 30_000, preAlarmMilliseconds: 10_000)
        ],
        journal: JournalSettings(), policy: StationPolicy())
}
