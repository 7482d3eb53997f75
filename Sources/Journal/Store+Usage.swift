// Totals of uses, kept in the transactions of the entries they count.

import EventLoop
import StationCore

/// What there is to do with the totals when nothing else is going on.
struct UsageChoreList {
    /// Other boots that left undated rows, the anchored ones with their anchor.
    var boots: [(boot: BootID, anchor: UsageChange.Anchor?)] = []
    /// This boot's undated rows can be dated now.
    var datesOwn = false
    /// Old rows are looked for once an hour.
    var retires = true

    var isEmpty: Bool { boots.isEmpty && !datesOwn && !retires }
}

extension UsageKey {
    /// What the hours are noted of in which a station was up: everything it has.
    static func all(_ names: EntryNames) -> [UsageKey] {
        names.services.map { UsageKey(.service, $0) } + names.doors.map { UsageKey(.door, $0) }
            + [UsageKey(.visits)]
    }
}

extension Store {
    // MARK: Counting

    /// Counts an entry that is being written.
    mutating func count(_ entry: Entry) {
        let time = EntryTime(
            boot: settings.boot, bootTime: entry.bootTime, wall: entry.wall,
            quality: entry.quality)
        usage.take(
            time, at: entry.at, UsageFact(entry.event, settings.names),
            UsageSighting(entry.event, key: entry.key, holder: entry.holder), into: &counted)
    }

    /// What was counted is durable.
    mutating func noteCounted() {
        if !counted.anchors.isEmpty, usage.undated > 0 { chores.datesOwn = true }
        if !counted.hours.isEmpty { chores.retires = true }
        counted = UsageChange()
    }

    // MARK: When nothing else is going on

    /// When the totals want something done.
    var choreDue: Instant? { chores.isEmpty ? usage.markDue : Instant(nanoseconds: .min) }

    /// Does one thing in one small transaction: notes an hour in which nothing happened, dates what
    /// could not be dated before, or puts old rows together.
    ///
    /// Throws with nothing done; it is due again.
    mutating func doChore(at now: Instant) throws(JournalError) {
        let before = (usage, chores)
        do throws(JournalError) {
            try statements.begin.run()
            try doChoreInside(at: now)
            try statements.commit.run()
        } catch {
            if database.isInTransaction { try? statements.rollback.run() }
            (usage, chores) = before
            throw error
        }
    }

    private mutating func doChoreInside(at now: Instant) throws(JournalError) {
        if chores.datesOwn, let anchor = usage.anchor {
            chores.datesOwn = try UsageChores.date(
                anchor, utcOffset: Int64(settings.utcOffset), database)
            // What lies beyond the limit stays, and is nobody's to be dated.
            if !chores.datesOwn { usage.undated = 0 }
        } else if let next = chores.boots.first {
            var hasMore = false
            if let anchor = next.anchor {
                hasMore = try UsageChores.date(
                    anchor, utcOffset: Int64(settings.utcOffset), database)
            }
            if !hasMore { hasMore = try UsageChores.leaveUndated(next.boot, database) }
            if !hasMore { chores.boots.removeFirst() }
        } else if chores.retires {
            chores.retires = false
            if let today = usage.today { try UsageChores.retire(today: today, database) }
        } else {
            var change = UsageChange()
            usage.mark(at: now, into: &change)
            chores.retires = true
            try statements.usage.write(change, subjects: subjects)
        }
    }

    // MARK: Opening

    /// How far back people are looked for who may still be on their visit.
    private static let recalledEntries: UInt64 = 4_096
    /// Entries of a file of version 1 that are counted when it is brought to this version: a week
    /// of a busy station. They are read before anything is written, so there may not be more.
    private static let countedEntries: UInt64 = 65_536

    /// What the totals have to know of the runs before.
    static func recall(
        _ database: borrowing Database, _ head: Head, _ settings: StoreSettings
    ) throws(JournalError) -> (UsageCounter, UsageChoreList) {
        let lastDay = try database.integer("SELECT max(day) FROM usage_hours") ?? 0
        // No station was up before 1970, or will be in the year 30,000.
        var counter = UsageCounter(
            utcOffset: settings.utcOffset, lastDay: min(max(lastDay, 0), 10_000_000))
        var unused = UsageChange()
        try read(
            from: head.sequence - min(head.sequence, recalledEntries) + 1,
            "AND kind IN ('access.granted', 'access.passGranted', 'use.began')", database
        ) { row in
            counter.take(row.time, at: nil, nil, row.sighting, into: &unused)
            unused = UsageChange()
        }
        let waiting = try database.prepare(
            "SELECT count(*) FROM usage_undated WHERE boot = ?1 AND time >= 0")
        waiting.bind(1, copying: settings.boot)
        let undated = try waiting.step() ? Int(clamping: waiting.integer(0)) : 0
        let anchor = try anchor(of: settings.boot, database)
        counter.resume(settings.boot, anchor: anchor, undated: undated)
        var chores = UsageChoreList()
        chores.datesOwn = anchor != nil && undated > 0
        let boots = try database.prepare("SELECT DISTINCT boot FROM usage_undated")
        while try boots.step() {
            let boot = BootID(bits: boots.wide(0) ?? 0)
            if boot != settings.boot {
                chores.boots.append((boot, try Self.anchor(of: boot, database)))
            }
        }
        return (counter, chores)
    }

