// A reader or a code scanner that plays a keyboard: it types what it read, and Enter.

public import EventLoop
public import StationCore

/// The twin of a keyboard reader. It types a card once, and again only after the card was away.
public final class VirtualKeyboard: ReaderTwin {
    /// How soon a card or a code is read.
    static let first = (Interval.milliseconds(40), Interval.milliseconds(150))
    /// Between two keys.
    static let paces = (Interval.milliseconds(2), Interval.milliseconds(12))
    /// A scanner says a code that it goes on seeing again after so long.
    static let delays = (Interval.seconds(1), Interval.seconds(3))

    private enum Doing {
        case look
        case say
        case key([UInt8])
        case pull
    }

    /// What it types for a card, tried in order; none: a code scanner.
    public let formats: [KeyboardFormat]
    public var condition = TwinCondition()
    /// The characters around each text.
    private let sentinels: [UInt8]
    private let pace: Interval
    private let delay: Interval
    /// The code that is held before it.
    private var code: (text: [UInt8], until: Instant)?

    private var field = CardField()
    private var agenda = Agenda<Doing>()
    private var typed: Credential?
    private var busyUntil = Instant(nanoseconds: 0)
    private var chance: SplitMix64

    public init(_ formats: [KeyboardFormat], sentinels: String = "", chance: SplitMix64) {
        self.formats = formats
        self.sentinels = Array(sentinels.utf8)
        var chance = chance
        pace = chance.between(Self.paces.0, Self.paces.1)
        delay = chance.between(Self.delays.0, Self.delays.1)
        self.chance = chance
    }

    public var mischiefs: [ReaderMischief.Kind] { [.late, .cut, .garbled, .deaf, .unplug] }

    public func opened(at now: Instant) -> [UInt8] {
        // What was typed while nobody listened is gone.
        fallSilent()
        condition.isOpen = true
        condition.isWatched = true
        return []
    }

    public func written(_ packet: Packet, at now: Instant) {}
    public func turned(to baud: UInt32, at now: Instant) {}

    public var nextDeadline: Instant? { condition.unpluggedAt ?? agenda.next }

    public func says(by now: Instant) -> (pipe: Pipe, bytes: [UInt8])? {
        while isPlugged, let (at, doing) = agenda.take(upTo: now) {
            switch doing {
            case .look: look(at: at)
            case .say: say(at: at)
            case .pull: unplug(at: at)
            case .key(let bytes): return (.data, bytes)
            }
        }
        return nil
    }

    public func present(
        _ card: Credential, to member: DeviceID, at now: Instant, until: Instant
    ) {
        field.add(card, from: now, until: until)
        agenda.add(.look, at: now + chance.between(Self.first.0, Self.first.1))
        agenda.add(.look, at: until + .milliseconds(60))
    }

    /// Somebody holds a code before it.
    public func show(_ text: String, at now: Instant, until end: Instant) {
        code = (Array(text.utf8), end)
        agenda.add(.say, at: now + chance.between(Self.first.0, Self.first.1))
    }

    /// Says the code that it sees, and will again.
    private func say(at now: Instant) {
        guard let code, isPlugged, condition.isOpen, now >= condition.deafUntil else { return }
        type(code.text, at: now)
        if busyUntil + delay < code.until { agenda.add(.say, at: busyUntil + delay) }
    }

    public func fallSilent() {
        agenda = Agenda()
        code = nil
        busyUntil = Instant(nanoseconds: 0)
    }

    public func powerReturned(at now: Instant) { typed = nil }

    // MARK: Typing

    private func look(at now: Instant) {
        let cards = field.cards(at: now)
        if let last = typed, !cards.contains(last) { typed = nil }
        // Two cards drown each other out.
        guard cards.count == 1, typed == nil, condition.isOpen, now >= condition.deafUntil,
            let text = text(of: cards[0])
        else { return }
        typed = cards[0]
        type(sentinels.prefix(1) + Array(text.utf8) + sentinels.dropFirst(), at: now)
    }

    /// What it shows of a card: as many of its bytes as the form has.
    public func text(of card: Credential) -> String? {
        for format in formats {
            for view in [View.full, .low4, .low3] {
                guard let number = view.number(of: card), let text = format.form.text(of: number),
                    text.utf8.count == format.length
                else { continue }
                return text
            }
        }
        return nil
    }

    private func type(_ text: [UInt8], at now: Instant) {
        var keys = text.compactMap { KeyCode.typing($0) }
        keys.append((KeyCode.enter, false))
        var time = max(now, busyUntil)
        var between = pace
        if let mischief = condition.takeMischief(isHandshake: false, at: now) {
            switch mischief.kind {
            // As slowly as a person.
            case .late: between = .milliseconds(80)
            case .cut: keys.removeLast(1 + chance.below(keys.count - 1))
            // F1 is no part of any number.
            case .garbled: keys[chance.below(keys.count - 1)] = (KeyCode(rawValue: 59), false)
            case .unplug:
                keys.removeLast(1 + keys.count / 2)
                agenda.add(.pull, at: time + between * Int64(keys.count))
            case .wrongSequence, .refusal, .deaf, .resetInHandshake: break
            }
        }
        for (key, isShifted) in keys {
            agenda.add(.key(Self.events(key, isShifted: isShifted, at: time)), at: time)
            time = time + between
        }
        busyUntil = time + pace
    }

    /// A key down and up again, with shift around it if need be, as the kernel tells it.
    private static func events(_ key: KeyCode, isShifted: Bool, at now: Instant) -> [UInt8] {
        func event(_ type: UInt16, _ code: UInt16, _ value: Int32) -> [UInt8] {
            InputEvent(time: now, type: type, code: code, value: value).bytes(.native)
        }
        let report = event(InputEvent.synchronisation, InputEvent.report, 0)
        func shift(_ value: Int32) -> [UInt8] {
            isShifted ? event(InputEvent.key, KeyCode.leftShift.rawValue, value) + report : []
        }
        return shift(InputEvent.pressed)
            + event(InputEvent.key, key.rawValue, InputEvent.pressed) + report
            + event(InputEvent.key, key.rawValue, InputEvent.released) + report
            + shift(InputEvent.released)
    }
}
