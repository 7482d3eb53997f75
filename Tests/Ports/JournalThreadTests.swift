// The journal's thread with a real file, real mailboxes, and waiting on descriptors only.

import CLinux
import EventLoop
import Glibc
import Journal
import Ports
import StationCore
import Testing

/// The loop's end of the journal: answers arrive in a mailbox.
private final class Listener: JournalListener {
    let answers = Mailbox<JournalAnswer>(capacity: 4_096)
    let openings = Mailbox<Opening>(capacity: 16)
    let troubles = Mailbox<JournalError>(capacity: 256)

    func journal(_ answer: JournalAnswer) { _ = answers.post(answer) }
    func journal(stands end: Cursor) {}
    func journal(found opening: Opening) { _ = openings.post(opening) }
    func journal(troubled error: JournalError) { _ = troubles.post(error) }
}

private final class Reader: JournalReader {
    struct Reply: Sendable {
        let reply: ReaderAnswer
        let request: UInt64
    }

    let replies = Mailbox<Reply>(capacity: 4_096)

    func journal(_ reply: ReaderAnswer, to request: UInt64) {
        _ = replies.post(Reply(reply: reply, request: request))
    }
}

extension Mailbox {
    /// The next element, as soon as there is one; a test that waits for 20 s has failed.
    fileprivate func next() throws -> Element {
        var found: [Element] = []
        while found.isEmpty {
            var door = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            try #require(poll(&door, 1, 20_000) == 1, "nothing came")
            _ = drain(limit: 1) { found.append($0) }
        }
        return found[0]
    }
}

/// A directory that disappears with the last reference.
private final class Scratch: Sendable {
    let disk: DiskDirectory

