// A card as a crew member on site sees it: what it says, whom it belongs to, what the door decides.

public import EventLoop

/// What is shown of a code: enough to tell two apart, too little to show it to a scanner.
public enum CodeMask: Equatable, Sendable {
    /// A day pass that an issuer vouches for.
    case pass(DayPassID)
    /// Any other text, which may be somebody's money: its length alone.
    case other(length: Int)

    /// `DP1…7KQ2`: the end of the pass's name in the journal; `…(18)`: so many characters.
    public var text: String {
        switch self {
        case .pass(let id): "DP1…\(id.text.description.suffix(4))"
        case .other(let length): "…(\(length))"
        }
    }
}

/// A card that was presented while somebody watched. It lives in memory until it was handed over;
/// its number is in no entry, log or metric.
public struct WatchedCard: Sendable {
    public let reader: DeviceID
    /// The door that the reader stands at.
    public let door: DoorID?
    public let credential: Credential
    /// The Wiegand format that the reader recognised.
    public let format: WiegandFormat?
    /// The view by which the roster found it.
    public let view: View?
    /// Empty when the roster does not know it.
    public let key: ShortText
    public let holder: ShortText
    /// Of a code, which has no number.
    public let code: CodeMask?
    /// What came of it.
    public internal(set) var verdict: Verdict
    /// It was meant for an enrolment: no door heard of it; `verdict` is what one would have said.
    public internal(set) var isForEnrolment = false
    let presentedAt: Instant
    /// A grant that waits for its entry may still come to nothing.
    var isSettled = true

    public init(
        reader: DeviceID, door: DoorID?, credential: Credential, format: WiegandFormat?,
        view: View?, key: ShortText, holder: ShortText, code: CodeMask? = nil, verdict: Verdict,
        presentedAt: Instant = Instant(nanoseconds: 0)
    ) {
        self.reader = reader
        self.door = door
        self.credential = credential
        self.format = format
        self.view = view
        self.key = key
        self.holder = holder
        self.code = code
        self.verdict = verdict
        self.presentedAt = presentedAt
    }

    /// No card: written over one that is forgotten.
    static let none = WatchedCard(
        reader: DeviceID(Int(UInt16.max)), door: nil, credential: .nothing, format: nil, view: nil,
        key: .empty, holder: .empty, verdict: .denied(.unknown),
        presentedAt: Instant(nanoseconds: .max))

    var isThere: Bool { presentedAt < .distantFuture }
}

extension Credential {
    /// Where there is no card: a code, or a place on a tray that was wiped.
    fileprivate static let nothing = Credential(technology: .keypad, bitCount: 0, bits: 0)
}

extension Station {
    /// Somebody begins to watch, or the last one has left: then what was kept is forgotten.
    public mutating func watchCards(_ isWatched: Bool) {
        self.isWatched = isWatched
        if !isWatched { cardTray.wipe() }
    }

    /// The number of the last card that was presented while somebody watched.
    public var newestCard: UInt64 { cardTray.newest }

    /// The oldest card after a number, at one reader or at any, as soon as it is known what the
    /// door made of it: a grant has been let go, or has lapsed.
    public mutating func watchedCard(
        after number: UInt64, at reader: DeviceID? = nil
    ) -> (number: UInt64, card: WatchedCard)? {
        cardTray.card(after: number, at: reader)
    }

    /// Cards that were presented so long ago are nobody's business any more.
    public mutating func forgetCards(after age: Interval, at now: Instant) {
        cardTray.forget(after: age, at: now)
    }

    /// A person was shown a card. Whose it is is an identity, and who looks at one is written down.
    public mutating func showed(_ card: WatchedCard, to person: CrewMember, at now: Instant) {
        guard !card.key.isEmpty else { return }
        write(
            .cardShown(reader: card.reader, user: person.user), key: card.key,
            holder: card.holder, at: now)
    }

    // MARK: What is kept

    /// Keeps a card with what the door decides of it. Nothing happens in between, but a grant that
    /// the journal has no room for, or that waits: `settle` says what came of it.
    @inline(never)
    mutating func watch(_ presentation: Presentation, reader: Int, at now: Instant) {
        let door = wiring.door(of: reader)
        let found = key.flatMap { match(presentation, reader: reader, key: $0) }
        var verdict: Verdict =
            if key == nil {
                .denied(.noKey)
            } else if let door {
                decide(found?.record, at: door, now: now)
            } else {
                found == nil ? .denied(.unknown) : .granted(.none)
            }
        if let door, let found, case .denied(let reason) = verdict {
            verdict = limited(
                reason, found.form, at: door, reader: DeviceID(reader), now: now)
        }
        var card = WatchedCard(
            reader: DeviceID(reader), door: door, credential: presentation.credential,
            format: presentation.format, view: found?.view, key: found?.record.id ?? .empty,
            holder: found?.record.holder ?? .empty, verdict: verdict,
            presentedAt: presentation.at)
        if door != nil, case .granted = verdict { card.isSettled = false }
        cardTray.put(card)
    }

    /// Keeps a code, with as much of it as may be seen. `settle` says what came of it.
    @inline(never)
    mutating func watch(_ code: CodeMask, _ verdict: Verdict?, reader: Int, at now: Instant) {
        var card = WatchedCard(
            reader: DeviceID(reader), door: wiring.door(of: reader), credential: .nothing,
            format: nil, view: nil, key: .empty, holder: .empty, code: code,
            verdict: verdict ?? .granted(.none), presentedAt: now)
        card.isSettled = verdict != nil
        cardTray.put(card)
    }

    /// What came of a card that somebody watches: as was foretold, or otherwise.
    @inline(never)
    mutating func settle(
        _ reader: DeviceID, presentedAt: Instant, as verdict: Verdict? = nil,
        forEnrolment: Bool = false
    ) {
        cardTray.settle(
            reader, presentedAt: presentedAt, as: verdict, forEnrolment: forEnrolment)
    }
}