    private static func anchor(
        of boot: BootID, _ database: borrowing Database
    ) throws(JournalError) -> UsageChange.Anchor? {
        let row = try database.prepare(
            "SELECT boottime, wall, source FROM clock_anchor WHERE boot = ?1 "
                + "ORDER BY number LIMIT 1")
        row.bind(1, copying: boot)
        guard try row.step() else { return nil }
        let source = row.text(2)
        return UsageChange.Anchor(
            boot: boot, bootTime: row.integer(0), wall: WallTime(milliseconds: row.integer(1)),
            quality: ClockQuality.allCases.first { $0.name == source } ?? .holdover)
    }

    /// A row of the journal, as far as totals are concerned.
    private struct Row {
        var time: EntryTime
        var fact: UsageFact?
        var sighting: UsageSighting?
    }

    private static func read(
        from first: UInt64, _ condition: String, _ database: borrowing Database,
        _ body: (Row) throws(JournalError) -> Void
    ) throws(JournalError) {
        let rows = try database.prepare(
            "SELECT boot, boottime, wall, quality, kind, key, holder, payload FROM entry "
                + "WHERE sequence >= ?1 \(condition) ORDER BY sequence")
        rows.bind(1, Int64(clamping: first))
        while try rows.step() {
            let (kind, payload) = (rows.text(4), rows.text(7))
            try body(
                Row(
                    time: EntryTime(
                        boot: BootID(bits: rows.wide(0) ?? 0), bootTime: rows.integer(1),
                        wall: WallTime(milliseconds: rows.integer(2)),
                        quality: ClockQuality(rawValue: UInt8(clamping: rows.integer(3))) ?? .none),
                    fact: UsageFact(kind: kind, payload: payload),
                    sighting: UsageSighting(
                        kind: kind, payload: payload, key: rows.textOrNil(5),
                        holder: rows.textOrNil(6))))
        }
    }

    /// Brings a file of version 1 to this version, in one transaction: whole, or as it was.
    static func migrate(
        _ database: borrowing Database, _ settings: StoreSettings
    ) throws(JournalError) {
        guard try database.integer("PRAGMA user_version") == 1 else { return }
        try database.execute("BEGIN IMMEDIATE")
        do throws(JournalError) {
            try database.execute(Schema.fromVersion1)
            // Another station's entries are in it until the file is renamed: not ours to count.
            let station = try database.text("SELECT value FROM meta WHERE name = 'station'")
            if station == settings.station { try countOldEntries(database, settings) }
            try insertMeta("schema", "\(Schema.version)", database)
            try database.execute("PRAGMA user_version=\(Schema.version)")
            try database.execute("COMMIT")
        } catch {
            if database.isInTransaction { try? database.execute("ROLLBACK") }
            throw error
        }
    }

    private static func countOldEntries(
        _ database: borrowing Database, _ settings: StoreSettings
    ) throws(JournalError) {
        let head = UInt64(
            clamping: try database.integer("SELECT max(sequence) FROM entry") ?? 0)
        let tables = try UsageTables(database)
        var counter = UsageCounter(utcOffset: settings.utcOffset, lastDay: 0)
        // What the station had then, nobody knows: what an entry names, from that entry on.
        var subjects = [UsageKey(.visits)]
        var change = UsageChange()
        try read(
            from: head - min(head, countedEntries) + 1, "", database
        ) { row throws(JournalError) in
            if let key = row.fact?.key, key.subject != .lost {
                let subject = UsageKey(key.subject, key.name)
                if !subjects.contains(subject) {
                    try tables.write(change, subjects: subjects)
                    change = UsageChange()
                    subjects.append(subject)
                    counter.forgetMark()
                }
            }
            counter.take(row.time, at: nil, row.fact, row.sighting, into: &change)
            guard change.sums.count + change.hours.count >= 64 else { return }
            try tables.write(change, subjects: subjects)
            change = UsageChange()
        }
        try tables.write(change, subjects: subjects)
    }

    /// The file is another station's now.
    static func forgetTotals(_ database: borrowing Database) throws(JournalError) {
        for table in ["usage", "usage_undated", "usage_hours"] {
            try database.execute("DELETE FROM \(table)")
        }
    }
}