    init() throws {
        var template = Array("/tmp/journal-thread-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template))
        disk = DiskDirectory(path: String(cString: made))
    }

    deinit {
        for name in ["", ".corrupt-1"] {
            for suffix in [".sqlite", ".sqlite-wal"] {
                unlink(disk.path(of: "journal\(name)\(suffix)"))
            }
        }
        unlink(disk.path(of: "some.state"))
        rmdir(disk.path)
    }
}

private func settings(_ scratch: Scratch) -> StoreSettings {
    StoreSettings(
        directory: scratch.disk, random: KernelRandom(),
        now: { Instant(nanoseconds: station_clock_monotonic()) },
        wall: { WallTime(milliseconds: station_clock_realtime() / 1_000_000) },
        station: "test", boot: .ofKernel(),
        names: EntryNames(devices: ["reader"], doors: ["door"]))
}

private let granted = Event.granted(
    door: DoorID(0), reader: DeviceID(0), view: .full, note: .none)
private let health = Event.edgesLost(device: DeviceID(0), count: 1)

private func entry(_ number: UInt64, _ event: Event = granted) -> Entry {
    Entry(
        ticket: Ticket(number: number), at: Instant(nanoseconds: station_clock_monotonic()),
        calendar: .unknown, event: event, key: ShortText("key") ?? .empty)
}

/// Every answer up to the commit of a ticket.
private func answers(_ listener: Listener, upTo number: UInt64) throws -> [JournalAnswer] {
    var all: [JournalAnswer] = []
    while true {
        let answer = try listener.answers.next()
        all.append(answer)
        if case .committed(let ticket, _) = answer, ticket.number >= number { return all }
    }
}

@Suite struct `The journal's thread` {
    @Test func `opens by itself and answers each commit in order`() throws {
        let scratch = try Scratch()
        let listener = Listener()
        let thread = try JournalThread(settings: settings(scratch), listener: listener)
        for number in UInt64(1)...500 { #expect(thread.take(entry(number))) }
        let all = try answers(listener, upTo: 500)
        #expect(all.first == .opened(lastSequence: 0))
        var last: UInt64 = 0
        for answer in all.dropFirst() {
            guard case .committed(let ticket, let sequence) = answer else {
                Issue.record("\(answer)")
                continue
            }
            #expect(ticket.number > last)
            #expect(ticket.number == sequence)
            last = ticket.number
        }
        #expect(thread.stop().left == 0)
    }

    @Test func `answers only what another process would find on the medium`() throws {
        let scratch = try Scratch()
        let listener = Listener()
        let thread = try JournalThread(settings: settings(scratch), listener: listener)
        for number in UInt64(1)...40 {
            #expect(thread.take(entry(number)))
            guard case .committed(_, let sequence)? = try answers(listener, upTo: number).last
            else { return }
            // What a power cut at this moment would leave, opened elsewhere.
            let copy = try Scratch()
            // The log first: an idle thread copies it into the file at any moment, and a log that
            // is older than its file does no harm.
            for name in ["journal.sqlite-wal", "journal.sqlite"] {
                let bytes = try #require(try scratch.disk.read(name, limit: 1 << 24))
                try copy.disk.replace(name, with: [bytes[...]])
            }
            var store = try Store.open(settings(copy))
            #expect(store.head.sequence == sequence)
            var verification = try store.beginVerification()
            while !verification.isFinished { try store.advance(&verification) }
            #expect(verification.proven == sequence)
        }
        #expect(thread.stop().left == 0)
    }

    @Test func `lets the cheap wait, and ride along with the precious, in order`() throws {
        let scratch = try Scratch()
        let listener = Listener()
        let reader = Reader()
        let windows = CommitWindows(p1: .seconds(3_600), p2: .seconds(3_600))
        let thread = try JournalThread(
            settings: settings(scratch), windows: windows, listener: listener)
        #expect(try listener.answers.next() == .opened(lastSequence: 0))
        #expect(thread.take(entry(1, health)))
        #expect(thread.take(entry(2, .opened(door: DoorID(0)))))
        // Questions are served after entries, so by now both wait.
        var waiting = 0
        while waiting < 2 {
            #expect(thread.requestMetrics(request: 1, reply: reader))
            guard case .metrics(let metrics, let count, _) = try reader.replies.next().reply
            else { return }
            #expect(metrics.commits == 0)
            waiting = count
        }
        #expect(thread.take(entry(3)))
        #expect(
            try listener.answers.next()
                == .committed(upTo: Ticket(number: 3), lastSequence: 3))
        #expect(thread.requestSlice(after: nil, limit: 64, request: 2, reply: reader))
        guard case .slice(let slice) = try reader.replies.next().reply else { return }
        #expect(
            slice.entries.map(\.kind) == ["device.edgesLost", "door.opened", "access.granted"])
        #expect(thread.stop().left == 0)
    }

