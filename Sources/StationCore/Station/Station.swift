// The station core: owns drivers and rules, takes facts in, lets effects and entries out.

public import EventLoop

/// The quiet room's table. Synchronous and deterministic: everything it knows came in as an input
/// with a time on it.
///
/// Inputs queue work; `pump` lets the consequences run until quiet. Then `settings` holds the lines
/// to set and `outbox` the entries to hand to the journal.
public struct Station: ~Copyable {
    /// More queued work than this means two machines feed each other.
    static let workCapacity = 4_096
    /// More orders than this between two looks of the world are more than any line can send.
    static let orderCapacity = 256
    /// So many frames of CCID, the longest; polls and commands are a few bytes.
    static let orderBytes = 65_536

    /// Swift 6.3 copies a loadable struct of this size to the stack for every call that does not
    /// mutate it. An existential makes it address-only; see docs/decisions/0007.
    private let addressOnly: any Sendable = ()

    public let resolved: ResolvedStation
    let owners: [LineOwner]
    let wiring: Wiring

    var drivers: FixedTable<any Driver>
    var doors: FixedTable<Door>
    var readers: FixedTable<ReaderState>
    /// What anybody can cause, by device.
    var floods: FixedTable<Floods>
    var deviceStates: FixedTable<DeviceState>
    /// What was told of devices' points.
    var points: PointBook
    /// When totals have to be on their way to the medium, and what the world knows of that.
    var totalsDue: Instant?
    var totalsToldDue: Instant?
    /// Whether somebody said what the run before kept.
    var areTotalsRecalled = false
    var guards: GuardBook
    var services: ServiceBook
    var machines: MachineBook
    /// Doors that do more than open for keys.
    var doorBook: DoorBook
    /// Outputs that are kept active.
    var renewals: [Renewal] = []
    /// Orders under way that renewed what is not kept on any more.
    var strayRenewals: [UInt64] = []
    /// What boxes said by themselves and hear of when it is written down: their bus, the newest of
    /// it, its entry.
    var bookings: [(bus: Int, push: UInt64, ticket: Ticket)] = []
    /// The last order of an action.
    var lastAction: UInt64 = 0
    /// Orders that somebody waits for; how many of them wait for their entry; what became of those
    /// that ended.
    var askedActions: [AskedAction] = []
    var actionsWaiting = 0
    var actionAnswers: [(number: UInt64, answer: ActionAnswer)] = []
    @usableFromInline var isAnyHeldBack = false
    /// A driver wants something of the world: random bytes, or a key kept.
    @usableFromInline var isAsking = false
    /// Owners: devices, their counts, doors, the barrier, the journal, an enrolment, the hours,
    /// guards, orders that wait, renewals, services, doors with rules. The first of each kind:
    let firstDoorOwner: Int
    let barrierOwner: Int
    let journalOwner: Int
    let enrolmentOwner: Int
    let hoursOwner: Int
    let guardOwner: Int
    let actionOwner: Int
    let renewalOwner: Int
    let serviceOwner: Int
    let firstRuledOwner: Int
    @usableFromInline var deadlines: Deadlines
    @usableFromInline var barrier: CommitBarrier
    /// What the journal knows of `barrier.isWaiting`.
    var isToldWaiting = true

    var roster: Roster?
    var key: StationKey?
    /// Cards that were enrolled at the door, beside the roster.
    var cards: Roster?
    /// What holders have had of what has quotas.
    var quotas = QuotaLedger()
    /// A card that is about to become a key.
    var enrolment: Enrolment?
    /// Its reader's place; -1: none is pending.
    var enrolmentReader = -1
    var enrolmentNumber: UInt32 = 0
    /// A newer key whose first roster has not come yet.
    var nextKey: StationKey?
    var calendar = Calendar.unknown
    var nextTicket: UInt64 = 1
    public internal(set) var journalState = JournalState.opening
    /// What is wrong with the station itself.
    var ownFaults = StandingFaults()
    /// Doors that were told something in this run.
    public internal(set) var commandedDoors = DoorSet()
    /// How often each door was told something that does not wait.
    var words: [UInt32]
    /// Answers to orders that had to wait for their entry, by the order's number.
    var doorAnswers: [(number: UInt64, answer: DoorAnswer)] = []
    /// What is open now.
    public internal(set) var schedules: Schedules
    /// Whether each door's hours were open when they were last followed; `nil`: not yet.
    var followedHours: [Bool?]
    /// Doors that were locked because nobody knew what time it was.
    var lockedForClock = DoorSet()
    /// Doors that their hours unlocked or locked in this run.
    var doorsByHours = DoorSet()
    /// Bit n: a person has decided something of the n-th set of hours in this run.
    var decidedHours: UInt64 = 0
    /// Strict stations: so many commits, and a lapse is forgiven.
    var commitsOwed = 0
    /// A sample may be in the outbox.
    var hasSamples = false
    /// What the journal was given and has not answered yet.
    var journalWatch = JournalWatch()

