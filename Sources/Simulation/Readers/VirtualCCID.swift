// A contactless USB reader: class descriptor, commands and answers, slot changes, lights.
//
//   bulk out   ──[command]──────────────────────        every message whole, as it was written
//   bulk in    ─────────────[answer]────────────        now and then in two packets
//   interrupt  ───────────────────────[50 03]───        soon after the card came or went

public import EventLoop
public import StationCore

/// The twin of a CCID reader. It has one slot, and of several cards it sees the first.
public final class VirtualCCID: ReaderTwin {
    /// What its user sees and hears: a command for lights and beeper, and when it came.
    public struct Shown: Equatable, Sendable {
        public let at: Instant
        public let command: [UInt8]
    }

    enum Saying {
        case bytes(Pipe, [UInt8])
        /// It looks for a card.
        case look
        /// Its plug comes out.
        case pull
    }

    /// How long it takes to see that a card came or went.
    static let look = (Interval.milliseconds(20), Interval.milliseconds(250))

    public let family: CCIDFamily
    public var condition = TwinCondition()
    /// Every command for light and sound, oldest first.
    public internal(set) var shown: [Shown] = []
    /// Messages that nobody asked for, before the next answer.
    public var leftovers: [[UInt8]] = []

    var field = CardField()
    /// The card that it sees.
    var slot: Credential?
    var isPowered = false
    var agenda = Agenda<Saying>()
    var chance: SplitMix64

    public init(_ family: CCIDFamily, chance: SplitMix64) {
        self.family = family
        self.chance = chance
    }

    public var mischiefs: [ReaderMischief.Kind] { ReaderMischief.Kind.allCases }

    // MARK: The station

    public func opened(at now: Instant) -> [UInt8] {
        fallSilent()
        condition.isOpen = true
        condition.isWatched = false
        slot = nil
        isPowered = false
        lookAgain(at: now)
        return CCIDClassDescriptor.handover(Self.descriptor, hasInterrupts: true)
    }

    public func written(_ packet: Packet, at now: Instant) {
        guard isPlugged, now >= condition.deafUntil else { return }
        for bytes in leftovers { agenda.add(.bytes(.data, bytes), at: now + .milliseconds(1)) }
        leftovers.removeAll()
        answer(packet.bytes, at: now)
    }

    public func turned(to baud: UInt32, at now: Instant) {}

    public var nextDeadline: Instant? { condition.unpluggedAt ?? agenda.next }

    public func says(by now: Instant) -> (pipe: Pipe, bytes: [UInt8])? {
        while isPlugged, let (at, saying) = agenda.take(upTo: now) {
            switch saying {
            case .pull: unplug(at: at)
            case .look:
                if let news = lookForCards(at: at) { return (.notification, news) }
            case .bytes(let pipe, let bytes):
                return (pipe, bytes)
            }
        }
        return nil
    }

    // MARK: People

    public func present(
        _ card: Credential, to member: DeviceID, at now: Instant, until: Instant
    ) {
        field.add(card, from: now, until: until)
        lookAgain(at: now)
        lookAgain(at: until)
    }

    public func fallSilent() { agenda = Agenda() }

    public func powerReturned(at now: Instant) {
        slot = nil
        isPowered = false
    }

    // MARK: Cards

    func lookAgain(at now: Instant) {
        agenda.add(.look, at: now + chance.between(Self.look.0, Self.look.1))
    }

    /// A slot change to tell, if there is one.
    private func lookForCards(at now: Instant) -> [UInt8]? {
        guard condition.isOpen, now >= condition.deafUntil else { return nil }
        if let seen = slot, !field.contains(seen, at: now) {
            slot = nil
            isPowered = false
            lookAgain(at: now)
            return [0x50, 0x02]
        }
        guard slot == nil, let first = field.cards(at: now).first else { return nil }
        slot = first
        if let leaves = field.nextLeaving(after: now) { lookAgain(at: leaves) }
        return [0x50, 0x03]
    }

    /// LudovicRousseau/CCID, readers/ACR122U_PICC.txt, written back to bytes.
    private static let descriptor: [UInt8] = [
        0x36, 0x21, 0x00, 0x01, 0x00, 0x07, 0x02, 0x00, 0x00, 0x00, 0xa0, 0x0f, 0x00, 0x00,
        0xa0, 0x0f, 0x00, 0x00, 0x00, 0x00, 0x2a, 0x00, 0x00, 0x90, 0xd0, 0x03, 0x00, 0x00,
        0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x40, 0x00,
        0x02, 0x00, 0x0f, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01,
    ]
}
