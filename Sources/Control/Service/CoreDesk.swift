// The seam to the core: questions go to its loop as values, answers come back as values.

public import EventLoop
public import StationCore

/// Names one question until its answer.
public struct RequestID: Hashable, Sendable {
    public let number: UInt64
    public init(number: UInt64) { self.number = number }
}

/// What the control socket may ask of the core and of those who work for it.
///
/// | query | answered by |
/// |---|---|
/// | `station` | `.station` |
/// | `devices` | `.devices` |
/// | `measurements` | `.measurements` |
/// | `roster` | `.roster` |
/// | `importRoster` | `.imported`; read the file on a worker, never on the loop |
/// | `applyRoster` | `.applied`; on a worker as well |
/// | `createKey`, `installKey` | `.key` |
/// | `issuePass` | `.pass` |
/// | `door` | `.door` |
/// | `act` | `.action` |
/// | `watchCard` | `.card` |
/// | `tap`, `reader`, `enrol`, `cancelEnrolment`, `activate` | `.done` |
/// | `withdrawCards`, `tellKey` | `.done`; on a worker |
/// | `resetGuard`, `tellBox` | `.done` |
/// | `boxes` | `.boxes` |
/// | `services` | `.services` |
/// | `service`, `changeHours` | `.done` |
/// | `notice` | `.done` |
/// | `runCommand`, `command` | `.command`; its signature is checked beside the loop |
///
/// Any of them may be answered by `.refused`.
public enum CoreQuery: Sendable {
    case station
    case devices
    case measurements
    /// Keys after one key id, at most `limit`.
    case roster(after: ShortText?, limit: Int)
    case importRoster(PassedFile, partial: Bool, dry: Bool)
    /// A signed bundle.
    case applyRoster(PassedFile)
    case createKey
    case installKey(PassedFile)
    case issuePass(PassOrder)
    /// A card that is to be a key. What comes of it is told in the journal.
    case enrol(EnrolmentOrder)
    case cancelEnrolment(by: CrewMember)
    /// The enrolled cards of a key are to be none any more.
    case withdrawCards(ShortText, by: CrewMember)
    /// A key is lost or blocked, whatever rosters say, or is not any more.
    case tellKey(ShortText, KeyWord, by: CrewMember)
    /// A credential at a reader of a simulated station.
    case tap(DeviceID, Credential)
    /// Something that a person tells a door.
    case door(DoorID, DoorCommand, by: CrewMember)
    /// Something that a person has a device do; answered when it has ended.
    case act(DeviceID, Int, [ArgumentValue], by: CrewMember)
    /// A guard of a device that a person resets.
    case resetGuard(DeviceID, Int, isBlind: Bool, by: CrewMember)
    /// How every box of every service stands.
    case boxes
    /// Something that a person has done to a box, by its service and its place there.
    case tellBox(ServiceID, Int, BoxOrder, by: CrewMember)
    /// How every service and every set of hours stands.
    case services
    /// Something that a person decides over a service, or tells one of its parts.
    case service(ServiceID, ServicesSnapshot.Word, by: CrewMember)
    /// Something that a person decides over sets of hours, by their places.
    case changeHours([Int], HoursWord, by: CrewMember)
    /// Something that a person has everybody read; `nil`: what stands is taken down.
    case notice(Notice?, by: CrewMember)
    /// A hub's signed command.
    case runCommand(String)
    /// One that was taken up.
    case command(ShortText)
    /// The next card; answered with none when the time is up.
    case watchCard(CardWish)
    /// Something that a person has done to a reader.
    case reader(DeviceID, ReaderOrder, by: CrewMember)
    /// End in order; `now`: even if a session is cut.
    case activate(digest: String?, now: Bool)
}

/// What the core answers.
public enum CoreAnswer: Sendable {
    case station(StationSnapshot)
    case devices(DevicesSnapshot)
    case boxes(BoxesSnapshot)
    case services(ServicesSnapshot)
    case measurements(Measurements)
    /// Without a roster there are no keys. `enrolled`: keys with cards enrolled at the door.
    case roster(RosterSnapshot?, enrolled: Int, keys: [KeyRecord], next: ShortText?)
    case imported(ImportOutcome)
    /// A bundle is in force.
    case applied(RosterSnapshot)
    case key(epoch: ShortText)
    /// A day pass's text, and the public key that checks it.
    case pass(text: String, publicKey: [UInt8])
    /// The mode that a door stands in from now on, and whether the order was durable before it.
    case door(DoorMode, isWritten: Bool)
    /// What a device did, the order's number, and whether the order was durable before it.
    case action(ActionOutcome, order: UInt64, isWritten: Bool)
    /// What became of a hub's command, so far.
    case command(CommandLedger.Known)
    /// A card, and the place to ask on from.
    case card(WatchedCard?, next: UInt64)
    case done
    case refused(ControlError)
}

