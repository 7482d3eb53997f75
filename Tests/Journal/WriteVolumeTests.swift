// What a day of a station writes: an SD card is worn out by it, or not.

import CSQLite
import EventLoop
import Glibc
import StationCore
import Testing

@testable import Journal

/// SQLite's usual file system, with a count of what is written through it. One test uses it.
private enum CountingFileSystem {
    static let name = "counting-for-tests"

    nonisolated(unsafe) static var bytes: Int64 = 0
    nonisolated(unsafe) private static var usual = sqlite3_vfs_find(nil)!
    nonisolated(unsafe) private static var usualMethods: UnsafePointer<sqlite3_io_methods>?
    /// A database's methods lock, a log's do not; writing is the same in both.
    nonisolated(unsafe) private static let databaseMethods =
        UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    nonisolated(unsafe) private static let logMethods =
        UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)

    static let register: Void = {
        let counting = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        counting.initialize(to: usual.pointee)
        counting.pointee.zName = UnsafePointer(strdup(name))
        counting.pointee.pNext = nil
        counting.pointee.xOpen = { _, path, file, flags, got in
            let code = usual.pointee.xOpen(usual, path, file, flags, got)
            guard code == SQLITE_OK, let file, let opened = file.pointee.pMethods else {
                return code
            }
            usualMethods = opened
            let methods = flags & SQLITE_OPEN_MAIN_DB != 0 ? databaseMethods : logMethods
            methods.initialize(to: opened.pointee)
            methods.pointee.xWrite = { file, content, count, offset in
                bytes += Int64(count)
                return usualMethods!.pointee.xWrite(file, content, count, offset)
            }
            file.pointee.pMethods = UnsafePointer(methods)
            return code
        }
        sqlite3_vfs_register(counting, 0)
    }()
}

@Suite struct `A day of a busy station` {
    private static let samplesAMinute: Int64 = 4

    /// 3,000 taps and four samples a minute: 8,760 entries, of which 3,000 count.
    @Test func `writes at most 45 MB, totals and checkpoints included`() throws {
        CountingFileSystem.register
        let directory = try TemporaryDirectory()
        var run = JournalRun(settings(directory, fileSystem: CountingFileSystem.name))
        let taps: Int64 = 3_000
        let ends = Int64(86_400_000)
        var moments = (0..<taps).map { (at: $0 * ends / taps, isTap: true) }
        moments += (0..<1_440 * Self.samplesAMinute).map {
            (at: $0 * 60_000 / Self.samplesAMinute + 7, isTap: false)
        }
        moments.sort { $0.at < $1.at }
        let sample = Event.pointSampled(
            device: DeviceID(0), point: 0, value: DecimalNumber(12_345), quality: .good)
        for (number, moment) in moments.enumerated() {
            run.pass(until: Instant(nanoseconds: moment.at * 1_000_000))
            let holder = ShortText(moment.isTap ? "rider-\(number % 400)" : "") ?? .empty
            let isTaken = run.write(
                Entry(
                    ticket: Ticket(number: UInt64(number) + 1), at: run.now, calendar: calendar,
                    event: moment.isTap ? grant : sample, key: holder, holder: holder))
            #expect(isTaken)
        }
        run.pass(until: Instant(nanoseconds: (ends + 3_600_000) * 1_000_000))
        let metrics = run.recorder.metrics
        #expect(metrics.entries == 8_760)
        let megabytes = Double(CountingFileSystem.bytes) / 1e6
        #expect(megabytes > 5 && megabytes <= 45, "\(megabytes) MB, \(metrics.commits) commits")
        // What is counted is in it, or the figure would say nothing.
        let first = CivilDate(year: 2_026, month: 9, day: 21)!
        let question = try #require(
            UsageQuestion(from: first, to: first.adding(days: 1), by: .service))
        let groups = try run.usage(question)
        let uses = groups.filter { $0.subject == .door }.flatMap(\.rows)
            .reduce(0) { $0 + $1.totals.uses }
        #expect(uses == taps)
    }
}
