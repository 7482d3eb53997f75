// One box on a field bus, as its bus knows it: what it is asked, whether it answers, what waits.
//
//   unmet ──answer──► well ──miss──► degraded ──third miss──► lost ──answer──► well
//     └──second miss──────────────────────────────────────────► │
//                                                 asked ever more rarely, with its own jitter

import EventLoop

/// A member of a field bus.
struct FieldBusMember: Sendable {
    /// Whether it is there.
    enum Standing: Sendable, Equatable {
        /// It has not answered since the line came.
        case unmet
        case well
        /// It missed a question or two.
        case degraded
        /// It is not asked any more, but now and then.
        case lost(Absence)
    }

    /// Why it is not there.
    enum Absence: Sendable, Equatable {
        case silent
        /// Something comes, and none of it is an answer.
        case garbled
        /// It has no mains, and says so by its silence.
        case mainsOff
    }

    /// Every bound, with its reason.
    enum Limit {
        /// Misses in a row, each of a question that was repeated when it was garbled.
        static let misses = 3
        /// One that was never there is not waited for.
        static let missesUnmet = 2
        /// Damaged answers in a row that cost nothing but the line's time.
        static let garbles = 2
        /// The first attempt at one that is lost; then twice as long each time.
        static let firstRest = Interval.seconds(1)
        static let longestRest = Interval.seconds(600)
        /// What gets its mains needs so long before it answers.
        static let starting = Interval.milliseconds(500)
        /// Things that it said by itself and that wait to be acknowledged; it says them again.
        static let acknowledgements = 4
        /// The same thing said again within it is a repetition: boards repeat every ten seconds, a
        /// few times.
        static let repetition = Interval.seconds(60)
        /// A box that sleeps loses the first frame after so long.
        static let sleep = Interval.seconds(2)
        /// From the end of an exchange to the next with the same box after an answer did not come:
        /// it may still come, and would be taken for the next one's.
        static let shortestDoubt = Interval.milliseconds(100)
        /// What is said of latency is of so much time.
        static let latencyWindow = Interval.seconds(60)
    }

    struct Counters: Sendable {
        var requests: UInt64 = 0
        var answers: UInt64 = 0
        var timeouts: UInt64 = 0
        var garbled: UInt64 = 0
        var refusals: UInt64 = 0
        var late: UInt64 = 0
        var pushes: UInt64 = 0
        var orders: UInt64 = 0
        /// From the end of a question to the end of its answer.
        var latency = BusLatency()
        /// How long it had the line, in nanoseconds; of that, while it was lost.
        var busy: UInt64 = 0
        var probing: UInt64 = 0
    }

    let device: DeviceID
    let settings: BusDeviceSettings
    var plan: BusPlan
    var readings: BusReadings
    var orders = OrderQueue()
    /// What it wants to hear after what it said by itself.
    var acknowledgements: [[UInt8]] = []
    /// The same of bills: it hears of it when they are written down, by their numbers.
    var held: [(number: UInt64, answer: BusAnswer, bytes: [UInt8])] = []
    /// What was told lately and may come again, since an acknowledgement was lost.
    var told: [(answer: BusAnswer, at: Instant)] = []
    var counters = Counters()
    /// Answers since `latencySince`.
    private var latency = BusLatency()
    private var latencySince = Instant(nanoseconds: 0)

    var standing = Standing.unmet
    /// Questions in a row that came to nothing; damaged ones in a row.
    var misses = 0
    var garbles = 0
    /// How often it was tried since it is lost.
    var attempts = 0
    /// When it may be tried again.
    var nextProbe: Instant
    /// Nothing is asked before it.
    var restsUntil: Instant
    var heardAt: Instant?
    /// The first frame after a sleep was repeated.
    var hasRepeated = false
    var isRefusing = false
    /// How much of the line it has used, for turns that are fair.
    var share = Int64(0)
    /// When it wants the line for a poll next.
    var nextDue: Instant?

    init(_ settings: BusDeviceSettings, device: DeviceID, at now: Instant) {
        self.device = device
        self.settings = settings
        plan = BusPlan(settings, at: now)
        readings = BusReadings(settings.shownPoints)
        nextProbe = now
        restsUntil = now
        nextDue = plan.nextDue
    }

    var isLost: Bool {
        if case .lost = standing { true } else { false }
    }

    /// What the station is told of its absence; `nil`: it is no fault.
    static func fault(of absence: Absence) -> Fault? {
        switch absence {
        case .silent: .silent
        case .garbled: .garbled
        case .mainsOff: nil
        }
    }

    /// Whether anything can be asked of it at any time.
    var canBeAsked: Bool { plan.oldest != nil || !plan.slots.isEmpty }

    /// The place of its state `mains`, if it has one.
    var mains: Int? { settings.timing.silence == .mainsOff ? settings.points.count : nil }

    /// It answered after so long. The first answer after a silence is told at once.
    mutating func answered(after took: Interval, at now: Instant) {
        counters.latency.observe(took)
        latency.observe(took)
        let first = readings.points.count - BusDeviceSettings.latencies.count
        let isOld = now - latencySince >= Limit.latencyWindow
        guard isOld || !readings.readings[first].isBelievable else { return }
        for (point, share) in [(first, UInt64(500)), (first + 1, 990)] {
            let reading: PointReading
            switch latency.share(perMille: share) {
            case nil: continue
            case .above?: reading = PointReading(value: nil, quality: .outOfRange, at: now)
            case .below(let bound)?:
                // In hundredths of a millisecond.
                let value = DecimalNumber(mantissa: bound.microseconds / 10, places: 2)
                reading = PointReading(value: value, quality: .good, at: now)
            }
            readings.set(point, to: reading)
        }
        (latency, latencySince) = (BusLatency(), now)
    }

    /// It is gone: when it is back, what is said of its answers is of those from then on.
    mutating func forgetLatency() { latency = BusLatency() }

    mutating func setMains(_ state: Int64, at now: Instant) {
        guard let mains else { return }
        readings.set(
            mains, to: PointReading(value: DecimalNumber(state), quality: .good, at: now))
    }

    /// The line is there: everything is asked from the beginning.
    mutating func startAfresh(at now: Instant) {
        plan.startAfresh(at: now)
        nextDue = plan.nextDue
        (standing, misses, garbles, attempts) = (.unmet, 0, 0, 0)
        (nextProbe, restsUntil, heardAt) = (now, now, nil)
        (hasRepeated, isRefusing) = (false, false)
        share = 0
        acknowledgements.removeAll()
        held.removeAll()
        forgetLatency()
    }

    /// A question that it may be asked at any time, to see whether it is there.
    func probe(at now: Instant) -> BusAsk? {
        guard let slot = plan.oldest ?? plan.slots.indices.first else { return nil }
        return plan.ask(for: slot, at: now)
    }

    /// How long an answer to this question may take; `nil`: nothing comes back. And whether no
    /// answer is no fault.
    func patience(for question: BusQuestion) -> (patience: Interval?, isOptional: Bool) {
        let usual = settings.timing.timeoutMilliseconds
        func interval(_ own: Int) -> Interval { .milliseconds(Int64(own > 0 ? own : usual)) }
        return switch settings.language.reply(to: question, at: settings.address) {
        case .none: (nil, false)
        case .optional(let own): (interval(own), true)
        case .wanted(let own): (interval(own), false)
        }
    }

    /// Between an exchange that came to nothing and the next.
    var doubt: Interval {
        max(Limit.shortestDoubt, .milliseconds(Int64(settings.timing.timeoutMilliseconds)))
    }
}
