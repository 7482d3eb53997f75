// An access control unit for one RS-485 line with several OSDP readers, without the line itself.
//
//   identifying ──► describing ──► challenging ──► proving ──► up ⟲ polls, orders, questions
//        ▲              │ (in the clear, if its settings say so) ──► up
//        └── silence, NAK, security faults: rest, then from the beginning with sequence 0
//
// Half duplex: the ACU asks one PD and waits for its reply or for the time-out, then asks the next.
// Nothing is believed outside a secure channel: not a card, not a key, not PDCAP. Sources: IEC
// 60839-11-5 as far as libosdp's and OSDP.Net's documents and tests carry it, and SIA's Annex E.

public import EventLoop

/// The ACU of one bus.
///
/// The caller writes each `.transmit` to the line, hands over what comes back with `receive`, calls
/// `expire` when `nextDeadline` has come, and answers `.randomWanted` with `replenish`. Nothing
/// that comes over the line can trap; nothing here allocates once every PD has been up, but for the
/// keys that swift-crypto keeps at a handshake.
public struct OSDPBus: Sendable {
    /// A question that waits for its answer.
    struct Exchange: Sendable {
        let peer: Int
        let sequence: UInt8
        let sentAt: Instant
        /// The reply must have begun by then.
        let firstByteBy: Instant
        /// The longest reply is over by then.
        let overBy: Instant
        /// When the last byte of a frame came.
        var lastByte: Instant?
        /// A frame came that was damaged: it is not waited for much longer.
        var isDamaged = false
    }

    /// In bits a second.
    public internal(set) var baud: UInt32
    let echoes: Bool
    var peers: [OSDPPeer]
    var random = OSDPRandomStore()
    /// Whether more was asked for and did not come yet.
    var randomAsked = false

    var exchange: Exchange?
    var reader = OSDPFrameReader(.replies)
    /// The frame that is being read, decrypted in place.
    var scratch: [UInt8] = []
    /// The ACU may speak from then on.
    var lineFree: Instant
    /// Noise may keep the ACU quiet until then, no longer.
    var patience: Instant
    var echoLeft = 0
    /// The last exchange had no reply: now somebody who answers comes first.
    var wasMissed = false
    var ordersInARow = 0
    /// Bytes that came when nobody had been asked.
    public internal(set) var noise: UInt64 = 0
    /// Echoes that did not come or were other bytes than those sent: collisions, or no echo at all.
    public internal(set) var echoFaults: UInt64 = 0

    /// - Precondition: `settings.isPossible`.
    public init(_ settings: OSDPBusSettings, at now: Instant) {
        precondition(
            settings.isPossible,
            "an OSDP bus with an impossible speed or address, or one address twice: "
                + "`stationctl check` refuses this station")
        baud = settings.baud
        echoes = settings.echoes
        peers = settings.peers.map { OSDPPeer($0, at: now) }
        lineFree = now
        patience = now
        scratch.reserveCapacity(OSDPFrame.longest)
    }

    public var peerCount: Int { peers.count }

    /// - Precondition: `peer` is a place in the bus's settings.
    public func status(of peer: Int) -> OSDPPeerStatus { peers[peer].status }

    /// Takes random bytes, as many as there is room for. They must come from the system's
    /// generator: a number that comes again lets recorded frames be played again.
    public mutating func replenish(with bytes: RawSpan, at now: Instant) {
        guard bytes.byteCount > 0 else { return }
        random.add(bytes)
        randomAsked = false
        for index in peers.indices where peers[index].due == .distantFuture {
            if peers[index].strandedAt == nil { peers[index].due = now }
        }
    }

    /// The port was opened anew, or another one: every PD is asked from the beginning.
    public mutating func restart(at now: Instant) {
        abandonExchange()
        // The ACU may have been made long before its port was there.
        lineFree = max(lineFree, now)
        patience = max(patience, now)
        for index in peers.indices {
            peers[index].startAfresh()
            peers[index].misses = 0
            peers[index].presence = .untold
            peers[index].lastHeard = now
            peers[index].due = peers[index].strandedAt == nil ? now : .distantFuture
        }
    }

