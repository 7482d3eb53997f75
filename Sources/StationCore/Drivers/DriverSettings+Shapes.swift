// Which kinds of numbers a reader can yield: what its cards are, seen through its views.

extension DriverSettings {
    /// Numbers that this reader can find on a roster; none for what is no reader. A key with none
    /// of these shapes cannot be matched here, whatever card it is on.
    public var shapes: NumberShapes {
        var shapes = NumberShapes()
        let views = views.compactMap { View(name: $0) }
        for (credential, format) in samples {
            for view in views {
                guard let number = view.number(of: credential, format: format) else { continue }
                shapes.formUnion(NumberShapes(of: number))
            }
        }
        return shapes
    }

    /// One card of each kind that the reader reads; what is on it does not matter.
    private var samples: [(Credential, WiegandFormat?)] {
        switch self {
        case .wiegand(let settings): Self.samples(settings.formats)
        case .pn532: Self.uids([32, 56, 80])
        case .ccid: Self.uids([32, 56, 80]) + [(Self.card(.iso15693, 64), nil)]
        case .em4100: [(Self.card(.em4100, 40), nil)]
        case .keyboard(let settings):
            Self.samples(KeyboardFormat.list(settings.formats, of: settings.technology))
        case .osdpReader(let settings):
            Self.samples(settings.formats)
                + Self.samples(KeyboardFormat.list(settings.texts, of: settings.technology))
        case .lock, .contact, .button, .osdpBus, .fieldBus, .busDevice, .boardDevice: []
        }
    }

    private static func card(_ technology: Technology, _ bitCount: Int) -> Credential {
        Credential(technology: technology, bitCount: bitCount, bits: 0)
    }

    private static func uids(_ widths: [Int]) -> [(Credential, WiegandFormat?)] {
        widths.map { (card(.iso14443, $0), nil) }
    }

    private static func samples(_ formats: [String]) -> [(Credential, WiegandFormat?)] {
        formats.compactMap { WiegandFormat(name: $0) }.map { (card(.wiegand, $0.bitCount), $0) }
    }

    private static func samples(_ formats: [KeyboardFormat]) -> [(Credential, WiegandFormat?)] {
        formats.compactMap { format in
            if let wiegand = format.form.style.format {
                return (card(.wiegand, wiegand.bitCount), wiegand)
            }
            guard let width = format.width else { return nil }
            let isLong = format.form.style == .uid && width == 64
            return (card(isLong ? .iso15693 : format.technology, width), nil)
        }
    }
}

extension KeyboardFormat {
    /// Bits of its numbers; a UID's two digits each are a byte.
    fileprivate var width: Int? { form.style == .uid ? length * 4 : form.style.width }
}
