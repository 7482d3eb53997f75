// A station after resolution: everything checked, every name turned into a place in a list.

/// What `stationd` runs: the station file and its profiles, resolved into one value.
///
/// `Profiles` makes it from YAML, `stationctl activate` puts it in place as JSON, `stationd` loads
/// it. Schema N and N-1 can be read.
public struct ResolvedStation: Codable, Sendable, Equatable {
    /// The schema this code writes.
    ///
    /// | schema | new in it |
    /// |---|---|
    /// | 2 | a door says how people get out (`egress`); channels |
    public static let currentSchema = 2

    public var schema: Int
    public var station: StationIdentity
    public var lines: [ResolvedLine]
    public var devices: [ResolvedDevice]
    /// The devices' byte streams; a file without any has none.
    public var channels: [ResolvedChannel]
    public var doors: [ResolvedDoor]
    /// What else people get here; a file without any has none.
    public var services: [ResolvedService]
    /// When something is open, each set under a name; a file without any has none.
    public var hours: [ResolvedHours]
    /// What is known of public holidays.
    public var holidays: PublicHolidays
    /// Templates for cards that are enrolled at the door; `nil`: the file has none, and is what it
    /// was before there were any.
    public var rights: [ResolvedRights]?
    /// Operations that wait for two masters; `nil`: none does.
    public var twoMasters: ResolvedTwoMasters?
    public var journal: JournalSettings
    public var policy: StationPolicy

    public init(
        schema: Int = currentSchema, station: StationIdentity, lines: [ResolvedLine],
        devices: [ResolvedDevice], channels: [ResolvedChannel] = [], doors: [ResolvedDoor],
        services: [ResolvedService] = [], hours: [ResolvedHours] = [],
        holidays: PublicHolidays = .unknown, rights: [ResolvedRights]? = nil,
        twoMasters: ResolvedTwoMasters? = nil,
        journal: JournalSettings, policy: StationPolicy
    ) {
        self.schema = schema
        self.station = station
        self.lines = lines
        self.devices = devices
        self.channels = channels
        self.doors = doors
        self.services = services
        self.hours = hours
        self.holidays = holidays
        self.rights = rights
        self.twoMasters = twoMasters
        self.journal = journal
        self.policy = policy
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        schema = try fields.decode(Int.self, forKey: .schema)
        station = try fields.decode(StationIdentity.self, forKey: .station)
        lines = try fields.decode([ResolvedLine].self, forKey: .lines)
        devices = try fields.decode([ResolvedDevice].self, forKey: .devices)
        channels = try fields.decodeIfPresent([ResolvedChannel].self, forKey: .channels) ?? []
        doors = try fields.decode([ResolvedDoor].self, forKey: .doors)
        services =
            try fields.decodeIfPresent([ResolvedService].self, forKey: .services) ?? []
        hours = try fields.decodeIfPresent([ResolvedHours].self, forKey: .hours) ?? []
        holidays =
            try fields.decodeIfPresent(PublicHolidays.self, forKey: .holidays) ?? .unknown
        rights = try fields.decodeIfPresent([ResolvedRights].self, forKey: .rights)
        twoMasters = try fields.decodeIfPresent(ResolvedTwoMasters.self, forKey: .twoMasters)
        journal = try fields.decode(JournalSettings.self, forKey: .journal)
        policy = try fields.decode(StationPolicy.self, forKey: .policy)
    }
}

/// A set of hours with its name.
public struct ResolvedHours: Codable, Sendable, Equatable {
    public var name: String
    public var labelChinese: String
    public var labelEnglish: String
    public var hours: OpeningHours

    public init(name: String, labelChinese: String, labelEnglish: String, hours: OpeningHours) {
        self.name = name
        self.labelChinese = labelChinese
        self.labelEnglish = labelEnglish
        self.hours = hours
    }
}

/// What people and hubs call the station.
public struct StationIdentity: Codable, Sendable, Equatable {
    /// Unique in the city: lower-case letters, digits and hyphens.
    public var id: String
    public var nameChinese: String
    public var nameEnglish: String
    /// Whom a rider may call; shown in sentences that say so. May be empty.
    public var phone: String
    /// Fixed offset from UTC, in minutes.
    public var utcOffsetMinutes: Int
    /// The district whose day passes are good here, if any.
    public var district: String?

    public init(
        id: String, nameChinese: String, nameEnglish: String, phone: String,
        utcOffsetMinutes: Int, district: String? = nil
    ) {
        self.id = id
        self.nameChinese = nameChinese
        self.nameEnglish = nameEnglish
        self.phone = phone
        self.utcOffsetMinutes = utcOffsetMinutes
        self.district = district
    }
}

