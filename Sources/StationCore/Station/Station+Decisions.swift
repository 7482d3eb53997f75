// What masters and crew decide over services and hours: pauses, and hours for today.
//
//   a word ─► checked against the clock ─► entry with who ─► services and doors follow at once
//
// Whoever uses a part when its service is paused is told by its machine as by the end of its hours;
// a locker's holder gets at their things as at night.

public import EventLoop

/// Why a person's decision does not hold.
public enum DecisionRefusal: Error, Equatable, Sendable {
    case noSuchService
    case noSuchHours
    /// It speaks of a time, and nobody knows what time it is.
    case clockUnknown
    /// It would be over already.
    case past
    case tooFar
    /// A day of more stretches than an entry has room for.
    case tooManyStretches
    case notPaused
}

/// What a person says of hours.
public enum HoursWord: Equatable, Sendable {
    /// Open from now until then, and closed for the rest of the day.
    case open(until: WallTime)
    /// Closed for the rest of the day; while a stretch of the day before runs, that one ends.
    case closed
    /// These are today's.
    case today(DayHours)
    /// Severe weather: open until then, whatever the hours say.
    case severeWeather(until: WallTime)
    /// The written ones again.
    case planned
}

extension Station {
    /// How far ahead a decision may reach.
    public enum DecisionLimit {
        /// A pause of a season: a cooling post in winter.
        public static let pauseSeconds: Int64 = 366 * 86_400
        /// Longer than any storm; whoever still needs it says it again.
        public static let weatherSeconds: Int64 = 7 * 86_400
    }

    // MARK: Pauses

    /// A person lets nobody begin to use a service.
    ///
    /// - Returns: why not; `nil`: it is paused.
    public mutating func paused(
        _ service: ServiceID, _ pause: ServicePause, by authority: Authority,
        person: CrewMember? = nil, at now: Instant
    ) -> DecisionRefusal? {
        let place = Int(service.index)
        guard resolved.services.indices.contains(place) else { return .noSuchService }
        if let until = pause.until,
            let refusal = refusal(of: until, within: DecisionLimit.pauseSeconds, at: now)
        {
            return refusal
        }
        services.pauses[place] = pause
        services.hasPauseWord[place] = true
        write(service, .paused, value: pause.packed, by: authority, person, at: now)
        followPauses(at: now)
        return nil
    }

    /// A person gives it back.
    public mutating func resumed(
        _ service: ServiceID, by authority: Authority, person: CrewMember? = nil, at now: Instant
    ) -> DecisionRefusal? {
        let place = Int(service.index)
        guard resolved.services.indices.contains(place) else { return .noSuchService }
        guard services.pauses[place] != nil else { return .notPaused }
        services.hasPauseWord[place] = true
        resume(service, by: authority, person, at: now)
        followPauses(at: now)
        return nil
    }

    /// Whether somebody has paused a service, and why.
    public borrowing func pause(of service: Int) -> ServicePause? { services.pauses[service] }

    /// What the run before knew of a pause; what a person has said in this run stands.
    public mutating func recalled(_ pause: ServicePause?, of service: Int, at now: Instant) {
        guard services.pauses.indices.contains(service), !services.hasPauseWord[service] else {
            return
        }
        services.pauses[service] = pause
        followPauses(at: now)
    }

    /// The clock was observed, or a pause may be over.
    @inline(never)
    mutating func lookAtPauses(at now: Instant) {
        let wall = calendar.isTrusted ? calendar.wallTime(at: now) : calendar.floor
        var isNews = false
        for place in services.pauses.indices {
            guard let until = services.pauses[place]?.until, until <= wall else { continue }
            resume(ServiceID(place), by: .schedule, nil, at: now)
            isNews = true
        }
        if isNews, !machines.isEmpty { followServiceHours(at: now) }
        if let due = pauseDeadline { deadlines.bringForward(serviceOwner, to: due) }
    }

    /// When the next pause is over; `nil`: none has an end, or nobody knows what time it is.
    var pauseDeadline: Instant? {
        guard calendar.isTrusted,
            let next = services.pauses.lazy.compactMap({ $0?.until }).min()
        else { return nil }
        let (nanoseconds, isTooFar) = next.milliseconds.multipliedReportingOverflow(by: 1_000_000)
        return isTooFar ? nil : Instant(nanoseconds: nanoseconds &- calendar.wallOffset)
    }

    private mutating func followPauses(at now: Instant) {
        if !machines.isEmpty { followServiceHours(at: now) }
        lookAtPauses(at: now)
    }

    private mutating func resume(
        _ service: ServiceID, by authority: Authority, _ person: CrewMember?, at now: Instant
    ) {
        services.pauses[Int(service.index)] = nil
        write(service, .unpaused, by: authority, person, at: now)
    }

