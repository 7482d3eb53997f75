// What comes of a question: values, a refusal, silence; and what it says of the box.

import EventLoop

extension FieldBusDriver {
    mutating func hear(
        _ news: BusExchange.News, at now: Instant, into outputs: inout DriverOutputs
    ) {
        switch news {
        case .pushed(let answer, let place):
            members[place].counters.pushes += 1
            contact(place, at: now, into: &outputs)
            let isRepeated = acknowledge(answer, place, at: now)
            _ = members[place].readings.takeFrame(
                answer, to: nil, isRepeated: isRepeated, at: now)
            collect(place)
        case .late(let place):
            members[place].counters.late += 1
            members[place].restsUntil = now
        case .ended(let ending, let place, let took, let spent):
            guard let use, let question else { return }
            self.use = nil
            self.question = nil
            count(ending, took, spent, place, at: now)
            switch use {
            case .poll(let ask, let isProbe):
                finish(ask, isProbe, ending, place, at: now, into: &outputs)
            case .look(let ask):
                finish(ask, false, ending, place, at: now, into: &outputs)
                if case .silent = ending, members[place].hasRepeated { break }
                if let index = index(of: served, place) {
                    members[place].orders[index].looked(at: now)
                }
            case .waking:
                members[place].hasRepeated = true
                if case .answered = ending { contact(place, at: now, into: &outputs) }
            case .acknowledging: break
            case .telling(let isOptional):
                finishTelling(
                    ending, question, isOptional, place, at: now, into: &outputs)
            }
        }
    }

    /// A board that repeats until it is heard hears it when what happened is written down; anything
    /// else at once. Returns whether it said the same a moment ago.
    private mutating func acknowledge(
        _ push: BusAnswer, _ place: Int, at now: Instant
    ) -> Bool {
        let settings = members[place].settings
        guard let bytes = settings.language.acknowledgement(of: push, at: settings.address)
        else { return false }
        guard members[place].readings.tellsEvent(push, at: now) else {
            reply(bytes, place)
            return false
        }
        members[place].told.removeAll { now - $0.at > FieldBusMember.Limit.repetition }
        if members[place].told.contains(where: { $0.answer == push }) {
            // It waits for its entry still, or the acknowledgement was lost.
            if !members[place].held.contains(where: { $0.answer == push }) { reply(bytes, place) }
            return true
        }
        guard members[place].held.count < FieldBusMember.Limit.acknowledgements else {
            // It says it again.
            return true
        }
        if members[place].told.count == FieldBusMember.Limit.acknowledgements * 4 {
            members[place].told.removeFirst()
        }
        members[place].told.append((push, now))
        lastPush += 1
        members[place].held.append((lastPush, push, bytes))
        return false
    }

    private mutating func reply(_ bytes: [UInt8], _ place: Int) {
        guard members[place].acknowledgements.count < FieldBusMember.Limit.acknowledgements else {
            return
        }
        members[place].acknowledgements.append(bytes)
    }

    public var heldPush: UInt64? {
        members.compactMap { $0.held.last?.number }.max()
    }

    public mutating func release(
        push: UInt64, at now: Instant, into outputs: inout DriverOutputs
    ) {
        for place in members.indices {
            while let first = members[place].held.first, first.number <= push {
                reply(first.bytes, place)
                members[place].held.removeFirst()
            }
        }
        if isAttached { go(at: now, into: &outputs) }
    }

    private mutating func count(
        _ ending: BusExchange.Ending, _ took: Interval, _ spent: Interval, _ place: Int,
        at now: Instant
    ) {
        used(spent, by: place, isProbe: members[place].isLost, at: now)
        switch ending {
        case .answered(let answer):
            members[place].counters.answers += 1
            members[place].answered(after: took, at: now)
            if case .refused = answer { members[place].counters.refusals += 1 }
        case .silent: members[place].counters.timeouts += 1
        case .garbled: members[place].counters.garbled += 1
        case .told: break
        }
    }

    // MARK: Polls

    /// A question for points came to an end.
    private mutating func finish(
        _ ask: BusAsk, _ isProbe: Bool, _ ending: BusExchange.Ending, _ place: Int,
        at now: Instant, into outputs: inout DriverOutputs
    ) {
        switch ending {
        case .answered(.refused(let code)):
            contact(place, at: now, into: &outputs)
            if Self.isPassing(code, of: members[place].settings.language) {
                members[place].plan.postponed(ask.slots, until: now + .milliseconds(200))
            } else {
                missing(members[place].plan.refused(ask.slots, at: now), of: place, at: now)
            }
        case .answered(let answer):
            contact(place, at: now, into: &outputs)
            take(answer, ask, place, at: now)
        case .silent: missed(.silent, ask, place, at: now, into: &outputs)
        case .garbled: missed(.garbled, ask, place, at: now, into: &outputs)
        case .told: members[place].plan.answered(ask.slots, at: now)
        }
        tellRefusing(place, into: &outputs)
        members[place].nextDue = members[place].plan.nextDue
        collect(place)
    }

    /// Modbus's "acknowledged" and "busy" say nothing about the register.
    private static func isPassing(_ code: Int, of language: BusLanguage) -> Bool {
        language.isModbus && (code == 5 || code == 6)
    }

