// People at lockers: they bring things, look after them, and come to fetch them.
//
//   comes ─► taps ─► looks which door sprang open ─┬─ puts something in, or looks ──► shuts it
//              ▲                                   └─ takes it out ─► taps ─► shuts it
//              └── none did: taps again, three times

import EventLoop
import StationCore

/// Somebody at a bank of lockers.
struct LockerVisit {
    enum Step {
        /// Holds the card to the reader.
        case tap
        /// Looks which door sprang open.
        case look
        /// Holds the card to the reader once more: they are done.
        case end
        case shut
    }

    var bank: Int
    var resident: Resident
    var step = Step.tap
    /// They come for their things, and take them.
    var fetches = false
    var taps = 0
    /// Doors that stood open before the tap.
    var before: [Int] = []
}

extension VirtualPlant {
    /// Whoever had no luck three times goes home.
    private static let tapsOfOne = 3
    /// So often somebody comes for what is theirs, once nobody brings anything any more.
    private static let collections = 4

    func scheduleVisits(after now: Instant) {
        for bank in banks.indices { schedule(.comes(bank: bank), at: now + pause()) }
    }

    /// Somebody of a population comes to a service with boxes.
    func goToLockers(of service: Int, at now: Instant) {
        guard let bank = banks.firstIndex(where: { $0.service == service }) else { return }
        visit(bank: bank, at: now)
    }

    private func pause() -> Interval { strollers.between(.seconds(5), .seconds(45)) }

    /// Somebody comes to a bank, shuts what others left open, and taps.
    func come(to bank: Int, at now: Instant) {
        schedule(.comes(bank: bank), at: now + pause())
        // Who comes is the population's to say; who fetches what is left, is not.
        if isOpen, services?.hasPopulation == true { return }
        visit(bank: bank, at: now)
    }

    private func visit(bank: Int, at now: Instant) {
        guard !banks[bank].isTaken else { return }
        guard isOpen else { return collect(from: bank, at: now) }
        // The same people come again and again.
        guard let resident = strollers.pick(Array(regulars(of: bank))) else { return }
        begin(LockerVisit(bank: bank, resident: resident), at: now)
    }

    private func begin(_ visit: LockerVisit, at now: Instant) {
        var visit = visit
        banks[visit.bank].isTaken = true
        for box in banks[visit.bank].openBoxes { banks[visit.bank].boxes[box].shut() }
        stir()
        // What they want: half of those who have something here have come for it.
        if banks[visit.bank].place(of: visit.resident.key) != nil, strollers.below(2) == 0 {
            visit.fetches = true
        }
        disturbBoard(of: visit.bank, at: now)
        schedule(.visit(visit), at: now + .seconds(2))
    }

    private func regulars(of bank: Int) -> ArraySlice<Resident> {
        residents.prefix(max(2, banks[bank].boxes.count * 3 / 2))
    }

    /// Nobody brings anything any more; what lies there is fetched.
    private func collect(from bank: Int, at now: Instant) {
        let boxes = banks[bank].boxes
        guard
            let box = boxes.indices.first(where: {
                boxes[$0].contents != nil && banks[bank].attempts[$0] < Self.collections
            }), let resident = residents.first(where: { $0.key == boxes[box].contents })
        else { return }
        banks[bank].attempts[box] += 1
        var visit = LockerVisit(bank: bank, resident: resident)
        visit.fetches = true
        begin(visit, at: now)
    }

    func visit(_ visit: LockerVisit, at now: Instant) {
        switch visit.step {
        case .tap: tap(visit, at: now)
        case .look: look(visit, at: now)
        case .end:
            let end = playCard(of: visit.resident, at: banks[visit.bank].readers, now: now)
            go(on: visit, with: .shut, at: end + strollers.between(.seconds(2), .seconds(5)))
        case .shut:
            for box in banks[visit.bank].openBoxes { banks[visit.bank].boxes[box].shut() }
            banks[visit.bank].isTaken = false
            stir()
        }
    }

    private func go(on visit: LockerVisit, with step: LockerVisit.Step, at instant: Instant) {
        var visit = visit
        visit.step = step
        schedule(.visit(visit), at: instant)
    }

    private func tap(_ visit: LockerVisit, at now: Instant) {
        var visit = visit
        visit.before = banks[visit.bank].openBoxes
        visit.taps += 1
        let end = playCard(of: visit.resident, at: banks[visit.bank].readers, now: now)
        go(on: visit, with: .look, at: end + strollers.between(.seconds(4), .seconds(9)))
        // Some are impatient, or hold the card again to be sure.
        guard strollers.below(5) == 0 else { return }
        schedule(.again(visit), at: end + strollers.between(.seconds(1), .seconds(3)))
    }

