// The tables of totals: what is added to them, what becomes of old rows, how they are read.

import EventLoop
import StationCore

/// What the first column of a total says of its slot. Stored: never renumber.
enum UsageGrain: Int64 {
    /// Days since 1970-01-01: hours that are older than anybody asks for.
    case day = 0
    /// Hours since 1970-01-01 00:00 on the station's clock.
    case hour = 1
    /// The last day that was known before it, of a boot that never knew the time.
    case undated = 2
}

extension Schema {
    /// Since version 2. The only truth about a use is one row: an hour's until the hours are old,
    /// then its day's, so that nothing is there twice. Each table is in the order of its key: a
    /// use costs one page of a commit, and the same page for an hour.
    static let createUsage = """
        -- grain: 0 day, 1 hour, 2 not dated, by the last day that was known before;
        -- subject: 1 service, 2 door, 3 visits, 4 entries lost.
        CREATE TABLE usage(
            grain INTEGER NOT NULL, slot INTEGER NOT NULL, subject INTEGER NOT NULL,
            name TEXT NOT NULL, source INTEGER NOT NULL, unit INTEGER NOT NULL,
            uses INTEGER NOT NULL, failed INTEGER NOT NULL, seconds INTEGER NOT NULL,
            quantity INTEGER NOT NULL, estimated INTEGER NOT NULL,
            PRIMARY KEY(grain, slot, subject, name, source, unit)) STRICT, WITHOUT ROWID;

        -- What a boot counted before its clock was set; moved into `usage` when it is.
        -- time: milliseconds of CLOCK_BOOTTIME, -1 for what will not be dated; since: a day.
        CREATE TABLE usage_undated(
            boot BLOB NOT NULL, time INTEGER NOT NULL, since INTEGER NOT NULL,
            subject INTEGER NOT NULL, name TEXT NOT NULL, source INTEGER NOT NULL,
            unit INTEGER NOT NULL, uses INTEGER NOT NULL, failed INTEGER NOT NULL,
            seconds INTEGER NOT NULL, quantity INTEGER NOT NULL, estimated INTEGER NOT NULL,
            PRIMARY KEY(boot, time, since, subject, name, source, unit)) STRICT, WITHOUT ROWID;

        -- In which hours of a day the station was up and had the thing: bit 0 is 00:00 to 01:00.
        CREATE TABLE usage_hours(
            day INTEGER NOT NULL, subject INTEGER NOT NULL, name TEXT NOT NULL,
            hours INTEGER NOT NULL, PRIMARY KEY(day, subject, name)) STRICT, WITHOUT ROWID;
        """

    static let usageSums = "uses, failed, seconds, quantity, estimated"
    fileprivate static let addSums = """
        DO UPDATE SET uses = uses + excluded.uses, failed = failed + excluded.failed,
        seconds = seconds + excluded.seconds, quantity = quantity + excluded.quantity,
        estimated = estimated + excluded.estimated
        """
    fileprivate static let totalOfSums =
        "sum(uses), sum(failed), sum(seconds), sum(quantity), sum(estimated)"
    fileprivate static let ontoUsage =
        "ON CONFLICT(grain, slot, subject, name, source, unit) \(addSums)"
}

/// The prepared statements of the totals.
struct UsageTables: ~Copyable {
    let add: Statement
    let addUndated: Statement
    let mark: Statement
    let anchor: Statement
    let totals: Statement
    let undated: Statement
    let hours: Statement

