// What survived the last run: door modes, key and roster, read once at the start.

public import Control
public import EventLoop
public import Journal
public import StationCore

/// The state directory's contents at the start. Anything damaged is said and done without.
public struct Memory {
    /// The roster's file in the state directory.
    public static let rosterName = "roster.table"

    /// Cards that were enrolled at the door, beside it.
    public static let cardsName = "enrolled.table"

    /// By the doors' places; none: all are locked.
    public let modes: [DoorMode]
    /// How far each door's hours were followed.
    public let followed: [Bool?]
    /// Doors that are locked down because nothing says how they stood.
    public let doubts: DoorSet
    /// Doors that stand as the snapshot says, whatever the journal says.
    public let settled: DoorSet
    public let key: StationKey?
    /// What is known to have been committed; nil: nothing says, and the journal has to.
    public let known: Cursor?
    /// There is neither a snapshot nor a journal: nothing was ever known.
    public let isFirstStart: Bool
    /// The newest of build time and last anchor.
    public let floor: WallTime
    /// Of the last roster that was in force, as far as the snapshot knows.
    public let rosterVersion: UInt64
    /// Day passes that were used and are not over.
    public let passUses: [PassLedger.Use]
    /// How far totals had got; nil: there was a run before, and nobody knows.
    public let totals: [KeptTotal]?
    /// Where they are kept.
    let totalsFile: TotalsFile
    /// Whether that file says it, and the snapshot adds nothing.
    let areTotalsApart: Bool
    /// Guards that stood.
    public let guards: GuardMemory
    /// Whose boxes were.
    public let boxes: BoxMemory
    /// Uses of other services that went on.
    public let uses: UseMemory
    /// Who gave doors their modes, and who is inside.
    public let rules: DoorMemory
    /// What holders have had.
    public let quotas: QuotaMemory
    /// Commands that were taken up.
    public let commands: CommandMemory
    /// What was to be read at the station.
    public let notice: NoticeMemory
    /// What seals readers' keys, if this board has something.
    public let seal: StateSeal?
    /// How readers' keys lie there.
    public let readerKeys: ReaderKeyState

    public init(
        _ directory: any StateDirectory, _ station: ResolvedStation, seal: StateSeal? = nil
    ) {
        self.seal = seal
        readerKeys = Self.settleReaderKeys(ReaderKeyFile(in: directory, seal: seal))
        let snapshot = Self.snapshot(directory, station)
        modes = snapshot?.modes(for: station) ?? []
        followed = snapshot?.followed(for: station) ?? []
        doubts = snapshot?.doubts(for: station) ?? []
        settled = snapshot?.settled(for: station) ?? []
        floor = max(Release.built, snapshot?.wallAnchor ?? Release.built)
        known = snapshot?.last
        isFirstStart = snapshot == nil
        rosterVersion = snapshot?.rosterVersion ?? 0
        passUses = snapshot?.passes ?? []
        let (file, found) = TotalsFile.open(in: directory)
        totalsFile = file
        let totals = file.totals(found, and: snapshot, of: station)
        self.totals = totals
        areTotalsApart = if case .kept(let kept) = found { kept == totals } else { false }
        if case .unusable(let error, let name) = found {
            let aside = name.map { "; 另存为 set aside as \($0)" } ?? ""
            Console.note(
                "stationd: \(TotalsFile.name): \(error)\(aside); 累计值从头计 totals begin anew")
        }
        guards = snapshot?.guards ?? GuardMemory()
        boxes = snapshot?.boxes ?? BoxMemory()
        uses = snapshot?.uses ?? UseMemory()
        rules = snapshot?.rules ?? DoorMemory()
        quotas = snapshot?.quotas ?? QuotaMemory()
        commands = snapshot?.commands ?? CommandMemory()
        notice = snapshot?.notice ?? NoticeMemory()
        key = Self.key(directory)
    }

    /// Tells the station what it knew: key and roster. The roster may be large, so outputs come
    /// first.
    ///
    /// - Returns: the version that the next import counts on from.
    public func teach(
        _ station: inout Station, from directory: any StateDirectory, at now: Instant
    ) -> UInt64 {
        let marks = Self.teachMarks(&station, from: directory, at: now)
        let (roster, isDamaged) = Self.table(Self.rosterName, directory, station.resolved, marks)
        var isUsable = !isDamaged
        if let roster {
            // A new key may wait for its first roster, or be damaged: the old pair stays in force.
            if let maker = maker(of: roster, in: directory) {
                station.installed(key: maker, isNew: false, at: now)
                station.replaced(roster: roster, refused: 0, isNew: false, at: now)
            } else {
                isUsable = false
                let epoch = key.map { "\($0.epoch)" } ?? "-"
                Console.note(
                    "stationd: \(Self.rosterName): 用密钥 made with key \(roster.epoch), "
                        + "不是 not with \(epoch): 请重新导入名册 import the roster again")
            }
        }
        if let key { station.installed(key: key, isNew: false, at: now) }
        Self.teachCards(&station, from: directory, marks, at: now)
        teachReaders(&station, from: directory, at: now)
        let issuers = Self.passIssuers(directory)
        station.trusts(issuers ?? [])
        guards.teach(&station, at: now)
        boxes.teach(&station, at: now)
        uses.teach(&station, at: now)
        rules.teach(&station, at: now)
        quotas.teach(&station)
        commands.teach(&station)
        notice.teach(&station, at: now)
        let boot = BootID.ofKernel()
        if boot.bits != 0 { station.knows(boot: boot.bits) }
        if isFirstStart {
            station.recalledServices(at: now)
            station.recalledCommands(isContinued: true, isWhole: true, at: now)
        }
        for use in passUses { station.recalled(use) }
        station.recalled(totals: totals, at: now)
        station.suffers(.rosterUnusable, !isUsable, at: now)
        station.suffers(.passesUnusable, issuers == nil, at: now)
        return max(roster?.version ?? 0, rosterVersion)
    }

