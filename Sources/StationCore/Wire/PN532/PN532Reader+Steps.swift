// What a PN532's frames mean for the step that is under way.

import EventLoop

extension PN532Reader {
    mutating func take(
        _ frame: PN532Frame, at now: Instant
    ) {
        switch phase {
        case .halted, .resting, .failed:
            // Nobody asked: a late reply, or noise while the chip is left alone.
            return
        case .sent(let step, _, let attempt):
            isFirst = false
            switch frame {
            case .ack:
                phase = .acknowledged(step, until: now + Self.replyTimeout, attempt: attempt)
            case .information(.chip, let length):
                // The acknowledgement was lost, the reply was not.
                reply(to: step, attempt, length: length, at: now)
            case .information(.host, _):
                // Our own words: an adapter that echoes.
                break
            case .nack:
                repeatOrFail(step, attempt, .garbled, at: now)
            case .error:
                repeatOrFail(step, attempt, .refused, at: now)
            case .damaged(let damage):
                outputs.append(.damaged(damage))
            }
        case .acknowledged(let step, let until, let attempt):
            switch frame {
            case .information(.chip, let length):
                reply(to: step, attempt, length: length, at: now)
            case .ack, .nack, .information(.host, _):
                break
            case .error:
                repeatOrFail(step, attempt, .refused, at: now)
            case .damaged(let damage):
                outputs.append(.damaged(damage))
                guard damage != .noise else { return }
                guard attempt < Self.attempts else {
                    return fail(.garbled, at: now)
                }
                // The chip keeps its reply until it has the next command, and sends it again.
                outputs.append(.send(.nack))
                phase = .acknowledged(step, until: until, attempt: attempt + 1)
            }
        }
    }

    private mutating func reply(
        to step: Step, _ attempt: Int, length: Int, at now: Instant
    ) {
        // A reply to another command is one that came late.
        guard length > 0, deframer.data(0) == step.command.replyCode else { return }
        switch step {
        case .wake:
            send(.version, at: now)
        case .version:
            guard length == 5 else { return fail(.stranger, at: now) }
            let said = PN532Firmware(
                chip: deframer.data(1), version: deframer.data(2), revision: deframer.data(3),
                support: deframer.data(4))
            guard said.chip == PN532Firmware.pn532 else {
                return fail(.stranger, at: now)
            }
            firmware = said
            send(.parameters, at: now)
        case .parameters:
            send(.retries, at: now)
        case .retries:
            if let firmware { outputs.append(.ready(firmware)) }
            send(.look(.typeA), at: now)
        case .look(let modulation):
            look(modulation, step, attempt, length: length, at: now)
        case .release(let modulation):
            goOn(after: modulation, at: now)
        case .fieldOff:
            pollEnded(at: now)
        }
    }

    private mutating func look(
        _ modulation: PN532Modulation, _ step: Step, _ attempt: Int, length: Int,
        at now: Instant
    ) {
        let found = PN532Targets(modulation, start: 1, length: length) { deframer.data($0) }
        guard let found else {
            outputs.append(.damaged(.length))
            return repeatOrFail(step, attempt, .garbled, at: now)
        }
        if let target = found.first { present(target, at: now) }
        if let target = found.second { present(target, at: now) }
        if found.count > 0 {
            send(.release(modulation), at: now)
        } else {
            goOn(after: modulation, at: now)
        }
    }

    private mutating func present(
        _ target: PN532Target, at now: Instant
    ) {
        if presence.hasCome(target.credential, at: now) { outputs.append(.presented(target)) }
    }

    private mutating func goOn(
        after modulation: PN532Modulation, at now: Instant
    ) {
        switch modulation {
        case .typeA: send(.look(.typeB), at: now)
        case .typeB: send(.fieldOff, at: now)
        }
    }

    private mutating func pollEnded(at now: Instant) {
        presence.pollEnded(at: now)
        failures = 0
        if let told = trouble {
            trouble = nil
            outputs.append(.cleared(told))
        }
        phase = .resting(until: now + Self.pause)
    }

    mutating func send(
        _ step: Step, attempt: Int = 1, at now: Instant
    ) {
        let command = step.command
        outputs.append(.send(step == .wake ? .waking(command) : command.packet))
        let wait = isFirst && attempt == 1 ? Self.firstAckTimeout : Self.ackTimeout
        phase = .sent(step, until: now + wait, attempt: attempt)
    }

    mutating func repeatOrFail(
        _ step: Step, _ attempt: Int, _ reason: PN532Trouble, at now: Instant
    ) {
        if attempt < Self.attempts {
            send(step, attempt: attempt + 1, at: now)
        } else {
            fail(reason, at: now)
        }
    }

    /// Starts over, later each time. Cards stay known: one that lies there has not come anew.
    mutating func fail(
        _ reason: PN532Trouble, at now: Instant
    ) {
        failures = min(failures + 1, 32)
        deframer.reset()
        isFirst = false
        firmware = nil
        var wait = Self.shortestBackOff
        for _ in 1..<failures where wait < Self.longestBackOff { wait = wait * 2 }
        phase = .failed(until: now + min(wait, Self.longestBackOff))
        guard failures >= Self.failuresUntilTold, trouble != reason else { return }
        if let told = trouble { outputs.append(.cleared(told)) }
        trouble = reason
        outputs.append(.raised(reason))
    }
}
