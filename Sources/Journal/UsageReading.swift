// Reading totals in slices that never keep a commit waiting.

import EventLoop
public import StationCore

/// A question about totals that is being answered, slice by slice.
public struct UsageReading: Sendable {
    /// Rows that one slice reads at most; it ends earlier when `Store.sliceTime` is over.
    static let sliceRows = 512

    /// Which rows are read now, and the last one that was.
    enum Stage: Sendable {
        case hours(after: HoursPlace)
        case totals(UsageGrain, after: TotalsPlace)
        case undated(after: UndatedPlace)
        case done
    }

    struct HoursPlace: Sendable {
        var day: Int64
        var subject: Int64 = 0
        var name = ""
    }

    struct TotalsPlace: Sendable {
        var slot: Int64
        var subject: Int64 = 0
        var name = ""
        var source: Int64 = 0
        var unit: Int64 = 0
    }

    struct UndatedPlace: Sendable {
        var boot = BootID(bits: 0)
        var time = Int64.min
        var row = TotalsPlace(slot: .min)
    }

    private struct Place: Hashable {
        var day: Int64?
        var hour: Int?
        var subject: UsageSubject
        var name: String
        var isUndated: Bool
    }

    public let question: UsageQuestion
    let first: Int64
    let last: Int64
    /// Days before this one have no hours any more.
    private let firstDayOfHours: Int64
    var stage: Stage
    /// In no order: whoever shows them puts them in one.
    public private(set) var groups: [UsageGroup] = []
    private var places: [Place: Int] = [:]

    init(_ question: UsageQuestion, lastDay: Int64) {
        self.question = question
        first = Int64(question.days.lowerBound.dayNumber)
        last = Int64(question.days.upperBound.dayNumber)
        firstDayOfHours = lastDay - UsageChores.hourDays
        stage = .hours(after: HoursPlace(day: first))
    }

    public var isFinished: Bool { if case .done = stage { true } else { false } }

    // MARK: Taking rows

    /// In which hours of a day the station was up and had something.
    mutating func take(hours mask: Int64, of day: Int64, _ subject: UsageSubject, _ name: String) {
        switch question.grouping {
        case .hour:
            guard day >= firstDayOfHours else { return }
            for hour in 0..<24 where mask & (1 << hour) != 0 {
                groups[group(day, hour, subject, name)].measuredHours += 1
            }
        case .day, .service:
            groups[group(day, nil, subject, name)].measuredHours += mask.nonzeroBitCount
        }
    }

    /// A total of a grain's slot.
    mutating func take(
        _ totals: UsageTotals, at slot: Int64, _ grain: UsageGrain, _ key: UsageKey
    ) {
        let index: Int
        switch grain {
        case .hour:
            let day = UsageCounter.quotient(slot, 24)
            index = group(day, Int(slot - day * 24), key.subject, key.name)
        case .day:
            // The hours of that day are not kept any more: nothing is known of each.
            guard question.grouping != .hour else { return }
            index = group(slot, nil, key.subject, key.name)
        case .undated:
            index = place(
                Place(
                    day: question.grouping == .service ? nil : slot, subject: key.subject,
                    name: key.name, isUndated: true))
        }
        groups[index].add(totals, key)
    }

    private mutating func group(
        _ day: Int64, _ hour: Int?, _ subject: UsageSubject, _ name: String
    ) -> Int {
        switch question.grouping {
        case .service: place(Place(subject: subject, name: name, isUndated: false))
        case .day: place(Place(day: day, subject: subject, name: name, isUndated: false))
        case .hour:
            place(Place(day: day, hour: hour, subject: subject, name: name, isUndated: false))
        }
    }

    private mutating func place(_ place: Place) -> Int {
        if let index = places[place] { return index }
        let index = groups.count
        places[place] = index
        groups.append(
            UsageGroup(
                day: place.day.map { CivilDate(dayNumber: Int($0)) }, hour: place.hour,
                subject: place.subject, name: place.name, isUndated: place.isUndated))
        return index
    }
}

extension UsageGroup {
    fileprivate mutating func add(_ totals: UsageTotals, _ key: UsageKey) {
        let source = UseSource(rawValue: key.source)
        guard let unit = UsageUnit(rawValue: key.unit) else { return }
        if let index = rows.firstIndex(where: { $0.source == source && $0.unit == unit }) {
            rows[index].totals.add(totals)
        } else {
            rows.append(Row(source: source, unit: unit, totals: totals))
        }
    }
}

extension Store {
    public func beginReading(_ question: UsageQuestion) -> UsageReading {
        UsageReading(question, lastDay: usage.lastDay)
    }

    /// Reads on for one slice, of at most `sliceTime`.
    public mutating func advance(_ reading: inout UsageReading) throws(JournalError) {
        let end = settings.now() + Self.sliceTime
        switch reading.stage {
        case .hours(let place): try readHours(&reading, after: place, until: end)
        case .totals(let grain, let place):
            try readTotals(&reading, grain, after: place, until: end)
        case .undated(let place): try readUndated(&reading, after: place, until: end)
        case .done: break
        }
    }

