// The journal's policy, in a time that the test decides: when commits happen, and when they fail.

import CSQLite
import EventLoop
import StationCore
import Testing

@testable import Journal

/// A recorder with its clock and what it answered.
private struct Desk: ~Copyable {
    var recorder: Recorder
    var now = Instant(nanoseconds: 0)
    var answers: [JournalAnswer] = []

    init(_ settings: StoreSettings, windows: CommitWindows = CommitWindows()) {
        recorder = Recorder(settings: settings, windows: windows)
    }

    /// Offers entries. Returns how many were refused.
    @discardableResult
    mutating func take(_ entries: [Entry]) -> Int {
        var refused = 0
        for entry in entries where !recorder.take(entry, at: now) { refused += 1 }
        return refused
    }

    /// Does everything that is due now, and returns what was answered.
    mutating func settle() -> [JournalAnswer] {
        answers = []
        while recorder.advance(to: now, { answers.append($0) }) {}
        return answers
    }

    mutating func pass(_ interval: Interval) -> [JournalAnswer] {
        now = now + interval
        return settle()
    }

    /// Logs are written and not synced, until the recorder closes the file to open it again.
    mutating func failSyncsUntilClosed() {
        FaultyFileSystem.syncAnswer = SQLITE_IOERR
        _ = settle()
        while recorder.end != nil { _ = pass(.seconds(10)) }
    }

    /// The store that is open now.
    var store: StoreID {
        get throws { try #require(recorder.end?.store) }
    }
}

private func committed(_ ticket: UInt64, _ sequence: UInt64) -> JournalAnswer {
    .committed(upTo: Ticket(number: ticket), lastSequence: sequence)
}

/// With nothing to do, the next thing is that another hour of the station begins.
private let nextHour = Instant(nanoseconds: 2_800_000_000_000)

private func edge(_ number: UInt64) -> Entry { entry(number, .opened(door: DoorID(0))) }

private func health(_ number: UInt64) -> Entry {
    entry(number, .edgesLost(device: DeviceID(0), count: 1))
}

@Suite struct `A recorder` {
    @Test func `opens first, then commits what waited for it`() throws {
        let directory = try TemporaryDirectory()
        var desk = Desk(settings(directory))
        desk.take(entries(1...3))
        #expect(desk.recorder.end == nil)
        #expect(desk.settle() == [.opened(lastSequence: 0), committed(3, 3)])
        #expect(desk.recorder.end?.sequence == 3)
        #expect(desk.recorder.nextDeadline == nextHour)
    }

    @Test func `commits a P0 at once and takes along what waits before it`() throws {
        let directory = try TemporaryDirectory()
        var desk = Desk(settings(directory))
        _ = desk.settle()
        desk.take([health(1), edge(2)])
        #expect(desk.settle() == [])
        #expect(desk.recorder.nextDeadline == desk.now + .seconds(1))
        #expect(desk.pass(.milliseconds(500)) == [])
        desk.take([entry(3)])
        #expect(desk.settle() == [committed(3, 3)])
    }

    @Test func `commits an edge within a second`() throws {
        let directory = try TemporaryDirectory()
        var desk = Desk(settings(directory))
        _ = desk.settle()
        desk.take([edge(1)])
        #expect(desk.pass(.milliseconds(999)) == [])
        #expect(desk.pass(.milliseconds(1)) == [committed(1, 1)])
    }

    @Test func `knows its state of the moment`() throws {
        let directory = try TemporaryDirectory()
        var desk = Desk(settings(directory))
        #expect(desk.recorder.metrics.head == nil)
        desk.take(entries(1...3))
        _ = desk.settle()
        let metrics = desk.recorder.metrics
        #expect(metrics.oldest == 1)
        #expect(metrics.head != nil)
        #expect(!metrics.isFailing)
        #expect(metrics.recent == .init(median: .zero, p99: .zero, max: .zero))
        #expect(metrics.fileBytes >= 3 * 4_096)
    }

    @Test func `cuts a long queue into transactions`() throws {
        let directory = try TemporaryDirectory()
        var desk = Desk(settings(directory))
        desk.take(entries(1...600))
        #expect(
            desk.settle() == [
                .opened(lastSequence: 0), committed(256, 256), committed(512, 512),
                committed(600, 600),
            ])
        #expect(desk.recorder.metrics.commits == 3)
        #expect(desk.recorder.metrics.entries == 600)
        #expect(desk.recorder.metrics.bytesWritten > 100_000)
    }

