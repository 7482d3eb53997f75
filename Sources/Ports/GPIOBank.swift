// All GPIO requests of a station: opened at start, watched, opened again when a chip comes back.

public import EventLoop
public import StationCore

/// The GPIO lines of a station on the loop's side.
///
/// Opening a chip touches files, and a chip behind a hung bus answers no question. So once the
/// loop runs, a worker asks: `nextQuestion` says what, after `expire`, `read` and `take`, and
/// `take` hears the answers.
public final class GPIOBank {
    /// A removed chip wakes nobody: each port is asked this often.
    public static let probePeriod = Interval.seconds(2)
    /// A worker that says nothing for so long hangs in a chip's bus.
    public static let longestAnswer = Interval.seconds(10)
    /// How soon, and at most how rarely, a missing chip is looked for.
    public static let firstRetry = Interval.seconds(1)
    public static let lastRetry = Interval.seconds(30)

    struct Retry {
        /// When to look for it next; nil: it is there, or a worker is looking.
        var at: Instant?
        var pause: Interval = GPIOBank.firstRetry
    }

    /// Where a line is: its port, and its bit in the request.
    struct Place {
        var port: Int
        var bit: Int
    }

    let kernel: any GPIOKernel
    private let selector: EpollSelector
    /// The loop's token of port 0; the others follow.
    private let firstToken: UInt32
    private var ports: [GPIOPort]
    private var retries: [Retry]
    /// When each port's question was asked that has no answer yet.
    private var askedAt: [Instant?]
    /// What the worker was not given yet.
    private var questions: [GPIOQuestion] = []
    /// Between `open` and `attachAll`: what each port got.
    private var opened: [(port: Int, result: Result<GPIOLines, GPIOError>)] = []
    /// Each line's port and bit.
    private let places: [Place]
    /// How many of each device's requests are not open.
    private var missing: [Int]
    private var nextProbe: Instant
    private let buffer = EdgeBuffer()

    public convenience init(
        _ station: ResolvedStation, selector: EpollSelector, firstToken: UInt32
    ) {
        self.init(station, selector: selector, firstToken: firstToken, kernel: LinuxGPIO())
    }

    init(
        _ station: ResolvedStation, selector: EpollSelector, firstToken: UInt32,
        kernel: any GPIOKernel
    ) {
        self.kernel = kernel
        self.selector = selector
        self.firstToken = firstToken
        let plans = GPIOPlan.plans(for: station)
        var places = Array(repeating: Place(port: 0, bit: 0), count: station.lines.count)
        missing = Array(repeating: 0, count: station.devices.count)
        for (port, plan) in plans.enumerated() {
            for (bit, line) in plan.lines.enumerated() {
                places[Int(line.index)] = Place(port: port, bit: bit)
            }
            missing[Int(plan.device.index)] += 1
        }
        ports = plans.map { GPIOPort($0, kernel: kernel) }
        self.places = places
        retries = Array(repeating: Retry(), count: plans.count)
        askedAt = Array(repeating: nil, count: plans.count)
        nextProbe = Instant(nanoseconds: 0)
    }

    /// Opens every request: outputs first, each with its safe value. Needs nothing but the
    /// configuration, so that it comes before everything else.
    public func open() {
        let order = ports.indices.sorted { ports[$0].plan.isOutput && !ports[$1].plan.isOutput }
        opened = order.map { ($0, kernel.open(ports[$0].plan)) }
    }

    /// Tells the station what `open` got, before the loop runs.
    ///
    /// - Returns: what could not be had, with the plan it belongs to; the station knows as well.
    public func attachAll(
        into station: inout Station, at now: Instant
    ) -> [(plan: GPIOPlan, error: GPIOError)] {
        var errors: [(plan: GPIOPlan, error: GPIOError)] = []
        defer { opened = [] }
        for (port, result) in opened {
            switch result {
            case .success(let lines):
                attach(port, lines, into: &station, at: now)
            case .failure(let error):
                errors.append((ports[port].plan, error))
                fail(port, error.fault, into: &station, at: now)
            }
        }
        nextProbe = now + Self.probePeriod
        return errors
    }

    /// Gives every output that is there its safe value: the last thing before the end.
    public func makeSafe() {
        for port in ports { port.makeSafe() }
    }

    /// Whether a token is one of the bank's.
    func owns(_ token: UInt32) -> Bool {
        token >= firstToken && token < firstToken + UInt32(ports.count)
    }

    // MARK: The worker

    /// The next question for the worker.
    func nextQuestion() -> GPIOQuestion? { questions.popLast() }

