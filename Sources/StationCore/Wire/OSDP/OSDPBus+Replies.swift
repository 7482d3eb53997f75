// What a reply is: whose it is, and whether it may be believed.

import EventLoop

extension OSDPBus {
    /// Takes a whole frame whose check fits. Its bytes are in `scratch`.
    mutating func take(
        _ frame: OSDPFrame, at now: Instant, _ outputs: inout OSDPOutputs
    ) {
        guard let asked = exchange else { return }
        let index = asked.peer
        // We ask under a CRC, so a PD has to answer under one. Eight bits of checksum let one
        // damaged frame in 256 pass, which in the clear is somebody else's card.
        guard frame.check == .crc16 else {
            peers[index].counters.damaged += 1
            exchange?.isDamaged = true
            return
        }
        guard frame.address == peers[index].address else {
            peers[index].counters.strays += 1
            return
        }
        let code = OSDPReplyCode(rawValue: frame.code)
        if frame.block == nil, code == .busy, frame.payload.isEmpty,
            frame.sequence == 0 || frame.sequence == asked.sequence
        {
            return takeBusy(index, at: now, &outputs)
        }
        let nak =
            frame.block == nil && code == .nak && !frame.payload.isEmpty
            ? OSDPNak(rawValue: scratch[frame.payload.lowerBound]) : nil
        // A PD that lost count says so under a number of its own.
        guard frame.sequence == asked.sequence || nak == .sequence else {
            peers[index].counters.strays += 1
            return
        }
        peers[index].counters.replies += 1
        if let nak { return takeClear(nak, index, at: now, &outputs) }
        if peers[index].session == nil {
            takeOutsideChannel(frame, code, index, at: now, &outputs)
        } else {
            takeInsideChannel(frame, code, index, at: now, &outputs)
        }
    }

    // MARK: Not yet, and no

    /// The PD needs more time: the same frame again, in a moment. BUSY is always in the clear, so
    /// it proves nobody's presence.
    private mutating func takeBusy(
        _ index: Int, at now: Instant, _ outputs: inout OSDPOutputs
    ) {
        endExchange(at: now)
        wasMissed = false
        peers[index].counters.busy += 1
        peers[index].busyInARow += 1
        if peers[index].busyInARow > OSDPLimits.busyInARow {
            begin(index, after: .zero, at: now, &outputs)
        } else {
            peers[index].isUnanswered = true
            peers[index].due = now + OSDPTimings.busy
        }
    }

    /// A NAK in the clear. Within a channel only "your check was wrong" may come so; every other
    /// one means that the PD has no channel any more, or that somebody wants us to think so. Either
    /// way a new channel is made, and nothing is believed until it stands.
    private mutating func takeClear(
        _ nak: OSDPNak, _ index: Int, at now: Instant, _ outputs: inout OSDPOutputs
    ) {
        peers[index].counters.naks += 1
        if nak == .check {
            endExchange(at: now)
            return sayAgain(index, at: now, &outputs)
        }
        if peers[index].phase == .settingKey {
            endExchange(at: now)
            return endInstall(index, .refused(nak), at: now, &outputs)
        }
        if peers[index].session != nil || nak == .sequence {
            endExchange(at: now)
            return lose(index, at: now, &outputs)
        }
        switch peers[index].phase {
        case .challenging, .proving:
            fail(
                index, peers[index].install == nil ? .refused : .notInInstallMode, at: now,
                &outputs)
        case .examining:
            fail(index, .wrongKey, at: now, &outputs)
        case .up:
            answered(index, at: now)
            heard(index, at: now)
            finish(.nak(nak), index, at: now, &outputs)
        case .identifying, .describing, .settingKey:
            endExchange(at: now)
            setBack(index, at: now, &outputs)
        }
    }

    // MARK: Within a channel

