// The plant as its process sees it: requests that are opened, read and set.

public import EventLoop
public import StationCore

extension VirtualPlant {
    /// How many requests for lines the station makes.
    public var requestCount: Int { board.requests.count }
    public func devices(of request: Int) -> [DeviceID] { board.requests[request].devices }
    public func lines(of request: Int) -> [LineID] { board.requests[request].lines }
    public func isOutput(_ request: Int) -> Bool { board.requests[request].isOutput }
    public func isOpen(_ request: Int) -> Bool { board.requests[request].isOpen }
    public func request(of line: LineID) -> Int { board.request(of: line) }

    /// Requests the lines; false while their chip is not there.
    public func open(_ request: Int) -> Bool { board.open(request) }

    public func close(_ request: Int) { board.close(request) }

    public func level(_ line: LineID) -> Bool { board.level(line) }

    /// Takes at most `limit` edges of a request, oldest first.
    public func takeEdges(of request: Int, limit: Int) -> [VirtualEdge] {
        let count = min(limit, board.requests[request].queue.count)
        let edges = Array(board.requests[request].queue.prefix(count))
        board.requests[request].queue.removeFirst(count)
        return edges
    }

    public func hasEdges(_ request: Int) -> Bool { !board.requests[request].queue.isEmpty }
    public func hasHungUp(_ request: Int) -> Bool { board.requests[request].hasHungUp }

    /// Sets an output line; people notice. False when its request is gone.
    public func set(_ setting: LineSetting, at now: Instant) -> Bool {
        let device = station.lines[Int(setting.line.index)].device
        if setting.isActive, station.devices[device].driver.isReader {
            witness.sounded(DeviceID(device), at: now)
        }
        defer { services?.look(device, at: now) }
        return board.set(setting.line, isActive: setting.isActive)
    }

    /// Orders that the world has to carry out now.
    public func takeOrders() -> [Order] {
        defer { orders.removeAll(keepingCapacity: true) }
        return orders
    }

    public var hasOrders: Bool { !orders.isEmpty }

    /// Whether a registration is one of the plant's, current or not.
    public func owns(_ registration: Registration) -> Bool {
        registration.slot & LineBoard.slotMark != 0
    }

    /// When the latest card at a reader was there: its last pulse on wires, its coming elsewhere.
    public func lastCard(at reader: DeviceID) -> Instant? {
        let card = witness.presentations.last { $0.reader == reader }
        return channelReaders.contains { $0.device == reader } ? card?.start : card?.end
    }

    /// Whether some request has edges to read, or has left.
    public var hasReadyPorts: Bool { hasReady }

    var hasReady: Bool {
        for request in board.requests.indices where isReady(request) { return true }
        return false
    }

    /// Looked at several times a tick: nothing is copied for it.
    private func isReady(_ request: Int) -> Bool {
        board.requests[request].isOpen
            && (!board.requests[request].queue.isEmpty || board.requests[request].hasHungUp)
    }

    /// Edges that full queues dropped so far.
    public var droppedEdges: UInt64 { board.dropped }

    public func isCurrent(_ registration: Registration) -> Bool {
        guard registration.slot & LineBoard.slotMark != 0 else { return false }
        let request = Int(registration.slot & ~LineBoard.slotMark)
        return request < board.requests.count && board.requests[request].isOpen
            && board.requests[request].generation == registration.generation
    }

    /// Appends the requests that can be read, in an order of the seed's.
    public func collectReady(into ready: inout [Readiness], chance: inout SplitMix64) {
        var found: [Readiness] = []
        for request in board.requests.indices where isReady(request) {
            found.append(
                Readiness(
                    registration: board.registration(of: request), token: UInt32(request),
                    isHangup: board.requests[request].hasHungUp))
        }
        guard !found.isEmpty else { return }
        chance.order(&found)
        for readiness in found.prefix(EventLoopLimits.readinessPerTick - ready.count) {
            ready.append(readiness)
        }
    }

    // MARK: What people would see

    /// Whether the lock lets go, by its wire.
    public func isFree(_ door: DoorID) -> Bool { doors[Int(door.index)].isFree(board) }
    public func isDoorOpen(_ door: DoorID) -> Bool { doors[Int(door.index)].isOpen }
    public var areChipsPresent: Bool { !board.isPresent.contains(false) }

    /// The door whose lock is on this line, if it is one.
    public func door(lockedBy line: LineID) -> (door: DoorID, freesWhenActive: Bool)? {
        for door in doors where door.lock == line { return (door.id, door.freesWhenActive) }
        return nil
    }
}