    /// The port is gone: nothing is asked, and nobody is there, until `restart`. Tells what becomes
    /// of orders, and who was there until now.
    public mutating func halt(at now: Instant, into outputs: inout OSDPOutputs) {
        abandonExchange()
        for index in peers.indices {
            peers[index].startAfresh()
            tellAbandoned(index, &outputs)
            leave(index, &outputs)
        }
    }

    /// The keys under which a PD is spoken to, or that there are none. Its channel is given up,
    /// unless nothing changes.
    public mutating func setKeys(_ keys: OSDPReaderKeys, of peer: Int, at now: Instant) {
        guard !peers[peer].isClear, peers[peer].storedKeys != keys else { return }
        peers[peer].storedKeys = keys
        if exchange?.peer == peer { abandonExchange() }
        peers[peer].startAfresh()
        peers[peer].setbacks = 0
        if peers[peer].strandedAt == nil { peers[peer].due = now }
    }

    /// Has a PD begin from the beginning, its channel included: a person wants to see it come up.
    public mutating func renew(_ peer: Int, at now: Instant) {
        if exchange?.peer == peer { abandonExchange() }
        peers[peer].startAfresh()
        retry(peer, at: now)
    }

    /// Asks a PD that rests now, whatever it did before: a person stands beside it.
    public mutating func retry(_ peer: Int, at now: Instant) {
        peers[peer].misses = 0
        peers[peer].setbacks = 0
        if peers[peer].strandedAt == nil { peers[peer].due = now }
    }

    // MARK: Time

    /// When `expire` is due.
    public var nextDeadline: Instant {
        var next = Instant.distantFuture
        for index in peers.indices {
            if let deadline = peers[index].nextDeadline { next = min(next, deadline) }
        }
        if let exchange { return min(next, deadline(of: exchange)) }
        var speak = Instant.distantFuture
        for index in peers.indices {
            speak = min(speak, peers[index].due)
            if peers[index].isAttentive, !peers[index].orders.isEmpty { speak = lineFree }
        }
        return min(next, max(speak, lineFree))
    }

    /// Does what is due: takes missing replies for missing, tells who is gone, and speaks to
    /// whoever is next. An early call is harmless.
    public mutating func expire(at now: Instant, into outputs: inout OSDPOutputs) {
        if let exchange, now >= deadline(of: exchange) { missed(exchange.peer, at: now, &outputs) }
        for index in peers.indices { expire(index, at: now, &outputs) }
        if exchange == nil, now >= lineFree, let turn = nextTurn(at: now) {
            speak(turn, at: now, &outputs)
        }
        if random.isLow, !randomAsked {
            randomAsked = true
            outputs.append(.randomWanted)
        }
    }

    private func deadline(of exchange: Exchange) -> Instant {
        guard let last = exchange.lastByte else { return exchange.firstByteBy }
        let over = last + OSDPTimings.characterGap
        if exchange.isDamaged { return min(over, exchange.firstByteBy) }
        return reader.isInsideFrame
            ? min(max(over, exchange.firstByteBy), exchange.overBy) : exchange.firstByteBy
    }

    /// What a PD's own clock brings.
    private mutating func expire(_ index: Int, at now: Instant, _ outputs: inout OSDPOutputs) {
        if let install = peers[index].install, now >= install.until {
            endInstall(index, .timeUp(keySent: install.isProving), at: now, &outputs)
        }
        tellAbandoned(index, &outputs)
        while let order = peers[index].orders.first, now >= order.lapses {
            peers[index].orders.removeFirst()
            outputs.news(index, .lapsed(order.command.code))
        }
        if peers[index].presence != .offline,
            now >= peers[index].lastHeard + OSDPTimings.silence
        {
            leave(index, &outputs)
        }
    }

    /// An order was cut off in the middle by a new start: nobody knows whether it was carried out.
    private mutating func tellAbandoned(_ index: Int, _ outputs: inout OSDPOutputs) {
        guard let order = peers[index].abandoned else { return }
        peers[index].abandoned = nil
        outputs.news(index, .lapsed(order))
    }
}

extension OSDPPeer {
    /// When something about it is to be told although nobody says anything.
    var nextDeadline: Instant? {
        var next: Instant?
        if presence != .offline { next = lastHeard + OSDPTimings.silence }
        if let install { next = min(next ?? .distantFuture, install.until) }
        if let order = orders.first { next = min(next ?? .distantFuture, order.lapses) }
        return next
    }
}
