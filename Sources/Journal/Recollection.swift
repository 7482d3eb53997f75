// What the journal's own entries say of things that outlive a run, when the snapshot does not.

public import StationCore

/// The newest fact about each door's mode, and about the roster, of the entries that it was given.
///
/// Entries go by name, so that a changed station file finds the doors that it still has.
public struct Recollection: Sendable {
    public struct Mode: Equatable, Sendable {
        public var mode: DoorMode
        public var authority: Authority
    }

    /// By the doors' places; nil: no entry says.
    public private(set) var modes: [Mode?]
    public struct Rule: Equatable, Sendable {
        public var device: DeviceID
        /// Its place in the device's guards.
        public var place: Int
        public var stands: Bool
    }

    /// Guards of which an entry says whether they stand.
    public private(set) var rules: [Rule] = []
    /// Of the newest roster that was put in place; 0: no entry says.
    public private(set) var rosterVersion: UInt64 = 0
    /// Day passes that were let through, each with its highest count.
    public var passUses: [PassLedger.Use] { passes.uses }
    private var passes = PassLedger()
    /// What happened to boxes.
    private(set) var boxFacts = BoxFacts()
    /// What happened to parts of other services.
    private(set) var useFacts = UseFacts()
    /// Who went in and out.
    private(set) var passages = PassageFacts()
    /// What holders have had.
    private(set) var quotaFacts = QuotaFacts()
    /// Which commands were taken up.
    private(set) var commandFacts = CommandFacts()
    /// What was to be read.
    private(set) var noticeFacts = NoticeFacts()
    /// Whether the entries began with the station's very first: then a door without a word about it
    /// never had another mode than `locked`.
    public private(set) var isWhole = false

    /// When the last of them was written, where a clock could be believed.
    private(set) var newest: WallTime?

    /// Whether the entries follow those that the snapshot knows. Else what came between is lost.
    public private(set) var isContinued = true

    /// How the payload of each door's changes begins, up to the mode.
    private let beginnings: [String]
    private let names: EntryNames
    private static let rosterBeginning = "{\"version\":"

    /// What the snapshot has counted already.
    private let counted: Cursor?

    /// - Parameters:
    ///   - names: the station's.
    ///   - counted: the newest entry that the snapshot includes: what was counted by then is not
    ///     counted again, whatever else is asked of entries from before.
    public init(_ names: EntryNames, counted: Cursor? = nil) {
        self.names = names
        self.counted = counted
        modes = Array(repeating: nil, count: names.doors.count)
        beginnings = names.doors.map { name in
            var escaped: [UInt8] = []
            for byte in name.utf8 { JSONText.escape(byte) { escaped.append($0) } }
            return "{\"door\":\"\(String(decoding: escaped, as: UTF8.self))\",\"mode\":\""
        }
    }

    /// Takes entries, oldest first. What cannot be read says nothing.
    public mutating func take(_ entry: StoredEntry) {
        if entry.sequence == 1 { isWhole = true }
        if entry.quality >= .holdover { newest = entry.wall }
        if counted.map({ $0.store != entry.store || $0.sequence < entry.sequence }) ?? true {
            quotaFacts.take(entry, names)
        }
        switch entry.kind {
        case "door.modeChanged": takeMode(entry.payload)
        case "roster.replaced": takeVersion(entry.payload)
        case "device.guard": takeRule(entry.payload)
        case "use.began", "use.ended":
            boxFacts.take(entry, names)
            useFacts.take(entry, names)
        case "notice.set", "notice.ended": noticeFacts.take(entry)
        case "command.taken", "command.ended": commandFacts.take(entry)
        case "box.changed": boxFacts.take(entry, names)
        case "part.changed", "part.faultRaised", "part.faultCleared": useFacts.take(entry, names)
        case "hours.changed": useFacts.decisions.takeHours(entry.payload, names)
        case "access.granted", "door.grantUnused": passages.take(entry, names)
        case "access.passGranted", "access.passWithdrawn":
            takePass(entry)
            if entry.kind == "access.passGranted" { passages.take(entry, names) }
        // What was before is in another file, or nowhere.
        case "station.storeReplaced": isWhole = false
        default: break
        }
    }

    /// There is no entry, and there was no journal before: a first start was cut short.
    public mutating func takeNothing() { isWhole = true }

    /// The journal is not the one that the snapshot knows, or an older copy of it.
    public mutating func takeGap() { isContinued = false }

    private mutating func takeMode(_ payload: String) {
        guard let door = beginnings.firstIndex(where: { payload.hasPrefix($0) }) else { return }
        let words = payload.dropFirst(beginnings[door].count)
            .split(separator: "\"", omittingEmptySubsequences: false)
        // mode ‖ , ‖ by ‖ : ‖ authority ‖ } or what members were added
        guard words.count > 5, words[2] == "by", words[5].first == "}" || words[5].first == ",",
            let mode = DoorMode.allCases.first(where: { $0.name == words[0] }),
            let authority = Authority.allCases.first(where: { $0.name == words[4] })
        else { return }
        modes[door] = Mode(mode: mode, authority: authority)
    }

    /// `{"device":"…","guard":"…","step":"…"`: none of the three has anything to escape.
    private mutating func takeRule(_ payload: String) {
        let words = payload.split(separator: "\"", omittingEmptySubsequences: false)
        guard words.count > 11, words[1] == "device", words[5] == "guard", words[9] == "step",
            let step = GuardStep.allCases.first(where: { $0.name == words[11] }),
            let stands = step.stands,
            let device = names.devices.firstIndex(where: { $0 == words[3] }),
            names.rules.indices.contains(device),
            let place = names.rules[device].firstIndex(where: { $0 == words[7] })
        else { return }
        let id = DeviceID(device)
        rules.removeAll { $0.device == id && $0.place == place }
        rules.append(Rule(device: id, place: place, stands: stands))
    }

    private mutating func takePass(_ entry: StoredEntry) {
        // An erased entry has no key any more: its pass is long over.
        guard let id = entry.key.flatMap({ ShortText($0) }).flatMap({ DayPassID($0) }),
            let uses = Self.number("use", in: entry.payload), let uses = UInt16(exactly: uses),
            let withdrawn = UInt16(exactly: Self.number("withdrawn", in: entry.payload) ?? 0),
            let end = Self.number("validToMilliseconds", in: entry.payload)
        else { return }
        passes.recall(
            PassLedger.Use(
                id: id, uses: uses, withdrawn: withdrawn, end: WallTime(milliseconds: end)))
    }

    /// A member's number; names in a payload hold no quotes that could be taken for one.
    static func number(_ member: String, in payload: String) -> Int64? {
        let parts = payload.split(separator: "\"", omittingEmptySubsequences: false)
        guard let place = parts.firstIndex(of: member[...]), place + 1 < parts.count else {
            return nil
        }
        return Int64(parts[place + 1].dropFirst().prefix { $0.isNumber || $0 == "-" })
    }

    private mutating func takeVersion(_ payload: String) {
        guard payload.hasPrefix(Self.rosterBeginning) else { return }
        let digits = payload.dropFirst(Self.rosterBeginning.count).prefix { $0.isNumber }
        if let version = UInt64(digits) { rosterVersion = version }
    }
}

extension StateDirectory {
    /// Whether a damaged journal lies here under another name.
    public var hasJournalSetAside: Bool {
        hasAside(stem: Store.fileStem, suffix: Store.fileSuffix)
    }
}