    private mutating func takeInsideChannel(
        _ frame: OSDPFrame, _ code: OSDPReplyCode?, _ index: Int, at now: Instant,
        _ outputs: inout OSDPOutputs
    ) {
        guard let block = frame.block, block.kind == .reply || block.kind == .encryptedReply else {
            peers[index].counters.clearReplies += 1
            if peers[index].phase == .settingKey {
                // Some PDs close the channel together with KEYSET. Whether the key is in is proven
                // by the handshake that follows, not by this.
                return prove(index, at: now, &outputs)
            }
            return fail(index, .clearReply, at: now, &outputs)
        }
        guard let opening = peers[index].session?.open(&scratch, frame) else { return }
        switch opening {
        case .wrongMAC: return macFailed(index, at: now, &outputs)
        case .wrongPadding:
            endExchange(at: now)
            peers[index].counters.malformed += 1
            return lose(index, at: now, &outputs)
        case .opened(let count):
            answered(index, at: now)
            heard(index, at: now)
            guard let reply = parse(frame, code, count, index) else {
                return finish(nil, index, at: now, &outputs)
            }
            if block.kind == .reply, reply.isConfidential {
                // A MAC without encryption: true, but everybody on the line has read it.
                peers[index].counters.clearReplies += 1
                return fail(index, .clearReply, at: now, &outputs)
            }
            if peers[index].phase == .settingKey {
                if case .nak(let nak) = reply {
                    return endInstall(index, .refused(nak), at: now, &outputs)
                }
                return prove(index, at: now, &outputs)
            }
            finish(reply, index, at: now, &outputs)
        }
    }

    private mutating func macFailed(
        _ index: Int, at now: Instant, _ outputs: inout OSDPOutputs
    ) {
        peers[index].counters.macFailures += 1
        if now - peers[index].firstMACFailure > OSDPTimings.macFailureWindow {
            peers[index].macFailures = 0
        }
        if peers[index].macFailures == 0 { peers[index].firstMACFailure = now }
        peers[index].macFailures += 1
        guard peers[index].macFailures >= OSDPLimits.macFailures else {
            endExchange(at: now)
            return lose(index, at: now, &outputs)
        }
        peers[index].macFailures = 0
        fail(index, .macFailures, at: now, &outputs)
        peers[index].due = now + OSDPTimings.macLockout
    }

    // MARK: Outside a channel

    private mutating func takeOutsideChannel(
        _ frame: OSDPFrame, _ code: OSDPReplyCode?, _ index: Int, at now: Instant,
        _ outputs: inout OSDPOutputs
    ) {
        switch peers[index].phase {
        case .challenging, .proving, .examining:
            return takeHandshake(frame, code, index, at: now, &outputs)
        case .identifying, .describing, .up, .settingKey:
            break
        }
        guard frame.block == nil else {
            // Secured, and there is no channel: not an answer to this question.
            peers[index].counters.strays += 1
            return
        }
        let reply = parse(frame, code, frame.payload.count, index)
        switch (peers[index].phase, reply) {
        case (.identifying, .identity(let identity)?):
            answered(index, at: now)
            if peers[index].identity != identity {
                peers[index].identity = identity
                outputs.news(index, .identified(identity))
            }
            peers[index].phase = .describing
            peers[index].due = now
        case (.describing, .capabilities(let capabilities)?):
            answered(index, at: now)
            if peers[index].capabilities != capabilities {
                peers[index].capabilities = capabilities
                outputs.news(index, .described(capabilities))
            }
            described(index, capabilities, at: now, &outputs)
        case (.up, _):
            answered(index, at: now)
            heard(index, at: now)
            finish(reply, index, at: now, &outputs)
        case (.identifying, _), (.describing, _), (.challenging, _), (.proving, _),
            (.examining, _), (.settingKey, _):
            peers[index].counters.malformed += 1
            endExchange(at: now)
            setBack(index, at: now, &outputs)
        }
    }

    /// Reads the data that `scratch` holds in the clear.
    func parse(
        _ frame: OSDPFrame, _ code: OSDPReplyCode?, _ count: Int, _ index: Int
    ) -> OSDPReply? {
        guard let code else { return nil }
        let start = frame.payload.lowerBound
        return try? OSDPReply(code: code, scratch.span.extracting(start..<start + count))
    }
}
