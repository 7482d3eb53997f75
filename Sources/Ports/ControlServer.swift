// The control socket's thread: it moves bytes between peers and `ControlService`.

import CLinux
public import Control
import EventLoop
import Glibc
import StationCore

/// Serves the control socket on a thread of its own, with poll(2).
///
/// Nothing here waits for the core or the journal: questions go to their desks, answers come back
/// through a mailbox. JSON is made on this thread.
///
/// | from any thread | when |
/// |---|---|
/// | `answer` | a question has its answer; once for each id |
/// | `journalGrew` | something was committed |
/// | `stop` | once, at the end, after `start`; waits for the thread |
public final class ControlServer: @unchecked Sendable {
    /// Why the socket is not open: the system's error number, for the path.
    public struct CannotListen: Error, Equatable, CustomStringConvertible {
        public let path: String
        public let errno: Int32

        public var description: String {
            """
            控制套接字打不开 cannot open the control socket \(path): \(SystemError(errno)). \
            \(advice)
            """
        }

        private var advice: String {
            switch errno {
            case ENOTSOCK:
                """
                那里有别的文件，不会删它；请移走，或换 --socket another file lies there and is left \
                alone: move it away, or choose another --socket
                """
            case EADDRINUSE:
                "另有程序在用它；请停掉，或换 --socket another program answers there: stop it, or "
                    + "choose another --socket"
            default:
                "目录要在，且本用户可写 the directory must exist and be writable"
            }
        }
    }

    /// Who may connect at all; what they may call is `PeerTable`'s business.
    public static let mode: UInt32 = 0o660

    let answers: Mailbox<ControlAnswer>
    /// A note that something was committed; one is as good as many.
    let growth: Mailbox<Bool>
    /// Why the first attempt to listen failed, if it did; the thread makes more.
    public let firstFailure: CannotListen?
    private var thread: HostThread?
    /// What the thread will run; nil once it does.
    private var loop: ControlLoop?

    /// Listens at `path`. Nobody is served before `start`, so that whoever answers this server's
    /// questions can be told of it first. When it cannot listen, the thread tries again after
    /// growing pauses: for instance when the directory is missing, or with EADDRINUSE when another
    /// station answers at `path`. A socket that nobody answers at is replaced.
    ///
    /// - Parameters:
    ///   - told: hears each new reason why it cannot listen, and `nil` once it can again. Called
    ///     on the server's thread, at first on the caller's: post and return.
    ///   - makeService: makes the service, given this server, which its desks answer to.
    public init(
        path: String, told: @escaping @Sendable (CannotListen?) -> Void = { _ in },
        makeService: (ControlServer) -> ControlService
    ) {
        // Room for every open question, of which there are two lists, and the end.
        answers = Mailbox(capacity: 2 * ControlLimits.outstanding + 1)
        growth = Mailbox(capacity: 1)
        let now = Instant(nanoseconds: station_clock_monotonic())
        var listener = ControlListener(path: path, at: now)
        if case .failed(let failure) = listener.tend(at: now) {
            firstFailure = failure
            told(failure)
        } else {
            firstFailure = nil
        }
        loop = ControlLoop(
            service: makeService(self), listener: listener, told: told, answers: answers,
            growth: growth)
    }

    /// Starts the thread. Once.
    public func start() {
        guard let loop else { preconditionFailure("a control server is started once") }
        self.loop = nil
        // Nobody here looks at it again: it is the thread's from now on.
        nonisolated(unsafe) let handed = loop
        thread = HostThread(name: "control", stack: 512 * 1_024) { handed.run() }
    }

    /// The core's answer to a question.
    public func answer(_ id: RequestID, _ answer: CoreAnswer) { post(.core(id, answer)) }

    /// The journal's answer to a question.
    public func answer(_ id: RequestID, _ reply: JournalReply) { post(.journal(id, reply)) }

    /// Something was committed. Never blocks; a note that is still unread stands for this one too.
    public func journalGrew() { _ = growth.post(true) }

    /// Ends the thread, closes every connection, removes the socket. Once.
    public func stop() {
        while answers.post(.stop) != nil { sched_yield() }
        thread?.join()
    }

    private func post(_ answer: ControlAnswer) {
        // A full mailbox means answers without questions; the peers' deadlines settle the rest.
        _ = answers.post(answer)
    }
}

/// What reaches the control thread from others.
enum ControlAnswer: Sendable {
    case core(RequestID, CoreAnswer)
    case journal(RequestID, JournalReply)
    case stop
}
