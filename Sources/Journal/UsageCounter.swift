// Counts what a transaction writes: into station hours, or apart while no clock can be believed.

import EventLoop
import StationCore

/// When an entry was made, as it says of itself.
struct EntryTime {
    var boot: BootID
    /// CLOCK_BOOTTIME in nanoseconds.
    var bootTime: Int64
    var wall: WallTime
    var quality: ClockQuality
}

/// What a transaction adds to the tables.
struct UsageChange {
    /// Where a sum belongs.
    enum Place: Equatable {
        /// The station's hour: hours since 1970-01-01 00:00 on its clock.
        case hour(Int64)
        /// Milliseconds of a boot whose true time is not known.
        case undated(BootID, milliseconds: Int64, since: Int64)
    }

    struct Sum {
        var place: Place
        var key: UsageKey
        var totals: UsageTotals
    }

    /// Where a boot's clock met the true time.
    struct Anchor: Equatable {
        var boot: BootID
        var bootTime: Int64
        var wall: WallTime
        var quality: ClockQuality
    }

    var sums: [Sum] = []
    /// Hours in which the station was up.
    var hours: [Int64] = []
    var anchors: [Anchor] = []

    var isEmpty: Bool { sums.isEmpty && hours.isEmpty && anchors.isEmpty }

    mutating func add(_ totals: UsageTotals, of key: UsageKey, to place: Place) {
        // The same few rows again and again: the newest are the likeliest.
        for index in sums.indices.reversed()
        where sums[index].place == place && sums[index].key == key {
            return sums[index].totals.add(totals)
        }
        sums.append(Sum(place: place, key: key, totals: totals))
    }
}

/// The totals' memory between transactions. A value: one that fails puts the old one back.
struct UsageCounter {
    /// Uses of the running boot that may wait to be dated, one row each; more are never dated.
    static let undatedLimit = 10_000

    private let utcOffset: Int64
    /// The boot of the entries that are counted now.
    private var boot: BootID?
    private(set) var anchor: UsageChange.Anchor?
    /// Rows of that boot that wait to be dated.
    var undated = 0
    /// The day that somebody was sure of last; what is not dated happened on it or later.
    private(set) var lastDay: Int64
    /// The hour that was noted last as one in which the station was up.
    private(set) var markedHour: Int64?
    /// Milliseconds on the station's clock at a moment of this run; `nil`: not known.
    private var clock: (at: Instant, local: Int64)?
    private var merger = VisitMerger()
    /// Which clock the merger's moments are of: a boot's, or the wall.
    private var mergesByWall = false

    /// - Parameter utcOffset: the station's, in seconds.
    init(utcOffset: Int, lastDay: Int64) {
        self.utcOffset = Int64(utcOffset) * 1_000
        self.lastDay = lastDay
    }

    /// Ends a look at what was written before, and begins a run.
    ///
    /// - Parameter undated: rows of this boot that earlier runs left to be dated.
    mutating func resume(_ boot: BootID, anchor: UsageChange.Anchor?, undated: Int) {
        if self.boot != boot { enter(boot) }
        self.anchor = anchor
        self.undated = undated
        // The station file may be another one: what it has is noted anew.
        (markedHour, clock) = (nil, nil)
    }

    // MARK: Counting

    /// Takes an entry that is being written.
    mutating func take(
        _ time: EntryTime, at: Instant?, _ fact: UsageFact?, _ sighting: UsageSighting?,
        into change: inout UsageChange
    ) {
        if boot != time.boot { enter(time.boot) }
        if time.quality >= .holdover, anchor == nil {
            let met = UsageChange.Anchor(
                boot: time.boot, bootTime: time.bootTime, wall: time.wall, quality: time.quality)
            anchor = met
            change.anchors.append(met)
        }
        let local = localTime(time)
        if let at { clock = local.map { (at, $0) } }
        let place: UsageChange.Place
        if let local {
            let hour = Self.quotient(local, 3_600_000)
            if markedHour != hour { mark(hour, into: &change) }
            place = .hour(hour)
        } else {
            place = .undated(
                time.boot, milliseconds: time.bootTime / 1_000_000, since: lastDay)
        }
        if let fact { add(fact, to: place, into: &change) }
        if let sighting, let fact = visit(sighting, time, local) {
            add(fact, to: place, into: &change)
        }
    }