    init(_ database: borrowing Database) throws(JournalError) {
        // Locals first: a value without copies cannot be abandoned half made.
        let add = try database.prepare(
            "INSERT INTO usage(grain, slot, subject, name, source, unit, \(Schema.usageSums)) "
                + "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11) \(Schema.ontoUsage)")
        let addUndated = try database.prepare(
            "INSERT INTO usage_undated(boot, time, since, subject, name, source, unit, "
                + "\(Schema.usageSums)) VALUES(?1,?2,?12,?3,?4,?5,?6,?7,?8,?9,?10,?11) "
                + "ON CONFLICT(boot, time, since, subject, name, source, unit) \(Schema.addSums)")
        let mark = try database.prepare(
            "INSERT INTO usage_hours(day, subject, name, hours) VALUES(?1, ?2, ?3, ?4) "
                + "ON CONFLICT(day, subject, name) DO UPDATE SET hours = hours | excluded.hours")
        let anchor = try database.prepare(
            "INSERT INTO clock_anchor(boot, boottime, wall, source, error) VALUES(?1,?2,?3,?4,0)")
        let totals = try database.prepare(
            "SELECT slot, subject, name, source, unit, \(Schema.usageSums) FROM usage "
                + "WHERE grain = ?1 AND slot <= ?2 "
                + "AND (slot, subject, name, source, unit) > (?3, ?4, ?5, ?6, ?7) "
                + "ORDER BY slot, subject, name, source, unit LIMIT ?8")
        let undated = try database.prepare(
            "SELECT since, subject, name, source, unit, \(Schema.usageSums), boot, time "
                + "FROM usage_undated WHERE (boot, time, since, subject, name, source, unit) "
                + "> (?1, ?2, ?3, ?4, ?5, ?6, ?7) "
                + "ORDER BY boot, time, since, subject, name, source, unit LIMIT ?8")
        let hours = try database.prepare(
            "SELECT day, subject, name, hours FROM usage_hours WHERE day <= ?1 "
                + "AND (day, subject, name) > (?2, ?3, ?4) ORDER BY day, subject, name LIMIT ?5")
        self.add = add
        self.addUndated = addUndated
        self.mark = mark
        self.anchor = anchor
        self.totals = totals
        self.undated = undated
        self.hours = hours
    }

    // MARK: Adding, inside a transaction

    /// Writes what a transaction counted.
    ///
    /// - Parameter subjects: what the station has: noted for each hour in which it was up.
    func write(
        _ change: UsageChange, subjects: [UsageKey]
    ) throws(JournalError) {
        for anchor in change.anchors { try write(anchor) }
        for sum in change.sums {
            switch sum.place {
            case .hour(let hour):
                add.bind(1, UsageGrain.hour.rawValue)
                add.bind(2, hour)
                try run(add, sum)
            case .undated(let boot, let milliseconds, let since):
                addUndated.bind(1, copying: boot)
                addUndated.bind(2, milliseconds)
                addUndated.bind(12, since)
                try run(addUndated, sum)
            }
        }
        for hour in change.hours {
            let day = UsageCounter.quotient(hour, 24)
            for subject in subjects {
                mark.bind(1, day)
                mark.bind(2, Int64(subject.subject.rawValue))
                mark.bind(3, copying: subject.name)
                mark.bind(4, 1 << (hour - day * 24))
                try mark.run()
            }
        }
    }

    private func run(
        _ statement: borrowing Statement, _ sum: UsageChange.Sum
    ) throws(JournalError) {
        statement.bind(3, Int64(sum.key.subject.rawValue))
        statement.bind(4, copying: sum.key.name)
        statement.bind(5, Int64(sum.key.source))
        statement.bind(6, Int64(sum.key.unit))
        statement.bind(7, sum.totals.uses)
        statement.bind(8, sum.totals.failed)
        statement.bind(9, sum.totals.seconds)
        statement.bind(10, sum.totals.quantity)
        statement.bind(11, sum.totals.estimated)
        try statement.run()
    }

    private func write(_ met: UsageChange.Anchor) throws(JournalError) {
        anchor.bind(1, copying: met.boot)
        anchor.bind(2, met.bootTime)
        anchor.bind(3, met.wall.milliseconds)
        anchor.bind(4, copying: met.quality.name)
        try anchor.run()
    }
}

/// What is done with rows when nothing else is going on: one small transaction each.
enum UsageChores {
    /// So many days of hours are kept, and then their days' sums.
    static let hourDays: Int64 = 90
    /// Three years, to the day before the first.
    static let days: Int64 = 1_096
    /// Anchors of boots: enough to date entries of as many boots as anybody looks at.
    static let anchors: Int64 = 4_096
    /// Undated rows that one transaction moves.
    static let portion: Int64 = 256

