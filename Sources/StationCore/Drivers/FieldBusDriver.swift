// Drives a line of boxes: asks them in turn, tells them what they are told, speaks for each.

public import EventLoop

/// The master of one half-duplex line with Modbus devices, lock boards, meters.
///
/// The boxes are its members: what is read of them is taken with `takePointChange`, what they are
/// told begins with `perform` and ends with `takeActionReport`.
public struct FieldBusDriver: Driver {
    /// What the line is used for now.
    enum Use: Sendable {
        case poll(BusAsk, isProbe: Bool)
        /// An order's telling; whether silence is an answer.
        case telling(isOptional: Bool)
        /// Points that an order wants to see.
        case look(BusAsk)
        /// A box hears that it was heard.
        case acknowledging
        /// A sleeper is woken before it is told something that may not be told twice.
        case waking
    }

    var members: [FieldBusMember]
    var exchange: BusExchange
    var use: Use?
    /// The question under way, to read its answer by.
    var question: BusQuestion?
    /// The order that the line is used for now.
    var served: UInt64?
    /// The last thing that a box said by itself and that waits to be written down.
    var lastPush: UInt64 = 0
    private(set) var isAttached = false
    private var attachedAt = Instant(nanoseconds: 0)
    /// Orders that went out one after the other while a poll waited.
    var ordersInARow = 0
    /// An attempt at a lost box came to nothing: those who answer go first.
    var wasProbe = false
    /// What the fair share counts from.
    var turn = Int64(0)
    /// When the line is looked at again if nothing happens on it.
    var nextTurn: Instant?
    private var random = UInt64(0)
    private var changes: [PointChange] = []
    private var nextChange = 0
    private var reports: [ActionReport] = []
    /// The line itself, and what it says of its use.
    private let line: DeviceID?
    private var load = BusLoad()
    private var lineReadings: BusReadings

    /// - Parameter line: the line itself, which is a device with points as well; `nil`: nobody
    ///   looks at them.
    /// - Precondition: the settings were validated: each member has an address of its own.
    public init(
        _ settings: FieldBusSettings, line: DeviceID? = nil, baud: Int,
        bitsPerCharacter: Int,
        members: [(device: DeviceID, settings: BusDeviceSettings)]
    ) {
        let start = Instant(nanoseconds: 0)
        self.line = line
        lineReadings = BusReadings(settings.shownPoints)
        self.members = members.map { FieldBusMember($0.settings, device: $0.device, at: start) }
        exchange = BusExchange(
            BusExchange.Line(baud: baud, bits: bitsPerCharacter, echoes: settings.echoes),
            seats: members.map {
                BusExchange.Seat(language: $0.settings.language, address: $0.settings.address)
            }, at: start)
    }

    public mutating func handle(
        _ input: DriverInput, at now: Instant, into outputs: inout DriverOutputs
    ) {
        switch input {
        case .attached: attach(at: now, into: &outputs)
        case .detached(let fault): detach(fault, at: now, into: &outputs)
        case .deadline:
            guard isAttached else { return }
            exchange.expire(at: now)
            go(at: now, into: &outputs)
        case .edge, .level, .edgesLost, .command: break
        }
    }

    public mutating func receive(
        _ bytes: RawSpan, on pipe: Pipe, at now: Instant, into outputs: inout DriverOutputs
    ) -> Int {
        guard isAttached, pipe == .data else { return bytes.byteCount }
        exchange.receive(bytes, at: now)
        go(at: now, into: &outputs)
        return bytes.byteCount
    }

    public mutating func receive(
        random bytes: RandomBytes, at now: Instant, into outputs: inout DriverOutputs
    ) {
        for place in 0..<8 { random = random << 8 | UInt64(bytes[place]) }
    }

    private mutating func attach(at now: Instant, into outputs: inout DriverOutputs) {
        isAttached = true
        attachedAt = now
        load = BusLoad(at: now)
        exchange.restart(at: now)
        (use, served) = (nil, nil)
        for place in members.indices {
            members[place].startAfresh(at: now)
            // Nobody can ask it: it is there until it does not do what it is told.
            if !members[place].canBeAsked {
                members[place].standing = .well
                outputs.append(.online, for: members[place].device)
            }
        }
        outputs.append(.wantsRandom)
        go(at: now, into: &outputs)
    }

    /// The line's fault is everybody's. What was under way has an outcome all the same.
    private mutating func detach(
        _ fault: Fault, at now: Instant, into outputs: inout DriverOutputs
    ) {
        isAttached = false
        exchange.restart(at: now)
        (use, served) = (nil, nil)
        nextTurn = nil
        lineReadings.fade(at: now)
        collectLine()
        for place in members.indices {
            for run in members[place].orders.removeAll() {
                report(run, run.actedAt == nil ? .failed : .unknown, of: place, at: now)
            }
            members[place].readings.fade(at: now)
            collect(place)
        }
        outputs.append(.raised(fault))
        for member in members { outputs.append(.offline(fault), for: member.device) }
        tellNews(&outputs)
    }

    /// Takes what happened on the line, and goes on.
    mutating func go(at now: Instant, into outputs: inout DriverOutputs) {
        while let news = exchange.take() { hear(news, at: now, into: &outputs) }
        speak(at: now, into: &outputs)
        measure(at: now)
        tellNews(&outputs)
    }

    /// Every ten seconds, whether the line was used or not.
    private mutating func measure(at now: Instant) {
        guard isAttached, let share = load.roll(at: now) else { return }
        let value = DecimalNumber(mantissa: share, places: 1)
        lineReadings.set(0, to: PointReading(value: value, quality: .good, at: now))
        collectLine()
    }

