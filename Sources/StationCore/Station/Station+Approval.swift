// Operations that wait for two masters: asked for, tapped for twice, carried out.

public import EventLoop

extension Station {
    /// Whether the station file leaves an operation to two masters.
    public func needsTwo(_ operation: MasterOperation) -> Bool {
        resolved.twoMasters?.operations.contains(operation.name) ?? false
    }

    /// Somebody wants something done that two masters have to agree to, at the reader that the
    /// station file names. It is written down, whatever comes of it.
    ///
    /// - Parameter number: `takeApproved` gives it back when both have.
    public mutating func asked(
        _ operation: MasterOperation, number: UInt64, by person: CrewMember, at now: Instant
    ) -> ApprovalRefusal? {
        guard let reader = resolved.twoMasters?.reader, deviceStates[reader].isAttached else {
            return .offline
        }
        guard key != nil, roster != nil else { return .noRoster }
        guard enrolment == nil else { return .enrolling }
        let request = TwoMasters.Request(number: number, operation: operation)
        var output = masters.take(.ask(request), at: now)
        if case .lapsed(let old) = output {
            approvalLapsed(old.operation, at: now)
            output = masters.take(.ask(request), at: now)
        }
        guard case .asked(let end) = output else { return .pending }
        enrolmentReader = reader
        deadlines.set(enrolmentOwner, to: end)
        write(
            .approval(operation, .requested, user: person.user, by: .crew), key: person.id,
            holder: person.name, at: now)
        return nil
    }

    /// The hub agrees to what is pending under that number: it is one of the two.
    ///
    /// - Returns: false: nothing is.
    public mutating func approvedByHub(number: UInt64, at now: Instant) -> Bool {
        guard masters.request?.number == number else { return false }
        agrees(.hub, key: .empty, holder: .empty, by: .hub, at: now)
        return true
    }

    /// The number of an operation that both masters have agreed to, once.
    public mutating func takeApproved() -> UInt64? {
        defer { approved = nil }
        return approved
    }

    /// Whether one waits for masters.
    public var isApprovalPending: Bool { masters.isPending }

    // MARK: Taps

    /// A card at the masters' reader while an operation waits for them. Whoever is no master passes
    /// as always.
    ///
    /// - Returns: whether the card was meant for the approval, and so opens nothing.
    mutating func approves(_ presentation: Presentation, reader: Int, at now: Instant) -> Bool {
        guard let key, let found = match(presentation, reader: reader, key: key)?.record,
            Enrolment.mayApprove(found, calendar: calendar, policy: resolved.policy, now: now)
        else { return false }
        switch agrees(
            .holder(found.passbackHolder), key: found.id, holder: found.holder, by: .card, at: now)
        {
        case .agreed, .same:
            reply(.tryAgain, at: reader, now: now) { _ in .approveNext }
        case .approved:
            reply(.comeIn, at: reader, now: now) { _ in .approveDone }
        case .none, .asked, .busy, .lapsed, .cancelled: return false
        }
        return true
    }

    @discardableResult
    private mutating func agrees(
        _ approver: TwoMasters.Approver, key: ShortText, holder: ShortText,
        by authority: Authority, at now: Instant
    ) -> TwoMasters.Output {
        guard let operation = masters.request?.operation else { return .none }
        let output = masters.take(.agree(approver), at: now)
        switch output {
        case .agreed:
            write(
                .approval(operation, .agreed, user: nil, by: authority), key: key, holder: holder,
                at: now)
        case .approved(let request):
            // The second one's name stands with the approval.
            write(
                .approval(operation, .approved, user: nil, by: authority), key: key,
                holder: holder, at: now)
            approved = request.number
            approvalOver()
        case .lapsed: approvalLapsed(operation, at: now)
        case .none, .asked, .busy, .same, .cancelled: break
        }
        return output
    }

    // MARK: The end

    /// The minute is over.
    mutating func expireApproval(at now: Instant) {
        if case .lapsed(let request) = masters.take(.time, at: now) {
            approvalLapsed(request.operation, at: now)
        }
    }

    /// The station stops.
    mutating func cancelApproval(at now: Instant) {
        guard case .cancelled(let request) = masters.take(.end, at: now) else { return }
        write(.approval(request.operation, .cancelled, user: nil, by: .crew), at: now)
        approvalOver()
    }

    private mutating func approvalLapsed(_ operation: MasterOperation, at now: Instant) {
        write(.approval(operation, .lapsed, user: nil, by: .crew), at: now)
        approvalOver()
    }

    private mutating func approvalOver() {
        enrolmentReader = -1
        deadlines.set(enrolmentOwner, to: nil)
    }
}
