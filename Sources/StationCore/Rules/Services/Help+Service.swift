// The help button as a service: its parts are the people of its list, in the order in which they
// are asked; the button and the bell are the service's own.
//
// A call is a use of the first part. Steps name the person whom they are about; who tells us what a
// person said (a hub, a crew) says a word of that part.

public import EventLoop

/// One help button.
public struct HelpService: ServiceMachine {
    /// Asking, waiting for the list to begin anew, accepted.
    private enum Stage: Int64 {
        case asking = 0
        case resting = 1
        case accepted = 2
    }

    private(set) var call: HelpCall
    private let hasBell: Bool
    /// Who says the word that is being taken.
    private var speaker: UseOwner?

    public init(_ settings: MachineSettings) {
        call = HelpCall(
            HelpCall.Settings(
                people: settings.parts.count,
                answer: settings.interval(.answer) ?? HelpCall.Limit.answer,
                rest: settings.interval(.pause) ?? HelpCall.Limit.rest,
                arrival: settings.interval(.arrival) ?? HelpCall.Limit.arrival))
        hasBell = settings.parts.first?.order(.on) != nil
    }

    public mutating func take(_ input: ServiceInput, at now: Instant) -> [ServiceOutput] {
        switch input {
        case .began(let kept, _):
            return tell(.began(kept.first { $0.unit == 0 }.flatMap(Self.recalled)), at: now)
        case .asked(let owner, _, _): return tell(.pressed(owner), at: now) + [.given(unit: 0)]
        case .sensed(_, .up, let sight): return tell(.online(sight.isTrue == true), at: now)
        case .orderEnded(_, let role, _, let outcome):
            return tell(.ended(Self.order(role), outcome), at: now)
        case .orderRefused(_, let role, _, let isBusy):
            return tell(.refused(Self.order(role), isBusy: isBusy), at: now)
        case .present(0, true): return tell(.bellReturned, at: now)
        case .word(let unit, let word, let owner):
            guard let input = Self.input(word, unit) else { return [] }
            speaker = owner
            defer { speaker = nil }
            return tell(input, at: now)
        case .deadline: return tell(.deadline, at: now)
        // It rings at any hour: who is locked out in the cold calls as well.
        case .endAsked, .sensed, .guarded, .present, .open, .today: return []
        }
    }

    private static func input(_ word: PartWord, _ unit: Int) -> HelpCall.Input? {
        switch word {
        case .reached: .reached(person: unit)
        case .accept: .accepted(person: unit, minutes: nil)
        case .decline: .declined(person: unit)
        case .helped: .done
        case .cancel: .cancelled
        case .stop, .reset, .restocked, .restockDue, .outOfOrder, .inOrder, .filterChanged, .undo,
            .settled:
            nil
        }
    }

    private static func order(_ role: OrderRole) -> HelpCall.Order { role == .on ? .ring : .hush }

    private mutating func tell(_ input: HelpCall.Input, at now: Instant) -> [ServiceOutput] {
        var outputs: [ServiceOutput] = []
        for output in call.handle(input, at: now) {
            switch output {
            case .perform(let order):
                guard hasBell else {
                    // Without a bell there is nothing to wait for.
                    outputs += tell(.ended(order, .confirmed), at: now)
                    continue
                }
                outputs.append(.perform(unit: 0, order == .ring ? .on : .off, order: 0))
            case .began(let owner): outputs.append(.began(unit: 0, owner))
            case .ended(let use):
                if let speaker {
                    let step = use.end == .ended ? ServiceStep.helped : .helpCancelled
                    outputs.append(.told(unit: 0, step, by: speaker))
                }
                outputs.append(.ended(unit: 0, use))
            case .told(let step): outputs.append(told(step))
            case .recall(let person): outputs.append(.told(unit: person, .helpNotNeeded))
            case .raised: outputs.append(.raised(unit: 0, .bellFails))
            case .cleared: outputs.append(.cleared(unit: 0, .bellFails))
            // `told` says who is asked, and what is shown follows from the call.
            case .ask, .shows: break
            }
        }
        return outputs
    }