    @Test func `tries to open again, later and later, and loses nothing`() throws {
        let directory = try TemporaryDirectory()
        var elsewhere = settings(directory)
        let gone = MovingDirectory(DiskDirectory(path: directory.disk.path + "/missing"))
        elsewhere.directory = gone
        var desk = Desk(elsewhere)
        desk.take(entries(1...5))
        #expect(desk.settle() == [.failed])
        #expect(desk.recorder.nextDeadline == desk.now + .milliseconds(100))
        #expect(desk.pass(.milliseconds(99)) == [])
        #expect(desk.pass(.milliseconds(1)) == [.failed])
        #expect(desk.recorder.nextDeadline == desk.now + .milliseconds(200))
        for _ in 0..<20 { _ = desk.pass(.seconds(10)) }
        #expect(desk.recorder.nextDeadline == desk.now + .seconds(10))
        #expect(desk.recorder.lastError?.kind == .denied)
        gone.place = directory.disk
        #expect(desk.pass(.seconds(10)) == [.opened(lastSequence: 0), committed(5, 5)])
    }

    @Test func `closes with everything written and the log cut`() throws {
        let directory = try TemporaryDirectory()
        var desk = Desk(settings(directory))
        _ = desk.settle()
        desk.take([health(1), health(2)])
        var answers: [JournalAnswer] = []
        #expect(desk.recorder.close { answers.append($0) } == 0)
        #expect(answers == [committed(2, 2)])
        #expect(directory.disk.size(of: "journal.sqlite-wal") == 0)
        #expect(throws: JournalError.self) { try desk.recorder.read(after: nil, limit: 1) }
    }

    @Test func `says with its next commit that the file was replaced`() throws {
        let directory = try TemporaryDirectory()
        try directory.overwrite("journal.sqlite", [1, 2, 3])
        var desk = Desk(settings(directory))
        desk.take([entry(1)])
        #expect(desk.settle() == [.opened(lastSequence: 0), committed(1, 2)])
        let read = try desk.recorder.read(after: nil, limit: 10).entries
        #expect(read.map(\.kind) == ["station.storeReplaced", "access.granted"])
        guard case .replaced("journal.corrupt-1.sqlite", _) = desk.recorder.takeNews() else {
            Issue.record("nobody was told")
            return
        }
        #expect(desk.recorder.takeNews() == nil)
    }

    @Test func `copies a grown log when nothing has happened for a second`() throws {
        let directory = try TemporaryDirectory()
        var desk = Desk(settings(directory))
        _ = desk.settle()
        for number in UInt64(1)...600 {
            desk.take([entry(number)])
            _ = desk.settle()
        }
        #expect(desk.recorder.metrics.checkpoints == 0)
        #expect(desk.recorder.nextDeadline != nil)
        _ = desk.pass(.seconds(1))
        #expect(desk.recorder.metrics.checkpoints == 1)
        #expect(desk.recorder.nextDeadline == nextHour)
    }

    @Test func `never lets the log grow without end, however busy`() throws {
        let directory = try TemporaryDirectory()
        var desk = Desk(settings(directory))
        _ = desk.settle()
        for round in UInt64(0)..<160 {
            desk.take(entries((round * 256 + 1)...(round * 256 + 256)))
            _ = desk.settle()
        }
        #expect(desk.recorder.metrics.checkpoints > 0)
        let size = try #require(directory.disk.size(of: "journal.sqlite-wal"))
        #expect(size < (Recorder.forcedFrames + 100) * 4_200)
    }
}

