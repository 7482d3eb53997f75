// Lockers of a station: a card at the reader, an entry, a frame on the wire, a door that opens.

import EventLoop
import Profiles
import Testing

@testable import Simulation
@testable import StationCore

/// A lock board of twelve ways and a reader before it.
private final class LockerRoom {
    static let text = """
        schema: station/1
        station:
          id: lockers
          name: {zh: 柜, en: Lockers}
        ports:
          header: {gpio: chip}
          board-line: {serial: /dev/ttyS1}
        devices:
          - name: reader
            profile: wiegand-26
            gpio: {d0: A0, d1: A1, beeper: A2}
          - name: board
            profile: lockboard-8a
            port: board-line
            address: 1
        doors: []
        services:
          - name: lockers
            kind: lockers
            label: {zh: 储物柜, en: Lockers}
            readers: [reader]
            left_open: 2min
            overtime: 24h
            without_power: key
            boxes:
              count: 3
              open: {perform: board/open, with: {lock: n}}
              closed: "board/door.n == closed"
        """

    let gate: FieldBusGate
    let reader: Int
    private let terms: RosterTerms

    init(
        _ kept: [KeptBox]? = nil, journal: JournalSettings = JournalSettings(),
        isRecalled: Bool = true, terms: RosterTerms = .plain
    ) throws {
        var station = try Resolution.resolve(
            text: Array(Self.text.utf8), name: "lockers.yaml",
            devicesDirectory: Repository.root + "/Devices"
        ).station
        station.journal = journal
        self.terms = terms
        reader = try #require(station.devices.firstIndex { $0.name == "reader" })
        let line = try #require(station.channels.first?.device)
        gate = FieldBusGate(station, line: line)
        gate.station.attached(DeviceID(reader), at: gate.now)
        gate.station.observed(
            Calendar(
                wallOffset: 1_795_248_000_000_000_000, bootOffset: 0, quality: .synced,
                utcOffset: 28_800, floor: WallTime(seconds: 1_795_000_000)), at: gate.now)
        try enter()
        for box in kept ?? [] { gate.station.recalled(box, at: gate.now) }
        if isRecalled { gate.station.recalledServices(at: gate.now) }
        gate.station.started(at: gate.now)
        gate.run(for: .seconds(3))
    }

    /// Cards 1 to 4 are riders', 5 is lost, 6 has expired, 7 would have to prove itself.
    func enter(lost: Set<Int> = [5]) throws {
        let epoch = try #require(ShortText("test"))
        let key = try #require(
            StationKey(epoch: epoch, secret: [UInt8](repeating: 7, count: 32)))
        var builder = RosterBuilder(key: key, version: 1)
        for card in 1...7 {
            let number = try #require(View.full.number(of: Self.card(card), format: .h10301))
            let id = try #require(ShortText("k-\(card)"))
            let holder = try #require(ShortText("h-\(card)"))
            try builder.add(
                RosterRow(
                    id: id, holder: holder, form: key.matchForm(of: number), doors: .every,
                    validTo: card == 6 ? 1_790_000_000 : .max,
                    state: lost.contains(card) ? .lost : .active,
                    assurance: card == 7 ? .authenticated : .uid, terms: terms))
        }
        gate.station.installed(key: key, isNew: false, at: gate.now)
        gate.station.replaced(
            roster: try RosterFile.decode(
                builder.build().file, for: RosterPlaces(gate.station.resolved)), refused: 0,
            isNew: false, at: gate.now)
        gate.settle()
    }

    private static func card(_ number: Int) -> Credential {
        Credential(
            technology: .wiegand, bitCount: 26,
            bits: WiegandFormat.h10301.encode(facility: 1, number: UInt128(number)) ?? 0)
    }

    var board: FrameBox {
        guard let board = gate.box(0) as? FrameBox else {
            preconditionFailure("the board of this room speaks frames")
        }
        return board
    }

    func tap(_ card: Int, wait: Interval = .seconds(2)) {
        gate.station.access(
            Presentation(credential: Self.card(card), format: .h10301, at: gate.now),
            reader: reader, at: gate.now)
        gate.settle()
        gate.run(for: wait)
    }

    /// Somebody shuts a door.
    func close(_ box: Int) {
        board.change("door.\(box)", to: 1)
        gate.run(for: .seconds(2))
    }

    func isOpen(_ box: Int) -> Bool { gate.station.boxStates(of: 0)[box - 1].isClosed == false }

    var steps: [CompartmentStep] {
        gate.entries.compactMap { entry in
            if case .compartment(_, _, let step, _) = entry.event { step } else { nil }
        }
    }

    var faults: [Fault] { gate.station.faults.map(\.fault) }
    var isWaiting: Bool { gate.station.waitsForJournal }

    var ends: [UseEnd] {
        gate.entries.compactMap { entry in
            if case .useEnded(_, _, _, let end, _, _) = entry.event { end } else { nil }
        }
    }

    var refusals: [Denial] {
        gate.entries.compactMap { entry in
            if case .useRefused(_, _, _, let reason) = entry.event { reason } else { nil }
        }
    }
}

