// What the journal's entries say of services with machines, on top of what the snapshot knows.

public import EventLoop
public import StationCore

/// The newest facts about parts of services.
struct UseFacts: Sendable {
    struct Part: Sendable, Hashable {
        var service: Int
        var unit: Int
    }

    /// A use as entries date it.
    struct Running: Sendable {
        var owner: UseOwner
        var since: WallTime?
    }

    struct Facts: Sendable {
        var news = PartNews()
        var running: [Running] = []
    }

    private(set) var facts: [Part: Facts] = [:]
    var decisions = DecisionFacts()

    /// Takes an entry about a part; what cannot be read says nothing.
    mutating func take(_ entry: StoredEntry, _ names: EntryNames) {
        // `{"serviceName":"…","place":"…","source|step|fault":"…"`: nothing there has anything to
        // escape but a part's name, which then says nothing.
        let words = entry.payload.split(separator: "\"", omittingEmptySubsequences: false)
        guard words.count > 11, words[1] == "serviceName", words[5] == "place",
            let service = names.services.firstIndex(where: { $0 == words[3] }),
            names.units.indices.contains(service),
            let unit = names.units[service].firstIndex(where: { $0 == words[7] })
        else { return }
        let part = Part(service: service, unit: unit)
        let word = words[11]
        switch (entry.kind, words[9]) {
        case ("use.began", "source"):
            guard let owner = Self.owner(entry, word) else { return }
            facts[part, default: Facts()].began(
                owner, since: entry.quality >= .holdover ? entry.wall : nil)
        case ("use.ended", "source"):
            guard let owner = Self.owner(entry, word) else { return }
            facts[part, default: Facts()].ended(
                owner, amount: Recollection.number("amount", in: entry.payload) ?? 0)
        case ("part.changed", "step"):
            guard let step = ServiceStep.allCases.first(where: { $0.name == word }) else { return }
            if step == .paused || step == .unpaused {
                // The service's own, and no news of its part.
                return decisions.take(step, of: service, words, entry.payload)
            }
            facts[part, default: Facts()].news.steps.removeAll { $0 == step }
            facts[part, default: Facts()].news.steps.append(step)
            if step == .restocked { facts[part]?.news.begunSinceRestock = 0 }
            // From here on it is theirs who claimed it.
            if step == .claimed, let last = facts[part]?.running.indices.last {
                facts[part]?.running[last].owner = Self.owner(entry, .key)
            }
        case ("part.faultRaised", "fault"), ("part.faultCleared", "fault"):
            guard let fault = ServiceFault.allCases.first(where: { $0.name == word }) else {
                return
            }
            facts[part, default: Facts()].news.faults.removeAll { $0.fault == fault }
            facts[part, default: Facts()].news.faults.append(
                (fault, entry.kind == "part.faultRaised"))
        default: break
        }
    }

    private static func owner(_ entry: StoredEntry, _ source: Substring) -> UseOwner? {
        UseSource.allCases.first { $0.name == source }.map { owner(entry, $0) }
    }

    private static func owner(_ entry: StoredEntry, _ source: UseSource) -> UseOwner {
        UseOwner(
            key: entry.key.flatMap { ShortText($0) } ?? .empty,
            holder: entry.holder.flatMap { ShortText($0) } ?? .empty, source: source)
    }
}

extension UseFacts.Facts {
    mutating func began(_ owner: UseOwner, since: WallTime?) {
        news.begun += 1
        news.begunSinceRestock += 1
        running.append(UseFacts.Running(owner: owner, since: since))
        if running.count > PartNews.useLimit { running.removeFirst() }
    }

    /// What ends late ends nobody else's. Names are erased after a while: then it is one of those
    /// that lost theirs.
    mutating func ended(_ owner: UseOwner, amount: Int64) {
        let (sum, overflows) = news.amount.addingReportingOverflow(amount)
        news.amount = overflows ? .max : sum
        news.ended.append(owner)
        if news.ended.count > PartNews.useLimit { news.ended.removeFirst() }
        let erased = UseOwner(source: owner.source)
        let place =
            running.firstIndex { $0.owner == owner } ?? running.firstIndex { $0.owner == erased }
        if let place { running.remove(at: place) }
    }
}

extension Recollection {
    /// A year, in ms: whoever was away for longer was away.
    private static let longestAway: Int64 = 366 * 86_400_000

    /// Tells a station that has started what entries say of services with machines.
    public func teachUses(_ station: inout Station, at now: Instant) {
        useFacts.decisions.teach(&station, at: now)
        let calendar = station.currentCalendar
        if let newest, calendar.isTrusted {
            let gone = calendar.wallTime(at: now).milliseconds &- newest.milliseconds
            if gone >= 0 { station.wasAway(atMost: .milliseconds(min(gone, Self.longestAway))) }
        }
        for (service, settings) in station.resolved.services.enumerated() {
            for unit in settings.settings.units.indices {
                guard let known = useFacts.facts[UseFacts.Part(service: service, unit: unit)]
                else { continue }
                var news = known.news
                news.running = known.running.map { use in
                    RunningUse(
                        use.owner,
                        since: use.since.map { BoxMemory.instant(of: $0, calendar, now) } ?? now)
                }
                station.recalled(news, of: unit, in: service)
            }
        }
    }
}
