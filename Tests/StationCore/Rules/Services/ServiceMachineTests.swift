// Every machine of a service through the seam: whatever comes in whatever order, a use begins once
// and ends once, and nothing is let out without somebody's use.

import EventLoop
import Testing

@testable import StationCore

/// One service of each kind, with everything that its shape allows.
private func settings(_ kind: ServiceKind, parts: Int = 1) -> MachineSettings {
    let shape = kind.shape
    func sight(_ sense: Sense) -> MachineSettings.Sight {
        let isCondition = sense.units == nil
        let comparison = Comparison(
            point: "p", relation: .equal, value: Expression(plus: .one), device: 0)
        return MachineSettings.Sight(
            sense,
            isCondition ? .holds(comparison) : .number(device: 0, point: "p", scale: 1))
    }
    let own = shape.sights.filter { !$0.isShared }.map { sight($0.sense) }
    let orders = shape.orders.map {
        PartSettings.Order($0.role, DeviceOrder(device: 0, action: $0.role.rawValue))
    }
    var numbers: [ServiceNumber] = []
    switch kind {
    case .charging: numbers = [ServiceNumber(.type, 0)]
    case .climate: numbers = [ServiceNumber(.lowest, 2_000), ServiceNumber(.highest, 8_000)]
    case .cabinet: numbers = [ServiceNumber(.restockAfter, 5)]
    case .dispenser, .appliance, .place, .counter, .desk, .lights, .swap, .room, .link, .help: break
    }
    return MachineSettings(
        kind, numbers: numbers, shared: shape.sights.filter(\.isShared).map { sight($0.sense) },
        parts: (1...parts).map { PartSettings(name: "\($0)", orders: orders, sights: own) })
}

/// Chance, the same for the same seed.
private struct Chance {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
    mutating func isOne(in count: Int) -> Bool { below(count) == 0 }
}

/// A machine whose every word is judged.
private struct Judge {
    let settings: MachineSettings
    var machine: any ServiceMachine
    var chance: Chance
    var now = Instant(nanoseconds: 1_000_000_000)
    /// Whose uses go on, by part.
    var running: [[UseOwner]]
    /// What was let out at a part, as far as orders say.
    var isOut: [Bool]
    /// Totals that only grow.
    var totals: [Sense: Int64] = [:]
    var wrongs: [String] = []
    /// What the disk has: a snapshot, and by part what entries said since.
    var snapshot: [KeptPart] = []
    var news: [PartNews]
    var began = 0
    var ended = 0

    init(_ settings: MachineSettings, seed: UInt64) {
        self.settings = settings
        machine = settings.kind.machine(settings)
        chance = Chance(state: seed)
        running = settings.parts.map { _ in [] }
        isOut = settings.parts.map { _ in false }
        news = settings.parts.map { _ in PartNews() }
    }

    mutating func take(_ input: ServiceInput) {
        let outputs = machine.take(input, at: now)
        for output in outputs {
            judge(output, after: input)
            write(output)
        }
        // Devices obey, refuse, or say nothing.
        for case .perform(let unit, let role, let order, _) in outputs {
            switch chance.below(8) {
            case 0: take(.orderRefused(unit: unit, role, order: order, isBusy: chance.isOne(in: 2)))
            case 1: break
            case 2: take(.orderEnded(unit: unit, role, order: order, .failed))
            case 3: take(.orderEnded(unit: unit, role, order: order, .unknown))
            default: take(.orderEnded(unit: unit, role, order: order, .confirmed))
            }
        }
    }

    private mutating func judge(_ output: ServiceOutput, after input: ServiceInput) {
        switch output {
        case .perform(let unit, let role, _, _):
            guard settings.parts[unit].order(role) != nil else {
                return wrongs.append("\(role) was asked of a part without it, after \(input)")
            }
            switch (settings.kind, role) {
            case (.lights, _), (.cabinet, _), (.room, _): break
            case (_, .on), (_, .open), (_, .openHot):
                isOut[unit] = true
                if machine.owner(of: unit) == nil {
                    wrongs.append("\(role) without a use, after \(input)")
                }
            case (_, .off), (_, .close): isOut[unit] = false
            }
        case .began(let unit, let owner):
            began += 1
            if case .endAsked = input { wrongs.append("a use for who may only end one") }
            if !running[unit].isEmpty, settings.kind != .desk, settings.kind != .swap {
                wrongs.append("a second use of part \(unit), after \(input)")
            }
            running[unit].append(owner)
        case .ended(let unit, let use):
            ended += 1
            if use.amount.value < 0 { wrongs.append("a use of \(use.amount.value)") }
            guard settings.kind != .counter else { return }
            let place = running[unit].firstIndex(of: use.owner) ?? running[unit].indices.first
            guard let place else {
                return wrongs.append("a use ended that never began, after \(input)")
            }
            running[unit].remove(at: place)
        case .told, .raised, .cleared, .given, .taken, .refused: break
        }
    }

