// A card that becomes a key by being shown: who asked for it, and what came of it step by step.

/// What somebody wants enrolled, and where. The person who asks is not the one who approves: that
/// is the next master at the reader.
public struct EnrolmentOrder: Equatable, Sendable {
    /// The only reader at which it counts.
    public var reader: DeviceID
    /// The key that the card is to be.
    public var key: ShortText
    public var rights: EnrolmentRights
    /// Take a number that looks like a part of a UID, or like a UID with its check byte, from a
    /// reader that does not say what kind of card it read.
    public var asItIs: Bool
    /// Who asks, as the machine numbers its users; `nil`: not known.
    public var user: UInt32?

    public init(
        reader: DeviceID, key: ShortText, rights: EnrolmentRights, asItIs: Bool = false,
        user: UInt32? = nil
    ) {
        self.reader = reader
        self.key = key
        self.rights = rights
        self.asItIs = asItIs
        self.user = user
    }
}

/// What an enrolled card opens.
public enum EnrolmentRights: Equatable, Sendable {
    /// Another card of a key that the station knows: that key's rights, whatever becomes of them.
    case ofKnownKey
    /// A new key's own, in seconds since 1970 as a roster's are.
    case own(holder: ShortText, doors: [String], validFrom: UInt32, validTo: UInt32)
    /// A new key's own by one of the station's templates, until a roster says otherwise.
    case template(holder: ShortText, EnrolledRights, validFrom: UInt32, validTo: UInt32)
}

/// Why an enrolment does not begin.
public enum EnrolmentRefusal: Error, Equatable, Sendable {
    case noReader
    /// Its port is not there, or it does not answer.
    case offline
    /// One is pending, at this reader.
    case pending(DeviceID)
    /// Without a station key nothing can be matched.
    case noKey
    /// No roster is in force, so nobody is a master who could approve it.
    case noRoster
    /// Another card was wanted for a key that nobody knows.
    case unknownKey
    /// Rights were given for a key that has them already.
    case knownKey
}

/// What becomes of a wish to end one.
public enum EnrolmentCancellation: Equatable, Sendable {
    case done
    case nonePending
    /// The card is being written down.
    case tooLate
}

/// What happened to an enrolment. Raw values are stored in journals: never renumber.
public enum EnrolmentStep: UInt8, Sendable, CaseIterable {
    /// Somebody asked for it; the entry's key is the one to be.
    case requested = 1
    /// A master or a deputy was at the reader; the entry's key is theirs.
    case approved = 2
    /// The card is a key from now on.
    case enrolled = 3
    /// The card was taken and is being written down: should nothing follow, it may be a key.
    case taken = 14

    // The card is not taken; another may be shown until the time is up.

    /// It is a key already; the entry's key says which.
    case known = 4
    /// It makes up its number anew at each tap (ISO 14443-3: four bytes, the first 08).
    case random = 5
    /// Its number is the first part of a longer one (ISO 14443-3: the cascade tag 88).
    case half = 6
    /// Its number has its own check byte (BCC) behind it: the reader is set wrongly.
    case checkByte = 7
    /// Cards of its kind may make up their numbers: it is to be shown a second time.
    case again = 8
    /// It said another number the second time.
    case changing = 9
    /// Another reader would take it for another key, the entry's.
    case collides = 10

    // The end without a key.

    /// Nobody approved it or no card came within a minute.
    case lapsed = 11
    /// A person ended it.
    case cancelled = 12
    /// It could not be written down, so it is no key.
    case notKept = 13

    /// Whether nothing follows.
    public var isLast: Bool {
        switch self {
        case .enrolled, .lapsed, .cancelled, .notKept: true
        case .requested, .approved, .taken, .known, .random, .half, .checkByte, .again, .changing,
            .collides:
            false
        }
    }
}

/// A number of a card as the station keeps it.
public struct EnrolledForm: Hashable, Sendable {
    public let form: MatchForm
    /// What kind of number it is of.
    public let shapes: NumberShapes

    public init(form: MatchForm, shapes: NumberShapes) {
        self.form = form
        self.shapes = shapes
    }
}

/// A card that is to be kept, durably: then it is a key.
public struct EnrolmentTask: Sendable {
    /// Names the answer to it.
    public let receipt: UInt32
    public let order: EnrolmentOrder
    /// Of every number that can be read out of the card, each once.
    public let forms: [EnrolledForm]
    /// What they were made with.
    public let key: StationKey

    public init(receipt: UInt32, order: EnrolmentOrder, forms: [EnrolledForm], key: StationKey) {
        self.receipt = receipt
        self.order = order
        self.forms = forms
        self.key = key
    }
}