/// These share one switchable file system.
@Suite(.serialized) struct `A recorder whose medium fails` {
    @Test(arguments: [SQLITE_FULL, SQLITE_IOERR | (3 << 8)])
    func `keeps the batch and writes it without a gap when the medium is back`(
        code: Int32
    ) throws {
        FaultyFileSystem.reset()
        defer { FaultyFileSystem.reset() }
        let directory = try TemporaryDirectory()
        var desk = Desk(settings(directory, fileSystem: FaultyFileSystem.name))
        desk.take(entries(1...3))
        #expect(desk.settle() == [.opened(lastSequence: 0), committed(3, 3)])
        FaultyFileSystem.answer = code
        desk.take(entries(4...6))
        #expect(desk.settle() == [.failed])
        #expect(desk.recorder.lastError?.kind == (code == SQLITE_FULL ? .full : .inputOutput))
        #expect(desk.pass(.milliseconds(100)) == [.failed])
        #expect(desk.pass(.milliseconds(200)) == [.failed])
        #expect(desk.recorder.waiting == 3)
        FaultyFileSystem.answer = SQLITE_OK
        let answers = desk.pass(.seconds(10))
        #expect(answers.last == committed(6, 6))
        #expect(desk.recorder.metrics.failures == 3)
        var verification = try desk.recorder.beginVerification(from: 1, to: .max)
        try desk.recorder.advance(&verification)
        #expect(verification.proven == 6)
    }

    @Test func `answers no commit that was not synced`() throws {
        FaultyFileSystem.reset()
        defer { FaultyFileSystem.reset() }
        let directory = try TemporaryDirectory()
        var desk = Desk(settings(directory, fileSystem: FaultyFileSystem.name))
        _ = desk.settle()
        FaultyFileSystem.syncAnswer = SQLITE_IOERR
        desk.take(entries(1...1))
        #expect(desk.settle() == [.failed])
        FaultyFileSystem.syncAnswer = SQLITE_OK
        #expect(desk.pass(.seconds(1)).last == committed(1, 1))
    }

    @Test func `loses nothing when a doubtful commit turns out to be there`() throws {
        FaultyFileSystem.reset()
        defer { FaultyFileSystem.reset() }
        let directory = try TemporaryDirectory()
        var desk = Desk(settings(directory, fileSystem: FaultyFileSystem.name))
        _ = desk.settle()
        let capacity = UInt64(CommitQueue.capacity)
        desk.take((1...10).map { health($0) })
        desk.take(entries(11...capacity))
        desk.failSyncsUntilClosed()
        // The only health entries are in the doubtful batch: none of them may make room now.
        #expect(desk.take(entries((capacity + 1)...(capacity + 1))) == 1)
        FaultyFileSystem.syncAnswer = SQLITE_OK
        #expect(desk.pass(.seconds(10)).contains(committed(256, 256)))
        let read = try desk.recorder.read(after: Cursor(store: desk.store, sequence: 256), limit: 1)
        #expect(read.entries.map(\.key) == ["key-257"])
    }

    @Test func `says what was lost after a doubtful commit that told of losses`() throws {
        FaultyFileSystem.reset()
        defer { FaultyFileSystem.reset() }
        let directory = try TemporaryDirectory()
        var desk = Desk(settings(directory, fileSystem: FaultyFileSystem.name))
        _ = desk.settle()
        let capacity = UInt64(CommitQueue.capacity)
        desk.take(entries(1...capacity))
        desk.take([health(capacity + 1), health(capacity + 2)])
        desk.failSyncsUntilClosed()
        desk.take([health(capacity + 3)])
        FaultyFileSystem.syncAnswer = SQLITE_OK
        #expect(desk.pass(.seconds(10)).last == committed(capacity, capacity + 2))
        let losses = try [UInt64(1), 258].map { sequence in
            let before = try Cursor(store: desk.store, sequence: sequence - 1)
            return try desk.recorder.read(after: before, limit: 1).entries[0].payload
        }
        #expect(losses == [#"{"count":2}"#, #"{"count":1}"#])
    }

