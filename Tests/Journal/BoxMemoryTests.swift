// Whose a box is, over a restart: in the snapshot's bytes, and in what entries add to them.

import EventLoop
import StationCore
import Testing

@testable import Journal

@Suite struct `Boxes over a restart` {
    private let owner = UseOwner(
        key: ShortText("k-1") ?? .empty, holder: ShortText("h-1") ?? .empty, source: .key)

    private func snapshot(_ boxes: BoxMemory) -> StateSnapshot {
        StateSnapshot(
            last: nil, wallAnchor: WallTime(seconds: 1_795_000_000), doors: [], boxes: boxes)
    }

    @Test func `come back from the snapshot as they were`() {
        let memory = BoxMemory(boxes: [
            .init(
                service: "lockers", name: "A2",
                kept: Compartment.Kept(owner: owner, troubles: [.jammed, .overtime]),
                since: WallTime(seconds: 1_794_000_000)),
            .init(service: "lockers", name: "1", kept: Compartment.Kept(isKnown: false)),
            .init(service: "parcels", name: "7", kept: Compartment.Kept(isBlocked: true)),
            .init(
                service: "parcels", name: "8", kept: Compartment.Kept(),
                former: .init(owner: owner, until: WallTime(seconds: 1_794_000_100))),
            .init(
                service: "parcels", name: "9",
                kept: Compartment.Kept(owner: owner, isEnding: true)),
        ])
        let bytes = snapshot(memory).encoded()
        #expect(StateSnapshot(bytes[...])?.boxes == memory)
    }

    @Test func `that nobody knows any more stay unknown`() {
        let bytes = snapshot(.lost).encoded()
        #expect(StateSnapshot(bytes[...])?.boxes.isLost == true)
    }

    @Test func `are none in a snapshot of before`() {
        // The version before ends where boxes begin: two bytes for none.
        let bytes = snapshot(BoxMemory()).encoded().dropLast(2 + emptyUses)
        #expect(StateSnapshot(bytes, version: 8)?.boxes == BoxMemory())
        #expect(StateSnapshot(bytes) == nil)
    }

    @Test func `are refused cut short, anywhere, and with what follows them`() {
        let memory = BoxMemory(boxes: [
            .init(
                service: "lockers", name: "A2", kept: Compartment.Kept(owner: owner),
                since: WallTime(seconds: 1_794_000_000))
        ])
        let bytes = snapshot(memory).encoded()
        for length in 0..<bytes.count { #expect(StateSnapshot(bytes[..<length]) == nil) }
        #expect(StateSnapshot((bytes + [0])[...]) == nil)
    }

    @Test func `are what the entries after the snapshot say`() throws {
        let service = ServiceID(0)
        let events: [(Event, String, String)] = [
            (.useBegan(service: service, unit: 1, source: .key), "k-1", "h-1"),
            (.compartment(service: service, unit: 1, step: .jammed, by: nil), "", ""),
            (
                .useEnded(
                    service: service, unit: 0, source: .key, end: .ended, seconds: 60,
                    amount: .once), "k-1", "h-1"
            ),
            (.compartment(service: service, unit: 0, step: .blocked, by: .crew), "", ""),
        ]
        let directory = try TemporaryDirectory()
        let written = events.enumerated().map { index, event in
            entry(UInt64(index + 1), event.0, key: event.1, holder: event.2)
        }
        let stored = try withStore(settings(directory)) { store throws in
            _ = try store.commit(written.span)
            return try store.readAll()
        }
        var recollection = Recollection(names)
        for entry in stored { recollection.take(entry) }
        let facts = recollection.boxFacts.facts
        var second = Compartment.Kept()
        for fact in facts[.init(service: 0, unit: 1)] ?? [] { second.learn(fact) }
        #expect(second == Compartment.Kept(owner: owner, troubles: .jammed))
        var first = Compartment.Kept(owner: owner)
        for fact in facts[.init(service: 0, unit: 0)] ?? [] { first.learn(fact) }
        #expect(first == Compartment.Kept(isBlocked: true))
    }

    @Test func `are whose entries name them, though a start did not know`() {
        var facts = BoxFacts()
        let box = BoxFacts.Box(service: 0, unit: 0)
        facts.take(.began(owner, since: nil), of: box)
        facts.take(.step(.unknown), of: box)
        var kept = Compartment.Kept(isKnown: false)
        for fact in facts.facts[box] ?? [] { kept.learn(fact) }
        #expect(kept == Compartment.Kept(owner: owner))
    }

    @Test func `have no trouble of the holder before`() {
        var facts = BoxFacts()
        let box = BoxFacts.Box(service: 0, unit: 0)
        facts.take(.step(.overtime), of: box)
        facts.take(.ended(owner, wasUsed: true, at: nil), of: box)
        facts.take(.began(owner, since: nil), of: box)
        var kept = Compartment.Kept()
        for fact in facts.facts[box] ?? [] { kept.learn(fact) }
        #expect(kept == Compartment.Kept(owner: owner))
    }

    @Test func `are not freed by the end of somebody before`() throws {
        let other = UseOwner(
            key: try #require(ShortText("k-2")), holder: try #require(ShortText("h-2")),
            source: .key)
        var facts = BoxFacts()
        let box = BoxFacts.Box(service: 0, unit: 0)
        facts.take(.began(owner, since: nil), of: box)
        facts.take(.ended(other, wasUsed: true, at: nil), of: box)
        var kept = Compartment.Kept()
        for fact in facts.facts[box] ?? [] { kept.learn(fact) }
        #expect(kept.owner == owner)
    }

    @Test func `whose last use has ended are known`() {
        var kept = Compartment.Kept(isKnown: false)
        kept.learn(.ended(owner, wasUsed: true, at: nil))
        #expect(kept == Compartment.Kept())
    }

    @Test func `keep the name that the snapshot has when the entry's was erased`() {
        var kept = Compartment.Kept(owner: owner)
        kept.learn(.began(UseOwner(source: .key), since: nil))
        #expect(kept.owner == owner)
    }

    @Test func `do not fill memory with what happened to one box`() {
        var facts = BoxFacts()
        let began = BoxFacts.Fact.began(owner, since: WallTime(seconds: 0))
        #expect(BoxFacts.Fact.ended(owner, wasUsed: true, at: nil).outdates(began))
        #expect(BoxFacts.Fact.step(.cleared).outdates(.step(.jammed)))
        #expect(!BoxFacts.Fact.step(.jammed).outdates(began))
        for _ in 0..<1_000 {
            facts.take(began, of: .init(service: 0, unit: 0))
            facts.take(.ended(owner, wasUsed: true, at: nil), of: .init(service: 0, unit: 0))
            facts.take(.step(.opened), of: .init(service: 0, unit: 0))
        }
        #expect(facts.facts[.init(service: 0, unit: 0)]?.count == 2)
    }
}