    /// A step of the service itself stands at its first part.
    private mutating func write(
        _ service: ServiceID, _ step: ServiceStep, value: Int64 = 0, by authority: Authority,
        _ person: CrewMember?, at now: Instant
    ) {
        write(
            .servicePart(service: service, unit: 0, step: step, value: value, by: authority),
            key: person?.id ?? .empty, holder: person?.name ?? .empty, at: now)
    }

    /// Whether a moment that somebody names can be believed.
    borrowing func refusal(
        of until: WallTime, within seconds: Int64, at now: Instant
    ) -> DecisionRefusal? {
        guard calendar.isTrusted else { return .clockUnknown }
        let wall = calendar.wallTime(at: now)
        if until <= wall { return .past }
        return until.milliseconds > wall.milliseconds + seconds * 1_000 ? .tooFar : nil
    }

    // MARK: Hours

    /// A person says something of sets of hours. It holds for all of them or for none.
    ///
    /// - Returns: why not; `nil`: it holds, and doors and services follow.
    public mutating func told(
        _ word: HoursWord, of places: [Int], by authority: Authority, person: CrewMember? = nil,
        at now: Instant
    ) -> DecisionRefusal? {
        guard places.allSatisfy(resolved.hours.indices.contains) else { return .noSuchHours }
        var changes: [(place: Int, change: HoursChange?, note: HoursNote)] = []
        for place in places {
            do throws(DecisionRefusal) {
                let change = try change(by: word, of: place, at: now)
                guard let note = HoursNote(change) else { throw .tooManyStretches }
                changes.append((place, change, note))
            } catch {
                return error
            }
        }
        for (place, change, note) in changes {
            decidedHours |= 1 << UInt64(place)
            write(
                .hoursChanged(hours: UInt8(clamping: place), note, by: authority),
                key: person?.id ?? .empty, holder: person?.name ?? .empty, at: now)
            decided(change, for: place, at: now)
        }
        return nil
    }

    private borrowing func change(
        by word: HoursWord, of place: Int, at now: Instant
    ) throws(DecisionRefusal) -> HoursChange? {
        let wall = calendar.wallTime(at: now)
        switch word {
        case .planned: return nil
        case .severeWeather(let until):
            let limit = DecisionLimit.weatherSeconds
            if let refusal = refusal(of: until, within: limit, at: now) { throw refusal }
            return .severeWeather(until: until)
        case .today(let hours):
            guard calendar.isTrusted else { throw .clockUnknown }
            return .today(CivilDate(localSeconds: localSeconds(wall)), hours)
        case .closed:
            guard calendar.isTrusted else { throw .clockUnknown }
            return try change(of: place, from: wall, until: wall)
        case .open(let until):
            let day = Int64(DaySpan.day) * 60
            if let refusal = refusal(of: until, within: day, at: now) { throw refusal }
            return try change(of: place, from: wall, until: until)
        }
    }

    /// The day's hours are from now until then. A stretch of the day before that runs is that
    /// day's: then it is its hours that change.
    private borrowing func change(
        of place: Int, from wall: WallTime, until: WallTime
    ) throws(DecisionRefusal) -> HoursChange {
        let now = localSeconds(wall)
        // What ends within a minute has ended with it.
        let end = (localSeconds(until) + 59) / 60
        var date = CivilDate(localSeconds: now)
        let isEnd = until <= wall
        if let running = schedules.stretchOfYesterday(place, atLocalSeconds: now) {
            let before = date.adding(days: -1)
            let minute = Int(isEnd ? now / 60 : end) - before.dayNumber * DaySpan.day
            if let span = DaySpan(start: running.start, end: minute) {
                return .today(before, DayHours([span]))
            }
            // It began in this very minute.
            if isEnd { return .today(before, .closed) }
        }
        guard !isEnd else { return .today(date, .closed) }
        let midnight = Int64(date.dayNumber) * Int64(DaySpan.day)
        guard
            let span = DaySpan(start: Int(now / 60 - midnight), end: Int(end - midnight))
        else { throw .tooFar }
        date = CivilDate(localSeconds: now)
        return .today(date, DayHours([span]))
    }

    private borrowing func localSeconds(_ wall: WallTime) -> Int64 {
        wall.seconds + Int64(calendar.utcOffset)
    }

    /// What the run before knew that somebody decided of a set of hours, oldest first; `nil` among
    /// it took back what was before. What a person has said in this run stands.
    public mutating func recalled(
        _ changes: [HoursChange?], ofHours place: Int, at now: Instant
    ) {
        guard resolved.hours.indices.contains(place), decidedHours & (1 << UInt64(place)) == 0
        else { return }
        var isNews = false
        for change in changes where schedules.change(place, to: change, at: now) { isNews = true }
        // As long as no clock was observed there is nothing to follow.
        if isNews { lookAtHours(at: now) }
    }
}
