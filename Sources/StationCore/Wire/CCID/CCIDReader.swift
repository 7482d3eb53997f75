// One contactless CCID reader, from the plug to the card: what to send, and what came of it.
//
//   detached ──► draining ──► preparing ──► empty ──► powering ──► reading ──► occupied
//                   ▲                         ▲          │  ▲          │           │
//                   │ nonsense                │          └──┼── again ─┘           │
//                   │                         └─────────────┴─ the card is gone ◄──┘
//   silence, nonsense without end ──► resetting ──► (attached again) ──► draining

public import EventLoop

/// The host's side of CCID for one slot. Sans-I/O: bytes, notifications and times in, outputs out.
///
/// One command is in flight at a time. An answer is the one whose type, slot and sequence number
/// fit; everything else is an echo of somebody's earlier question and thrown away. What does not
/// answer is asked again, then reset, then reset ever more rarely. Allocates nothing once made.
///
/// | the machine says | the caller's duty |
/// |---|---|
/// | `.send` | send `outgoing` on the bulk pipe before the next call |
/// | `.resetDevice` | reset and open it again, then `attached` or `detached` |
/// | everything else | tell the station |
public struct CCIDReader: Sendable {
    enum State: Equatable, Sendable {
        /// Not there.
        case detached
        /// There, and of no use: see `trouble`.
        case refused
        /// What an earlier session left in the pipe is read and thrown away until it is quiet.
        case draining(until: Instant, limit: Instant)
        /// The family's own commands, one by one.
        case preparing(step: Int)
        /// No card, or nobody knows yet.
        case empty
        /// A card is there and is being woken, for the nth time.
        case powering(attempt: Int)
        /// It is awake and is asked for its UID, of so many bytes (0: as many as it has).
        case reading(attempt: Int, length: UInt8)
        /// A card is there and was told about, or given up.
        case occupied
        /// A reset was asked for, and `attached` has not come yet.
        case resetting(until: Instant)
    }

    let family: CCIDFamily
    let slot: UInt8

    var state = State.detached
    var exchange: CCIDExchange?
    var assembler = CCIDAssembler()
    /// The message to send when an output says so.
    public internal(set) var outgoing = CCIDPacket()
    var sequence: UInt8 = 0
    /// 0 when the reader chooses the voltage, else as `CCIDClassDescriptor.voltages`.
    var voltages: UInt8 = 0
    var pollInterval = CCIDTiming.poll
    /// When the next command of this state may go, if none is in flight.
    var nextAt = Instant(nanoseconds: 0)
    var waiting = InlineArray<4, PseudoAPDU?>(repeating: nil)

    /// Commands in a row that nobody answered.
    var silences = 0
    /// Starts anew in a row because of nonsense.
    var garbles = 0
    /// Messages since the last command that nobody asked for.
    var unasked = 0
    var resetPatience = CCIDTiming.firstReset
    var isReady = false

    /// The card that was presented last and has not left.
    var present: Credential?
    /// When it will have left, unless it comes back before.
    var leavesAt: Instant?
    var kind = ContactlessCard.unknown
    /// The first sign of the card that is being read.
    var sensedAt = Instant(nanoseconds: 0)
    /// From when on a notification is news, and no echo of reading the card.
    var settledAt = Instant(nanoseconds: 0)
    /// The card was taken away while it is being read.
    var isTorn = false

    /// What is wrong with the reader.
    public internal(set) var trouble: CCIDTrouble?
    /// The firmware's name, when the family has a command for it and the reader answered.
    public internal(set) var firmware = ShortText.empty
    /// Answers thrown away because nobody had asked, since the start.
    public internal(set) var staleCount: UInt32 = 0

    /// - Parameter slot: from 0; readers with several have the contactless one where their maker
    ///   put it.
    public init(family: CCIDFamily, slot: UInt8 = 0) {
        self.family = family
        self.slot = slot
    }

    /// Whether the reader is set up and looks for cards.
    public var isWatching: Bool { isReady && trouble == nil }

    // MARK: The plug

