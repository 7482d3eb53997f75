// The control socket's mind, without a socket: bytes of peers in, bytes for peers out.

public import EventLoop

/// Answers the calls of up to sixteen peers, one call each at a time.
///
/// Its host moves bytes and keeps time; the desks answer questions. Peers are known by their slot,
/// which is free again after `disconnect`. Nothing here blocks, and nothing grows: a peer holds at
/// most one message in and one message out.
///
/// After every call the host looks at each slot: it sends `output`, reports `took`, and closes the
/// peer when `isFinished`.
public struct ControlService {
    let info: ServiceInfo
    let table: PeerTable
    let core: any CoreDesk
    let journal: any JournalDesk

    var connections: [Connection?]
    var counters = ControlCounters()
    /// Questions without an answer yet, those of peers that left included.
    var outstanding: [(id: RequestID, desk: Desk)] = []
    var lastID: UInt64 = 0

    public init(
        info: ServiceInfo, table: PeerTable, core: any CoreDesk, journal: any JournalDesk
    ) {
        self.info = info
        self.table = table
        self.core = core
        self.journal = journal
        connections = Array(repeating: nil, count: ControlLimits.connections)
    }

    // MARK: Peers come and go

    /// A slot for a new peer; `nil` to close it at once.
    ///
    /// When all slots are taken, the peer that has been idle the longest makes room; see `evicted`.
    public mutating func connect(
        _ peer: Peer, at now: Instant
    ) -> (slot: Int, evicted: Bool)? {
        let role = table.role(of: peer)
        let ofSameUser = connections.count { $0?.peer.user == peer.user }
        guard role == .owner || ofSameUser < ControlLimits.connectionsPerUser else {
            counters.dropped += 1
            return nil
        }
        if let free = connections.firstIndex(where: { $0 == nil }) {
            connections[free] = Connection(peer, role, at: now)
            return (free, false)
        }
        let idle = connections.indices.filter { connections[$0]?.isIdle == true }
        counters.dropped += 1
        guard let oldest = idle.min(by: { since($0) < since($1) }) else { return nil }
        connections[oldest] = Connection(peer, role, at: now)
        return (oldest, true)
    }

    private func since(_ slot: Int) -> Instant { connections[slot]?.since ?? .distantFuture }

    /// The peer is gone; its call, if any, is forgotten.
    public mutating func disconnect(_ slot: Int) {
        // Whoever waits for a card holds a place that others may want.
        if case .asking(let asking) = connections[slot]?.work, asking.mode.method == .watchCard {
            core.withdraw(asking.id)
        }
        connections[slot] = nil
    }

    // MARK: Time

    /// When `expire` is due, or `nil`. May change with every call.
    public var nextDeadline: Instant? { connections.compactMap { $0?.nextDeadline }.min() }

    /// Gives up what has waited too long. Too early a call is harmless.
    public mutating func expire(at now: Instant) {
        for slot in connections.indices {
            guard let connection = connections[slot], let due = connection.nextDeadline,
                due <= now
            else { continue }
            if let since = connection.unreadSince, since + ControlLimits.unread <= now {
                counters.dropped += 1
                connections[slot]?.output.removeAll()
                connections[slot]?.work = .idle
                connections[slot]?.finishing = true
                continue
            }
            giveUp(slot, at: now)
        }
    }

    // MARK: Calls

    /// Does what can be done for a peer: at most one message lies in its output.
    mutating func advance(_ slot: Int, at now: Instant) {
        while let connection = connections[slot], connection.output.isEmpty {
            switch connection.work {
            case .idle:
                guard begin(slot, at: now) else { return }
            case .listing(let listing):
                sendPiece(slot, listing, at: now)
            case .reading(let reading):
                guard reading.stale, reading.asked == nil else { return }
                read(slot, reading, at: now)
            case .asking: return
            }
        }
    }

    /// Takes up the next message; false when there is none.
    private mutating func begin(_ slot: Int, at now: Instant) -> Bool {
        let frame: [UInt8]?
        do {
            frame = try connections[slot]?.frames.next()
        } catch {
            refuse(slot, error, at: now)
            return false
        }
        guard let frame else { return false }
        counters.calls += 1
        connections[slot]?.since = now
        do {
            try start(slot, frame, at: now)
        } catch {
            connections[slot]?.work = .idle
            connections[slot]?.send(ControlCoder.failure(error), at: now)
            if case .badMessage = error { drop(slot) }
        }
        return true
    }

    /// Says what was wrong and takes no more from this peer.
    mutating func refuse(_ slot: Int, _ error: FrameReader.TooLong, at now: Instant) {
        let reason = ControlReason(.tooLong, error.limit)
        connections[slot]?.work = .idle
        connections[slot]?.send(ControlCoder.failure(.badMessage(reason)), at: now)
        drop(slot)
    }

    private mutating func drop(_ slot: Int) {
        counters.dropped += 1
        connections[slot]?.finishing = true
        connections[slot]?.frames = FrameReader()
        connections[slot]?.passed = nil
    }
}
