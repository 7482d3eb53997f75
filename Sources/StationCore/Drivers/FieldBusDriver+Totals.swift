// What a line's boxes have counted, for the next run.

public import EventLoop

extension FieldBusDriver {
    /// A box counts itself: what nobody knows any more is only what came before its last reset.
    /// Where its count is another one than before, the sum goes on from the first that it says.
    public mutating func restore(
        _ totals: [Int: TotalCount]?, of member: DeviceID, at now: Instant,
        into outputs: inout DriverOutputs
    ) {
        guard let place = place(of: member), let totals else { return }
        for point in members[place].readings.points.indices {
            if let count = totals[point], count.isKnown {
                members[place].readings.restore(point, count, joins: count.last == nil)
            }
        }
    }

    public func totals(of member: DeviceID) -> [(point: Int, count: TotalCount)] {
        place(of: member).map { members[$0].readings.counts } ?? []
    }
}