@Suite struct `Lockers with a quota` {
    @Test func `open to be emptied, as often as one likes, and no second one is given`() throws {
        let once = RosterQuota("lockers", .uses, per: .day, limit: 1)
        let room = try LockerRoom(terms: RosterTerms(quotas: [once]))
        for _ in 0..<3 {
            room.tap(1)
            #expect(room.isOpen(1))
            room.close(1)
        }
        #expect(room.refusals.isEmpty && room.ends.isEmpty)
        room.tap(1)
        room.gate.run(for: Compartment.Limit.packing)
        room.tap(1)
        room.close(1)
        #expect(room.ends == [.ended])
        // What was left in it a minute ago is had; a box of one's own is not.
        room.gate.run(for: Compartment.Limit.second)
        room.tap(1)
        #expect(room.refusals == [.quota] && !room.isOpen(1))
        room.tap(2)
        #expect(room.steps.last == .opened && room.refusals == [.quota])
    }

    @Test func `give no box where the right does not name them, and trap nothing`() throws {
        let other = try LockerRoom(terms: RosterTerms(services: .named(["water"])))
        other.tap(1)
        #expect(other.refusals == [.service] && other.steps.isEmpty)
        let first = try LockerRoom()
        first.tap(1)
        first.close(1)
        let second = try LockerRoom(
            first.gate.station.keptBoxes, terms: RosterTerms(services: .named([]), hours: "never"))
        second.tap(1)
        #expect(second.isOpen(1) && second.refusals.isEmpty)
        second.close(1)
        #expect(second.ends == [.ended])
        second.tap(2)
        #expect(second.refusals == [.service])
    }
}

@Suite struct `Lockers of a station` {
    @Test func `give a box to a card, write it down, and open it on the wire`() throws {
        let room = try LockerRoom()
        room.tap(1)
        #expect(room.isOpen(1))
        #expect(room.board.done.map(\.fields["lock"]) == [1])
        let began = try #require(room.gate.entries.first { $0.event.name == "use.began" })
        #expect(began.holder == ShortText("h-1") && began.key == ShortText("k-1"))
        #expect(room.steps == [.opened])
    }

    @Test func `open the same box again, and end it when its door is closed after a tap`() throws {
        let room = try LockerRoom()
        room.tap(1)
        room.close(1)
        room.tap(1)
        #expect(room.steps == [.opened, .closed, .reopened, .opened])
        #expect(room.board.done.map(\.fields["lock"]) == [1, 1])
        room.gate.run(for: Compartment.Limit.packing)
        room.tap(1)
        #expect(room.ends.isEmpty)
        room.close(1)
        #expect(room.ends == [.ended])
        #expect(room.gate.station.boxStates(of: 0).filter(\.isFree).count == 3)
    }

    @Test func `that are paused give no box, and let holders at their things`() throws {
        let room = try LockerRoom()
        room.tap(1)
        room.close(1)
        let service = ServiceID(0)
        let refusal = room.gate.station.paused(
            service, ServicePause(.repair), by: .crew, at: room.gate.now)
        #expect(refusal == nil)
        room.tap(2)
        #expect(room.refusals == [.hours] && !room.isOpen(2))
        room.tap(1)
        #expect(room.isOpen(1) && room.ends.isEmpty)
        let resumed = room.gate.station.resumed(service, by: .crew, at: room.gate.now)
        #expect(resumed == nil)
        room.tap(2)
        #expect(room.isOpen(2))
    }

