// The methods of the interface as types: name, parameters, reply.

/// Every method that a station serves, by its full name.
public enum MethodName: String, CaseIterable, Sendable {
    case getInfo = "org.varlink.service.GetInfo"
    case getInterfaceDescription = "org.varlink.service.GetInterfaceDescription"
    case getStation = "io.stationd.GetStation"
    case listDevices = "io.stationd.ListDevices"
    case readEntries = "io.stationd.ReadEntries"
    case listUsage = "io.stationd.ListUsage"
    case verifyJournal = "io.stationd.VerifyJournal"
    case importRoster = "io.stationd.ImportRoster"
    case applyRoster = "io.stationd.ApplyRoster"
    case getRoster = "io.stationd.GetRoster"
    case createKey = "io.stationd.CreateKey"
    case installKey = "io.stationd.InstallKey"
    case enrolCard = "io.stationd.EnrolCard"
    case cancelEnrolment = "io.stationd.CancelEnrolment"
    case withdrawCards = "io.stationd.WithdrawCards"
    case tellKey = "io.stationd.TellKey"
    case issuePass = "io.stationd.IssuePass"
    case getMetrics = "io.stationd.GetMetrics"
    case tap = "io.stationd.Tap"
    case commandDoor = "io.stationd.CommandDoor"
    case performAction = "io.stationd.PerformAction"
    case resetGuard = "io.stationd.ResetGuard"
    case listBoxes = "io.stationd.ListBoxes"
    case tellBox = "io.stationd.TellBox"
    case listServices = "io.stationd.ListServices"
    case tellService = "io.stationd.TellService"
    case pauseService = "io.stationd.PauseService"
    case resumeService = "io.stationd.ResumeService"
    case listHours = "io.stationd.ListHours"
    case changeHours = "io.stationd.ChangeHours"
    case setNotice = "io.stationd.SetNotice"
    case clearNotice = "io.stationd.ClearNotice"
    case runCommand = "io.stationd.RunCommand"
    case getCommand = "io.stationd.GetCommand"
    case watchCard = "io.stationd.WatchCard"
    case testReader = "io.stationd.TestReader"
    case resetReader = "io.stationd.ResetReader"
    case installReader = "io.stationd.InstallReader"
    case moveReader = "io.stationd.MoveReader"
    case activate = "io.stationd.Activate"
}

/// What a method takes; `names` are all the names that a caller may use.
public protocol ControlParameters: Codable, Sendable {
    static var names: [String] { get }
}

/// A method's name with the types of what goes in and what comes out.
public protocol ControlMethod {
    associatedtype Parameters: ControlParameters
    associatedtype Reply: Codable & Sendable
    static var name: MethodName { get }
}

/// For methods that take nothing.
public struct NoParameters: ControlParameters {
    public static let names: [String] = []
    public init() {}
}

/// For methods whose reply says only that it was done.
public struct Done: Codable, Sendable {
    public init() {}
}

public enum GetInfo: ControlMethod {
    public typealias Parameters = NoParameters
    public static let name = MethodName.getInfo

    public struct Reply: Codable, Sendable {
        public var vendor: String
        public var product: String
        public var version: String
        public var url: String
        public var interfaces: [String]
    }
}

public enum GetInterfaceDescription: ControlMethod {
    public static let name = MethodName.getInterfaceDescription

    public struct Parameters: ControlParameters {
        public static let names = ["interface"]
        public var interface: String
        public init(interface: String) { self.interface = interface }
    }

    public struct Reply: Codable, Sendable {
        public var description: String
    }
}

public enum GetStation: ControlMethod {
    public typealias Parameters = NoParameters
    public static let name = MethodName.getStation

    public struct Reply: Codable, Sendable {
        public var station: StationRecord
    }
}

public enum ListDevices: ControlMethod {
    public typealias Parameters = NoParameters
    public static let name = MethodName.listDevices

    public struct Reply: Codable, Sendable {
        public var devices: [DeviceRecord]
    }
}

public enum ReadEntries: ControlMethod {
    public static let name = MethodName.readEntries

    public struct Parameters: ControlParameters {
        public static let names = ["after", "limit", "wait"]
        public var after: String?
        public var limit: Int?
        /// In milliseconds.
        public var wait: Int?

        public init(after: EntryCursor? = nil, limit: Int? = nil, wait: Int? = nil) {
            self.after = after?.description
            self.limit = limit
            self.wait = wait
        }
    }

