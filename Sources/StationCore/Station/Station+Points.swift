// Points of devices: what is read becomes an entry when it is worth one; what devices are told.

public import EventLoop

/// Every device's points, one behind the other, made once.
struct PointBook: ~Copyable {
    private var reports: FixedTable<PointReport>
    private let first: [Int]

    init(_ station: ResolvedStation) {
        var all: [PointReport] = []
        var first: [Int] = []
        for device in station.devices {
            first.append(all.count)
            all += device.driver.shownPoints.map { PointReport($0) }
        }
        first.append(all.count)
        self.first = first
        reports = FixedTable(all)
    }

    /// How many points a device has.
    func count(of device: Int) -> Int { first[device + 1] - first[device] }

    func verdict(
        on reading: PointReading, _ device: Int, _ point: Int, at now: Instant
    ) -> PointReport.Verdict {
        guard point >= 0, point < count(of: device) else { return .quiet }
        return reports[first[device] + point].verdict(on: reading, at: now)
    }

    mutating func told(_ reading: PointReading, _ device: Int, _ point: Int, at now: Instant) {
        reports[first[device] + point].told(reading, at: now)
    }
}

extension Station {
    // MARK: What is read

    /// Members of a bus were read.
    @inline(never)
    mutating func takePoints(of bus: Int, at now: Instant) {
        var ticket: Ticket?
        while let change = drivers[bus].takePointChange() {
            let device = Int(change.device.index)
            let point = UInt16(clamping: change.point)
            if !guards.isEmpty { watch(change.reading, device, change.point, at: now) }
            if !doorBook.isBlind { sight(change.reading, device, change.point, at: now) }
            if !services.isEmpty { serve(change.reading, device, change.point, at: now) }
            if change.isReset {
                write(
                    .totalReset(
                        device: change.device, point: point, value: change.reading.value), at: now)
            }
            keepTotal(change, at: now)
            switch points.verdict(on: change.reading, device, change.point, at: now) {
            case .quiet: continue
            case .sample:
                hasSamples = true
                write(
                    .pointSampled(
                        device: change.device, point: point, value: change.reading.value,
                        quality: change.reading.quality), at: now)
            case .change:
                // What is only counted is not told: the next reading is compared with what was.
                guard pointChanges(at: device, now: now) == .write else { continue }
                ticket = write(
                    .pointChanged(
                        device: change.device, point: point, value: change.reading.value,
                        quality: change.reading.quality), at: now)
            }
            points.told(change.reading, device, change.point, at: now)
        }
        guard let push = drivers[bus].heldPush else { return }
        // What could not be written down is said again. What is only counted was counted.
        book(push, of: bus, behind: ticket, at: now)
    }

    /// A board hears that it was heard when what it said is durable.
    private mutating func book(
        _ push: UInt64, of bus: Int, behind ticket: Ticket?, at now: Instant
    ) {
        if bookings.contains(where: { $0.bus == bus && $0.push >= push }) { return }
        guard let ticket else { return }
        if bookings.count == Self.bookingCapacity { bookings.removeFirst() }
        bookings.append((bus, push, ticket))
    }

    /// More than all boards can have waiting.
    private static var bookingCapacity: Int { 256 }

    @inline(never)
    mutating func booked(upTo ticket: Ticket, at now: Instant) {
        let done = bookings.filter { $0.ticket <= ticket }
        bookings.removeAll { $0.ticket <= ticket }
        for booking in done {
            drivers[booking.bus].release(push: booking.push, at: now, into: &answers)
            deadlines.set(booking.bus, to: drivers[booking.bus].nextDeadline)
            routeAnswers(of: booking.bus, at: now)
        }
    }

    /// Orders to members of a bus ended.
    @inline(never)
    mutating func takeReports(of bus: Int, at now: Instant) {
        while let report = drivers[bus].takeActionReport() {
            if !guards.isEmpty, guardOrderEnded(report, at: now) { continue }
            if !renewals.isEmpty || !strayRenewals.isEmpty, renewalEnded(report, at: now) {
                continue
            }
            if !services.isEmpty, serviceOrderEnded(report, at: now) { continue }
            counters.actions[Int(report.outcome.rawValue)] &+= 1
            if !askedActions.isEmpty { tellAsker(report) }
            write(
                .actionEnded(
                    device: report.device, action: UInt8(clamping: report.action),
                    number: report.number, outcome: report.outcome), at: now)
        }
    }

    // MARK: What is told

    /// A person, the hub or a rule has a device do something. Intent is written before it acts, the
    /// outcome after.
    ///
    /// - Returns: the order's number, by which its outcome is told.
    public mutating func ordered(
        _ action: Int, _ arguments: [ArgumentValue] = [], of device: DeviceID,
        by authority: Authority, at now: Instant
    ) -> Result<UInt64, ActionRefusal> {
        lastAction += 1
        let number = lastAction
        let order = ActionOrder(number: number, action: action, arguments: arguments)
        let ticket = nextTicket
        write(
            .actionOrdered(
                device: device, action: UInt8(clamping: action), number: number, by: authority),
            at: now)
        let refusal = begin(order, of: device, at: now)
        if let refusal {
            counters.actions[Int(ActionOutcome.failed.rawValue)] &+= 1
            if nextTicket > ticket {
                write(
                    .actionEnded(
                        device: device, action: UInt8(clamping: action), number: number,
                        outcome: .failed), at: now)
            }
            return .failure(refusal)
        }
        return .success(number)
    }

    /// Has a device's driver, or its bus, carry out an order. Returns why it does not.
    mutating func perform(
        _ order: ActionOrder, by device: DeviceID, at now: Instant
    ) -> ActionRefusal? {
        let place = Int((wiring.buses[Int(device.index)] ?? device).index)
        let refusal = drivers[place].perform(order, by: device, at: now, into: &answers)
        if !renewals.isEmpty {
            endRenewals(by: order, of: device, wasRefused: refusal != nil, at: now)
        }
        deadlines.set(place, to: drivers[place].nextDeadline)
        routeAnswers(of: place, at: now)
        return refusal
    }
}

extension ActionRefusal: Error {}
