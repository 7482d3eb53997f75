// Enrolment at the door: requested by name, approved by a master's tap, then the new card.

public import EventLoop

extension Station {
    // MARK: Orders

    /// Somebody wants a card enrolled. What is begun is written down, whatever comes of it.
    public mutating func ordered(
        _ order: EnrolmentOrder, by authority: Authority, at now: Instant
    ) -> EnrolmentRefusal? {
        if let refusal = refusal(of: order) { return refusal }
        enrolment = Enrolment(order, by: authority)
        enrolmentReader = Int(order.reader.index)
        deadlines.set(enrolmentOwner, to: now + Enrolment.patience)
        noteEnrolment(
            .requested, key: order.key, holder: holder(of: order), user: order.user, at: now)
        return nil
    }

    private func refusal(of order: EnrolmentOrder) -> EnrolmentRefusal? {
        let reader = Int(order.reader.index)
        guard resolved.devices.indices.contains(reader), resolved.devices[reader].driver.isReader
        else { return .noReader }
        if let enrolment { return .pending(enrolment.order.reader) }
        if masters.isPending { return .pending(DeviceID(enrolmentReader)) }
        guard deviceStates[reader].isAttached else { return .offline }
        guard key != nil else { return .noKey }
        guard roster != nil else { return .noRoster }
        let isKnown = knownKey(order.key) != nil
        switch order.rights {
        case .ofKnownKey: return isKnown ? nil : .unknownKey
        case .own, .template: return isKnown ? .knownKey : nil
        }
    }

    /// A person ends what is pending.
    public mutating func cancelEnrolment(
        user: UInt32? = nil, at now: Instant
    ) -> EnrolmentCancellation {
        guard let enrolment else { return .nonePending }
        if case .keeping = enrolment.stage { return .tooLate }
        enrolmentEnds(.cancelled, user: user, at: now)
        return .done
    }

    // MARK: Cards

    /// A card at the reader where one is awaited. Whoever is known passes as always, but for the
    /// master who approves: people wait behind them.
    ///
    /// - Returns: whether the card was meant for the enrolment, and so opens nothing.
    @inline(never)
    mutating func enrols(_ presentation: Presentation, reader: Int, at now: Instant) -> Bool {
        if masters.isPending { return approves(presentation, reader: reader, at: now) }
        guard let pending = enrolment, let key else { return false }
        let found = match(presentation, reader: reader, key: key)?.record
        switch pending.stage {
        case .taken, .keeping: return false
        case .master:
            guard let found,
                Enrolment.mayApprove(
                    found, calendar: calendar, policy: resolved.policy, now: now)
            else { return false }
            enrolment?.stage = .card
            noteEnrolment(.approved, key: found.id, holder: found.holder, at: now)
            // No door opens: two short ask for a card again, the new one.
            reply(.tryAgain, at: reader, now: now) { _ in .enrolCard }
            return true
        case .card, .again:
            if let found {
                noteShown(.known, key: found.id, holder: found.holder, at: now)
                return false
            }
            show(presentation, to: pending, key, at: now)
            return true
        }
    }

    /// A card that nobody knows, after a master approved.
    private mutating func show(
        _ presentation: Presentation, to pending: Enrolment, _ key: StationKey, at now: Instant
    ) {
        let reader = Int(pending.order.reader.index)
        let (forms, whole) = forms(of: presentation, key)
        if let step = pending.judge(presentation.credential, presentation.format, whole: whole) {
            enrolment?.stage = step == .again ? .again(whole) : .card
            noteShown(step, key: pending.order.key, at: now)
            guard step == .again else {
                return reply(.askSomeone, at: reader, now: now) { _ in .enrolRefused }
            }
            return reply(.tryAgain, at: reader, now: now) { _ in .enrolAgain }
        }
        if let (other, record) = collision(forms, presentation) {
            enrolment?.stage = .card
            noteShown(.collides, key: record.id, holder: record.holder, device: other, at: now)
            return reply(.askSomeone, at: reader, now: now) { _ in .enrolRefused }
        }
        enrolmentNumber &+= 1
        let free = forms.filter { record(of: $0.value.form) == nil }
        let entry = noteEnrolment(
            .taken, key: pending.order.key, holder: holder(of: pending.order), at: now)
        guard let entry else { return enrolmentEnds(.notKept, at: now) }
        enrolment?.stage = .taken(
            EnrolmentTask(
                receipt: enrolmentNumber, order: pending.order,
                forms: free.map(\.value), key: key), entry: entry)
    }

    /// Entries up to that one are on the medium: what waits for its own is done now.
    mutating func enrolmentWritten(upTo ticket: Ticket) {
        guard case .taken(let task, let entry) = enrolment?.stage, entry <= ticket else { return }
        enrolment?.stage = .keeping(task)
        deadlines.set(enrolmentOwner, to: nil)
        isAsking = true
    }

    /// Every number that can be read out of a card, each once, and the whole one's form.
    private func forms(
        of presentation: Presentation, _ key: StationKey
    ) -> (forms: [(number: Number, value: EnrolledForm)], whole: MatchForm) {
        var forms: [(number: Number, value: EnrolledForm)] = []
        for view in View.allCases {
            guard
                let number = view.number(
                    of: presentation.credential, format: presentation.format),
                !forms.contains(where: { $0.number == number })
            else { continue }
            let form = key.matchForm(of: number)
            forms.append((number, EnrolledForm(form: form, shapes: NumberShapes(of: number))))
        }
        return (forms, forms.first?.value.form ?? MatchForm(high: 0, low: 0))
    }

