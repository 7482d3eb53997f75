// Worked bits and levels: what a profile claims, so that the real codecs can be asked.

/// One entry of a profile's `tests`.
enum WorkedExample: Sendable, Equatable {
    enum Level: String, CaseIterable, Sendable { case low, high }

    /// What a frame is expected to give.
    struct Card: Sendable, Equatable {
        var facility: Int?
        var number: Int?
        /// All payload bits as hexadecimal digits.
        var full: String?
    }

    /// Bits on the wire, first one first, give a card.
    case card(bits: String, Card)
    /// Bits that must be refused, and as what.
    case refused(bits: String, diagnosis: String)
    /// A keypad burst gives a key.
    case key(bits: String, String)
    /// A lock in this state has its coil line at this level.
    case lock(released: Bool, Level)
    /// A contact's line at this level means closed or open.
    case contact(Level, closed: Bool)
    /// A button's line at this level means pressed or not.
    case button(Level, pressed: Bool)
}
