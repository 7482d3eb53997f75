// Whether a profile's worked examples come true, asked of the codecs that run at the door.

import EventLoop
import StationCore

extension DeviceProfile {
    /// Reports every example that the device's own lines and codecs do not confirm.
    func checkExamples(_ checker: Checker) {
        for example in examples {
            guard let (expected, found) = contradiction(of: example.value) else { continue }
            checker.report(example.place, .exampleFails(expected: expected, found: found))
        }
    }

    /// What the example says and what comes out, when they differ.
    func contradiction(of example: WorkedExample) -> (expected: String, found: String)? {
        switch example {
        case .card(let bits, let card): differ(card.text, found(in: bits, like: card))
        case .refused(let bits, let diagnosis): differ(diagnosis, found(in: bits, like: .all))
        case .key(let bits, let key): differ("key \(key)", found(in: bits, like: .all))
        case .reading(let input, let reading): contradiction(of: input, reading)
        case .bus(let example): contradiction(of: example)
        case .board(let example): contradiction(of: example)
        case .lock(let isReleased, let level):
            differ(level.rawValue, coilLevel(released: isReleased).rawValue)
        case .contact(let level, let isClosed):
            differ(isClosed ? "closed" : "open", isActive(at: level) ? "closed" : "open")
        case .button(let level, let isPressed):
            differ(
                isPressed ? "pressed" : "released", isActive(at: level) ? "pressed" : "released")
        }
    }

    private func differ(_ expected: String, _ found: String) -> (String, String)? {
        expected == found ? nil : (expected, found)
    }

    // MARK: Readers on channels

    private func contradiction(
        of input: WorkedExample.Input, _ expected: WorkedExample.Reading
    ) -> (expected: String, found: String)? {
        let found = reading(of: input)
        if case .card(let wanted, let printed) = expected, case .card(let card, let format) = found,
            wanted == nil || wanted == card
        {
            // Every text must be one that the station knows for this card.
            let strange = printed.first {
                PrintedForm.renderings(of: card, matching: $0, format: format).isEmpty
            }
            return strange.map { ("printed \($0)", "printed " + texts(of: card, format)) }
        }
        return differ(expected.text, found.text)
    }

    private func reading(of input: WorkedExample.Input) -> WorkedReading {
        switch (input, driver) {
        case (.bytes(let bytes), _): WorkedReading(bytes: bytes, by: driver)
        case (.keys(let text), .keyboard(let settings)):
            WorkedReading(keys: text, by: settings) ?? .nothing
        case (.card(let atr, let uid), _): WorkedReading(atr: atr, uid: uid)
        case (.keys, _): .nothing
        }
    }

    private func texts(of card: Credential, _ format: WiegandFormat?) -> String {
        PrintedForm.render(card, format: format).filter { $0.view == .full }.map(\.text)
            .joined(separator: " ")
    }

    // MARK: Levels

    /// Whether the only line counts as active at this level.
    private func isActive(at level: WorkedExample.Level) -> Bool {
        (level == .low) == (lines.first?.activeLow ?? false)
    }

    /// The level of a lock's line: a strike is freed by power, a maglock is held by it.
    private func coilLevel(released: Bool) -> WorkedExample.Level {
        let isPowered = released != (kind == .maglock)
        return isPowered != (lines.first?.activeLow ?? false) ? .high : .low
    }

    // MARK: Bits

    /// What a reader of these settings makes of `bits`, said as `card` says it.
    private func found(in bits: String, like card: WorkedExample.Card) -> String {
        switch read(bits) {
        case .credential(let credential, let format):
            WorkedExample.Card(credential, format, like: card).text
        case .key(let key): "key \(key.symbol)"
        case .diagnosed(let diagnosis, _): diagnosis.name
        case nil: "nothing"
        }
    }

    /// One frame of millisecond pulses through the collector.
    private func read(_ bits: String) -> WiegandRead? {
        guard case .wiegand(let settings) = driver else { return nil }
        let formats = settings.formats.compactMap { WiegandFormat(name: $0) }
        guard WiegandFormat.conflicts(in: formats).isEmpty else { return nil }
        var collector = WiegandCollector(formats: formats, keypad: settings.keypad)
        var time = Instant(nanoseconds: 0)
        for bit in bits {
            time = time + .milliseconds(1)
            if let early = collector.bit(bit == "1", at: time) { return early }
        }
        return collector.end(at: time + .seconds(1))
    }
}

extension WorkedExample.Card {
    /// Stands for every field, where only a diagnosis or a key is expected.
    fileprivate static let all = Self(facility: 0, number: 0, full: "")

    /// The fields that `card` has, out of a credential.
    fileprivate init(_ credential: Credential, _ format: WiegandFormat, like card: Self) {
        let fields = format.fields(of: credential.bits)
        if card.facility != nil, format.facilityBits != nil {
            facility = Int(clamping: fields.facility)
        }
        if card.number != nil { number = Int(clamping: fields.number) }
        if card.full != nil {
            let payload = format.number(of: credential.bits)
            full = Hex.upper(payload.value, digits: (Int(payload.width) + 3) / 4)
        }
    }

    fileprivate var text: String {
        [
            facility.map { "facility \($0)" }, number.map { "number \($0)" },
            full.map { "full \($0)" },
        ]
        .compactMap(\.self).joined(separator: ", ")
    }
}

extension WorkedExample.Reading {
    fileprivate var text: String {
        switch self {
        case .card(let card?, _): CardText.text(of: card) ?? "keys"
        case .card(nil, let printed): "printed " + printed.joined(separator: " ")
        case .code: "code"
        case .refused(let diagnosis): diagnosis.name
        }
    }
}

extension WorkedReading {
    fileprivate var text: String {
        switch self {
        case .card(let card, _): CardText.text(of: card) ?? "keys"
        case .code: "code"
        case .refused(let diagnosis): diagnosis.name
        case .nothing: "nothing"
        }
    }
}

extension KeypadKey {
    /// As printed on the key.
    fileprivate var symbol: String {
        switch self {
        case .star: "*"
        case .hash: "#"
        case .zero, .one, .two, .three, .four, .five, .six, .seven, .eight, .nine: "\(rawValue)"
        }
    }
}
