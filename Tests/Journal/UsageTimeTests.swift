// When uses happened: hours that were measured, boots that did not know the time, old days.

import EventLoop
import StationCore
import Testing

@testable import Journal

private let day = CivilDate(year: 2_026, month: 9, day: 21)!

private let locker = Event.useEnded(
    service: ServiceID(0), unit: 0, source: .key, end: .ended, seconds: 60, amount: .once)

/// An entry so many seconds into the run of a boot whose clock was set, or not.
private func made(
    _ event: Event = locker, at seconds: Int64, quality: ClockQuality = .synced
) -> Entry {
    var calendar = calendar
    calendar.quality = quality
    if quality < .holdover { calendar.wallOffset = 5 }
    return Entry(
        ticket: Ticket(number: UInt64(seconds) + 1),
        at: Instant(nanoseconds: seconds * 1_000_000_000), calendar: calendar, event: event)
}

extension Store {
    fileprivate mutating func usage(
        _ from: CivilDate = day, _ to: CivilDate? = nil, by grouping: UsageGrouping = .day
    ) throws -> [UsageGroup] {
        let question = try #require(UsageQuestion(from: from, to: to ?? from, by: grouping))
        var reading = beginReading(question)
        while !reading.isFinished { try advance(&reading) }
        return reading.groups
    }

    fileprivate mutating func write(_ entries: [Entry]) throws { _ = try commit(entries.span) }

    /// Everything that waits for its turn; the next hour does not.
    fileprivate mutating func doChores() throws {
        while choreDue == Instant(nanoseconds: .min) { try doChore(at: Instant(nanoseconds: 0)) }
    }

    /// How often the lockers were used, dated and not.
    fileprivate mutating func uses(
        _ from: CivilDate = day, _ to: CivilDate? = nil
    ) throws -> [Int64] {
        let groups = try usage(from, to, by: .service).filter { $0.subject == .service }
        return [false, true].map { isUndated in
            groups.filter { $0.isUndated == isUndated }.flatMap(\.rows)
                .reduce(0) { $0 + $1.totals.uses }
        }
    }
}

@Suite struct `Uses without a clock` {
    @Test func `are counted apart, and dated to the second once it is set`() throws {
        let directory = try TemporaryDirectory()
        try withStore(settings(directory)) { store throws in
            // 22:13:20 and on: 2,799 s later it is still 22 o'clock, 2,800 s later it is 23.
            try store.write([
                made(at: 0, quality: .none), made(at: 2_799, quality: .restored),
                made(at: 2_800, quality: .none),
            ])
            #expect(try store.usage().isEmpty)
            #expect(try store.uses(CivilDate(dayNumber: 0)) == [0, 3])
            try store.write([made(at: 3_000)])
            try store.doChores()
            let hours = try store.usage(by: .hour).filter { $0.subject == .service }
            #expect(hours.first { $0.hour == 22 }?.rows.first?.totals.uses == 2)
            #expect(hours.first { $0.hour == 23 }?.rows.first?.totals.uses == 2)
            #expect(try store.uses(CivilDate(dayNumber: 0)) == [0, 0])
            // From now on the boot's own clock dates what the wall cannot.
            try store.write([made(at: 3_001, quality: .none)])
            #expect(try store.uses() == [5, 0])
        }
    }