    private mutating func add(
        _ fact: UsageFact, to place: UsageChange.Place, into change: inout UsageChange
    ) {
        var place = place
        if case .undated(let boot, _, let since) = place {
            // Beyond the limit they share a row that is never dated.
            if undated < Self.undatedLimit {
                undated += 1
            } else {
                place = .undated(boot, milliseconds: -1, since: since)
            }
        }
        change.add(fact.totals, of: fact.key, to: place)
    }

    /// The station's clock, in milliseconds; `nil` when nobody knows it.
    private func localTime(_ time: EntryTime) -> Int64? {
        if time.quality >= .holdover { return time.wall.milliseconds &+ utcOffset }
        guard let anchor else { return nil }
        return anchor.wall.milliseconds &+ (time.bootTime &- anchor.bootTime) / 1_000_000
            &+ utcOffset
    }

    private mutating func mark(_ hour: Int64, into change: inout UsageChange) {
        markedHour = hour
        // The newest word, not the latest day: a clock that was far ahead once was wrong.
        lastDay = Self.quotient(hour, 24)
        change.hours.append(hour)
    }

    private mutating func enter(_ boot: BootID) {
        self.boot = boot
        (anchor, undated, clock) = (nil, 0, nil)
        // Moments of another boot say nothing in this one.
        if !mergesByWall { merger = VisitMerger() }
    }

    // MARK: Visits

    /// Somebody was seen: a visit begins, or goes on.
    private mutating func visit(
        _ sighting: UsageSighting, _ time: EntryTime, _ local: Int64?
    ) -> UsageFact? {
        let now = Instant(nanoseconds: local.map { $0 &* 1_000_000 } ?? time.bootTime)
        if mergesByWall != (local != nil) {
            mergesByWall = local != nil
            // What was seen by a clock that cannot be compared with this one is not remembered;
            // with the true time, this boot's is.
            let shift = now.nanoseconds &- time.bootTime
            merger = VisitMerger(
                .init(
                    seen: mergesByWall
                        ? merger.kept.seen.map {
                            .init($0.holder, at: Instant(nanoseconds: $0.at.nanoseconds &+ shift))
                        } : []))
        }
        let passages = merger.kept.passages
        let begins = merger.see(sighting.who, atEntrance: sighting.isAtEntrance, at: now)
        let passes = merger.kept.passages - passages
        guard begins || passes > 0 else { return nil }
        return .visit(begins: begins, passes: passes, by: sighting.source)
    }

    // MARK: Hours in which nothing happens

    /// When the next hour is to be noted, if nothing is written before.
    var markDue: Instant? {
        guard let clock, let markedHour else { return nil }
        let left = (markedHour &+ 1) &* 3_600_000 &- clock.local
        return clock.at + .milliseconds(left)
    }

    /// The day that it is now; `nil`: nobody has known since the start.
    var today: Int64? { markedHour.map { Self.quotient($0, 24) } }

    /// The hour is noted once more, for what became known meanwhile.
    mutating func forgetMark() { markedHour = nil }

    /// Notes the hour of a moment of this run.
    mutating func mark(at now: Instant, into change: inout UsageChange) {
        guard let clock else { return }
        let local = clock.local &+ (now - clock.at).nanoseconds / 1_000_000
        let hour = Self.quotient(local, 3_600_000)
        if markedHour != hour { mark(hour, into: &change) }
    }

    /// Rounded down, below zero as well.
    static func quotient(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }
}
