// What outlives a run of what holders have had: a part of the snapshot.
//
//   name count 1, then each service's name
//   account count 2, then for each:
//   service's place among those names 1, 255 for doors ‖ holder ‖ day number 4 ‖
//   of the day, the week, the month: uses 4 ‖ amount 4 ‖ seconds 4
//
// Names are a length of one byte and as many bytes of UTF-8. Numbers are big-endian.

public import EventLoop
public import StationCore

/// A part of the snapshot. Services go by name, as doors do.
public struct QuotaMemory: Equatable, Sendable {
    public struct Account: Equatable, Sendable {
        /// `nil`: doors.
        public var service: String?
        public var holder: ShortText
        public var date: CivilDate
        public var day: QuotaTally
        public var week: QuotaTally
        public var month: QuotaTally

        public init(
            service: String?, holder: ShortText, date: CivilDate, day: QuotaTally,
            week: QuotaTally, month: QuotaTally
        ) {
            self.service = service
            self.holder = holder
            self.date = date
            self.day = day
            self.week = week
            self.month = month
        }
    }

    public var accounts: [Account]

    public init(accounts: [Account] = []) { self.accounts = accounts }

    private static let doors: UInt8 = .max
    private static let serviceLimit = ResolvedStation.Limit.services
    static let sizeLimit =
        1 + serviceLimit * BoxMemory.nameLength + 2
        + QuotaLedger.capacity * (1 + 1 + ShortText.capacity + 4 + 3 * 12)

    // MARK: A station's

    public init(of station: borrowing Station) {
        let services = station.resolved.services
        accounts = station.keptQuotas().compactMap { kept in
            let service = kept.subject.service
            if let service, !services.indices.contains(service) { return nil }
            return Account(
                service: service.map { services[$0].name }, holder: kept.holder, date: kept.date,
                day: kept.day, week: kept.week, month: kept.month)
        }
    }

    /// Tells a station that starts. What it does not have any more is left out.
    public func teach(_ station: inout Station) {
        let services = station.resolved.services
        for account in accounts {
            var subject = QuotaSubject.doors
            if let name = account.service {
                guard let place = services.firstIndex(where: { $0.name == name }) else { continue }
                subject = QuotaSubject(ServiceID(place))
            }
            station.recalled(
                QuotaAccount(
                    holder: account.holder, subject: subject, date: account.date,
                    day: account.day, week: account.week, month: account.month), isSum: false)
        }
    }

    // MARK: Bytes

    /// - Precondition: within the limits, as a station's are.
    func append(to bytes: inout ByteBuffer) {
        var names: [String] = []
        for account in accounts {
            if let name = account.service, !names.contains(name) { names.append(name) }
        }
        precondition(names.count <= Self.serviceLimit && accounts.count <= QuotaLedger.capacity)
        bytes.append(UInt8(names.count))
        for name in names { BoxMemory.append(name, to: &bytes) }
        bytes.append(bigEndian: UInt16(accounts.count))
        for account in accounts {
            let place = account.service.flatMap { names.firstIndex(of: $0) }
            bytes.append(place.map { UInt8($0) } ?? Self.doors)
            BoxMemory.append("\(account.holder)", to: &bytes)
            bytes.append(bigEndian: Int32(clamping: account.date.dayNumber))
            for tally in [account.day, account.week, account.month] {
                bytes.append(bigEndian: tally.uses)
                bytes.append(bigEndian: tally.amount)
                bytes.append(bigEndian: tally.seconds)
            }
        }
    }

    /// - Returns: `nil` unless the bytes begin with a memory; it is taken off.
    init?(_ rest: inout ArraySlice<UInt8>) {
        self.init()
        guard let count: UInt8 = rest.take(), count <= Self.serviceLimit else { return nil }
        var names: [String] = []
        for _ in 0..<count {
            guard let name = rest.takeName() else { return nil }
            names.append(name)
        }
        guard let many: UInt16 = rest.take(), many <= QuotaLedger.capacity else { return nil }
        for _ in 0..<many {
            guard let account = Self.account(&rest, names) else { return nil }
            accounts.append(account)
        }
    }

    private static func account(_ rest: inout ArraySlice<UInt8>, _ names: [String]) -> Account? {
        guard let place: UInt8 = rest.take(), place == doors || Int(place) < names.count,
            let holder = rest.takeName().flatMap({ ShortText($0) }), !holder.isEmpty,
            let day: Int32 = rest.take(), let first = tally(&rest), let second = tally(&rest),
            let third = tally(&rest)
        else { return nil }
        return Account(
            service: place == doors ? nil : names[Int(place)], holder: holder,
            date: CivilDate(dayNumber: Int(day)), day: first, week: second, month: third)
    }

