// Two masters at a station: their taps at the reader that the file names, and what comes of them.

import EventLoop
import Testing

@testable import StationCore

/// A hall whose file leaves some things to two masters.
extension Hall {
    fileprivate static func ofTwo() throws -> Hall {
        try Hall(
            twoMasters: ResolvedTwoMasters(
                reader: Int(Gate.reader.index), operations: ["hours_today", "lift_block"]))
    }

    fileprivate mutating func wants(_ number: UInt64 = 7) -> ApprovalRefusal? {
        gate.station.asked(
            .hoursToday, number: number, by: CrewMember(user: 1_000, name: "li"), at: gate.now)
    }

    fileprivate mutating func approved() -> UInt64? { gate.station.takeApproved() }

    /// Whether something was pending under that number.
    fileprivate mutating func hubAgrees(to number: UInt64) -> Bool {
        gate.station.approvedByHub(number: number, at: gate.now)
    }

    fileprivate var isPending: Bool { gate.station.isApprovalPending }

    fileprivate var forTwo: [MasterOperation] {
        var operations: [MasterOperation] = []
        for operation in MasterOperation.allCases where gate.station.needsTwo(operation) {
            operations.append(operation)
        }
        return operations
    }

    fileprivate var approvals: [String] {
        gate.entries.compactMap {
            guard case .approval(_, let step, _, let authority) = $0.event else { return nil }
            return "\(step.name) \($0.key) \(authority.name)"
        }
    }
}

@Suite struct `An operation for two masters` {
    @Test func `is the station file's choice`() throws {
        let chosen = try Hall.ofTwo().forTwo
        #expect(chosen == [.liftBlock, .hoursToday])
        let none = try Hall().forTwo
        #expect(none == [])
    }

    @Test func `is approved by a master and a deputy, and no door opens for them`() throws {
        var hall = try Hall.ofTwo()
        #expect(hall.wants() == nil)
        hall.tap(Hall.master)
        #expect(hall.approved() == nil)
        hall.tap(Hall.deputy)
        #expect(hall.approved() == 7)
        #expect(hall.approved() == nil)
        #expect(
            hall.approvals
                == ["requested uid:1000 crew", "agreed m1 card", "approved d1 card"])
        #expect(hall.decisions == [])
        #expect(hall.isPending == false)
        hall.tap(Hall.master)
        #expect(hall.decisions == ["granted"])
    }

    @Test func `is not approved by one master twice, nor by anybody else`() throws {
        var hall = try Hall.ofTwo()
        #expect(hall.wants() == nil)
        for card in [Hall.master, Hall.master, Hall.crew, Hall.oldMaster, Gate.known] {
            hall.tap(card)
            hall.gate.run(for: .seconds(4))
        }
        #expect(hall.approved() == nil)
        #expect(hall.isPending == true)
        // They were let in or not as on any day.
        #expect(hall.decisions == ["granted", "expired", "granted"])
    }

    @Test func `lapses after a minute, and the first agreement with it`() throws {
        var hall = try Hall.ofTwo()
        #expect(hall.wants() == nil)
        hall.gate.run(for: .seconds(50))
        hall.tap(Hall.master)
        hall.gate.run(for: .seconds(11))
        hall.tap(Hall.deputy)
        #expect(hall.approved() == nil)
        #expect(
            hall.approvals == ["requested uid:1000 crew", "agreed m1 card", "lapsed  crew"])
        #expect(hall.decisions == ["granted"])
    }

    @Test func `may have the hub for its second master, never for both`() throws {
        var hall = try Hall.ofTwo()
        #expect(hall.wants() == nil)
        #expect(hall.hubAgrees(to: 6) == false)
        #expect(hall.hubAgrees(to: 7) == true)
        #expect(hall.hubAgrees(to: 7) == true)
        #expect(hall.approved() == nil)
        hall.tap(Hall.master)
        #expect(hall.approved() == 7)
        #expect(hall.hubAgrees(to: 7) == false)
    }

    @Test func `waits alone: no other one, and no enrolment`() throws {
        var hall = try Hall.ofTwo()
        #expect(hall.wants() == nil)
        #expect(hall.wants(8) == .pending)
        #expect(hall.ask() == .pending(Gate.reader))
        hall.gate.run(for: .seconds(61))
        #expect(hall.ask() == nil)
        #expect(hall.wants(9) == .enrolling)
    }

    @Test func `is over when the station stops`() throws {
        var hall = try Hall.ofTwo()
        #expect(hall.wants() == nil)
        hall.gate.station.stopping(at: hall.gate.now)
        hall.gate.settle()
        #expect(hall.approvals.last == "cancelled  crew")
    }
}
