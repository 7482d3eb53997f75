// What an answer means for the card, step by step.

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

    // MARK: The card

    private mutating func statusTold(_ presence: CCIDPresence, at now: Instant) {
        // A card may have been notified while the answer was on its way: then the state is past it.
        switch (state, presence) {
        case (.empty, .active), (.empty, .inactive): begin(at: now)
        case (.occupied, .absent): cardGone(at: now)
        case (.empty, .absent), (.empty, .reserved), (.occupied, .active), (.occupied, .inactive),
            (.occupied, .reserved):
            nextAt = now + pollInterval
        case (.detached, _), (.refused, _), (.draining, _), (.preparing, _), (.powering, _),
            (.reading, _), (.resetting, _):
            break
        }
    }

    mutating func slotChanged(isPresent: Bool, isNews: Bool, at now: Instant) {
        switch state {
        case .detached, .refused, .draining, .preparing, .resetting: break
        case .powering, .reading: isTorn = !isPresent
        case .empty:
            // Before the reader is ready its first status tells.
            if isPresent, isReady { begin(at: now) }
        case .occupied:
            if !isPresent {
                cardGone(at: now)
            } else if isNews, now >= settledAt {
                // Another card, or the same one again, faster than the notifications.
                begin(at: now)
            }
        }
    }

    private mutating func begin(at now: Instant) {
        state = .powering(attempt: 1)
        nextAt = now
        sensedAt = now
        isTorn = false
    }

    private mutating func cardGone(at now: Instant) {
        state = .empty
        nextAt = now + pollInterval
        if present != nil, leavesAt == nil { leavesAt = now + CCIDTiming.rearm }
    }

    /// The answer to GET UID.
    private mutating func read(
        _ reply: CCIDReply, _ attempt: Int, _ length: UInt8, at now: Instant,
        into outputs: inout Outputs<CCIDReaderOutput>
    ) {
        guard case .done = reply.outcome else {
            failed(attempt, reply.presence, .unreadable, at: now, into: &outputs)
            return
        }
        let kind = kind
        switch assembler.withData({ UIDAnswer($0, from: kind) }) {
        case .uid(let credential):
            if present != credential {
                cardLeft(into: &outputs)
                present = credential
                outputs.append(.presented(credential, kind, since: sensedAt))
            }
            leavesAt = nil
            settle(at: now)
        case .flaw(let diagnosis):
            giveUp(diagnosis, at: now, into: &outputs)
        case .refused(let word):
            if let right = word.rightLength, right != length, attempt < CCIDTiming.attempts {
                state = .reading(attempt: attempt + 1, length: right)
                nextAt = now
            } else if word == .notSupported {
                giveUp(.refused(word), at: now, into: &outputs)
            } else {
                failed(attempt, reply.presence, .refused(word), at: now, into: &outputs)
            }
        case .nothing:
            // An ACR122U says "done" with bError FE and no data (nfc-tools/libnfc #678).
            failed(attempt, reply.presence, .unreadable, at: now, into: &outputs)
        }
    }

    /// A step failed: wakes the card again, or gives it up.
    private mutating func failed(
        _ attempt: Int, _ presence: CCIDPresence, _ diagnosis: CCIDDiagnosis, at now: Instant,
        into outputs: inout Outputs<CCIDReaderOutput>
    ) {
        if presence == .absent || isTorn {
            outputs.append(.diagnosed(.leftEarly))
            isTorn = false
            cardGone(at: now)
        } else if attempt < CCIDTiming.attempts {
            state = .powering(attempt: attempt + 1)
            nextAt = now + CCIDTiming.pause
        } else {
            giveUp(diagnosis, at: now, into: &outputs)
        }
    }

    private mutating func giveUp(
        _ diagnosis: CCIDDiagnosis, at now: Instant,
        into outputs: inout Outputs<CCIDReaderOutput>
    ) {
        cardLeft(into: &outputs)
        outputs.append(.diagnosed(diagnosis))
        settle(at: now)
    }

    /// The card was told about; now it should leave.
    private mutating func settle(at now: Instant) {
        state = .occupied
        nextAt = now + pollInterval
        settledAt = now + CCIDTiming.settling
        if isTorn {
            isTorn = false
            cardGone(at: now)
        }
    }

    mutating func cardLeft(into outputs: inout Outputs<CCIDReaderOutput>) {
        leavesAt = nil
        guard present != nil else { return }
        present = nil
        outputs.append(.left)
    }
}

/// What a card answered to GET UID.
private enum UIDAnswer {
    case uid(Credential)
    /// It answered, and the UID is none.
    case flaw(CCIDDiagnosis)
    case refused(StatusWord)
    /// Not even a status word.
    case nothing

    init(_ data: UnsafeRawBufferPointer, from card: ContactlessCard) {
        guard let word = StatusWord(endOf: data) else {
            self = .nothing
            return
        }
        guard word == .done || (word == .endReached && data.count > 2) else {
            self = .refused(word)
            return
        }
        let uid = UnsafeRawBufferPointer(rebasing: data.dropLast(2))
        do throws(CCIDDiagnosis) {
            self = .uid(try card.credential(uid: uid))
        } catch {
            self = .flaw(error)
        }
    }
}
