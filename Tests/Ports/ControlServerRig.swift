// A control server with desks that answer at once, and peers without manners.

import CLinux
import Control
import EventLoop
import Glibc
import StationCore

@testable import Ports

struct RigFailure: Error { var errno: Int32 }

/// Desks on the control thread itself: what they keep is touched there only.
final class RigDesks: @unchecked Sendable {
    let core: RigCore
    let journal: RigJournal

    init(_ server: ControlServer) {
        journal = RigJournal(server)
        core = RigCore(server, journal)
    }
}

final class RigCore: CoreDesk, @unchecked Sendable {
    unowned let server: ControlServer
    let journal: RigJournal
    /// Set before the first call only.
    var isSilent = false

    init(_ server: ControlServer, _ journal: RigJournal) {
        self.server = server
        self.journal = journal
    }

    func ask(_ query: CoreQuery, id: RequestID) -> Bool {
        guard !isSilent else { return true }
        if case .watchCard = query {
            watchers.append(id)
            return true
        }
        server.answer(id, answer(query))
        return true
    }

    /// Who waits for a card; the next one that is presented is shown to all of them.
    private var watchers: [RequestID] = []

    private func show(_ credential: Credential, at reader: DeviceID) {
        let card = WatchedCard(
            reader: reader, door: nil, credential: credential, format: .h10301, view: nil,
            key: .empty, holder: .empty, verdict: .denied(.unknown))
        for id in watchers { server.answer(id, CoreAnswer.card(card, next: 1)) }
        watchers = []
    }

    private func answer(_ query: CoreQuery) -> CoreAnswer {
        switch query {
        case .station: return .station(Self.station)
        case .devices: return .devices(Self.devices)
        case .measurements:
            let metric = Metric("test_long", .gauge, help: "Long.")
            let samples = (0..<5_000).map { SampleRecord(Double($0), labels: ["n": "\($0)"]) }
            return .measurements(
                Measurements(
                    station: Self.station, devices: Self.devices,
                    more: [MetricRecord(metric, samples)]))
        case .roster: return .roster(Self.roster, enrolled: 0, keys: [], next: nil)
        case .importRoster(let file, _, let dry):
            do {
                let lines = try file.contents().count { $0 == UInt8(ascii: "\n") }
                let accepted = (0..<lines).map {
                    (line: $0 + 1, key: ShortText("k\($0)") ?? .empty)
                }
                let verdicts = Verdicts(refused: [], accepted: accepted)
                return .imported(
                    ImportOutcome(applied: !dry, verdicts: verdicts, roster: Self.roster))
            } catch { return .refused(error) }
        case .applyRoster: return .refused(.badRoster(ControlReason(.noIssuer)))
        case .createKey: return .key(epoch: ShortText("local-1") ?? .empty)
        case .installKey: return .refused(.badKey(ControlReason(.keyLines)))
        case .issuePass(let order): return Self.pass(order)
        case .watchCard: return .card(nil, next: 0)
        case .tap(let reader, let credential):
            show(credential, at: reader)
            journal.newest += 1
            server.journalGrew()
            return .done
        case .door: return .door(.unlocked, isWritten: true)
        case .enrol, .cancelEnrolment:
            return .refused(.enrolmentRefused(ControlReason(.noRoster)))
        case .tellKey(let key, _, _):
            return .refused(.keyRefused(ControlReason(.noSuchKey, "\(key)")))
        case .withdrawCards(let key, _): return .refused(.noCards(key: "\(key)"))
        case .act: return .action(.confirmed, order: 7, isWritten: true)
        case .resetGuard: return .refused(.guardRefused(ControlReason(.causeHolds)))
        case .boxes: return .boxes(BoxesSnapshot(calendar: .unknown, services: []))
        case .tellBox: return .refused(.boxRefused(ControlReason(.notRecorded)))
        case .services: return .services(ServicesSnapshot(services: []))
        case .service: return .refused(.serviceRefused(ControlReason(.notPaused)))
        case .changeHours: return .refused(.hoursRefused(ControlReason(.clockUnset)))
        case .notice: return .refused(.noticeRefused(ControlReason(.noNotice)))
        case .runCommand: return .refused(.commandRefused(ControlReason(.noCommandIssuer)))
        case .command(let id): return .refused(.noSuchCommand(id: "\(id)"))
        case .reader: return .refused(.readerRefused(ControlReason(.notOnBus)))
        case .activate: return .refused(.sessionsOpen(["door"]))
        }
    }

