// What the journal's entries say of boxes, on top of what the snapshot knows.

public import EventLoop
public import StationCore

/// The newest facts about boxes; of each box in the order in which entries told them.
struct BoxFacts: Sendable {
    struct Box: Sendable, Hashable {
        var service: Int
        var unit: Int
    }

    /// What happened to a box.
    enum Fact: Sendable, Equatable {
        case began(UseOwner, since: WallTime?)
        /// Whose it was; `wasUsed`: they may have left something.
        case ended(UseOwner, wasUsed: Bool, at: WallTime?)
        case step(CompartmentStep)

        /// Whether what was told before says nothing any more once this is told.
        func outdates(_ older: Fact) -> Bool {
            switch (self, older) {
            case (.began, .began), (.began, .ended), (.ended, .ended): true
            // What ends late ends nobody else's.
            case (.ended(let owner, _, _), .began(let other, _)): owner.mayBe(other)
            case (.step(.cleared), _): true
            // Somebody had got it: what was wrong with the use before is over.
            case (.began, .step(.itemForgotten)), (.began, .step(.overtime)): true
            case (.step(let new), .step(let old)): new == old
            case (.step, _), (.began, .step), (.ended, .step): false
            }
        }
    }

    private(set) var facts: [Box: [Fact]] = [:]

    /// Takes an entry about a box; what cannot be read says nothing.
    mutating func take(_ entry: StoredEntry, _ names: EntryNames) {
        // `{"serviceName":"…","place":"…","source":"…"` or `"step":"…"`: nothing there has
        // anything to escape but a box's name, which then says nothing.
        let words = entry.payload.split(separator: "\"", omittingEmptySubsequences: false)
        guard words.count > 11, words[1] == "serviceName", words[5] == "place",
            let service = names.services.firstIndex(where: { $0 == words[3] }),
            names.units.indices.contains(service),
            let unit = names.units[service].firstIndex(where: { $0 == words[7] })
        else { return }
        let fact: Fact
        switch (entry.kind, words[9]) {
        case ("use.began", "source"):
            guard let source = UseSource.allCases.first(where: { $0.name == words[11] }) else {
                return
            }
            fact = .began(Self.owner(entry, source), since: Self.time(entry))
        case ("use.ended", "source"):
            guard let source = UseSource.allCases.first(where: { $0.name == words[11] }) else {
                return
            }
            // `…,"end":"…"` follows.
            let end = UseEnd.allCases.first { words.count > 15 && $0.name == words[15] }
            fact = .ended(
                Self.owner(entry, source), wasUsed: end?.wasUsed ?? true, at: Self.time(entry))
        case ("box.changed", "step"):
            guard let step = CompartmentStep.allCases.first(where: { $0.name == words[11] })
            else { return }
            fact = .step(step)
        default: return
        }
        take(fact, of: Box(service: service, unit: unit))
    }

    private static func owner(_ entry: StoredEntry, _ source: UseSource) -> UseOwner {
        UseOwner(
            key: entry.key.flatMap { ShortText($0) } ?? .empty,
            holder: entry.holder.flatMap { ShortText($0) } ?? .empty, source: source)
    }

    /// When that was, where a clock could be believed then.
    private static func time(_ entry: StoredEntry) -> WallTime? {
        entry.quality >= .holdover ? entry.wall : nil
    }

    mutating func take(_ fact: Fact, of box: Box) {
        facts[box, default: []].removeAll { fact.outdates($0) }
        facts[box, default: []].append(fact)
    }
}

extension UseOwner {
    /// Whether both are one person, as far as entries say: names are erased after a while.
    fileprivate func mayBe(_ other: UseOwner) -> Bool {
        let isNamed = !holder.isEmpty || !key.isEmpty
        let isOtherNamed = !other.holder.isEmpty || !other.key.isEmpty
        return !isNamed || !isOtherNamed || isSamePerson(as: other)
    }
}

extension Compartment.Kept {
    /// One more fact of the run that kept this.
    mutating func learn(_ fact: BoxFacts.Fact) {
        switch fact {
        case .began(let owner, _):
            // Names are erased after a while; whom the snapshot still names it is.
            let isNamed = !owner.holder.isEmpty || !owner.key.isEmpty
            if isNamed || self.owner == nil { self.owner = owner }
            (isKnown, isEnding) = (true, false)
            troubles.subtract([.itemForgotten, .overtime])
        case .ended(let owner, _, _):
            guard self.owner?.mayBe(owner) ?? true else { return }
            (self.owner, isKnown, isEnding) = (nil, true, false)
            troubles.subtract([.itemForgotten, .overtime])
        case .step(let step):
            switch step {
            case .jammed: troubles.insert(.jammed)
            case .forced: troubles.insert(.forced)
            case .itemForgotten: troubles.insert(.itemForgotten)
            case .overtime: troubles.insert(.overtime)
            case .opened: troubles.subtract([.jammed, .forced])
            // Whom entries name it is all the same.
            case .unknown: isKnown = owner != nil
            case .cleared: (owner, isKnown, isEnding, troubles) = (nil, true, false, [])
            case .blocked: isBlocked = true
            case .unblocked: isBlocked = false
            case .reopened: isEnding = false
            case .ordered, .closed, .unreachable, .leftOpen, .flapping: break
            }
        }
    }
}

extension Recollection {
    /// Tells a station that has started what entries say of boxes: those that came after its
    /// snapshot, or all of them.
    ///
    /// - Parameter isDoubtful: nobody knew whose any box was, for want of a snapshot.
    public func teachBoxes(_ station: inout Station, isDoubtful: Bool, at now: Instant) {
        for known in station.keptBoxes {
            let box = BoxFacts.Box(service: known.service, unit: known.unit)
            if let taught = taught(known, box, station, isDoubtful: isDoubtful, at: now) {
                station.recalled(taught, at: now)
            } else if !isContinued, known.kept.owner == nil, known.kept.isKnown {
                // It may have been given to somebody after the snapshot: a person looks.
                station.forgot(box: known.unit, of: known.service, at: now)
            }
        }
    }

    private func taught(
        _ known: KeptBox, _ box: BoxFacts.Box, _ station: borrowing Station, isDoubtful: Bool,
        at now: Instant
    ) -> KeptBox? {
        let facts = boxFacts.facts[box] ?? []
        // With every entry since the first, a box without a word about it was nobody's.
        let isSure = isDoubtful && isWhole
        guard isSure || !facts.isEmpty else { return nil }
        var known = known
        if isSure { known.kept = Compartment.Kept() }
        let calendar = station.currentCalendar
        let instant: (WallTime?) -> Instant? = { time in
            time.map { BoxMemory.instant(of: $0, calendar, now) }
        }
        for fact in facts {
            known.kept.learn(fact)
            switch fact {
            case .began(_, let since): (known.since, known.former) = (instant(since), nil)
            case .ended(let owner, let wasUsed, let time):
                guard wasUsed else { break }
                known.former = LockerBank.Former(owner: owner, at: instant(time) ?? now)
            case .step: break
            }
        }
        return known
    }
}
