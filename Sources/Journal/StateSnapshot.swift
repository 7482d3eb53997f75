// What a restarted station must know before its first output: modes and latches, in a few bytes.
//
//   last sequence 8 ‖ store id 16 ‖ wall anchor 8 ‖ roster version 8 ‖ door count 1
//   then for each door: name length 1 ‖ name ‖ mode 1 ‖ latches 1
//   day pass count 2, then for each that was used:
//   issuer 4 ‖ nonce 8 ‖ uses 2 ‖ withdrawn 2 ‖ end 8
//   0xFFFE (totals are in their own file), 0xFFFF (nobody knows them), or what TotalsCoding says
//   then what GuardMemory says, BoxMemory, UseMemory, DoorMemory, QuotaMemory, CommandMemory,
// NoticeMemory
//
// Numbers are big-endian; a store id of zeros is no place in the journal. Version 1 had no roster
// version, version 2 no day passes, version 3 one byte of uses, none withdrawn, no latch `settled`,
// version 4 no totals, version 5 no guards, version 6 no hours in the mode's byte, version 7 always
// the totals and never their origin, version 8 no boxes, version 9 neither uses nor DoorMemory,
// version 10 no QuotaMemory, version 11 neither CommandMemory nor
// NoticeMemory.

public import StationCore