    @Test func `count once wherever a kill cuts the dating short`() throws {
        for steps in 0..<6 {
            let directory = try TemporaryDirectory()
            try withStore(settings(directory)) { store throws in
                for number in 0..<600 {
                    try store.write([made(at: Int64(number), quality: .none)])
                }
                try store.write([made(at: 700)])
                for _ in 0..<steps { try store.doChore(at: Instant(nanoseconds: 0)) }
            }
            try withStore(settings(directory)) { store throws in
                try store.doChores()
                #expect(try store.uses() == [601, 0])
                #expect(
                    try store.database.integer("SELECT count(*) FROM usage_undated") == 0)
            }
        }
    }

    @Test func `stay apart for good when their boot ends first`() throws {
        let directory = try TemporaryDirectory()
        try withStore(settings(directory)) { store throws in
            try store.write([made(at: 0)])
        }
        var second = settings(directory)
        second.boot = BootID(bits: 2)
        try withStore(second) { store throws in
            try store.write([made(at: 10, quality: .none), made(at: 11, quality: .none)])
        }
        var third = settings(directory)
        third.boot = BootID(bits: 3)
        try withStore(third) { store throws in
            try store.write([made(at: 86_400)])
            try store.doChores()
            // On the last day that was known before them, or later.
            #expect(try store.uses() == [1, 2])
            #expect(try store.uses(day, day.adding(days: 1)) == [2, 2])
            #expect(try store.uses(day.adding(days: 1)) == [1, 0])
            #expect(try store.database.integer("SELECT count(*) FROM usage_undated") == 0)
        }
    }

    @Test func `take no more room than is theirs`() throws {
        let directory = try TemporaryDirectory()
        try withStore(settings(directory)) { store throws in
            let count = UsageCounter.undatedLimit + 50
            for start in stride(from: 0, to: count, by: 256) {
                try store.write(
                    (start..<min(start + 256, count)).map {
                        made(at: Int64($0), quality: .none)
                    })
            }
            #expect(
                try store.database.integer("SELECT count(*) FROM usage_undated")
                    == Int64(UsageCounter.undatedLimit) + 1)
            try store.write([made(at: 20_000)])
            try store.doChores()
            #expect(
                try store.uses(day, day.adding(days: 1))
                    == [Int64(UsageCounter.undatedLimit) + 1, 0])
            #expect(try store.uses(CivilDate(dayNumber: 0)) == [0, 50])
        }
    }
}

@Suite struct `An hour of a station` {
    @Test func `in which nothing happened is measured, and one in which it was down is not`()
        throws
    {
        let directory = try TemporaryDirectory()
        var run = JournalRun(settings(directory))
        var isTaken = run.write(made(at: 0))
        #expect(isTaken)
        // 22:13:20: the next hour begins in 46 min 40 s, and so on, with nobody at the door.
        let due = run.recorder.nextDeadline
        #expect(due == Instant(nanoseconds: 2_800 * 1_000_000_000))
        run.pass(until: Instant(nanoseconds: (2_800 + 2 * 3_600) * 1_000_000_000))
        _ = run.recorder.close { _ in }
        let later = Instant(nanoseconds: (2_800 + 5 * 3_600) * 1_000_000_000)
        var second = JournalRun(settings(directory), at: later)
        isTaken = second.write(made(at: 2_800 + 5 * 3_600))
        #expect(isTaken)
        let question = try #require(
            UsageQuestion(from: day, to: day.adding(days: 1), by: .hour))
        let groups = try second.usage(question)
        let measured = groups.filter { $0.subject == .door && $0.name == "west" }
            .map { ($0.day?.dayNumber ?? 0) * 24 + ($0.hour ?? 0) - day.dayNumber * 24 }
        #expect(measured == [22, 23, 24, 25, 28])
        #expect(groups.allSatisfy { $0.isMeasured })
    }

    @Test func `is part of its day when it is old, and the sums stay`() throws {
        let directory = try TemporaryDirectory()
        try withStore(settings(directory)) { store throws in
            let days: Int64 = 120
            for number in 0..<days {
                try store.write([made(at: number * 86_400), made(at: number * 86_400 + 4_000)])
                try store.doChores()
            }
            #expect(try store.uses(day, day.adding(days: 130)) == [2 * days, 0])
            #expect(
                try store.database.integer("SELECT count(DISTINCT slot) FROM usage WHERE grain=0")
                    ?? 0 >= 28)
            // An hour of such a day is not 0: nobody knows it any more.
            #expect(try store.usage(by: .hour).isEmpty)
            #expect(try store.uses() == [2, 0])
        }
    }

    @Test func `is forgotten after three years, one day at a time`() throws {
        let directory = try TemporaryDirectory()
        try withStore(settings(directory)) { store throws in
            try store.write([made(at: 0), made(at: 86_400)])
            let old = day.adding(days: 1)
            #expect(try store.uses(day, old) == [2, 0])
            // A clock that is ahead for a moment costs one day, not all.
            try store.write([made(at: 1_200 * 86_400)])
            try store.doChores()
            #expect(try store.uses(old) == [1, 0])
            for number in 0..<20 {
                try store.write([made(at: 1_200 * 86_400 + Int64(number) * 3_600)])
                try store.doChores()
            }
            #expect(try store.uses(day, old) == [0, 0])
            #expect(try store.usage(day, old).isEmpty)
        }
    }
}

