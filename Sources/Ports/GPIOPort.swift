// One kernel request for lines as the loop sees it: there or not, read and set.

import CGPIO
import EventLoop
import StationCore

/// A GPIO request with its state. Its bank owns it.
///
/// | `read` returns | the caller's duty |
/// |---|---|
/// | `drained` | none |
/// | `more` | come back in the next tick; the devices' deadlines are held back |
///
/// A chip that leaves is noticed by a failing read or set, or by the worker that asks for its
/// levels now and then; it is told as `lost`, and looked for again.
struct GPIOPort {
    /// Edges read per tick and port: as many as the kernel keeps for us.
    static let edgesPerTick = Int(GPIOPlan.eventBuffer)
    /// Edges per read(2): 3 KiB.
    static let edgesPerRead = 64

    let plan: GPIOPlan
    private let kernel: any GPIOKernel
    private(set) var lines: GPIOLines?
    private var registration: Registration?
    /// The kernel numbers the edges of a request from 1; a gap is a loss.
    private var lastSequence: UInt32 = 0
    /// Lines whose level nobody knows since edges were lost: no edge of theirs has come since.
    private(set) var unknown: UInt64 = 0

    init(_ plan: GPIOPlan, kernel: any GPIOKernel) {
        self.plan = plan
        self.kernel = kernel
    }

    var isOpen: Bool { lines != nil }

    /// All lines of the request, one bit each.
    var mask: UInt64 {
        plan.lines.count == 64 ? .max : (1 << UInt64(plan.lines.count)) - 1
    }

    /// Takes lines that were opened for this plan, and tells the station.
    mutating func attach(
        _ opened: GPIOLines, token: UInt32, to selector: EpollSelector,
        into station: inout Station, at now: Instant
    ) {
        guard lines == nil else { return }
        lines = opened
        (lastSequence, unknown) = (0, 0)
        guard !plan.isOutput else { return }
        registration = try? selector.add(opened.descriptor, token: token)
        if registration == nil { detach(.lost, from: selector, into: &station, at: now) }
    }

    /// Gives the lines up: the chip is gone or the descriptor is bad.
    mutating func detach(
        _ fault: Fault, from selector: EpollSelector, into station: inout Station, at now: Instant
    ) {
        if let lines, let registration { selector.remove(lines.descriptor, registration) }
        (lines, registration) = (nil, nil)
        station.detached(plan.device, fault, at: now)
    }

    mutating func read(
        _ buffer: borrowing EdgeBuffer, from selector: EpollSelector,
        into station: inout Station, at now: Instant
    ) -> Drained {
        guard let lines else { return .drained }
        var budget = Self.edgesPerTick
        while budget > 0 {
            let count = kernel.read(lines, into: buffer.events, limit: Self.edgesPerRead)
            guard count >= 0 else {
                detach(.lost, from: selector, into: &station, at: now)
                return .drained
            }
            take(count, buffer, lines, into: &station, at: now)
            // Fewer than there was room for: the kernel has no more.
            if count < Self.edgesPerRead { return .drained }
            budget -= count
        }
        station.heldBack(plan.device)
        return .more
    }

    /// Hands the events of one read(2) to the core: runs between losses.
    private mutating func take(
        _ count: Int, _ buffer: borrowing EdgeBuffer, _ lines: GPIOLines,
        into station: inout Station, at now: Instant
    ) {
        var filled = 0
        for index in 0..<count {
            let event = buffer.events[index]
            let gap = event.seqno &- lastSequence
            lastSequence = event.seqno
            if gap > 1 {
                buffer.hand(filled, of: plan.device, to: &station)
                filled = 0
                station.edgesLost(gap - 1, of: plan.device, at: now)
                unknown = mask
            }
            guard let bit = lines.offsets.firstIndex(of: event.offset) else { continue }
            unknown &= ~(1 << UInt64(bit))
            buffer.edges[filled] = LineEdge(
                terminal: plan.terminals[bit],
                isActive: event.id == GPIO_V2_LINE_EVENT_RISING_EDGE.rawValue,
                at: Instant(nanoseconds: Int64(bitPattern: event.timestamp_ns)))
            filled += 1
        }
        buffer.hand(filled, of: plan.device, to: &station)
    }

    /// Tells the levels that were read at the opening.
    func tellFirstLevels(into station: inout Station, at now: Instant) {
        if let levels = lines?.levels { tell(levels, of: mask, into: &station, at: now) }
    }

    /// Tells the levels of lines that nobody knows. What a line's edge told since is newer, and
    /// what edges still wait to be read are newer again.
    mutating func settle(_ levels: UInt64, into station: inout Station, at now: Instant) {
        tell(levels, of: unknown, into: &station, at: now)
        unknown = 0
    }

    private func tell(
        _ levels: UInt64, of mask: UInt64, into station: inout Station, at now: Instant
    ) {
        for (bit, line) in plan.lines.enumerated() where mask & 1 << UInt64(bit) != 0 {
            station.level(line, isActive: levels & 1 << UInt64(bit) != 0, at: now)
        }
    }

    /// Whether its chip takes its time, so that a worker sets its lines.
    var isSlow: Bool { lines.map { !$0.isPrompt } ?? false }

    /// Sets lines of a prompt chip. Returns false when they are gone.
    func set(_ mask: UInt64, to bits: UInt64) -> Bool {
        guard let lines else { return true }
        return kernel.set(lines, mask: mask, to: bits)
    }

    /// What a worker is to set; nil: there are no lines.
    func question(_ setting: GPIOSettings.Setting, since: Instant) -> GPIOQuestion? {
        guard let lines else { return nil }
        let values = GPIOValues(
            mask: setting.mask, bits: setting.bits, all: mask, safe: plan.initial)
        return .set(port: setting.port, lines, values, since: since)
    }
}

/// Room for the events of one read(2), as the kernel writes them and as the core takes them.
struct EdgeBuffer: ~Copyable {
    let events: UnsafeMutablePointer<gpio_v2_line_event>
    let edges: UnsafeMutablePointer<LineEdge>

    init() {
        events = .allocate(capacity: GPIOPort.edgesPerRead)
        edges = .allocate(capacity: GPIOPort.edgesPerRead)
    }

    deinit {
        events.deallocate()
        edges.deallocate()
    }

    /// Gives the first `count` edges to the station.
    func hand(_ count: Int, of device: DeviceID, to station: inout Station) {
        guard count > 0 else { return }
        station.edges(UnsafeBufferPointer(start: edges, count: count).span, of: device)
    }
}
