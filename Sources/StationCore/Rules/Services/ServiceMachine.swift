// What every service's machine is asked and says: the seam between rules and the station.
//
//   a tap, a button ──┐                       ┌──► perform: an order to a device
//   what points show ─┼──► machine.take(...) ─┼──► began, ended, told, raised, cleared: entries
//   orders that ended ┘                       └──► given, taken, refused: the answer to who asked
//
// A machine knows parts by their number and devices not at all. Each kind's own inputs and outputs
// are in its own file; its `+Service` file is the translation.

public import EventLoop

/// Something that happens to a service.
public enum ServiceInput: Sendable, Equatable {
    /// The first input of all: what the run before kept of each part, and how long the station was
    /// away; `nil`: nobody knows. What guards and points say comes before it as well.
    case began([KeptPart], away: Interval?)
    /// Somebody with the right to it asks. `unit`: the part that was chosen, if one was. `share`:
    /// how much is left of what the holder may have; `nil`: there is no bound.
    case asked(UseOwner, unit: Int?, share: UseShare? = nil)
    /// Somebody asks who may not begin anything: what they have begun ends, nothing else happens.
    case endAsked(UseOwner, unit: Int?)
    /// What a point shows.
    case sensed(unit: Int, Sense, Sight)
    case orderEnded(unit: Int, OrderRole, order: UInt32, ActionOutcome)
    /// It could not even begin: nothing was sent.
    case orderRefused(unit: Int, OrderRole, order: UInt32, isBusy: Bool)
    /// Whether any guard of the part's devices stands.
    case guarded(unit: Int, Bool)
    /// Whether the devices that carry out its orders answer.
    case present(unit: Int, Bool)
    /// By its hours and its masters.
    case open(Bool)
    case word(unit: Int, PartWord, by: UseOwner)
    /// The date at the station, at the start and with each new day; `nil`: nobody knows it.
    case today(CivilDate?)
    case deadline

    /// What a point says of a sense.
    public enum Sight: Sendable, Equatable {
        /// Whether the condition holds; `nil`: nobody knows.
        case holds(Bool?, at: Instant)
        /// In the machine's units.
        case number(PointReading)

        /// Whether it holds; a number does not.
        public var isTrue: Bool? { if case .holds(let holds, _) = self { holds } else { nil } }

        /// `nil`: nothing that can be believed.
        public var value: DecimalNumber? {
            guard case .number(let reading) = self, reading.isBelievable else { return nil }
            return reading.value
        }

        /// As a total in whole units.
        public var total: MeterReading {
            if case .number(let reading) = self { MeterReading(reading) } else { .missing }
        }

        /// When it was read.
        public var at: Instant {
            switch self {
            case .holds(_, let at): at
            case .number(let reading): reading.at
            }
        }
    }
}

/// How much of a service somebody may have yet; `nil`: as much as they like.
public struct UseShare: Sendable, Equatable {
    public var millilitres: Int64?
    public var wattHours: Int64?
    public var seconds: Int64?

    public init(millilitres: Int64? = nil, wattHours: Int64? = nil, seconds: Int64? = nil) {
        self.millilitres = millilitres
        self.wattHours = wattHours
        self.seconds = seconds
    }
}

/// What a service's machine wants.
public enum ServiceOutput: Sendable, Equatable {
    /// A device of that part carries it out; `orderEnded` or `orderRefused` comes back. `amount`:
    /// so much is to be let out at most, in the part's own unit, where it is measured.
    case perform(unit: Int, OrderRole, order: UInt32, amount: Int64? = nil)
    /// A use in the journal; each one ends once, also over a restart.
    case began(unit: Int, UseOwner)
    case ended(unit: Int, FinishedUse)
    /// An entry; by whom, where somebody did it.
    case told(unit: Int, ServiceStep, value: Int64 = 0, by: UseOwner? = nil)
    case raised(unit: Int, ServiceFault)
    case cleared(unit: Int, ServiceFault)
    /// The answer to who asked: it is theirs, or they gave it back.
    case given(unit: Int)
    case taken(unit: Int)
    case refused(Denial)
}

/// What the next run has to know of a part. Only its machine can read the numbers.
public struct KeptPart: Sendable, Equatable {
    /// More than any machine has.
    public static let numberLimit = 16

    public var unit: Int
    /// Whose use it is; `nil`: nobody uses it.
    public var owner: UseOwner?
    /// Since when, in the clock of the run that recalls it.
    public var since: Instant?
    /// At most `numberLimit`; another count than the machine's says nothing.
    public var numbers: [Int64]

    public init(
        unit: Int, owner: UseOwner? = nil, since: Instant? = nil, numbers: [Int64] = []
    ) {
        self.unit = unit
        self.owner = owner
        self.since = since
        self.numbers = numbers
    }
}

