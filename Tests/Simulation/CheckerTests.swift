// A checker that cannot bite checks nothing: each one is shown a core that does wrong.

import EventLoop
import Journal
import StationCore
import Testing

@testable import Simulation

@Suite struct `A checker` {
    let stage: Stage
    let door = DoorID(0)
    let reader = DeviceID(0)

    init() throws { stage = try Stage(doors: 1, seed: 4) }

    var inspector: Inspector { stage.world.inspector }
    var now: Instant { stage.clock.now }
    var rules: [Violation.Rule] { inspector.violations.map(\.rule) }

    func entry(_ number: UInt64, _ event: Event, key: ShortText = .empty) -> Entry {
        Entry(
            ticket: Ticket(number: number), at: now, calendar: .unknown, event: event, key: key)
    }

    func granted(_ number: UInt64, key: ShortText? = nil) -> Entry {
        entry(
            number, .granted(door: door, reader: reader, view: .full, note: .none),
            key: key ?? stage.welcome.key)
    }

    func released(_ number: UInt64, _ cause: ReleaseCause, grant: UInt64? = nil) -> Entry {
        entry(
            number,
            .released(
                door: door, cause: cause, grant: grant.map { Ticket(number: $0) }, latency: .zero))
    }

    func late(_ number: UInt64, grant: UInt64) -> Entry {
        entry(
            number,
            .released(
                door: door, cause: .key, grant: Ticket(number: grant), latency: .zero,
                note: .journalSlow))
    }

    func free(_ fresh: [Entry]) {
        inspector.set(door, isFree: true, fresh: fresh, witness: stage.plant.witness, at: now)
    }

    @Test func `bites a lock that is freed for no reason`() {
        free([])
        #expect(rules == [.releaseWithoutCause])
    }

    @Test func `bites an exit that nobody asked for`() {
        free([released(1, .exitButton)])
        #expect(rules == [.releaseWithoutCause])
    }

    @Test func `bites a command that nobody gave, and fire where there is none`() {
        free([released(1, .command)])
        inspector.set(door, isFree: false, fresh: [], witness: stage.plant.witness, at: now)
        free([released(2, .fire)])
        #expect(rules == [.releaseWithoutCause, .releaseWithoutCause])
    }

    @Test func `bites a release that names no grant, or a later one`() {
        free([released(1, .key)])
        inspector.set(door, isFree: false, fresh: [], witness: stage.plant.witness, at: now)
        free([released(2, .key, grant: 3)])
        #expect(rules == [.releaseBeforeGrant, .releaseBeforeGrant])
    }

    @Test func `bites an order that frees a lock before it is written`() {
        stage.plant.give(.command(door, .access, .crew), at: now)
        let order = entry(1, .commanded(door: door, command: .access, by: .crew))
        inspector.handedOver(order, witness: stage.plant.witness, at: now)
        free([released(2, .command, grant: 1)])
        inspector.set(door, isFree: false, fresh: [], witness: stage.plant.witness, at: now)
        free([released(3, .command)])
        #expect(rules == [.releaseBeforeCommit, .releaseBeforeGrant])
    }

    /// What happens to a pass: shown, let in, taken back, committed.
    private func passes(_ make: (VisitorPasses, (Entry) -> Void) -> Void) {
        let visitors = VisitorPasses(
            StationIdentity(
                id: "synthetic", nameChinese: "", nameEnglish: "", phone: "", utcOffsetMinutes: 0),
            wall: WallTime(seconds: 1_780_272_000), seed: SplitMix64(seed: 3))
        inspector.know(visitors)
        make(visitors) { inspector.handedOver($0, witness: stage.plant.witness, at: now) }
    }

    private func shown(_ pass: VisitorPass) {
        stage.plant.witness.shown(
            Witness.Showing(
                name: pass.name, isGenuine: pass.isGenuine, reader: reader, start: now, end: now))
    }

    private func letIn(_ number: UInt64, _ pass: VisitorPass, use: UInt16) -> Entry {
        entry(
            number,
            .passGranted(
                door: door, reader: reader, use: use, validTo: pass.claim.validTo, note: .none),
            key: pass.name)
    }

    private func commit(_ number: UInt64) {
        inspector.answered(
            .committed(upTo: Ticket(number: number), lastSequence: number), at: now)
    }

