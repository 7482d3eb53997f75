// Drives a reader that plays a keyboard: input events in, cards out.

public import EventLoop

/// A USB keyboard reader; LED and beeper, if any, on lines of the board.
public struct KeyedDriver: Driver {
    public static let led: UInt8 = 0
    public static let beeper: UInt8 = 1

    private let signals: Signals
    private var reader: KeyboardReader
    private var player = RhythmPlayer()

    /// - Precondition: the settings were validated: forms and technology exist, no two lengths are
    ///   one.
    public init(_ settings: KeyedReaderSettings, terminals: Set<Int>) {
        signals = Signals(led: Self.led, beeper: Self.beeper, wired: terminals)
        reader = KeyboardReader(KeyboardSettings(settings))
    }

    public mutating func handle(
        _ input: DriverInput, at now: Instant, into outputs: inout DriverOutputs
    ) {
        switch input {
        case .deadline:
            if let read = reader.expire(at: now) { tell(read, at: now, into: &outputs) }
            if let value = player.expire(at: now) { signals.set(value, into: &outputs) }
        case .command(.feedback(let rhythm)):
            signals.set(player.play(rhythm, at: now), into: &outputs)
        case .attached:
            reader.reset()
        case .detached(let fault):
            reader.reset()
            outputs.append(.raised(fault))
        case .edge, .level, .edgesLost, .command(.free), .command(.hold):
            break
        }
    }

    public mutating func receive(
        _ bytes: RawSpan, on pipe: Pipe, at now: Instant, into outputs: inout DriverOutputs
    ) -> Int {
        for offset in bytes.byteOffsets {
            let byte = bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            guard let read = reader.receive(byte, at: now) else { continue }
            tell(read, at: now, into: &outputs)
            return offset + 1
        }
        return bytes.byteCount
    }

    public var nextDeadline: Instant? {
        Instant.earlier(reader.nextDeadline, player.nextDeadline)
    }

    private func tell(_ read: KeyboardRead, at now: Instant, into outputs: inout DriverOutputs) {
        switch read {
        case .credential(let credential, let format):
            outputs.append(
                .presented(Presentation(credential: credential, format: format, at: now)))
        case .text:
            var text = Packet()
            for place in 0..<reader.text.count { text.append(reader.text[place]) }
            outputs.scan(text)
        case .diagnosed(.typed, _), .diagnosed(.strangeKey, _):
            outputs.append(.diagnosed(.typed, bits: 0))
        case .diagnosed(.eventsLost, _):
            outputs.append(.diagnosed(.edgesLost, bits: 0))
        case .diagnosed(.cutShort, _), .diagnosed(.length, _), .diagnosed(.content, _),
            .diagnosed(.overflow, _), .diagnosed(.sentinel, _):
            outputs.append(.diagnosed(.damaged, bits: 0))
        }
    }
}

extension KeyboardSettings {
    /// - Precondition: the settings were validated.
    init(_ settings: KeyedReaderSettings) {
        let sentinels = Array(settings.sentinels.utf8)
        self.init(
            formats: KeyboardFormat.list(settings.formats, of: settings.technology),
            takesText: settings.takesPasses,
            sentinels: sentinels.count == 2
                ? Sentinels(first: sentinels[0], last: sentinels[1]) : nil,
            longestInterval: .milliseconds(Int64(settings.longestIntervalMilliseconds)))
    }
}

extension KeyboardFormat {
    /// Formats by their names; those that are none are left out, which `validated` refuses.
    static func list(
        _ formats: [KeyedReaderSettings.Format], of technology: String
    ) -> [Self] {
        let technology = Technology(name: technology) ?? .em4100
        return formats.compactMap { format in
            PrintedForm(name: format.form).flatMap {
                Self(form: $0, technology: technology, length: format.length)
            }
        }
    }
}