    @usableFromInline var work = FixedQueue<Work>(capacity: Self.workCapacity)
    var answers = DriverOutputs()

    public internal(set) var counters = Counters()
    /// Day passes: who issues them, and which were used.
    var passDesk: PassDesk
    /// What is to be read here, and whether a person has said so in this run.
    var notice: Notice?
    var hasNoticeWord = false
    /// A hub's commands.
    var commandDesk = CommandDesk()
    /// Whether a crew member looks at cards now, and the last of them.
    var isWatched = false
    var cardTray = CardTray()
    /// Lines to set, in order. The world takes them after every pump.
    @usableFromInline var lineSettings: FixedQueue<LineSetting>
    /// What channels are to do, in order. The world takes them after every pump.
    @usableFromInline var channelOrders = FixedQueue<ChannelTask>(capacity: Self.orderCapacity)
    /// What those that write are to write.
    var orderedPackets = PacketQueue(capacity: Self.orderBytes)
    public internal(set) var outbox = Outbox()
    /// The journal took no more last time; it is offered the rest when it answers.
    @usableFromInline var isJournalFull = false
    /// What the station itself says of keys; the tables say so already.
    var marks = KeyMarks()
    /// An operation that waits for two masters, and the number of one that has both.
    var masters = TwoMasters()
    var approved: UInt64?

    /// - Parameters:
    ///   - modes: the doors' standing modes that survived the restart, by place.
    ///   - followed: whether their hours were open when they were last followed.
    /// - Precondition: `resolved` was validated.
    public init(
        _ resolved: ResolvedStation, modes: [DoorMode] = [], followed: [Bool?] = []
    ) {
        self.resolved = resolved
        wiring = Wiring(resolved)
        passDesk = PassDesk(resolved.station, devices: resolved.devices.count)
        owners = resolved.lines.map {
            LineOwner(device: UInt16($0.device), terminal: UInt8($0.terminal))
        }
        drivers = FixedTable(
            resolved.devices.indices.map { DriverCatalog.makeDriver(of: $0, in: resolved) })
        doors = FixedTable(
            resolved.doors.enumerated().map { place, door in
                Door(Door.Settings(door), standing: place < modes.count ? modes[place] : .locked)
            })
        readers = FixedTable(resolved.devices.map { _ in ReaderState() })
        points = PointBook(resolved)
        guards = GuardBook(resolved)
        services = ServiceBook(resolved)
        machines = MachineBook(resolved, guards)
        doorBook = DoorBook(resolved)
        floods = FixedTable(
            zip(wiring.roles, resolved.devices).map { role, device in
                Floods(of: role, points: device.driver.shownPoints.count)
            })
        deviceStates = FixedTable(
            resolved.devices.indices.map { DeviceState(of: $0, in: resolved) })
        words = resolved.doors.map { _ in 0 }
        firstDoorOwner = resolved.devices.count * 2
        barrierOwner = firstDoorOwner + resolved.doors.count
        journalOwner = barrierOwner + 1
        enrolmentOwner = journalOwner + 1
        hoursOwner = enrolmentOwner + 1
        guardOwner = hoursOwner + 1
        actionOwner = guardOwner + 1
        renewalOwner = actionOwner + 1
        serviceOwner = renewalOwner + 1
        firstRuledOwner = serviceOwner + 1
        deadlines = Deadlines(owners: firstRuledOwner + resolved.doors.count)
        schedules = Schedules(resolved.hours.map(\.hours), holidays: resolved.holidays)
        followedHours = resolved.doors.indices.map { place in
            place < followed.count && resolved.doors[place].unlockHours != nil
                ? followed[place] : nil
        }
        barrier = CommitBarrier(resolved.journal)
        // Every step of a pump may set a few lines before the world takes them.
        lineSettings = FixedQueue(capacity: Self.workCapacity)
    }
}

/// Which device and terminal a line belongs to.
struct LineOwner: Sendable {
    var device: UInt16
    var terminal: UInt8
}