@Suite struct `A clock that was far ahead for an hour` {
    @Test func `costs one old day, and no more when it is right again`() throws {
        let directory = try TemporaryDirectory()
        let after: Int64 = 40 * 86_400
        for isRestarted in [false, true] {
            try withStore(settings(directory)) { store throws in
                if !isRestarted {
                    for number in 0..<40 { try store.write([made(at: Int64(number) * 86_400)]) }
                    try store.write([made(at: 2_000 * 86_400)])
                    try store.doChores()
                    #expect(try store.uses(day, day.adding(days: 39)) == [39, 0])
                }
                for number in 0..<50 {
                    let hours = Int64(number + (isRestarted ? 50 : 0))
                    try store.write([made(at: after + hours * 3_600)])
                    try store.doChores()
                }
                #expect(try store.uses(day, day.adding(days: 39)) == [39, 0])
                let old = try store.usage(day.adding(days: 5), day.adding(days: 10), by: .hour)
                #expect(old.count { $0.subject == .service } == 6)
            }
        }
    }
}

@Suite struct `A journal of version 1` {
    private let names = EntryNames(devices: [], doors: OldJournal.doors + ["new-gate"])
    private let day = CivilDate(year: 2_026, month: 11, day: 23)!

    private func settings(_ directory: TemporaryDirectory, station: String) -> StoreSettings {
        var settings = JournalTests.settings(directory, station: station)
        settings.names = names
        return settings
    }

    @Test func `is brought to this version with its uses counted once`() throws {
        let directory = try TemporaryDirectory()
        try directory.overwrite("journal.sqlite", OldJournal.bytes)
        for _ in 0..<2 {
            try withStore(settings(directory, station: OldJournal.station)) { store throws in
                #expect(store.opening == .opened)
                #expect(store.head.sequence == 23)
                #expect(try store.database.integer("PRAGMA user_version") == 2)
                #expect(try store.verify().proven == 23)
                let found = try store.usage(day)
                let doors = found.filter { $0.subject == .door }
                    .map { ($0.name, $0.rows.first?.totals.uses) }
                    .sorted { $0.0 < $1.0 }
                #expect(doors.map(\.0) == OldJournal.doors)
                #expect(doors.map(\.1) == [1, 2, 1, 1])
                let visits = found.first { $0.subject == .visits }
                #expect(visits?.rows.map(\.totals) == [UsageTotals(uses: 4, quantity: 5)])
                #expect(visits?.measuredHours == 1)
            }
        }
        // And goes on from there: one who came a moment before is still on that visit.
        try withStore(settings(directory, station: OldJournal.station)) { store throws in
            let at = Instant(nanoseconds: 0)
            let midnight = Int64(day.dayNumber) * 86_400 - 28_800
            var calendar = calendar
            calendar.wallOffset = (midnight + 8 * 3_600 + 600) * 1_000_000_000
            let arrivals = ["rider-007", "rider-099"].enumerated().map { place, holder in
                Entry(
                    ticket: Ticket(number: UInt64(place) + 1), at: at, calendar: calendar,
                    event: .granted(
                        door: DoorID(0), reader: DeviceID(0), view: .full, note: .none),
                    key: ShortText("k") ?? .empty, holder: ShortText(holder) ?? .empty)
            }
            try store.write(arrivals)
            let visits = try store.usage(day).first { $0.subject == .visits }
            #expect(visits?.rows.map(\.totals) == [UsageTotals(uses: 5, quantity: 7)])
        }
    }

    @Test func `of another station brings none of its uses along`() throws {
        let directory = try TemporaryDirectory()
        try directory.overwrite("journal.sqlite", OldJournal.bytes)
        try withStore(settings(directory, station: "elsewhere")) { store throws in
            #expect(store.opening == .renamed(former: OldJournal.station))
            #expect(try store.usage(day).isEmpty)
        }
    }

    @Test func `that cannot be brought to this version stays as it was`() throws {
        let directory = try TemporaryDirectory()
        try directory.overwrite("journal.sqlite", OldJournal.bytes)
        var full = settings(directory, station: OldJournal.station)
        full.pageLimit = 12
        let error = #expect(throws: JournalError.self) { try withStore(full) { _ in } }
        #expect(error?.kind == .full)
        try withStore(settings(directory, station: OldJournal.station)) { store throws in
            #expect(store.head.sequence == 23)
            #expect(try store.usage(day).filter { $0.subject == .door }.count == 4)
        }
    }
}
