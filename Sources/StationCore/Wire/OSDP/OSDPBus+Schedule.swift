// Who is spoken to next, and what is said.
//
// Orders overtake polls, two in a row at most. Otherwise whoever has waited longest is next; but
// after a reply that did not come, a PD that answers goes before one that does not, so that the
// dead cost the living at most one time-out at a time.

import EventLoop

extension OSDPBus {
    /// Whose turn it is.
    struct Turn {
        let peer: Int
        /// For an order that waits, ahead of what is due.
        var isForOrder = false
    }

    /// The PD to speak to now, or `nil` when nobody is due.
    func nextTurn(at now: Instant) -> Turn? {
        if ordersInARow < OSDPLimits.ordersInARow || !isPollDue(at: now) {
            var oldest: Int?
            for index in peers.indices where peers[index].isAttentive {
                guard let order = peers[index].orders.first else { continue }
                if let best = oldest, let other = peers[best].orders.first,
                    other.lapses <= order.lapses
                {
                    continue
                }
                oldest = index
            }
            if let oldest { return Turn(peer: oldest, isForOrder: true) }
        }
        if wasMissed, let living = longestDue(at: now, { $0.isAttentive }) {
            return Turn(peer: living)
        }
        return longestDue(at: now) { _ in true }.map { Turn(peer: $0) }
    }

    private func isPollDue(at now: Instant) -> Bool {
        peers.contains { $0.isAttentive && $0.due <= now }
    }

    private func longestDue(at now: Instant, _ fits: (OSDPPeer) -> Bool) -> Int? {
        var best: Int?
        for index in peers.indices where peers[index].due <= now && fits(peers[index]) {
            if let other = best, peers[other].due <= peers[index].due { continue }
            best = index
        }
        return best
    }

    /// Says to a PD what is next for it, or the last thing again.
    mutating func speak(_ turn: Turn, at now: Instant, _ outputs: inout OSDPOutputs) {
        let index = turn.peer
        if peers[index].isUnanswered {
            peers[index].counters.repetitions += 1
        } else {
            guard compose(turn, at: now, &outputs) else {
                // A handshake waits for random bytes, a new key for its store.
                peers[index].due = .distantFuture
                return
            }
        }
        ordersInARow = peers[index].isOrder ? ordersInARow + 1 : 0
        transmit(index, at: now, &outputs)
    }

    /// Writes a PD's next frame. `false` when there are not enough random bytes for it.
    private mutating func compose(
        _ turn: Turn, at now: Instant, _ outputs: inout OSDPOutputs
    ) -> Bool {
        let index = turn.peer
        switch peers[index].phase {
        case .identifying:
            peers[index].startAfresh()
            write(.identify, to: index)
        case .describing:
            write(.capabilities, to: index)
        case .challenging(let choice):
            return challenge(index, choice)
        case .examining:
            return challenge(index, .factoryDefault)
        case .proving(let choice):
            let block = OSDPSecurityBlock(.serverCryptogram, value: choice.rawValue)
            write(.serverCryptogram(peers[index].serverCryptogram), block, to: index)
        case .settingKey:
            guard let key = chooseKey(index, &outputs), peers[index].install?.isKept == true
            else { return false }
            write(.keySet(key), to: index)
        case .up:
            let isOrder = turn.isForOrder && !peers[index].orders.isEmpty
            peers[index].isOrder = isOrder
            write(
                isOrder
                    ? peers[index].orders.removeFirst().command : nextQuestion(index, at: now),
                to: index)
        }
        return true
    }

    /// A poll, or every minute a question.
    private mutating func nextQuestion(_ index: Int, at now: Instant) -> OSDPCommand {
        if now >= peers[index].nextQuestions {
            peers[index].questions = peers[index].sensibleQuestions
            peers[index].nextQuestions = now + OSDPTimings.status
        }
        let questions = peers[index].questions
        if questions.contains(.localStatus) { return .localStatus }
        if questions.contains(.readers) { return .readerStatus }
        if questions.contains(.inputs) { return .inputStatus }
        if questions.contains(.outputs) { return .outputStatus }
        return .poll
    }

    /// RND.A is new each time, and the session keys follow from it.
    private mutating func challenge(_ index: Int, _ choice: OSDPPeer.KeyChoice) -> Bool {
        let key: OSDPKey? =
            switch choice {
            case .factoryDefault: .factoryDefault
            case .own: peers[index].choice.1
            }
        guard let key, let number = random.takeLong() else { return false }
        peers[index].acuRandom = number
        peers[index].keys = OSDPSessionKeys(key: key, acuRandom: number)
        let block = OSDPSecurityBlock(.challenge, value: choice.rawValue)
        write(.challenge(acuRandom: number), block, to: index)
        return true
    }

    /// The key for KEYSET: chosen once for an install mode, however often it must be said.
    private mutating func chooseKey(_ index: Int, _ outputs: inout OSDPOutputs) -> OSDPKey? {
        if let key = peers[index].install?.key { return key }
        // A weak one does not come out of sixteen random bytes; if it did, the next is taken.
        while let value = random.takeWide() {
            let key = OSDPKey(value: value)
            guard !key.isWeak, key != .factoryDefault else { continue }
            peers[index].install?.key = key
            outputs.news(index, .keyChosen(key))
            return key
        }
        return nil
    }

    /// Writes a command as the PD's next frame, sealed when a channel stands.
    private mutating func write(
        _ command: OSDPCommand, _ block: OSDPSecurityBlock? = nil, to index: Int
    ) {
        peers[index].request = command.code
        peers[index].frame.removeAll(keepingCapacity: true)
        let envelope = OSDPEnvelope(
            address: peers[index].address, isReply: false, sequence: peers[index].nextSequence)
        let isSealed = peers[index].session != nil
        let start = envelope.open(
            block: isSealed ? OSDPSecurityBlock(.command) : block, into: &peers[index].frame)
        command.encode(into: &peers[index].frame)
        if isSealed {
            var frame: [UInt8] = []
            swap(&frame, &peers[index].frame)
            peers[index].session?.seal(&frame, from: start, check: envelope.check)
            swap(&frame, &peers[index].frame)
        }
        envelope.close(&peers[index].frame, from: start)
    }
}
