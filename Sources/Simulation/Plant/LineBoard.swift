// The kernel's side of the GPIO lines: levels, requests, edges with sequence numbers.

public import EventLoop
public import StationCore

/// One edge as the kernel hands it over.
public struct VirtualEdge: Sendable {
    public var line: LineID
    public var isActive: Bool
    public var at: Instant
    public var sequence: UInt32
}

/// The lines of a station as its chips show them, with a queue for each request.
///
/// Levels are *active* or not, as everywhere above the kernel. As in the kernel, a full queue drops
/// its oldest edge, which shows as a gap in the sequence numbers.
struct LineBoard {
    /// How many edges one request holds before the oldest is dropped.
    static let queueCapacity = 1_024

    struct Request {
        var lines: [LineID]
        var devices: [DeviceID]
        var chip: Int
        var isOutput: Bool
        /// The process has it open.
        var isOpen = false
        /// The chip left while it was open, and the process has not been told.
        var hasHungUp = false
        var generation: UInt32 = 0
        var sequence: UInt32 = 0
        var queue: [VirtualEdge] = []
    }

    /// Registrations of requests are told from descriptors' by their highest bit.
    static let slotMark: UInt32 = 0x8000_0000

    let chips: [String]
    private(set) var isPresent: [Bool]
    var requests: [Request]
    private let edges: [ResolvedLine.Edges]
    private let safe: [Bool]
    private let requestOfLine: [Int]
    private(set) var levels: [Bool]
    /// Edges that a full queue dropped.
    private(set) var dropped: UInt64 = 0

    init(_ station: ResolvedStation) {
        var chips: [String] = []
        var requests: [Request] = []
        var owners = [Int](repeating: 0, count: station.lines.count)
        var numbers: [Int] = []
        for (place, line) in station.lines.enumerated() {
            if !chips.contains(line.chip) { chips.append(line.chip) }
            let chip = chips.firstIndex(of: line.chip) ?? 0
            let request: Int
            if let known = numbers.firstIndex(of: line.request) {
                request = known
            } else {
                request = requests.count
                numbers.append(line.request)
                requests.append(
                    Request(
                        lines: [], devices: [], chip: chip, isOutput: line.direction == .output))
            }
            requests[request].lines.append(LineID(place))
            let device = DeviceID(line.device)
            if !requests[request].devices.contains(device) {
                requests[request].devices.append(device)
            }
            owners[place] = request
        }
        self.chips = chips
        self.requests = requests
        requestOfLine = owners
        isPresent = Array(repeating: true, count: chips.count)
        edges = station.lines.map(\.activeEdges)
        safe = station.lines.map(\.safe)
        levels = Array(repeating: false, count: station.lines.count)
    }

    func level(_ line: LineID) -> Bool { levels[Int(line.index)] }

    // MARK: The outside

    /// A wire changes. Returns whether an open request has an edge to read now.
    mutating func drive(_ line: LineID, isActive: Bool, at now: Instant) -> Bool {
        let place = Int(line.index)
        guard levels[place] != isActive else { return false }
        levels[place] = isActive
        switch edges[place] {
        case .none: return false
        case .falling where isActive, .rising where !isActive: return false
        case .falling, .rising, .both: break
        }
        let request = requestOfLine[place]
        guard requests[request].isOpen else { return false }
        requests[request].sequence &+= 1
        if requests[request].queue.count == Self.queueCapacity {
            requests[request].queue.removeFirst()
            dropped += 1
        }
        requests[request].queue.append(
            VirtualEdge(
                line: line, isActive: isActive, at: now, sequence: requests[request].sequence))
        return true
    }

    /// A chip is pulled out: its outputs lose their power. Returns the outputs that changed.
    mutating func remove(chip: Int) -> [LineID] {
        isPresent[chip] = false
        var changed: [LineID] = []
        for request in requests.indices where requests[request].chip == chip {
            if requests[request].isOpen { requests[request].hasHungUp = true }
            guard requests[request].isOutput else { continue }
            for line in requests[request].lines where levels[Int(line.index)] {
                levels[Int(line.index)] = false
                changed.append(line)
            }
        }
        return changed
    }

    mutating func insert(chip: Int) { isPresent[chip] = true }

    // MARK: The process

    /// Requests the lines; outputs get their safe values. False while the chip is not there.
    mutating func open(_ request: Int) -> Bool {
        guard isPresent[requests[request].chip] else { return false }
        requests[request].isOpen = true
        requests[request].hasHungUp = false
        requests[request].generation &+= 1
        requests[request].sequence = 0
        requests[request].queue.removeAll(keepingCapacity: true)
        if requests[request].isOutput {
            for line in requests[request].lines { levels[Int(line.index)] = safe[Int(line.index)] }
        }
        return true
    }

    mutating func close(_ request: Int) {
        requests[request].isOpen = false
        requests[request].hasHungUp = false
        requests[request].generation &+= 1
        requests[request].queue.removeAll(keepingCapacity: true)
    }

    /// Nobody holds the request any more: outputs fall to where their boards pull them.
    mutating func abandon(_ request: Int) {
        close(request)
        guard requests[request].isOutput else { return }
        for line in requests[request].lines { levels[Int(line.index)] = false }
    }

    /// Sets an output. False when its request is not open, or its chip is gone.
    mutating func set(_ line: LineID, isActive: Bool) -> Bool {
        let request = requests[requestOfLine[Int(line.index)]]
        guard request.isOpen, !request.hasHungUp, request.isOutput else { return false }
        levels[Int(line.index)] = isActive
        return true
    }

    func request(of line: LineID) -> Int { requestOfLine[Int(line.index)] }

    func registration(of request: Int) -> Registration {
        Registration(
            slot: UInt32(request) | Self.slotMark, generation: requests[request].generation)
    }
}