    @Test func `counts what found no room, keeps the precious, and says so afterwards`() throws {
        FaultyFileSystem.reset()
        defer { FaultyFileSystem.reset() }
        let directory = try TemporaryDirectory()
        var desk = Desk(settings(directory, fileSystem: FaultyFileSystem.name))
        _ = desk.settle()
        FaultyFileSystem.answer = SQLITE_FULL
        let capacity = UInt64(CommitQueue.capacity)
        // Behind those that the first, doubtful commit tries to write.
        desk.take(entries(1...256))
        desk.take((257...266).map { health($0) })
        desk.take(entries(267...capacity))
        #expect(desk.settle() == [.failed])
        // Four grants push out four of the health entries; the health entry itself finds no room.
        desk.take(entries((capacity + 1)...(capacity + 4)))
        desk.take([health(capacity + 5)])
        #expect(desk.settle().first == .failed)
        #expect(desk.recorder.waiting == CommitQueue.capacity)
        #expect(desk.recorder.metrics.lost == 5)
        FaultyFileSystem.answer = SQLITE_OK
        let answers = desk.pass(.seconds(10))
        #expect(answers.last == committed(capacity + 4, capacity + 1))
        let read = try desk.recorder.read(after: nil, limit: 1).entries
        #expect(read[0].kind == "station.entriesLost")
        #expect(read[0].payload == #"{"count":5}"#)
        let before = try Cursor(store: desk.store, sequence: 257)
        let kinds = try desk.recorder.read(after: before, limit: 7).entries.map(\.kind)
        #expect(kinds[..<6].allSatisfy { $0 == "device.edgesLost" })
        #expect(kinds[6] == "access.granted")
    }

    @Test func `refuses what is precious rather than drop it when nothing cheap can leave`() throws
    {
        FaultyFileSystem.reset()
        defer { FaultyFileSystem.reset() }
        let directory = try TemporaryDirectory()
        var desk = Desk(settings(directory, fileSystem: FaultyFileSystem.name))
        _ = desk.settle()
        FaultyFileSystem.answer = SQLITE_FULL
        let capacity = UInt64(CommitQueue.capacity)
        desk.take(entries(1...capacity))
        #expect(desk.take([entry(capacity + 1), edge(capacity + 2)]) == 2)
        #expect(desk.recorder.metrics.lost == 0)
        FaultyFileSystem.answer = SQLITE_OK
        #expect(desk.pass(.seconds(10)).last == committed(capacity, capacity))
        #expect(desk.take([entry(capacity + 1), edge(capacity + 2)]) == 0)
        #expect(desk.settle() == [committed(capacity + 2, capacity + 2)])
    }

    @Test func `sets a file aside that turns out damaged, and goes on`() throws {
        FaultyFileSystem.reset()
        defer { FaultyFileSystem.reset() }
        let directory = try TemporaryDirectory()
        var desk = Desk(settings(directory, fileSystem: FaultyFileSystem.name))
        desk.take(entries(1...3))
        _ = desk.settle()
        FaultyFileSystem.answer = SQLITE_CORRUPT
        desk.take(entries(4...5))
        var answers: [JournalAnswer] = []
        #expect(desk.recorder.advance(to: desk.now) { answers.append($0) })
        #expect(answers == [.failed])
        FaultyFileSystem.answer = SQLITE_OK
        #expect(desk.settle() == [.opened(lastSequence: 0), committed(5, 3)])
        #expect(desk.recorder.metrics.replaced == 1)
        #expect(
            try desk.recorder.read(after: nil, limit: 10).entries.map(\.kind)
                == ["station.storeReplaced", "access.granted", "access.granted"])
        #expect(directory.names.contains("journal.corrupt-1.sqlite"))
        #expect(directory.names.contains("journal.corrupt-1.sqlite-wal"))
    }
}

/// A directory that can turn up somewhere else.
private final class MovingDirectory: StateDirectory, @unchecked Sendable {
    // Moved by the one thread that uses it.
    var place: DiskDirectory

    init(_ place: DiskDirectory) { self.place = place }

    func path(of name: String) -> String { place.path(of: name) }
    func size(of name: String) -> Int? { place.size(of: name) }
    func rename(_ name: String, to newName: String) throws(JournalError) {
        try place.rename(name, to: newName)
    }
    func sync() throws(JournalError) { try place.sync() }
    func read(_ name: String, limit: Int) throws(JournalError) -> [UInt8]? {
        try place.read(name, limit: limit)
    }
    func replace(_ name: String, with parts: [ArraySlice<UInt8>]) throws(JournalError) {
        try place.replace(name, with: parts)
    }
    func overwrite(
        _ name: String, at offset: Int, with bytes: ArraySlice<UInt8>
    ) throws(JournalError) {
        try place.overwrite(name, at: offset, with: bytes)
    }
}
