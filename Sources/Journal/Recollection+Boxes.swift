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
        case began(UseOwner, since: WallTime)
        case ended
        case step(CompartmentStep)

        /// Whether what was told before says nothing any more once this is told.
        func outdates(_ older: Fact) -> Bool {
            switch (self, older) {
            case (.began, .began), (.began, .ended), (.ended, .began), (.ended, .ended): true
            case (.step(.cleared), _), (.step(.unknown), _): true
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
            let owner = UseOwner(
                key: entry.key.flatMap { ShortText($0) } ?? .empty,
                holder: entry.holder.flatMap { ShortText($0) } ?? .empty, source: source)
            fact = .began(owner, since: entry.wall)
        case ("use.ended", "source"): fact = .ended
        case ("box.changed", "step"):
            guard let step = CompartmentStep.allCases.first(where: { $0.name == words[11] })
            else { return }
            fact = .step(step)
        default: return
        }
        take(fact, of: Box(service: service, unit: unit))
    }

    mutating func take(_ fact: Fact, of box: Box) {
        facts[box, default: []].removeAll { fact.outdates($0) }
        facts[box, default: []].append(fact)
    }
}

extension Compartment.Kept {
    /// One more fact of the run that kept this.
    mutating func learn(_ fact: BoxFacts.Fact) {
        switch fact {
        case .began(let owner, _): self.owner = owner
        case .ended:
            owner = nil
            troubles.subtract([.itemForgotten, .overtime])
        case .step(let step):
            switch step {
            case .jammed: troubles.insert(.jammed)
            case .forced: troubles.insert(.forced)
            case .itemForgotten: troubles.insert(.itemForgotten)
            case .overtime: troubles.insert(.overtime)
            case .opened: troubles.subtract([.jammed, .forced])
            case .unknown: (owner, isKnown) = (nil, false)
            case .cleared: (owner, isKnown, troubles) = (nil, true, [])
            case .blocked: isBlocked = true
            case .unblocked: isBlocked = false
            case .reopened, .ordered, .closed, .unreachable, .leftOpen: break
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
        for var known in station.keptBoxes {
            let box = BoxFacts.Box(service: known.service, unit: known.unit)
            let facts = boxFacts.facts[box] ?? []
            // With every entry since the first, a box without a word about it was nobody's.
            let isSure = isDoubtful && isWhole
            if isSure { known.kept = Compartment.Kept() }
            for fact in facts {
                known.kept.learn(fact)
                guard case .began(_, let since) = fact else { continue }
                known.since = BoxMemory.instant(of: since, station.currentCalendar, now)
            }
            if isSure || !facts.isEmpty { station.recalled(known, at: now) }
        }
    }
}
