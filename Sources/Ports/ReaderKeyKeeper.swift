// Keeps readers' keys, on a thread of its own: a reader in install mode waits eight seconds for its
// key, and an import of a million rows takes longer.

import EventLoop
import Glibc
import Journal
import StationCore

/// Writes keys one by one, and tells the loop which of them are durable. Its thread starts with the
/// first of them, since most stations never have one.
final class ReaderKeyKeeper {
    /// One install mode a line is under way at a time, and a key that is proven beside it.
    static let capacity = 64

    private enum Task: Sendable {
        case keep(KeyRequest, name: String)
        case stop
    }

    private let file: ReaderKeyFile
    private let tasks = Mailbox<Task>(capacity: capacity)
    private var thread: HostThread?

    init(_ file: ReaderKeyFile) { self.file = file }

    /// False: too many keys are waiting, or the system has no thread left.
    func keep(_ request: KeyRequest, of name: String, posts: Mailbox<Post>) -> Bool {
        if thread == nil { thread = start(posts) }
        return thread != nil && tasks.post(.keep(request, name: name)) == nil
    }

    /// Has the thread end after the keys at hand; nobody waits for it. What the process does not
    /// live to see is whole on the medium or not there, and no reader was given it.
    func end() { _ = tasks.post(.stop) }

    private func start(_ posts: Mailbox<Post>) -> HostThread? {
        let (tasks, file) = (tasks, file)
        return try? HostThread(trying: "reader-keys", stack: 256 << 10) {
            var door = pollfd(fd: tasks.descriptor, events: Int16(POLLIN), revents: 0)
            var isStopping = false
            while !isStopping {
                poll(&door, 1, -1)
                _ = tasks.drain(limit: Self.capacity) { task in
                    switch task {
                    case .stop: isStopping = true
                    case .keep(let request, let name):
                        let isKept = Self.keep(request, name, in: file)
                        // Without it the reader gets no key, and install mode ends by itself.
                        var patience = 1_000
                        while posts.post(.readerKeyKept(request.receipt, isKept)) != nil,
                            patience > 0
                        {
                            poll(nil, 0, 1)
                            patience -= 1
                        }
                    }
                }
            }
        }
    }

    private static func keep(
        _ request: KeyRequest, _ name: String, in file: ReaderKeyFile
    ) -> Bool {
        do throws(JournalError) {
            try file.keep(request.key, of: name, isProven: request.isProven)
            return true
        } catch {
            Console.note("stationd: \(ReaderKeyFile.name): \(error)")
            return false
        }
    }
}
