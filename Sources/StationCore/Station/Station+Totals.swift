// Totals over the runs: what the last one kept, what the next one is to know, and how soon.

public import EventLoop

extension Station {
    /// Of the time that a power cut may cost, what the medium gets: the rest is waited for more.
    static let shareOfKeeping = (wait: Int64(3), of: Int64(5))

    /// What the run before kept of totals; told once, before `started`. `nil`: there was such a run
    /// and nobody knows, so that sums which we alone count begin anew, and that is told.
    public mutating func recalled(totals: [KeptTotal]?, at now: Instant) {
        areTotalsRecalled = true
        var known: [String: [String: KeptTotal]] = [:]
        for total in totals ?? [] { known[total.device, default: [:]][total.point] = total }
        for (place, device) in resolved.devices.enumerated() {
            guard device.driver.hasTotals else { continue }
            let kept = known[device.name] ?? [:]
            var counts: [Int: TotalCount] = [:]
            for (point, settings) in device.driver.shownPoints.enumerated() {
                guard let total = kept[settings.name], total.unit == settings.unit else { continue }
                counts[point] = total.count
                // Another count goes on from the sum, wherever it stands itself.
                if total.count.isKnown, let origin = total.origin,
                    origin != device.origin(of: settings)
                {
                    counts[point] = TotalCount(base: total.count.sum)
                }
            }
            let owner = Int((wiring.buses[place] ?? DeviceID(place)).index)
            drivers[owner].restore(
                totals == nil ? nil : counts, of: DeviceID(place), at: now, into: &answers)
            deadlines.set(owner, to: drivers[owner].nextDeadline)
            routeAnswers(of: owner, at: now)
        }
    }

    /// Totals that have to outlive this run, at most `KeptTotal.capacity`.
    public var keptTotals: [KeptTotal] {
        var kept: [KeptTotal] = []
        for (place, device) in resolved.devices.enumerated() where device.driver.hasTotals {
            let owner = Int((wiring.buses[place] ?? DeviceID(place)).index)
            let points = device.driver.shownPoints
            for total in drivers[owner].totals(of: DeviceID(place)) {
                guard points.indices.contains(total.point), kept.count < KeptTotal.capacity else {
                    continue
                }
                kept.append(
                    KeptTotal(
                        device: device.name, point: points[total.point].name,
                        unit: points[total.point].unit,
                        origin: device.origin(of: points[total.point]), count: total.count))
            }
        }
        return kept
    }

    /// Nothing but us counts this total, or its base has changed.
    mutating func keepTotal(_ change: PointChange, at now: Instant) {
        guard let within = change.keptWithin ?? (change.isReset ? .seconds(1) : nil) else { return }
        let share = Self.shareOfKeeping
        let due = now + Interval(nanoseconds: within.nanoseconds / share.of * share.wait)
        if let earlier = totalsDue, earlier <= due { return }
        totalsDue = due
        // The world asks for it in the next pump.
        isAsking = true
    }

    /// When totals have to be on their way to the medium, if that changed; asked after
    /// `hasRequests`.
    public mutating func takeTotalsDue() -> Instant? {
        guard totalsDue != totalsToldDue else { return nil }
        totalsToldDue = totalsDue
        return totalsDue
    }

    /// `keptTotals` are on their way.
    public mutating func tookTotals() { (totalsDue, totalsToldDue) = (nil, nil) }
}

extension ResolvedDevice {
    fileprivate func origin(of point: PointSettings) -> UInt64 {
        if case .busDevice(let box) = driver {
            return point.origin(profile: profile, address: box.address)
        }
        return point.origin(profile: profile, address: 0)
    }
}

extension DriverSettings {
    /// Whether it has anything that is counted over the runs.
    var hasTotals: Bool { shownPoints.contains { $0.kind == .total } || isOnBoard }

    /// Whether it is a device on the board itself.
    var isOnBoard: Bool { if case .boardDevice = self { true } else { false } }
}
