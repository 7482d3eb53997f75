// Totals of uses: once for each use, in the hour in which it ended, and never a guess.

import CSQLite
import EventLoop
import StationCore
import Testing

@testable import Journal

/// 2026-09-21 22:13:20 in station time, a moment of the shared calendar's run.
private let day = CivilDate(year: 2_026, month: 9, day: 21)!
private let hour: Int64 = 3_600

private func calendar(_ quality: ClockQuality) -> Calendar {
    var calendar = calendar
    calendar.quality = quality
    // Whatever a clock that nobody set says.
    if quality < .holdover { calendar.wallOffset = 0 }
    return calendar
}

private func use(
    _ end: UseEnd = .ended, _ amount: UsageAmount = .once, source: UseSource = .key,
    seconds: UInt32 = 60
) -> Event {
    .useEnded(
        service: ServiceID(0), unit: 0, source: source, end: end, seconds: seconds, amount: amount)
}

/// An entry so many seconds into the run.
private func made(
    _ event: Event, at seconds: Int64, holder: String = "", quality: ClockQuality = .synced
) -> Entry {
    Entry(
        ticket: Ticket(number: UInt64(seconds) + 1),
        at: Instant(nanoseconds: seconds * 1_000_000_000), calendar: calendar(quality),
        event: event, key: ShortText(holder) ?? .empty, holder: ShortText(holder) ?? .empty)
}

extension Store {
    fileprivate mutating func usage(
        _ from: CivilDate = day, _ to: CivilDate? = nil, by grouping: UsageGrouping = .day
    ) throws -> [UsageGroup] {
        let question = try #require(
            UsageQuestion(from: from, to: to ?? from, by: grouping))
        var reading = beginReading(question)
        while !reading.isFinished { try advance(&reading) }
        return reading.groups
    }

    fileprivate mutating func doChores(at now: Instant = Instant(nanoseconds: 0)) throws {
        while let due = choreDue, due <= now { try doChore(at: now) }
    }

    fileprivate mutating func write(_ entries: [Entry]) throws {
        _ = try commit(entries.span)
    }
}

extension [UsageGroup] {
    fileprivate func row(
        _ subject: UsageSubject, _ name: String = "", hour: Int? = nil, isUndated: Bool = false,
        source: UseSource? = .key, _ unit: UsageUnit = .times
    ) -> UsageTotals? {
        group(subject, name, hour: hour, isUndated: isUndated)?.rows
            .first { $0.source == source && $0.unit == unit }?.totals
    }

    fileprivate func group(
        _ subject: UsageSubject, _ name: String = "", hour: Int? = nil, isUndated: Bool = false
    ) -> UsageGroup? {
        first {
            $0.subject == subject && $0.name == name && $0.hour == hour
                && $0.isUndated == isUndated
        }
    }
}

