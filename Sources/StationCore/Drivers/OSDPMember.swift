// One reader on an OSDP line, as its bus knows it: who it is, and what its cards mean.

import EventLoop

/// A member of an OSDP line.
public struct OSDPMember: Sendable {
    let device: DeviceID
    let address: UInt8
    let isClear: Bool
    private let formats: [WiegandFormat]
    private let texts: [KeyboardFormat]
    private let hasKeypad: Bool
    private let display: OSDPReaderSettings.Display

    /// - Precondition: the settings were validated: formats and address exist.
    public init(_ settings: OSDPReaderSettings, device: DeviceID) {
        self.device = device
        address = UInt8(clamping: settings.address)
        isClear = settings.secure == .clear
        formats = settings.formats.compactMap { WiegandFormat(name: $0) }
        texts = KeyboardFormat.list(settings.texts, of: settings.technology)
        hasKeypad = settings.keypad
        display = settings.display ?? .english
    }

    /// A card as bits.
    func read(_ card: OSDPCard) -> OSDPRead {
        let count = Int(card.bitCount)
        if card.overflows { return .diagnosed(.overflow, bits: count) }
        for format in formats where format.bitCount == count {
            // There are no two wires here that could be swapped.
            guard format.parityPasses(card.bits) else { return .diagnosed(.parity, bits: count) }
            let credential = Credential(technology: .wiegand, bitCount: count, bits: card.bits)
            return .credential(credential, format)
        }
        return .diagnosed(WiegandFormat.wrongCount(count, among: formats), bits: count)
    }

    /// A card as characters.
    func read(_ card: OSDPFormattedCard) -> OSDPRead {
        var text = KeyedText()
        for place in 0..<card.text.count { text.append(card.text[place]) }
        guard !card.isBackwards else { return .diagnosed(.damaged, bits: 0) }
        for format in texts where format.length == text.count {
            guard let (credential, wiegand) = format.credential(of: text) else { break }
            return .credential(credential, wiegand)
        }
        return .diagnosed(texts.isEmpty ? .strangeCard : .damaged, bits: 0)
    }

    /// How it shows a sentence; `nil` when it is to show nothing.
    func shown(_ sentence: Wording.ID) -> OSDPDisplay? {
        let language: Wording.Language
        switch display {
        case .english: language = .english
        case .chinese: language = .chinese
        case .dark: return nil
        }
        return Wording.short(sentence, language).flatMap { text in
            // Blanks behind it: a longer sentence from before is gone whole.
            let columns = text.unicodeScalars.reduce(0) { $0 + ($1.isASCII ? 1 : 2) }
            let blanks = String(repeating: " ", count: max(0, Wording.shortColumns - columns))
            return OSDPDisplay(text + blanks, seconds: OSDPDisplay.decisionSeconds)
        }
    }

    /// A key of its keypad.
    func read(_ key: KeypadKey) -> OSDPRead {
        hasKeypad ? .key(key) : .diagnosed(.keypad, bits: 0)
    }
}

/// What came of something that happened at a reader.
enum OSDPRead: Equatable {
    case credential(Credential, WiegandFormat?)
    case key(KeypadKey)
    case diagnosed(ReadDiagnosis, bits: Int)
}

/// A device on a bus: the bus's driver does everything for it.
struct MemberDriver: Driver {
    mutating func handle(
        _ input: DriverInput, at now: Instant, into outputs: inout DriverOutputs
    ) {}

    var nextDeadline: Instant? { nil }
}