    @Test func `tells subscribers of growth, and reads and verifies for them`() throws {
        let scratch = try Scratch()
        let listener = Listener()
        let reader = Reader()
        let thread = try JournalThread(settings: settings(scratch), listener: listener)
        #expect(thread.subscribe(reader))
        for number in UInt64(1)...300 { #expect(thread.take(entry(number))) }
        var seen: UInt64 = 0
        while seen < 300 {
            guard case .grew(let end) = try reader.replies.next().reply else {
                Issue.record("not growth")
                return
            }
            #expect(end.sequence >= seen)
            seen = end.sequence
        }
        #expect(thread.unsubscribe(reader))
        #expect(thread.requestVerification(request: 8, reply: reader))
        let proof = try reader.replies.next()
        guard case .verification(let verification) = proof.reply else { return }
        #expect(proof.request == 8)
        #expect(verification.proven == 300)
        #expect(verification.broken == nil)

        var cursor: Cursor?
        var read: [UInt64] = []
        repeat {
            #expect(thread.requestSlice(after: cursor, limit: 50, request: 9, reply: reader))
            guard case .slice(let slice) = try reader.replies.next().reply else { return }
            read += slice.entries.map(\.sequence)
            cursor = slice.next
            if !slice.hasMore { break }
        } while true
        #expect(read == Array(1...300))
        #expect(thread.stop().left == 0)
    }

    @Test func `commits what waits when it is told to stop, and cuts the log`() throws {
        let scratch = try Scratch()
        let listener = Listener()
        let thread = try JournalThread(
            settings: settings(scratch), windows: CommitWindows(p2: .seconds(3_600)),
            listener: listener)
        for number in UInt64(1)...10 { #expect(thread.take(entry(number, health))) }
        #expect(thread.stop().left == 0)
        #expect(scratch.disk.size(of: "journal.sqlite-wal") == 0)
        let store = try Store.open(settings(scratch))
        #expect(store.head.sequence == 10)
        #expect(store.opening == .opened)
    }

    @Test func `writes what was never handed over when it is told to stop, however much`() throws {
        let scratch = try Scratch()
        let thread = try JournalThread(settings: settings(scratch), listener: Listener())
        for number in UInt64(1)...10 { #expect(thread.take(entry(number, health))) }
        let rest = (UInt64(11)...9_000).map { entry($0, $0 % 2 == 0 ? health : granted) }
        #expect(thread.stop(rest).left == 0)
        let store = try Store.open(settings(scratch))
        #expect(store.head.sequence == 9_000)
    }

    @Test func `refuses what it has no room for, so that it loses nothing without a word`() throws {
        let scratch = try Scratch()
        var nowhere = settings(scratch)
        nowhere.directory = DiskDirectory(path: scratch.disk.path + "/missing")
        let thread = try JournalThread(settings: nowhere, listener: Listener())
        let all = 4 * UInt64(JournalThread.entryCapacity)
        let rest = (1...all).map { entry($0) }.filter { !thread.take($0) }
        #expect(rest.count >= JournalThread.entryCapacity)
        #expect(thread.stop(rest).left == Int(all))
    }

    @Test func `tells when a damaged file was set aside, and records on`() throws {
        let scratch = try Scratch()
        try scratch.disk.replace("journal.sqlite", with: [Array(0...255)[...]])
        let listener = Listener()
        let thread = try JournalThread(settings: settings(scratch), listener: listener)
        guard case .replaced("journal.corrupt-1.sqlite", _) = try listener.openings.next() else {
            Issue.record("not replaced")
            return
        }
        #expect(thread.take(entry(1)))
        #expect(
            try answers(listener, upTo: 1).last
                == .committed(upTo: Ticket(number: 1), lastSequence: 2))
        #expect(thread.stop().left == 0)
    }

    @Test func `fails softly where it cannot write, and says why`() throws {
        let scratch = try Scratch()
        var nowhere = settings(scratch)
        nowhere.directory = DiskDirectory(path: scratch.disk.path + "/missing")
        let listener = Listener()
        let reader = Reader()
        let thread = try JournalThread(settings: nowhere, listener: listener)
        #expect(thread.take(entry(1)))
        #expect(try listener.answers.next() == .failed)
        #expect(try listener.troubles.next().kind == .denied)
        #expect(thread.requestSlice(after: nil, limit: 1, request: 3, reply: reader))
        guard case .refused(let error) = try reader.replies.next().reply else { return }
        #expect(error.kind == .denied)
        #expect(thread.stop().left == 1)
    }

    @Test func `replaces state files between commits`() throws {
        let scratch = try Scratch()
        let listener = Listener()
        let reader = Reader()
        let thread = try JournalThread(settings: settings(scratch), listener: listener)
        let file = StateFile(name: "some.state", kind: .snapshot, version: 1, limit: 100)
        #expect(thread.save([1, 2, 3], to: file, request: 4, reply: reader))
        #expect(try reader.replies.next().reply == .saved)
        #expect(try file.read(in: scratch.disk)?.bytes == [1, 2, 3])
        #expect(thread.stop().left == 0)
    }
}
