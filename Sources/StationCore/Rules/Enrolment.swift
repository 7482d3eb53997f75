// An enrolment's own rule: a master first, then the card, within a minute, at one reader.

import EventLoop

/// A card that is about to become a key.
struct Enrolment: Sendable {
    enum Stage: Sendable {
        /// A master or a deputy has to agree.
        case master
        case card
        /// The card was shown once, with this whole number, and has to be shown again.
        case again(MatchForm)
        /// The card is to be written down as soon as that entry is: what it becomes has a cause.
        case taken(EnrolmentTask, entry: Ticket)
        /// The card is being written down.
        case keeping(EnrolmentTask)
    }

    /// From the request to the last card.
    static let patience = Interval.seconds(60)

    let order: EnrolmentOrder
    let authority: Authority
    var stage = Stage.master
    /// The world has the card and answers.
    var isHandedOver = false

    init(_ order: EnrolmentOrder, by authority: Authority) {
        self.order = order
        self.authority = authority
    }

    var wantsKeeping: Bool {
        if case .keeping = stage { return !isHandedOver }
        return false
    }

    /// Whether a key's holder may approve: a master, or a deputy in their time.
    static func mayApprove(
        _ record: KeyRecord, calendar: Calendar, policy: StationPolicy, now: Instant
    ) -> Bool {
        guard record.state == .active else { return false }
        switch record.role {
        case .master, .deputy: break
        case .rider, .crew: return false
        }
        switch AccessDecision.validity(of: record, calendar: calendar, policy: policy, now: now) {
        case .granted(.grace), .denied: return false
        case .granted: return true
        }
    }

    /// What a card that nobody knows comes to by itself; `nil`: it may be a key.
    ///
    /// - Parameter whole: the match form of its whole number.
    func judge(
        _ credential: Credential, _ format: WiegandFormat?, whole: MatchForm
    ) -> EnrolmentStep? {
        let flaw = credential.flaw(format: format)
        if case .again(let first) = stage {
            if first == whole { return nil }
            return flaw == .doubtful ? .changing : Self.step(flaw, order.asItIs)
        }
        return Self.step(flaw, order.asItIs)
    }

    private static func step(_ flaw: CardFlaw?, _ isAsItIs: Bool) -> EnrolmentStep? {
        switch flaw {
        case nil: nil
        case .random: .random
        case .half: isAsItIs ? nil : .half
        case .checkByte: isAsItIs ? nil : .checkByte
        case .doubtful: .again
        }
    }
}
