// All GPIO requests of a station: opened at start, watched, opened again when a chip comes back.

public import EventLoop
public import StationCore

/// The GPIO lines of a station on the loop's side.
///
/// Opening a chip touches files, and a chip behind a hung bus answers no question. So once the
/// loop runs, a worker for each chip asks: `nextQuestion` says what, after `expire`, `read`, `set`
/// and `take`, and `take` hears the answers. Output lines of the processor's own chips are set at
/// once, those of other chips by the chip's worker (docs/decisions/0015).
public final class GPIOBank {
    /// A removed chip wakes nobody: each port is asked this often.
    public static let probePeriod = Interval.seconds(2)
    /// A worker that says nothing for so long hangs in a chip's bus.
    public static let longestAnswer = Interval.seconds(10)
    /// A line that took so long to be set is set for nobody any more. A hundred times what a slow
    /// bus needs for a byte.
    public static let longestSetting = Interval.milliseconds(500)
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
    /// What the workers were not given yet.
    private var questions: [(chip: Int, question: GPIOQuestion)] = []
    /// Each port's chip, by the chips' places.
    private let chips: [Int]
    /// How many chips there are, each with a worker of its own.
    let chipCount: Int
    /// What slow chips' lines are to be, by chip.
    private var settings: [GPIOSettings]
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
        let labels = plans.map(\.chip).reduce(into: [String]()) { labels, label in
            if !labels.contains(label) { labels.append(label) }
        }
        chips = plans.map { plan in labels.firstIndex(of: plan.chip) ?? 0 }
        chipCount = labels.count
        settings = Array(repeating: GPIOSettings(), count: labels.count)
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

    /// Gives every output that is there its safe value: the last thing before the end. What slow
    /// chips are to do is asked for: `isSettled` says when it is done.
    public func makeSafe(at now: Instant) {
        for chip in settings.indices { settings[chip].forgetAll() }
        for port in ports.indices where ports[port].isOpen && ports[port].plan.isOutput {
            let (mask, safe) = (ports[port].mask, ports[port].plan.initial)
            if ports[port].isSlow {
                settings[chips[port]].append(
                    .init(port: port, mask: mask, bits: safe), at: now)
            } else {
                _ = ports[port].set(mask, to: safe)
            }
        }
        for chip in settings.indices { setOn(chip) }
    }

    /// Takes what came of a setting after `makeSafe`, when there is no station to tell.
    func wasSet(_ answer: GPIOAnswer, at now: Instant) {
        guard case .set(let port, _, _) = answer else { return }
        settings[chips[port]].ended()
        setOn(chips[port])
    }

    /// Whether every line that was to be set is set, or is gone.
    public var isSettled: Bool { settings.allSatisfy { $0.isIdle } }

    /// Whether a token is one of the bank's.
    func owns(_ token: UInt32) -> Bool {
        token >= firstToken && token < firstToken + UInt32(ports.count)
    }

    // MARK: The worker

    /// The next question, and whose worker is to ask it. In order: settings of a chip are.
    func nextQuestion() -> (chip: Int, question: GPIOQuestion)? {
        questions.isEmpty ? nil : questions.removeFirst()
    }

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
        case .set(let port, let lines, let isTaken):
            settings[chips[port]].ended()
            // Lines that were given up while it hung are nobody's any more.
            if !isTaken, ports[port].lines === lines { lose(port, into: &station, at: now) }
            setOn(chips[port])
        }
        tellStuck(into: &station, at: now)
    }

    /// A chip that hangs holds its worker, and with it whatever else is asked of that chip.
    private func tellStuck(into station: inout Station, at now: Instant) {
        let isStuck =
            askedAt.contains { $0.map { $0 + Self.longestAnswer <= now } ?? false }
            || settings.contains {
                $0.current.map { $0.since + Self.longestAnswer <= now } ?? false
            }
        station.suffers(.stuck, isStuck, at: now)
    }

    /// Hands a slow chip's next setting on, unless one is under way.
    private func setOn(_ chip: Int) {
        while let (setting, since) = settings[chip].next() {
            if let question = ports[setting.port].question(setting, since: since) {
                questions.append((chip, question))
            } else {
                settings[chip].ended()
            }
        }
    }

    /// Whoever waits at a door of a chip that hangs is told: its lines are given up.
    private func giveUpLate(into station: inout Station, at now: Instant) {
        for chip in settings.indices {
            for (port, since) in settings[chip].wanted
            where since + Self.longestSetting <= now && ports[port].isOpen {
                lose(port, into: &station, at: now)
            }
        }
    }

    /// Asks how a port's lines are, unless it was asked already.
    private func ask(_ port: Int, at now: Instant) {
        guard let lines = ports[port].lines, askedAt[port] == nil else { return }
        askedAt[port] = now
        questions.append((chips[port], .levels(port: port, lines, mask: ports[port].mask)))
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

    /// Sets an output line, or has it set; a line that is gone is told and looked for again.
    public func set(
        _ setting: LineSetting, into station: inout Station, at now: Instant
    ) {
        let place = places[Int(setting.line.index)]
        let mask: UInt64 = 1 << UInt64(place.bit)
        let bits = setting.isActive ? mask : 0
        guard !ports[place.port].isSlow else {
            let chip = chips[place.port]
            settings[chip].append(.init(port: place.port, mask: mask, bits: bits), at: now)
            return setOn(chip)
        }
        guard !ports[place.port].set(mask, to: bits) else { return }
        lose(place.port, into: &station, at: now)
    }

    // MARK: Time

    /// When to call `expire`.
    public var nextDeadline: Instant {
        var earliest = nextProbe
        // A port whose question is out waits for the answer, however long that takes.
        for port in retries.indices where askedAt[port] == nil && !isBeingSet(port) {
            if let at = retries[port].at, at < earliest { earliest = at }
        }
        for setting in settings {
            for (port, since) in setting.wanted where ports[port].isOpen {
                earliest = min(earliest, since + Self.longestSetting)
            }
        }
        return earliest
    }

    /// Has the ports asked whether they are there, and chips looked for that are not.
    public func expire(into station: inout Station, at now: Instant) {
        giveUpLate(into: &station, at: now)
        if nextProbe <= now {
            nextProbe = now + Self.probePeriod
            for port in ports.indices { ask(port, at: now) }
            tellStuck(into: &station, at: now)
        }
        for port in retries.indices {
            // The worker may still hold lines that were given up: the kernel would say busy.
            guard let due = retries[port].at, due <= now, askedAt[port] == nil, !isBeingSet(port)
            else { continue }
            retries[port].at = nil
            askedAt[port] = now
            questions.append((chips[port], .open(port: port, ports[port].plan)))
        }
    }

    /// Whether its chip's worker has a setting of it, and its lines with that.
    private func isBeingSet(_ port: Int) -> Bool {
        settings[chips[port]].current?.port == port
    }

    private func lose(_ port: Int, into station: inout Station, at now: Instant) {
        settings[chips[port]].forget(port)
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
