// Riders at readers on channels: cards that are held to them, codes, and what goes wrong.

public import EventLoop
public import StationCore

extension VirtualPlant {
    /// So long a card is held to a reader.
    static let held = (Interval.milliseconds(500), Interval.milliseconds(1_500))
    /// So long a telephone is held before a scanner.
    static let shown = (Interval.milliseconds(300), Interval.seconds(6))
    /// Two cards at one reader that come closer than this are one affair.
    static let apart = Interval.milliseconds(1_500)
    /// A telephone that is shown again within this may be the same showing.
    static let codesApart = shown.1 + .seconds(15)
    /// How long a plug stays out.
    static let absence = (Interval.milliseconds(100), Interval.seconds(40))

    /// Somebody holds a card to a reader on a channel.
    func hold(_ tap: Tap, to reader: ChannelReader, at now: Instant) -> Instant? {
        let twin = twins[reader.channel]
        if case .code = reader.sight {
            let mustAnswer = isReadable(reader, at: now)
            show(to: reader, at: now)
            noteCode(at: reader, door: tap.door, mustAnswer: mustAnswer, at: now)
            let reaction = people.between(.milliseconds(1_500), .milliseconds(4_000))
            schedule(.pull(tap.door, isFromInside: false, tries: tap.tries), at: now + reaction)
            return now
        }
        guard let card = reader.card(of: tap.resident) else { return nil }
        let mustAnswer = isReadable(reader, at: now)
        let end = now + fingers.between(Self.held.0, Self.held.1)
        var isSpoiled = false
        if swarm.readerFaultPerMille > 0, fingers.chance(perMille: swarm.readerFaultPerMille),
            let kind = fingers.pick(swarm.readerFaults)
        {
            twin.misbehave(ReaderMischief.drawn(kind, &fingers), at: now)
            isSpoiled = true
        }
        present(card, to: reader, door: tap.door, mustAnswer: mustAnswer, at: now, until: end)
        // The answer comes within a blink; people take longer.
        let reaction = people.between(.milliseconds(500), .milliseconds(3_000))
        schedule(.pull(tap.door, isFromInside: false, tries: tap.tries), at: end + reaction)
        if isSpoiled, tap.tries < Self.patience {
            var again = tap
            again.tries += 1
            schedule(.tap(again), at: end + people.between(.seconds(1), .seconds(2)))
        }
        return end
    }

    /// A visitor shows a day pass, or some other code: for a moment, or until something happens.
    private func show(to reader: ChannelReader, at now: Instant) {
        let isOther = passes.isEmpty || fingers.below(8) == 0
        let other = "https://example.com/\(fingers.below(1_000))"
        let end = now + fingers.between(Self.shown.0, Self.shown.1)
        let pass = isOther ? nil : fingers.pick(passes)
        if let pass {
            witness.shown(
                Witness.Showing(
                    name: pass.name, isGenuine: pass.isGenuine, reader: reader.device, start: now,
                    end: end))
        }
        let scanner = twins[reader.channel] as? VirtualKeyboard
        scanner?.show(pass?.text ?? other, at: now, until: end)
        stir()
    }

    /// Somebody shows a code: the scanner is to answer it.
    private func noteCode(
        at reader: ChannelReader, door: DoorID, mustAnswer: Bool, at now: Instant
    ) {
        witness.presented(
            Witness.Presentation(
                key: .empty, state: .active, door: door, reader: reader.device, damage: nil,
                isReadable: mustAnswer, start: now, end: now, distance: Self.codesApart))
    }

    /// A card's own bits, for taps from outside.
    func hold(bits: UInt128, count: Int, to reader: ChannelReader, at now: Instant) {
        guard let door = door(readBy: reader.device) else { return }
        let technology: Technology =
            switch reader.sight {
            case .uid: .iso14443
            case .id: .em4100
            case .typed(let formats): formats.first?.technology ?? .em4100
            case .frame: .wiegand
            case .code: .keypad
            }
        guard technology != .keypad, count % 8 == 0 || technology == .wiegand else { return }
        let card = Credential(technology: technology, bitCount: count, bits: bits)
        present(
            card, to: reader, door: door, mustAnswer: isReadable(reader, at: now), at: now,
            until: now + Self.held.0)
    }

