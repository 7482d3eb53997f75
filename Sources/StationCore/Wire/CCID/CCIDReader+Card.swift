// The card on a reader, from its first sign to its leaving.

import EventLoop

extension CCIDReader {
    mutating func statusTold(_ presence: CCIDPresence, at now: Instant) {
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
    mutating func read(
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
    mutating func failed(
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
