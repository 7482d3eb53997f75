// Keeps totals in their file, on a thread of its own: while water flows that is a sync of the
// medium nearly twice a second, and no tap's entry waits behind it.

import EventLoop
import Glibc
import Journal
import StationCore

/// Writes the newest totals, and tells the loop whether they are durable. Its thread starts with
/// the first of them, since many stations have none.
final class TotalsKeeper {
    private enum Task: Sendable {
        case keep([KeptTotal], TotalsFile.Mark)
        case stop
    }

    /// One writing is under way, one waits behind it, and the end has room.
    private static let capacity = 2
    /// A posting that found the loop's mailbox full is tried again so often, once a millisecond.
    private static let postings = 1_000

    private let file: TotalsFile
    private let tasks = Mailbox<Task>(capacity: capacity)
    /// The file as the thread left it.
    private let ended = Mailbox<TotalsFile>(capacity: 1)
    private var thread: HostThread?

    init(_ file: TotalsFile) { self.file = file }

    /// How it went is posted as `.totalsKept`. False: what came before hangs on the medium, or the
    /// system has no thread left.
    func keep(
        _ totals: [KeptTotal], as mark: TotalsFile.Mark, posts: Mailbox<Post>
    ) -> Bool {
        if thread == nil { thread = start(posts) }
        return thread != nil && tasks.post(.keep(totals, mark)) == nil
    }

    /// Ends the thread and writes the last totals. Once.
    ///
    /// - Parameter patience: a writing that takes longer is left to end with the process.
    /// - Returns: whether they were written.
    func finish(
        _ totals: [KeptTotal], as mark: TotalsFile.Mark, within patience: Interval
    ) -> Bool {
        var last: TotalsFile? = file
        if let thread {
            last = nil
            _ = tasks.post(.stop)
            var door = pollfd(fd: ended.descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&door, 1, Int32(clamping: patience.milliseconds)) == 1 {
                _ = ended.drain(limit: 1) { last = $0 }
                thread.join()
            }
        }
        guard var last else { return false }
        // Where the first try met a bad block the second makes the file anew, somewhere else.
        return Self.write(totals, mark, into: &last) || Self.write(totals, mark, into: &last)
    }

    private func start(_ posts: Mailbox<Post>) -> HostThread? {
        let (tasks, ended, file) = (tasks, ended, file)
        return try? HostThread(trying: "totals", stack: 256 << 10) {
            var file = file
            var door = pollfd(fd: tasks.descriptor, events: Int16(POLLIN), revents: 0)
            var isStopping = false
            while !isStopping {
                poll(&door, 1, -1)
                var newest: (totals: [KeptTotal], mark: TotalsFile.Mark)?
                _ = tasks.drain(limit: Self.capacity) { task in
                    switch task {
                    case .stop: isStopping = true
                    case .keep(let totals, let mark): newest = (totals, mark)
                    }
                }
                guard let newest else { continue }
                let isKept = Self.write(newest.totals, newest.mark, into: &file)
                var patience = Self.postings
                while posts.post(.totalsKept(isKept)) != nil, patience > 0 {
                    poll(nil, 0, 1)
                    patience -= 1
                }
            }
            _ = ended.post(file)
        }
    }

    private static func write(
        _ totals: [KeptTotal], _ mark: TotalsFile.Mark, into file: inout TotalsFile
    ) -> Bool {
        do throws(JournalError) {
            try file.write(totals, as: mark)
            return true
        } catch {
            Console.note("stationd: \(TotalsFile.name): \(error)")
            return false
        }
    }
}
