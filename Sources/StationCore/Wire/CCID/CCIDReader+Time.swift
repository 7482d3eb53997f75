// A reader's deadlines: answers that do not come, polls, cards that have left.

public import EventLoop

extension CCIDReader {
    /// When `expire(at:)` is due, or `nil` to be left alone.
    @inline(__always)
    public var nextDeadline: Instant? {
        let leaving = isReadingCard ? nil : leavesAt
        if let exchange {
            return .earlier(.earlier(leaving, exchange.deadline), stateEnd)
        }
        switch state {
        case .preparing, .empty, .powering, .reading, .occupied:
            return .earlier(leaving, nextAt)
        case .detached, .refused, .draining, .resetting:
            return .earlier(leaving, stateEnd)
        }
    }

    /// When the state ends by itself, for those that do.
    @inline(__always)
    private var stateEnd: Instant? {
        switch state {
        case .draining(let until, _), .resetting(let until): until
        case .detached, .refused, .preparing, .empty, .powering, .reading, .occupied: nil
        }
    }

    /// Does what is due at `now`; an early call is harmless.
    public mutating func expire(at now: Instant) -> Outputs<CCIDReaderOutput> {
        var outputs = Outputs<CCIDReaderOutput>()
        if let exchange, exchange.deadline <= now {
            unanswered(exchange.purpose, at: now, into: &outputs)
        }
        switch state {
        case .draining(let until, _) where until <= now:
            assembler.reset()
            nextAt = now
            state = isReady || family.preparations == 0 ? .empty : .preparing(step: 0)
        case .resetting(let until) where until <= now:
            askForReset(at: now, into: &outputs)
        case .detached, .refused, .draining, .resetting, .preparing, .empty, .powering, .reading,
            .occupied:
            break
        }
        proceed(at: now, into: &outputs)
        // A card that is being read may be the one that seemed to leave.
        if let leavesAt, leavesAt <= now, !isReadingCard { cardLeft(into: &outputs) }
        return outputs
    }

    @inline(__always)
    private var isReadingCard: Bool {
        switch state {
        case .powering, .reading: true
        case .detached, .refused, .draining, .preparing, .empty, .occupied, .resetting: false
        }
    }

    private mutating func unanswered(
        _ purpose: CCIDExchange.Purpose, at now: Instant,
        into outputs: inout Outputs<CCIDReaderOutput>
    ) {
        exchange = nil
        silences += 1
        if silences >= CCIDTiming.silences {
            reset(.silent, at: now, into: &outputs)
        } else if assembler.isPartial {
            startAnew(at: now, into: &outputs)
        } else {
            nextAt = now
            // A reader that ignores one of its family's commands may well do without it.
            if case .preparing(let step) = state { prepared(step, at: now) }
        }
    }

    // MARK: Starting again

    /// Nonsense came: reads until the pipe is quiet, and asks anew.
    mutating func startAnew(at now: Instant, into outputs: inout Outputs<CCIDReaderOutput>) {
        garbles += 1
        guard garbles < CCIDTiming.garbles else {
            reset(.garbled, at: now, into: &outputs)
            return
        }
        let wasReady = isReady
        forgetSession(keepingCardFor: CCIDTiming.rearmAfterReset, at: now)
        isReady = wasReady
        state = .draining(until: now + CCIDTiming.quiet, limit: now + CCIDTiming.longestDrain)
    }

    /// The reader is beyond words.
    mutating func reset(
        _ trouble: CCIDTrouble, at now: Instant, into outputs: inout Outputs<CCIDReaderOutput>
    ) {
        raise(trouble, into: &outputs)
        forgetSession(keepingCardFor: CCIDTiming.rearmAfterReset, at: now)
        askForReset(at: now, into: &outputs)
    }

    private mutating func askForReset(
        at now: Instant, into outputs: inout Outputs<CCIDReaderOutput>
    ) {
        state = .resetting(until: now + resetPatience)
        resetPatience = min(CCIDTiming.longestReset, resetPatience * 2)
        outputs.append(.resetDevice)
    }

    /// Nothing is in flight and nothing was heard; the card that was there may still be.
    mutating func forgetSession(keepingCardFor time: Interval, at now: Instant) {
        exchange = nil
        assembler.reset()
        outgoing.clear()
        waiting = InlineArray(repeating: nil)
        silences = 0
        unasked = 0
        isReady = false
        isTorn = false
        if present != nil, leavesAt == nil { leavesAt = now + time }
    }

    mutating func raise(
        _ trouble: CCIDTrouble, into outputs: inout Outputs<CCIDReaderOutput>
    ) {
        guard self.trouble != trouble else { return }
        if let old = self.trouble { outputs.append(.cleared(old)) }
        self.trouble = trouble
        outputs.append(.raised(trouble))
    }
}
