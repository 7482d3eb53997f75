// Does what may take its time: roster imports, keys, their files. One thread, one task at a time.

import Control
import EventLoop
import Glibc
import Journal
import StationCore

/// The station's clerk. Card numbers are hashed here, and exist only for as long as that takes.
public final class Clerk: @unchecked Sendable {
    enum Task: Sendable {
        case asked(CoreQuery, RequestID)
        /// A reader's key is to be kept, under the reader's name.
        case keep(KeyRequest, name: String)
        /// The journal knows of a roster of this version.
        case counted(UInt64)
        case stop
    }

    /// One import or key at a time is plenty; the socket has 16 connections.
    static let capacity = 32

    let station: ResolvedStation
    let directory: any StateDirectory
    private let tasks = Mailbox<Task>(capacity: capacity)
    private var thread: HostThread?
    /// Set before the first task: the socket opens after the clerk started.
    private(set) var posts: Mailbox<Post>?
    /// Set before the control socket serves anybody, and so before the first task.
    private weak var server: ControlServer?

    // The clerk's thread alone touches these once there are tasks.
    private(set) var key: StationKey?
    /// The last roster's: the next import counts on.
    private(set) var version: UInt64 = 0
    /// The roster in force.
    private(set) var roster: Roster?

    init(station: ResolvedStation, directory: any StateDirectory, key: StationKey?) {
        self.station = station
        self.directory = directory
        self.key = key
    }

    /// Hands over a task. False: too many are waiting.
    func take(_ task: Task) -> Bool { tasks.post(task) == nil }

    func serve(_ server: ControlServer) { self.server = server }

    /// Tells what is in force before the first task.
    func begin(roster: Roster?, version: UInt64) {
        self.roster = roster
        self.version = version
    }

    /// A roster is on the medium, and about to be in force.
    func kept(_ roster: Roster) {
        self.roster = roster
        version = roster.version
    }

    func start(posts: Mailbox<Post>) {
        self.posts = posts
        // An import of a million rows sorts and hashes on this stack.
        thread = HostThread(name: "clerk", stack: 1 << 20) { [self] in run() }
    }

    /// Ends the thread after the task at hand.
    func stop() {
        while tasks.post(.stop) != nil { sched_yield() }
        thread?.join()
    }

    private func run() {
        var door = pollfd(fd: tasks.descriptor, events: Int16(POLLIN), revents: 0)
        var isStopping = false
        while !isStopping {
            poll(&door, 1, -1)
            _ = tasks.drain(limit: Self.capacity) { task in
                switch task {
                case .stop: isStopping = true
                case .asked(let query, let id): server?.answer(id, answer(query))
                case .keep(let request, let name): keep(request, name)
                case .counted(let last): version = max(version, last)
                }
            }
        }
    }

    private func answer(_ query: CoreQuery) -> CoreAnswer {
        do throws(ControlError) {
            switch query {
            case .createKey:
                return try install(KeyFile.Contents.standalone(), isNew: true)
            case .installKey(let file):
                return try install(keyContents(of: file), isNew: false)
            case .issuePass(let order):
                return try issue(order)
            case .importRoster(let file, let isPartial, let isDry):
                return try importRoster(file, isPartial: isPartial, isDry: isDry)
            case .station, .devices, .measurements, .roster, .tap, .watchCard, .door, .reader,
                .activate:
                throw .busy(what: "clerk")
            }
        } catch {
            return .refused(error)
        }
    }

    // MARK: Keys

    private func keep(_ request: KeyRequest, _ name: String) {
        do throws(JournalError) {
            try ReaderKeyFile.keep(
                request.key, of: name, isProven: request.isProven, in: directory)
            _ = posts?.post(.readerKeyKept(request.receipt, true))
        } catch {
            Console.note("stationd: \(ReaderKeyFile.name): \(error)")
            _ = posts?.post(.readerKeyKept(request.receipt, false))
        }
    }

    private func keyContents(of file: PassedFile) throws(ControlError) -> KeyFile.Contents {
        let bytes = try file.contents(limit: KeyFile.limit)
        do throws(KeyFile.Failure) {
            return try KeyFile.parse(bytes)
        } catch {
            switch error {
            case .malformed(let flaw): throw .badKey(flaw.reason)
            case .unreadable(let error): throw .badKey(ControlReason(.unreadable, error.code))
            }
        }
    }

    /// A standalone key never replaces another; a hub's key may, and then the roster is sent anew.
    /// The same key again changes nothing.
    func install(
        _ contents: KeyFile.Contents, isNew: Bool
    ) throws(ControlError) -> CoreAnswer {
        if isNew, let key { throw .keyExists(epoch: "\(key.epoch)") }
        guard let made = contents.key else { throw .badKey(ControlReason(.keySecret)) }
        if let key, key.isSame(as: made) { return .key(epoch: made.epoch) }
        let isInForce = key.map { roster?.isMade(with: $0) ?? false } ?? false
        do throws(JournalError) {
            try KeyFile.write(contents, in: directory, keeping: isInForce)
        } catch {
            throw .badKey(ControlReason(.notWritten, error.code))
        }
        guard posts?.post(.key(made)) == nil else { throw .busy(what: "loop") }
        key = made
        return .key(epoch: made.epoch)
    }
}
