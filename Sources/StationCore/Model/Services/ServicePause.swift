// What a person decides over a service: not for now, and why.

/// Why a service is paused. Raw values are stored in journals: never renumber.
public enum PauseReason: UInt8, Sendable, CaseIterable {
    case cleaning = 1
    case repair = 2
    case weather = 3
    /// Nobody is there to look after it.
    case staff = 4
    case other = 5

    /// The word in commands and on the wire.
    public var name: String {
        switch self {
        case .cleaning: "cleaning"
        case .repair: "repair"
        case .weather: "weather"
        case .staff: "staff"
        case .other: "other"
        }
    }

    public func text(_ language: Wording.Language) -> String {
        let words =
            switch self {
            case .cleaning: ("打扫中", "being cleaned")
            case .repair: ("维修中", "under repair")
            case .weather: ("因天气暂停", "paused for the weather")
            case .staff: ("没有人值守", "nobody is there to look after it")
            case .other: ("暂停服务", "paused")
            }
        return language == .chinese ? words.0 : words.1
    }
}

/// A service that nobody may begin to use, by a person's word.
public struct ServicePause: Sendable, Equatable {
    public var reason: PauseReason
    /// `nil`: until somebody resumes it.
    public var until: WallTime?

    public init(_ reason: PauseReason, until: WallTime? = nil) {
        self.reason = reason
        self.until = until
    }

    /// In an entry's value: the reason in three bits, the end in whole seconds above them.
    var packed: Int64 { max(0, until?.seconds ?? 0) << 3 | Int64(reason.rawValue) }

    /// - Returns: `nil` when that is no pause's value.
    public init?(packed: Int64) {
        guard packed >= 0, let reason = PauseReason(rawValue: UInt8(packed & 7)) else { return nil }
        let seconds = packed >> 3
        // What a clock in milliseconds can show.
        guard seconds <= Int64.max / 1_000 else { return nil }
        self.init(reason, until: seconds == 0 ? nil : WallTime(seconds: seconds))
    }
}
