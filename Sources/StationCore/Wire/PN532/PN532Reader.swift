// A PN532 on a serial line as a card reader: wake, set up, look for cards, look again.
//
//   waking ─► version ─► parameters ─► retries ─► looking for A ─► [release] ─► looking for B
//      ▲                                               ▲                              │
//      │ back-off                                      │ pause                    [release]
//   failed ◄── silence, nonsense: from anywhere        └────────── field off ◄────────┘
//
// Each step is one command: the chip acknowledges it, then replies.

public import EventLoop

/// One reader's machine. Sans-I/O: bytes and times in, `outputs` out; never allocates.
///
/// | call | when |
/// |---|---|
/// | `begin(at:)` | the port is open, and again after it was closed |
/// | `receive(_:at:)` | for every byte, in order |
/// | `expire(at:)` | `nextDeadline` has come; early or twice is harmless |
/// | `halt()` | the port is gone |
///
/// A call that returns true has left `outputs`, to be done in order before the next call: packets
/// written whole, cards presented.
public struct PN532Reader: Sendable {
    /// The chip acknowledges within 15 ms (nfcpy); a USB adapter's latency comes on top.
    public static let ackTimeout = Interval.milliseconds(100)
    /// After opening, drivers of some boards take their time (nfcpy, Raspberry Pi).
    public static let firstAckTimeout = Interval.milliseconds(1_500)
    /// The longest a finite look for cards takes is far below this.
    public static let replyTimeout = Interval.seconds(1)
    /// Between two polls. A poll takes some 50 ms, so a card waits for 100 ms at most.
    public static let pause = Interval.milliseconds(50)
    /// One repetition: a card that was missed is found by the next poll.
    public static let activationRetries: UInt8 = 0x01
    /// How often a command is sent, or its reply asked for, before the chip is set up anew.
    public static let attempts = 3
    /// The first back-off after a failure; it doubles up to `longestBackOff`.
    public static let shortestBackOff = Interval.milliseconds(50)
    public static let longestBackOff = Interval.seconds(5)
    /// Failures in a row before trouble is told: one may be a car's ignition.
    public static let failuresUntilTold = 3

    /// One command and what it is for.
    enum Step: Equatable, Sendable {
        case wake
        case version
        case parameters
        case retries
        case look(PN532Modulation)
        /// Lets the cards of a look go.
        case release(PN532Modulation)
        case fieldOff
    }

    enum Phase: Equatable, Sendable {
        /// No port.
        case halted
        /// The command was written; its acknowledgement is due.
        case sent(Step, until: Instant, attempt: Int)
        /// The chip is at work; its reply is due.
        case acknowledged(Step, until: Instant, attempt: Int)
        /// Between two polls.
        case resting(until: Instant)
        /// The chip failed; it is woken anew at that time.
        case failed(until: Instant)
    }

    /// What the latest call led to, if it returned true.
    public internal(set) var outputs = PN532Outputs()

    var phase = Phase.halted
    var deframer = PN532Deframer()
    var presence = CardPresence()
    var failures = 0
    var trouble: PN532Trouble?
    /// Nothing was heard since the port was opened.
    var isFirst = true
    /// What the chip said it is; `nil` until it has.
    public internal(set) var firmware: PN532Firmware?

    public init() {}

    /// Whether the chip is set up and looks for cards.
    public var isReady: Bool {
        switch phase {
        case .halted, .failed: false
        case .resting: true
        case .sent(let step, _, _), .acknowledged(let step, _, _): step.isPolling
        }
    }

    /// When `expire(at:)` is due; `nil` only while there is no port.
    public var nextDeadline: Instant? {
        switch phase {
        case .halted: nil
        case .sent(_, let until, _), .acknowledged(_, let until, _): until
        case .resting(let until), .failed(let until): until
        }
    }

    /// The port is open: wakes the chip.
    public mutating func begin(at now: Instant) -> Bool {
        halt()
        send(.wake, at: now)
        return true
    }

    /// The port is gone, and with it what was known about the chip and its cards. Trouble stands
    /// until the chip polls again.
    public mutating func halt() {
        outputs.removeAll()
        phase = .halted
        deframer.reset()
        presence.reset()
        failures = 0
        firmware = nil
        isFirst = true
    }

    /// Takes one byte of the chip's.
    public mutating func receive(_ byte: UInt8, at now: Instant) -> Bool {
        outputs.removeAll()
        guard deframer.append(byte) else { return false }
        while let frame = deframer.next() {
            // What stood behind it was there before the command was sent: no answer to it.
            if !outputs.hasCommand { take(frame, at: now) }
        }
        return !outputs.isEmpty
    }

    /// What has to happen now that `nextDeadline` has come.
    public mutating func expire(at now: Instant) -> Bool {
        outputs.removeAll()
        guard let deadline = nextDeadline, now >= deadline else { return false }
        switch phase {
        case .halted:
            break
        case .sent(let step, _, let attempt):
            // The rest of a frame that was cut must not swallow the next acknowledgement.
            deframer.reset()
            repeatOrFail(step, attempt, .silent, at: now)
        case .acknowledged:
            // The command may still run: an ACK of the host ends it.
            outputs.append(.send(.ack))
            fail(.silent, at: now)
        case .resting:
            send(.look(.typeA), at: now)
        case .failed:
            send(.wake, at: now)
        }
        return !outputs.isEmpty
    }
}

extension PN532Reader {
    /// Takes bytes that came together, and tells everything that comes out in its turn.
    public mutating func receive(
        _ bytes: RawSpan, at now: Instant, _ tell: (PN532Output) -> Void
    ) {
        for offset in bytes.byteOffsets {
            let byte = bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            if receive(byte, at: now) { outputs.inOrder(tell) }
        }
    }
}

extension PN532Reader.Step {
    /// Part of looking for cards, not of setting up.
    var isPolling: Bool {
        switch self {
        case .wake, .version, .parameters, .retries: false
        case .look, .release, .fieldOff: true
        }
    }

    var command: PN532Command {
        switch self {
        case .wake: .samConfiguration
        case .version: .getFirmwareVersion
        // No automatic RATS, no automatic ATR_RES.
        case .parameters: .setParameters(0x00)
        case .retries: .maxRetries(passiveActivation: PN532Reader.activationRetries)
        case .look(let modulation):
            .inListPassiveTarget(most: UInt8(PN532Targets.most), modulation)
        case .release: .inRelease(target: 0)
        case .fieldOff: .rfField(isOn: false)
        }
    }
}