    mutating func step() {
        let unit = chance.below(settings.parts.count)
        switch chance.below(12) {
        case 0, 1:
            let person = chance.below(3)
            let key = UseOwner(
                key: ShortText("k-\(person)") ?? .empty,
                holder: ShortText("h-\(person)") ?? .empty, source: .key)
            let named = chance.isOne(in: 2) ? unit : nil
            if chance.isOne(in: 8) {
                take(.endAsked(key, unit: named))
            } else {
                take(.asked(person == 0 ? UseOwner(source: .button) : key, unit: named))
            }
        case 2: take(.guarded(unit: unit, chance.isOne(in: 2)))
        case 3: take(.present(unit: unit, !chance.isOne(in: 4)))
        case 4: take(.open(!chance.isOne(in: 8)))
        case 5:
            // Most say what their kind knows.
            let known = settings.kind.shape.words + [.reset, .reset, .inOrder]
            let words = chance.isOne(in: 4) ? PartWord.allCases : known
            take(
                .word(
                    unit: unit, words[chance.below(words.count)], by: UseOwner(source: .command)))
        default:
            let sights = settings.parts[unit].sights + settings.shared
            guard !sights.isEmpty else { return }
            let sense = sights[chance.below(sights.count)].sense
            take(.sensed(unit: unit, sense, sight(of: sense)))
        }
        pass(.milliseconds(Int64(chance.below(chance.isOne(in: 10) ? 900_000 : 3_000))))
    }

    private mutating func sight(of sense: Sense) -> ServiceInput.Sight {
        guard sense.units != nil else {
            if chance.isOne(in: 8) { return .holds(nil, at: now) }
            return switch sense {
            // What is rare is rare, or nobody ever uses anything.
            case .smoke, .broken, .empty: .holds(chance.isOne(in: 30), at: now)
            case .mains: .holds(!chance.isOne(in: 30), at: now)
            default: .holds(chance.isOne(in: 2), at: now)
            }
        }
        if chance.isOne(in: 10) {
            return .number(PointReading(value: nil, quality: .stale, at: now))
        }
        let value: Int64
        switch sense {
        case .energy, .flow, .total, .inward, .outward:
            let total = totals[sense, default: 0] + Int64(chance.below(200))
            totals[sense] = chance.isOne(in: 50) ? 0 : total
            value = totals[sense] ?? 0
        case .heat: value = Int64(chance.isOne(in: 60) ? 40 + chance.below(40) : 25)
        default: value = Int64(chance.below(150))
        }
        return .number(PointReading(value: DecimalNumber(value), quality: .good, at: now))
    }

    /// Time goes on, deadline by deadline.
    mutating func pass(_ interval: Interval) {
        let end = now + interval
        var turns = 0
        while let due = machine.nextDeadline, due <= end, turns < 10_000 {
            turns += 1
            now = max(now, due)
            take(.deadline)
        }
        if turns == 10_000 { wrongs.append("deadlines without end") }
        now = end
    }

    /// The snapshot has everything.
    mutating func save() {
        snapshot = machine.kept(at: now)
        news = settings.parts.map { _ in PartNews() }
        for part in snapshot where part.numbers.count > KeptPart.numberLimit {
            wrongs.append("more numbers than are kept")
        }
    }

    /// An entry, as the next start reads it.
    private mutating func write(_ output: ServiceOutput) {
        switch output {
        case .began(let unit, let owner):
            news[unit].begun += 1
            news[unit].begunSinceRestock += 1
            news[unit].running.append(RunningUse(owner, since: now))
        case .ended(let unit, let use):
            news[unit].amount = news[unit].amount.addingSaturating(use.amount.value)
            news[unit].ended.append(use.owner)
            if let place = news[unit].running.firstIndex(where: { $0.owner == use.owner }) {
                news[unit].running.remove(at: place)
            }
        case .told(let unit, let step, _, let owner):
            news[unit].steps.removeAll { $0 == step }
            news[unit].steps.append(step)
            if step == .restocked { news[unit].begunSinceRestock = 0 }
            if step == .claimed, let owner {
                if let last = news[unit].running.indices.last {
                    news[unit].running[last].owner = owner
                }
                if let last = running[unit].indices.last { running[unit][last] = owner }
                // That makes a snapshot due.
                save()
            }
        case .raised(let unit, let fault), .cleared(let unit, let fault):
            let stands = if case .raised = output { true } else { false }
            news[unit].faults.removeAll { $0.fault == fault }
            news[unit].faults.append((fault, stands))
        case .perform, .given, .taken, .refused: break
        }
    }

    /// The power goes and comes back; the snapshot is some steps old, the entries are there.
    mutating func restart() {
        var kept = snapshot
        for unit in settings.parts.indices { machine.learn(news[unit], of: unit, &kept) }
        now = now + .seconds(Int64(chance.below(1_200)))
        machine = settings.kind.machine(settings)
        isOut = isOut.map { _ in false }
        take(.open(true))
        take(.began(kept, away: chance.isOne(in: 2) ? nil : .seconds(5)))
        save()
    }