    private mutating func collectLine() {
        let line = line
        lineReadings.takeChanges { point, reading, _ in
            guard let line else { return }
            changes.append(PointChange(device: line, point: point, reading: reading))
        }
    }

    private func tellNews(_ outputs: inout DriverOutputs) {
        if nextChange < changes.count { outputs.append(.pointsRead) }
        if !reports.isEmpty { outputs.append(.actionEnded) }
    }

    public var nextDeadline: Instant? {
        guard isAttached else { return nil }
        let next = Instant.earlier(exchange.nextDeadline, load.due)
        return exchange.isFree ? Instant.earlier(next, nextTurn) : next
    }

    // MARK: What is read and told

    /// Makes a member's new readings takeable.
    mutating func collect(_ place: Int) {
        let device = members[place].device
        members[place].readings.takeChanges { point, reading, isReset in
            changes.append(
                PointChange(device: device, point: point, reading: reading, isReset: isReset))
        }
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

    public func readings(of member: DeviceID) -> [PointReading] {
        if member == line { return lineReadings.readings }
        return place(of: member).map { members[$0].readings.readings } ?? []
    }

    mutating func report(
        _ run: BusActionRun, _ outcome: ActionOutcome, of place: Int, at now: Instant
    ) {
        reports.append(
            ActionReport(
                device: members[place].device, number: run.order.number,
                action: run.order.action, outcome: outcome))
        if outcome != .failed { expectMains(at: now) }
    }

    /// Something was switched: boxes that say by their silence that they have no mains may have it
    /// now. Each is tried once, soon, however long its rest.
    private mutating func expectMains(at now: Instant) {
        for place in members.indices where members[place].standing == .lost(.mainsOff) {
            members[place].nextProbe = min(
                members[place].nextProbe, now + FieldBusMember.Limit.starting)
        }
    }

    public mutating func takeActionReport() -> ActionReport? {
        reports.isEmpty ? nil : reports.removeFirst()
    }

    public mutating func perform(
        _ order: ActionOrder, by member: DeviceID, at now: Instant,
        into outputs: inout DriverOutputs
    ) -> ActionRefusal? {
        guard let place = place(of: member) else { return .noAction }
        let admission = members[place].orders.admit(
            order, to: members[place].settings, members[place].readings, isAttached: isAttached)
        switch admission {
        case .failure(let refusal): return refusal
        case .success(let run):
            if order.isUrgent { cut(place, for: order) }
            members[place].orders.join(run)
            members[place].counters.orders += 1
            go(at: now, into: &outputs)
            return nil
        }
    }

    /// A guard's order ends those that would undo it, the one under way too: what it has done so
    /// far nobody knows.
    private mutating func cut(_ place: Int, for urgent: ActionOrder) {
        let doomed = members[place].orders.cut { run in
            run.settings.mayActivate && run.order.arguments.mayMeet(urgent.arguments)
        }
        for run in doomed {
            reports.append(
                ActionReport(
                    device: members[place].device, number: run.order.number,
                    action: run.order.action, outcome: run.actedAt == nil ? .failed : .unknown))
        }
    }

    /// Where an order stands among those of its box; `nil`: it was ended meanwhile.
    func index(of order: UInt64?, _ place: Int) -> Int? {
        order.flatMap { members[place].orders.turn(of: $0) }
    }

    /// What a member is, by its place on the line.
    package func settings(of place: Int) -> BusDeviceSettings { members[place].settings }

    func place(of member: DeviceID) -> Int? { members.firstIndex { $0.device == member } }

    /// Between three and five quarters of an interval, different for each box and each time.
    mutating func spread(_ interval: Interval, of place: Int) -> Interval {
        // A box's own number until random bytes have come.
        random = random &* 6_364_136_223_846_793_005 &+ UInt64(place) &* 2 &+ 1
        let parts = Int64(random >> 33 & 1_023)
        return Interval(
            nanoseconds: interval.nanoseconds / 4 * 3 + interval.nanoseconds / 2 / 1_024 * parts)
    }

    // MARK: What is counted

    mutating func used(_ spent: Interval, by place: Int, isProbe: Bool, at now: Instant) {
        let nanoseconds = UInt64(max(0, spent.nanoseconds))
        members[place].counters.busy += nanoseconds
        if isProbe { members[place].counters.probing += nanoseconds }
        members[place].share = max(members[place].share, turn) + Int64(nanoseconds)
        load.used(spent)
    }

    public func latency(of member: DeviceID) -> BusLatency? {
        place(of: member).map { members[$0].counters.latency }
    }

    public func counts(of member: DeviceID) -> [(name: StaticString, value: UInt64)] {
        guard let place = place(of: member) else { return lineCounts }
        let counters = members[place].counters
        return [
            ("requests", counters.requests), ("answers", counters.answers),
            ("timeouts", counters.timeouts), ("garbled", counters.garbled),
            ("refusals", counters.refusals), ("late", counters.late),
            ("pushes", counters.pushes), ("orders", counters.orders),
            ("busyMilliseconds", counters.busy / 1_000_000),
            ("probingMilliseconds", counters.probing / 1_000_000),
        ]
    }

    /// Of the line itself.
    private var lineCounts: [(name: StaticString, value: UInt64)] {
        let counters = exchange.counters
        return [
            ("requests", counters.requests), ("answers", counters.answers),
            ("timeouts", counters.timeouts), ("damaged", counters.damaged),
            ("noiseBytes", counters.noise), ("foreign", counters.foreign),
            ("late", counters.late), ("pushes", counters.pushes),
            ("echoFaults", counters.echoFaults), ("busyMilliseconds", counters.busy / 1_000_000),
        ]
    }
}
