// A counter as a service: what came by within a minute is one entry.

public import EventLoop

/// People or vehicles that pass. They are written down together: a beam at a busy door would else
/// be an entry for each of them.
public struct PassageService: ServiceMachine {
    /// So long after the first of them at the latest; a report by the hour may show the last of
    /// them an hour later.
    public static let gather = Interval.seconds(60)

    private(set) var counter: PassageCounter
    /// Counted, and not told yet.
    private var waiting: Int64 = 0
    private var isEstimated = false
    private var first: Instant?
    public private(set) var nextDeadline: Instant?

    public init(_ settings: MachineSettings) {
        // A counter with two totals tells ways apart.
        let own: PassageCounter.Rule = settings.parts[0].sees(.outward) ? .inAndOut : .each
        counter = PassageCounter(settings[.rule].map { $0 == 1 ? .bothWays : .each } ?? own)
    }

    public mutating func take(_ input: ServiceInput, at now: Instant) -> [ServiceOutput] {
        var outputs: [ServiceOutput] = []
        switch input {
        case .began(let kept, _):
            collect(counter.handle(.began(kept.first.flatMap(recalled))), at: now, &outputs)
        case .sensed(_, .inward, let sight):
            collect(counter.handle(.total(.inward, sight.total)), at: now, &outputs)
        case .sensed(_, .outward, let sight):
            collect(counter.handle(.total(.outward, sight.total)), at: now, &outputs)
        case .deadline: break
        case .asked, .endAsked, .sensed, .orderEnded, .orderRefused, .guarded, .present, .open,
            .word, .today:
            return []
        }
        if let due = nextDeadline, due <= now { tell(at: now, &outputs) }
        return outputs
    }

    private mutating func collect(
        _ news: [PassageCounter.Output], at now: Instant, _ outputs: inout [ServiceOutput]
    ) {
        for output in news {
            switch output {
            case .counted(let count, let isEstimated):
                waiting = waiting.addingSaturating(count)
                self.isEstimated = self.isEstimated || isEstimated
                if first == nil { (first, nextDeadline) = (now, now + Self.gather) }
            case .lost: outputs.append(.raised(unit: 0, .uncounted))
            case .found: outputs.append(.cleared(unit: 0, .uncounted))
            }
        }
    }

    private mutating func tell(at now: Instant, _ outputs: inout [ServiceOutput]) {
        let use = FinishedUse(
            .somebody, since: first ?? now, until: now,
            amount: UsageAmount(waiting, .times, isEstimated: isEstimated), end: .ended)
        (waiting, isEstimated, first, nextDeadline) = (0, false, nil, nil)
        outputs.append(.ended(unit: 0, use))
    }

    public func condition(of unit: Int) -> ServiceCondition { counter.condition }
    public func owner(of unit: Int) -> UseOwner? { nil }

    /// in: last or -1, gained, estimated; out: the same; how many were told
    public func kept(at now: Instant) -> [KeptPart] {
        let numbers = [counter.kept.inward, counter.kept.outward].flatMap { gain -> [Int64] in
            [gain.last ?? -1, gain.gained, gain.isEstimated ? 1 : 0]
        }
        return [KeptPart(unit: 0, numbers: numbers + [counter.kept.counted - waiting])]
    }

    /// What was told is not told again.
    public func learn(_ news: PartNews, of unit: Int, _ kept: inout [KeptPart]) {
        kept.update(unit) { part in
            guard part.numbers.count == 7 else { return }
            part.numbers[6] = part.numbers[6].addingSaturating(news.amount)
        }
    }

    private func recalled(_ part: KeptPart) -> PassageCounter.Kept? {
        let numbers = part.numbers
        guard numbers.count == 7 else { return nil }
        let gain: (Int) -> MeterGain = { first in
            MeterGain(
                last: numbers[first] < 0 ? nil : numbers[first], gained: max(0, numbers[first + 1]),
                isEstimated: numbers[first + 2] == 1)
        }
        return PassageCounter.Kept(
            inward: gain(0), outward: gain(3), counted: max(0, numbers[6]))
    }
}
