// What a box's points say: the last readings, totals that only grow, and what is new.

import EventLoop

/// A reading that nobody has looked at yet.
public struct PointChange: Sendable, Equatable {
    public var device: DeviceID
    /// The point's place in the device's `shownPoints`.
    public var point: Int
    public var reading: PointReading
    /// The device's own count began anew: what happened in between may be missing.
    public var isReset = false
    /// How soon it has to be kept, when nothing but us counts it; a power cut costs no more.
    public var keptWithin: Interval?
}

/// The readings of one box.
struct BusReadings: Sendable {
    /// Changes that wait to be taken; the station takes them in the same tick.
    static let capacity = 1_024

    let points: [PointSettings]
    private(set) var readings: [PointReading]
    private var totals: [BusTotal?]
    private var changes: [(point: Int, reading: PointReading, isReset: Bool)] = []
    /// Changes that found no room.
    private(set) var lost: UInt64 = 0
    private let places: [String: Int]
    /// The points that frames may carry.
    private let framed: [Int]
    /// By points: what is told when it changes says how it is now, but so much later. `nil`: it
    /// says how it was when it was read.
    let lags: [Interval?]

    init(_ points: [PointSettings], lags: [Interval?]? = nil) {
        self.points = points
        self.lags = lags ?? points.map { _ in nil }
        readings = points.map { _ in .unread }
        totals = points.map { $0.kind == .total ? BusTotal($0) : nil }
        places = Dictionary(
            points.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        framed = points.indices.filter {
            if case .fields = points[$0].source { true } else { false }
        }
    }

    func place(of name: String) -> Int? { places[name] }

    /// Takes what an answer says of these points. Returns how many of them it has.
    mutating func take(
        _ answer: BusAnswer, to question: BusQuestion, of some: [Int], at now: Instant
    ) -> Int {
        var count = 0
        for point in some {
            guard let reading = points[point].reading(in: answer, to: question, at: now) else {
                continue
            }
            count += 1
            set(point, to: reading)
        }
        return count
    }

    /// Takes what a frame says, whoever it was meant for: a push, or the answer to an action.
    ///
    /// - Parameter isRepeated: what happened was told already.
    mutating func takeFrame(
        _ answer: BusAnswer, to question: BusQuestion?, isRepeated: Bool = false, at now: Instant
    ) -> Int {
        guard case .frame(let name, _) = answer else { return 0 }
        let some = isRepeated ? framed.filter { points[$0].kind != .event } : framed
        return take(answer, to: question ?? .frame(name: name, fields: []), of: some, at: now)
    }

    /// Whether a frame tells of something that happened.
    func tellsEvent(_ answer: BusAnswer, at now: Instant) -> Bool {
        guard case .frame(let name, _) = answer else { return false }
        return framed.contains {
            points[$0].kind == .event
                && points[$0].reading(
                    in: answer, to: .frame(name: name, fields: []), at: now) != nil
        }
    }

    /// Takes a reading as it is; a total's goes through what is known of its device's count.
    ///
    /// - Parameter isReset: whether what was counted before is lost.
    mutating func set(_ point: Int, to reading: PointReading, isReset: Bool = false) {
        var reading = reading
        var isReset = isReset
        if let value = reading.value, totals[point] != nil {
            switch totals[point]?.take(value) {
            case .sum(let sum)?: reading.value = sum.rounded(to: points[point].places) ?? sum
            case .reset(let sum)?:
                reading.value = sum.rounded(to: points[point].places) ?? sum
                reading.quality = .estimated
                isReset = true
            // One lower number may be a slip of the device: the next one tells.
            case .doubtful?, nil: return
            }
        }
        readings[point] = reading
        note(point, isReset: isReset)
    }

    /// What the last run knew of a total: it goes on from there.
    ///
    /// - Parameter joins: the device's count is not the one of before, and starts wherever it is.
    mutating func restore(_ point: Int, _ count: TotalCount, joins: Bool = false) {
        guard totals.indices.contains(point) else { return }
        totals[point]?.restore(count, joins: joins)
    }

    /// What the next run has to know: totals by their points.
    var counts: [(point: Int, count: TotalCount)] {
        totals.indices.compactMap { point in
            totals[point].flatMap { $0.isBegun ? (point, $0.count) : nil }
        }
    }

    /// The box does not answer: what it said is old. A state `mains` says "off" by that.
    mutating func fade(at now: Instant) {
        for point in readings.indices {
            switch readings[point].quality {
            case .good, .estimated:
                readings[point].quality = .stale
                note(point)
            case .unread, .stale, .outOfRange, .absent: break
            }
        }
    }

    /// Nobody knows any more what these points say.
    mutating func fade(_ some: [Int]) {
        for point in some where readings[point].isBelievable {
            readings[point].quality = .stale
            note(point)
        }
    }

    /// The box has nothing to say of these points.
    mutating func miss(_ some: [Int], at now: Instant) {
        for point in some where readings[point].quality != .absent {
            readings[point] = PointReading(value: nil, quality: .absent, at: now)
            note(point)
        }
    }

    /// The box answered, and left these points out: a socket that does not charge has no power.
    mutating func missUnsaid(
        in answer: BusAnswer, to question: BusQuestion, of some: [Int], at now: Instant
    ) {
        miss(some.filter { points[$0].reading(in: answer, to: question, at: now) == nil }, at: now)
    }

    private mutating func note(_ point: Int, isReset: Bool = false) {
        guard changes.count < Self.capacity else {
            lost += 1
            return
        }
        changes.append((point, readings[point], isReset))
    }

    var hasChanges: Bool { !changes.isEmpty }

    /// The oldest first.
    mutating func takeChanges(_ body: (Int, PointReading, Bool) -> Void) {
        for change in changes { body(change.point, change.reading, change.isReset) }
        changes.removeAll(keepingCapacity: true)
    }
}

/// A total that never runs backwards, whatever its device's own count does.
struct BusTotal: Sendable {
    enum Step: Equatable {
        case sum(DecimalNumber)
        /// The device's count began anew, or is another one.
        case reset(DecimalNumber)
        /// Lower than before: believed when it is said twice.
        case doubtful
    }