    @Test func `wait for the entry before they open`() throws {
        let room = try LockerRoom()
        room.gate.isJournalSilent = true
        room.tap(1, wait: .milliseconds(100))
        #expect(room.board.done.isEmpty)
        room.gate.isJournalSilent = false
        room.gate.commit()
        room.gate.run(for: .seconds(2))
        #expect(room.isOpen(1))
    }

    @Test func `are given to nobody without an entry, however late the journal is`() throws {
        let room = try LockerRoom()
        room.gate.isJournalSilent = true
        room.tap(1, wait: .seconds(5))
        #expect(room.board.done.isEmpty)
        #expect(room.refusals == [.journalUnavailable])
        #expect(room.ends == [.notWritten])
        let box = room.gate.station.boxStates(of: 0)[0]
        #expect(box.isFree)
        // What was never opened is nobody's use.
        let amounts = room.gate.entries.compactMap { entry in
            if case .useEnded(_, _, _, _, _, let amount) = entry.event { amount } else { nil }
        }
        #expect(amounts == [.none])
    }

    @Test func `open again unwritten when the journal is late`() throws {
        let room = try LockerRoom()
        room.tap(1)
        room.close(1)
        room.gate.isJournalSilent = true
        room.tap(1)
        #expect(room.isOpen(1))
    }

    @Test func `wait for entries again once the journal is on time`() throws {
        let room = try LockerRoom()
        room.tap(1)
        room.close(1)
        room.gate.isJournalSilent = true
        room.tap(1)
        #expect(!room.isWaiting)
        room.gate.isJournalSilent = false
        for _ in 0..<4 {
            room.close(1)
            room.tap(1)
        }
        #expect(room.isWaiting)
    }

    @Test func `are decided again when their entry is written`() throws {
        let room = try LockerRoom()
        room.gate.isJournalSilent = true
        room.tap(1, wait: .milliseconds(100))
        try room.enter(lost: [1])
        room.gate.isJournalSilent = false
        room.gate.commit()
        room.gate.run(for: .seconds(2))
        #expect(room.board.done.isEmpty)
        #expect(room.refusals == [.lost])
        #expect(room.ends == [.notWritten])
    }

    @Test func `are told once, whoever wants them open at the same time`() throws {
        let room = try LockerRoom()
        room.tap(1)
        room.close(1)
        room.gate.isJournalSilent = true
        room.tap(1, wait: .milliseconds(50))
        _ = room.gate.station.told(.open, of: 0, in: ServiceID(0), by: .crew, at: room.gate.now)
        room.gate.isJournalSilent = false
        room.gate.commit()
        room.gate.run(for: .seconds(2))
        #expect(room.board.done.count == 2)
        #expect(room.isOpen(1))
    }

    @Test func `of which a bad contact tells without end are counted`() throws {
        let room = try LockerRoom()
        for _ in 0..<40 {
            for state: Int64 in 0...1 {
                room.board.change("door.2", to: state)
                room.gate.run(for: .milliseconds(1_500))
            }
        }
        let busiest = room.steps.count
        #expect(busiest < 60)
        #expect(room.steps.filter { $0 == .flapping }.count == 1)
        #expect(room.steps.filter { $0 == .forced }.count == 1)
        let counted = room.gate.entries.contains { entry in
            if case .pointsCounted = entry.event { true } else { false }
        }
        #expect(counted)
    }

    @Test func `do not open for a card that proves less than its key asks for`() throws {
        let room = try LockerRoom()
        room.tap(7)
        #expect(room.refusals == [.assurance])
    }

    @Test func `are given out when the journal has said what was before`() throws {
        let room = try LockerRoom(isRecalled: false)
        room.tap(1)
        #expect(room.refusals == [.journalUnavailable])
        room.gate.run(for: .seconds(10))
        #expect(room.faults == [.usesUnknown])
        room.gate.station.recalledServices(at: room.gate.now)
        #expect(room.faults.isEmpty)
        room.tap(1)
        #expect(room.isOpen(1))
    }

