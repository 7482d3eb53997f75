// Events of an input device and what was typed, by the codec that the station uses.

import Control
import EventLoop
import StationCore

/// What a reader that plays a keyboard typed, text by text.
struct KeyboardDecoding: Codable, Equatable {
    struct Read: Codable, Equatable {
        /// What was typed before Enter; of a diagnosed read nothing is left.
        var text: String?
        /// The longest time between two keys, in milliseconds with three places.
        var longestInterval: String?
        var card: CardReport?
        /// With no stated form: the printed forms as which the text can be read.
        var forms: [String]?
        /// A day pass, if the text is one.
        var pass: PassReport?
        var diagnosis: String?
        var keys: Int?
    }

    var layout: Int
    var reads: [Read]

    /// Whether there are texts or cards, and nothing else.
    var isUnderstood: Bool { !reads.isEmpty && reads.allSatisfy { $0.diagnosis == nil } }

    /// - Parameter format: how the text is to be read; `nil` to name every way that fits.
    init(_ bytes: [UInt8], layout: InputEventLayout, format: KeyboardFormat?) {
        self.layout = Int(layout.rawValue)
        let settings = KeyboardSettings(
            formats: format.map { [$0] } ?? [], takesText: format == nil)
        var reader = KeyboardReader(settings, layout: layout)
        var cadence = Cadence()
        var reads: [Read] = []
        for start in stride(from: 0, to: bytes.count, by: layout.size) {
            let event = bytes[start..<min(bytes.count, start + layout.size)]
            cadence.note(event, layout)
            for byte in event {
                if let read = reader.receive(byte, at: cadence.now) {
                    reads.append(Self.read(read, reader.text, cadence, asText: format == nil))
                    cadence.longest = nil
                }
            }
        }
        if let deadline = reader.nextDeadline, let read = reader.expire(at: deadline) {
            reads.append(Self.read(read, reader.text, cadence, asText: format == nil))
        }
        self.reads = reads
    }

    /// Times of the keys, as their stamps say.
    private struct Cadence {
        var now = Instant(nanoseconds: 0)
        var last: Instant?
        var longest: Interval?

        mutating func note(_ event: ArraySlice<UInt8>, _ layout: InputEventLayout) {
            guard let event = InputEvent(Array(event), layout), event.type == InputEvent.key,
                event.value == InputEvent.pressed, let time = event.time
            else { return }
            if let last { longest = max(longest ?? .zero, time - last) }
            last = KeyCode(rawValue: event.code).isEnter ? nil : time
            now = time
        }
    }

    private static func read(
        _ read: KeyboardRead, _ text: KeyedText, _ cadence: Cadence, asText: Bool
    ) -> Read {
        let interval = cadence.longest.map { longest in
            let places = String(longest.microseconds % 1_000 + 1_000).dropFirst()
            return "\(longest.milliseconds).\(places)"
        }
        switch read {
        case .credential(let credential, let format):
            return Read(
                longestInterval: interval, card: CardReport(credential, format: format))
        case .text:
            let typed = text.description
            let pass = (try? SignedDayPass.parse(text)).map { PassReport($0) }
            let forms = PrintedForm.candidates(for: typed).map(\.name)
            return Read(text: typed, longestInterval: interval, forms: forms, pass: pass)
        case .diagnosed(let diagnosis, let keys):
            return Read(longestInterval: interval, diagnosis: diagnosis.name, keys: keys)
        }
    }

    func lines(_ catalogue: Catalogue) -> [String] {
        reads.flatMap { read -> [String] in
            var lines: [String] = []
            if let text = read.text { lines.append(text) }
            if let interval = read.longestInterval {
                lines.append(
                    catalogue.say("  最长键距 \(interval) 毫秒", "  at most \(interval) ms between keys"))
            }
            if let diagnosis = read.diagnosis.flatMap(Self.diagnosis) {
                lines.append(
                    catalogue.say("\(read.keys ?? 0) 键：", "\(read.keys ?? 0) keys: ")
                        + diagnosis.text(catalogue.language))
            }
            lines += read.card?.lines(catalogue) ?? []
            lines += read.pass?.lines(catalogue) ?? []
            if let forms = read.forms, !forms.isEmpty {
                lines.append(
                    catalogue.say("  可读作：", "  can be read as: ")
                        + forms.joined(separator: catalogue.say("、", ", ")))
            }
            return lines
        }
    }

    /// Why the events are not understood.
    var reason: TextRecord {
        guard let diagnosis = reads.compactMap(\.diagnosis).first.flatMap(Self.diagnosis) else {
            return TextRecord(
                zh: "没有一行完整的输入：请核对 --layout", en: "no whole line was typed: check --layout")
        }
        return TextRecord(zh: diagnosis.text(.chinese), en: diagnosis.text(.english))
    }

    private static func diagnosis(_ name: String) -> KeyboardDiagnosis? {
        KeyboardDiagnosis.allCases.first { $0.name == name }
    }
}
