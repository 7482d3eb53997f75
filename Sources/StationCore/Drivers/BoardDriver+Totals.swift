// What a board's device has counted, over the runs.

public import EventLoop

extension BoardDriver {
    /// A meter on a line is counted by us alone: it goes on from what the run before kept. What
    /// passed since then nobody counted, so the sum is an estimate from then on.
    public mutating func restore(
        _ totals: [Int: TotalCount]?, of member: DeviceID, at now: Instant,
        into outputs: inout DriverOutputs
    ) {
        guard !isRestored else { return }
        isRestored = true
        for (place, point) in settings.points.enumerated() where point.kind == .total {
            guard case .pulses(let terminal) = point.source else {
                if let count = totals?[place], count.isKnown {
                    readings.restore(place, count, joins: count.last == nil)
                }
                continue
            }
            if let count = totals == nil ? .unknown : totals?[place] {
                isEstimated[place] = true
                isReset[place] = !count.isKnown || count.isSpliced
                readings.restore(place, TotalCount(base: count.sum))
            }
            // Nothing is said of a sum that nobody knows before there is something to say.
            let isSilent =
                isReset[place] && totals?[place]?.isSpliced != true && count(terminal) == 0
            if inputs[terminal] != nil, !isSilent { showTotal(place, terminal, at: now) }
        }
        for place in seats.indices { seats[place].heardAt = seats[place].heardAt ?? now }
        settle(at: now, into: &outputs)
    }

    private func count(_ terminal: Int) -> Int64 {
        if case .pulses(let counter)? = inputs[terminal] { counter.count } else { 0 }
    }

    public func totals(of member: DeviceID) -> [(point: Int, count: TotalCount)] {
        guard isRestored else { return [] }
        // What nobody knows stays so until something was counted, however many runs that takes.
        let lost = isReset.indices.filter { isReset[$0] }.map { ($0, TotalCount.unknown) }
        return readings.counts + lost
    }
}