/// The station's state as of one entry; the entries after it bring it up to date.
///
/// Doors go by name, so that a changed station file finds those that it still has.
public struct StateSnapshot: Equatable, Sendable {
    /// What stays until somebody resets it, and what stood when the state was taken.
    public struct Latches: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        public static let fire = Latches(rawValue: 1)
        public static let lockdown = Latches(rawValue: 2)
        public static let forced = Latches(rawValue: 4)
        public static let heldOpen = Latches(rawValue: 8)
        public static let tampered = Latches(rawValue: 16)
        /// Nothing latched: a person has said how the door stands, and the journal's entries from
        /// before know less.
        public static let settled = Latches(rawValue: 32)
        /// What a station takes for granted of a door whose state is lost: the safe side. It stays
        /// until the journal, a command or `--reset-doors` says otherwise.
        public static let all: Latches = [.fire, .lockdown, .forced, .heldOpen, .tampered]
    }

    public struct Door: Equatable, Sendable {
        public var name: String
        public var mode: DoorMode
        public var latches: Latches
        /// Whether its hours were open when they were last followed; `nil`: they never were.
        public var followed: Bool?

        public init(name: String, mode: DoorMode, latches: Latches, followed: Bool? = nil) {
            self.name = name
            self.mode = mode
            self.latches = latches
            self.followed = followed
        }
    }

    /// Where totals are.
    public enum Totals: Equatable, Sendable {
        /// In `TotalsFile`.
        case apart
        /// Here, as long as that file was not written yet, or could not be.
        case here([KeptTotal])
        /// Here, by a version that knew of no such file.
        case before([KeptTotal])
        case unknown
    }

    /// The content's version in a state file.
    public static let version: UInt16 = 12
    /// The mode's byte says in its two highest bits how far the door's hours were followed.
    private static let followedShift: UInt8 = 6
    private static let fixedLength = 43
    private static let passLength = 24
    private static let unknownTotals: UInt16 = 0xFFFF
    private static let totalsApart: UInt16 = 0xFFFE
    /// The longest encoding: every door there can be, each with the longest name.
    public static let sizeLimit =
        fixedLength + DoorSet.capacity * (3 + EntryNames.nameLimit)
        + PassLedger.capacity * passLength + TotalsCoding.sizeLimit
        + GuardMemory.sizeLimit + BoxMemory.sizeLimit + UseMemory.sizeLimit
        + DoorMemory.sizeLimit + QuotaMemory.sizeLimit + CommandMemory.sizeLimit
        + NoticeMemory.sizeLimit

    /// The newest entry that this state includes. Nil: it was taken while no journal was open, so
    /// what entries say of doors is older, and what else they say is not included.
    public var last: Cursor?
    /// The newest wall-clock reading that was trusted: the floor after a restart without a clock.
    public var wallAnchor: WallTime
    /// Of the last roster that was in force: the next one counts on, whatever becomes of its file.
    public var rosterVersion: UInt64
    /// At most `DoorSet.capacity`, names at most `EntryNames.nameLimit` bytes.
    public var doors: [Door]
    /// Day passes that were used, at most `PassLedger.capacity`. Some may be over: they are
    /// forgotten when their place is needed.
    public var passes: [PassLedger.Use]
    /// How far totals have got, or where that is said.
    public var totals: Totals
    /// Guards that stand.
    public var guards: GuardMemory
    /// Boxes of lockers that are not simply free.
    public var boxes: BoxMemory
    /// Uses of other services that go on.
    public var uses: UseMemory
    /// Who gave doors their modes, and who is inside.
    public var rules: DoorMemory
    /// What holders have had of what has quotas.
    public var quotas: QuotaMemory
    /// Commands that were taken up.
    public var commands: CommandMemory
    /// What is to be read at the station.
    public var notice: NoticeMemory

    public init(
        last: Cursor?, wallAnchor: WallTime, rosterVersion: UInt64 = 0, doors: [Door],
        passes: [PassLedger.Use] = [], totals: Totals = .here([]),
        guards: GuardMemory = GuardMemory(), boxes: BoxMemory = BoxMemory(),
        uses: UseMemory = UseMemory(), rules: DoorMemory = DoorMemory(),
        quotas: QuotaMemory = QuotaMemory(), commands: CommandMemory = CommandMemory(),
        notice: NoticeMemory = NoticeMemory()
    ) {
        self.last = last
        self.wallAnchor = wallAnchor
        self.rosterVersion = rosterVersion
        self.doors = doors
        self.passes = passes
        self.totals = totals
        self.guards = guards
        self.boxes = boxes
        self.uses = uses
        self.rules = rules
        self.quotas = quotas
        self.commands = commands
        self.notice = notice
    }

    /// The file that a station's snapshot lives in.
    public static let file = StateFile(
        name: "state.snapshot", kind: .snapshot, version: version, limit: sizeLimit)

    /// - Precondition: doors and names are within their limits, as a resolved station's are.
    public func encoded() -> [UInt8] {
        precondition(doors.count <= DoorSet.capacity, "more doors than a station can have")
        var bytes = ByteBuffer(capacity: Self.sizeLimit)
        bytes.append(bigEndian: last?.sequence ?? 0)
        bytes.append(bigEndian: last?.store.bits ?? 0)
        bytes.append(bigEndian: wallAnchor.milliseconds)
        bytes.append(bigEndian: rosterVersion)
        bytes.append(UInt8(doors.count))
        for door in doors {
            let count = door.name.utf8.count
            precondition(count <= EntryNames.nameLimit, "door name too long: \(door.name)")
            bytes.append(UInt8(count))
            bytes.append(door.name)
            let followed: UInt8 = door.followed.map { $0 ? 2 : 1 } ?? 0
            bytes.append(door.mode.rawValue | followed << Self.followedShift)
            bytes.append(door.latches.rawValue)
        }
        precondition(passes.count <= PassLedger.capacity, "more passes than a station remembers")
        bytes.append(bigEndian: UInt16(passes.count))
        for pass in passes {
            bytes.append(bigEndian: pass.id.issuer.bits)
            bytes.append(bigEndian: pass.id.nonce)
            bytes.append(bigEndian: pass.uses)
            bytes.append(bigEndian: pass.withdrawn)
            bytes.append(bigEndian: pass.end.milliseconds)
        }
        append(totals, to: &bytes)
        guards.append(to: &bytes)
        boxes.append(to: &bytes)
        uses.append(to: &bytes)
        rules.append(to: &bytes)
        quotas.append(to: &bytes)
        commands.append(to: &bytes)
        notice.append(to: &bytes)
        return Array(bytes.bytes)
    }

    private func append(_ totals: Totals, to bytes: inout ByteBuffer) {
        switch totals {
        case .here(let totals), .before(let totals): TotalsCoding.append(totals, to: &bytes)
        case .apart: bytes.append(bigEndian: Self.totalsApart)
        case .unknown: bytes.append(bigEndian: Self.unknownTotals)
        }
    }

    /// - Returns: `nil` unless these are exactly the bytes of a snapshot.
    public init?(_ bytes: ArraySlice<UInt8>, version: UInt16 = version) {
        var rest = bytes
        guard let sequence: UInt64 = rest.take(), let store: UInt128 = rest.take(),
            let wall: Int64 = rest.take(),
            let roster: UInt64 = version < 2 ? 0 : rest.take(),
            let count: UInt8 = rest.take(), count <= DoorSet.capacity, store != 0 || sequence == 0
        else { return nil }
        var doors: [Door] = []
        for _ in 0..<count {
            guard let door = Self.door(&rest, version) else { return nil }
            doors.append(door)
        }
        var passes: [PassLedger.Use] = []
        if version >= 3 {
            guard let count: UInt16 = rest.take(), count <= PassLedger.capacity else { return nil }
            for _ in 0..<count {
                guard let pass = Self.pass(&rest, version) else { return nil }
                passes.append(pass)
            }
        }
        var totals = Totals.before([])
        if version >= 5 {
            guard let read = Self.totals(&rest, version) else { return nil }
            totals = read
        }
        var guards = GuardMemory()
        if version >= 6 {
            guard let read = GuardMemory(&rest) else { return nil }
            guards = read
        }
        var boxes = BoxMemory()
        if version >= 9 {
            guard let read = BoxMemory(&rest) else { return nil }
            boxes = read
        }
        var uses = UseMemory()
        var rules = DoorMemory()
        if version >= 10 {
            guard let used = UseMemory(&rest), let ruled = DoorMemory(&rest) else { return nil }
            (uses, rules) = (used, ruled)
        }
        var quotas = QuotaMemory()
        if version >= 11 {
            guard let read = QuotaMemory(&rest) else { return nil }
            quotas = read
        }
        var (commands, notice) = (CommandMemory(), NoticeMemory())
        if version >= 12 {
            guard let taken = CommandMemory(&rest), let read = NoticeMemory(&rest) else {
                return nil
            }
            (commands, notice) = (taken, read)
        }
        guard rest.isEmpty else { return nil }
        self.init(
            last: store == 0 ? nil : Cursor(store: StoreID(bits: store), sequence: sequence),
            wallAnchor: WallTime(milliseconds: wall), rosterVersion: roster, doors: doors,
            passes: passes, totals: totals, guards: guards, boxes: boxes, uses: uses,
            rules: rules, quotas: quotas, commands: commands, notice: notice)
    }

    private static func totals(
        _ rest: inout ArraySlice<UInt8>, _ version: UInt16
    ) -> Totals? {
        guard let count: UInt16 = rest.take() else { return nil }
        switch count {
        case unknownTotals: return .unknown
        case totalsApart: return version < 8 ? nil : .apart
        default:
            let totals = TotalsCoding.take(count, off: &rest, haveOrigins: version >= 8)
            return totals.map { version < 8 ? .before($0) : .here($0) }
        }
    }

    private static func pass(
        _ rest: inout ArraySlice<UInt8>, _ version: UInt16
    ) -> PassLedger.Use? {
        guard let issuer: UInt32 = rest.take(), let nonce: UInt64 = rest.take() else { return nil }
        let uses: UInt16?
        if version < 4 {
            let short: UInt8? = rest.take()
            uses = short.map { UInt16($0) }
        } else {
            uses = rest.take()
        }
        guard let uses, let withdrawn: UInt16 = version < 4 ? 0 : rest.take(),
            let end: Int64 = rest.take()
        else { return nil }
        return PassLedger.Use(
            id: DayPassID(issuer: DayPassIssuer.ID(bits: issuer), nonce: nonce), uses: uses,
            withdrawn: withdrawn, end: WallTime(milliseconds: end))
    }

    private static func door(_ rest: inout ArraySlice<UInt8>, _ version: UInt16) -> Door? {
        guard let name = rest.takeText(limit: EntryNames.nameLimit),
            let code: UInt8 = rest.take(),
            let mode = DoorMode(
                rawValue: version < 7 ? code : code & (1 << followedShift - 1)),
            let bits: UInt8 = rest.take()
        else { return nil }
        let followed = version < 7 ? 0 : code >> followedShift
        guard followed < 3 else { return nil }
        let latches = Latches(rawValue: bits)
        guard latches == .settled || Latches.all.isSuperset(of: latches) else { return nil }
        return Door(
            name: name, mode: mode, latches: latches, followed: followed == 0 ? nil : followed == 2)
    }

    /// Reads the snapshot of a state directory, or `nil` when there is none.
    public static func read(
        in directory: any StateDirectory
    ) throws(StateFileError) -> StateSnapshot? {
        guard let contents = try file.read(in: directory) else { return nil }
        guard let snapshot = StateSnapshot(contents.bytes, version: contents.version) else {
            throw .damaged(.content, setAside: file.setAside(in: directory))
        }
        return snapshot
    }

    /// Replaces the snapshot of a state directory.
    public func write(in directory: any StateDirectory) throws(JournalError) {
        try Self.file.write(encoded()[...], in: directory)
    }
}

extension ArraySlice<UInt8> {
    /// Takes a big-endian number off the front, or nothing when there is too little left.
    mutating func take<Number: FixedWidthInteger>() -> Number? {
        let size = MemoryLayout<Number>.size
        guard count >= size else { return nil }
        let value = withUnsafeBytes { Number(bigEndian: $0.loadUnaligned(as: Number.self)) }
        self = dropFirst(size)
        return value
    }
}
