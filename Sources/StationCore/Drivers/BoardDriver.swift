// Drives what hangs on the board itself: contacts, pulse meters and relays on lines, files.
//
//   lines ──► settled level ──► state         orders ──► steps ──► lines
//         ──► pulses ──► total, rate             each output: on for so long at most
//   files ──► a worker's finding ──► level, state; three bad ones in a row are a fault

public import EventLoop

/// A device on lines and files. A terminal is a line's place in its settings.
public struct BoardDriver: Driver {
    enum Limit {
        /// Readings that nobody takes are not kept for ever.
        static let changes = 1_024
        /// Bad findings in a row of one file that are a fault.
        static let misses = 3
        /// A worker that says nothing for so long, and for so many turns, hangs in a driver.
        static let silence = Interval.seconds(30)
        static let silentTurns: Int64 = 3
    }

    /// What an input's level is taken for.
    enum Input: Sendable {
        case contact(SettledLevel, Chatter)
        case pulses(PulseCounter)
    }

    /// What an output is, and since when it is on.
    struct Output: Sendable {
        var isActive = false
        var onSince: Instant?
        let safe: Bool
        let longest: Interval?

        /// When it has been on for as long as it may.
        var nextDeadline: Instant? {
            guard let longest, let onSince else { return nil }
            return onSince + longest
        }
    }

    /// A file and what became of the last looks at it.
    struct Seat: Sendable {
        let point: Int
        let patience: Interval
        let isOptional: Bool
        var heardAt: Instant?
        var misses = 0
        var trouble: Fault?
    }

    let device: DeviceID
    let settings: BoardDeviceSettings
    var inputs: [Input?]
    var outputs: [Output?]
    var seats: [Seat]
    var readings: BusReadings
    /// Lines whose meters have counted what nobody was shown, one bit each.
    var fresh: UInt64 = 0
    /// By the points' places: when a rate is looked at next; nil: it stands still, or is none.
    var rateDue: [Instant?]
    /// What nobody counted, or nobody knows any more: by the points' places.
    var isEstimated: [Bool]
    var isReset: [Bool]
    /// How soon a total has to be kept, by the points' places.
    let keptWithin: [Interval?]
    var isRestored = false
    var isAttached = false
    var faults: Set<Fault> = []
    var orders = OrderQueue()
    /// When the order under way has waited long enough.
    var nextOrder: Instant?
    private var reports: [ActionReport] = []
    private var changes: [PointChange] = []
    private var nextChange = 0
    private var due: Instant?

    /// - Parameter safe: the safe values of the lines that are wired, by their terminals.
    public init(_ settings: BoardDeviceSettings, device: DeviceID, safe: [Int: Bool]) {
        self.device = device
        self.settings = settings
        let pulses = settings.pulseLines
        inputs = settings.lines.enumerated().map { terminal, line in
            guard line.direction == .input, safe[terminal] != nil else { return nil }
            if pulses.contains(terminal) { return .pulses(PulseCounter(line)) }
            let level = SettledLevel(
                settle: .milliseconds(Int64(line.settleMilliseconds)),
                clear: .milliseconds(Int64(line.clearMilliseconds)))
            return .contact(level, Chatter())
        }
        outputs = settings.lines.enumerated().map { terminal, line in
            guard line.direction == .output, let value = safe[terminal] else { return nil }
            let longest =
                line.maximumOnMilliseconds > 0
                ? Interval.milliseconds(Int64(line.maximumOnMilliseconds)) : nil
            return Output(isActive: value, safe: value, longest: longest)
        }
        seats = settings.points.enumerated().compactMap { place, point in
            guard case .file(let file) = point.source else { return nil }
            let turns = Interval.milliseconds(Int64(point.everyMilliseconds)) * Limit.silentTurns
            return Seat(
                point: place, patience: max(Limit.silence, turns), isOptional: file.isOptional)
        }
        readings = BusReadings(
            settings.points, lags: settings.points.map { Self.lag(of: $0, settings.lines) })
        rateDue = settings.points.map { _ in nil }
        isEstimated = settings.points.map { _ in false }
        isReset = settings.points.map { _ in false }
        keptWithin = settings.points.map { point in
            guard case .pulses(let terminal) = point.source,
                settings.lines.indices.contains(terminal)
            else { return nil }
            return .milliseconds(Int64(settings.lines[terminal].keptWithinMilliseconds))
        }
    }

