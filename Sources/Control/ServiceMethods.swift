// The methods about services and opening hours: how they stand, and what people decide over them.

/// Every service with its parts. A service of many parts comes in several pieces of the same name.
public enum ListServices: ControlMethod {
    public typealias Parameters = NoParameters
    public static let name = MethodName.listServices

    public struct Reply: Codable, Sendable {
        public var services: [ServiceRecord]

        public init(services: [ServiceRecord]) { self.services = services }
    }
}

/// Tells a part of a service something.
public enum TellService: ControlMethod {
    public typealias Reply = Done
    public static let name = MethodName.tellService

    public struct Parameters: ControlParameters {
        public static let names = ["service", "place", "word"]
        public var service: String
        /// What is painted on the part; `nil`: the only one.
        public var place: String?
        /// `PartWord.name`.
        public var word: String

        public init(service: String, place: String?, word: String) {
            self.service = service
            self.place = place
            self.word = word
        }
    }
}

/// Nobody may begin to use a service for a while.
public enum PauseService: ControlMethod {
    public typealias Reply = Done
    public static let name = MethodName.pauseService

    public struct Parameters: ControlParameters {
        public static let names = ["service", "reason", "until"]
        public var service: String
        /// `PauseReason.name`.
        public var reason: String
        /// In milliseconds since 1970; `nil`: until somebody resumes it.
        public var until: Int64?

        public init(service: String, reason: String, until: Int64? = nil) {
            self.service = service
            self.reason = reason
            self.until = until
        }
    }
}

public enum ResumeService: ControlMethod {
    public typealias Reply = Done
    public static let name = MethodName.resumeService

    public struct Parameters: ControlParameters {
        public static let names = ["service"]
        public var service: String

        public init(service: String) { self.service = service }
    }
}

/// Every set of opening hours, and what is to be said of it now.
public enum ListHours: ControlMethod {
    public typealias Parameters = NoParameters
    public static let name = MethodName.listHours

    public struct Reply: Codable, Sendable {
        public var hours: [HoursRecord]

        public init(hours: [HoursRecord]) { self.hours = hours }
    }
}

/// Decides something over the written hours.
public enum ChangeHours: ControlMethod {
    public typealias Reply = Done
    public static let name = MethodName.changeHours

    /// What may be decided.
    public enum Word: String, CaseIterable, Sendable {
        case open, closed, today, severeWeather, planned
    }

    public struct Parameters: ControlParameters {
        public static let names = ["hours", "word", "until", "open"]
        /// A set's name; `nil`: all of them.
        public var hours: String?
        public var word: String
        /// Of `open` and `severeWeather`: in milliseconds since 1970.
        public var until: Int64?
        /// Of `today`: `08:00-12:00, 13:30-18:00`.
        public var open: String?

        public init(hours: String? = nil, word: Word, until: Int64? = nil, open: String? = nil) {
            self.hours = hours
            self.word = word.rawValue
            self.until = until
            self.open = open
        }
    }
}
