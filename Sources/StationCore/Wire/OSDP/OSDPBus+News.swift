// What is new because of a reply of a PD that takes part.

import EventLoop

extension OSDPBus {
    /// A PD that takes part has answered; `nil` for an answer that makes no sense.
    mutating func finish(
        _ reply: OSDPReply?, _ index: Int, at now: Instant, _ outputs: inout OSDPOutputs
    ) {
        let request = peers[index].request
        let wasOrder = peers[index].isOrder
        peers[index].isOrder = false
        if request == .poll {
            peers[index].due = max(peers[index].due, now)
        }
        guard let reply else {
            peers[index].counters.malformed += 1
            if wasOrder { outputs.news(index, .lapsed(request)) }
            forget(request, index)
            return
        }
        if case .nak(let nak) = reply {
            peers[index].counters.naks += 1
            forget(request, index)
            if wasOrder { outputs.news(index, .refused(request, nak)) }
            return
        }
        if isStale(reply, index, at: now, &outputs) { return }
        tell(reply, index, at: now, &outputs)
        peers[index].questions.subtract(OSDPPeer.Questions(answeredBy: reply))
        if wasOrder {
            // Another address or speed is done when the PD says what it has now, and not before.
            let isDone = request != .communication || outputs.hasMoved(index)
            outputs.news(index, isDone ? .done(request) : .lapsed(request))
        } else if request != .poll {
            // Answered with something else: not asked again before the next round.
            peers[index].questions.subtract(OSDPPeer.Questions(askedBy: request))
        }
    }

    /// Whether this is a card or a key from before the PD was back. It is asked on, until it has
    /// nothing more to say.
    private mutating func isStale(
        _ reply: OSDPReply, _ index: Int, at now: Instant, _ outputs: inout OSDPOutputs
    ) -> Bool {
        guard peers[index].request == .poll, peers[index].backlog != nil else { return false }
        switch reply {
        case .card, .formattedCard, .keys:
            guard peers[index].backlog?.judge(reply, at: now) == .stale else { return false }
            peers[index].counters.stale += 1
            if peers[index].backlog?.isEndless(at: now) == true {
                outputs.news(index, .endless(true))
            }
            // What never stops is asked no more often than anybody else.
            if peers[index].backlog?.isTold == false { peers[index].due = now }
            return true
        case .ack:
            caughtUp(index, &outputs)
            return false
        case .nak, .busy, .identity, .capabilities, .localStatus, .inputs, .outputs, .readers,
            .communication, .clientCryptogram, .initialMAC, .other:
            peers[index].backlog?.heard(at: now)
            return false
        }
    }

    /// From now on what the PD reads is somebody's who stands there.
    mutating func caughtUp(_ index: Int, _ outputs: inout OSDPOutputs) {
        if peers[index].backlog?.isTold == true { outputs.news(index, .endless(false)) }
        peers[index].backlog = nil
    }

    /// A question that the PD does not understand is not asked again.
    private mutating func forget(_ request: OSDPCommandCode, _ index: Int) {
        let question = OSDPPeer.Questions(askedBy: request)
        peers[index].unknown.formUnion(question)
        peers[index].questions.subtract(question)
    }

    private mutating func tell(
        _ reply: OSDPReply, _ index: Int, at now: Instant, _ outputs: inout OSDPOutputs
    ) {
        switch reply {
        case .card(let card):
            outputs.news(index, .card(card))
            peers[index].due = now
        case .formattedCard(let card):
            outputs.news(index, .formattedCard(card))
            peers[index].due = now
        case .keys(let keys):
            outputs.news(index, .keyed(keys))
            peers[index].due = now
        case .localStatus(let status) where peers[index].localStatus != status:
            peers[index].localStatus = status
            outputs.news(index, .localStatus(status))
        case .inputs(let levels) where peers[index].inputs != levels:
            peers[index].inputs = levels
            outputs.news(index, .inputs(levels))
        case .outputs(let levels) where peers[index].outputs != levels:
            peers[index].outputs = levels
            outputs.news(index, .outputs(levels))
        case .readers(let states) where peers[index].readers != states:
            peers[index].readers = states
            outputs.news(index, .readers(states))
        case .communication(let communication):
            move(index, to: communication, at: now, &outputs)
        case .ack, .nak, .busy, .identity, .capabilities, .localStatus, .inputs, .outputs,
            .readers, .clientCryptogram, .initialMAC, .other:
            break
        }
    }
}

extension OSDPReply {
    /// Whether it says something that only the ACU may know.
    var isConfidential: Bool {
        switch self {
        case .card, .formattedCard, .keys: true
        case .ack, .nak, .busy, .identity, .capabilities, .localStatus, .inputs, .outputs,
            .readers, .communication, .clientCryptogram, .initialMAC, .other:
            false
        }
    }
}

extension OSDPPeer.Questions {
    fileprivate init(askedBy command: OSDPCommandCode) {
        switch command {
        case .localStatus: self = .localStatus
        case .inputStatus: self = .inputs
        case .outputStatus: self = .outputs
        case .readerStatus: self = .readers
        case .poll, .identify, .capabilities, .output, .light, .buzz, .text, .communication,
            .bioRead, .bioMatch, .keySet, .challenge, .serverCryptogram, .receiveSize,
            .fileTransfer, .manufacturer, .extendedWrite, .abort, .pivRead,
            .generalAuthenticate, .challengeAuthenticate, .keepActive:
            self = []
        }
    }

    fileprivate init(answeredBy reply: OSDPReply) {
        switch reply {
        case .localStatus: self = .localStatus
        case .inputs: self = .inputs
        case .outputs: self = .outputs
        case .readers: self = .readers
        case .ack, .nak, .busy, .identity, .capabilities, .card, .formattedCard, .keys,
            .communication, .clientCryptogram, .initialMAC, .other:
            self = []
        }
    }
}
