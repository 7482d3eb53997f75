// A thread for work that may block, beside the loop: the one place where threads are made.

import CLinux
import Glibc

/// One joinable pthread with a small stack and a name. The body is kept for the thread's life only.
public final class HostThread: @unchecked Sendable {
    /// The system gives no thread: too many tasks, or no memory.
    struct Refused: Error {
        let errno: Int32
    }

    private var thread = pthread_t()
    private let name: String
    private var body: (@Sendable () -> Void)?

    /// - Parameters:
    ///   - name: shown by `ps -L`; at most 15 bytes.
    ///   - stack: in bytes; SQLite wants more than a waiter.
    /// - Precondition: the system can start a thread.
    public convenience init(
        name: String, stack: Int = 256 * 1_024, _ body: @escaping @Sendable () -> Void
    ) {
        do throws(Refused) {
            try self.init(trying: name, stack: stack, body)
        } catch {
            preconditionFailure("no thread left for \(name); raise TasksMax")
        }
    }

    /// The same for those who can go on without.
    init(trying name: String, stack: Int, _ body: @escaping @Sendable () -> Void) throws(Refused) {
        self.name = name
        self.body = body
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stack)
        let context = Unmanaged.passRetained(self)
        let before = Self.blockSignals()
        let result = pthread_create(
            &thread, &attributes,
            { context in
                guard let context else { return nil }
                let host = Unmanaged<HostThread>.fromOpaque(context).takeRetainedValue()
                station_name_thread(host.name)
                host.run()
                return nil
            }, context.toOpaque())
        Self.restore(before)
        guard result == 0 else {
            context.release()
            throw Refused(errno: result)
        }
    }

    /// On the thread: what the body holds is let go before the thread ends.
    private func run() {
        let body = body.take()
        body?()
    }

    /// Waits until the body has returned. Once.
    public func join() { pthread_join(thread, nil) }

    /// A thread inherits its maker's signals. What asks the process to end is the loop's to hear,
    /// whether the loop listens already or not, and nobody's pipe that broke ends a thread.
    private static func blockSignals() -> sigset_t {
        var blocked = sigset_t()
        var before = sigset_t()
        sigemptyset(&blocked)
        for signal in [SIGTERM, SIGINT, SIGHUP, SIGPIPE] { sigaddset(&blocked, signal) }
        pthread_sigmask(SIG_BLOCK, &blocked, &before)
        return before
    }

    private static func restore(_ signals: sigset_t) {
        var signals = signals
        pthread_sigmask(SIG_SETMASK, &signals, nil)
    }
}