    /// Moves undated rows of a boot into its hours, as far as a portion goes.
    ///
    /// - Returns: whether there are more.
    static func date(
        _ anchor: UsageChange.Anchor, utcOffset: Int64, _ database: borrowing Database
    ) throws(JournalError) -> Bool {
        guard let last = try end(of: anchor.boot, from: 0, database) else { return false }
        // Whole hours of the station's clock; no boot was before 1970, so nothing is below zero.
        let shift =
            anchor.wall.milliseconds &- anchor.bootTime / 1_000_000 &+ utcOffset * 1_000
        try move(
            anchor.boot, from: 0, to: last, .hour, slot: "max(time + \(shift), 0) / 3600000",
            database)
        return try end(of: anchor.boot, from: 0, database) != nil
    }

    /// Gives up rows of a boot that ended without knowing the time: they are never dated.
    ///
    /// - Returns: whether there are more.
    static func leaveUndated(
        _ boot: BootID, _ database: borrowing Database
    ) throws(JournalError) -> Bool {
        guard let last = try end(of: boot, from: -1, database) else { return false }
        try move(boot, from: -1, to: last, .undated, slot: "since", database)
        return try end(of: boot, from: -1, database) != nil
    }

    /// The time of the last row of the next portion, `nil` when there is none.
    private static func end(
        of boot: BootID, from first: Int64, _ database: borrowing Database
    ) throws(JournalError) -> Int64? {
        let rows = try database.prepare(
            "SELECT max(time) FROM (SELECT time FROM usage_undated WHERE boot = ?1 "
                + "AND time >= ?2 ORDER BY time LIMIT ?3)")
        rows.bind(1, copying: boot)
        rows.bind(2, first)
        rows.bind(3, portion)
        guard try rows.step(), !rows.isNull(0) else { return nil }
        return rows.integer(0)
    }

    private static func move(
        _ boot: BootID, from first: Int64, to last: Int64, _ grain: UsageGrain, slot: String,
        _ database: borrowing Database
    ) throws(JournalError) {
        for sql in [
            "INSERT INTO usage(grain, slot, subject, name, source, unit, \(Schema.usageSums)) "
                + "SELECT \(grain.rawValue), \(slot), subject, name, source, unit, "
                + "\(Schema.totalOfSums) FROM usage_undated WHERE boot = ?1 "
                + "AND time BETWEEN ?2 AND ?3 GROUP BY \(slot), subject, name, source, unit "
                + Schema.ontoUsage,
            "DELETE FROM usage_undated WHERE boot = ?1 AND time BETWEEN ?2 AND ?3",
        ] {
            let statement = try database.prepare(sql)
            statement.bind(1, copying: boot)
            statement.bind(2, first)
            statement.bind(3, last)
            try statement.run()
        }
    }

    /// Puts the oldest day's hours together when they are old, and forgets the oldest day when it
    /// is. One day of each: a clock that is far ahead for an hour costs no more.
    static func retire(today: Int64, _ database: borrowing Database) throws(JournalError) {
        let oldest = try database.integer("SELECT min(slot) FROM usage WHERE grain = 1")
        if let oldest {
            let day = UsageCounter.quotient(oldest, 24)
            if day < today - hourDays {
                let hours = "grain = 1 AND slot BETWEEN \(day * 24) AND \(day * 24 + 23)"
                try database.execute(
                    "INSERT INTO usage(grain, slot, subject, name, source, unit, "
                        + "\(Schema.usageSums)) SELECT 0, \(day), subject, name, source, unit, "
                        + "\(Schema.totalOfSums) FROM usage WHERE \(hours) "
                        + "GROUP BY subject, name, source, unit \(Schema.ontoUsage)")
                try database.execute("DELETE FROM usage WHERE \(hours)")
            }
        }
        let first = today - days
        for grain in [UsageGrain.day, .undated] {
            try database.execute(
                "DELETE FROM usage WHERE grain = \(grain.rawValue) AND slot < \(first) "
                    + "AND slot = (SELECT min(slot) FROM usage WHERE grain = \(grain.rawValue))")
        }
        try database.execute(
            "DELETE FROM usage_hours WHERE day < \(first) "
                + "AND day = (SELECT min(day) FROM usage_hours)")
        try database.execute(
            "DELETE FROM clock_anchor "
                + "WHERE number <= (SELECT max(number) FROM clock_anchor) - \(anchors)")
    }
}

extension Statement {
    /// A boot's id as its 16 bytes.
    func bind(_ index: Int32, copying boot: BootID) {
        withUnsafeBytes(of: boot.bits.bigEndian) { bind(index, copyingBlob: $0) }
    }
}