/// A card that somebody wants to see.
public struct CardWish: Equatable, Sendable {
    /// `nil`: at any reader.
    public var reader: DeviceID?
    /// So long they wait.
    public var patience: Interval
    /// The number of the last card that they saw; `nil`: only what comes from now on.
    public var after: UInt64?
    /// Who looks.
    public var person: CrewMember

    public init(reader: DeviceID?, patience: Interval, after: UInt64?, person: CrewMember) {
        self.reader = reader
        self.patience = patience
        self.after = after
        self.person = person
    }
}

/// A day pass that somebody wants.
public struct PassOrder: Equatable, Sendable {
    /// `nil`: good at this station alone.
    public var district: ShortText?
    /// Hours until it is good, and for how long.
    public var delay: Int
    public var hours: Int
    /// Uses at one station.
    public var quota: UInt8

    public init(district: ShortText?, delay: Int, hours: Int, quota: UInt8) {
        self.district = district
        self.delay = delay
        self.hours = hours
        self.quota = quota
    }
}

/// Takes questions for the core. Called on the control thread, never blocks.
///
/// | `ask` returns | the caller's duty |
/// |---|---|
/// | true | one `answer` with this id will come, from any thread; if not, say so in time |
/// | false | the desk is full: tell the peer to try again |
///
/// `withdraw`: whoever asked has left, and nobody takes the answer. What waits for a person to do
/// something is to be answered now.
public protocol CoreDesk: AnyObject, Sendable {
    func ask(_ query: CoreQuery, id: RequestID) -> Bool
    func withdraw(_ id: RequestID)
}

extension CoreDesk {
    /// For desks that answer at once.
    public func withdraw(_ id: RequestID) {}
}

/// How the keys of readers on buses lie on the medium.
public enum ReaderKeyState: String, Sendable, CaseIterable {
    /// There are none.
    case none
    /// For this user's eyes alone: whoever has the medium has them.
    case plain
    /// Under a seal that is not on the medium.
    case sealed
    /// Sealed, and the seal is not here; or damaged.
    case unusable
}

/// The core's state at one instant. Plain values: made in a moment, without text.
public struct StationSnapshot: Sendable {
    public var at: Instant
    public var started: Instant
    public var calendar: Calendar
    public var ready: Bool
    public var roster: RosterSnapshot?
    public var keyEpochs: [ShortText]
    /// In the order of `ResolvedStation.doors`.
    public var doors: [DoorSnapshot]
    /// By their place in `ResolvedStation.devices`.
    public var faultyDevices: [DeviceID]
    /// Whether grants wait for their commit.
    public var journalWaited: Bool
    /// How the journal is, as the core was told.
    public var journal: JournalState
    /// What is wrong with the station itself.
    public var faults: [(fault: Fault, since: Instant)]
    /// How the keys of readers on buses lie on the medium.
    public var readerKeys = ReaderKeyState.none
    /// What is to be read here.
    public var notice: Notice?

    public init(
        at: Instant, started: Instant, calendar: Calendar, ready: Bool, roster: RosterSnapshot?,
        keyEpochs: [ShortText], doors: [DoorSnapshot], faultyDevices: [DeviceID],
        journalWaited: Bool, journal: JournalState = .open,
        faults: [(fault: Fault, since: Instant)] = []
    ) {
        self.at = at
        self.started = started
        self.calendar = calendar
        self.ready = ready
        self.roster = roster
        self.keyEpochs = keyEpochs
        self.doors = doors
        self.faultyDevices = faultyDevices
        self.journalWaited = journalWaited
        self.journal = journal
        self.faults = faults
    }
}

/// The roster in force.
public struct RosterSnapshot: Sendable {
    public var version: UInt64
    public var keys: Int
    public var forms: Int
    public var epoch: ShortText
    /// Of the stored table, hexadecimal.
    public var digest: String
    /// The id of whoever signed it.
    public var issuer: String?
    /// Keys with cards that were enrolled at the door, and keys of which the station has a word of
    /// its own.
    public var enrolled: Int?
    public var told: Int?

