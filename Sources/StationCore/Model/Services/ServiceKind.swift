// What a service can be besides a bank of lockers: one row of a table for each kind.
//
// A new kind is a case here, its shape below, and a machine in `Rules/Services`. The reader of
// station files, the check of resolved ones and the book that feeds machines know no kind by name.

/// Which rules a service follows.
public enum ServiceKind: String, Codable, Sendable, CaseIterable {
    /// Switched and metered outlets for phones or e-bikes.
    case charging
    /// A valve and a flow meter.
    case dispenser
    /// What people use without asking: a microwave, a fridge, an air pump, a water tap.
    case appliance
    /// First aid, books, supplies: opened by whom, closed, full.
    case cabinet
    /// A toilet, a shower, a bed, a bay: free, in use, out of order.
    case place
    /// People or vehicles that pass.
    case counter
    /// A reader without an actuator: a meal, a haircut, a parcel.
    case desk
    /// Lamps from dusk.
    case lights
    /// A value that must stay within bounds: a fridge, a room.
    case climate
    /// A charged battery for an empty one.
    case swap
    /// What goes off while a room is closed and empty.
    case room
    /// What is there or is not: Wi-Fi, the mains.
    case link
    /// A button with a bell, and people who are asked one after the other.
    case help
}

/// What a machine has a device do.
public enum OrderRole: String, Codable, Sendable, CaseIterable {
    // `on` and `off` are truth values to some who read YAML.
    case on = "switch_on"
    case off = "switch_off"
    case open, close
    case openHot = "open_hot"

    /// Whether it lets power or water out.
    public var isHazard: Bool {
        switch self {
        case .on, .open, .openHot: true
        case .off, .close: false
        }
    }
}

/// What a machine sees of devices.
public enum Sense: String, Codable, Sendable, CaseIterable {
    // What holds or does not: `door/state == closed`.
    case plugged, broken, mains, smoke, low, empty, button, closed, occupied, lit
    case running, ours, up
    case valveOpen = "valve_open"
    case childLock = "child_lock"
    // Numbers: `meter/power`.
    case power, energy, heat, flow, level, total, lux, value, charge
    case inward = "in"
    case outward = "out"
    case solidsBefore = "tds_in"
    case solidsAfter = "tds_out"

    /// What a point must count in for it, and how many of the machine's units one of those is;
    /// `nil`: it is a condition. An empty list: any.
    public var units: [(unit: String, scale: Int)]? {
        switch self {
        case .plugged, .broken, .mains, .smoke, .low, .empty, .button, .closed, .occupied, .lit,
            .running, .ours, .up, .valveOpen, .childLock:
            nil
        case .power: [("W", 1), ("kW", 1_000)]
        case .energy: [("W.h", 1), ("kW.h", 1_000)]
        case .heat: [("Cel", 1)]
        case .flow: [("L", 1_000), ("mL", 1)]
        case .lux: [("lx", 1)]
        case .charge: [("%", 1)]
        case .solidsBefore, .solidsAfter: [("mg/L", 1)]
        case .level, .total, .value, .inward, .outward: []
        }
    }
}

/// A number, a choice or a switch of a service.
public enum ServiceSetting: String, Codable, Sendable, CaseIterable {
    case type, rated, float, load, longest, warm, hot, burning, rise, sessions, feed
    case floatTime = "float_time"
    case noLoad = "no_load"
    case fireSeparated = "fire_separated"
    case portion
    case noFlow = "no_flow"
    case on = "used_from"
    case off = "idle_below"
    case start, pause, unit
    case lock, window
    case leftOpen = "left_open"
    case restockAfter = "restock_after"
    case overstay, arrival, leaving, coming, answer
    case rule
    case dark, light, settle
    case lowest, highest, patience
    case solids = "tds_highest"
    case rejection
    case filterLitres = "filter_litres"
    case filterDays = "filter_days"

    /// How it is written, and what is kept of it.
    public enum Form: Sendable, Equatable {
        /// `8h`, in milliseconds.
        case duration(ClosedRange<Int64>)
        /// A whole number.
        case whole(ClosedRange<Int64>)
        /// A number with at most three places, in thousandths.
        case thousandths(ClosedRange<Int64>)
        /// One of these words, by its place.
        case choice([String])
        /// `true`, as 1, or `false`.
        case flag

