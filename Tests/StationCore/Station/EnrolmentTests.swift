// A card becomes a key at the door: who may approve it, which cards are taken, how it ends.

import EventLoop
import Testing

@testable import StationCore

/// A gate with masters, and a clerk who keeps what is enrolled.
struct Hall: ~Copyable {
    static let key = StationKey(
        epoch: ShortText("test")!, secret: [UInt8](repeating: 7, count: 32))!
    static let master = WiegandFormat.h10301.encode(facility: 1, number: 10)!
    static let deputy = WiegandFormat.h10301.encode(facility: 1, number: 11)!
    static let crew = WiegandFormat.h10301.encode(facility: 1, number: 12)!
    static let oldMaster = WiegandFormat.h10301.encode(facility: 1, number: 13)!
    static let new = WiegandFormat.h10301.encode(facility: 77, number: 4_711)!

    var gate: Gate
    var cards: Roster?

    init(twoMasters: ResolvedTwoMasters? = nil) throws {
        gate = Gate(twoMasters: twoMasters)
        gate.station.replaced(
            roster: try Self.roster(), refused: 0, isNew: false, at: gate.now)
    }

    static func roster(
        and more: [(String, UInt128)] = [], version: UInt64 = 2
    ) throws -> Roster {
        var builder = RosterBuilder(key: key, version: version)
        let keys: [(String, UInt128, KeyRole, UInt32)] =
            [
                ("m1", master, .master, .max), ("d1", deputy, .deputy, .max),
                ("c1", crew, .crew, .max), ("m0", oldMaster, .master, 1_700_000_000),
                ("k1", Gate.known, .rider, .max),
            ] + more.map { ($0.0, $0.1, .rider, .max) }
        for (name, bits, role, end) in keys {
            try builder.add(
                RosterRow(
                    id: text(name), holder: text("h-" + name), form: form(bits), doors: .every,
                    validTo: end, role: role))
        }
        return try RosterFile.decode(builder.build().file, doors: ["gate"])
    }

    static func text(_ text: String) -> ShortText { ShortText(text)! }

    static func form(_ bits: UInt128) -> MatchForm {
        let credential = Credential(technology: .wiegand, bitCount: 26, bits: bits)
        return key.matchForm(of: View.full.number(of: credential, format: .h10301)!)
    }

    static func order(
        _ key: String = "k9", doors: [String]? = ["gate"], asItIs: Bool = false
    ) -> EnrolmentOrder {
        EnrolmentOrder(
            reader: Gate.reader, key: text(key),
            rights: doors.map {
                .own(holder: text("h9"), doors: $0, validFrom: 0, validTo: .max)
            } ?? .ofKnownKey, asItIs: asItIs)
    }

    mutating func ask(_ order: EnrolmentOrder = Hall.order()) -> EnrolmentRefusal? {
        gate.station.ordered(order, by: .crew, at: gate.now)
    }

    mutating func tap(_ bits: UInt128) {
        gate.tap(bits)
        gate.run(for: .seconds(1))
    }

    mutating func show(_ credential: Credential, format: WiegandFormat? = nil) {
        gate.station.presented(
            Presentation(credential: credential, format: format, at: gate.now),
            at: Gate.reader, now: gate.now)
        gate.settle()
        gate.run(for: .seconds(1))
    }

    /// What the clerk does, with a medium or without.
    mutating func keep(isMediumThere: Bool = true) throws {
        gate.commit()
        let wanted = gate.station.takeEnrolment()
        let task = try #require(wanted)
        var kept: Roster?
        if isMediumThere {
            let file = try EnrolledCards(cards).adding(
                task, beside: gate.station.currentRoster)
            kept = try RosterFile.decode(file, doors: ["gate"])
            cards = kept
        }
        gate.station.enrolled(kept, receipt: task.receipt, at: gate.now)
        gate.settle()
    }

    /// The whole of it.
    mutating func enrol(_ bits: UInt128) throws { try enrol(Self.order(), bits) }

    mutating func enrol(_ order: EnrolmentOrder, _ bits: UInt128) throws {
        #expect(ask(order) == nil)
        tap(Self.master)
        tap(bits)
        try keep()
        gate.run(for: .seconds(1))
    }

    var steps: [EnrolmentStep] {
        gate.entries.compactMap {
            guard case .enrolment(_, let step, _, _, _) = $0.event else { return nil }
            return step
        }
    }

