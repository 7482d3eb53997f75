// What the drivers of an OSDP line and of the readers on it need to know.

/// A line of OSDP readers. Its channel is a serial line of 8 bits, no parity, one stop bit, at a
/// speed that OSDP knows; its readers are its members. No terminals.
public struct OSDPLineSettings: Codable, Sendable, Equatable {
    /// Whether the adapter hears what it sends: so many bytes are dropped after each frame.
    public var echoes: Bool
    public init(echoes: Bool = false) { self.echoes = echoes }
}

/// One reader on such a line. No terminals: its light and sound are told over the line.
public struct OSDPReaderSettings: Codable, Sendable, Equatable {
    /// How the reader may speak.
    public enum Security: String, Codable, Sendable, CaseIterable {
        /// Within a secure channel under a key of its own, or not at all.
        case required
        /// In the clear: everybody on the line hears every card, and can say any.
        case clear
    }

    /// What its display shows of a decision, if it says that it has one.
    public enum Display: String, Codable, Sendable, CaseIterable {
        /// ASCII, which every display can.
        case english
        /// UTF-8: for readers whose maker says that they show it.
        case chinese
        /// Nothing.
        case dark
    }

    /// The line that it is on, by its place in `devices`.
    public var bus: Int
    /// 0 to 126; no two readers of a line have the same.
    public var address: Int
    public var secure: Security
    /// What its cards are as bits, by name (`WiegandFormat`); other counts are diagnosed.
    public var formats: [String]
    /// What its cards are as characters: for the few readers that send them so.
    public var texts: [KeyedReaderSettings.Format]
    /// What the numbers in `texts` are numbers of: em4100, iso14443 or iso15693.
    public var technology: String
    /// Names of at most `View.perReader` views, tried in order.
    public var views: [String]
    public var keypad: Bool
    /// Not said: English.
    public var display: Display?

    public init(
        bus: Int, address: Int, secure: Security = .required, formats: [String],
        texts: [KeyedReaderSettings.Format] = [], technology: String = "em4100",
        views: [String], keypad: Bool = false, display: Display? = nil
    ) {
        self.bus = bus
        self.address = address
        self.secure = secure
        self.formats = formats
        self.texts = texts
        self.technology = technology
        self.views = views
        self.keypad = keypad
        self.display = display
    }
}
