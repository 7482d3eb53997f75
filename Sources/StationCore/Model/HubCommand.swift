// What a hub's signed command is to the journal: what it is about, and how it ended.

/// What a command is about. Raw values are stored in journals: never renumber.
public enum CommandSubject: UInt8, Sendable, CaseIterable {
    case door = 1
    case box = 2
    case part = 3
    case service = 4
    case hours = 5
    case `guard` = 6
    case reader = 7
    case notice = 8

    /// The word in commands and entries.
    public var name: String {
        switch self {
        case .door: "door"
        case .box: "box"
        case .part: "part"
        case .service: "service"
        case .hours: "hours"
        case .guard: "guard"
        case .reader: "reader"
        case .notice: "notice"
        }
    }
}

/// How a command ended. Raw values are stored in journals: never renumber.
public enum CommandOutcome: UInt8, Sendable, CaseIterable {
    case done = 1
    /// The station stopped while it was under way: it may have acted, and never will again.
    case interrupted = 2
    /// It could not be written down in time, so it did not act.
    case notRecorded = 3

    // A door's.
    case doorMode = 10
    case lockMissing = 11
    case lockDuty = 12
    /// Somebody with more say holds the door.
    case outranked = 13
    case fire = 14
    case interlock = 15
    case overtaken = 16

    // A service's or hours'.
    case clockUnset = 20
    case past = 21
    case tooFar = 22
    case tooManyStretches = 23
    case notPaused = 24
    /// No part of that kind of service knows the word.
    case unknownWord = 25
    case starting = 26

    // A guard's.
    case notTripped = 30
    case causeHolds = 31
    case causeUnknown = 32
    case notConfirmed = 33

    // A reader's.
    case noReset = 40
    case readerOffline = 41
    case readerBusy = 42

    /// No notice stands.
    case noNotice = 45

    /// The station file has no such thing any more.
    case notHere = 50

    /// The word in entries and answers: that of the same refusal at the control socket.
    public var name: String {
        switch self {
        case .done: "done"
        case .interrupted: "interrupted"
        case .notRecorded: "notRecorded"
        case .doorMode: "doorMode"
        case .lockMissing: "lockMissing"
        case .lockDuty: "lockDuty"
        case .outranked: "outranked"
        case .fire: "fire"
        case .interlock: "interlock"
        case .overtaken: "overtaken"
        case .clockUnset: "clockUnset"
        case .past: "past"
        case .tooFar: "tooFar"
        case .tooManyStretches: "tooManyStretches"
        case .notPaused: "notPaused"
        case .unknownWord: "unknownWord"
        case .starting: "starting"
        case .notTripped: "notTripped"
        case .causeHolds: "causeHolds"
        case .causeUnknown: "causeUnknown"
        case .notConfirmed: "notConfirmed"
        case .noReset: "noReset"
        case .readerOffline: "readerOffline"
        case .readerBusy: "readerBusy"
        case .noNotice: "noNotice"
        case .notHere: "notHere"
        }
    }
}

/// Why a command is not taken up. Nothing has happened then, and the same command may come again.
public enum CommandRefusal: Error, Equatable, Sendable {
    /// No command, or of another format.
    case notACommand
    /// The station takes commands from nobody.
    case noIssuer
    /// The issuer did not sign this.
    case signature
    /// For another station.
    case otherStation(String)
    /// A line that cannot be read, from 1.
    case line(Int)
    /// No command of that subject and word.
    case unknownCommand(String)
    /// A field of the command that names nothing here, or says something else than it may; from 1.
    case badArgument(Int)
    /// Its time is over, or the station no longer remembers whether it did it.
    case expired
    /// Issued more than five minutes from now.
    case notYet
    /// Good for longer than a day.
    case tooLong
    /// For another boot, or too late in this one.
    case otherBoot
    /// Nobody knows what time it is, and it names no boot.
    case clockUnset
    /// Another command has this id.
    case sameID
    /// The station has only started and does not know yet what it has done already.
    case starting
    /// What was done before this start is lost, and this was issued before it.
    case forgotten
    /// Too many are under way.
    case tooMany
}
