// A reader that plays a keyboard as a driver: input events in, cards and codes out.

public import EventLoop

/// A USB keyboard reader or code scanner.
public typealias KeyedDriver = ListeningDriver<KeyboardReader>

extension ListeningDriver<KeyboardReader> {
    /// - Precondition: the settings were validated: forms and technology exist, no two lengths are
    ///   one.
    public init(_ settings: KeyedReaderSettings, terminals: Set<Int>) {
        self.init(KeyboardReader(KeyboardSettings(settings)), terminals: terminals)
    }
}

extension KeyboardReader: ListeningMachine {
    public func tell(_ read: KeyboardRead, at now: Instant, into outputs: inout DriverOutputs) {
        switch read {
        case .credential(let credential, let format):
            outputs.append(
                .presented(Presentation(credential: credential, format: format, at: now)))
        case .text:
            var packet = Packet()
            for place in 0..<text.count { packet.append(text[place]) }
            outputs.scan(packet)
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
