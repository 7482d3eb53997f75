// The journal's own thread: it alone waits for the medium.

import EventLoop
import Glibc
public import Journal
public import StationCore

/// Hears what the journal has to say to the core. Called on the journal's thread: post and return.
public protocol JournalListener: AnyObject, Sendable {
    /// For the loop's mailbox.
    func journal(_ answer: JournalAnswer)
    /// Every entry up to here is on the medium, and was answered for before this.
    func journal(stands end: Cursor)
    /// The file was replaced, had lost entries, or was another station's: for the log and people.
    func journal(found opening: Opening)
    /// Something failed and is tried again: for the log. `.failed` follows for the core.
    func journal(troubled error: JournalError)
}

/// Reads the journal from another thread. Called on the journal's thread: post and return.
public protocol JournalReader: AnyObject, Sendable {
    /// - Parameter request: the number that the request was made with; 0 for `.grew`.
    func journal(_ reply: ReaderAnswer, to request: UInt64)
}

/// What a reader is told.
public enum ReaderAnswer: Equatable, Sendable {
    case slice(Slice)
    /// Finished: proven to the end, or broken.
    case verification(Verification)
    case metrics(JournalMetrics, waiting: Int, end: Cursor?)
    /// Totals, in no order.
    case usage([UsageGroup])
    /// The file was replaced and is durable.
    case saved
    case refused(JournalError)
    /// There is more to read; told to subscribers after each commit.
    case grew(Cursor)
}

/// The thread that owns a `Recorder`.
///
/// | call returns | the caller's duty |
/// |---|---|
/// | true | none: it will be done, or answered, once |
/// | false | the mailbox is full: keep the entry or the question, and come again later |
public final class JournalThread: Sendable {
    /// Entries that may be on their way; as many again wait in the recorder.
    public static let entryCapacity = 4_096
    /// Requests that may be on their way: a few for each of Control's connections.
    public static let requestCapacity = 64
    public static let readerLimit = 32
    /// Verifications that may run side by side, one slice each in turn.
    public static let verificationLimit = 4
    /// The same of readings of totals.
    public static let usageLimit = 4
    /// SQLite needs less than 64 KiB here; the rest is for statements over a damaged file.
    static let stackSize = 512 * 1_024

    private let mailboxes: JournalMailboxes
    private let thread: HostThread
    /// What the thread leaves behind.
    private let end = Mailbox<JournalEnd>(capacity: 1)

    /// Starts the thread; it opens the file at once, in the background, and answers `.opened`.
    public init(
        settings: StoreSettings, windows: CommitWindows = CommitWindows(),
        listener: any JournalListener
    ) throws(JournalError) {
        mailboxes = JournalMailboxes()
        let start = JournalThreadStart(
            settings: settings, windows: windows, mailboxes: mailboxes, listener: listener)
        let end = end
        do throws(HostThread.Refused) {
            thread = try HostThread(trying: "journal", stack: Self.stackSize) {
                _ = end.post(start.run())
            }
        } catch {
            throw JournalError(
                .unexpected, code: error.errno, "cannot start the journal's thread")
        }
    }

    /// Hands over an entry. Never blocks.
    public func take(_ entry: Entry) -> Bool { mailboxes.entries.post(entry) == nil }

    /// Asks for entries after a cursor, or from the beginning; answered with `.slice`.
    public func requestSlice(
        after cursor: Cursor?, limit: Int, request: UInt64, reply: any JournalReader
    ) -> Bool {
        ask(.slice(after: cursor, limit: limit), request, reply)
    }

    /// Asks for a proof of the entries `first` to `last`; answered with `.verification`.
    public func requestVerification(
        from first: UInt64 = 1, to last: UInt64 = .max, request: UInt64,
        reply: any JournalReader
    ) -> Bool {
        ask(.verify(from: first, to: last), request, reply)
    }

    /// Asks for totals; answered with `.usage`.
    public func requestUsage(
        _ question: UsageQuestion, request: UInt64, reply: any JournalReader
    ) -> Bool {
        ask(.usage(question), request, reply)
    }

    /// Asks for the counters; answered with `.metrics`.
    public func requestMetrics(request: UInt64, reply: any JournalReader) -> Bool {
        ask(.metrics, request, reply)
    }

    /// Has a state file replaced on this thread, between commits; answered with `.saved`.
    public func save(
        _ content: [UInt8], to file: StateFile, request: UInt64, reply: any JournalReader
    ) -> Bool {
        ask(.save(content, file), request, reply)
    }

    /// From now on, tells the reader `.grew` after each commit, until `unsubscribe`.
    public func subscribe(_ reader: any JournalReader) -> Bool { ask(.subscribe, 0, reader) }

    public func unsubscribe(_ reader: any JournalReader) -> Bool { ask(.unsubscribe, 0, reader) }

    private func ask(
        _ question: JournalRequest.Question, _ number: UInt64, _ reader: any JournalReader
    ) -> Bool {
        let request = JournalRequest(question: question, number: number, reader: reader)
        return mailboxes.requests.post(request) == nil
    }

    /// Commits everything, copies the log into the file, and ends the thread. Blocks until then;
    /// call it once.
    ///
    /// - Parameter rest: entries after those that were taken, oldest first: there is no later.
    public func stop(_ rest: [Entry] = []) -> JournalEnd {
        _ = mailboxes.stopping.post(rest)
        thread.join()
        var left = JournalEnd(left: 0, last: nil)
        _ = end.drain(limit: 1) { left = $0 }
        return left
    }
}

/// How a journal's thread ended.
public struct JournalEnd: Sendable {
    /// Entries that may not have been written. When the last commit failed, the log may hold it all
    /// the same, and the next opening finds it there.
    public let left: Int
    /// The newest entry on the medium; nil when the file could not be opened.
    public let last: Cursor?
}

/// A question and where its answer goes.
struct JournalRequest: Sendable {
    enum Question: Sendable {
        case slice(after: Cursor?, limit: Int)
        case verify(from: UInt64, to: UInt64)
        case metrics
        case usage(UsageQuestion)
        case save([UInt8], StateFile)
        case subscribe
        case unsubscribe
    }

    let question: Question
    let number: UInt64
    let reader: any JournalReader
}

/// The thread's three doors, so that entries never queue behind questions.
struct JournalMailboxes: Sendable {
    let entries = Mailbox<Entry>(capacity: JournalThread.entryCapacity)
    let requests = Mailbox<JournalRequest>(capacity: JournalThread.requestCapacity)
    let stopping = Mailbox<[Entry]>(capacity: 1)
}

/// What the new thread is given.
final class JournalThreadStart: Sendable {
    private let settings: StoreSettings
    private let windows: CommitWindows
    private let mailboxes: JournalMailboxes
    private let listener: any JournalListener

    init(
        settings: StoreSettings, windows: CommitWindows, mailboxes: JournalMailboxes,
        listener: any JournalListener
    ) {
        self.settings = settings
        self.windows = windows
        self.mailboxes = mailboxes
        self.listener = listener
    }

    func run() -> JournalEnd {
        var work = JournalWork(
            recorder: Recorder(settings: settings, windows: windows), settings: settings,
            mailboxes: mailboxes, listener: listener)
        return work.run()
    }
}
