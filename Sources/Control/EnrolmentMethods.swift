// The methods by which a card becomes a key at the door, and stops being one.

/// Asks for a card to be enrolled. What comes of it are entries (`key.enrolment`).
public enum EnrolCard: ControlMethod {
    public typealias Reply = Done
    public static let name = MethodName.enrolCard

    public struct Parameters: ControlParameters {
        public static let names = [
            "reader", "key", "holder", "doors", "rights", "from", "to", "asItIs",
        ]
        public var reader: String
        public var key: String
        /// With `doors`, of a new key; without both the card is another one of a key that is known.
        public var holder: String?
        public var doors: [String]?
        /// Of a new key in place of `doors`: the name of a template of the station file.
        public var rights: String?
        /// The first and the last day, as in a roster's file, in station time.
        public var from: String?
        public var to: String?
        public var asItIs: Bool?

        public init(
            reader: String, key: String, holder: String? = nil, doors: [String]? = nil,
            rights: String? = nil, from: String? = nil, to: String? = nil, asItIs: Bool = false
        ) {
            self.reader = reader
            self.key = key
            self.holder = holder
            self.doors = doors
            self.rights = rights
            self.from = from
            self.to = to
            self.asItIs = asItIs
        }
    }
}

/// Ends the enrolment that is pending.
public enum CancelEnrolment: ControlMethod {
    public typealias Parameters = NoParameters
    public typealias Reply = Done
    public static let name = MethodName.cancelEnrolment
}

/// Says of a key that it is lost or blocked, whatever rosters say, or lifts that.
public enum TellKey: ControlMethod {
    public typealias Reply = Done
    public static let name = MethodName.tellKey

    public struct Parameters: ControlParameters {
        public static let names = ["key", "word"]
        public var key: String
        /// `lost`, `blocked` or `lifted`.
        public var word: String

        public init(key: String, word: String) {
            self.key = key
            self.word = word
        }
    }
}

/// Takes a key's enrolled cards away.
public enum WithdrawCards: ControlMethod {
    public typealias Reply = Done
    public static let name = MethodName.withdrawCards

    public struct Parameters: ControlParameters {
        public static let names = ["key"]
        public var key: String

        public init(key: String) { self.key = key }
    }
}