    @Test func `bites a pass that nobody issued, was over, or was not shown`() throws {
        passes { visitors, hand in
            for kind in VisitorPass.Kind.allCases {
                guard let pass = visitors.all.last(where: { $0.kind == kind }) else { continue }
                shown(pass)
                hand(letIn(1, pass, use: 1))
            }
            let unseen = visitors.all.first { $0.kind == .good }
            if let unseen { hand(letIn(2, unseen, use: 1)) }
        }
        // All but the good one that was shown; the forged one goes by a good one's name, and that
        // one was shown as well.
        #expect(rules == [.passForged, .passForged, .passDoubled, .passForged, .passForged])
    }

    @Test func `bites a pass that opens too often, and a held one that opens twice`() throws {
        passes { visitors, hand in
            guard let pass = visitors.all.first(where: { $0.kind == .good }) else { return }
            #expect(pass.claim.quota == 1)
            shown(pass)
            hand(letIn(1, pass, use: 1))
            hand(letIn(2, pass, use: 2))
            #expect(rules == [.passDoubled])
            commit(1)
            #expect(rules == [.passDoubled])
            commit(2)
            #expect(rules == [.passDoubled, .passOverused])
        }
    }

    @Test func `bites a number that is given twice, and allows what was taken back`() throws {
        passes { visitors, hand in
            guard let pass = visitors.all.first(where: { $0.kind == .good }) else { return }
            shown(pass)
            hand(letIn(1, pass, use: 1))
            hand(
                entry(
                    2,
                    .passWithdrawn(
                        door: door, reader: reader, use: 1, withdrawn: 1,
                        validTo: pass.claim.validTo), key: pass.name))
            hand(letIn(3, pass, use: 1))
            commit(3)
            #expect(rules == [.passNumberTwice])
            // What a power cut took was never a use.
            hand(letIn(4, pass, use: 2))
            inspector.restarted(standing: [.locked], at: now)
            commit(9)
            #expect(rules == [.passNumberTwice, .passDoubled])
        }
    }

    @Test func `bites a core that forgot how its doors stood`() {
        inspector.kept([.lockedDown])
        inspector.restarted(standing: [.locked], at: now)
        #expect(rules == [.modeForgotten])
        inspector.restarted(standing: [.lockedDown], at: now)
        #expect(rules == [.modeForgotten])
        // A door that stood free is freed at the start, and needs no entry for it.
        inspector.kept([.unlocked])
        inspector.restarted(standing: [.unlocked], at: now)
        free([])
        #expect(rules == [.modeForgotten])
    }

    @Test func `bites a release that is wrong about being durable`() {
        stage.plant.present(stage.welcome, at: reader, now: now)
        inspector.answered(.failed, at: now)
        inspector.handedOver(granted(1), witness: stage.plant.witness, at: now)
        free([released(2, .key, grant: 1)])
        inspector.handedOver(
            released(2, .key, grant: 1), witness: stage.plant.witness, at: now)
        #expect(rules == [.undurableUntold])
        inspector.set(door, isFree: false, fresh: [], witness: stage.plant.witness, at: now)
        free([late(3, grant: 1)])
        inspector.handedOver(late(3, grant: 1), witness: stage.plant.witness, at: now)
        #expect(rules == [.undurableUntold])
        inspector.set(door, isFree: false, fresh: [], witness: stage.plant.witness, at: now)
        inspector.answered(
            .committed(upTo: Ticket(number: 3), lastSequence: 3), at: now)
        free([late(4, grant: 1)])
        #expect(rules == [.undurableUntold, .undurableUntold])
    }

    @Test func `bites a release before its commit, and not after it`() {
        stage.plant.present(stage.welcome, at: reader, now: now)
        inspector.handedOver(granted(1), witness: stage.plant.witness, at: now)
        free([released(2, .key, grant: 1)])
        #expect(rules == [.releaseBeforeCommit])

        inspector.set(door, isFree: false, fresh: [], witness: stage.plant.witness, at: now)
        inspector.answered(.committed(upTo: Ticket(number: 2), lastSequence: 2), at: now)
        free([released(3, .key, grant: 1)])
        #expect(rules == [.releaseBeforeCommit])
    }

    @Test func `bites a grant to a card that was not there`() {
        inspector.handedOver(granted(1), witness: stage.plant.witness, at: now)
        #expect(rules == [.grantWithoutCard])
    }

    @Test func `bites a grant to a lost card`() throws {
        let lost = try #require(stage.people.residents.first { $0.state == .lost })
        stage.plant.present(lost, at: reader, now: now)
        inspector.handedOver(granted(1, key: lost.key), witness: stage.plant.witness, at: now)
        #expect(rules == [.grantWithoutCard])
    }