    private static func pass(_ order: PassOrder) -> CoreAnswer {
        guard let signer = DayPassSigner(secret: [UInt8](repeating: 1, count: 32)),
            let id = ShortText("kaiyuan-01"),
            let pass = DayPass(
                issuer: signer.issuer.id, scope: .station(id), validFrom: WallTime(seconds: 0),
                validTo: WallTime(seconds: Int64(order.hours) * 3_600), quota: order.quota,
                nonce: 1),
            let signed = signer.sign(pass)
        else { return .refused(.noPass(ControlReason(.clockUnset))) }
        return .pass(text: signed.text, publicKey: signer.issuer.publicKey)
    }

    static let roster = RosterSnapshot(
        version: 1, keys: 2, forms: 2, epoch: ShortText("local-1") ?? .empty, digest: "aa")
    static let station = StationSnapshot(
        at: Instant(nanoseconds: 2), started: Instant(nanoseconds: 1), calendar: .unknown,
        ready: true, roster: roster, keyEpochs: [],
        doors: [DoorSnapshot(mode: .locked, physical: .closed, released: false, alarm: nil)],
        faultyDevices: [], journalWaited: true)
    static let devices = DevicesSnapshot(
        at: Instant(nanoseconds: 2), calendar: .unknown,
        devices: [DeviceSnapshot(counters: [("reads", 1)]), DeviceSnapshot()])
}

final class RigJournal: JournalDesk, @unchecked Sendable {
    unowned let server: ControlServer
    var newest: Int64 = 0

    init(_ server: ControlServer) { self.server = server }

    func ask(_ query: JournalQuery, id: RequestID) -> Bool {
        switch query {
        case .status:
            server.answer(
                id,
                .status(
                    JournalStatus(
                        state: .running, store: "s1", oldest: min(1, newest), newest: newest,
                        head: "00", volatile: false, commits: newest, bytes: 0, latency: nil)))
        case .read(let after, let limit):
            server.answer(id, .page(page(after: after?.sequence ?? 0, limit: limit)))
        case .verify:
            server.answer(
                id,
                .verified(
                    VerificationRecord(
                        ok: true, checked: newest, store: "s1", oldest: min(1, newest),
                        newest: newest, head: "00")))
        case .usage: server.answer(id, .usage([]))
        }
        return true
    }

    private func page(after: Int64, limit: Int) -> JournalPage {
        let last = min(newest, after + Int64(limit))
        let range = after < last ? Array((after + 1)...last) : []
        let entries = range.map { sequence in
            JournaledEntry(
                store: "s1", sequence: sequence, boot: "b", bootTime: 0,
                wall: WallTime(milliseconds: 0), quality: .none, entryClass: .p0,
                kind: "access.granted", device: "reader", key: "k", holder: "h", erased: false,
                payload: Array(#"{"door":"door","reader":"reader","view":"full"}"#.utf8),
                digest: "00")
        }
        return JournalPage(
            store: "s1", oldest: min(1, newest), newest: newest, entries: entries,
            tombstones: [], next: EntryCursor(store: "s1", sequence: max(after, last)))
    }
}

/// A server on a socket in a directory of its own.
final class ControlRig {
    let path: String
    let server: ControlServer
    let desks: RigDesks
    private let directory: String?

    init(
        path given: String? = nil,
        told: @escaping @Sendable (ControlServer.CannotListen?) -> Void = { _ in }
    ) throws {
        if let given {
            path = given
            directory = nil
        } else {
            var template = Array("/tmp/control-rig-XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else { throw RigFailure(errno: errno) }
            let made = String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self)
            directory = made
            path = made + "/control"
        }
        var desks: RigDesks?
        server = ControlServer(path: path, told: told) { server in
            let made = RigDesks(server)
            desks = made
            return ControlService(
                info: ServiceInfo(
                    version: "test", simulated: true, configuration: "c", boot: "b",
                    station: Self.station),
                table: PeerTable(ownUser: getuid()), core: made.core, journal: made.journal)
        }
        guard let desks else { throw RigFailure(errno: 0) }
        self.desks = desks
        server.start()
    }

