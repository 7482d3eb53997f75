// The notice that stands: set by a person or a hub, gone at its end.

public import EventLoop

extension Station {
    /// No notice stands for longer: what is true for months is on a sign.
    public static let noticeSeconds: Int64 = 31 * 86_400

    /// What is to be read here now.
    public var currentNotice: Notice? { notice }

    /// A person has something to be read. It takes the place of what was there.
    ///
    /// - Returns: why not; `nil`: it stands.
    public mutating func told(
        _ notice: Notice, by authority: Authority, person: CrewMember? = nil, at now: Instant
    ) -> DecisionRefusal? {
        if let refusal = refusal(of: notice.until, within: Self.noticeSeconds, at: now) {
            return refusal
        }
        self.notice = notice
        hasNoticeWord = true
        write(
            .noticeSet(until: notice.until, by: authority), key: person?.id ?? .empty,
            holder: person?.name ?? .empty, at: now)
        lookAtNotice(at: now)
        return nil
    }

    /// A person takes it down. False: there is none.
    public mutating func clearNotice(
        by authority: Authority, person: CrewMember? = nil, at now: Instant
    ) -> Bool {
        guard notice != nil else { return false }
        notice = nil
        hasNoticeWord = true
        write(
            .noticeEnded(by: authority), key: person?.id ?? .empty,
            holder: person?.name ?? .empty, at: now)
        return true
    }

    /// What stood in the run before; what a person has said in this run stands.
    public mutating func recalled(_ notice: Notice?, at now: Instant) {
        guard !hasNoticeWord else { return }
        self.notice = notice
        lookAtNotice(at: now)
    }

    /// An entry says until when what stands now was to stand. The text of another one is lost.
    public mutating func recalledNotice(until: WallTime?, at now: Instant) {
        guard !hasNoticeWord, notice?.until != until else { return }
        notice = nil
    }

    /// The clock was observed, or the notice may be over. Without a clock it stands until it is
    /// certainly later: better a notice too long than none.
    @inline(never)
    mutating func lookAtNotice(at now: Instant) {
        guard let until = notice?.until else { return }
        let wall = calendar.isTrusted ? calendar.wallTime(at: now) : calendar.floor
        if until <= wall {
            notice = nil
            write(.noticeEnded(by: .schedule), at: now)
        } else if let due = noticeDeadline {
            deadlines.bringForward(serviceOwner, to: due)
        }
    }

    /// When it is over; `nil`: there is none, or nobody knows what time it is.
    var noticeDeadline: Instant? {
        guard calendar.isTrusted, let until = notice?.until else { return nil }
        let (nanoseconds, isTooFar) = until.milliseconds.multipliedReportingOverflow(by: 1_000_000)
        return isTooFar ? nil : Instant(nanoseconds: nanoseconds &- calendar.wallOffset)
    }
}