    /// The keys of the steps' entries.
    var keys: [String] {
        gate.entries.compactMap {
            guard case .enrolment = $0.event else { return nil }
            return "\($0.key)"
        }
    }

    var decisions: [String] {
        gate.entries.map(\.event).compactMap {
            switch $0 {
            case .granted: "granted"
            case .denied(_, _, _, let reason): reason.name
            default: nil
            }
        }
    }
}

@Suite struct `An enrolment at the door` {
    @Test func `makes a card a key once a master has tapped`() throws {
        var hall = try Hall()
        try hall.enrol(Hall.new)
        #expect(hall.steps == [.requested, .approved, .taken, .enrolled])
        #expect(hall.keys == ["k9", "m1", "k9", "k9"])
        #expect(hall.decisions.isEmpty)
        hall.tap(Hall.new)
        #expect(hall.decisions == ["granted"])
        let granted = hall.gate.entries.last { $0.event.name == "access.granted" }
        #expect(granted?.key == Hall.text("k9"))
    }

    @Test func `shows a crew who watches that no door heard of its cards`() throws {
        var hall = try Hall()
        hall.gate.station.watchCards(true)
        #expect(hall.ask() == nil)
        for card in [Hall.crew, Hall.master, Hall.new] { hall.tap(card) }
        var shown: [Bool] = []
        var number: UInt64 = 0
        while let next = hall.gate.station.watchedCard(after: number) {
            shown.append(next.card.isForEnrolment)
            number = next.number
        }
        #expect(shown == [false, true, true])
    }

    @Test func `takes a deputy for a master, and nobody else`() throws {
        var hall = try Hall()
        #expect(hall.ask() == nil)
        for other in [Hall.crew, Hall.oldMaster, Gate.known, Hall.new] { hall.tap(other) }
        #expect(hall.steps == [.requested])
        // They were let in or not as on any day.
        #expect(hall.decisions == ["granted", "expired", "granted", "unknown"])
        hall.tap(Hall.deputy)
        #expect(hall.steps == [.requested, .approved])
    }

    @Test func `lets riders in who come by meanwhile, and says whose card it was`() throws {
        var hall = try Hall()
        #expect(hall.ask() == nil)
        hall.tap(Hall.master)
        hall.tap(Gate.known)
        #expect(hall.steps == [.requested, .approved, .known])
        #expect(hall.keys.last == "k1")
        #expect(hall.decisions == ["granted"])
        hall.tap(Hall.new)
        try hall.keep()
        #expect(hall.steps.last == .enrolled)
    }

    @Test func `is over after a minute, whatever it waits for`() throws {
        for taps in [[], [Hall.master]] {
            var hall = try Hall()
            #expect(hall.ask() == nil)
            for card in taps { hall.tap(card) }
            hall.gate.run(for: .seconds(61))
            #expect(hall.steps.last == .lapsed)
            let answer = hall.ask()
            #expect(answer == nil)
        }
    }

    @Test func `can be cancelled, once`() throws {
        var hall = try Hall()
        #expect(hall.ask() == nil)
        #expect(hall.ask() == .pending(Gate.reader))
        let cancelled = hall.gate.station.cancelEnrolment(at: hall.gate.now)
        #expect(cancelled == .done)
        let again = hall.gate.station.cancelEnrolment(at: hall.gate.now)
        #expect(again == .nonePending)
        hall.gate.settle()
        #expect(hall.steps == [.requested, .cancelled])
        hall.tap(Hall.master)
        #expect(hall.decisions == ["granted"])
    }

    @Test func `does not make a key of what could not be written down`() throws {
        var hall = try Hall()
        #expect(hall.ask() == nil)
        hall.tap(Hall.master)
        hall.tap(Hall.new)
        let early = hall.gate.station.takeEnrolment()
        #expect(early == nil, "its entry is not written yet")
        hall.gate.commit()
        let isOver = hall.gate.station.cancelEnrolment(at: hall.gate.now)
        #expect(isOver == .tooLate)
        try hall.keep(isMediumThere: false)
        #expect(hall.steps.last == .notKept)
        hall.gate.run(for: .seconds(1))
        hall.tap(Hall.new)
        #expect(hall.decisions == ["unknown"])
    }