/// What entries tell of a part that the snapshot does not know yet.
public struct PartNews: Sendable, Equatable {
    /// Uses that were begun and not ended, oldest first; at most `useLimit`.
    public var running: [RunningUse] = []
    /// Whose uses were ended; the last `useLimit`.
    public var ended: [UseOwner] = []
    /// How many were begun; and since it was filled up last.
    public var begun: Int64 = 0
    public var begunSinceRestock: Int64 = 0
    /// How much those that ended took, in their own unit.
    public var amount: Int64 = 0
    /// The newest of each kind, oldest first.
    public var steps: [ServiceStep] = []
    /// Whether each fault that was told stands.
    public var faults: [(fault: ServiceFault, stands: Bool)] = []

    public static let useLimit = 64

    public init() {}

    /// Whether anything was begun or ended: then who uses it is known from here alone.
    public var hasUses: Bool { begun > 0 || !ended.isEmpty }

    /// `nil`: no entry says.
    public func stands(_ fault: ServiceFault) -> Bool? {
        faults.first { $0.fault == fault }?.stands
    }

    public static func == (a: Self, b: Self) -> Bool {
        a.running == b.running && a.ended == b.ended && a.begun == b.begun
            && a.begunSinceRestock == b.begunSinceRestock && a.amount == b.amount
            && a.steps == b.steps
            && a.faults.elementsEqual(b.faults) { $0 == $1 }
    }
}

extension KeptPart {
    /// Who uses it by the newest word; what was counted of another use says nothing of it.
    ///
    /// - Returns: whether the use is another one than before.
    @discardableResult
    public mutating func take(_ news: PartNews) -> Bool {
        guard news.hasUses else { return false }
        let last = news.running.last
        let isSame = owner != nil && owner == last?.owner && news.begun == 0
        (owner, since) = (last?.owner, last?.since)
        return !isSame
    }
}

/// The rules of one service.
public protocol ServiceMachine: Sendable {
    /// - Precondition: `settings` were validated.
    init(_ settings: MachineSettings)

    /// Advances the service by one input. What is no part of it, or says it nothing, does nothing.
    mutating func take(_ input: ServiceInput, at now: Instant) -> [ServiceOutput]

    /// When `deadline` is due; an early one is harmless.
    var nextDeadline: Instant? { get }

    /// Whether a part can be used, its hours apart.
    func condition(of unit: Int) -> ServiceCondition

    /// Whose use goes on at a part; `nil`: nobody's.
    func owner(of unit: Int) -> UseOwner?

    /// What the next run has to know; parts of which there is nothing to know are left out.
    func kept(at now: Instant) -> [KeptPart]

    /// What entries say of a part beyond what the snapshot knew.
    func learn(_ news: PartNews, of unit: Int, _ kept: inout [KeptPart])
}

extension ServiceMachine {
    /// For parts that have one use at a time, and keep nothing beside it.
    public func learn(_ news: PartNews, of unit: Int, _ kept: inout [KeptPart]) {
        kept.update(unit) { part in if part.take(news) { part.numbers = [] } }
    }
}

extension [KeptPart] {
    /// Changes what is kept of a part; what says nothing is left out.
    mutating func update(_ unit: Int, _ change: (inout KeptPart) -> Void) {
        let place = firstIndex { $0.unit == unit }
        var part = place.map { self[$0] } ?? KeptPart(unit: unit)
        change(&part)
        let isEmpty = part.owner == nil && part.numbers.isEmpty
        switch (place, isEmpty) {
        case (let place?, true): remove(at: place)
        case (let place?, false): self[place] = part
        case (nil, true): break
        case (nil, false): append(part)
        }
    }
}

extension ServiceKind {
    /// The kind's machine.
    func machine(_ settings: MachineSettings) -> any ServiceMachine {
        switch self {
        case .charging: ChargingBank(settings)
        case .dispenser: DispenserService(settings)
        case .appliance: ApplianceUse(settings)
        case .cabinet: Cabinet(settings)
        case .place: PlaceService(settings)
        case .counter: PassageService(settings)
        case .desk: Desk(settings)
        case .lights: DuskLight(settings)
        case .climate: RangeWatch(settings)
        case .swap: SwapService(settings)
        case .room: RoomPower(settings)
        case .link: LinkWatch(settings)
        case .help: HelpService(settings)
        }
    }
}

extension MachineSettings {
    func interval(_ setting: ServiceSetting) -> Interval? {
        self[setting].map { .milliseconds($0) }
    }

    /// What is kept in thousandths.
    func number(_ setting: ServiceSetting) -> DecimalNumber? {
        self[setting].map { DecimalNumber(mantissa: $0, places: 3) }
    }
}