    /// Holds a card to a reader from `now` on, and remembers it. For tests as well.
    public func present(
        _ card: Credential, to reader: ChannelReader, at now: Instant, until end: Instant
    ) {
        guard let door = door(readBy: reader.device) else { return }
        present(
            card, to: reader, door: door, mustAnswer: isReadable(reader, at: now), at: now,
            until: end)
    }

    private func present(
        _ card: Credential, to reader: ChannelReader, door: DoorID, mustAnswer: Bool,
        at now: Instant, until end: Instant
    ) {
        twins[reader.channel].present(card, to: reader.device, at: now, until: end)
        var owner: Resident?
        if let seen = reader.seen(card) {
            owner = holder(of: seen.credential, format: seen.format, views: reader.views)
        }
        witness.presented(
            Witness.Presentation(
                key: owner?.key ?? .empty, state: owner?.state ?? .active, door: door,
                reader: reader.device, damage: nil, isReadable: mustAnswer, start: now, end: end,
                distance: Self.apart))
        // Its twin has something to do sooner than the loop knows.
        stir()
    }

    /// Whether the station reads this reader now, and its light and sound are there.
    private func isReadable(_ reader: ChannelReader, at now: Instant) -> Bool {
        twins[reader.channel].mustAnswer(at: now) && hasItsLines(reader.device)
    }

    /// Whether every line of the board that a reader has is open.
    func hasItsLines(_ device: DeviceID) -> Bool {
        board.requests.allSatisfy {
            !$0.devices.contains(device) || ($0.isOpen && !$0.hasHungUp)
        }
    }

    // MARK: Mischief

    /// Whoever pulls a plug puts it in again, sooner or later.
    func watchPlugs() {
        for (channel, twin) in twins.enumerated() {
            twin.condition.onUnplug = { [unowned self] now in
                let absence = fingers.between(Self.absence.0, Self.absence.1)
                // In the time of a test that pulls plugs itself, nobody else puts them in.
                guard !swarm.readerFaults.isEmpty else { return }
                schedule(.plugged(channel), at: now + absence)
            }
        }
    }

    /// Whoever stands at an OSDP reader hears it; others sound by lines of the board.
    func listen() {
        for twin in twins {
            (twin as? OSDPTwin)?.line.onTold = { [unowned self] reader, command, now in
                if case .buzz = command { witness.sounded(reader, at: now) }
            }
        }
    }

    /// A reader or its cable gets into trouble by itself.
    func disturbReader(at now: Instant) {
        let channel = fingers.below(twins.count)
        guard let kind = fingers.pick(swarm.readerFaults) else { return }
        if kind == .unplug {
            schedule(.pulled(channel), at: now)
        } else {
            twins[channel].misbehave(ReaderMischief.drawn(kind, &fingers), at: now)
        }
        stir()
    }

    /// Takes down what the twins' mischief explains.
    func noteTroubles() {
        for reader in channelReaders {
            let condition = twins[reader.channel].condition
            witness.troubled(reader.device, until: condition.explainedUntil)
        }
    }

    /// The readers on channels as the checkers see them.
    func readerStates(at now: Instant) -> [ReaderWatch.Reader] {
        channelReaders.map { reader in
            let twin = twins[reader.channel]
            return ReaderWatch.Reader(
                device: reader.device, unpluggedAt: twin.condition.unpluggedAt,
                isWatched: twin.condition.isWatched,
                isExplained: now <= twin.condition.explainedUntil,
                hasItsLines: hasItsLines(reader.device))
        }
    }
}
