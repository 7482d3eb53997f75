// A valve with a meter behind it: water runs a moment after it opens, and a moment after it closes.

import EventLoop
import StationCore

/// One tap.
final class VirtualTap {
    /// Diaphragms take their time.
    static let opening = (Interval.milliseconds(80), Interval.milliseconds(250))
    static let closing = (Interval.milliseconds(30), Interval.milliseconds(120))

    let service: Int
    let unit: Int
    /// Any of them opens it: cold or hot.
    let valves: [VirtualSwitch]
    let cutters: [VirtualSwitch]
    let sights: [SightTwin]
    let flow: SightTwin?
    /// mL a second.
    let rate: Double
    /// mL that one pulse stands for; `nil`: its meter is a number.
    let pulse: Double?
    private(set) var isOpen = false
    /// All that ever ran, and how much of it became pulses.
    private(set) var millilitres = 0.0
    private var pulsed = 0.0
    private var runs: (from: Instant, until: Instant?)?
    private var settledAt: Instant
    var use: Int?
    var usedFrom = 0.0
    /// Counts its valve's movements: what was planned before the last one is void.
    private(set) var turn = 0

    init(
        service: Int, unit: Int, valves: [VirtualSwitch], cutters: [VirtualSwitch],
        sights: [SightTwin], rate: Double, millilitres: Double, at now: Instant
    ) {
        self.service = service
        self.unit = unit
        self.valves = valves
        self.cutters = cutters
        self.sights = sights
        self.rate = rate
        self.millilitres = millilitres
        settledAt = now
        let flow = sights.first { $0.sense == .flow || $0.sense == .total }
        self.flow = flow
        if let flow, case .pulses = flow.point.end {
            pulse = flow.point.settings.scale.approximation * flow.scale
        } else {
            pulse = nil
        }
        pulsed = millilitres
    }

    func sight(_ sense: Sense) -> SightTwin? { sights.first { $0.sense == sense } }

    var isRunning: Bool { runs != nil }

    func settle(at now: Instant) {
        defer { settledAt = max(settledAt, now) }
        guard let runs else { return }
        let from = max(settledAt, runs.from)
        let until = min(now, runs.until ?? now)
        if from < until {
            millilitres += rate * Double((until - from).nanoseconds) / 1_000_000_000
        }
        if let end = runs.until, end <= now { self.runs = nil }
    }

    /// Looks at its valve. Returns whether it has opened, or closed; `nil`: nothing changed.
    func look(
        _ board: borrowing LineBoard, chance: inout SplitMix64, at now: Instant
    ) -> Bool? {
        settle(at: now)
        var isLet = false
        for place in valves.indices where valves[place].holds(board) { isLet = true }
        for place in cutters.indices where cutters[place].holds(board) { isLet = false }
        guard isLet != isOpen else { return nil }
        isOpen = isLet
        turn += 1
        if isLet {
            let start = now + chance.between(Self.opening.0, Self.opening.1)
            if runs == nil { runs = (start, nil) } else { runs?.until = nil }
        } else {
            runs?.until = now + chance.between(Self.closing.0, Self.closing.1)
        }
        return isLet
    }

    /// When something happens to the water: the next pulse, or its end.
    func next(after now: Instant) -> Instant? {
        guard let runs else { return nil }
        guard let pulse else { return runs.until }
        let missing = max(0, pulse - (millilitres - pulsed))
        let start = max(now, runs.from)
        let due = start + Interval(nanoseconds: Int64(missing / rate * 1_000_000_000) + 1)
        guard let end = runs.until else { return due }
        return min(due, max(end, now))
    }

    /// Whether a pulse is due.
    func takePulse() -> Bool {
        guard let pulse, millilitres - pulsed >= pulse else { return false }
        pulsed += pulse
        return true
    }
}