    /// What the device counted before it last wrapped or was reset.
    private var base = DecimalNumber.zero
    private var last: DecimalNumber?
    private var doubt: DecimalNumber?
    /// The first count that comes is where the sum goes on from.
    private var joins = false
    /// How much one turn of the device's count is, when it has turns.
    private let turn: DecimalNumber?

    init(_ point: PointSettings) {
        turn = point.wrap.flatMap { wrap in
            wrap < .max ? DecimalNumber(wrap + 1).multiplied(by: point.scale) : nil
        }
    }

    mutating func restore(_ count: TotalCount, joins: Bool) {
        base = count.base
        last = count.last
        self.joins = joins
    }

    var count: TotalCount { TotalCount(base: base, last: last) }
    /// Whether there is anything to be known of it.
    var isBegun: Bool { last != nil || base != .zero || joins }

    mutating func take(_ value: DecimalNumber) -> Step {
        if joins {
            joins = false
            let sum = base
            last = value
            base = sum.adding(value.negated) ?? sum
            return .reset(sum)
        }
        guard let last, value < last else {
            last = value
            doubt = nil
            return .sum(base.adding(value) ?? value)
        }
        if let turn, isTurn(from: last, to: value, turn) {
            base = base.adding(turn) ?? base
            self.last = value
            doubt = nil
            return .sum(base.adding(value) ?? value)
        }
        // Once more as low, or going on from there.
        guard let doubt, doubt <= value else {
            doubt = value
            return .doubtful
        }
        base = base.adding(last) ?? base
        self.last = value
        self.doubt = nil
        return .reset(base.adding(value) ?? value)
    }

    /// From the last tenth of a turn to the first tenth of the next.
    private func isTurn(
        from last: DecimalNumber, to value: DecimalNumber, _ turn: DecimalNumber
    ) -> Bool {
        let ten = DecimalNumber(10)
        guard let tenfold = value.multiplied(by: ten), let left = turn.adding(last.negated),
            let leftTenfold = left.multiplied(by: ten)
        else { return false }
        return tenfold <= turn && leftTenfold <= turn
    }
}
