// Why a command did not do what it was asked, and the exit code that says so to a script.

import Control
import Profiles

/// Stable: scripts rely on them. docs/stationctl.md has the same table.
enum Ending: Int32, CaseIterable {
    case ok = 0
    /// It was asked, and the answer is no: a broken journal, a station that was taken back.
    case no = 1
    case usage = 64
    case badData = 65
    case noInput = 66
    case unavailable = 69
    case notUnderstood = 70
    case cannotCreate = 73
    case tryAgain = 75
    case notAllowed = 77
}

/// What went wrong, before it becomes a sentence.
enum Problem: Error, Equatable {
    case station(ControlFailure)
    /// Input that makes no sense; the sentence is ready in both languages.
    case badData(TextRecord)
    /// A verdict that was given already, line by line: nothing to add.
    case told(Ending)
    case file(path: String, errno: Int32)
    case activation(ActivationError)
    case port(path: String, SerialError)
    /// A gateway that cannot be reached, or hung up.
    case gateway(String, errno: Int32)
    /// A file that must not be there yet.
    case exists(path: String)

    var status: Ending {
        switch self {
        case .station(let failure): failure.status
        case .badData: .badData
        case .told(let status): status
        case .file(_, let number): number == 13 || number == 1 ? .notAllowed : .noInput
        case .activation(let error): error.status
        case .port(_, let error): error.status
        case .gateway: .unavailable
        case .exists: .cannotCreate
        }
    }
}

extension ControlFailure {
    var status: Ending {
        switch self {
        case .unreachable(_, let number): number == 13 || number == 1 ? .notAllowed : .unavailable
        case .timedOut, .closed: .unavailable
        case .notUnderstood: .notUnderstood
        case .refused(let error): error.status
        }
    }
}

extension ControlError {
    var status: Ending {
        switch self {
        case .notAllowed: .notAllowed
        case .noSuchReader, .noSuchDoor, .noCards, .badBits, .noDescriptor, .badKey, .badRoster,
            .badCursor, .noKey, .keyExists, .invalidParameter, .noSuchDevice, .noSuchAction,
            .noSuchGuard, .noSuchService, .noSuchBox, .noSuchPlace, .noSuchHours,
            .noSuchCommand, .noSuchRights:
            .badData
        case .busy, .sessionsOpen, .twoMasters: .tryAgain
        case .noAnswer, .journalUnavailable: .unavailable
        case .notSimulated, .noPass, .readerRefused, .enrolmentRefused, .keyRefused,
            .approvalRefused, .doorRefused, .actionRefused, .guardRefused, .boxRefused,
            .serviceRefused, .hoursRefused, .noticeRefused, .commandRefused:
            .no
        case .interfaceNotFound, .methodNotFound, .methodNotImplemented, .expectedMore,
            .badMessage, .other:
            .notUnderstood
        }
    }
}

extension ActivationError {
    var status: Ending {
        switch self {
        case .file(let failure):
            failure.code == 13 || failure.code == 1 ? .notAllowed : .cannotCreate
        case .notThere: .noInput
        case .badDigest, .damaged, .notAStation, .flaw: .badData
        case .inUse: .tryAgain
        case .restartFailed: .no
        case .noRoute: .unavailable
        }
    }
}

extension SerialError {
    var status: Ending {
        switch self {
        case .missing, .failed: .noInput
        case .notAllowed: .notAllowed
        case .busy: .tryAgain
        case .notSerial, .speed: .badData
        case .gone: .unavailable
        }
    }
}