    func tapAgain(_ visit: LockerVisit, at now: Instant) {
        _ = playCard(of: visit.resident, at: banks[visit.bank].readers, now: now)
    }

    private func look(_ visit: LockerVisit, at now: Instant) {
        let opened = banks[visit.bank].openBoxes.filter { !visit.before.contains($0) }
        guard let box = opened.first else {
            guard visit.taps < Self.tapsOfOne else {
                banks[visit.bank].isTaken = false
                return
            }
            return go(on: visit, with: .tap, at: now + .seconds(1))
        }
        judge(visit, opened, at: now)
        guard banks[visit.bank].boxes[box].contents == visit.resident.key else {
            if banks[visit.bank].boxes[box].contents == nil, !visit.fetches {
                banks[visit.bank].boxes[box].contents = visit.resident.key
            }
            return shutSoon(visit, at: now)
        }
        guard visit.fetches else { return shutSoon(visit, at: now) }
        banks[visit.bank].boxes[box].contents = nil
        go(on: visit, with: .end, at: now + strollers.between(.seconds(3), .seconds(7)))
    }

    private func shutSoon(_ visit: LockerVisit, at now: Instant) {
        // Some forget it, and the next one shuts it.
        guard strollers.below(20) > 0 else {
            banks[visit.bank].isTaken = false
            return
        }
        go(on: visit, with: .shut, at: now + strollers.between(.seconds(2), .seconds(10)))
    }

    /// What must never be seen at a bank.
    private func judge(_ visit: LockerVisit, _ opened: [Int], at now: Instant) {
        let bank = banks[visit.bank]
        let key = visit.resident.key
        for box in opened {
            if let contents = bank.boxes[box].contents, contents != key {
                broken.append(
                    Violation(
                        .boxOfAnother, at: now, "box \(box + 1) of \(contents) opened for \(key)"))
            }
        }
        if let own = bank.place(of: key), !opened.contains(own) {
            broken.append(
                Violation(
                    .thingsTrapped, at: now,
                    "\(key) has things in box \(own + 1), and box \(opened[0] + 1) opened"))
        }
    }

    /// What is still there though its owner came for it.
    func judgeLockers(at now: Instant) {
        for bank in banks {
            for (place, box) in bank.boxes.enumerated() {
                guard let key = box.contents, bank.attempts[place] >= Self.collections else {
                    continue
                }
                broken.append(
                    Violation(
                        .thingsTrapped, at: now, "\(key) does not get at box \(place + 1)"))
            }
        }
    }

    /// A card at one of these readers.
    private func playCard(of resident: Resident, at readers: [Int], now: Instant) -> Instant {
        guard let place = strollers.pick(readers),
            let reader = self.readers.first(where: { Int($0.device.index) == place }),
            let frame = resident.frame(at: reader, filler: 0)
        else { return now }
        let pulses = reader.pulses(frame.bits, count: frame.count)
        return schedule(pulses, of: reader, at: now)
    }

    /// What boards do wrong now and then: an answer that is lost, a coil that catches, no power.
    private func disturbBoard(of bank: Int, at now: Instant) {
        guard !swarm.readerFaults.isEmpty, strollers.below(6) == 0,
            let twin = banks[bank].boxes.first?.twin
        else { return }
        switch strollers.below(4) {
        case 0: twin.misbehave(.lostAnswer)
        case 1: twin.misbehave(.damaged)
        case 2:
            twin.isStuck = true
            schedule(.boardWell(bank: bank), at: now + strollers.between(.seconds(3), .seconds(40)))
        default:
            twin.isConnected = false
            schedule(.boardWell(bank: bank), at: now + strollers.between(.seconds(3), .seconds(40)))
        }
    }

    func mendBoard(of bank: Int) {
        for box in banks[bank].boxes { (box.twin.isStuck, box.twin.isConnected) = (false, true) }
        stir()
    }

    // MARK: Crews

    /// A crew looks after boxes that are out of use: whoever left something gets it back.
    func isEmpty(_ unit: Int, of service: Int) -> Bool {
        guard let bank = banks.first(where: { $0.service == service }) else { return false }
        return bank.boxes[unit].contents == nil && !bank.boxes[unit].isOpen
    }
}
