// What drivers of readers on channels need to know.

/// A PN532 on a serial line. Terminals: `led` 0, `beeper` 1, both optional.
public struct PN532Settings: Codable, Sendable, Equatable {
    /// Names of at most `View.perReader` views, tried in order.
    public var views: [String]
    public init(views: [String]) { self.views = views }
}

/// A 125 kHz reader on a serial line. Terminals: `led` 0, `beeper` 1, both optional.
public struct EM4100Settings: Codable, Sendable, Equatable {
    /// How it writes an id, by name: rdm6300, id12, em18, parallax, 7941.
    public var framing: String
    public var views: [String]

    public init(framing: String, views: [String]) {
        self.framing = framing
        self.views = views
    }
}

/// A USB reader of smart-card class. Terminals: `led` 0, `beeper` 1, both optional: for readers
/// without a light and a sound that can be told.
public struct CCIDSettings: Codable, Sendable, Equatable {
    /// Whose ways it has, by name: generic, acr122u, acr1252u.
    public var family: String
    /// Which of its slots is the contactless one, from 0.
    public var slot: Int
    public var views: [String]

    public init(family: String, slot: Int = 0, views: [String]) {
        self.family = family
        self.slot = slot
        self.views = views
    }
}

/// A reader that plays a keyboard. Terminals: `led` 0, `beeper` 1, both optional.
public struct KeyedReaderSettings: Codable, Sendable, Equatable {
    /// What it types for a card.
    public struct Format: Codable, Sendable, Equatable {
        /// A printed form's name, such as `8h10d`.
        public var form: String
        /// How many characters, where the form does not say it.
        public var length: Int?

        public init(form: String, length: Int? = nil) {
            self.form = form
            self.length = length
        }
    }

    public var formats: [Format]
    /// What its numbers are numbers of: em4100, iso14443 or iso15693.
    public var technology: String
    public var views: [String]
    /// The characters around each text, as two of ASCII; empty: none.
    public var sentinels: String
    /// No two keys of a text are further apart, in milliseconds.
    public var longestIntervalMilliseconds: Int
    /// Whether a text that is no card may be a day pass: a code scanner.
    public var takesPasses: Bool

    public init(
        formats: [Format], technology: String, views: [String], sentinels: String = "",
        longestIntervalMilliseconds: Int = 50, takesPasses: Bool = false
    ) {
        self.formats = formats
        self.technology = technology
        self.views = views
        self.sentinels = sentinels
        self.longestIntervalMilliseconds = longestIntervalMilliseconds
        self.takesPasses = takesPasses
    }
}