    /// A reader that would take the card for another key, and that key.
    ///
    /// Numbers that no reader of this station yields may be anybody's: they are left out.
    private func collision(
        _ forms: [(number: Number, value: EnrolledForm)], _ presentation: Presentation
    ) -> (DeviceID, KeyRecord)? {
        for (number, value) in forms {
            guard let record = record(of: value.form) else { continue }
            let other = resolved.devices.indices.first { place in
                let driver = resolved.devices[place].driver
                guard driver.isReader, driver.shapes.contains(value.shapes) else { return false }
                guard driver.tellsTechnology else { return true }
                // It reads the same card, and so these numbers and no others.
                return wiring.views(of: place).contains {
                    $0.number(of: presentation.credential, format: presentation.format) == number
                }
            }
            if let other { return (DeviceID(other), record) }
        }
        return nil
    }

    // MARK: Answers

    /// The card that is to be kept; its answer is `enrolled`.
    public mutating func takeEnrolment() -> EnrolmentTask? {
        guard let pending = enrolment, !pending.isHandedOver,
            case .keeping(let task) = pending.stage
        else { return nil }
        enrolment?.isHandedOver = true
        return task
    }

    /// A card is on the medium, as one of `cards`; `nil`: it could not be put there.
    public mutating func enrolled(_ cards: Roster?, receipt: UInt32, at now: Instant) {
        if let cards { keep(cards: cards, at: now) }
        // Cards of a station key that was replaced meanwhile are none.
        let isKept = cards != nil && self.cards != nil
        guard case .keeping(let task) = enrolment?.stage, task.receipt == receipt else { return }
        let reader = Int(task.order.reader.index)
        enrolmentEnds(isKept ? .enrolled : .notKept, at: now)
        guard isKept else {
            return reply(.askSomeone, at: reader, now: now) { _ in .enrolNotKept }
        }
        // Two short: the card may be presented again, and opens the door then.
        reply(.tryAgain, at: reader, now: now) { _ in .enrolDone }
    }

    /// The station's own cards as they are now; from a start, or because a roster knows some.
    public mutating func keep(cards: Roster, at now: Instant) {
        self.cards = cards
        suffers(.cardsUnusable, false, at: now)
        dropForeignCards(at: now)
    }

    /// A key's enrolled cards were taken away.
    public mutating func withdrew(
        cardsOf key: ShortText, leaving cards: Roster, user: UInt32? = nil, by authority: Authority,
        at now: Instant
    ) {
        let holder = knownKey(key)?.holder ?? .empty
        keep(cards: cards, at: now)
        write(.cardsWithdrawn(user: user, by: authority), key: key, holder: holder, at: now)
    }

    /// Cards that were enrolled under another station key match nothing any more.
    mutating func dropForeignCards(at now: Instant) {
        guard let cards, let key, !cards.isMade(with: key) else { return }
        self.cards = nil
        suffers(.cardsUnusable, cards.count > 0, at: now)
    }

    /// It is over, without a card unless it says so.
    mutating func enrolmentEnds(
        _ step: EnrolmentStep, user: UInt32? = nil, at now: Instant
    ) {
        guard let order = enrolment?.order else { return }
        noteEnrolment(step, key: order.key, holder: holder(of: order), user: user, at: now)
        enrolment = nil
        enrolmentReader = -1
        deadlines.set(enrolmentOwner, to: nil)
    }

    // MARK: Keys

    /// What is known of a key: the roster's word before the station's own.
    public func knownKey(_ id: ShortText) -> KeyRecord? { roster?.key(id) ?? cards?.key(id) }

    /// The key of a card that was enrolled here. What the roster says of the key comes first.
    @inline(never)
    func enrolledRecord(of form: MatchForm) -> KeyRecord? {
        guard let own = cards?.find(form) else { return nil }
        return roster?.key(own.id) ?? own
    }

    /// The same without names.
    @inline(__always)
    func rights(of form: MatchForm) -> KeyRecord? {
        if let record = roster?.rights(of: form) { return record }
        return cards == nil ? nil : enrolledRecord(of: form)
    }

    private func holder(of order: EnrolmentOrder) -> ShortText {
        switch order.rights {
        case .own(let holder, _, _, _), .template(let holder, _, _, _): holder
        case .ofKnownKey: knownKey(order.key)?.holder ?? .empty
        }
    }

    /// What anybody with a card can cause is written so many times a minute.
    private mutating func noteShown(
        _ step: EnrolmentStep, key: ShortText, holder: ShortText = .empty,
        device: DeviceID? = nil, at now: Instant
    ) {
        let answer = floods[enrolmentReader].strangers.sees(at: now)
        expectCounts(of: enrolmentReader, by: now + FloodLimiter.window)
        guard answer == .write else { return }
        noteEnrolment(step, key: key, holder: holder, device: device, at: now)
    }

    @discardableResult
    private mutating func noteEnrolment(
        _ step: EnrolmentStep, key: ShortText, holder: ShortText = .empty,
        device: DeviceID? = nil, user: UInt32? = nil, at now: Instant
    ) -> Ticket? {
        guard let enrolment else { return nil }
        return write(
            .enrolment(
                reader: enrolment.order.reader, step: step, device: device,
                user: user, by: enrolment.authority),
            key: key, holder: holder, at: now)
    }
}

extension DriverSettings {
    /// Whether the reader says what kind of card a number is of, and gives all of it.
    fileprivate var tellsTechnology: Bool {
        switch self {
        case .pn532, .ccid, .em4100: true
        case .wiegand, .keyboard, .osdpReader, .osdpBus, .lock, .contact, .button, .fieldBus,
            .busDevice, .boardDevice:
            false
        }
    }
}
