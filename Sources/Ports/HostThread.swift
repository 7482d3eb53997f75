// A thread for work that may block, beside the loop.

import CLinux
import Glibc

/// Starts one joinable pthread with a small stack. The body is kept for the thread's life only.
public final class HostThread: @unchecked Sendable {
    private var thread = pthread_t()
    private let name: String
    private let body: @Sendable () -> Void

    /// - Parameters:
    ///   - name: shown by `ps -L`; at most 15 bytes.
    ///   - stack: in bytes; SQLite wants more than a waiter.
    /// - Precondition: the system can start a thread.
    public init(name: String, stack: Int = 256 * 1_024, _ body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, stack)
        let result = pthread_create(
            &thread, &attributes,
            { context in
                guard let context else { return nil }
                let host = Unmanaged<HostThread>.fromOpaque(context).takeRetainedValue()
                station_name_thread(host.name)
                host.body()
                return nil
            }, Unmanaged.passRetained(self).toOpaque())
        pthread_attr_destroy(&attributes)
        precondition(result == 0, "no thread left for \(name); raise TasksMax")
    }

    /// Waits until the body has returned. Once.
    public func join() { pthread_join(thread, nil) }
}
