// An OSDP reader with a mind of its own: its sequence, its channel, its lights, its cards.
//
// It shares the codec and the arithmetic with the ACU, never the state: what either side believes
// of the other is checked by each alone. (An independent codec is met in the integration tests.)

public import EventLoop
public import StationCore

/// A peripheral device.
public struct VirtualPD: Sendable {
    /// Something to be put on the line.
    public struct Answer: Equatable, Sendable {
        public var bytes: [UInt8]
        /// From the command's last byte to the answer's first.
        public var after: Interval
    }

    /// A channel is dropped after so long without a word of the ACU.
    static let silence = Interval.seconds(8)

    public var address: UInt8
    public var key: OSDPKey?
    /// Takes a new key under the factory's.
    public var isInInstallMode: Bool
    /// Asked for a key that it does not have, it says that it uses the factory's, as some do.
    public var saysFactoryKey = false
    /// Answers little outside a channel.
    public var wantsChannel: Bool
    public var identity: OSDPIdentity
    public var capabilities: OSDPCapabilities
    public var turnaround = Interval.milliseconds(2)
    /// Answers every CHLNG with a NAK.
    public var refusesChannel = false
    /// Takes no key, whoever gives it.
    public var refusesKeys = false
    /// Takes another address or speed for an order like any other, and stays as it is.
    public var answersMovesWithACK = false
    /// Closes its frames with eight bits of checksum, whatever it is asked under.
    public var usesChecksum = false
    /// What it has never heard of.
    public var unknownCommands: [OSDPCommandCode] = []
    /// Unplugged: neither hears nor speaks.
    public var isConnected = true

    /// What is wrong with the next answers, and with how many of them.
    public internal(set) var mischief: PDMischief?
    var mischiefLeft = 0

    /// Cards, keys and reports that wait for a poll.
    public internal(set) var events: [OSDPReply] = []
    public var localStatus = OSDPLocalStatus(isTampered: false, powerFailed: false)
    /// Everything it was told to do, oldest first; polls and questions are not in it.
    public internal(set) var obeyed: [OSDPCommand] = []
    public internal(set) var baud: UInt32

    var chance: SplitMix64
    var reader = OSDPFrameReader(.commands)
    var lastSequence: UInt8?
    var lastReply: [UInt8] = []
    var lastHeard: Instant?
    var channel: OSDPSession?
    var keys: OSDPSessionKeys?
    var acuRandom: UInt64 = 0
    var pdRandom: UInt64 = 0
    /// The key of the handshake under way, as its frames name it.
    var choice: UInt8 = 0

    public init(
        address: UInt8, key: OSDPKey?, isInInstallMode: Bool = false, wantsChannel: Bool = true,
        baud: UInt32 = 115_200, chance: SplitMix64
    ) {
        self.address = address
        self.key = key
        self.isInInstallMode = isInInstallMode
        self.wantsChannel = wantsChannel
        self.baud = baud
        self.chance = chance
        identity = OSDPIdentity(
            vendor: 0x8E06_00, model: 1, version: 2, serial: 1_000 + UInt32(address),
            firmware: (1, 2, 3))
        capabilities = OSDPCapabilities()
        capabilities[.cardFormat] = (1, 0)
        capabilities[.lights] = (4, 1)
        capabilities[.audible] = (2, 1)
        capabilities[.checkCharacter] = (1, 0)
        capabilities[.security] = (1, 1)
        capabilities[.readers] = (0, 1)
    }

    public var isSecure: Bool { channel != nil }

    /// Something happens at the reader: told at the next poll.
    public mutating func happen(_ event: OSDPReply) { events.append(event) }

    /// The same, ahead of everything that waits.
    public mutating func happenNext(_ event: OSDPReply) { events.insert(event, at: 0) }

    /// The next answers go wrong, so many of them.
    public mutating func misbehave(_ mischief: PDMischief, times: Int = 1) {
        self.mischief = mischief
        mischiefLeft = times
    }

    public mutating func behave() { mischief = nil }

    /// The power was away: the key stays, everything else is gone.
    public mutating func reset() {
        reader.reset()
        lastSequence = nil
        lastReply = []
        lastHeard = nil
        channel = nil
        keys = nil
        events = []
    }

    /// Takes one byte from the line.
    public mutating func hear(_ byte: UInt8, at now: Instant) -> [Answer] {
        guard isConnected else { return [] }
        reader.append(byte)
        var answers: [Answer] = []
        while let reading = reader.next() {
            guard case .frame(let frame) = reading, frame.address == address else { continue }
            answers += answer(frame, Array(reader.bytes), at: now)
        }
        return answers
    }

    /// The line was quiet for a while: half a command is none.
    public mutating func restart() { reader.reset() }

    mutating func answer(
        _ frame: OSDPFrame, _ bytes: [UInt8], at now: Instant
    ) -> [Answer] {
        if let last = lastHeard, now - last > Self.silence { channel = nil }
        lastHeard = now
        if frame.sequence == 0 {
            channel = nil
        } else if frame.sequence == lastSequence {
            // Said again: the answer again, word for word.
            return spoil(lastReply, frame)
        } else if let last = lastSequence, frame.sequence != (last == 3 ? 1 : last + 1) {
            return spoil(clear(.nak(.sequence), frame), frame)
        } else if lastSequence == nil {
            return spoil(clear(.nak(.sequence), frame), frame)
        }
        // It has not looked at the command: the same one again is a new one to it.
        if mischief == .busy, takeMischief() {
            return [Answer(bytes: busyWord, after: turnaround)]
        }
        if mischief == .nak(.check), takeMischief() {
            return [Answer(bytes: clear(.nak(.check), frame), after: turnaround)]
        }
        lastSequence = frame.sequence
        lastReply = compose(frame, bytes)
        return spoil(lastReply, frame)
    }
}
