// Two masters at a station: their taps at the reader that the file names, and what comes of them.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `An operation for two masters` {
    private static let crew = CrewMember(user: 1_000, name: "li")
    private static let two = ResolvedTwoMasters(
        reader: Int(Gate.reader.index), operations: ["hours_today", "lift_block"])

    private func hall() throws -> Hall { try Hall(twoMasters: Self.two) }

    private func ask(_ hall: inout Hall, number: UInt64 = 7) -> ApprovalRefusal? {
        hall.gate.station.asked(.hoursToday, number: number, by: Self.crew, at: hall.gate.now)
    }

    private func steps(_ hall: borrowing Hall) -> [String] {
        hall.gate.entries.compactMap {
            guard case .approval(_, let step, _, let authority) = $0.event else { return nil }
            return "\(step.name) \($0.key) \(authority.name)"
        }
    }

    @Test func `is the station file's choice`() throws {
        let hall = try hall()
        #expect(hall.gate.station.needsTwo(.hoursToday) && hall.gate.station.needsTwo(.liftBlock))
        #expect(!hall.gate.station.needsTwo(.unlockDoor))
        let other = try Hall()
        #expect(!other.gate.station.needsTwo(.hoursToday))
    }

    @Test func `is approved by a master and a deputy, and no door opens for them`() throws {
        var hall = try hall()
        #expect(ask(&hall) == nil)
        hall.tap(Hall.master)
        #expect(hall.gate.station.takeApproved() == nil)
        hall.tap(Hall.deputy)
        #expect(hall.gate.station.takeApproved() == 7)
        #expect(hall.gate.station.takeApproved() == nil)
        #expect(
            steps(hall) == ["requested uid:1000 crew", "agreed m1 card", "approved d1 card"])
        #expect(hall.decisions.isEmpty && !hall.gate.station.isApprovalPending)
        hall.tap(Hall.master)
        #expect(hall.decisions == ["granted"])
    }

    @Test func `is not approved by one master twice, nor by anybody else`() throws {
        var hall = try hall()
        #expect(ask(&hall) == nil)
        for card in [Hall.master, Hall.master, Hall.crew, Hall.oldMaster, Gate.known] {
            hall.tap(card)
            hall.gate.run(for: .seconds(4))
        }
        #expect(hall.gate.station.takeApproved() == nil && hall.gate.station.isApprovalPending)
        // They were let in or not as on any day.
        #expect(hall.decisions == ["granted", "expired", "granted"])
    }

    @Test func `lapses after a minute, and the first agreement with it`() throws {
        var hall = try hall()
        #expect(ask(&hall) == nil)
        hall.gate.run(for: .seconds(50))
        hall.tap(Hall.master)
        hall.gate.run(for: .seconds(11))
        hall.tap(Hall.deputy)
        #expect(hall.gate.station.takeApproved() == nil)
        #expect(steps(hall).map { $0.prefix(6) } == ["reques", "agreed", "lapsed"])
        #expect(hall.decisions == ["granted"])
    }

    @Test func `may have the hub for its second master, never for both`() throws {
        var hall = try hall()
        #expect(ask(&hall) == nil)
        #expect(!hall.gate.station.approvedByHub(number: 6, at: hall.gate.now))
        #expect(hall.gate.station.approvedByHub(number: 7, at: hall.gate.now))
        #expect(hall.gate.station.approvedByHub(number: 7, at: hall.gate.now))
        #expect(hall.gate.station.takeApproved() == nil)
        hall.tap(Hall.master)
        #expect(hall.gate.station.takeApproved() == 7)
        #expect(!hall.gate.station.approvedByHub(number: 7, at: hall.gate.now))
    }

    @Test func `waits alone: no other one, and no enrolment`() throws {
        var hall = try hall()
        #expect(ask(&hall) == nil)
        #expect(ask(&hall, number: 8) == .pending)
        #expect(hall.ask() == .pending(Gate.reader))
        hall.gate.run(for: .seconds(61))
        #expect(hall.ask() == nil)
        #expect(ask(&hall, number: 9) == .enrolling)
    }

    @Test func `is over when the station stops`() throws {
        var hall = try hall()
        #expect(ask(&hall) == nil)
        hall.gate.station.stopping(at: hall.gate.now)
        hall.gate.settle()
        #expect(steps(hall).last == "cancelled  crew")
    }
}