    private mutating func take(
        _ answer: BusAnswer, _ ask: BusAsk, _ place: Int, at now: Instant
    ) {
        if case .frame = answer {
            _ = members[place].readings.takeFrame(answer, to: ask.question, at: now)
            for slot in ask.slots {
                members[place].readings.missUnsaid(
                    in: answer, to: ask.question, of: members[place].plan.slots[slot].points,
                    at: now)
            }
        } else {
            for slot in ask.slots {
                _ = members[place].readings.take(
                    answer, to: ask.question, of: members[place].plan.slots[slot].points, at: now)
            }
        }
        members[place].plan.answered(ask.slots, at: now)
    }

    /// Points that the box has nothing to say of.
    mutating func missing(_ slots: [Int], of place: Int, at now: Instant) {
        for slot in slots {
            members[place].readings.miss(members[place].plan.slots[slot].points, at: now)
        }
        collect(place)
    }

    /// It answers, and refuses part of what its profile asks for.
    private mutating func tellRefusing(_ place: Int, into outputs: inout DriverOutputs) {
        let isRefusing = members[place].plan.isAnyRefused
        guard isRefusing != members[place].isRefusing else { return }
        members[place].isRefusing = isRefusing
        outputs.append(
            isRefusing ? .raised(.refusing) : .cleared(.refusing), for: members[place].device)
    }

    // MARK: Orders

    private mutating func finishTelling(
        _ ending: BusExchange.Ending, _ question: BusQuestion, _ isOptional: Bool, _ place: Int,
        at now: Instant, into outputs: inout DriverOutputs
    ) {
        var isAsleep = false
        switch ending {
        case .answered(let answer):
            contact(place, at: now, into: &outputs)
            _ = members[place].readings.takeFrame(answer, to: question, at: now)
        case .silent where isOptional: break
        case .silent:
            isAsleep =
                members[place].settings.timing.repeatsFirst && !members[place].hasRepeated
                && index(of: served, place).map {
                    members[place].orders[$0].settings.isIdempotent
                } == true
            if isAsleep {
                members[place].hasRepeated = true
            } else {
                fails(.silent, place, at: now, into: &outputs)
            }
        case .garbled: fails(.garbled, place, at: now, into: &outputs)
        case .told: break
        }
        collect(place)
        guard let index = index(of: served, place) else { return }
        members[place].orders[index].told(
            ending, isOptional: isOptional, isSafe: isAsleep, at: now)
    }

    // MARK: Presence

    /// It was heard.
    private mutating func contact(
        _ place: Int, at now: Instant, into outputs: inout DriverOutputs
    ) {
        let before = members[place].standing
        members[place].heardAt = now
        (members[place].misses, members[place].garbles) = (0, 0)
        (members[place].attempts, members[place].hasRepeated) = (0, false)
        members[place].standing = .well
        switch before {
        case .well: return
        case .degraded: return
        case .lost:
            // Its registers are met anew: another box may hang there.
            members[place].plan.startAfresh(at: now)
        case .unmet: break
        }
        members[place].setMains(BusDeviceSettings.mainsOn, at: now)
        members[place].restsUntil = now
        members[place].nextDue = members[place].plan.nextDue
        collect(place)
        outputs.append(.online, for: members[place].device)
    }

    /// A question for points came to nothing.
    private mutating func missed(
        _ absence: FieldBusMember.Absence, _ ask: BusAsk, _ place: Int, at now: Instant,
        into outputs: inout DriverOutputs
    ) {
        // A sleeper hears the second one.
        if absence == .silent, members[place].settings.timing.repeatsFirst,
            !members[place].hasRepeated
        {
            members[place].hasRepeated = true
            if members[place].isLost { members[place].nextProbe = now }
            return
        }
        members[place].hasRepeated = false
        // Noise costs a turn, not the box.
        if absence == .garbled, members[place].garbles < FieldBusMember.Limit.garbles {
            members[place].garbles += 1
            if members[place].isLost { members[place].nextProbe = now }
            return
        }
        members[place].garbles = 0
        members[place].restsUntil = now + members[place].doubt
        fails(absence, place, at: now, into: &outputs)
    }

    /// One miss more.
    private mutating func fails(
        _ absence: FieldBusMember.Absence, _ place: Int, at now: Instant,
        into outputs: inout DriverOutputs
    ) {
        members[place].misses += 1
        switch members[place].standing {
        case .lost: return rest(place, at: now)
        case .unmet where members[place].misses < FieldBusMember.Limit.missesUnmet: return
        case .well, .degraded:
            members[place].standing = .degraded
            guard members[place].misses >= FieldBusMember.Limit.misses else { return }
        case .unmet: break
        }
        lose(place, to: absence, at: now, into: &outputs)
    }

    private mutating func lose(
        _ place: Int, to absence: FieldBusMember.Absence, at now: Instant,
        into outputs: inout DriverOutputs
    ) {
        let isMains = absence == .silent && members[place].settings.timing.silence == .mainsOff
        let reason = isMains ? FieldBusMember.Absence.mainsOff : absence
        members[place].standing = .lost(reason)
        members[place].attempts = 0
        if members[place].isRefusing {
            members[place].isRefusing = false
            outputs.append(.cleared(.refusing), for: members[place].device)
        }
        members[place].readings.fade(at: now)
        members[place].forgetLatency()
        if let fault = FieldBusMember.fault(of: reason) {
            outputs.append(.offline(fault), for: members[place].device)
        } else {
            // It is where it should be, and says by its silence that there is no mains.
            members[place].setMains(BusDeviceSettings.mainsOff, at: now)
            outputs.append(.online, for: members[place].device)
        }
        rest(place, at: now)
        collect(place)
    }
}
