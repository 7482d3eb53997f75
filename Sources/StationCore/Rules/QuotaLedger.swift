// How much each holder has had today, this week and this month, of what has quotas.
//
//   a use ends ─ its entry ─► counted at once ─► its entry is durable: a snapshot may say so
//   a day begins ─► what was counted of the day before is nothing any more, looked at when asked

/// So much of something.
public struct QuotaTally: Equatable, Sendable {
    public var uses: UInt32
    /// In the unit of what is used: mL or Wh.
    public var amount: UInt32
    public var seconds: UInt32

    public init(uses: UInt32 = 0, amount: UInt32 = 0, seconds: UInt32 = 0) {
        self.uses = uses
        self.amount = amount
        self.seconds = seconds
    }

    static func + (a: Self, b: Self) -> Self {
        Self(
            uses: a.uses.addingSaturating(b.uses), amount: a.amount.addingSaturating(b.amount),
            seconds: a.seconds.addingSaturating(b.seconds))
    }

    /// Without what was never there.
    static func - (a: Self, b: Self) -> Self {
        Self(
            uses: a.uses - min(a.uses, b.uses), amount: a.amount - min(a.amount, b.amount),
            seconds: a.seconds - min(a.seconds, b.seconds))
    }

    /// The most of both.
    func merged(with other: Self) -> Self {
        Self(
            uses: max(uses, other.uses), amount: max(amount, other.amount),
            seconds: max(seconds, other.seconds))
    }

    /// What a quota counts of it. A minute that was begun is not over.
    func of(_ measure: QuotaMeasure) -> UInt32 {
        switch measure {
        case .uses: uses
        case .millilitres, .wattHours: amount
        case .minutes: seconds / 60
        }
    }
}

extension UInt32 {
    fileprivate func addingSaturating(_ other: UInt32) -> UInt32 {
        let (sum, isOver) = addingReportingOverflow(other)
        return isOver ? .max : sum
    }
}

/// What a holder has had of one subject.
public struct QuotaAccount: Equatable, Sendable {
    /// By holder, where a key has one, else by the key's id.
    public var holder: ShortText
    public var subject: QuotaSubject
    /// The station's day of which `day` speaks; week and month are those that it lies in.
    public var date: CivilDate
    public var day: QuotaTally
    public var week: QuotaTally
    public var month: QuotaTally

    public init(
        holder: ShortText, subject: QuotaSubject, date: CivilDate, day: QuotaTally = QuotaTally(),
        week: QuotaTally = QuotaTally(), month: QuotaTally = QuotaTally()
    ) {
        self.holder = holder
        self.subject = subject
        self.date = date
        self.day = day
        self.week = week
        self.month = month
    }

    /// A new day has come, and maybe a week or a month with it. A clock that goes back gives
    /// nobody anything: what was counted stays, and is the earlier day's from then on.
    mutating func roll(to today: CivilDate) {
        guard date != today else { return }
        if date < today {
            day = QuotaTally()
            if Self.week(of: date) != Self.week(of: today) { week = QuotaTally() }
            let (then, now) = (date.parts, today.parts)
            if (then.year, then.month) != (now.year, now.month) { month = QuotaTally() }
        }
        date = today
    }

    mutating func add(_ tally: QuotaTally) {
        (day, week, month) = (day + tally, week + tally, month + tally)
    }

    func of(_ period: QuotaPeriod) -> QuotaTally {
        switch period {
        case .day: day
        case .week: week
        case .month: month
        }
    }

    /// From Monday on: 1970-01-01 was a Thursday.
    private static func week(of date: CivilDate) -> Int {
        let days = date.dayNumber + 3
        return days >= 0 ? days / 7 : (days - 6) / 7
    }
}

/// What is counted of holders, in one place.
///
/// Bounded: a station that has more holders in a month than it can count forgets those first who
/// came last the longest ago. To be shut out for want of room would be worse than a cup too many.
/// O(1) in expectation.
public struct QuotaLedger: Sendable {
    /// Holders and subjects: more than any station sees in a month.
    public static let capacity = 4_096
    /// Of them, so many make room at once.
    private static let share = capacity / 8
    /// Entries that are counted and not known to be durable. More, and the first are taken to be.
    static let pendingCapacity = 256

    private struct Pending: Sendable {
        var ticket: Ticket
        var holder: ShortText
        var subject: QuotaSubject
        var date: CivilDate
        var tally: QuotaTally
    }

    /// In the order in which they came.
    private var accounts: [QuotaAccount] = []
    /// Twice as many as accounts, a power of two; 0: free, else a place and one.
    private var slots: [UInt16] = []
    /// Oldest first.
    private var pending: [Pending] = []
    /// The day that it was when somebody last asked.
    private var today: CivilDate?

    public init() {}

    public var count: Int { accounts.count }
    var isPending: Bool { !pending.isEmpty }

    /// It is that day from now on. Where the clock goes back, what was counted later is this day's:
    /// it ends with it, and not on a day that may be years away.
    public mutating func turn(to day: CivilDate) {
        guard today != day else { return }
        let isBack = today.map { day < $0 } ?? true
        today = day
        guard isBack else { return }
        for place in accounts.indices where day < accounts[place].date {
            accounts[place].roll(to: day)
        }
    }

