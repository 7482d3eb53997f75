// What a start makes of totals when both their file and the snapshot say something of them.
//
//   snapshot           which of the two is believed
//   elsewhere          the file
//   has them           each total's higher sum: one run wrote both, and one writing failed
//   has them, of an    the file, unless the snapshot is newer: then a version that knew no such
//   earlier version    file has counted anew meanwhile, and what we alone count is added

public import StationCore

extension TotalsFile {
    /// How far totals had got; nil: nobody knows.
    ///
    /// - Parameters:
    ///   - found: what `open` found.
    ///   - snapshot: nil: there is none either, and no run before.
    public func totals(
        _ found: Found, and snapshot: StateSnapshot?, of station: ResolvedStation
    ) -> [KeptTotal]? {
        switch (found, snapshot?.totals) {
        case (.kept(let totals), .apart?), (.kept(let totals), .unknown?),
            (.kept(let totals), nil):
            return totals
        case (.kept(let totals), .here(let others)?):
            return Self.joined(totals, others) { $1.isFurther(than: $0) ? $1 : $0 }
        case (.kept(let totals), .before(let others)?):
            guard let mark, let snapshot, mark.isBefore(snapshot) else { return totals }
            return Self.joined(totals, others) { $0.isOursAlone(in: station) ? $0.adding($1) : $0 }
        case (_, .here(let totals)?), (_, .before(let totals)?): return totals
        case (_, .unknown?), (_, .apart?), (.unusable, nil): return nil
        case (.nothing, nil): return []
        }
    }

    /// Totals of both; of one that both have, what `choose` says.
    private static func joined(
        _ totals: [KeptTotal], _ others: [KeptTotal], _ choose: (KeptTotal, KeptTotal) -> KeptTotal
    ) -> [KeptTotal] {
        let all = totals.map { mine in
            others.first { $0.isSame(as: mine) }.map { choose(mine, $0) } ?? mine
        }
        let new = others.filter { other in !totals.contains { $0.isSame(as: other) } }
        return Array((all + new).prefix(KeptTotal.capacity))
    }
}

extension KeptTotal {
    fileprivate func isSame(as other: KeptTotal) -> Bool {
        device == other.device && point == other.point && unit == other.unit
    }

    fileprivate func isFurther(than other: KeptTotal) -> Bool {
        guard count.isKnown, other.count.isKnown else { return count.isKnown }
        return count.sum > other.count.sum
    }

    /// Whether nothing but this software counts it: a box's own count went on without us.
    fileprivate func isOursAlone(in station: ResolvedStation) -> Bool {
        let points = station.devices.first { $0.name == device }?.driver.shownPoints ?? []
        guard case .pulses? = points.first(where: { $0.name == point })?.source else {
            return false
        }
        return true
    }

    /// The same total with what the other one has counted besides.
    fileprivate func adding(_ other: KeptTotal) -> KeptTotal {
        guard other.count.isKnown, let sum = count.sum.adding(other.count.sum) else { return self }
        var whole = self
        whole.count = TotalCount(base: sum)
        whole.count.isSpliced = true
        return whole
    }
}
