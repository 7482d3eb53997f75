// What comes out of an OSDP bus: frames for the line, and news of its readers.

/// One thing that a call has brought about.
public enum OSDPOutput: Equatable, Sendable {
    /// Write `OSDPOutputs.frame` to the line, whole and at once.
    case transmit
    /// Set the port to this speed before the next frame; every PD has changed to it.
    case setSpeed(baud: UInt32)
    /// Hand in random bytes with `OSDPBus.replenish`. Until then handshakes wait.
    case randomWanted
    /// News of the PD at that place in the bus's settings.
    case news(peer: Int, OSDPNews)
}

/// What is new about one PD.
public enum OSDPNews: Equatable, Sendable {
    /// Who it is: at its first answer, and when it is suddenly another one.
    case identified(OSDPIdentity)
    /// What it claims to be able to do.
    case described(OSDPCapabilities)
    /// It takes part from now on. Never without a secure channel, unless its settings say `.clear`.
    case online(isSecure: Bool)
    /// It does not, or not any more: silent, or a security fault that is told beside.
    case offline
    case faulted(OSDPSecurityFault)
    /// That fault is over: the PD is back, or has another one now.
    case recovered(OSDPSecurityFault)

    /// It was away, and has had a card or keys to say at every poll since: nothing of that is
    /// taken. `false`: it paused, or is gone.
    case endless(Bool)
    case card(OSDPCard)
    case formattedCard(OSDPFormattedCard)
    case keyed(OSDPKeys)
    case localStatus(OSDPLocalStatus)
    case inputs(OSDPLevels)
    case outputs(OSDPLevels)
    case readers(OSDPReaderStates)

    /// An order was carried out.
    case done(OSDPCommandCode)
    /// An order was not carried out, and why.
    case refused(OSDPCommandCode, OSDPNak)
    /// An order was not delivered in time, or nobody knows.
    case lapsed(OSDPCommandCode)
    /// The address and speed that the PD has from now on.
    case moved(OSDPCommunication)

    /// The key that the PD is about to be given. It waits until `OSDPBus.keyKept` says that a store
    /// holds it: if the power fails after that, only the store knows it. It is a candidate until
    /// `keyProven`.
    case keyChosen(OSDPKey)
    /// The PD has shown which key it has: the one that was chosen, unless there were two.
    case keyProven
    case installEnded(OSDPInstallEnding)
}

/// How install mode ended.
public enum OSDPInstallEnding: Equatable, Sendable {
    /// The reader has its key and has shown it.
    case done
    /// The time is up. `keySent` says that the reader may have the key that was chosen.
    case timeUp(keySent: Bool)
    /// A person ended it. `keySent` says that the reader may have the key that was chosen.
    case cancelled(keySent: Bool)
    /// The reader would not take the key.
    case refused(OSDPNak)
    /// No store would take the key, so the reader was not given it.
    case notKept
}

/// A bounded list of outputs, made once and used again for every call.
public struct OSDPOutputs: Sendable {
    public private(set) var elements: [OSDPOutput] = []
    /// The bytes of `.transmit`; at most one frame a call, since the line has one talker.
    public internal(set) var frame: [UInt8] = []

    public init() {
        elements.reserveCapacity(OSDPLimits.outputs)
        frame.reserveCapacity(OSDPFrame.longest)
    }

    mutating func append(_ output: OSDPOutput) {
        precondition(elements.count < OSDPLimits.outputs, "an OSDP bus said too much at once")
        elements.append(output)
    }

    func hasMoved(_ peer: Int) -> Bool {
        elements.contains { if case .news(peer, .moved) = $0 { true } else { false } }
    }

    mutating func news(_ peer: Int, _ news: OSDPNews) { append(.news(peer: peer, news)) }

    public mutating func removeAll() {
        elements.removeAll(keepingCapacity: true)
        frame.removeAll(keepingCapacity: true)
    }
}
