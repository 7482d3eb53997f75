// Which message is an answer, and to what.

import EventLoop

extension CCIDReader {
    mutating func take(
        _ step: CCIDAssembler.Step, at now: Instant,
        into outputs: inout Outputs<CCIDReaderOutput>
    ) {
        switch step {
        case .incomplete: break
        case .garbage: startAnew(at: now, into: &outputs)
        case .message(let reply): heard(reply, isWhole: true, at: now, into: &outputs)
        case .skipped(let reply): heard(reply, isWhole: false, at: now, into: &outputs)
        }
    }

    private mutating func heard(
        _ reply: CCIDReply, isWhole: Bool, at now: Instant,
        into outputs: inout Outputs<CCIDReaderOutput>
    ) {
        guard isWhole, var exchange else {
            // Nobody asked, or it is longer than any answer to us.
            staleCount &+= 1
            unasked += 1
            if unasked > CCIDTiming.stale { startAnew(at: now, into: &outputs) }
            return
        }
        switch exchange.judge(reply, at: now) {
        case .stale:
            self.exchange = exchange
            staleCount &+= 1
        case .extended:
            self.exchange = exchange
        case .hopeless:
            staleCount &+= 1
            startAnew(at: now, into: &outputs)
        case .answer:
            self.exchange = nil
            silences = 0
            garbles = 0
            answered(exchange.purpose, reply, at: now, into: &outputs)
            proceed(at: now, into: &outputs)
        }
    }

    private mutating func answered(
        _ purpose: CCIDExchange.Purpose, _ reply: CCIDReply, at now: Instant,
        into outputs: inout Outputs<CCIDReaderOutput>
    ) {
        switch purpose {
        case .status:
            if !isReady { becomeReady(into: &outputs) }
            statusTold(reply.presence, at: now)
        case .powerOn:
            guard case .powering(let attempt) = state else { return }
            if case .done = reply.outcome {
                kind = assembler.withData { ContactlessCard(atr: $0) }
                state = .reading(attempt: attempt, length: 0)
                nextAt = now
            } else {
                failed(attempt, reply.presence, .mute, at: now, into: &outputs)
            }
        case .read:
            guard case .reading(let attempt, let length) = state else { return }
            read(reply, attempt, length, at: now, into: &outputs)
        case .prepare:
            guard case .preparing(let step) = state else { return }
            if family == .acr122u, step == 0, case .done = reply.outcome {
                firmware = assembler.withData { Self.name($0) }
            }
            prepared(step, at: now)
        case .signal:
            // It may have taken a second: look at once.
            nextAt = now
        }
    }

    // MARK: The reader

    mutating func prepared(_ step: Int, at now: Instant) {
        nextAt = now
        state = step + 1 < family.preparations ? .preparing(step: step + 1) : .empty
    }

    private mutating func becomeReady(into outputs: inout Outputs<CCIDReaderOutput>) {
        isReady = true
        resetPatience = CCIDTiming.firstReset
        if let trouble { outputs.append(.cleared(trouble)) }
        trouble = nil
        outputs.append(.ready)
    }

    /// Printable ASCII of at most 23 bytes, or nothing.
    private static func name(_ bytes: UnsafeRawBufferPointer) -> ShortText {
        let isName =
            bytes.count <= ShortText.capacity && bytes.allSatisfy { (0x20...0x7e).contains($0) }
        return isName ? ShortText(trusted: bytes, count: bytes.count) : .empty
    }
}
