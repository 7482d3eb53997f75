// What a bus is made of: its speed, and who is on it.

/// How a PD may speak.
public enum OSDPSecurity: Equatable, Sendable {
    /// Within a secure channel under this key, or not at all. Without a key the PD stays offline
    /// until install mode gives it one.
    case enforced(OSDPKey?)
    /// In the clear: everybody on the line hears every card. Only where a person decided so.
    case clear

    /// Whether the key, if there is one, is fit for daily use.
    var isPossible: Bool {
        switch self {
        case .enforced(let key?): key != .factoryDefault && !key.isWeak
        case .enforced(nil), .clear: true
        }
    }
}

/// One PD.
public struct OSDPPeerSettings: Equatable, Sendable {
    /// 0 to 0x7E.
    public var address: UInt8
    public var security: OSDPSecurity

    public init(address: UInt8, security: OSDPSecurity) {
        self.address = address
        self.security = security
    }
}

/// One line with its PDs.
public struct OSDPBusSettings: Equatable, Sendable {
    /// In bits a second; one of `OSDPCommunication.bauds`.
    public var baud: UInt32
    /// Whether the adapter hears what it sends: so many bytes are dropped after each frame.
    public var echoes: Bool
    public var peers: [OSDPPeerSettings]

    public init(baud: UInt32, echoes: Bool = false, peers: [OSDPPeerSettings]) {
        self.baud = baud
        self.echoes = echoes
        self.peers = peers
    }

    /// What `OSDPBus.init` wants to be true.
    public var isPossible: Bool {
        OSDPCommunication.bauds.contains(baud) && !peers.isEmpty
            && peers.count <= OSDPLimits.peersPerBus
            && peers.allSatisfy { $0.address <= OSDPCommunication.lastAddress }
            && Set(peers.map(\.address)).count == peers.count
            && peers.allSatisfy { $0.security.isPossible }
    }
}

/// What may be asked of a PD that is online.
public enum OSDPOrder: Equatable, Sendable {
    case output(OSDPOutputControl)
    case light(OSDPLight)
    case buzz(OSDPBuzz)
    case text(OSDPDisplay)

    var command: OSDPCommand {
        switch self {
        case .output(let control): .output(control)
        case .light(let light): .light(light)
        case .buzz(let buzz): .buzz(buzz)
        case .text(let display): .text(display)
        }
    }
}

/// What became of an order. The caller must look: nothing is queued silently.
public enum OSDPSubmission: Equatable, Sendable {
    /// It overtakes the polls; `done`, `refused` or `lapsed` follows.
    case queued
    /// `OSDPLimits.orders` are waiting already.
    case full
    /// The PD is not online.
    case offline
    /// The address is taken, or the speed or address does not exist.
    case impossible
}

/// Why install mode did not begin.
public enum OSDPInstallRefusal: Equatable, Sendable {
    /// Another PD of this bus is in install mode: one at a time.
    case another(peer: Int)
    /// The PD has a secure channel under a key of its own. A person resets it first.
    case alreadySecured
    /// Its settings say that it speaks in the clear.
    case inTheClear
}

/// How a PD is.
public struct OSDPPeerStatus: Equatable, Sendable {
    public var address: UInt8
    public var isOnline: Bool
    public var isSecure: Bool
    public var isInstalling: Bool
    public var fault: OSDPSecurityFault?
    public var identity: OSDPIdentity?
    public var capabilities: OSDPCapabilities?
    public var counters: OSDPCounters
}

/// What happened on the line, counted since the start.
public struct OSDPCounters: Equatable, Sendable {
    /// Frames sent to this PD, repetitions included.
    public var frames: UInt64 = 0
    public var repetitions: UInt64 = 0
    public var replies: UInt64 = 0
    public var timeouts: UInt64 = 0
    /// Replies whose check did not fit.
    public var damaged: UInt64 = 0
    /// Replies of another address, or to an older question.
    public var strays: UInt64 = 0
    public var busy: UInt64 = 0
    public var naks: UInt64 = 0
    /// Replies whose data makes no sense.
    public var malformed: UInt64 = 0
    /// Replies in the clear where a secured one was due.
    public var clearReplies: UInt64 = 0
    public var macFailures: UInt64 = 0
    /// Secure channels that came about.
    public var sessions: UInt64 = 0
    /// Secure channels that were lost.
    public var sessionsLost: UInt64 = 0
    /// Cards and keys from before it was back: dropped.
    public var stale: UInt64 = 0
}
