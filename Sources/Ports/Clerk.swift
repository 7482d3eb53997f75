// Does what may take its time: roster imports, keys, their files. One thread, one task at a time;
// readers' keys, which cannot wait for an import, have another.

import Control
import EventLoop
import Glibc
import Journal
import StationCore

/// The station's clerk. Card numbers are hashed here, and exist only for as long as that takes.
public final class Clerk: @unchecked Sendable {
    enum Task: Sendable {
        case asked(CoreQuery, RequestID)
        /// A card that was enrolled is to be kept.
        case enrol(EnrolmentTask)
        /// The journal knows of a roster of this version.
        case counted(UInt64)
        /// A roster that is in force no longer. A million keys are let go here: on the loop that
        /// would take longer than it may be held.
        case retired(Roster)
    }

    /// One import or key at a time is plenty; the socket has 16 connections.
    static let capacity = 32
    /// A million rows take a slow board a minute. Who is at one task for longer hangs: on a medium,
    /// or on a file that a peer passed and that its file system does not give.
    static let longestTask = Interval.seconds(120)
    /// With so many posts that the loop has not taken, nothing new is begun.
    static let unpostedLimit = 64
    /// How soon a full mailbox is tried again, in milliseconds.
    private static let retry: Int32 = 100

    let station: ResolvedStation
    let directory: any StateDirectory
    private let tasks = Mailbox<Task>(capacity: capacity)
    /// Apart from the tasks, so that there is always room for it.
    private let ending = Mailbox<Bool>(capacity: 1)
    private let ended = Mailbox<Bool>(capacity: 1)
    private var thread: HostThread?
    private let readerKeys: ReaderKeyKeeper
    private let notary: Notary
    /// Set before the first task: the socket opens after the clerk started.
    private(set) var posts: Mailbox<Post>?
    /// Set before the control socket serves anybody, and so before the first task.
    private weak var server: ControlServer?

    // The clerk's thread alone touches these once there are tasks.
    private(set) var key: StationKey?
    /// The last roster's: the next import counts on.
    private(set) var version: UInt64 = 0
    /// The roster in force, with the station's own word about keys.
    var roster: Roster?
    /// What the loop's mailbox had no room for, oldest first.
    private(set) var unposted: [Post] = []
    /// Cards that were enrolled at the door, with that word as well.
    var cards: Roster?
    /// What the station itself says of keys.
    var marks = KeyMarks()

    init(
        station: ResolvedStation, directory: any StateDirectory, key: StationKey?,
        seal: StateSeal? = nil
    ) {
        self.station = station
        self.directory = directory
        self.key = key
        notary = Notary(station: station.station.id, directory: directory)
        readerKeys = ReaderKeyKeeper(ReaderKeyFile(in: directory, seal: seal))
    }

    /// Has a reader's key kept, under the reader's name; the answer comes as a post. False: it
    /// cannot be.
    func keep(_ request: KeyRequest, of name: String) -> Bool {
        posts.map { readerKeys.keep(request, of: name, posts: $0) } ?? false
    }

    /// Has a hub's command checked; good, it comes to the loop as a post. False: too many wait.
    func check(_ command: String, _ id: RequestID) -> Bool {
        guard let posts else { return false }
        return notary.take(command, id, posts: posts) { [weak server] id, error in
            server?.answer(id, CoreAnswer.refused(error))
        }
    }

    /// Hands over a task. False: too many are waiting.
    func take(_ task: Task) -> Bool { tasks.post(task) == nil }

    func serve(_ server: ControlServer) { self.server = server }

    /// Tells what is in force before the first task.
    func begin(roster: Roster?, cards: Roster?, marks: KeyMarks, version: UInt64) {
        self.roster = roster
        self.cards = cards
        self.marks = marks
        self.version = version
    }

    /// A roster is on the medium: it comes into force, with what the station says of its keys.
    func kept(_ made: Roster, refused: UInt32) {
        let confirmed = settleMarks(by: made, after: roster)
        let marked = made.marked(by: marks)
        (roster, version) = (marked, made.version)
        tell(.roster(marked, refused: refused))
        guard !confirmed.isEmpty else { return }
        tell(
            .confirmedKeys(confirmed, leaving: marks, by: made.issuer == 0 ? .crew : .hub))
    }

    /// The loop's mailbox, for what becomes of a task.
    func use(posts: Mailbox<Post>) { self.posts = posts }

    func start(posts: Mailbox<Post>) {
        use(posts: posts)
        // An import of a million rows sorts and hashes on this stack.
        thread = HostThread(name: "clerk", stack: 1 << 20) { [self] in run() }
    }

    /// Ends the thread after the task at hand. What is on the medium by then is whole; what is not
    /// was not there before either.
    ///
    /// - Parameter patience: a task that takes longer is left to end with the process.
    /// - Returns: whether the thread has ended.
    func stop(within patience: Interval) -> Bool {
        readerKeys.end()
        notary.end()
        _ = ending.post(true)
        var door = pollfd(fd: ended.descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&door, 1, Int32(clamping: patience.milliseconds)) == 1 else { return false }
        thread?.join()
        return true
    }

    private func run() {
        let events = Int16(POLLIN)
        var doors = [
            pollfd(fd: ending.descriptor, events: events, revents: 0),
            pollfd(fd: tasks.descriptor, events: events, revents: 0),
        ]
        while true {
            poll(&doors, 2, unposted.isEmpty ? -1 : Self.retry)
            postOn()
            if doors[0].revents != 0 { break }
            _ = tasks.drain(limit: 1) { task in
                tell(.clerk(isBusy: true))
                carryOut(task)
                tell(.clerk(isBusy: false))
            }
        }
        _ = ended.post(true)
    }

    private func carryOut(_ task: Task) {
        switch task {
        case .asked(let query, let id):
            // Done whether there is anybody to hear of it or not.
            let answer = answer(query)
            server?.answer(id, answer)
        case .enrol(let task): enrol(task)
        case .counted(let last): version = max(version, last)
        case .retired: break
        }
    }

    // MARK: Posts

    /// Posts to the loop, now or as soon as it has room: what is on the medium has to be in force.
    func tell(_ post: Post) {
        unposted.append(post)
        postOn()
    }

    private func postOn() {
        guard let posts else { return }
        let left = unposted.firstIndex { posts.post($0) != nil }
        unposted.removeFirst(left ?? unposted.count)
    }

    // MARK: Answers

    func answer(_ query: CoreQuery) -> CoreAnswer {
        do throws(ControlError) {
            guard unposted.count < Self.unpostedLimit else { throw .busy(what: "loop") }
            switch query {
            case .createKey:
                return try install(KeyFile.Contents.standalone(), isNew: true)
            case .installKey(let file):
                return try install(keyContents(of: file), isNew: false)
            case .issuePass(let order):
                return try issue(order)
            case .withdrawCards(let id, let person): return try withdraw(id, by: person)
            case .tellKey(let id, let word, let person):
                return try tell(word, of: id, by: .crew, user: person.user)
            case .importRoster(let file, let isPartial, let isDry):
                return try importRoster(file, isPartial: isPartial, isDry: isDry)
            case .applyRoster(let file): return try applyRoster(file)
            case .station, .devices, .measurements, .roster, .tap, .watchCard, .door, .reader,
                .enrol, .cancelEnrolment, .act, .resetGuard, .boxes, .tellBox, .services,
                .service, .changeHours, .notice, .runCommand, .command, .activate:
                throw .busy(what: "clerk")
            }
        } catch {
            return .refused(error)
        }
    }

    // MARK: Keys

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
        key = made
        tell(.key(made))
        return .key(epoch: made.epoch)
    }
}
