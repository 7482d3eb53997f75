// One kernel request for lines as the loop sees it: there or not, read, set, probed.

import CGPIO
import EventLoop
import StationCore

/// A GPIO request with its state. Its bank owns it, and with it the descriptor.
///
/// | `read` returns | the caller's duty |
/// |---|---|
/// | `drained` | none |
/// | `more` | come back in the next tick; the devices' deadlines are held back |
///
/// A chip that leaves is noticed by `probe` or by a failing read or set, told as `lost`, and looked
/// for again by a worker.
struct GPIOPort {
    /// Edges read per tick and port: as many as the kernel keeps for us.
    static let edgesPerTick = Int(GPIOPlan.eventBuffer)
    /// Edges per read(2): 3 KiB.
    static let edgesPerRead = 64

    let plan: GPIOPlan
    private var lines: GPIOLines?
    private var registration: Registration?
    /// The kernel numbers the edges of a request from 1; a gap is a loss.
    private var lastSequence: UInt32 = 0

    init(_ plan: GPIOPlan) { self.plan = plan }

    var isOpen: Bool { lines != nil }

    /// Takes lines that were opened for this plan, and tells the station.
    mutating func attach(
        _ opened: GPIOLines, token: UInt32, to selector: EpollSelector,
        into station: inout Station, at now: Instant
    ) {
        guard lines == nil else { return closeDescriptor(opened.descriptor) }
        lines = opened
        lastSequence = 0
        if !plan.isOutput {
            registration = try? selector.add(opened.descriptor, token: token)
            guard registration != nil else {
                return detach(.lost, from: selector, into: &station, at: now)
            }
        }
    }

    /// Reads the levels of all input lines into the station: after attaching and after a loss.
    mutating func readLevels(into station: inout Station, at now: Instant) {
        guard let lines, !plan.isOutput else { return }
        var bits: UInt64 = 0
        guard station_gpio_get(lines.descriptor, mask, &bits) >= 0 else { return }
        for (bit, line) in plan.lines.enumerated() {
            station.level(line, isActive: bits & 1 << UInt64(bit) != 0, at: now)
        }
    }

    /// Gives the lines up: the chip is gone or the descriptor is bad.
    mutating func detach(
        _ fault: Fault, from selector: EpollSelector, into station: inout Station, at now: Instant
    ) {
        if let lines {
            if let registration { selector.remove(lines.descriptor, registration) }
            closeDescriptor(lines.descriptor)
        }
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
            let count = station_gpio_read(
                lines.descriptor, buffer.events, UInt32(Self.edgesPerRead))
            guard count >= 0 else {
                detach(.lost, from: selector, into: &station, at: now)
                return .drained
            }
            take(Int(count), buffer, lines, into: &station, at: now)
            // Fewer than there was room for: the kernel has no more.
            if count < Self.edgesPerRead { return .drained }
            budget -= Int(count)
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
                readLevels(into: &station, at: now)
            }
            guard let bit = lines.offsets.firstIndex(of: event.offset) else { continue }
            buffer.edges[filled] = LineEdge(
                terminal: plan.terminals[bit],
                isActive: event.id == GPIO_V2_LINE_EVENT_RISING_EDGE.rawValue,
                at: Instant(nanoseconds: Int64(bitPattern: event.timestamp_ns)))
            filled += 1
        }
        buffer.hand(filled, of: plan.device, to: &station)
    }

    /// Sets one output line. Returns false when the line is gone.
    mutating func set(_ bit: Int, isActive: Bool) -> Bool {
        guard let lines else { return true }
        let mask: UInt64 = 1 << UInt64(bit)
        return station_gpio_set(lines.descriptor, mask, isActive ? mask : 0) >= 0
    }

    /// Whether the chip still answers. A removed chip wakes nobody, so it has to be asked.
    func answers() -> Bool {
        guard let lines else { return true }
        var bits: UInt64 = 0
        return station_gpio_get(lines.descriptor, mask, &bits) >= 0
    }

    private var mask: UInt64 {
        plan.lines.count == 64 ? .max : (1 << UInt64(plan.lines.count)) - 1
    }

    /// Outputs get the value that their request began with.
    func makeSafe() {
        guard let lines, plan.isOutput else { return }
        _ = station_gpio_set(lines.descriptor, mask, plan.initial)
    }

    /// Gives the lines back to the kernel. What they do then is the board's matter.
    func close() {
        if let lines { closeDescriptor(lines.descriptor) }
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
