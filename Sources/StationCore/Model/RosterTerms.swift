// What a right says beside its doors: which services, at which hours, and how much of them.

/// What of a use a quota counts. Raw values are stored in roster files: never renumber.
public enum QuotaMeasure: UInt8, Sendable, CaseIterable {
    /// Uses that took something; at doors, how often somebody is let in.
    case uses = 0
    case millilitres = 1
    case wattHours = 2
    /// From the beginning of a use to its end.
    case minutes = 3
}

/// For how long a quota counts, by the station's own calendar. Raw values are stored in roster
/// files: never renumber.
public enum QuotaPeriod: UInt8, Sendable, CaseIterable {
    case day = 1
    /// From Monday on.
    case week = 2
    case month = 3
}

/// So much of something in a time, for a holder and not for each of their keys.
public struct RosterQuota: Hashable, Sendable {
    /// The service's name; empty: all doors together.
    public var subject: String
    public var measure: QuotaMeasure
    public var period: QuotaPeriod
    /// At least 1.
    public var limit: UInt32

    public init(
        _ subject: String, _ measure: QuotaMeasure, per period: QuotaPeriod, limit: UInt32
    ) {
        self.subject = subject
        self.measure = measure
        self.period = period
        self.limit = limit
    }

    /// Whether both count the same; of those one row has one at most.
    func isOfSame(_ other: Self) -> Bool {
        subject == other.subject && measure == other.measure && period == other.period
    }

    /// By subject, measure and period.
    func precedes(_ other: Self) -> Bool {
        guard subject == other.subject else {
            return subject.utf8.lexicographicallyPrecedes(other.subject.utf8)
        }
        return (measure.rawValue, period.rawValue) < (other.measure.rawValue, other.period.rawValue)
    }
}

/// The terms on which a key's holder may use what the key opens. Names, because a roster may serve
/// several stations.
public struct RosterTerms: Hashable, Sendable {
    /// The services that the key may begin to use.
    public var services: RosterNames
    /// The name of the hours in which doors open and services begin; `nil`: at any time. Where no
    /// hours of that name are, the right does not hold.
    public var hours: String?
    /// Each subject, measure and period once.
    public var quotas: [RosterQuota]

    public init(
        services: RosterNames = .every, hours: String? = nil, quotas: [RosterQuota] = []
    ) {
        self.services = services
        self.hours = hours
        self.quotas = quotas
    }

    /// Every service, at any time, as much as one likes: what files from before say.
    public static let plain = RosterTerms()

    /// Every name in it.
    var names: [String] {
        services.names + (hours.map { [$0] } ?? []) + quotas.map(\.subject).filter { !$0.isEmpty }
    }

    /// The same in one order, each name once; or why a roster cannot hold it.
    func canonical() throws(RosterRowRefusal) -> RosterTerms {
        guard names.allSatisfy({ (1...RosterLimits.doorNameBytes).contains($0.utf8.count) }) else {
            throw .termName
        }
        guard quotas.count <= RosterLimits.quotasPerSet else {
            throw .tooManyQuotas(limit: RosterLimits.quotasPerSet)
        }
        guard quotas.allSatisfy({ $0.limit > 0 }) else { throw .quota }
        var terms = self
        if case .named(let names) = services {
            terms.services = .named(RosterBuilder.sorted(names))
        }
        terms.quotas.sort { $0.precedes($1) }
        for (a, b) in zip(terms.quotas, terms.quotas.dropFirst()) where a.isOfSame(b) {
            throw .quota
        }
        return terms
    }
}

/// What a station's rosters speak of, by name.
public struct RosterPlaces: Sendable {
    /// In the order of `DoorID`.
    public var doors: [String]
    /// In the order of `ServiceID`.
    public var services: [String]
    /// The sets of hours, in their order.
    public var hours: [String]

    public init(doors: [String], services: [String] = [], hours: [String] = []) {
        self.doors = doors
        self.services = services
        self.hours = hours
    }

    public init(_ station: ResolvedStation) {
        self.init(
            doors: station.doors.map(\.name), services: station.services.map(\.name),
            hours: station.hours.map(\.name))
    }
}

/// A set of rights as one station reads it: names are places.
struct RightsTerms: Sendable, Equatable {
    enum Hours: Sendable, Equatable {
        case always
        case named(UInt8)
        /// Hours that this station does not have: they are never open.
        case unknown
    }

    /// Of this station, whatever the hours.
    var doors: DoorSet
    /// Bit n: the n-th service.
    var services: UInt64
    var hours: Hours
    /// Among the roster's quotas.
    var quotas: Range<Int>
    /// Whether one of them counts at doors.
    var countsAtDoors: Bool
    /// Whether they are of a card that was enrolled at the door: its quotas are in that table.
    var isEnrolled = false

    /// Whether doors have to be asked more than which ones.
    var isLimitedAtDoors: Bool { hours != .always || countsAtDoors }

    func allows(_ service: ServiceID) -> Bool { services & (1 << UInt64(service.index)) != 0 }
}

/// A quota as one station reads it.
struct RightsQuota: Sendable, Equatable {
    var subject: QuotaSubject
    var measure: QuotaMeasure
    var period: QuotaPeriod
    var limit: UInt32
}

/// What is counted: the uses of one service, or all doors.
public struct QuotaSubject: Hashable, Sendable {
    /// A service's place, or 255.
    public let place: UInt8

    public static let doors = QuotaSubject(place: .max)
    /// A service that this station does not have: nothing of it is counted.
    static let elsewhere = QuotaSubject(place: .max - 1)

    init(place: UInt8) { self.place = place }

    public init(_ service: ServiceID) { place = service.index }

    /// `nil`: the doors.
    public var service: Int? { place < Self.elsewhere.place ? Int(place) : nil }
}