/// One GPIO line, requested from the kernel together with the others of its `request`.
public struct ResolvedLine: Codable, Sendable, Equatable {
    public enum Direction: String, Codable, Sendable { case input, output }
    public enum Bias: String, Codable, Sendable { case asIs, pullUp, pullDown, disabled }
    public enum Edges: String, Codable, Sendable { case none, falling, rising, both }

    /// The chip's label, never its number: numbers change with the boot.
    public var chip: String
    /// The line's name, or its offset in decimal when the board names no lines.
    public var line: String
    public var direction: Direction
    /// A line is *active* when its device is: lines with `activeLow` are active at 0 V.
    public var activeLow: Bool
    public var bias: Bias
    /// Which edges of the voltage are reported, whatever level is active.
    public var edges: Edges
    /// Kernel debounce in microseconds, 0 for none.
    public var debounceMicroseconds: Int
    /// An output's value while nobody decided otherwise, as *active* or not; false for inputs.
    public var safe: Bool
    /// Lines with the same request number share one kernel request, so their edges stay ordered.
    public var request: Int
    public var device: Int
    /// The device's terminal: an index into its driver's terminals.
    public var terminal: Int

    public init(
        chip: String, line: String, direction: Direction, activeLow: Bool, bias: Bias,
        edges: Edges, debounceMicroseconds: Int, safe: Bool, request: Int, device: Int,
        terminal: Int
    ) {
        self.chip = chip
        self.line = line
        self.direction = direction
        self.activeLow = activeLow
        self.bias = bias
        self.edges = edges
        self.debounceMicroseconds = debounceMicroseconds
        self.safe = safe
        self.request = request
        self.device = device
        self.terminal = terminal
    }
}

extension ResolvedLine {
    /// The same edges as changes of the active state: rising means becoming active.
    public var activeEdges: Edges {
        switch edges {
        case .none, .both: edges
        case .falling: activeLow ? .rising : .falling
        case .rising: activeLow ? .falling : .rising
        }
    }
}

/// One device: its name, its profile and what its driver needs to know.
public struct ResolvedDevice: Codable, Sendable, Equatable {
    public var name: String
    /// The profile's id, as in `Devices/`.
    public var profile: String
    /// What people call it; empty: its name.
    public var labelChinese: String
    public var labelEnglish: String
    public var driver: DriverSettings

    public init(
        name: String, profile: String, labelChinese: String, labelEnglish: String,
        driver: DriverSettings
    ) {
        self.name = name
        self.profile = profile
        self.labelChinese = labelChinese
        self.labelEnglish = labelEnglish
        self.driver = driver
    }
}

/// Which driver a device gets, with its settings. One case per entry of `DriverCatalog`.
public enum DriverSettings: Codable, Sendable, Equatable {
    case wiegand(WiegandSettings)
    case lock(LockSettings)
    case contact(ContactSettings)
    case button(ButtonSettings)
    case pn532(PN532Settings)
    case em4100(EM4100Settings)
    case keyboard(KeyedReaderSettings)
    case ccid(CCIDSettings)
    case osdpBus(OSDPLineSettings)
    case osdpReader(OSDPReaderSettings)
    case fieldBus(FieldBusSettings)
    case busDevice(BusDeviceSettings)
    case boardDevice(BoardDeviceSettings)
}

/// A Wiegand reader. Terminals: `d0` 0, `d1` 1, `led` 2 (optional), `beeper` 3 (optional).
public struct WiegandSettings: Codable, Sendable, Equatable {
    /// The formats this reader may send, by name (`WiegandFormat`); other counts are diagnosed.
    public var formats: [String]
    /// Names of at most `View.perReader` views, tried in order.
    public var views: [String]
    /// Whether it has a keypad as well: then keypad counts never end a frame early.
    public var keypad: Bool

    public init(formats: [String], views: [String], keypad: Bool) {
        self.formats = formats
        self.views = views
        self.keypad = keypad
    }
}

/// A strike or maglock on one output line. Terminal: `coil` 0.
public struct LockSettings: Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable {
        /// Freed by power (fail-secure).
        case strike
        /// Held by power (fail-safe): freed when power goes.
        case maglock
    }
    public enum Safety: String, Codable, Sendable { case board, pull, none }
    public enum Duty: String, Codable, Sendable { case intermittent, continuous }

    public var kind: Kind
    /// What makes the output safe when nobody holds the line.
    public var safety: Safety
    public var duty: Duty

    public init(kind: Kind, safety: Safety, duty: Duty) {
        self.kind = kind
        self.safety = safety
        self.duty = duty
    }
}

