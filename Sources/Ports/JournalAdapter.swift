// The control socket's way to the journal's thread: questions one way, records the other.

public import Control
import EventLoop
import Journal
import StationCore

/// Translates between the control socket's questions and the journal thread's.
///
/// `ask` runs on the control thread, `journal(_:to:)` on the journal's; each touches only what is
/// its own, and `server` is set before the control thread starts and the journal is subscribed to.
public final class JournalAdapter: JournalDesk, JournalReader, @unchecked Sendable {
    private let thread: JournalThread
    private weak var server: ControlServer?
    /// Where the journal ends, as last told. The journal's thread alone touches it.
    private var end: Cursor?

    public init(thread: JournalThread) { self.thread = thread }

    /// Tells whom to answer, and asks to be told of every commit.
    public func serve(_ server: ControlServer) {
        self.server = server
        _ = thread.subscribe(self)
    }

    public func ask(_ query: JournalQuery, id: RequestID) -> Bool {
        let number = id.number
        switch query {
        case .status:
            return thread.requestMetrics(request: number, reply: self)
        case .read(let after, let limit):
            // A store id that cannot be one of ours is answered like one that we do not know.
            let cursor = after.map {
                Cursor(
                    store: StoreID($0.store) ?? StoreID(bits: 0),
                    sequence: UInt64(clamping: $0.sequence))
            }
            return thread.requestSlice(after: cursor, limit: limit, request: number, reply: self)
        case .verify(let first, let last):
            return thread.requestVerification(
                from: UInt64(clamping: first ?? 1), to: last.map { UInt64(clamping: $0) } ?? .max,
                request: number, reply: self)
        case .usage(let question):
            return thread.requestUsage(question, request: number, reply: self)
        }
    }

    public func journal(_ reply: ReaderAnswer, to request: UInt64) {
        guard let server else { return }
        let id = RequestID(number: request)
        switch reply {
        case .grew(let end):
            self.end = end
            server.journalGrew()
        case .slice(let slice):
            if slice.isContinued {
                server.answer(id, JournalReply.page(JournalPage(slice)))
            } else {
                server.answer(id, JournalReply.refused(.cannotGoOn(slice)))
            }
        case .verification(let verification):
            server.answer(
                id, JournalReply.verified(VerificationRecord(verification, end: end)))
        case .metrics(let metrics, _, let end):
            server.answer(id, JournalReply.status(JournalStatus(metrics, end: end)))
        case .usage(let groups):
            server.answer(id, JournalReply.usage(groups))
        case .refused(let error):
            server.answer(id, JournalReply.refused(ControlError(error)))
        case .saved:
            break
        }
    }
}

extension ControlError {
    /// Why the journal cannot be read, in a word; the log has the sentence.
    fileprivate init(_ error: JournalError) {
        self =
            switch error.kind {
            case .busy: .busy(what: "journal")
            case .closed: .journalUnavailable(state: JournalStatus.State.opening.rawValue)
            case .full, .inputOutput, .corrupt, .denied, .notDurable, .unexpected:
                .journalUnavailable(state: JournalStatus.State.failed.rawValue)
            }
    }

    /// The cursor names a store that this file does not hold, or a place beyond its end.
    fileprivate static func cannotGoOn(_ slice: Slice) -> ControlError {
        .badCursor(
            cursor: "", store: "\(slice.next.store)", oldest: 1,
            newest: Int64(clamping: slice.lastSequence))
    }
}

extension JournalPage {
    fileprivate init(_ slice: Slice) {
        self.init(
            store: "\(slice.next.store)", oldest: slice.lastSequence == 0 ? 0 : 1,
            newest: Int64(clamping: slice.lastSequence),
            entries: slice.entries.map { JournaledEntry($0) }, tombstones: [],
            next: EntryCursor(
                store: "\(slice.next.store)", sequence: Int64(clamping: slice.next.sequence)))
    }
}

extension JournaledEntry {
    fileprivate init(_ entry: StoredEntry) {
        self.init(
            store: "\(entry.store)", sequence: Int64(clamping: entry.sequence),
            boot: "\(entry.boot)", bootTime: entry.bootTime, wall: entry.wall,
            quality: entry.quality, entryClass: entry.entryClass, kind: entry.kind,
            device: entry.device ?? "", key: entry.key ?? "", holder: entry.holder ?? "",
            erased: entry.isErased, payload: Array(entry.payload.utf8),
            digest: "\(entry.digest)")
    }
}

extension VerificationRecord {
    fileprivate init(_ verification: Verification, end: Cursor?) {
        self.init(
            ok: verification.broken == nil, checked: Int64(clamping: verification.proven),
            firstBroken: verification.broken.map { Int64(clamping: $0.sequence) },
            reason: verification.broken?.fault.rawValue, store: end.map { "\($0.store)" } ?? "",
            oldest: Int64(clamping: verification.first),
            newest: Int64(clamping: verification.last), head: "\(verification.digest)")
    }
}

extension JournalStatus {
    fileprivate init(_ metrics: JournalMetrics, end: Cursor?) {
        let state: State =
            if metrics.isFailing { .failed } else if end == nil { .opening } else { .running }
        self.init(
            state: state, store: end.map { "\($0.store)" },
            oldest: Int64(clamping: metrics.oldest), newest: Int64(clamping: end?.sequence ?? 0),
            head: metrics.head.map { "\($0)" }, volatile: false,
            commits: Int64(clamping: metrics.commits), bytes: Int64(clamping: metrics.fileBytes),
            latency: metrics.recent.map { (median: $0.median, p99: $0.p99, max: $0.max) })
    }
}