    @Test func `is not begun for rights that are there, or for a key that is not`() throws {
        var hall = try Hall()
        #expect(hall.ask(Hall.order("k1")) == .knownKey)
        #expect(hall.ask(Hall.order("k8", doors: nil)) == .unknownKey)
        var order = Hall.order()
        order.reader = Gate.strike
        #expect(hall.ask(order) == .noReader)
        hall.gate.station.detached(Gate.reader, .missing, at: hall.gate.now)
        #expect(hall.ask() == .offline)
        #expect(hall.gate.entries.allSatisfy { $0.event.name != "key.enrolment" })
    }
}

@Suite struct `A card that is shown to be enrolled` {
    private func shown(
        _ credential: Credential, format: WiegandFormat? = nil, asItIs: Bool = false
    ) throws -> [EnrolmentStep] {
        var hall = try Hall()
        #expect(hall.ask(Hall.order(asItIs: asItIs)) == nil)
        hall.tap(Hall.master)
        hall.show(credential, format: format)
        return Array(hall.steps.dropFirst(2))
    }

    private func uid(_ value: UInt128, _ bytes: Int = 4) -> Credential {
        Credential(technology: .iso14443, bitCount: bytes * 8, bits: value)
    }

    private func wire(_ value: UInt128, _ bits: Int = 32) -> Credential {
        Credential(technology: .wiegand, bitCount: bits, bits: value)
    }

    @Test func `is refused when it makes up its number or says half of it`() throws {
        #expect(try shown(uid(0x0812_3456)) == [.random])
        #expect(try shown(uid(0x0812_3456), asItIs: true) == [.random])
        #expect(try shown(uid(0x8804_A3C6)) == [.half])
        #expect(try shown(uid(0x1234_5678)) == [.taken])
        #expect(try shown(uid(0x04A3_C612_3480_11, 7)) == [.taken])
    }

    @Test func `is refused from a wire when it looks like half a UID or ends with its check byte`()
        throws
    {
        let raw = WiegandFormat.raw32
        #expect(try shown(wire(0x8804_A3C6), format: raw) == [.half])
        #expect(try shown(wire(0xC6A3_0488), format: raw) == [.half])
        #expect(try shown(wire(0x8804_A3C6), format: raw, asItIs: true) == [.taken])
        // 88 beside no maker's byte is a number like any other.
        #expect(try shown(wire(0x88FE_A3C6), format: raw) == [.taken])
        let five = try #require(WiegandFormat.raw(40))
        #expect(try shown(wire(0x1234_5678_08, 40), format: five) == [.checkByte])
        #expect(try shown(wire(0x1234_5678_09, 40), format: five) == [.taken])
        #expect(try shown(wire(0x1234_5678_08, 40), format: five, asItIs: true) == [.taken])
    }

    @Test func `is shown twice when its kind may change, and taken if it does not`() throws {
        let first = Credential(technology: .iso14443b, bitCount: 32, bits: 0x0102_0304)
        let other = Credential(technology: .iso14443b, bitCount: 32, bits: 0x0504_0302)
        for (second, last) in [(first, nil), (other, EnrolmentStep.changing)] {
            var hall = try Hall()
            #expect(hall.ask() == nil)
            hall.tap(Hall.master)
            hall.show(first)
            #expect(hall.steps.last == .again)
            hall.show(second)
            #expect(hall.steps.last == last ?? .taken)
        }
    }

    @Test func `is refused when a reader would take it for somebody else's`() throws {
        var hall = try Hall()
        // Its last three bytes are k1's number at the 26-bit reader.
        let full = Credential(technology: .wiegand, bitCount: 26, bits: Gate.known)
        let number = try #require(View.full.number(of: full, format: .h10301))
        #expect(hall.ask() == nil)
        hall.tap(Hall.master)
        hall.show(uid(0x5500_0000 | number.value))
        #expect(hall.steps.last == .collides)
        #expect(hall.keys.last == "k1")
        // Another card may be shown.
        hall.tap(Hall.new)
        try hall.keep()
        #expect(hall.steps.last == .enrolled)
    }
}

@Suite struct `A card that was enrolled` {
    @Test func `has the rights of its key when the roster knows that`() throws {
        var hall = try Hall()
        try hall.enrol(Hall.order("k1", doors: nil), Hall.new)
        hall.tap(Hall.new)
        #expect(hall.decisions == ["granted"])
        let holders = hall.gate.entries.filter { $0.event.name == "access.granted" }.map(\.holder)
        #expect(holders == [Hall.text("h-k1")])
        // Off the roster, the card is nothing: what a hub takes away stays away.
        var builder = RosterBuilder(key: Hall.key, version: 9)
        try builder.add(
            RosterRow(
                id: Hall.text("m1"), holder: Hall.text("h"), form: Hall.form(Hall.master),
                doors: .every, role: .master))
        let roster = try RosterFile.decode(builder.build().file, doors: ["gate"])
        hall.gate.station.replaced(roster: roster, refused: 0, isNew: true, at: hall.gate.now)
        hall.tap(Hall.new)
        #expect(hall.decisions == ["granted", "door"])
    }