    /// From a change to when its point says it: an output's at once, a contact's when it has
    /// settled, a meter's rate when its window holds nothing older. A file says how it was.
    static func lag(of point: PointSettings, _ lines: [BoardLine]) -> Interval? {
        switch point.source {
        case .line(let terminal):
            guard lines.indices.contains(terminal), lines[terminal].direction == .input else {
                return .zero
            }
            let line = lines[terminal]
            return .milliseconds(Int64(max(line.settleMilliseconds, line.clearMilliseconds)))
        case .rate(_, let window): return .milliseconds(Int64(window + point.everyMilliseconds))
        case .pulses: return .zero
        case .register, .fields, .item, .file: return nil
        }
    }

    public mutating func handle(
        _ input: DriverInput, at now: Instant, into outputs: inout DriverOutputs
    ) {
        switch input {
        case .edge(let terminal, let isActive):
            edge(Int(terminal), isActive: isActive, at: now, into: &outputs)
        case .level(let terminal, let isActive):
            level(Int(terminal), isActive: isActive, at: now)
        case .edgesLost(let count): lost(count, at: now, into: &outputs)
        case .attached: attach(at: now)
        case .detached(let fault): detach(fault, at: now, into: &outputs)
        case .deadline: break
        case .command: break
        }
        settle(at: now, into: &outputs)
    }

    /// All edges that were read at once: a meter's two hundred a second are one reading.
    public mutating func take(_ edges: Span<LineEdge>, into outputs: inout DriverOutputs) -> Int {
        for index in edges.indices {
            edge(
                Int(edges[index].terminal), isActive: edges[index].isActive,
                at: edges[index].at, into: &outputs)
        }
        settle(at: edges[edges.count - 1].at, into: &outputs)
        return edges.count
    }

    public var nextDeadline: Instant? { due }

    /// What time brings, what orders want, and what is new.
    mutating func settle(at now: Instant, into outputs: inout DriverOutputs) {
        expireLines(at: now, into: &outputs)
        expireFiles(at: now, into: &outputs)
        serveOrders(at: now, into: &outputs)
        noteChanges(into: &outputs)
        due = earliest(at: now)
    }

    private func earliest(at now: Instant) -> Instant? {
        var next: Instant?
        for input in inputs {
            switch input {
            case .contact(let level, let chatter)?:
                next = Instant.earlier(next, level.nextDeadline)
                next = Instant.earlier(next, chatter.nextDeadline)
            case .pulses(let counter)?: next = Instant.earlier(next, counter.nextDeadline)
            case nil: break
            }
        }
        for output in outputs { next = Instant.earlier(next, output?.nextDeadline) }
        for time in rateDue { next = Instant.earlier(next, time) }
        for seat in seats {
            guard let heardAt = seat.heardAt, seat.trouble != .stuck else { continue }
            next = Instant.earlier(next, heardAt + seat.patience)
        }
        return Instant.earlier(next, nextOrder)
    }

    // MARK: What is new

    private mutating func noteChanges(into outputs: inout DriverOutputs) {
        guard readings.hasChanges else { return }
        readings.takeChanges { point, reading, isReset in
            guard changes.count < Limit.changes else { return }
            changes.append(
                PointChange(
                    device: device, point: point, reading: reading, isReset: isReset,
                    keptWithin: keptWithin[point]))
        }
        outputs.append(.pointsRead)
    }

    public mutating func takePointChange() -> PointChange? {
        guard nextChange < changes.count else { return nil }
        defer {
            nextChange += 1
            if nextChange == changes.count {
                changes.removeAll(keepingCapacity: true)
                nextChange = 0
            }
        }
        return changes[nextChange]
    }

    public func readings(of member: DeviceID) -> [PointReading] { readings.readings }

    public mutating func takeActionReport() -> ActionReport? {
        reports.isEmpty ? nil : reports.removeFirst()
    }

    mutating func report(
        _ run: BusActionRun, _ outcome: ActionOutcome, into outputs: inout DriverOutputs
    ) {
        if reports.isEmpty { outputs.append(.actionEnded) }
        reports.append(
            ActionReport(
                device: device, number: run.order.number, action: run.order.action,
                outcome: outcome))
    }

    // MARK: Faults

    mutating func raise(_ fault: Fault, into outputs: inout DriverOutputs) {
        if faults.insert(fault).inserted { outputs.append(.raised(fault)) }
    }

    mutating func clear(_ fault: Fault, into outputs: inout DriverOutputs) {
        if faults.remove(fault) != nil { outputs.append(.cleared(fault)) }
    }
}