/// A door contact. Terminal: `contact` 0; active means closed.
public struct ContactSettings: Codable, Sendable, Equatable {
    /// How long a level must stand before it is believed.
    public var settleMilliseconds: Int
    public init(settleMilliseconds: Int) { self.settleMilliseconds = settleMilliseconds }
}

/// A push button, such as request-to-exit. Terminal: `button` 0; active means pressed.
public struct ButtonSettings: Codable, Sendable, Equatable {
    public var settleMilliseconds: Int
    public init(settleMilliseconds: Int) { self.settleMilliseconds = settleMilliseconds }
}

/// One door and the devices that serve it, by their place in `devices`.
public struct ResolvedDoor: Codable, Sendable, Equatable {
    public enum Relock: String, Codable, Sendable { case onOpen, onClose }
    /// What a rider reads first: a room to come into, or a gate to ride through.
    public enum Greeting: String, Codable, Sendable { case room, gate }
    /// How people get out when nothing works.
    public enum Egress: String, Codable, Sendable, CaseIterable {
        /// Exit button and fire contact cut the lock's supply by wire.
        case hardware
        /// A handle or knob on the inside always opens.
        case handle
    }

    public var name: String
    public var labelChinese: String
    public var labelEnglish: String
    public var readersIn: [Int]
    public var readersOut: [Int]
    public var lock: Int
    public var contact: Int?
    public var exitButton: Int?
    /// An estate's own panel stays in charge: never `forced`.
    public var shared: Bool
    /// `nil`: the station file does not say; never so for a maglock since schema 2.
    public var egress: Egress?
    public var greeting: Greeting
    public var relock: Relock
    /// How long the lock stays free after a grant, unless the door opens first.
    public var releaseMilliseconds: Int
    /// How long the door may stand open.
    public var openMilliseconds: Int
    /// How long before `openMilliseconds` the warning comes.
    public var preAlarmMilliseconds: Int
    /// The hours in which the door stands unlocked, by their place in `hours`.
    public var unlockHours: Int?
    /// `nil`: it opens for keys, and that is all.
    public var rules: DoorRules?

    public init(
        name: String, labelChinese: String, labelEnglish: String, readersIn: [Int],
        readersOut: [Int], lock: Int, contact: Int?, exitButton: Int?, shared: Bool,
        egress: Egress? = nil, greeting: Greeting, relock: Relock, releaseMilliseconds: Int,
        openMilliseconds: Int, preAlarmMilliseconds: Int, unlockHours: Int? = nil,
        rules: DoorRules? = nil
    ) {
        self.name = name
        self.labelChinese = labelChinese
        self.labelEnglish = labelEnglish
        self.readersIn = readersIn
        self.readersOut = readersOut
        self.lock = lock
        self.contact = contact
        self.exitButton = exitButton
        self.shared = shared
        self.egress = egress
        self.greeting = greeting
        self.relock = relock
        self.releaseMilliseconds = releaseMilliseconds
        self.openMilliseconds = openMilliseconds
        self.preAlarmMilliseconds = preAlarmMilliseconds
        self.unlockHours = unlockHours
        self.rules = rules
    }
}

/// How grants and the journal wait for each other.
public struct JournalSettings: Codable, Sendable, Equatable {
    public enum CommitWait: String, Codable, Sendable {
        /// Past `commitWaitMilliseconds` the lock is released anyway, and a fault stands.
        case bounded
        /// A grant that cannot be committed within `lapseMilliseconds` lapses as a denial.
        case strict
    }

    public var commitWait: CommitWait
    public var commitWaitMilliseconds: Int
    public var lapseMilliseconds: Int

    public init(
        commitWait: CommitWait = .bounded, commitWaitMilliseconds: Int = 150,
        lapseMilliseconds: Int = 3_000
    ) {
        self.commitWait = commitWait
        self.commitWaitMilliseconds = commitWaitMilliseconds
        self.lapseMilliseconds = lapseMilliseconds
    }
}

/// The station's choices where the rules leave one.
public struct StationPolicy: Codable, Sendable, Equatable {
    /// With an untrusted clock: judge by the floor and say so, or deny until the clock is set.
    public enum UntrustedClock: String, Codable, Sendable { case floor, deny }

    public var untrustedClock: UntrustedClock
    /// Days for which an expired key is still let through, 0 to 31.
    public var graceDays: Int

    public init(untrustedClock: UntrustedClock = .floor, graceDays: Int = 7) {
        self.untrustedClock = untrustedClock
        self.graceDays = graceDays
    }
}
