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
    private var lastID: UInt64 = 0

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
    public mutating func disconnect(_ slot: Int) { connections[slot] = nil }

    // MARK: Bytes

    /// Bytes of a peer, and the descriptor that came with them.
    public mutating func receive(
        _ slot: Int, _ bytes: UnsafeRawBufferPointer, passed: PassedFile?, at now: Instant
    ) {
        guard connections[slot]?.finishing == false else { return }
        if let passed { connections[slot]?.passed = passed }
        do {
            try connections[slot]?.frames.append(bytes)
        } catch {
            return refuse(slot, error, at: now)
        }
        advance(slot, at: now)
    }

    /// Whether the host should read from this peer: not while its call is answered.
    public func wantsInput(_ slot: Int) -> Bool {
        guard let connection = connections[slot] else { return false }
        return !connection.finishing && connection.isIdle
    }

    /// Whether there are bytes for this peer.
    public func hasOutput(_ slot: Int) -> Bool { connections[slot]?.output.isEmpty == false }

    /// The bytes for this peer, valid for the call; empty for none.
    public func withOutput<Result>(
        _ slot: Int, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        guard let connection = connections[slot] else {
            return body(UnsafeRawBufferPointer(start: nil, count: 0))
        }
        return connection.output.withUnsafeBytes {
            body(UnsafeRawBufferPointer(rebasing: $0[connection.written...]))
        }
    }

    /// The peer took `count` bytes of its output.
    public mutating func took(_ slot: Int, _ count: Int, at now: Instant) {
        connections[slot]?.took(count, at: now)
        advance(slot, at: now)
    }

    /// The peer will send no more. Its call, if any, is still answered.
    public mutating func endOfInput(_ slot: Int) { connections[slot]?.finishing = true }

    /// Whether the host should close this peer and `disconnect` it.
    public func isFinished(_ slot: Int) -> Bool {
        guard let connection = connections[slot] else { return false }
        return connection.finishing && connection.isIdle
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
    private mutating func refuse(_ slot: Int, _ error: FrameReader.TooLong, at now: Instant) {
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

    // MARK: Desks

    /// Asks the core.
    ///
    /// - Throws: `busy` when its desk, or the list of open questions, is full.
    mutating func ask(_ query: CoreQuery) throws(ControlError) -> RequestID {
        let id = try newID(.core)
        guard core.ask(query, id: id) else { throw .busy(what: Desk.core.rawValue) }
        outstanding.append((id, .core))
        return id
    }

    /// Asks the journal. - Throws: as above.
    mutating func ask(_ query: JournalQuery) throws(ControlError) -> RequestID {
        let id = try newID(.journal)
        guard journal.ask(query, id: id) else { throw .busy(what: Desk.journal.rawValue) }
        outstanding.append((id, .journal))
        return id
    }

    private mutating func newID(_ desk: Desk) throws(ControlError) -> RequestID {
        guard outstanding.count(where: { $0.desk == desk }) < ControlLimits.outstanding else {
            throw .busy(what: desk.rawValue)
        }
        lastID += 1
        return RequestID(number: lastID)
    }

    /// The slot that waits for this answer; `nil` when its peer left or gave up.
    mutating func claim(_ id: RequestID) -> Int? {
        outstanding.removeAll { $0.id == id }
        return connections.firstIndex {
            switch $0?.work {
            case .asking(let asking): asking.id == id
            case .reading(let reading): reading.asked?.id == id
            case .idle, .listing, nil: false
            }
        }
    }

    // MARK: Replies

    /// Ends a call with its last reply.
    mutating func finish(
        _ slot: Int, _ mode: CallMode, _ reply: some Encodable, at now: Instant
    ) {
        connections[slot]?.work = .idle
        guard !mode.oneway else { return }
        connections[slot]?.send(ControlCoder.reply(reply, continues: false), at: now)
    }

    /// Ends a call with an error.
    mutating func fail(_ slot: Int, _ mode: CallMode, _ error: ControlError, at now: Instant) {
        connections[slot]?.work = .idle
        guard !mode.oneway else { return }
        connections[slot]?.send(ControlCoder.failure(error), at: now)
    }
}