        public func allows(_ value: Int64) -> Bool {
            switch self {
            case .duration(let range), .whole(let range), .thousandths(let range):
                range.contains(value)
            case .choice(let words): words.indices.contains(Int(clamping: value))
            case .flag: (0...1).contains(value)
            }
        }
    }
}

/// What a service of a kind is made of.
public struct ServiceShape: Sendable {
    public struct Order: Sendable {
        public var role: OrderRole
        public var isRequired: Bool
        /// Written once, for the service itself: its first part has it.
        public var isShared = false
    }

    public struct Sight: Sendable {
        public var sense: Sense
        public var isRequired: Bool
        /// One for all parts, and told of the service itself.
        public var isShared: Bool
    }

    public struct Setting: Sendable {
        public var setting: ServiceSetting
        public var form: ServiceSetting.Form
        /// Else its machine knows what holds without it.
        public var isRequired: Bool
    }

    /// Under which key its parts are listed; `nil`: it has one, which bears the service's name.
    public var parts: String?
    /// So many parts at most.
    public var limit: Int
    /// Whether somebody taps for it; what is only watched has no readers.
    public var hasReaders: Bool
    /// Whoever holds a known card to its reader is served, whatever became of the card.
    public var isForAnybody: Bool
    public var orders: [Order]
    public var sights: [Sight]
    public var settings: [Setting]
    /// What a person may tell one of its parts.
    public var words: [PartWord]

    init(
        parts: String? = nil, limit: Int = 1, hasReaders: Bool = true,
        isForAnybody: Bool = false, orders: [Order] = [],
        sights: [Sight] = [], settings: [Setting] = [], words: [PartWord] = []
    ) {
        self.parts = parts
        self.limit = limit
        self.hasReaders = hasReaders
        self.isForAnybody = isForAnybody
        self.orders = orders
        self.sights = sights
        self.settings = settings
        self.words = words
    }
}

extension ServiceShape.Order {
    static func needs(_ role: OrderRole) -> Self { Self(role: role, isRequired: true) }
    static func may(_ role: OrderRole) -> Self { Self(role: role, isRequired: false) }
    static func shared(_ role: OrderRole) -> Self {
        Self(role: role, isRequired: false, isShared: true)
    }
}

extension ServiceShape.Sight {
    static func needs(_ sense: Sense) -> Self {
        Self(sense: sense, isRequired: true, isShared: false)
    }
    static func may(_ sense: Sense) -> Self {
        Self(sense: sense, isRequired: false, isShared: false)
    }
    static func shared(_ sense: Sense, isRequired: Bool = false) -> Self {
        Self(sense: sense, isRequired: isRequired, isShared: true)
    }
}

extension ServiceShape.Setting {
    static func needs(_ setting: ServiceSetting, _ form: ServiceSetting.Form) -> Self {
        Self(setting: setting, form: form, isRequired: true)
    }
    static func may(_ setting: ServiceSetting, _ form: ServiceSetting.Form) -> Self {
        Self(setting: setting, form: form, isRequired: false)
    }
    /// From so many seconds to so many.
    static func lasts(_ setting: ServiceSetting, _ seconds: ClosedRange<Int64>) -> Self {
        may(setting, .duration(seconds.lowerBound * 1_000...seconds.upperBound * 1_000))
    }
    /// From so much to so much, with three places.
    static func amount(_ setting: ServiceSetting, _ range: ClosedRange<Int64>) -> Self {
        may(setting, .thousandths(range.lowerBound * 1_000...range.upperBound * 1_000))
    }
}