    private func told(_ step: HelpCall.Step) -> ServiceOutput {
        switch step {
        case .asked(let person): .told(unit: person, .helpAsked)
        case .noAnswer(let person): .told(unit: person, .helpUnanswered)
        case .overdue(let person): .told(unit: person, .helpOverdue)
        case .nobody: .told(unit: 0, .helpNobody)
        case .pressedAgain: .told(unit: 0, .helpCalledAgain)
        case .recalled: .told(unit: 0, .helpGoesOn)
        case .reached(let person): .told(unit: person, .helpReached, by: speaker)
        case .declined(let person): .told(unit: person, .helpDeclined, by: speaker)
        case .accepted(let person, _): .told(unit: person, .helpAccepted, by: speaker)
        }
    }

    // MARK: What others ask, and what outlives the run

    public var nextDeadline: Instant? { call.nextDeadline }

    public func condition(of unit: Int) -> ServiceCondition {
        let condition = call.condition
        // The bell is one for all; that nobody off site can be told is theirs, one by one.
        guard condition == .working else { return condition }
        return call.isOnline ? .working : .degraded(.deviceMissing)
    }

    public func owner(of unit: Int) -> UseOwner? { unit == 0 ? call.owner : nil }

    public func kept(at now: Instant) -> [KeptPart] {
        guard let kept = call.kept else { return [] }
        let numbers: [Int64]
        switch kept.stage {
        case .asking(let person, let since):
            numbers = Self.numbers(.asking, person, 0, since, kept)
        case .resting(let since): numbers = Self.numbers(.resting, 0, 0, since, kept)
        case .accepted(let person, let minutes, let since):
            numbers = Self.numbers(.accepted, person, minutes ?? -1, since, kept)
        }
        return [KeptPart(unit: 0, owner: kept.owner, since: kept.since, numbers: numbers)]
    }

    private static func numbers(
        _ stage: Stage, _ person: Int, _ minutes: Int, _ since: Instant, _ call: HelpCall.Kept
    ) -> [Int64] {
        [stage.rawValue, Int64(person), Int64(minutes), (since - call.since).milliseconds]
    }

    /// A call of which nothing but its beginning is known asks the list anew.
    private static func recalled(_ part: KeptPart) -> HelpCall.Kept? {
        guard let owner = part.owner, let since = part.since else { return nil }
        var kept = HelpCall.Kept(owner: owner, since: since, stage: .resting(since: since))
        guard part.numbers.count == 4, let stage = Stage(rawValue: part.numbers[0]),
            let person = Int(exactly: part.numbers[1]), let minutes = Int(exactly: part.numbers[2]),
            (0..<HelpCall.Limit.people).contains(person),
            (0...HelpCall.Limit.longest.milliseconds).contains(part.numbers[3])
        else { return kept }
        let began = since + .milliseconds(part.numbers[3])
        switch stage {
        case .asking: kept.stage = .asking(person: person, since: began)
        case .resting: kept.stage = .resting(since: began)
        case .accepted:
            kept.stage = .accepted(
                person: person, minutes: minutes < 0 ? nil : minutes, since: began)
        }
        return kept
    }

    /// The call is the first part's; what became of each person whom it asked is theirs.
    public func learn(_ news: PartNews, of unit: Int, _ kept: inout [KeptPart]) {
        if unit == 0 { kept.update(0) { part in if part.take(news) { part.numbers = [] } } }
        guard let last = news.steps.last(where: { Self.says($0) != nil }),
            let isComing = Self.says(last),
            let place = kept.firstIndex(where: { $0.unit == 0 && $0.owner != nil })
        else { return }
        if isComing {
            kept[place].numbers = [Stage.accepted.rawValue, Int64(unit), -1, 0]
        } else if kept[place].numbers.prefix(2) == [Stage.accepted.rawValue, Int64(unit)] {
            kept[place].numbers = []
        }
    }

    /// Whether a step says that its person comes; `nil`: neither that, nor that they do not.
    private static func says(_ step: ServiceStep) -> Bool? {
        switch step {
        case .helpAccepted: true
        case .helpDeclined, .helpOverdue, .helpNotNeeded, .helped, .helpCancelled: false
        default: nil
        }
    }
}