    @Test func `bites a forced door that nobody forced`() {
        inspector.handedOver(
            entry(1, .forced(door: door)), witness: stage.plant.witness, at: now)
        #expect(rules == [.alarmWithoutCause])
    }

    @Test func `bites a sequence that does not grow`() {
        inspector.answered(.committed(upTo: Ticket(number: 1), lastSequence: 5), at: now)
        inspector.answered(.committed(upTo: Ticket(number: 2), lastSequence: 5), at: now)
        #expect(rules == [.journalBroken])
    }

    @Test func `bites a journal that forgot what it had committed`() {
        inspector.answered(.committed(upTo: Ticket(number: 9), lastSequence: 9), at: now)
        inspector.restarted(standing: [.locked], at: now)
        inspector.answered(.opened(lastSequence: 8), at: now)
        #expect(rules == [.journalBroken])
    }

    @Test func `bites a known card that nobody answers`() {
        stage.plant.present(stage.welcome, at: reader, now: now)
        // The loop never runs: nobody reads the wires.
        stage.inspect()
        #expect(rules == [])
        stage.clock.advance(to: now + .seconds(4))
        stage.inspect()
        // A card on wires that nobody opened is nobody's fault.
        #expect(rules == [])

        var loop = stage.loop()
        _ = loop.tick()
        stage.plant.present(stage.welcome, at: reader, now: now)
        stage.inspect()
        stage.clock.advance(to: now + .seconds(4))
        stage.inspect()
        #expect(rules == [.tapWithoutAnswer])
    }

    @Test func `bites a queue past its bound, and time that stands still`() {
        stage.inspect(outbox: Outbox.capacity + 1)
        #expect(rules == [.queueOverBound])
        for _ in 0..<20_001 { stage.inspect() }
        #expect(rules == [.queueOverBound, .stoodStill])
    }

    @Test func `bites a door that is left open at the end`() throws {
        var loop = stage.loop()
        stage.plant.present(stage.welcome, at: reader, now: now + .seconds(1))
        // Two seconds after the tap the lock is still free.
        while !stage.plant.isFree(door) { _ = loop.tick() }
        inspector.converged(loop.room.station, plant: stage.plant, at: now)
        #expect(rules.contains(.notConverged))
    }

    @Test func `is content with a tap as it should be`() throws {
        var loop = stage.loop()
        stage.plant.present(stage.welcome, at: reader, now: now + .seconds(1))
        let end = now + .seconds(60)
        while now < end {
            _ = loop.tick()
            stage.inspect()
        }
        inspector.converged(loop.room.station, plant: stage.plant, at: now)
        _ = inspector.verified(
            stage.world.journal, counters: loop.room.station.counters, at: now)
        #expect(rules == [])
        #expect(loop.room.station.counters.releases == 1)
    }

    @Test func `bites a second grant for one card`() {
        stage.plant.present(stage.welcome, at: reader, now: now)
        inspector.handedOver(granted(1), witness: stage.plant.witness, at: now)
        #expect(rules == [])
        inspector.handedOver(granted(2), witness: stage.plant.witness, at: now)
        #expect(rules == [.tapDoubled])
    }

    @Test func `bites a core that does not miss a reader, and one that does not find it again`()
        throws
    {
        let gate = ReaderGate(.pn532)
        var watch = ReaderWatch(devices: 2)
        func look(_ reader: ReaderWatch.Reader, after span: Interval) -> [Violation.Rule] {
            gate.now = gate.now + span
            return watch.look([reader], gate.station.deviceHealth, at: gate.now).map(\.1)
        }
        var state = ReaderWatch.Reader(
            device: DeviceID(0), unpluggedAt: gate.now, isWatched: true, isExplained: false,
            hasItsLines: true)
        // It is out, and the core has it attached.
        #expect(look(state, after: .milliseconds(100)) == [])
        #expect(look(state, after: .milliseconds(200)) == [.absenceUntold])
        #expect(look(state, after: .milliseconds(200)) == [])
        // It is in again, and nobody asks it for cards.
        state.unpluggedAt = nil
        state.isWatched = false
        #expect(look(state, after: .milliseconds(100)) == [])
        #expect(look(state, after: .milliseconds(300)) == [.readerNotBack])
        // What its mischief explains is no fault of the core's.
        state.isExplained = true
        #expect(look(state, after: .milliseconds(300)) == [])
    }
}

extension Stage {
    /// What a batch run does after each tick.
    func inspect(outbox: Int = 0) {
        world.inspector.afterTick(
            Bounds(outbox: outbox, journal: 0, heldGrants: 0), witness: plant.witness,
            at: clock.now)
    }
}