@Suite struct `Totals of uses` {
    @Test func `count each use once, by source and unit, and what came to nothing apart`() throws {
        let directory = try TemporaryDirectory()
        try withStore(settings(directory)) { store throws in
            try store.write([
                made(use(), at: 1), made(use(.timeLimit, source: .button), at: 2),
                made(use(.deviceFailed, .none), at: 3), made(use(.ended, .none), at: 4),
                made(use(.delivered, UsageAmount(500, .millilitres, isEstimated: true)), at: 5),
                made(use(.noFlow, UsageAmount(20, .millilitres)), at: 6),
                made(use(.ended, UsageAmount(3, .times), source: .sensor), at: 7),
            ])
            let found = try store.usage()
            #expect(
                found.row(.service, "lockers")
                    == UsageTotals(uses: 1, failed: 2, seconds: 60, quantity: 1))
            #expect(
                found.row(.service, "lockers", source: .button)
                    == UsageTotals(uses: 1, seconds: 60, quantity: 1))
            #expect(
                found.row(.service, "lockers", .millilitres)
                    == UsageTotals(uses: 2, seconds: 120, quantity: 520, estimated: 1))
            #expect(found.row(.service, "lockers", source: .sensor)?.uses == 3)
            #expect(try store.usage(by: .hour).row(.service, "lockers", hour: 22)?.uses == 1)
            #expect(try store.usage(by: .service).row(.service, "lockers")?.uses == 1)
        }
    }

    @Test func `stand in the same transaction as their entries`() throws {
        let directory = try TemporaryDirectory()
        try withStore(settings(directory, pageLimit: 40)) { store throws in
            var number: Int64 = 0
            let error = #expect(throws: JournalError.self) {
                while true {
                    try store.write((0..<8).map { made(use(), at: number + $0) })
                    number += 8
                }
            }
            #expect(error?.kind == .full)
            #expect(number > 0)
            #expect(Int64(store.head.sequence) == number)
            #expect(try store.usage().row(.service, "lockers")?.uses == number)
        }
        try withStore(settings(directory)) { store throws in
            let before = Int64(store.head.sequence)
            try store.write([made(use(), at: before)])
            #expect(try store.usage().row(.service, "lockers")?.uses == before + 1)
        }
    }

    @Test func `are the same read off the event and off its entry`() throws {
        let sources = UseSource.allCases
        let ends = UseEnd.allCases
        var events: [Event] = [
            grant, .entriesLost(count: 41),
            .passGranted(
                door: DoorID(1), reader: DeviceID(0), use: 1,
                validTo: WallTime(milliseconds: 1), note: .none),
            .passWithdrawn(
                door: DoorID(1), reader: DeviceID(0), use: 1, withdrawn: 1,
                validTo: WallTime(milliseconds: 1)),
            .denied(door: DoorID(0), reader: DeviceID(0), view: nil, reason: .unknown),
        ]
        for source in sources {
            events.append(.useBegan(service: ServiceID(0), unit: 1, source: source))
            for end in ends {
                for amount in [
                    UsageAmount.once, .none, UsageAmount(7, .millilitres, isEstimated: true),
                    UsageAmount(.max, .wattHours), UsageAmount(-5, .wattHours),
                ] {
                    events.append(use(end, amount, source: source, seconds: 1_234))
                }
            }
        }
        let directory = try TemporaryDirectory()
        try withStore(settings(directory)) { store throws in
            try store.write(events.enumerated().map { made($1, at: Int64($0), holder: "rider-1") })
            let read = try store.readAll()
            #expect(read.count == events.count)
            for (entry, event) in zip(read, events) {
                #expect(
                    UsageFact(kind: entry.kind, payload: entry.payload) == UsageFact(event, names),
                    "\(event)")
                let who = ShortText("rider-1") ?? .empty
                #expect(
                    UsageSighting(
                        kind: entry.kind, payload: entry.payload, key: entry.key,
                        holder: entry.holder) == UsageSighting(event, key: who, holder: who),
                    "\(event)")
            }
        }
    }

    @Test func `read no payload that is not whole, and trap on none`() {
        let whole =
            #"{"serviceName":"a\"\u0009b","source":"key","end":"ended","seconds":3,"#
            + #""amount":1,"amountUnit":"times"}"#
        #expect(UsageFact(kind: "use.ended", payload: whole)?.key.name == "a\"\tb")
        let bytes = Array(whole.utf8)
        for length in 0..<bytes.count - 3 {
            let cut = String(decoding: bytes[..<length], as: UTF8.self)
            #expect(UsageFact(kind: "use.ended", payload: cut) == nil, "\(cut)")
        }
        let random = SeededRandom(seed: 7)
        for _ in 0..<2_000 {
            var noise = bytes
            for _ in 0..<3 {
                noise[Int(random.next() % UInt64(noise.count))] = UInt8.random(random)
            }
            _ = UsageFact(kind: "use.ended", payload: String(decoding: noise, as: UTF8.self))
        }
    }

    @Test func `of a pass's use that was taken back are as if it had not been`() throws {
        let directory = try TemporaryDirectory()
        try withStore(settings(directory)) { store throws in
            let pass = Event.passGranted(
                door: DoorID(0), reader: DeviceID(0), use: 1, validTo: WallTime(milliseconds: 1),
                note: .none)
            let back = Event.passWithdrawn(
                door: DoorID(0), reader: DeviceID(0), use: 1, withdrawn: 1,
                validTo: WallTime(milliseconds: 1))
            try store.write([made(pass, at: 1, holder: "p1"), made(pass, at: 2, holder: "p2")])
            try store.write([made(back, at: 3, holder: "p2")])
            #expect(
                try store.usage().row(.door, "east", source: .pass)
                    == UsageTotals(uses: 1, failed: 1, quantity: 1))
        }
    }
}

@Suite struct `Visits by card` {
    @Test func `of one holder within thirty minutes are one`() throws {
        let directory = try TemporaryDirectory()
        func totals(_ store: inout Store) throws -> UsageTotals? {
            try store.usage(day, day.adding(days: 1), by: .service).row(.visits)
        }
        try withStore(settings(directory)) { store throws in
            try store.write([
                made(grant, at: 0, holder: "a"), made(grant, at: 10, holder: "b"),
                made(grant, at: 1_799, holder: "a"),
            ])
            #expect(try totals(&store) == UsageTotals(uses: 2, quantity: 3))
            try store.write([made(grant, at: 1_799 + 1_800, holder: "a")])
            #expect(try totals(&store) == UsageTotals(uses: 3, quantity: 4))
            // A use is a sign of somebody, and no passage.
            try store.write([
                made(
                    .useBegan(service: ServiceID(0), unit: 0, source: .key), at: 3_700, holder: "a")
            ])
            #expect(try totals(&store) == UsageTotals(uses: 3, quantity: 4))
        }
        // Killed and started again: who was here a moment ago is still here.
        try withStore(settings(directory)) { store throws in
            try store.write([made(grant, at: 3_800, holder: "a")])
            #expect(try totals(&store) == UsageTotals(uses: 3, quantity: 5))
        }
        // Another boot, an hour on by the wall: its own clock counts anew.
        var rebooted = settings(directory)
        rebooted.boot = BootID(bits: 0xB008)
        try withStore(rebooted) { store throws in
            var entry = made(grant, at: 3_800 + hour, holder: "a")
            entry.bootTime = 5
            try store.write([entry])
            #expect(try totals(&store) == UsageTotals(uses: 4, quantity: 6))
        }
    }

    @Test func `that a commit could not write are not remembered`() throws {
        let directory = try TemporaryDirectory()
        try withStore(settings(directory, pageLimit: 30)) { store throws in
            var number: Int64 = 0
            #expect(throws: JournalError.self) {
                while true {
                    try store.write([made(grant, at: number, holder: "rider-\(number)")])
                    number += 1
                }
            }
            #expect(try store.usage().row(.visits)?.uses == number)
            #expect(store.usage.markDue != nil)
        }
        try withStore(settings(directory)) { store throws in
            let number = Int64(store.head.sequence)
            try store.write([made(grant, at: number, holder: "rider-\(number)")])
            #expect(try store.usage().row(.visits)?.uses == number + 1)
        }
    }
}

extension UInt8 {
    fileprivate static func random(_ source: SeededRandom) -> UInt8 {
        UInt8(truncatingIfNeeded: source.next())
    }
}