    /// Takes what the worker found.
    func take(_ answer: GPIOAnswer, into station: inout Station, at now: Instant) {
        switch answer {
        case .opened(let port, .success(let lines)):
            askedAt[port] = nil
            attach(port, lines, into: &station, at: now)
        case .opened(let port, .failure(let error)):
            askedAt[port] = nil
            fail(port, error.fault, into: &station, at: now)
        case .levels(let port, let lines, let result):
            askedAt[port] = nil
            // Lines that were given up meanwhile are nobody's any more.
            guard ports[port].lines === lines else { break }
            switch result {
            case .success(let levels): ports[port].settle(levels, into: &station, at: now)
            case .failure: lose(port, into: &station, at: now)
            }
        }
        tellStuck(into: &station, at: now)
    }

    /// A chip that hangs holds the worker, and with it every chip that is looked for.
    private func tellStuck(into station: inout Station, at now: Instant) {
        let isStuck = askedAt.contains { $0.map { $0 + Self.longestAnswer <= now } ?? false }
        station.suffers(.stuck, isStuck, at: now)
    }

    /// Asks how a port's lines are, unless it was asked already.
    private func ask(_ port: Int, at now: Instant) {
        guard let lines = ports[port].lines, askedAt[port] == nil else { return }
        askedAt[port] = now
        questions.append(.levels(port: port, lines, mask: ports[port].mask))
    }

    /// Takes lines that were opened for a port, and tells the devices that are whole now.
    private func attach(
        _ port: Int, _ lines: GPIOLines, into station: inout Station, at now: Instant
    ) {
        ports[port].attach(
            lines, token: firstToken + UInt32(port), to: selector, into: &station, at: now)
        guard ports[port].isOpen else {
            retries[port].at = now + retries[port].pause
            return
        }
        retries[port] = Retry()
        let device = ports[port].plan.device
        missing[Int(device.index)] -= 1
        if missing[Int(device.index)] == 0 { station.attached(device, at: now) }
        ports[port].tellFirstLevels(into: &station, at: now)
    }

    /// Lines could not be had: tells the devices, and looks again later.
    private func fail(
        _ port: Int, _ fault: Fault, into station: inout Station, at now: Instant
    ) {
        retries[port].at = now + retries[port].pause
        retries[port].pause = min(Self.lastRetry, retries[port].pause * 2)
        station.detached(ports[port].plan.device, fault, at: now)
    }

    // MARK: The lines

    /// Reads a ready port.
    public func read(
        _ ready: Readiness, into station: inout Station, at now: Instant
    ) -> Drained {
        let port = Int(ready.token - firstToken)
        let drained = ports[port].read(buffer, from: selector, into: &station, at: now)
        if ports[port].unknown != 0 { ask(port, at: now) }
        noteLoss(of: port, at: now)
        return drained
    }

    /// Sets an output line; a line that is gone is told and looked for again.
    public func set(
        _ setting: LineSetting, into station: inout Station, at now: Instant
    ) {
        let place = places[Int(setting.line.index)]
        guard !ports[place.port].set(place.bit, isActive: setting.isActive) else { return }
        lose(place.port, into: &station, at: now)
    }

    // MARK: Time

    /// When to call `expire`.
    public var nextDeadline: Instant {
        var earliest = nextProbe
        // A port whose question is out waits for the answer, however long that takes.
        for port in retries.indices where askedAt[port] == nil {
            if let at = retries[port].at, at < earliest { earliest = at }
        }
        return earliest
    }

    /// Has the ports asked whether they are there, and chips looked for that are not.
    public func expire(into station: inout Station, at now: Instant) {
        if nextProbe <= now {
            nextProbe = now + Self.probePeriod
            for port in ports.indices { ask(port, at: now) }
            tellStuck(into: &station, at: now)
        }
        for port in retries.indices {
            // The worker may still look at lines that a failing set gave up.
            guard let due = retries[port].at, due <= now, askedAt[port] == nil else { continue }
            retries[port].at = nil
            askedAt[port] = now
            questions.append(.open(port: port, ports[port].plan))
        }
    }

    private func lose(_ port: Int, into station: inout Station, at now: Instant) {
        ports[port].detach(.lost, from: selector, into: &station, at: now)
        noteLoss(of: port, at: now)
    }

    /// A port that closed itself is looked for again.
    private func noteLoss(of port: Int, at now: Instant) {
        guard !ports[port].isOpen, retries[port].at == nil else { return }
        missing[Int(ports[port].plan.device.index)] += 1
        retries[port] = Retry(at: now + Self.firstRetry)
    }
}