    /// The device is there, open and claimed, and nothing was sent to it yet.
    public mutating func attached(
        _ descriptor: CCIDClassDescriptor, hasInterrupts: Bool, at now: Instant
    ) -> Outputs<CCIDReaderOutput> {
        var outputs = Outputs<CCIDReaderOutput>()
        forgetSession(keepingCardFor: CCIDTiming.rearmAfterReset, at: now)
        firmware = .empty
        if let refusal = descriptor.refusal(forSlot: slot) {
            state = .refused
            raise(.unusable(refusal), into: &outputs)
            return outputs
        }
        voltages = descriptor.choosesVoltage ? 0 : descriptor.voltages
        pollInterval = hasInterrupts ? CCIDTiming.safetyPoll : CCIDTiming.poll
        // Leftovers of an earlier session should not carry the numbers of this one.
        sequence = UInt8(truncatingIfNeeded: now.nanoseconds >> 20)
        state = .draining(until: now + CCIDTiming.quiet, limit: now + CCIDTiming.longestDrain)
        return outputs
    }

    /// The device is gone.
    public mutating func detached(at now: Instant) -> Outputs<CCIDReaderOutput> {
        var outputs = Outputs<CCIDReaderOutput>()
        forgetSession(keepingCardFor: .zero, at: now)
        state = .detached
        resetPatience = CCIDTiming.firstReset
        cardLeft(into: &outputs)
        if let trouble { outputs.append(.cleared(trouble)) }
        trouble = nil
        return outputs
    }

    /// Lights and beeper, when the reader has time. With too many waiting, the oldest is dropped;
    /// where no reader is, so is this one.
    public mutating func signal(
        _ command: PseudoAPDU, at now: Instant
    ) -> Outputs<CCIDReaderOutput> {
        var outputs = Outputs<CCIDReaderOutput>()
        guard isWatching else { return outputs }
        if waiting[CCIDTiming.waiting - 1] != nil { _ = takeWaiting() }
        for place in 0..<CCIDTiming.waiting where waiting[place] == nil {
            waiting[place] = command
            break
        }
        proceed(at: now, into: &outputs)
        return outputs
    }

    // MARK: Bytes

    /// Takes bytes of the bulk pipe until one message has outputs, which replace `outputs`.
    /// Returns how many it took: perform the outputs, then come again with the rest.
    public mutating func receive(
        _ bytes: RawSpan, at now: Instant, into outputs: inout Outputs<CCIDReaderOutput>
    ) -> Int {
        outputs.removeAll()
        var place = 0
        while place < bytes.byteCount, outputs.isEmpty {
            switch state {
            case .detached, .refused, .resetting:
                return bytes.byteCount
            case .draining(_, let limit):
                state = .draining(until: min(limit, now + CCIDTiming.quiet), limit: limit)
                return bytes.byteCount
            case .preparing, .empty, .powering, .reading, .occupied:
                let (next, step) = assembler.take(bytes, from: place)
                place = next
                take(step, at: now, into: &outputs)
            }
        }
        return place
    }

    /// Takes one message of the interrupt pipe, whole.
    public mutating func notify(
        _ bytes: RawSpan, at now: Instant
    ) -> Outputs<CCIDReaderOutput> {
        var outputs = Outputs<CCIDReaderOutput>()
        let notification: CCIDNotification
        do {
            notification = try bytes.withUnsafeBytes { buffer throws(CCIDMessageError) in
                try CCIDNotification(buffer)
            }
        } catch {
            // The safety poll finds out what this was about.
            return outputs
        }
        switch notification {
        case .slots(let slots):
            slotChanged(
                isPresent: slots.isPresent(Int(slot)), isNews: slots.hasChanged(Int(slot)),
                at: now)
            proceed(at: now, into: &outputs)
        case .hardwareError:
            switch state {
            case .detached, .refused, .resetting: break
            case .draining, .preparing, .empty, .powering, .reading, .occupied:
                reset(.hardware, at: now, into: &outputs)
            }
        }
        return outputs
    }
}