    @Test func `belongs to the roster once that has its key, and does not come back`() throws {
        var hall = try Hall()
        try hall.enrol(Hall.new)
        let roster = try Hall.roster(and: [("k9", Gate.stranger)], version: 3)
        let settled = try #require(try EnrolledCards(hall.cards).settled(by: roster))
        #expect(settled.confirmed == [Hall.text("k9")] && settled.refused.isEmpty)
        let confirmed = try RosterFile.decode(settled.file, doors: ["gate"])
        hall.gate.station.replaced(roster: roster, refused: 0, isNew: true, at: hall.gate.now)
        hall.gate.station.keep(cards: confirmed, at: hall.gate.now)
        hall.tap(Hall.new)
        #expect(hall.decisions == ["granted"])
        // Nothing is left to confirm.
        #expect(try EnrolledCards(confirmed).settled(by: roster) == nil)
        hall.gate.station.replaced(
            roster: try Hall.roster(version: 4), refused: 0, isNew: true, at: hall.gate.now)
        hall.tap(Hall.new)
        #expect(hall.decisions == ["granted", "door"])
    }

    @Test func `stays when another follows, and goes when it is withdrawn`() throws {
        var hall = try Hall()
        try hall.enrol(Hall.order("k8"), Hall.new)
        let second = WiegandFormat.h10301.encode(facility: 78, number: 1)!
        try hall.enrol(Hall.order("k9"), second)
        hall.tap(Hall.new)
        hall.tap(second)
        #expect(hall.decisions == ["granted", "granted"])
        let file = try EnrolledCards(hall.cards).removing(Hall.text("k8"))
        let left = try RosterFile.decode(try #require(file), doors: ["gate"])
        hall.gate.station.withdrew(
            cardsOf: Hall.text("k8"), leaving: left, by: .crew, at: hall.gate.now)
        hall.tap(Hall.new)
        hall.tap(second)
        #expect(hall.decisions == ["granted", "granted", "unknown", "granted"])
        let withdrawn = hall.gate.entries.last { $0.event.name == "key.cardsWithdrawn" }
        #expect(withdrawn?.holder == Hall.text("h9"))
        #expect(try EnrolledCards(left).removing(Hall.text("k8")) == nil)
    }

    @Test func `is of no use under another station key, and that is told`() throws {
        var hall = try Hall()
        try hall.enrol(Hall.new)
        let next = try #require(
            StationKey(epoch: Hall.text("next"), secret: [UInt8](repeating: 8, count: 32)))
        hall.gate.station.installed(key: next, isNew: true, at: hall.gate.now)
        // The old roster stays in force, and so do the cards, until the new key has one.
        hall.tap(Hall.new)
        #expect(hall.decisions == ["granted"])
        let roster = try RosterFile.decode(
            RosterBuilder(key: next, version: 5).build().file, doors: ["gate"])
        hall.gate.station.replaced(roster: roster, refused: 0, isNew: true, at: hall.gate.now)
        hall.tap(Hall.new)
        #expect(hall.decisions == ["granted", "unknown"])
        let isTold = hall.gate.station.faults.contains { $0.fault == .cardsUnusable }
        #expect(isTold)
    }

    @Test func `matches by every number that can be read out of it`() throws {
        var hall = try Hall()
        #expect(hall.ask() == nil)
        hall.tap(Hall.master)
        hall.show(Credential(technology: .iso14443, bitCount: 56, bits: 0x04A3_C612_3480_11))
        try hall.keep()
        hall.gate.run(for: .seconds(1))
        // The same card at the reader whose 26 bits are its last three bytes.
        let bits = try #require(
            WiegandFormat.h10301.encode(Number(layout: .bytes, width: 24, value: 0x34_8011)))
        hall.tap(bits)
        #expect(hall.decisions == ["granted"])
        let shapes = hall.cards?.shapes(of: Hall.text("k9"))
        #expect(shapes == [.bytes3, .bytes4, .bytesMore, .bits])
    }
}
