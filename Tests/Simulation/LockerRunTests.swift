// Lockers through hours of bad disks, power cuts and boards that do not answer: whatever happens,
// nobody's things are trapped, and nobody else gets at them.

import EventLoop
import Profiles
import StationCore
import Testing

@testable import Simulation

@Suite struct `A station with lockers` {
    private static let text = """
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
          - name: door-reader
            profile: wiegand-26
            gpio: {d0: A3, d1: A4, beeper: A5}
          - name: strike
            profile: strike-12v
            gpio: {coil: A6}
          - name: board
            profile: lockboard-8a
            port: board-line
            address: 1
        doors:
          - name: room
            readers: {in: [door-reader]}
            lock: strike
            egress: handle
        services:
          - name: lockers
            kind: lockers
            label: {zh: 储物柜, en: Lockers}
            readers: [reader]
            without_power: key
            boxes:
              count: 6
              open: {perform: board/open, with: {lock: n}}
              closed: "board/door.n == closed"
        """

    private func station(_ wait: JournalSettings.CommitWait = .bounded) throws -> ResolvedStation {
        var station = try Resolution.resolve(
            text: Array(Self.text.utf8), name: "lockers.yaml",
            devicesDirectory: Repository.root + "/Devices"
        ).station
        station.journal.commitWait = wait
        return station
    }

    @Test(arguments: Array(UInt64(1)...8))
    func `traps nobody's things, and shows them to nobody else`(seed: UInt64) throws {
        var swarm = Swarm(seed: SplitMix64(seed: seed))
        swarm.powerCuts = seed % 3 != 0
        swarm.every = .seconds(120)
        let options = BatchOptions(
            seed: seed, station: try station(seed % 4 == 0 ? .strict : .bounded),
            safety: .seconds(1_500), liveness: .seconds(1_200), ridersPerThousandMinutes: 500,
            swarm: swarm)
        let report = try BatchRun.run(options)
        #expect(report.violations == [])
    }

    @Test func `knows after power cuts whose things lie where`() throws {
        var swarm = Swarm.calm
        swarm.powerCuts = true
        swarm.every = .seconds(60)
        let options = BatchOptions(
            seed: 17, station: try station(), safety: .seconds(1_500), liveness: .seconds(1_200),
            swarm: swarm)
        let report = try BatchRun.run(options)
        #expect(report.violations == [])
        #expect(report.lives > 5)
    }

    /// Things of which no core can know: it gives their box to somebody else.
    @Test func `is found out when somebody's things are where it does not know of them`() throws {
        let options = BatchOptions(seed: 9, station: try station(), swarm: .calm)
        let machine = try VirtualMachine(options, sink: nil)
        let stranger = try #require(
            machine.plant.residents.last { $0.state == .active && $0.validTo == nil })
        for box in machine.plant.banks[0].boxes.indices {
            machine.plant.banks[0].boxes[box].contents = stranger.key
        }
        let start = machine.clock.now
        machine.plant.close(at: start + .seconds(400))
        let isCut = machine.live(calm: start, until: start + .seconds(900))
        let rules = Set(machine.report(since: start).violations.map(\.rule))
        #expect(!isCut)
        #expect(rules.contains(.boxOfAnother))
        #expect(rules.contains(.thingsTrapped))
    }

    @Test func `goes the same way each time`() throws {
        var options = BatchOptions(
            seed: 3, station: try station(), safety: .seconds(600), liveness: .seconds(700))
        options.swarm = Swarm(seed: SplitMix64(seed: 5))
        let report = try BatchRun.run(options)
        #expect(try BatchRun.run(options).trace == report.trace)
    }

    @Test func `is used in peace`() throws {
        let options = BatchOptions(
            seed: 5, station: try station(), safety: .seconds(1_800), liveness: .seconds(1_200),
            swarm: .calm)
        var begun = 0
        var ended = 0
        let report = try BatchRun.run(options) { line in
            if line.contains("use.began") { begun += 1 }
            if line.contains("use.ended"), line.contains(" ended ") { ended += 1 }
        }
        #expect(report.violations == [])
        // Every rider who brought something has fetched it.
        #expect(begun > 12 && ended > 12, "\(begun) begun, \(ended) ended")
    }
}