    /// Everybody goes home: what was begun ends.
    mutating func calm() {
        take(.open(false))
        if settings.kind == .help {
            take(.word(unit: 0, .helped, by: UseOwner(source: .command)))
        }
        for _ in 0..<200 {
            for unit in settings.parts.indices {
                for sight in settings.parts[unit].sights + settings.shared {
                    let quiet: ServiceInput.Sight
                    switch sight.sense {
                    case .closed, .mains: quiet = .holds(true, at: now)
                    case let sense where sense.units == nil: quiet = .holds(false, at: now)
                    case .energy, .flow, .total, .inward, .outward:
                        let total = DecimalNumber(totals[sight.sense] ?? 0)
                        quiet = .number(PointReading(value: total, quality: .good, at: now))
                    default: quiet = .number(PointReading(value: .zero, quality: .good, at: now))
                    }
                    take(.sensed(unit: unit, sight.sense, quiet))
                }
                take(.guarded(unit: unit, false))
                take(.present(unit: unit, true))
            }
            pass(.seconds(30))
        }
        for (unit, uses) in running.enumerated() where !uses.isEmpty {
            wrongs.append("\(uses.count) uses of part \(unit) never end: \(uses)")
        }
    }
}

@Suite struct `Machines of services` {
    @Test(arguments: ServiceKind.allCases, [1, 2, 3, 4] as [UInt64])
    func `begin a use once and end it once, whatever comes`(
        _ kind: ServiceKind, _ seed: UInt64
    ) {
        var judge = Judge(settings(kind, parts: kind.shape.parts == nil ? 1 : 3), seed: seed)
        judge.take(.open(true))
        for unit in judge.settings.parts.indices { judge.take(.present(unit: unit, true)) }
        judge.take(.began([], away: nil))
        for step in 0..<1_500 {
            judge.step()
            if judge.chance.isOne(in: 40) { judge.save() }
            if step % 200 == 199 { judge.restart() }
            if !judge.wrongs.isEmpty { break }
        }
        if judge.wrongs.isEmpty { judge.calm() }
        #expect(judge.wrongs.isEmpty, "\(judge.wrongs.prefix(3))")
        // What is never used proves nothing. Batteries are not swapped by chance: a cabinet's own
        // tests do that.
        let isUsed = ![.lights, .climate, .room, .link, .swap].contains(kind)
        #expect(!isUsed || judge.ended > 3, "\(judge.began) begun, \(judge.ended) ended")
    }

    @Test(arguments: ServiceKind.allCases)
    func `end what only the journal knows was begun`(_ kind: ServiceKind) {
        let settings = settings(kind)
        var machine = kind.machine(settings)
        var news = PartNews()
        let owner = UseOwner(key: ShortText("k")!, holder: ShortText("h")!, source: .key)
        news.begun = 1
        news.running = [RunningUse(owner, since: Instant(nanoseconds: 5_000_000_000))]
        var kept: [KeptPart] = []
        machine.learn(news, of: 0, &kept)
        var now = Instant(nanoseconds: 65_000_000_000)
        var outputs = machine.take(.open(true), at: now)
        outputs += machine.take(.began(kept, away: nil), at: now)
        for _ in 0..<100 {
            guard let due = machine.nextDeadline else { break }
            now = max(now, due)
            outputs += machine.take(.deadline, at: now)
        }
        // A cabinet that is seen shut, a place that is seen empty: what was begun is over.
        outputs += machine.take(.sensed(unit: 0, .closed, .holds(true, at: now)), at: now)
        outputs += machine.take(.sensed(unit: 0, .occupied, .holds(false, at: now)), at: now)
        for _ in 0..<1_000 {
            guard let due = machine.nextDeadline else { break }
            now = max(now, due)
            outputs += machine.take(.deadline, at: now)
        }
        let ends = outputs.compactMap { output in
            if case .ended(0, let use) = output { use.end } else { nil }
        }
        switch kind {
        case .charging, .dispenser, .appliance, .cabinet, .place, .swap:
            #expect(ends == [.interrupted])
        case .desk: #expect(ends == [.ended])
        case .help: #expect(ends == [.timeLimit])
        case .counter, .lights, .climate, .room, .link: #expect(ends.isEmpty)
        }
    }

    @Test func `are told by entries what the snapshot had not yet`() {
        let owner = UseOwner(key: ShortText("k")!, source: .key)
        var kept = [KeptPart(unit: 0, owner: owner, since: .zero, numbers: [3, 0])]
        var news = PartNews()
        news.ended = [owner]
        news.begun = 2
        news.steps = [.restocked]
        Cabinet(settings(.cabinet)).learn(news, of: 0, &kept)
        #expect(kept.isEmpty)

        kept = [KeptPart(unit: 0, numbers: [-1, 0, 0, -1, 0, 0, 7])]
        news = PartNews()
        news.ended = [.somebody]
        news.amount = 5
        PassageService(settings(.counter)).learn(news, of: 0, &kept)
        #expect(kept.first?.numbers.last == 12)

        kept = []
        news = PartNews()
        news.faults = [(.relayStuck, true), (.burning, false)]
        ChargingBank(settings(.charging)).learn(news, of: 0, &kept)
        #expect(kept == [KeptPart(unit: 0, numbers: [1])])
    }
}

extension Instant {
    fileprivate static let zero = Instant(nanoseconds: 0)
}