extension ServiceKind {
    /// The table. Ranges are what makes sense at a station; what holds without a setting stands
    /// with its source in the kind's machine.
    public var shape: ServiceShape {
        switch self {
        case .charging: Self.chargingShape
        case .dispenser: Self.dispenserShape
        case .appliance:
            ServiceShape(
                hasReaders: false, sights: [.needs(.level), .may(.total)],
                settings: [
                    .amount(.on, 0...100_000), .amount(.off, 0...100_000),
                    .lasts(.start, 0...600), .lasts(.pause, 0...3_600),
                    .may(.unit, .choice(UsageUnit.allCases.map(\.name))),
                ], words: [.stop])
        case .cabinet:
            ServiceShape(
                orders: [.may(.open)], sights: [.needs(.closed), .may(.button)],
                settings: [
                    .lasts(.window, 3...120), .lasts(.leftOpen, 10...3_600),
                    .may(.restockAfter, .whole(1...10_000)),
                ], words: [.restocked, .restockDue])
        case .place:
            ServiceShape(
                parts: "places", limit: 64, sights: [.may(.occupied), .may(.button)],
                settings: [
                    .lasts(.arrival, 0...600), .lasts(.leaving, 0...3_600),
                    .lasts(.coming, 10...3_600), .lasts(.overstay, 60...86_400),
                ], words: [.stop, .outOfOrder, .inOrder])
        case .counter:
            ServiceShape(
                hasReaders: false, sights: [.needs(.inward), .may(.outward)],
                settings: [.may(.rule, .choice(["each", "both_ways"]))])
        case .desk: ServiceShape(words: [.undo])
        case .lights:
            ServiceShape(
                hasReaders: false, orders: [.needs(.on), .needs(.off)],
                sights: [.may(.lux), .may(.lit)],
                settings: [
                    .amount(.dark, 0...100_000), .amount(.light, 0...100_000),
                    .lasts(.settle, 0...3_600),
                ])
        case .climate:
            ServiceShape(
                hasReaders: false, sights: [.needs(.value)],
                settings: [
                    .amount(.lowest, -100_000...100_000), .amount(.highest, -100_000...100_000),
                    .lasts(.patience, 0...86_400),
                ])
        case .swap:
            ServiceShape(
                parts: "compartments", limit: 64,
                orders: [.needs(.open)],
                sights: [
                    .needs(.closed), .needs(.occupied), .needs(.charge), .may(.heat), .may(.ours),
                    .shared(.smoke),
                ], words: [.reset, .settled])
        case .room:
            ServiceShape(
                parts: "outlets", limit: 64, hasReaders: false,
                orders: [.needs(.on), .needs(.off)], sights: [.shared(.occupied)],
                settings: [.lasts(.leaving, 60...14_400)])
        case .link:
            ServiceShape(
                hasReaders: false, sights: [.needs(.up)],
                settings: [.lasts(.patience, 0...86_400)])
        case .help:
            ServiceShape(
                parts: "people", limit: Self.helpers, isForAnybody: true,
                orders: [.shared(.on), .shared(.off)],
                sights: [.shared(.button), .shared(.up, isRequired: true)],
                settings: [
                    .lasts(.answer, 10...900), .lasts(.pause, 10...3_600),
                    .lasts(.arrival, 60...14_400),
                ], words: [.reached, .accept, .decline, .helped, .cancel])
        }
    }

    /// People on a help button's list: host staff, master, deputy, duty room, and as many again.
    static let helpers = 8

    private static let chargingShape = ServiceShape(
        parts: "sockets", limit: 1_024, orders: [.needs(.on), .needs(.off)],
        sights: [
            .may(.power), .may(.energy), .may(.heat), .may(.plugged), .may(.running), .may(.broken),
            .may(.button), .shared(.mains), .shared(.smoke),
        ],
        settings: [
            .needs(.type, .choice(["phone", "ebike"])), .amount(.rated, 1...7_000),
            .amount(.float, 0...1_000), .lasts(.floatTime, 30...14_400), .amount(.load, 0...1_000),
            .lasts(.noLoad, 10...3_600), .lasts(.longest, 60...86_400), .amount(.warm, 20...90),
            .amount(.hot, 20...90), .amount(.burning, 20...100), .amount(.rise, 1...60),
            .may(.sessions, .whole(1...8)), .amount(.feed, 10...100_000),
            .may(.fireSeparated, .flag),
        ], words: [.stop, .reset])

    private static let dispenserShape = ServiceShape(
        orders: [.needs(.open), .needs(.close), .may(.openHot)],
        sights: [
            .needs(.flow), .may(.valveOpen), .may(.low), .may(.empty), .may(.childLock),
            .may(.button), .may(.solidsBefore), .may(.solidsAfter),
        ],
        settings: [
            .may(.portion, .whole(50...20_000)), .lasts(.longest, 1...600), .lasts(.noFlow, 1...60),
            .amount(.solids, 1...5_000), .may(.rejection, .whole(0...1_000)),
            .may(.filterLitres, .whole(1...1_000_000)), .may(.filterDays, .whole(1...3_650)),
        ], words: [.stop, .filterChanged])
}
