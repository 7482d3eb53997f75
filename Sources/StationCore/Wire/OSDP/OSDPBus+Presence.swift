// Who takes part, who does not, and when somebody who does not is tried again.

import EventLoop

extension OSDPBus {
    /// A reply was a good answer to the question under way.
    mutating func answered(_ index: Int, at now: Instant) {
        let sentAt = exchange?.sentAt ?? now
        endExchange(at: now)
        wasMissed = false
        let sequence = peers[index].nextSequence
        peers[index].nextSequence = sequence == 3 ? 1 : sequence + 1
        peers[index].isUnanswered = false
        peers[index].misses = 0
        peers[index].busyInARow = 0
        if peers[index].request == .poll { peers[index].due = sentAt + OSDPTimings.poll }
    }

    /// A reply proves that the PD is there.
    mutating func heard(_ index: Int, at now: Instant) { peers[index].lastHeard = now }

    /// The PD takes part from now on.
    mutating func arrive(_ index: Int, at now: Instant, _ outputs: inout OSDPOutputs) {
        peers[index].phase = .up
        peers[index].upSince = now
        peers[index].due = now
        peers[index].nextQuestions = now
        let wasAway =
            peers[index].presence != .online || now - peers[index].lastHeard > OSDPTimings.stale
        // One that has not paused since it was away before goes on from there.
        if wasAway, peers[index].backlog == nil { peers[index].backlog = OSDPBacklog() }
        heard(index, at: now)
        if let fault = peers[index].fault {
            peers[index].fault = nil
            outputs.news(index, .recovered(fault))
        }
        guard peers[index].presence != .online else { return }
        peers[index].presence = .online
        outputs.news(index, .online(isSecure: peers[index].session != nil))
    }

    /// The PD does not take part, or not any more.
    mutating func leave(_ index: Int, _ outputs: inout OSDPOutputs) {
        guard peers[index].presence != .offline else { return }
        peers[index].presence = .offline
        caughtUp(index, &outputs)
        // What it reports when it is back is news again.
        peers[index].localStatus = nil
        peers[index].inputs = nil
        peers[index].outputs = nil
        peers[index].readers = nil
        peers[index].unknown = []
        for order in peers[index].orders { outputs.news(index, .lapsed(order.command.code)) }
        peers[index].orders.removeAll(keepingCapacity: true)
        outputs.news(index, .offline)
    }

    // MARK: Trouble

    /// The reply did not come.
    mutating func missed(_ index: Int, at now: Instant, _ outputs: inout OSDPOutputs) {
        endExchange(at: now)
        wasMissed = true
        peers[index].counters.timeouts += 1
        sayAgain(index, at: now, &outputs)
    }

    /// The frame under way had no good answer: word for word again after a pause, or, when that was
    /// done often enough, from the beginning.
    mutating func sayAgain(_ index: Int, at now: Instant, _ outputs: inout OSDPOutputs) {
        peers[index].misses += 1
        let pause = backOff(index, at: now)
        switch peers[index].phase {
        case .up, .settingKey:
            guard peers[index].misses > OSDPLimits.repetitions else {
                peers[index].isUnanswered = true
                peers[index].due = now + pause
                return
            }
            if peers[index].phase == .settingKey { peers[index].install?.isProving = true }
            begin(index, after: pause, at: now, &outputs)
        case .identifying, .describing, .challenging, .proving, .examining:
            begin(index, after: pause, at: now, &outputs)
        }
    }

    /// From the beginning, after a pause.
    mutating func begin(
        _ index: Int, after pause: Interval, at now: Instant, _ outputs: inout OSDPOutputs
    ) {
        lapse(index, &outputs)
        if peers[index].session != nil { peers[index].counters.sessionsLost += 1 }
        peers[index].startAfresh()
        peers[index].due = now + pause
    }

    /// The channel is gone. The first time at once from the beginning, then ever later.
    mutating func lose(_ index: Int, at now: Instant, _ outputs: inout OSDPOutputs) {
        if peers[index].isUp, now - peers[index].upSince >= OSDPTimings.stable {
            peers[index].setbacks = 0
        }
        if peers[index].setbacks == 0 {
            peers[index].setbacks = 1
            begin(index, after: .zero, at: now, &outputs)
        } else {
            setBack(index, at: now, &outputs)
        }
    }

    /// Something failed that will not be better at once.
    mutating func setBack(_ index: Int, at now: Instant, _ outputs: inout OSDPOutputs) {
        let rests = OSDPTimings.setbackRests
        let pause = rests[min(peers[index].setbacks, rests.count - 1)]
        peers[index].setbacks += 1
        begin(index, after: jittered(pause), at: now, &outputs)
    }

    /// A security fault: the PD is kept offline, which is told once, and tried again later.
    mutating func fail(
        _ index: Int, _ fault: OSDPSecurityFault, at now: Instant, _ outputs: inout OSDPOutputs
    ) {
        if exchange?.peer == index { endExchange(at: now) }
        wasMissed = false
        peers[index].misses = 0
        if peers[index].isUp, now - peers[index].upSince >= OSDPTimings.stable {
            peers[index].setbacks = 0
        }
        let hasFactoryKey = fault == .installMode || fault == .defaultKeyClaimed
        if peers[index].install?.isProving == true, hasFactoryKey {
            // KEYSET did not reach it: once more, for as long as install mode lasts.
            peers[index].install?.isProving = false
            return setBack(index, at: now, &outputs)
        }
        if fault.isAboutKey, peers[index].install == nil { peers[index].tryOtherKey() }
        setBack(index, at: now, &outputs)
        if peers[index].fault != fault {
            if let former = peers[index].fault { outputs.news(index, .recovered(former)) }
            peers[index].fault = fault
            outputs.news(index, .faulted(fault))
        }
        leave(index, &outputs)
    }

    /// The order under way has no answer and will not be repeated.
    private mutating func lapse(_ index: Int, _ outputs: inout OSDPOutputs) {
        guard peers[index].isOrder else { return }
        peers[index].isOrder = false
        outputs.news(index, .lapsed(peers[index].request))
    }

    // MARK: Pauses

    private mutating func backOff(_ index: Int, at now: Instant) -> Interval {
        let steps = OSDPTimings.backOffs
        let step = steps[min(peers[index].misses, steps.count) - 1]
        let isAway = now - peers[index].lastHeard >= OSDPTimings.away
        return jittered(isAway ? OSDPTimings.longBackOff : step)
    }

    /// Up to a quarter shorter, so that readers that died together do not come back together.
    private mutating func jittered(_ interval: Interval) -> Interval {
        let chance = Int64(random.takeByte() ?? 0)
        return Interval(nanoseconds: interval.nanoseconds - interval.nanoseconds / 1_024 * chance)
    }
}

extension OSDPSecurityFault {
    /// Whether another key could do.
    fileprivate var isAboutKey: Bool {
        switch self {
        case .wrongKey, .installMode, .defaultKeyClaimed, .refused: true
        case .noKey, .downgraded, .clearReply, .wrongInitialMAC, .macFailures, .notInInstallMode:
            false
        }
    }
}
