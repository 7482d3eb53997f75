// The process's side of virtual lines: opens requests, notices when they leave, finds them.

public import EventLoop
public import StationCore

/// Opens, reads and sets the plant's lines as the GPIO bank does real ones.
///
/// | a request | the station is told |
/// |---|---|
/// | opens | `attached` once all requests of a device are open, then the inputs' levels |
/// | leaves | `detached(.lost)`; it is looked for after 1 s, then ever more rarely, up to 30 s |
public struct VirtualBank {
    public static let firstRetry = Interval.seconds(1)
    public static let lastRetry = Interval.seconds(30)
    /// Edges read from one request in one tick; more and its deadlines wait.
    public static let edgesPerTick = 256

    private struct Retry {
        var at: Instant?
        var pause = VirtualBank.firstRetry
    }

    private let plant: VirtualPlant
    private var retries: [Retry]
    private var lastSequence: [UInt32]
    /// Each edge that is read, for whoever traces.
    public var onEdge: ((VirtualEdge) -> Void)?

    public init(_ plant: VirtualPlant) {
        self.plant = plant
        retries = Array(repeating: Retry(), count: plant.requestCount)
        lastSequence = Array(repeating: 0, count: plant.requestCount)
    }

    /// Opens everything before the loop runs, outputs first.
    public mutating func openAll(into station: inout Station, at now: Instant) {
        for isOutput in [true, false] {
            for request in 0..<plant.requestCount where plant.isOutput(request) == isOutput {
                open(request, into: &station, at: now)
            }
        }
    }

    private mutating func open(_ request: Int, into station: inout Station, at now: Instant) {
        guard plant.open(request) else {
            for device in plant.devices(of: request) {
                station.detached(device, .missing, at: now)
            }
            retries[request].at = now + retries[request].pause
            retries[request].pause = min(Self.lastRetry, retries[request].pause * 2)
            return
        }
        retries[request] = Retry()
        lastSequence[request] = 0
        for device in plant.devices(of: request) where isWhole(device) {
            station.attached(device, at: now)
        }
        readLevels(of: request, into: &station, at: now)
    }

    private func isWhole(_ device: DeviceID) -> Bool {
        (0..<plant.requestCount).allSatisfy {
            !plant.devices(of: $0).contains(device) || plant.isOpen($0)
        }
    }

    private func readLevels(of request: Int, into station: inout Station, at now: Instant) {
        guard !plant.isOutput(request) else { return }
        for line in plant.lines(of: request) {
            station.level(line, isActive: plant.level(line), at: now)
        }
    }

    /// Reads one ready request.
    public mutating func read(
        _ ready: Readiness, into station: inout Station, at now: Instant
    ) -> Drained {
        let request = Int(ready.token)
        if ready.isHangup {
            leave(request, into: &station, at: now)
            return .drained
        }
        var run: [LineEdge] = []
        var device = plant.devices(of: request)[0]
        for edge in plant.takeEdges(of: request, limit: Self.edgesPerTick) {
            onEdge?(edge)
            let gap = edge.sequence &- lastSequence[request]
            if lastSequence[request] != 0, gap > 1 {
                station.edges(run.span, of: device)
                run = []
                for device in plant.devices(of: request) {
                    station.edgesLost(gap - 1, of: device, at: now)
                }
                readLevels(of: request, into: &station, at: now)
            }
            lastSequence[request] = edge.sequence
            let line = plant.station.lines[Int(edge.line.index)]
            if line.device != Int(device.index) {
                station.edges(run.span, of: device)
                (run, device) = ([], DeviceID(line.device))
            }
            run.append(
                LineEdge(
                    terminal: UInt8(line.terminal), isActive: edge.isActive, at: edge.at))
        }
        station.edges(run.span, of: device)
        guard plant.hasEdges(request) else { return .drained }
        for device in plant.devices(of: request) { station.heldBack(device) }
        return .more
    }

    /// Sets an output line; a request that is gone is told and looked for again.
    public mutating func set(
        _ setting: LineSetting, into station: inout Station, at now: Instant
    ) {
        guard !plant.set(setting, at: now) else { return }
        let request = plant.request(of: setting.line)
        if plant.isOpen(request) { leave(request, into: &station, at: now) }
    }

    private mutating func leave(_ request: Int, into station: inout Station, at now: Instant) {
        plant.close(request)
        retries[request] = Retry(at: now + Self.firstRetry)
        for device in plant.devices(of: request) { station.detached(device, .lost, at: now) }
    }

    /// When to look for a request that left.
    public var nextDeadline: Instant? {
        var next: Instant?
        for retry in retries { next = Instant.earlier(next, retry.at) }
        return next
    }

    public mutating func expire(into station: inout Station, at now: Instant) {
        for request in retries.indices {
            guard let due = retries[request].at, due <= now else { continue }
            retries[request].at = nil
            open(request, into: &station, at: now)
        }
    }
}
