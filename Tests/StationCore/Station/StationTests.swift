// The core as a whole: from a card's edges to a strike's line, with the journal in between.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A station` {
    @Test func `writes a grant down before it frees the door`() {
        var gate = Gate()
        gate.tap(Gate.known)
        #expect(gate.names == ["access.granted"])
        #expect(gate.strikeValues.isEmpty)
        #expect("\(gate.entries[0].key)" == "k1")
        #expect("\(gate.entries[0].holder)" == "h-k1")
        gate.commit()
        #expect(gate.strikeValues == [true])
        #expect(gate.names == ["access.granted", "door.released"])
        gate.run(for: .seconds(6))
        #expect(gate.strikeValues == [true, false])
        #expect(gate.names.suffix(2) == ["door.secured", "door.grantUnused"])
    }

    @Test func `beeps come in only once the door is free`() {
        var gate = Gate()
        gate.tap(Gate.known)
        #expect(gate.settings.isEmpty)
        gate.commit()
        let beeper = gate.settings.filter { $0.0.line == LineID(3) }
        #expect(beeper.count == 1)
    }

    @Test func `counts a door as in use from the tap to the relock`() {
        var gate = Gate()
        #expect(gate.station.doorsInUse.isEmpty)
        gate.tap(Gate.known)
        #expect(gate.station.doorsInUse == DoorSet(DoorID(0)))
        gate.commit()
        #expect(gate.station.doorsInUse == DoorSet(DoorID(0)))
        gate.run(for: .seconds(10))
        #expect(gate.station.doorsInUse.isEmpty)
        gate.tap(Gate.stranger)
        #expect(gate.station.doorsInUse.isEmpty)
    }

    @Test func `forgets a card's bits without another tap`() {
        var gate = Gate()
        gate.tap(Gate.known)
        gate.commit()
        #expect(gate.station.readers[0].filter.nextDeadline != nil)
        gate.run(for: .seconds(2))
        #expect(gate.station.readers[0].filter.nextDeadline == nil)
    }

    @Test func `knows a key that expired before the clock went bad`() {
        var gate = Gate()
        let policy = gate.station.resolved.policy
        let day: Int64 = 86_400
        var calendar = gate.station.currentCalendar
        let start = calendar.wallTime(at: gate.now)
        // 200 days later the clock is still synchronised; then its battery is empty.
        gate.now = gate.now + .seconds(200 * day)
        gate.station.observed(calendar, at: gate.now)
        calendar.wallOffset = 0
        calendar.quality = .none
        gate.station.observed(calendar, at: gate.now)
        func verdict(endedAfterDays days: Int64) -> Verdict {
            let record = KeyRecord(
                id: .empty, holder: .empty, state: .active, role: .rider, validFrom: nil,
                validTo: WallTime(seconds: start.seconds + days * day), doors: .all,
                assurance: .uid)
            return AccessDecision.decide(
                record, at: DoorID(0), in: .locked, calendar: gate.station.currentCalendar,
                policy: policy, now: gate.now)
        }
        #expect(verdict(endedAfterDays: 180) == .denied(.expired))
        #expect(verdict(endedAfterDays: 199) == .granted(.clockUntrusted))
        #expect(gate.station.currentCalendar.floor >= WallTime(seconds: start.seconds + 200 * day))
        // What a source says outranks it, and what an untrusted clock says never lowers it.
        let floor = gate.station.currentCalendar.floor
        calendar.floor = start
        gate.station.observed(calendar, at: gate.now)
        #expect(gate.station.currentCalendar.floor == floor)
    }

    @Test func `takes up a mode that was learned late, unless somebody knows better`() {
        var gate = Gate()
        gate.station.recalled(.blocked, of: DoorID(0), by: .hub, at: gate.now)
        gate.settle()
        #expect(gate.station.standingModes == [.blocked])
        #expect(
            gate.entries.map(\.event)
                == [.modeChanged(door: DoorID(0), mode: .blocked, by: .hub)])
        gate.tap(Gate.known)
        #expect(gate.names.last == "access.denied")
        gate.station.commanded(.lockDown, door: DoorID(0), by: .crew, at: gate.now)
        gate.settle()
        gate.station.recalled(.unlocked, of: DoorID(0), by: .hub, at: gate.now)
        gate.settle()
        #expect(gate.station.standingModes == [.lockedDown])
    }

    @Test func `has room for every fault that there is`() {
        var gate = Gate()
        for fault in Fault.allCases { gate.station.suffers(fault, true, at: gate.now) }
        #expect(gate.station.faults.map(\.fault) == Fault.allCases)
        #expect(Set(Fault.ofStation).isSubset(of: Set(Fault.allCases)))
    }

    @Test func `names the grant behind a release, and how long it took`() throws {
        var gate = Gate()
        gate.tap(Gate.known)
        let ticket = gate.entries[0].ticket
        gate.commit()
        guard
            case .released(_, let cause, let grant, let latency, let note) = gate.entries[1].event
        else {
            Issue.record("expected a release, found \(gate.entries[1].event)")
            return
        }
        #expect(cause == .key)
        #expect(note == .none)
        #expect(grant == ticket)
        #expect(latency > .zero && latency < .milliseconds(100))
    }

    @Test func `releases after the commit wait when the journal is silent, and says so`() {
        var gate = Gate()
        gate.tap(Gate.known)
        gate.run(for: .milliseconds(150))
        #expect(gate.strikeValues == [true])
        #expect(gate.names.contains("station.journalWaiting"))
        #expect(gate.station.counters.undurableReleases == 1)
        gate.run(for: .seconds(10))
        gate.tap(Gate.known)
        // The journal is known to be slow: nobody waits for it any more.
        #expect(gate.strikeValues == [true, false, true])
    }

    @Test func `says that a release was not durable, and has a fault until commits keep time`() {
        var gate = Gate()
        gate.tap(Gate.known)
        gate.run(for: .milliseconds(150))
        #expect(gate.releases == [.journalSlow])
        #expect(gate.entries.contains { $0.event == .stationFaultRaised(.journalSlow) })
        #expect(gate.station.faults.map(\.fault) == [.journalSlow])
        let freed = gate.settings.first { $0.0.line == Gate.strikeLine }?.1
        #expect(gate.station.faults.map(\.since) == [freed])
        gate.commit()
        for turn in 1...CommitBarrier.commitsToTrust {
            gate.run(for: .seconds(10))
            #expect(gate.station.faults.map(\.fault) == [.journalSlow], "turn \(turn)")
            gate.tap(Gate.known)
            gate.commit()
        }
        #expect(gate.station.faults.isEmpty)
        #expect(gate.entries.filter { $0.event == .stationFaultRaised(.journalSlow) }.count == 1)
        #expect(gate.entries.last?.event == .journalWaiting(true))
        gate.run(for: .seconds(10))
        gate.tap(Gate.known)
        gate.commit()
        #expect(gate.releases == Array(repeating: .journalSlow, count: 4) + [.none])
    }

    @Test func `has a fault from a failed commit to the next one that succeeds`() {
        var gate = Gate()
        gate.station.answered(.opened(lastSequence: 0), at: gate.now)
        gate.station.answered(.failed, at: gate.now)
        gate.station.answered(.failed, at: gate.now)
        gate.settle()
        #expect(gate.names == ["station.faultRaised", "station.journalWaiting"])
        #expect(gate.station.journalState == .failed)
        // Released without waiting: the standing fault says why already.
        gate.tap(Gate.known)
        #expect(gate.releases == [.journalSlow])
        #expect(gate.station.faults.map(\.fault) == [.journalFailed])
        // Opening the file again proves nothing yet.
        gate.station.answered(.opened(lastSequence: 0), at: gate.now)
        #expect(gate.station.journalState == .failed)
        gate.commit()
        #expect(gate.station.journalState == .open)
        #expect(gate.station.faults.isEmpty)
        #expect(gate.entries.last?.event == .stationFaultCleared(.journalFailed))
        // Commits are not trusted yet: the next release does not wait, and says so.
        gate.run(for: .seconds(10))
        gate.tap(Gate.known)
        #expect(gate.station.faults.map(\.fault) == [.journalSlow])
    }

    @Test func `when strict lets a grant lapse rather than open unwritten`() {
        var gate = Gate(JournalSettings(commitWait: .strict))
        gate.tap(Gate.known)
        gate.run(for: .seconds(4))
        #expect(gate.strikeValues.isEmpty)
        guard case .denied(_, _, _, .journalUnavailable)? = gate.entries.last?.event else {
            Issue.record("expected a denial, found \(gate.names)")
            return
        }
        #expect(gate.station.faults.map(\.fault) == [.journalSlow])
        for _ in 0..<CommitBarrier.commitsToTrust {
            #expect(gate.station.faults.map(\.fault) == [.journalSlow])
            gate.commit()
        }
        #expect(gate.station.faults.isEmpty)
    }

    @Test func `when strict grants nothing that it has no room to write down`() {
        var gate = Gate(JournalSettings(commitWait: .strict))
        gate.fillOutbox()
        gate.tap(Gate.known)
        gate.run(for: .seconds(4))
        #expect(gate.station.counters.grants == 0)
        #expect(gate.station.counters.denials[Int(Denial.journalUnavailable.rawValue)] == 1)
        #expect(gate.strikeValues.isEmpty)
    }

    @Test func `never takes a grant for written whose entry found no room`() {
        var gate = Gate()
        gate.fillOutbox()
        gate.tap(Gate.known)
        gate.isJournalTaking = true
        gate.settle()
        gate.station.started(at: gate.now)
        gate.settle()
        gate.commit()
        #expect(gate.count("access.granted") == 0)
        #expect(gate.releases.isEmpty)
        gate.run(for: .milliseconds(150))
        #expect(gate.strikeValues == [true])
        #expect(gate.releases == [.journalSlow])
        let grants = gate.entries.compactMap { entry -> Ticket? in
            guard case .released(_, _, let grant, _, _) = entry.event else { return nil }
            return grant
        }
        #expect(grants.isEmpty)
    }

    @Test func `has a fault when the journal is silent, though nobody taps`() {
        var gate = Gate()
        gate.station.answered(.opened(lastSequence: 0), at: gate.now)
        gate.station.started(at: gate.now)
        gate.settle()
        gate.run(for: .seconds(9))
        #expect(gate.station.faults.isEmpty)
        gate.run(for: .seconds(1))
        #expect(gate.station.faults.map(\.fault) == [.journalSlow])
        gate.run(for: .seconds(100))
        #expect(gate.count("station.faultRaised") == 1)
        gate.commit()
        #expect(gate.station.faults.isEmpty)
        #expect(gate.station.waitsForJournal == true)
    }

    @Test func `has no fault while every entry is answered in time`() {
        var gate = Gate()
        for _ in 0..<20 {
            gate.setContact(closed: false)
            gate.setContact(closed: true)
            gate.run(for: .seconds(9))
            gate.commit()
        }
        gate.run(for: .seconds(100))
        #expect(gate.station.faults.isEmpty)
    }

    @Test func `has one fault, not two, while commits fail and nobody taps`() {
        var gate = Gate()
        gate.station.started(at: gate.now)
        gate.station.answered(.failed, at: gate.now)
        gate.settle()
        gate.run(for: .seconds(60))
        #expect(gate.station.faults.map(\.fault) == [.journalFailed])
    }

    @Test func `has a fault when taps wait no more, though the late grant was denied`() {
        var gate = Gate()
        gate.tap(Gate.known)
        gate.station.commanded(.lockDown, door: DoorID(0), by: .hub, at: gate.now)
        gate.settle()
        gate.run(for: .milliseconds(150))
        #expect(gate.strikeValues.isEmpty)
        #expect(gate.station.waitsForJournal == false)
        #expect(gate.station.faults.map(\.fault) == [.journalSlow])
        #expect(gate.station.counters.undurableReleases == 0)
    }

    @Test func `decides a held grant again when it is let go`() {
        var gate = Gate()
        gate.tap(Gate.known)
        gate.station.commanded(.lockDown, door: DoorID(0), by: .hub, at: gate.now)
        gate.settle()
        gate.commit()
        #expect(gate.strikeValues.isEmpty)
        guard case .denied(_, _, _, .lockdown)? = gate.entries.last?.event else {
            Issue.record("expected a denial, found \(gate.names)")
            return
        }
    }

    @Test func `denies a stranger and a lost card with their reasons, and never frees the door`() {
        var gate = Gate()
        gate.tap(Gate.stranger)
        gate.run(for: .seconds(2))
        gate.tap(Gate.lost)
        gate.commit()
        let reasons = gate.entries.compactMap { entry -> Denial? in
            guard case .denied(_, _, _, let reason) = entry.event else { return nil }
            return reason
        }
        #expect(reasons == [.unknown, .lost])
        #expect(gate.entries[0].key.isEmpty)
        #expect("\(gate.entries[1].key)" == "k2")
        #expect(gate.strikeValues.isEmpty)
    }

    @Test func `slows guessing by counting, and lets a known key in between`() {
        var gate = Gate()
        for guess in 0..<15 {
            // Facility 9, numbers 100 and up: nobody's.
            gate.tap(WiegandFormat.h10301.encode(facility: 9, number: UInt128(100 + guess))!)
        }
        gate.tap(Gate.known)
        gate.commit()
        #expect(gate.strikeValues == [true])
        #expect(gate.names.filter { $0 == "access.denied" }.count == FloodLimiter.rare)
        gate.run(for: .seconds(70))
        guard
            let counted = gate.entries.first(where: { $0.event.name == "access.unknownsCounted" }),
            case .unknownsCounted(_, let count) = counted.event
        else {
            Issue.record("expected a count, found \(gate.names)")
            return
        }
        #expect(count == 5)
    }

    @Test func `lets people out without waiting for anything`() {
        var gate = Gate()
        gate.press()
        #expect(gate.strikeValues == [true])
        #expect(gate.names == ["door.exitRequested", "door.released"])
    }

    @Test func `sees a door forced, and one opened after a grant not`() {
        var gate = Gate()
        gate.setContact(closed: false)
        #expect(gate.names == ["door.opened", "door.forced"])
        gate.setContact(closed: true)
        gate.run(for: .seconds(1))
        gate.entries = []
        gate.tap(Gate.known)
        gate.commit()
        gate.setContact(closed: false)
        #expect(!gate.names.contains("door.forced"))
    }

    @Test func `tells a damaged read from a stranger`() {
        var gate = Gate()
        gate.tap(Gate.known ^ 1 << 12)
        #expect(gate.names == ["reader.diagnosed", "access.denied"])
        guard case .denied(_, _, _, .malformed)? = gate.entries.last?.event else {
            Issue.record("expected a malformed read, found \(gate.entries)")
            return
        }
    }

    @Test func `says which device is missing and goes on without it`() {
        var gate = Gate()
        gate.station.detached(Gate.contact, .missing, at: gate.now)
        gate.settle()
        #expect(gate.names == ["device.faultRaised"])
        #expect(gate.station.doorStates[0].isClosed == nil)
        gate.tap(Gate.known)
        gate.commit()
        #expect(gate.strikeValues == [true])
        gate.entries = []
        gate.station.attached(Gate.contact, at: gate.now)
        gate.settle()
        #expect(gate.names == ["device.faultCleared"])
    }

    @Test func `does not claim to open a door whose lock is not there`() {
        var gate = Gate()
        gate.station.detached(Gate.strike, .missing, at: gate.now)
        gate.tap(Gate.known)
        guard case .denied(_, _, _, .lockUnavailable)? = gate.entries.last?.event else {
            Issue.record("expected a denial, found \(gate.names)")
            return
        }
    }

    @Test func `without a key denies everybody and still lets people out`() {
        var station = Station(Gate.resolved(JournalSettings()))
        let now = Instant(nanoseconds: 1)
        for device in 0..<4 { station.attached(DeviceID(device), at: now) }
        station.presented(
            Presentation(
                credential: Credential(technology: .wiegand, bitCount: 26, bits: Gate.known),
                format: .h10301, at: now), at: Gate.reader, now: now)
        guard case .denied(_, _, _, .noKey) = station.outbox[station.outbox.count - 1].event else {
            Issue.record("expected a denial")
            return
        }
    }

    @Test func `counts what the journal had no room for, and writes the count when there is`() {
        var gate = Gate()
        for _ in 0..<Outbox.capacity + 10 { gate.station.started(at: gate.now) }
        #expect(gate.station.outbox.lost == 10)
        gate.station.handedOver(Outbox.capacity)
        gate.entries = []
        gate.settle()
        guard case .entriesLost(let count)? = gate.entries.last?.event else {
            Issue.record("expected a count, found \(gate.names)")
            return
        }
        #expect(count == 10)
    }

    @Test func `keeps a frame open while the reader's edges are still waiting to be read`() {
        var gate = Gate()
        for bit in (1..<26).reversed() {
            gate.station.edge(
                LineID(Int(Gate.known >> UInt128(bit) & 1)), isActive: false, at: gate.now)
            gate.now = gate.now + .milliseconds(1)
        }
        // The loop was late: the deadline passed, but the last edge is still in the kernel.
        let last = gate.now
        gate.now = gate.now + .milliseconds(60)
        gate.station.heldBack(Gate.reader)
        gate.station.expire(at: gate.now)
        gate.station.edge(LineID(Int(Gate.known & 1)), isActive: false, at: last)
        gate.run(for: .milliseconds(30))
        #expect(gate.names == ["access.granted"])
    }
}
