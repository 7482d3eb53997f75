// What two comparisons say of one value.

import Testing

@testable import StationCore

@Suite struct `Two comparisons of one value` {
    private static let values = (0...2).map { DecimalNumber(Int64($0)) }
    /// Between, below and above them as well.
    private static let samples = ["-0.5", "0", "0.5", "1", "1.5", "2", "2.5"]
        .compactMap { DecimalNumber($0) }

    @Test(arguments: Comparison.Relation.allCases, Comparison.Relation.allCases)
    func `may both hold where some value is as both say`(
        first: Comparison.Relation, second: Comparison.Relation
    ) {
        #expect(Self.samples.count == 7)
        for mine in Self.values {
            for theirs in Self.values {
                let meet = Self.samples.contains {
                    first.holds($0, mine) && second.holds($0, theirs)
                }
                #expect(first.mayMeet(mine, second, theirs) == meet, "\(mine) \(theirs)")
            }
        }
    }
}