    public struct Reply: Codable, Sendable {
        public var entries: [EntryRecord]
        public var store: String
        public var oldest: Int64
        public var newest: Int64
        public var next: String
        public var tombstones: [TombstoneRecord]
    }
}

public enum VerifyJournal: ControlMethod {
    public static let name = MethodName.verifyJournal

    public struct Parameters: ControlParameters {
        public static let names = ["from", "to"]
        public var from: Int64?
        public var to: Int64?

        public init(from: Int64? = nil, to: Int64? = nil) {
            self.from = from
            self.to = to
        }
    }

    public typealias Reply = VerificationRecord
}

public enum ImportRoster: ControlMethod {
    public static let name = MethodName.importRoster

    public struct Parameters: ControlParameters {
        public static let names = ["partial", "dry"]
        public var partial: Bool?
        public var dry: Bool?

        public init(partial: Bool = false, dry: Bool = false) {
            self.partial = partial
            self.dry = dry
        }
    }

    public struct Reply: Codable, Sendable {
        public var applied: Bool
        public var accepted: Int
        public var refused: Int
        public var roster: RosterRecord
        public var verdicts: [VerdictRecord]
        /// Verdicts that were not listed: without `more` a reply is one message.
        public var unlisted: Int
    }
}

/// A signed bundle, behind the descriptor that comes with the call.
public enum ApplyRoster: ControlMethod {
    public static let name = MethodName.applyRoster
    public typealias Parameters = NoParameters

    public struct Reply: Codable, Sendable {
        /// In force now.
        public var roster: RosterRecord
    }
}

public enum GetRoster: ControlMethod {
    public static let name = MethodName.getRoster

    public struct Parameters: ControlParameters {
        public static let names = ["after", "limit"]
        public var after: String?
        public var limit: Int?

        public init(after: String? = nil, limit: Int? = nil) {
            self.after = after
            self.limit = limit
        }
    }

    public struct Reply: Codable, Sendable {
        public var roster: RosterRecord
        /// Keys with cards that were enrolled at the door.
        public var enrolled: Int
        public var keys: [KeyRecord]
        public var next: String?
    }
}

public enum CreateKey: ControlMethod {
    public typealias Parameters = NoParameters
    public static let name = MethodName.createKey

    public struct Reply: Codable, Sendable {
        public var epoch: String
    }
}

/// The key's bytes come as a descriptor beside the call.
public enum InstallKey: ControlMethod {
    public typealias Parameters = NoParameters
    public typealias Reply = CreateKey.Reply
    public static let name = MethodName.installKey
}

public enum IssuePass: ControlMethod {
    public static let name = MethodName.issuePass

    public struct Parameters: ControlParameters {
        public static let names = ["district", "delay", "hours", "quota"]
        /// The district in which the pass is good; `nil` for the station alone.
        public var district: String?
        /// Hours until it begins to be good, 0 unless stated.
        public var delay: Int?
        /// How long it is good, 24 unless stated.
        public var hours: Int?
        /// How many uses it is good for at one station, 1 unless stated.
        public var quota: Int?

        public init(
            district: String? = nil, delay: Int? = nil, hours: Int? = nil, quota: Int? = nil
        ) {
            self.district = district
            self.delay = delay
            self.hours = hours
            self.quota = quota
        }
    }

    public struct Reply: Codable, Sendable {
        /// For a QR code.
        public var pass: String
        /// The public key that checks it, hexadecimal.
        public var issuer: String
    }
}

public enum GetMetrics: ControlMethod {
    public typealias Parameters = NoParameters
    public static let name = MethodName.getMetrics

    public struct Reply: Codable, Sendable {
        public var metrics: [MetricRecord]
    }
}

public enum Tap: ControlMethod {
    public typealias Reply = Done
    public static let name = MethodName.tap

    public struct Parameters: ControlParameters {
        public static let names = ["reader", "bits"]
        public var reader: String
        public var bits: String

        public init(reader: String, bits: String) {
            self.reader = reader
            self.bits = bits
        }
    }
}

public enum Activate: ControlMethod {
    public static let name = MethodName.activate

    public struct Parameters: ControlParameters {
        public static let names = ["digest", "now"]
        public var digest: String?
        public var now: Bool?

        public init(digest: String? = nil, now: Bool = false) {
            self.digest = digest
            self.now = now
        }
    }

    public struct Reply: Codable, Sendable {
        public var stopping: Bool
    }
}
