// People at services through whole days: what the journal counts is what they did.

import EventLoop
import Profiles
import StationCore
import Testing

@testable import Simulation

@Suite struct `People at services` {
    private func service(_ name: String, in report: BatchReport) throws -> ServiceUsage {
        try #require(report.usage.first { $0.name == name })
    }

    @Test(arguments: PeopleStation.allCases)
    func `are counted as they came`(station: PeopleStation) throws {
        let report = try BatchRun.run(try station.options(seed: 1, hours: 6))
        #expect(report.violations == [])
        #expect(report.usage.allSatisfy { $0.rows.contains { $0.uses > 0 } }, "\(report.lines)")
        #expect(report.usage.flatMap(\.differences) == [])
    }
}
