// The daemon's log: one line a fact on standard error, where the service manager keeps it.

public import EventLoop
import Glibc

/// Rare lines for people; taps and samples go to the journal instead.
///
/// Whoever reads standard error may stand still. So a thread writes, and nobody else waits for it.
public enum Console {
    private static let writer = ConsoleWriter(to: STDERR_FILENO)

    /// Notes a line. Never blocks.
    public static func note(_ text: String) { writer.note(text) }

    /// Waits until everything that was noted is written, or so long: the last thing before the end.
    public static func flush(within patience: Interval = .seconds(1)) {
        _ = writer.flush(within: patience)
    }
}

/// Lines on their way to a descriptor, and the thread that writes them.
///
/// | `note` finds | then |
/// |---|---|
/// | room | the line is written after those before it |
/// | no room | the line is lost; how many were is written once there is room again |
final class ConsoleWriter: Sendable {
    /// Lines that wait for a slow reader: more than a start with everything missing says.
    static let capacity = 256

    private enum Request: Sendable {
        /// Everything that was noted before is written.
        case flush(Mailbox<Bool>)
        case stop
    }

    private let lines = Mailbox<String>(capacity: capacity)
    private let requests = Mailbox<Request>(capacity: 16)
    private let thread: HostThread

    init(to descriptor: Int32) {
        let (lines, requests) = (lines, requests)
        thread = HostThread(name: "console") { Self.run(lines, requests, descriptor) }
    }

    func note(_ text: String) { _ = lines.post(text) }

    /// False: it took too long, or too many wait for the same.
    func flush(within patience: Interval) -> Bool {
        let written = Mailbox<Bool>(capacity: 1)
        guard requests.post(.flush(written)) == nil else { return false }
        var door = pollfd(fd: written.descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&door, 1, Int32(clamping: patience.milliseconds)) > 0
    }

    /// Ends the thread after what was noted. Once; whoever reads has to read on.
    func stop() {
        while requests.post(.stop) != nil { sched_yield() }
        thread.join()
    }

    private static func run(
        _ lines: Mailbox<String>, _ requests: Mailbox<Request>, _ descriptor: Int32
    ) {
        var doors = [lines.descriptor, requests.descriptor].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        var isStopping = false
        while !isStopping {
            poll(&doors, 2, -1)
            var asked: [Request] = []
            _ = requests.drain(limit: 16) { asked.append($0) }
            // After the requests: what was noted before them is written before they are met.
            while lines.drain(limit: capacity, { write($0 + "\n", to: descriptor) }) {}
            let lost = lines.takeRefused()
            if lost > 0 { write("\(lost) 行日志丢失 lines of this log were lost\n", to: descriptor) }
            for request in asked {
                switch request {
                case .flush(let written): _ = written.post(true)
                case .stop: isStopping = true
                }
            }
        }
    }

    /// Writes all of it, however long that takes; nothing can be done about a reader that left.
    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count < 0, errno == EAGAIN {
                // Somebody shares the descriptor and made it so.
                var door = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&door, 1, -1)
            } else if count == 0 || errno != EINTR {
                return
            }
        }
    }
}