    public init(
        version: UInt64, keys: Int, forms: Int, epoch: ShortText, digest: String,
        issuer: String? = nil, enrolled: Int? = nil, told: Int? = nil
    ) {
        self.version = version
        self.enrolled = enrolled
        self.told = told
        self.keys = keys
        self.forms = forms
        self.epoch = epoch
        self.digest = digest
        self.issuer = issuer
    }
}

/// One door's state.
public struct DoorSnapshot: Sendable {
    public enum Physical: String, Sendable { case open, closed, unknown }
    public enum Alarm: String, Sendable { case forced, heldOpen, tampered, contactFault }

    public var mode: DoorMode
    public var physical: Physical
    public var released: Bool
    public var alarm: Alarm?
    /// Somebody is let through, or waits to be.
    public var inUse: Bool

    public init(
        mode: DoorMode, physical: Physical, released: Bool, alarm: Alarm?, inUse: Bool = false
    ) {
        self.mode = mode
        self.physical = physical
        self.released = released
        self.alarm = alarm
        self.inUse = inUse
    }
}

/// All devices' states at one instant, in the order of `ResolvedStation.devices`.
public struct DevicesSnapshot: Sendable {
    public var at: Instant
    public var calendar: Calendar
    public var devices: [DeviceSnapshot]

    public init(at: Instant, calendar: Calendar, devices: [DeviceSnapshot]) {
        self.at = at
        self.calendar = calendar
        self.devices = devices
    }
}

/// All boxes' states at one instant, by service, in the order of `ResolvedStation.services`.
public struct BoxesSnapshot: Sendable {
    public var calendar: Calendar
    public var services: [[BoxState]]

    public init(calendar: Calendar, services: [[BoxState]]) {
        self.calendar = calendar
        self.services = services
    }
}

/// One device's standing faults and what it counted since the start.
public struct DeviceSnapshot: Sendable {
    public var faults: [(fault: Fault, since: Instant)]
    public var counters: [(name: StaticString, value: UInt64)]
    /// What `insecure` is about, when that stands.
    public var flaw: OSDPSecurityFault?
    /// How long its answers on a bus took since the start; `nil`: it is on none.
    public var latency: BusLatency?
    /// Its points' last readings, in the order of `DriverSettings.shownPoints`.
    public var points: [PointReading]
    /// Its guards, in the order of `DriverSettings.guards`.
    public var guards: [GuardSnapshot]

    public init(
        faults: [(fault: Fault, since: Instant)] = [],
        counters: [(name: StaticString, value: UInt64)] = [], flaw: OSDPSecurityFault? = nil,
        latency: BusLatency? = nil, points: [PointReading] = [], guards: [GuardSnapshot] = []
    ) {
        self.faults = faults
        self.counters = counters
        self.flaw = flaw
        self.latency = latency
        self.points = points
        self.guards = guards
    }
}

/// One guard's state.
public struct GuardSnapshot: Sendable {
    /// Since when it stands; `nil`: it does not.
    public var since: Instant?
    /// Whether it has anything done; else it only tells.
    public var acts: Bool
    public var isSecured: Bool
    /// What it had done was told, and nothing shows whether that was obeyed.
    public var isUnseen: Bool
    public var isEscalated: Bool

    public init(
        since: Instant?, acts: Bool, isSecured: Bool, isUnseen: Bool = false, isEscalated: Bool
    ) {
        self.since = since
        self.acts = acts
        self.isSecured = isSecured
        self.isUnseen = isUnseen
        self.isEscalated = isEscalated
    }
}

/// What metrics are made of: both snapshots, and what the composition measures besides.
public struct Measurements: Sendable {
    public var station: StationSnapshot
    public var devices: DevicesSnapshot
    public var services: ServicesSnapshot
    public var more: [MetricRecord]

    public init(
        station: StationSnapshot, devices: DevicesSnapshot,
        services: ServicesSnapshot = ServicesSnapshot(services: []), more: [MetricRecord] = []
    ) {
        self.station = station
        self.devices = devices
        self.services = services
        self.more = more
    }
}

/// What an import did, or would do.
public struct ImportOutcome: Sendable {
    public var applied: Bool
    public var verdicts: Verdicts
    /// In force now.
    public var roster: RosterSnapshot?

    public init(applied: Bool, verdicts: Verdicts, roster: RosterSnapshot?) {
        self.applied = applied
        self.verdicts = verdicts
        self.roster = roster
    }
}
