// Worked bits, bytes and levels: what a profile claims, so that the real codecs can be asked.

import StationCore

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

    /// What comes to a reader that speaks on a channel.
    enum Input: Sendable, Equatable {
        /// From the serial line.
        case bytes([UInt8])
        /// Typed, with Enter behind it.
        case keys(String)
        /// The card's answers to power-on and to GET UID.
        case card(atr: [UInt8], uid: [UInt8])
    }

    /// What such a reader is expected to make of it.
    enum Reading: Sendable, Equatable {
        /// A card, if the reader tells all of it, and texts that are printed on it.
        case card(Credential?, printed: [String])
        case code
        case refused(ReadDiagnosis)
    }

    /// Bits on the wire, first one first, give a card.
    case card(bits: String, Card)
    /// Bits that must be refused, and as what.
    case refused(bits: String, diagnosis: String)
    /// A keypad burst gives a key.
    case key(bits: String, String)
    /// A reader on a channel.
    case reading(Input, Reading)
    /// A box on a bus.
    case bus(BusExample)
    /// A device on the board.
    case board(BoardExample)
    /// A lock in this state has its coil line at this level.
    case lock(released: Bool, Level)
    /// A contact's line at this level means closed or open.
    case contact(Level, closed: Bool)
    /// A button's line at this level means pressed or not.
    case button(Level, pressed: Bool)
}