    @Test func `open for their holders when the journal does not answer for a minute`() throws {
        let room = try LockerRoom()
        room.tap(1)
        room.close(1)
        let next = try LockerRoom(room.gate.station.keptBoxes, isRecalled: false)
        next.tap(1)
        #expect(!next.isOpen(1))
        next.gate.run(for: .seconds(60))
        next.tap(1)
        #expect(next.isOpen(1))
        next.tap(2)
        #expect(next.refusals.last == .journalUnavailable)
    }

    @Test func `of a strict station do not open what cannot be written`() throws {
        let room = try LockerRoom(journal: JournalSettings(commitWait: .strict))
        room.gate.isJournalSilent = true
        room.tap(1, wait: .seconds(5))
        #expect(room.board.done.isEmpty)
        #expect(room.refusals == [.journalUnavailable])
        #expect(room.ends == [.notWritten])
    }

    @Test func `are full when every box is somebody's`() throws {
        let room = try LockerRoom()
        for card in 1...4 { room.tap(card) }
        #expect(room.refusals == [.lockersFull])
        #expect((1...3).allSatisfy(room.isOpen))
    }

    @Test func `refuse a stranger, a lost card and an expired one`() throws {
        let room = try LockerRoom()
        for card in [9, 5, 6] { room.tap(card) }
        #expect(room.refusals == [.unknown, .lost, .expired])
        #expect(room.board.done.isEmpty)
    }

    @Test func `that jam are tried three times, and the next tap gets another box`() throws {
        let room = try LockerRoom()
        room.board.isStuck = true
        room.tap(1, wait: .seconds(10))
        #expect(room.board.done.count == 3)
        #expect(room.steps == [.jammed])
        #expect(room.ends == [.deviceFailed])
        room.board.isStuck = false
        room.tap(1)
        #expect(room.isOpen(2))
    }

    @Test func `are told when a door is forced, or left open`() throws {
        let room = try LockerRoom()
        room.board.change("door.2", to: 0)
        room.gate.run(for: .seconds(200))
        #expect(room.steps == [.forced, .leftOpen])
    }

    @Test func `whose board is away say that it does not answer`() throws {
        let room = try LockerRoom()
        room.board.isConnected = false
        room.tap(1, wait: .seconds(30))
        #expect(room.steps.last == .unreachable)
        // It may have opened: nobody else gets it.
        #expect(room.ends.isEmpty)
        room.board.isConnected = true
        room.gate.run(for: .seconds(60))
        room.tap(2)
        room.tap(1)
        #expect(room.isOpen(1) && room.isOpen(2))
    }

    @Test func `know after a restart who holds what`() throws {
        let room = try LockerRoom()
        room.tap(1)
        room.close(1)
        let next = try LockerRoom(room.gate.station.keptBoxes)
        next.tap(2)
        next.tap(1)
        #expect(next.board.done.map(\.fields["lock"]) == [2, 1])
    }

    @Test func `of which nobody knows anything are nobody's and are not given out`() throws {
        let room = try LockerRoom()
        for unit in 0..<3 { room.gate.station.forgot(box: unit, of: 0, at: room.gate.now) }
        room.gate.settle()
        room.tap(1)
        #expect(room.refusals == [.lockersFull])
        let person = CrewMember(user: 1_000, name: "zhang")
        let isDone = room.gate.station.told(
            .clear, of: 1, in: ServiceID(0), by: .crew, person: person, at: room.gate.now)
        room.gate.settle()
        #expect(isDone == .done)
        room.tap(1)
        #expect(room.isOpen(2))
        let cleared = room.gate.entries.first { entry in
            if case .compartment(_, 1, .cleared, .crew?) = entry.event { true } else { false }
        }
        #expect(cleared?.holder == person.name)
    }

    @Test func `open for a crew and stay whose they are`() throws {
        let room = try LockerRoom()
        room.tap(1)
        room.close(1)
        let isDone = room.gate.station.told(
            .open, of: 0, in: ServiceID(0), by: .crew, at: room.gate.now)
        room.gate.settle()
        room.gate.run(for: .seconds(2))
        #expect(isDone == .done && room.isOpen(1))
        #expect(room.steps.suffix(2) == [.ordered, .opened])
        #expect(room.gate.station.boxStates(of: 0)[0].isHeld)
    }
}