    /// What was said of keys at the station.
    private static func teachMarks(
        _ station: inout Station, from directory: any StateDirectory, at now: Instant
    ) -> KeyMarks {
        do throws(StateFileError) {
            let marks = try KeyMarksFile.read(in: directory)
            station.recalled(marks)
            return marks
        } catch {
            let name = setAside(KeyMarksFile.file, error, in: directory)
            let aside = name.map { "; 另存为 set aside as \($0)" } ?? ""
            Console.note("stationd: \(KeyMarksFile.name): \(error)\(aside)")
            station.suffers(.marksUnusable, true, at: now)
            return KeyMarks()
        }
    }

    private static func teachCards(
        _ station: inout Station, from directory: any StateDirectory, _ marks: KeyMarks,
        at now: Instant
    ) {
        let (cards, isDamaged) = table(cardsName, directory, station.resolved, marks)
        if let cards { station.keep(cards: cards, at: now) }
        guard isDamaged else { return }
        station.suffers(.cardsUnusable, true, at: now)
        // The next card makes a file of its own: one that cannot be read is not to be in its place.
        let aside = directory.asideName(stem: cardsName, suffix: "")
        do throws(JournalError) {
            try directory.rename(cardsName, to: aside)
            try directory.sync()
            Console.note("stationd: \(cardsName): 另存为 set aside as \(aside)")
        } catch {
            Console.note("stationd: \(cardsName): \(error)")
        }
    }

    /// The key at hand that a roster was made with.
    private func maker(of roster: Roster, in directory: any StateDirectory) -> StationKey? {
        if let key, roster.isMade(with: key) { return key }
        let previous = Self.key(directory, KeyFile.previousName)
        return previous.flatMap { roster.isMade(with: $0) ? $0 : nil }
    }

    /// The snapshot, or what stands in for one that is lost. None is a loss as well when there is a
    /// journal: only a first start has neither.
    private static func snapshot(
        _ directory: any StateDirectory, _ station: ResolvedStation
    ) -> StateSnapshot? {
        var reason = "找不到 missing"
        do throws(StateFileError) {
            if let snapshot = try StateSnapshot.read(in: directory) { return snapshot }
            guard directory.size(of: Store.fileName) ?? 0 > 0 else { return nil }
        } catch {
            reason = "\(error)"
            if let name = setAside(StateSnapshot.file, error, in: directory) {
                reason += "; 另存为 set aside as \(name)"
            }
        }
        Console.note(
            "stationd: \(StateSnapshot.file.name): \(reason); 各门先锁闭，再查记录 "
                + "doors are locked down until the journal says how they stood")
        return .lost(for: station, wallAnchor: Release.built)
    }

    /// This run writes a file of its own: one that it cannot read must not be in its place.
    private static func setAside(
        _ file: StateFile, _ error: StateFileError, in directory: any StateDirectory
    ) -> String? {
        switch error {
        case .damaged: nil  // It was set aside when it was read.
        case .newer: file.setAside(in: directory, as: StateFile.newerWord)
        case .unreadable:
            file.setAside(in: directory, as: StateFile.unreadableWord)
        }
    }

    private static func key(
        _ directory: any StateDirectory, _ name: String = KeyFile.name
    ) -> StationKey? {
        do throws(KeyFile.Failure) {
            return try KeyFile.read(in: directory, name)?.key
        } catch {
            Console.note("stationd: \(name): \(error); 请重新安装 install it again: stationctl key")
            return nil
        }
    }

    /// Whose day passes are good: without a hub, this station's own. Nil: nobody can say.
    private static func passIssuers(_ directory: any StateDirectory) -> [DayPassIssuer]? {
        do throws(PassKeyFile.Failure) {
            return try PassKeyFile.read(in: directory).map { [$0.issuer] } ?? []
        } catch {
            Console.note(
                "stationd: \(PassKeyFile.name): \(error); 日票暂不能用 day passes are not taken")
            return nil
        }
    }

    private static func table(
        _ name: String, _ directory: any StateDirectory, _ station: ResolvedStation,
        _ marks: KeyMarks
    ) -> (roster: Roster?, isDamaged: Bool) {
        do {
            guard let bytes = try directory.read(name, limit: RosterLimits.fileBytes) else {
                return (nil, false)
            }
            let roster = try RosterFile.decode(bytes, for: RosterPlaces(station))
            Clerk.tellUnknownHours(of: roster)
            return (roster.marked(by: marks), false)
        } catch {
            let words =
                (error as? RosterFileError).map { "\($0.text(.chinese)) \($0.text(.english))" }
            Console.note("stationd: \(name): \(words ?? "\(error)")")
            return (nil, true)
        }
    }
}