    func stop() {
        server.stop()
        if let directory { rmdir(directory) }
    }

    static let station = ResolvedStation(
        station: StationIdentity(
            id: "test", nameChinese: "试验站", nameEnglish: "Test", phone: "",
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

/// A peer that sends what it likes.
struct RawPeer: ~Copyable {
    let socket: Int32

    init(_ path: String) throws {
        socket = station_connect_unix(path)
        guard socket >= 0 else { throw RigFailure(errno: -socket) }
        var time = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(
            socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { _ = close(socket) }

    func send(_ text: String) throws { try send(Array(text.utf8) + [0]) }

    func send(_ bytes: [UInt8], passing descriptor: Int32 = -1) throws {
        let sent = station_send(socket, bytes, bytes.count, descriptor)
        guard sent == bytes.count else { throw RigFailure(errno: Int32(-sent)) }
    }

    /// As much as comes at once, without asking whether anybody listens.
    func throwAt(_ bytes: [UInt8]) {
        _ = station_send(socket, bytes, bytes.count, -1)
    }

    /// One message; empty when the station closed the connection.
    func receive() throws -> String {
        var bytes: [UInt8] = []
        var portion = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = recv(socket, &portion, portion.count, 0)
            guard count >= 0 else { throw RigFailure(errno: errno) }
            bytes += portion[..<count]
            if count == 0 || bytes.last == 0 {
                return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
        }
    }

    /// Many descriptors in one message, which `station_send` does not do.
    func send(_ bytes: [UInt8], flood descriptors: [Int32]) throws {
        // struct cmsghdr, which ends in an array that Swift cannot write: length, level, type.
        let header = 16
        let length = header + descriptors.count * 4
        var control = [UInt8](repeating: 0, count: length + 8)
        let sent = bytes.withUnsafeBytes { body in
            control.withUnsafeMutableBytes { space in
                space.storeBytes(of: length, as: Int.self)
                space.storeBytes(of: SOL_SOCKET, toByteOffset: 8, as: Int32.self)
                space.storeBytes(of: Int32(SCM_RIGHTS), toByteOffset: 12, as: Int32.self)
                for (index, descriptor) in descriptors.enumerated() {
                    space.storeBytes(
                        of: descriptor, toByteOffset: header + index * 4, as: Int32.self)
                }
                var part = iovec(
                    iov_base: UnsafeMutableRawPointer(mutating: body.baseAddress),
                    iov_len: body.count)
                return withUnsafeMutablePointer(to: &part) { part in
                    var message = msghdr()
                    message.msg_iov = part
                    message.msg_iovlen = 1
                    message.msg_control = space.baseAddress
                    message.msg_controllen = length
                    return sendmsg(socket, &message, Int32(MSG_NOSIGNAL))
                }
            }
        }
        guard sent == bytes.count else { throw RigFailure(errno: errno) }
    }
}

/// An open file without a name.
func temporaryFile(_ text: String) throws -> Int32 {
    var template = Array("/tmp/control-rig-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw RigFailure(errno: errno) }
    unlink(template)
    let bytes = Array(text.utf8)
    guard write(descriptor, bytes, bytes.count) == bytes.count else {
        throw RigFailure(errno: errno)
    }
    return descriptor
}

/// Runs a program to its end with our own standard streams; its wait status.
func runProgram(_ words: [String]) throws -> Int32 {
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    defer { for argument in arguments { free(argument) } }
    arguments.append(nil)
    // Tests run on threads that block every signal, which a child would inherit.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var child: pid_t = 0
    let code = posix_spawn(&child, words[0], nil, &attributes, arguments, environ)
    guard code == 0 else { throw RigFailure(errno: code) }
    var status: Int32 = -1
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    return status
}
