// A 125 kHz module on a serial line: it says the card in its field, again and again.

public import EventLoop
public import StationCore

/// The twin of an RDM6300 and its kin. Two cards in its field drown each other out.
public final class VirtualEM4100: ReaderTwin {
    /// How soon a card is read, and how long until it is said again.
    static let first = (Interval.milliseconds(20), Interval.milliseconds(80))
    static let again = (Interval.milliseconds(65), Interval.milliseconds(110))

    public let framing: EM4100Framing
    public var condition = TwinCondition()

    private var field = CardField()
    private var line: SpokenLine
    private var readAt: Instant?
    private var pullAt: Instant?
    private var chance: SplitMix64

    public init(_ framing: EM4100Framing, baud: UInt32, chance: SplitMix64) {
        self.framing = framing
        line = SpokenLine(baud: baud)
        self.chance = chance
    }

    /// It is asked nothing, so it can neither refuse nor mistake a question, and needs no set-up.
    public var mischiefs: [ReaderMischief.Kind] { [.late, .cut, .garbled, .deaf, .unplug] }

    public func opened(at now: Instant) -> [UInt8] {
        fallSilent()
        condition.isOpen = true
        condition.isWatched = true
        if !field.cards(at: now).isEmpty { readAt = now + Self.first.0 }
        return []
    }

    public func written(_ packet: Packet, at now: Instant) {}
    public func turned(to baud: UInt32, at now: Instant) {}

    public var nextDeadline: Instant? {
        condition.unpluggedAt
            ?? Instant.earlier(line.next, Instant.earlier(readAt, pullAt))
    }

    public func says(by now: Instant) -> (pipe: Pipe, bytes: [UInt8])? {
        guard isPlugged else { return nil }
        if let due = readAt, due <= now { read(at: due) }
        if let bytes = line.take(upTo: now) { return (.data, bytes) }
        if let pull = pullAt, pull <= now { unplug(at: pull) }
        return nil
    }

    public func present(
        _ card: Credential, to member: DeviceID, at now: Instant, until: Instant
    ) {
        field.add(card, from: now, until: until)
        let soon = now + chance.between(Self.first.0, Self.first.1)
        readAt = min(readAt ?? soon, soon)
    }

    public func fallSilent() {
        line.clear()
        readAt = nil
        pullAt = nil
    }

    public func powerReturned(at now: Instant) {}

    // MARK: Frames

    private func read(at now: Instant) {
        readAt = nil
        let cards = field.cards(at: now)
        guard !cards.isEmpty else { return }
        readAt = max(now, condition.deafUntil) + chance.between(Self.again.0, Self.again.1)
        guard cards.count == 1, condition.isOpen, now >= condition.deafUntil else { return }
        say(Self.frame(of: cards[0], framing), at: now)
    }

    private func say(_ frame: [UInt8], at now: Instant) {
        var frame = frame
        guard let mischief = condition.takeMischief(isHandshake: false, at: now) else {
            return line.say(frame, at: now, isWhole: condition.saysWhole, &chance)
        }
        switch mischief.kind {
        case .late:
            // It stops in the middle, for longer than a frame may.
            let half = frame.count / 2
            line.say(Array(frame[..<half]), at: now, isWhole: condition.saysWhole, &chance)
            line.say(
                Array(frame[half...]), at: now + mischief.span, isWhole: condition.saysWhole,
                &chance)
            readAt = now + mischief.span + Self.again.1
            return
        case .cut: frame.removeLast(1 + chance.below(frame.count - 1))
        case .garbled: frame[1 + chance.below(frame.count - 2)] ^= 1 << UInt8(chance.below(7))
        case .unplug:
            frame.removeLast(frame.count / 2)
            pullAt = now + line.characters(frame.count) + .milliseconds(1)
        case .wrongSequence, .refusal, .deaf, .resetInHandshake: break
        }
        line.say(frame, at: now, isWhole: condition.saysWhole, &chance)
    }

    /// A card as a module of that make writes it.
    public static func frame(of card: Credential, _ framing: EM4100Framing) -> [UInt8] {
        let id = card.cardBytes
        let sum = id.reduce(0, ^)
        let digits = id.flatMap { Self.digits(of: $0) }
        let checked = digits + Self.digits(of: sum)
        switch framing {
        case .rdm6300: return [0x02] + checked + [0x03]
        case .id12: return [0x02] + checked + [0x0d, 0x0a, 0x03]
        case .em18: return checked
        case .parallax: return [0x0a] + digits + [0x0d]
        case .gwiot7941:
            let kind: UInt8 = card.technology == .em4100 ? 0x02 : 0x01
            let length = UInt8(id.count + 5)
            return [0x02, length, kind] + id + [length ^ kind ^ sum, 0x03]
        }
    }

    /// Two digits of a byte, capitals as modules write them.
    private static func digits(of byte: UInt8) -> [UInt8] {
        [byte >> 4, byte & 15].map { $0 < 10 ? 0x30 + $0 : 0x37 + $0 }
    }
}
