// What the journal's thread does all day: entries first, then one slice of reading, then wait.

import EventLoop
import Glibc
import Journal
import StationCore

/// The state that only the journal's thread touches.
struct JournalWork: ~Copyable {
    private struct Proof {
        var verification: Verification
        let request: JournalRequest
    }

    private var recorder: Recorder
    private let settings: StoreSettings
    private let mailboxes: JournalMailboxes
    private let listener: any JournalListener
    private var readers: [any JournalReader] = []
    private var proofs: [Proof] = []
    private var readings: [(usage: UsageReading, request: JournalRequest)] = []
    private var isStopping = false
    /// Found no room in the recorder, and everything in the mailbox is behind it.
    private var stalled: Entry?
    /// What the core had not handed over when it ended.
    private var rest: [Entry] = []
    /// What subscribers were told last.
    private var toldEnd: Cursor?
    private var toldFailures: UInt64 = 0

    init(
        recorder: consuming Recorder, settings: StoreSettings, mailboxes: JournalMailboxes,
        listener: any JournalListener
    ) {
        self.recorder = recorder
        self.settings = settings
        self.mailboxes = mailboxes
        self.listener = listener
    }

    /// Runs until told to stop.
    mutating func run() -> JournalEnd {
        while !isStopping {
            takeEntries()
            let wrote = recorder.advance(to: settings.now()) { listener.journal($0) }
            if wrote { tell() }
            let served = serveOne()
            if !wrote, !served { wait() }
            _ = mailboxes.stopping.drain(limit: 1) { rest in
                isStopping = true
                self.rest = rest
            }
        }
        let unheard = takeLast()
        _ = recorder.commitAll { listener.journal($0) }
        tell()
        let last = recorder.end
        return JournalEnd(left: unheard + recorder.close { listener.journal($0) }, last: last)
    }

    /// Fills the recorder as far as it goes: behind it the mailbox fills, and then the core's own
    /// outbox, which knows what it drops.
    private mutating func takeEntries() {
        let now = settings.now()
        for _ in 0..<JournalThread.entryCapacity {
            guard let entry = nextEntry() else { return }
            guard recorder.take(entry, at: now) else {
                stalled = entry
                return
            }
        }
    }

    private mutating func nextEntry() -> Entry? {
        if let entry = stalled.take() { return entry }
        var next: Entry?
        _ = mailboxes.entries.drain(limit: 1) { next = $0 }
        return next
    }

    /// Takes everything that was made, committing in between.
    ///
    /// - Returns: how many entries found no room because nothing can be committed.
    private mutating func takeLast() -> Int {
        let now = settings.now()
        let listener = listener
        var (left, isWorking) = (0, true)
        func offer(_ entry: Entry, to recorder: inout Recorder) {
            if recorder.isFull, isWorking {
                isWorking = recorder.commitAll { listener.journal($0) }
            }
            if !recorder.take(entry, at: now) { left += 1 }
        }
        while let entry = nextEntry() { offer(entry, to: &recorder) }
        for entry in rest { offer(entry, to: &recorder) }
        return left
    }

    /// Passes on what has changed with the last step.
    private mutating func tell() {
        if let opening = recorder.takeNews() { listener.journal(found: opening) }
        let failures = recorder.failures
        if failures != toldFailures, let error = recorder.lastError {
            toldFailures = failures
            listener.journal(troubled: error)
        }
        guard let end = recorder.end, end != toldEnd else { return }
        toldEnd = end
        listener.journal(stands: end)
        for reader in readers { reader.journal(.grew(end), to: 0) }
    }

    // MARK: Reading, one slice at a time

    /// Serves one request, one slice of one proof and one of one reading of totals.
    ///
    /// - Returns: whether there was anything to serve.
    private mutating func serveOne() -> Bool {
        var next: JournalRequest?
        _ = mailboxes.requests.drain(limit: 1) { next = $0 }
        if let next { serve(next) }
        let proving = !proofs.isEmpty
        if proving { proveOn() }
        let reading = !readings.isEmpty
        if reading { readOn() }
        return next != nil || proving || reading
    }

    private mutating func serve(_ request: JournalRequest) {
        do throws(JournalError) {
            switch request.question {
            case .slice(let cursor, let limit):
                let slice = try recorder.read(after: cursor, limit: limit)
                request.reader.journal(.slice(slice), to: request.number)
            case .verify(let first, let last):
                guard proofs.count < JournalThread.verificationLimit else {
                    throw JournalError(.busy, "enough verifications are running")
                }
                let verification = try recorder.beginVerification(from: first, to: last)
                proofs.append(Proof(verification: verification, request: request))
            case .metrics:
                let reply = ReaderAnswer.metrics(
                    recorder.metrics, waiting: recorder.waiting, end: recorder.end)
                request.reader.journal(reply, to: request.number)
            case .usage(let question):
                guard readings.count < JournalThread.usageLimit else {
                    throw JournalError(.busy, "enough totals are being read")
                }
                readings.append((try recorder.beginReading(question), request))
            case .save(let content, let file):
                try file.write(content[...], in: settings.directory)
                request.reader.journal(.saved, to: request.number)
            case .subscribe:
                guard readers.count < JournalThread.readerLimit else {
                    throw JournalError(.busy, "enough readers are subscribed")
                }
                readers.append(request.reader)
            case .unsubscribe:
                readers.removeAll { $0 === request.reader }
            }
        } catch {
            request.reader.journal(.refused(error), to: request.number)
        }
    }

    /// One slice of the oldest proof, which then goes to the end of the line.
    private mutating func proveOn() {
        var proof = proofs.removeFirst()
        do throws(JournalError) {
            try recorder.advance(&proof.verification)
            if proof.verification.isFinished {
                proof.request.reader.journal(
                    .verification(proof.verification), to: proof.request.number)
            } else {
                proofs.append(proof)
            }
        } catch {
            proof.request.reader.journal(.refused(error), to: proof.request.number)
        }
    }

    /// One slice of the oldest reading of totals, which then goes to the end of the line.
    private mutating func readOn() {
        var (usage, request) = readings.removeFirst()
        do throws(JournalError) {
            try recorder.advance(&usage)
            if usage.isFinished {
                request.reader.journal(.usage(usage.groups), to: request.number)
            } else {
                readings.append((usage, request))
            }
        } catch {
            request.reader.journal(.refused(error), to: request.number)
        }
    }

    // MARK: Waiting

    /// Sleeps until something is posted or due.
    private func wait() {
        var timeout: Int32 = -1
        if let deadline = recorder.nextDeadline {
            let now = settings.now()
            // Rounded up: a wait that ends early would only turn round.
            let left = deadline <= now ? 0 : (deadline - now).nanoseconds / 1_000_000 + 1
            timeout = Int32(clamping: left)
        }
        let events = Int16(POLLIN)
        // While the recorder is full, entries are no reason to wake up; poll skips -1.
        let entries = stalled == nil ? mailboxes.entries.descriptor : -1
        var doors = [
            pollfd(fd: entries, events: events, revents: 0),
            pollfd(fd: mailboxes.requests.descriptor, events: events, revents: 0),
            pollfd(fd: mailboxes.stopping.descriptor, events: events, revents: 0),
        ]
        poll(&doors, 3, timeout)
    }
}
