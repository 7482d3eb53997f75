// A socket with its meter: power flows while every switch before it is closed and something is in.

import EventLoop
import StationCore

/// Where something is plugged in: a charging socket, or an appliance's own.
final class VirtualOutlet {
    let service: Int
    let unit: Int
    /// Those that have to let through; none: it is always live.
    let switches: [VirtualSwitch]
    /// Those that cut it off.
    let cutters: [VirtualSwitch]
    let sights: [SightTwin]
    /// A board measures itself what goes through its sockets.
    let isSelfMetered: Bool
    /// All that ever went through.
    private(set) var wattHours: Double
    private(set) var load: VirtualLoad?
    private(set) var isLive = false
    private var settledAt: Instant
    /// The use that goes on, by its place in the ledger, and where the count was at its start.
    var use: Int?
    var usedFrom = 0.0
    var lastUse: Int?

    init(
        service: Int, unit: Int, switches: [VirtualSwitch], cutters: [VirtualSwitch],
        sights: [SightTwin], isSelfMetered: Bool, wattHours: Double, at now: Instant
    ) {
        self.service = service
        self.unit = unit
        self.switches = switches
        self.cutters = cutters
        self.sights = sights
        self.isSelfMetered = isSelfMetered
        self.wattHours = wattHours
        settledAt = now
    }

    func sight(_ sense: Sense) -> SightTwin? { sights.first { $0.sense == sense } }

    /// Watts that flow now.
    var watts: Double { isLive ? load?.draw ?? 0 : 0 }

    /// What flowed up to `now` is counted.
    func settle(at now: Instant) {
        defer { settledAt = max(settledAt, now) }
        guard settledAt < now, isLive, load != nil else { return }
        let seconds = Double((now - settledAt).nanoseconds) / 1_000_000_000
        wattHours += load?.run(for: seconds) ?? 0
    }

    func plug(_ load: VirtualLoad?, at now: Instant) {
        settle(at: now)
        self.load = load
    }

    /// Whether it has become live, or dead; `nil`: nothing changed.
    func look(_ board: borrowing LineBoard, at now: Instant) -> Bool? {
        settle(at: now)
        var isLet = true
        for place in switches.indices where !switches[place].holds(board) { isLet = false }
        for place in cutters.indices where cutters[place].holds(board) { isLet = false }
        guard isLet != isLive else { return nil }
        isLive = isLet
        return isLet
    }
}