    private static func tally(_ rest: inout ArraySlice<UInt8>) -> QuotaTally? {
        guard let uses: UInt32 = rest.take(), let amount: UInt32 = rest.take(),
            let seconds: UInt32 = rest.take()
        else { return nil }
        return QuotaTally(uses: uses, amount: amount, seconds: seconds)
    }
}

/// What entries say of what holders have had, beyond what the snapshot knows.
struct QuotaFacts: Sendable {
    /// Of one key: by its terms the station says whether doors count.
    struct Fact: Sendable {
        var key: ShortText
        var holder: ShortText
        /// `nil`: doors.
        var service: Int?
        /// `nil`: no clock could be believed.
        var date: CivilDate?
        var tally: QuotaTally
    }

    /// More than come between two snapshots; of more the newest are enough.
    static let capacity = QuotaLedger.capacity

    /// In the order in which they were told.
    private(set) var facts: [Fact] = []

    /// Takes an entry after those that the snapshot knows; what cannot be read says nothing.
    mutating func take(_ entry: StoredEntry, _ names: EntryNames) {
        // An erased entry has no key any more: its day is long over.
        guard let key = entry.key.flatMap({ ShortText($0) }), !key.isEmpty else { return }
        let date =
            entry.quality >= .holdover
            ? CivilDate(localSeconds: entry.wall.seconds + names.utcOffset) : nil
        let holder = entry.holder.flatMap { ShortText($0) } ?? .empty
        let fact = Fact(
            key: key, holder: holder.isEmpty ? key : holder, date: date, tally: QuotaTally(uses: 1))
        let words = entry.payload.split(separator: "\"", omittingEmptySubsequences: false)
        switch entry.kind {
        case "use.ended": takeUse(fact, entry.payload, words, names)
        // `{"door":"…","reader":"…","view":"…"…`: a denial without a view is a grant that came to
        // nothing after it was written.
        case "access.granted":
            let isExit = words.count > 7 && names.exits.contains { $0 == words[7] }
            if !isExit { add(fact) }
        case "access.denied" where words.count > 9 && words[9] == "reason":
            let last = facts.lastIndex { $0.key == key && $0.service == nil }
            if let last { facts.remove(at: last) }
        default: break
        }
    }

    private mutating func takeUse(
        _ fact: Fact, _ payload: String, _ words: [Substring], _ names: EntryNames
    ) {
        // `{"serviceName":"…","place":"…","source":"…","end":"…","seconds":…,"amount":…,
        // "amountUnit":"…"`
        guard words.count > 11, words[1] == "serviceName", words[9] == "source",
            words[11] == UseSource.key.name,
            let service = names.services.firstIndex(where: { $0 == words[3] }),
            let amount = Recollection.number("amount", in: payload),
            let seconds = Recollection.number("seconds", in: payload),
            let place = words.firstIndex(of: "amountUnit"), place + 2 < words.count,
            let unit = UsageUnit.allCases.first(where: { $0.name == words[place + 2] })
        else { return }
        var fact = fact
        fact.service = service
        fact.tally = QuotaTally(UsageAmount(amount, unit), seconds: UInt32(clamping: seconds))
        add(fact)
    }

    private mutating func add(_ fact: Fact) {
        guard fact.tally != QuotaTally() else { return }
        if facts.count == Self.capacity { facts.removeFirst(Self.capacity / 4) }
        facts.append(fact)
    }
}

extension Recollection {
    /// Tells a station that has started what entries say that holders have had.
    ///
    /// - Parameter isSum: they come after those that the snapshot includes; else some may be among
    ///   those, and the most of both holds.
    public func teachQuotas(_ station: inout Station, isSum: Bool, at now: Instant) {
        let today = station.currentQuotaDay(at: now)
        let isTrusted = station.currentCalendar.isTrusted
        var sums = QuotaLedger()
        for fact in quotaFacts.facts {
            // What was used on a day that nobody knows is today's, as long as nobody knows today's.
            let isCounted =
                fact.service.map { station.countsUses(of: ServiceID($0)) }
                ?? station.countsAtDoors(fact.key)
            guard isCounted, let date = fact.date ?? (isTrusted ? nil : today) else { continue }
            let subject = fact.service.map { QuotaSubject(ServiceID($0)) } ?? .doors
            sums.count(fact.tally, of: fact.holder, subject, on: date)
        }
        for account in sums.kept { station.recalled(account, isSum: isSum) }
    }
}
