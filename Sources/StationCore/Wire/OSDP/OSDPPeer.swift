// One PD as the ACU sees it.

import EventLoop

/// Everything that the bus knows about one PD.
struct OSDPPeer: Sendable {
    /// What it is asked next.
    enum Phase: Equatable, Sendable {
        /// Who are you? With the sequence number 0, which starts everything afresh.
        case identifying
        /// What can you do?
        case describing
        /// CHLNG is due, under this key.
        case challenging(KeyChoice)
        /// SCRYPT is due, under this key.
        case proving(KeyChoice)
        /// After a wrong key: is it the factory's? Asked for the crew's sake only, and never taken
        /// further than the first answer.
        case examining
        /// A channel under the factory's key stands, for KEYSET and nothing else.
        case settingKey
        /// It takes part: polls and orders.
        case up
    }

    enum KeyChoice: UInt8, Sendable {
        case factoryDefault = 0
        case own = 1
    }

    /// What has been told about its presence.
    enum Presence: Sendable {
        case untold
        case online
        case offline
    }

    /// Install mode, while it lasts.
    struct Install: Sendable {
        let until: Instant
        /// The key that was chosen.
        var key: OSDPKey?
        /// Whether a store holds it: before that it does not go out.
        var isKept = false
        /// KEYSET has been sent: the next handshake is under the new key.
        var isProving = false
    }

    /// An order that waits.
    struct Waiting: Sendable {
        let command: OSDPCommand
        let lapses: Instant
    }

    /// What is asked besides polls, one bit each, until it was answered.
    struct Questions: OptionSet, Sendable {
        let rawValue: UInt8
        static let localStatus = Self(rawValue: 1)
        static let inputs = Self(rawValue: 2)
        static let outputs = Self(rawValue: 4)
        static let readers = Self(rawValue: 8)
    }

    var address: UInt8
    let isClear: Bool
    var key: OSDPKey?
    /// The other one of two keys of which it has one.
    var spareKey: OSDPKey?
    /// It was given `key` or `spareKey` and has not shown which one it has.
    var isKeyDoubtful = false
    /// Its speed, when that is not the line's: it cannot be heard until the line follows.
    var strandedAt: UInt32?

    var phase = Phase.identifying
    /// When it is to be spoken to next.
    var due: Instant
    var nextSequence: UInt8 = 0

    /// The frame under way, kept to be said again word for word.
    var frame: [UInt8] = []
    /// What the frame asks.
    var request = OSDPCommandCode.poll
    /// The order that the frame carries, if it carries one.
    var isOrder = false
    /// The frame had no good answer and is to be said again.
    var isUnanswered = false
    /// An order that was under way when everything began afresh: nobody knows what became of it,
    /// which is told at the next occasion.
    var abandoned: OSDPCommandCode?

    /// Replies missing in a row.
    var misses = 0
    var busyInARow = 0
    /// Handshakes and channels that failed in a row.
    var setbacks = 0
    var upSince: Instant
    /// The last reply that proves its presence: authenticated, unless it speaks in the clear.
    var lastHeard: Instant
    var presence = Presence.untold
    /// What it saw while nobody asked is not taken: it is over.
    var backlog: OSDPBacklog?
    var fault: OSDPSecurityFault?

    var session: OSDPSession?
    var keys: OSDPSessionKeys?
    var acuRandom: UInt64 = 0
    var serverCryptogram: UInt128 = 0
    var install: Install?
    var macFailures = 0
    var firstMACFailure: Instant

    var orders: [Waiting] = []
    var questions: Questions = []
    /// What it does not know.
    var unknown: Questions = []
    var nextQuestions: Instant

    var identity: OSDPIdentity?
    var capabilities: OSDPCapabilities?
    var localStatus: OSDPLocalStatus?
    var inputs: OSDPLevels?
    var outputs: OSDPLevels?
    var readers: OSDPReaderStates?
    var counters = OSDPCounters()

    init(_ settings: OSDPPeerSettings, at now: Instant) {
        address = settings.address
        switch settings.security {
        case .enforced(let key):
            isClear = false
            self.key = key
        case .clear:
            isClear = true
            key = nil
        }
        due = now
        upSince = now
        lastHeard = now
        firstMACFailure = now
        nextQuestions = now
        frame.reserveCapacity(Self.longestCommand)
        orders.reserveCapacity(OSDPLimits.orders)
    }

    /// TEXT within a secure channel, the longest that we send: mark, header, block, code, three
    /// blocks of data, MAC, CRC.
    static let longestCommand = 1 + 5 + 2 + 1 + 48 + 4 + 2

    var isUp: Bool { phase == .up }
    /// Polls and orders reach it without a repetition before them.
    var isAttentive: Bool { isUp && !isUnanswered }

    /// The key of the next handshake, and which one it is.
    var choice: (KeyChoice, OSDPKey?) {
        guard let install else { return (.own, key) }
        return install.isProving
            ? (.own, install.key) : (.factoryDefault, OSDPKey.factoryDefault)
    }

    /// The candidate is tried first.
    var storedKeys: OSDPReaderKeys {
        get {
            isKeyDoubtful
                ? OSDPReaderKeys(key: spareKey, candidate: key) : OSDPReaderKeys(key: key)
        }
        set {
            key = newValue.candidate ?? newValue.key
            spareKey = newValue.candidate == nil ? nil : newValue.key
            isKeyDoubtful = newValue.candidate != nil
        }
    }

    /// It does not have `key`: the other one is next.
    mutating func tryOtherKey() {
        guard isKeyDoubtful, let other = spareKey else { return }
        (key, spareKey) = (other, key)
    }

    /// What it can be asked about itself, as far as it said so and did not refuse.
    var sensibleQuestions: Questions {
        var questions: Questions = [.localStatus, .readers]
        if capabilities?[.contactStatus].map({ $0.count > 0 }) ?? false {
            questions.insert(.inputs)
        }
        if capabilities?[.outputControl].map({ $0.count > 0 }) ?? false {
            questions.insert(.outputs)
        }
        return questions.subtracting(unknown)
    }

    /// Starts afresh: the sequence number 0 makes the PD forget its channel too.
    mutating func startAfresh() {
        phase = .identifying
        nextSequence = 0
        isUnanswered = false
        if isOrder { abandoned = request }
        isOrder = false
        busyInARow = 0
        session = nil
        keys = nil
        serverCryptogram = 0
        acuRandom = 0
    }

    var status: OSDPPeerStatus {
        OSDPPeerStatus(
            address: address, isOnline: presence == .online, isSecure: isUp && session != nil,
            isInstalling: install != nil, fault: fault, identity: identity,
            capabilities: capabilities, counters: counters)
    }
}
