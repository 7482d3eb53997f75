// How a reader that plays a keyboard writes a card's number: printed form, length, technology.

/// One format that a reader is set to. Its profile states it.
public struct KeyboardFormat: Hashable, Sendable {
    public let form: PrintedForm
    /// What the numbers are numbers of.
    public let technology: Technology
    /// How many characters, exactly: a shorter text is a truncated one.
    public let length: Int

    /// How many formats one reader may have.
    public static let perReader = 4
    /// No form is longer.
    public static let longest = 32

    /// - Parameters:
    ///   - technology: what the reader reads; a number of a HID layout is `wiegand` in any case.
    ///   - length: needed when the form does not say it: `hex` has 8, 14, 16 or 20 characters.
    /// - Returns: `nil` when the form cannot name one card (4H5D), the length is missing or is not
    ///   the form's, or the technology has no numbers of that kind.
    public init?(form: PrintedForm, technology: Technology, length: Int? = nil) {
        guard form.style != .decimal5, let exact = form.keyedLength ?? length,
            length == nil || exact == length, (1...Self.longest).contains(exact)
        else { return nil }
        if form.style == .uid, ![8, 10, 14, 16, 20].contains(exact) { return nil }
        switch technology {
        case .em4100, .iso14443, .iso14443b, .iso15693: break
        case .wiegand, .keypad:
            guard form.style.format != nil else { return nil }
        }
        self.form = form
        self.technology = technology
        self.length = exact
    }

    /// The first two formats of a list that a reader cannot tell apart: one length.
    public static func conflict(in formats: [Self]) -> (Self, Self)? {
        for (index, format) in formats.enumerated() {
            if let other = formats[(index + 1)...].first(where: { $0.length == format.length }) {
                return (format, other)
            }
        }
        return nil
    }

    /// The card that a text of this format names, with the Wiegand format to read it by if it is a
    /// number of a HID layout; `nil` when the text is of another form.
    func credential(of text: KeyedText) -> (Credential, WiegandFormat?)? {
        guard text.count == length, let number = form.number(keyed: text) else { return nil }
        if number.layout != .bytes {
            guard let format = form.style.format, let bits = format.encode(number) else {
                return nil
            }
            return (
                Credential(technology: .wiegand, bitCount: format.bitCount, bits: bits), format
            )
        }
        // A number of bytes says how long it is: eight bytes in hexadecimal are ISO 15693.
        let isLong = form.style == .uid && number.width == 64
        return (
            Credential(
                technology: isLong ? .iso15693 : technology == .wiegand ? .em4100 : technology,
                bitCount: Int(number.width), bits: number.value),
            nil
        )
    }
}