    private func readHours(
        _ reading: inout UsageReading, after start: UsageReading.HoursPlace, until end: Instant
    ) throws(JournalError) {
        var (place, count) = (start, 0)
        statements.usage.hours.bind(1, reading.last)
        statements.usage.hours.bind(2, place.day)
        statements.usage.hours.bind(3, place.subject)
        statements.usage.hours.bind(4, copying: place.name)
        statements.usage.hours.bind(5, Int64(UsageReading.sliceRows))
        defer { statements.usage.hours.reset() }
        while try statements.usage.hours.step() {
            place.day = statements.usage.hours.integer(0)
            place.subject = statements.usage.hours.integer(1)
            place.name = statements.usage.hours.text(2)
            if let subject = UsageSubject(rawValue: UInt8(clamping: place.subject)) {
                reading.take(
                    hours: statements.usage.hours.integer(3), of: place.day, subject, place.name)
            }
            count += 1
            if count % 8 == 0, settings.now() >= end { break }
        }
        let isMore = count == UsageReading.sliceRows || settings.now() >= end && count > 0
        reading.stage =
            isMore
            ? .hours(after: place)
            : .totals(.day, after: UsageReading.TotalsPlace(slot: reading.first))
    }

    private func readTotals(
        _ reading: inout UsageReading, _ grain: UsageGrain,
        after start: UsageReading.TotalsPlace, until end: Instant
    ) throws(JournalError) {
        var (place, count) = (start, 0)
        statements.usage.totals.bind(1, grain.rawValue)
        statements.usage.totals.bind(2, grain == .hour ? reading.last * 24 + 23 : reading.last)
        statements.usage.totals.bind(3, place.slot)
        statements.usage.totals.bind(4, place.subject)
        statements.usage.totals.bind(5, copying: place.name)
        statements.usage.totals.bind(6, place.source)
        statements.usage.totals.bind(7, place.unit)
        statements.usage.totals.bind(8, Int64(UsageReading.sliceRows))
        defer { statements.usage.totals.reset() }
        while try statements.usage.totals.step() {
            place = statements.usage.totals.place
            if let key = place.key {
                reading.take(statements.usage.totals.sums, at: place.slot, grain, key)
            }
            count += 1
            if count % 8 == 0, settings.now() >= end { break }
        }
        if count == UsageReading.sliceRows || settings.now() >= end && count > 0 {
            reading.stage = .totals(grain, after: place)
        } else {
            switch grain {
            case .day:
                reading.stage = .totals(.hour, after: .init(slot: reading.first * 24))
            case .hour: reading.stage = .totals(.undated, after: .init(slot: reading.first))
            case .undated: reading.stage = .undated(after: .init())
            }
        }
    }

    private func readUndated(
        _ reading: inout UsageReading, after start: UsageReading.UndatedPlace, until end: Instant
    ) throws(JournalError) {
        var (place, count) = (start, 0)
        statements.usage.undated.bind(1, copying: place.boot)
        statements.usage.undated.bind(2, place.time)
        statements.usage.undated.bind(3, place.row.slot)
        statements.usage.undated.bind(4, place.row.subject)
        statements.usage.undated.bind(5, copying: place.row.name)
        statements.usage.undated.bind(6, place.row.source)
        statements.usage.undated.bind(7, place.row.unit)
        statements.usage.undated.bind(8, Int64(UsageReading.sliceRows))
        defer { statements.usage.undated.reset() }
        while try statements.usage.undated.step() {
            place.row = statements.usage.undated.place
            place.boot = BootID(bits: statements.usage.undated.wide(10) ?? 0)
            place.time = statements.usage.undated.integer(11)
            if let key = place.row.key, (reading.first...reading.last).contains(place.row.slot) {
                reading.take(statements.usage.undated.sums, at: place.row.slot, .undated, key)
            }
            count += 1
            if count % 8 == 0, settings.now() >= end { break }
        }
        let isMore = count == UsageReading.sliceRows || settings.now() >= end && count > 0
        reading.stage = isMore ? .undated(after: place) : .done
    }
}

extension Statement {
    /// The key of the row that it stands on, of `slot, subject, name, source, unit`.
    fileprivate var place: UsageReading.TotalsPlace {
        .init(
            slot: integer(0), subject: integer(1), name: text(2), source: integer(3),
            unit: integer(4))
    }

    /// The sums after it.
    fileprivate var sums: UsageTotals {
        UsageTotals(
            uses: integer(5), failed: integer(6), seconds: integer(7), quantity: integer(8),
            estimated: integer(9))
    }
}

extension UsageReading.TotalsPlace {
    /// `nil` for a subject or a unit of a later version.
    fileprivate var key: UsageKey? {
        guard let subject = UsageSubject(rawValue: UInt8(clamping: subject)),
            let unit = UsageUnit(rawValue: UInt8(clamping: unit))
        else { return nil }
        var key = UsageKey(subject, name, nil, unit)
        key.source = UInt8(clamping: source)
        return key
    }
}