    /// What a holder has had, by the day that it is; nothing when nobody has counted.
    public func account(
        of holder: ShortText, _ subject: QuotaSubject, on today: CivilDate
    ) -> QuotaAccount {
        guard let place = place(of: holder, subject) else {
            return QuotaAccount(holder: holder, subject: subject, date: today)
        }
        var account = accounts[place]
        account.roll(to: today)
        return account
    }

    /// Somebody has had so much.
    ///
    /// - Parameter ticket: of its entry, while nobody knows that it is durable: then a snapshot
    ///   does not say it yet. `nil`: it says it at once.
    public mutating func count(
        _ tally: QuotaTally, of holder: ShortText, _ subject: QuotaSubject, on today: CivilDate,
        ticket: Ticket? = nil
    ) {
        guard tally != QuotaTally() else { return }
        let place = place(of: holder, subject) ?? insert(holder, subject, today)
        accounts[place].roll(to: today)
        accounts[place].add(tally)
        guard let ticket else { return }
        if pending.count == Self.pendingCapacity { pending.removeFirst() }
        pending.append(
            Pending(ticket: ticket, holder: holder, subject: subject, date: today, tally: tally))
    }

    /// Entries up to this one are durable.
    mutating func committed(upTo ticket: Ticket) {
        pending.removeAll { $0.ticket <= ticket }
    }

    /// For the snapshot: without what only entries say that may be lost. What the entries after it
    /// say is counted when it is read.
    public var kept: [QuotaAccount] {
        guard isPending else { return accounts }
        var kept = accounts
        for open in pending {
            guard let account = self.place(of: open.holder, open.subject) else { continue }
            let now = accounts[account]
            if open.date == now.date { kept[account].day = kept[account].day - open.tally }
            // Of another week or month it is in neither sum; both begin anew together with a day.
            var then = QuotaAccount(
                holder: open.holder, subject: open.subject, date: open.date, week: open.tally,
                month: open.tally)
            then.roll(to: now.date)
            kept[account].week = kept[account].week - then.week
            kept[account].month = kept[account].month - then.month
        }
        return kept
    }

    /// What the run before knew of a holder.
    ///
    /// - Parameter isSum: it comes on top of what is known; else it is the same told twice, and
    ///   the most of both holds.
    public mutating func recall(_ account: QuotaAccount, isSum: Bool) {
        var account = account
        if let today, today < account.date { account.roll(to: today) }
        guard let place = place(of: account.holder, account.subject) else {
            let place = insert(account.holder, account.subject, account.date)
            accounts[place] = account
            return
        }
        var (known, told) = (accounts[place], account)
        let today = max(known.date, told.date)
        known.roll(to: today)
        told.roll(to: today)
        if isSum {
            known.day = known.day + told.day
            known.week = known.week + told.week
            known.month = known.month + told.month
        } else {
            known.day = known.day.merged(with: told.day)
            known.week = known.week.merged(with: told.week)
            known.month = known.month.merged(with: told.month)
        }
        accounts[place] = known
    }

    // MARK: The table

    private func place(of holder: ShortText, _ subject: QuotaSubject) -> Int? {
        guard !slots.isEmpty else { return nil }
        var slot = home(of: holder, subject)
        while slots[slot] != 0 {
            let place = Int(slots[slot]) - 1
            if accounts[place].holder == holder, accounts[place].subject == subject { return place }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private mutating func insert(
        _ holder: ShortText, _ subject: QuotaSubject, _ today: CivilDate
    ) -> Int {
        if slots.isEmpty { furnish() }
        if accounts.count == Self.capacity { makeRoom() }
        accounts.append(QuotaAccount(holder: holder, subject: subject, date: today))
        enter(accounts.count - 1)
        return accounts.count - 1
    }

    /// All room is made at once, with the first who is counted: nobody's tap makes more. What is
    /// not used of it is not touched.
    private mutating func furnish() {
        slots = Array(repeating: 0, count: 2 * Self.capacity)
        accounts.reserveCapacity(Self.capacity)
        pending.reserveCapacity(Self.pendingCapacity)
    }

    /// Those who came last the longest ago go.
    private mutating func makeRoom() {
        let dates = accounts.map(\.date).sorted()
        let end = dates[Self.share - 1]
        var going = Self.share
        accounts.removeAll { account in
            guard going > 0, account.date <= end else { return false }
            going -= 1
            return true
        }
        for slot in slots.indices { slots[slot] = 0 }
        for place in accounts.indices { enter(place) }
    }

    private mutating func enter(_ place: Int) {
        var slot = home(of: accounts[place].holder, accounts[place].subject)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = UInt16(place + 1)
    }

    /// Where one is looked for first: the same on every machine.
    private func home(of holder: ShortText, _ subject: QuotaSubject) -> Int {
        let words = holder.storage
        var mixed =
            words.0 ^ (words.1 &* 0x9E37_79B9_7F4A_7C15) ^ words.2 &+ UInt64(subject.place)
        mixed = (mixed ^ mixed >> 32) &* 0xD6E8_FEB8_6659_FD93
        return Int(truncatingIfNeeded: (mixed ^ mixed >> 32) & UInt64(slots.count - 1))
    }
}
