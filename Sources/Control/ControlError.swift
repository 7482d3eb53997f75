// Errors that a station answers with, and failures that a client meets before an answer.

/// An error of `io.stationd` or `org.varlink.service`, with its parameters.
///
/// docs/io.stationd.varlink says what each one means.
public enum ControlError: Error, Equatable, Sendable {
    case interfaceNotFound(String)
    case methodNotFound(String)
    case methodNotImplemented(String)
    case invalidParameter(String)
    case expectedMore

    case badMessage(ControlReason)
    case notAllowed(method: String, needs: String)
    case notSimulated
    case noSuchReader(reader: String, readers: [String])
    case noSuchDoor(door: String, doors: [String])
    case doorRefused(ControlReason)
    case noSuchDevice(device: String, devices: [String])
    /// `actions`: those that there are, with their numbers: `open lock=1...12`.
    case noSuchAction(action: String, actions: [String])
    case actionRefused(ControlReason)
    case noSuchGuard(guard: String, guards: [String])
    case guardRefused(ControlReason)
    case noSuchService(service: String, services: [String])
    case noSuchBox(box: String, boxes: [String])
    case boxRefused(ControlReason)
    case noSuchPlace(place: String, places: [String])
    case serviceRefused(ControlReason)
    case noSuchHours(hours: String, sets: [String])
    case hoursRefused(ControlReason)
    case noticeRefused(ControlReason)
    case commandRefused(ControlReason)
    case noSuchCommand(id: String)
    case badBits(ControlReason)
    case readerRefused(ControlReason)
    case noDescriptor(ControlReason)
    case noKey
    case keyExists(epoch: String)
    case badKey(ControlReason)
    case badRoster(ControlReason)
    case noPass(ControlReason)
    case enrolmentRefused(ControlReason)
    case keyRefused(ControlReason)
    case noSuchRights(rights: String, sets: [String])
    /// It waits for two masters: their taps at that reader, within a minute. Its entries tell on.
    case twoMasters(operation: String, reader: String)
    case approvalRefused(ControlReason)
    /// No card was enrolled for the key.
    case noCards(key: String)
    case badCursor(cursor: String, store: String, oldest: Int64, newest: Int64)
    /// `state` is `opening` or `failed`.
    case journalUnavailable(state: String)
    case busy(what: String)
    case noAnswer(what: String)
    case sessionsOpen([String])
    /// From a newer station than this code knows.
    case other(name: String)
}

/// All parameters that errors have, each in at most a few of them.
struct ErrorParameters: Codable, Equatable, Sendable {
    var interface: String?
    var method: String?
    var parameter: String?
    var needs: String?
    var reason: String?
    var detail: String?
    var reader: String?
    var readers: [String]?
    var door: String?
    var doors: [String]?
    var device: String?
    var devices: [String]?
    var action: String?
    var actions: [String]?
    var `guard`: String?
    var guards: [String]?
    var service: String?
    var services: [String]?
    var box: String?
    var boxes: [String]?
    var place: String?
    var places: [String]?
    var hours: String?
    var rights: String?
    var operation: String?
    var sets: [String]?
    var id: String?
    var key: String?
    var epoch: String?
    var cursor: String?
    var store: String?
    var oldest: Int64?
    var newest: Int64?
    var state: String?
    var what: String?
    var sessions: [String]?
}

extension ControlError {
    /// The full name on the wire.
    public var name: String {
        switch self {
        case .interfaceNotFound: "org.varlink.service.InterfaceNotFound"
        case .methodNotFound: "org.varlink.service.MethodNotFound"
        case .methodNotImplemented: "org.varlink.service.MethodNotImplemented"
        case .invalidParameter: "org.varlink.service.InvalidParameter"
        case .expectedMore: "org.varlink.service.ExpectedMore"
        case .badMessage: "io.stationd.BadMessage"
        case .notAllowed: "io.stationd.NotAllowed"
        case .notSimulated: "io.stationd.NotSimulated"
        case .noSuchReader: "io.stationd.NoSuchReader"
        case .noSuchDoor: "io.stationd.NoSuchDoor"
        case .doorRefused: "io.stationd.DoorRefused"
        case .noSuchDevice: "io.stationd.NoSuchDevice"
        case .noSuchAction: "io.stationd.NoSuchAction"
        case .actionRefused: "io.stationd.ActionRefused"
        case .noSuchGuard: "io.stationd.NoSuchGuard"
        case .guardRefused: "io.stationd.GuardRefused"
        case .noSuchService: "io.stationd.NoSuchService"
        case .noSuchBox: "io.stationd.NoSuchBox"
        case .boxRefused: "io.stationd.BoxRefused"
        case .noSuchPlace: "io.stationd.NoSuchPlace"
        case .serviceRefused: "io.stationd.ServiceRefused"
        case .noSuchHours: "io.stationd.NoSuchHours"
        case .hoursRefused: "io.stationd.HoursRefused"
        case .noticeRefused: "io.stationd.NoticeRefused"
        case .commandRefused: "io.stationd.CommandRefused"
        case .noSuchCommand: "io.stationd.NoSuchCommand"
        case .badBits: "io.stationd.BadBits"
        case .readerRefused: "io.stationd.ReaderRefused"
        case .noDescriptor: "io.stationd.NoDescriptor"
        case .noKey: "io.stationd.NoKey"
        case .keyExists: "io.stationd.KeyExists"
        case .badKey: "io.stationd.BadKey"
        case .badRoster: "io.stationd.BadRoster"
        case .noPass: "io.stationd.NoPass"
        case .enrolmentRefused: "io.stationd.EnrolmentRefused"
        case .keyRefused: "io.stationd.KeyRefused"
        case .noSuchRights: "io.stationd.NoSuchRights"
        case .twoMasters: "io.stationd.TwoMasters"
        case .approvalRefused: "io.stationd.ApprovalRefused"
        case .noCards: "io.stationd.NoCards"
        case .badCursor: "io.stationd.BadCursor"
        case .journalUnavailable: "io.stationd.JournalUnavailable"
        case .busy: "io.stationd.Busy"
        case .noAnswer: "io.stationd.NoAnswer"
        case .sessionsOpen: "io.stationd.SessionsOpen"
        case .other(let name): name
        }
    }

    var parameters: ErrorParameters {
        switch self {
        case .interfaceNotFound(let name): ErrorParameters(interface: name)
        case .methodNotFound(let name), .methodNotImplemented(let name):
            ErrorParameters(method: name)
        case .invalidParameter(let name): ErrorParameters(parameter: name)
        case .expectedMore, .notSimulated, .noKey, .other: ErrorParameters()
        case .notAllowed(let method, let needs): ErrorParameters(method: method, needs: needs)
        case .noSuchReader(let reader, let readers):
            ErrorParameters(reader: reader, readers: readers)
        case .noSuchDoor(let door, let doors): ErrorParameters(door: door, doors: doors)
        case .badMessage(let reason), .badBits(let reason), .readerRefused(let reason),
            .doorRefused(let reason), .actionRefused(let reason), .guardRefused(let reason),
            .boxRefused(let reason), .serviceRefused(let reason), .hoursRefused(let reason),
            .noticeRefused(let reason), .commandRefused(let reason), .noDescriptor(let reason),
            .badKey(let reason), .badRoster(let reason), .noPass(let reason),
            .enrolmentRefused(let reason), .keyRefused(let reason),
            .approvalRefused(let reason):
            ErrorParameters(reason: reason.word, detail: reason.detail)
        case .noSuchDevice(let device, let devices):
            ErrorParameters(device: device, devices: devices)
        case .noSuchAction(let action, let actions):
            ErrorParameters(action: action, actions: actions)
        case .noSuchGuard(let name, let guards): ErrorParameters(guard: name, guards: guards)
        case .noSuchService(let service, let services):
            ErrorParameters(service: service, services: services)
        case .noSuchBox(let box, let boxes): ErrorParameters(box: box, boxes: boxes)
        case .noSuchPlace(let place, let places): ErrorParameters(place: place, places: places)
        case .noSuchHours(let hours, let sets): ErrorParameters(hours: hours, sets: sets)
        case .noSuchRights(let rights, let sets): ErrorParameters(rights: rights, sets: sets)
        case .twoMasters(let operation, let reader):
            ErrorParameters(reader: reader, operation: operation)
        case .noCards(let key): ErrorParameters(key: key)
        case .noSuchCommand(let id): ErrorParameters(id: id)
        case .keyExists(let epoch): ErrorParameters(epoch: epoch)
        case .badCursor(let cursor, let store, let oldest, let newest):
            ErrorParameters(cursor: cursor, store: store, oldest: oldest, newest: newest)
        case .journalUnavailable(let state): ErrorParameters(state: state)
        case .busy(let what), .noAnswer(let what): ErrorParameters(what: what)
        case .sessionsOpen(let sessions): ErrorParameters(sessions: sessions)
        }
    }

    init(name: String, parameters from: ErrorParameters) {
        let reason = ControlReason(word: from.reason ?? "", detail: from.detail)
        self =
            switch name {
            case "org.varlink.service.InterfaceNotFound":
                .interfaceNotFound(from.interface ?? "")
            case "org.varlink.service.MethodNotFound": .methodNotFound(from.method ?? "")
            case "org.varlink.service.MethodNotImplemented":
                .methodNotImplemented(from.method ?? "")
            case "org.varlink.service.InvalidParameter":
                .invalidParameter(from.parameter ?? "")
            case "org.varlink.service.ExpectedMore": .expectedMore
            case "io.stationd.BadMessage": .badMessage(reason)
            case "io.stationd.NotAllowed":
                .notAllowed(method: from.method ?? "", needs: from.needs ?? "")
            case "io.stationd.NotSimulated": .notSimulated
            case "io.stationd.NoSuchReader":
                .noSuchReader(reader: from.reader ?? "", readers: from.readers ?? [])
            case "io.stationd.NoSuchDoor":
                .noSuchDoor(door: from.door ?? "", doors: from.doors ?? [])
            case "io.stationd.DoorRefused": .doorRefused(reason)
            case "io.stationd.NoSuchDevice":
                .noSuchDevice(device: from.device ?? "", devices: from.devices ?? [])
            case "io.stationd.NoSuchAction":
                .noSuchAction(action: from.action ?? "", actions: from.actions ?? [])
            case "io.stationd.ActionRefused": .actionRefused(reason)
            case "io.stationd.NoSuchGuard":
                .noSuchGuard(guard: from.guard ?? "", guards: from.guards ?? [])
            case "io.stationd.GuardRefused": .guardRefused(reason)
            case "io.stationd.NoSuchService":
                .noSuchService(service: from.service ?? "", services: from.services ?? [])
            case "io.stationd.NoSuchBox":
                .noSuchBox(box: from.box ?? "", boxes: from.boxes ?? [])
            case "io.stationd.BoxRefused": .boxRefused(reason)
            case "io.stationd.NoSuchPlace":
                .noSuchPlace(place: from.place ?? "", places: from.places ?? [])
            case "io.stationd.ServiceRefused": .serviceRefused(reason)
            case "io.stationd.NoSuchHours":
                .noSuchHours(hours: from.hours ?? "", sets: from.sets ?? [])
            case "io.stationd.HoursRefused": .hoursRefused(reason)
            case "io.stationd.NoticeRefused": .noticeRefused(reason)
            case "io.stationd.CommandRefused": .commandRefused(reason)
            case "io.stationd.NoSuchCommand": .noSuchCommand(id: from.id ?? "")
            case "io.stationd.BadBits": .badBits(reason)
            case "io.stationd.ReaderRefused": .readerRefused(reason)
            case "io.stationd.NoDescriptor": .noDescriptor(reason)
            case "io.stationd.NoKey": .noKey
            case "io.stationd.KeyExists": .keyExists(epoch: from.epoch ?? "")
            case "io.stationd.BadKey": .badKey(reason)
            case "io.stationd.BadRoster": .badRoster(reason)
            case "io.stationd.NoPass": .noPass(reason)
            case "io.stationd.EnrolmentRefused": .enrolmentRefused(reason)
            case "io.stationd.KeyRefused": .keyRefused(reason)
            case "io.stationd.ApprovalRefused": .approvalRefused(reason)
            case "io.stationd.TwoMasters":
                .twoMasters(operation: from.operation ?? "", reader: from.reader ?? "")
            case "io.stationd.NoSuchRights":
                .noSuchRights(rights: from.rights ?? "", sets: from.sets ?? [])
            case "io.stationd.NoCards": .noCards(key: from.key ?? "")
            case "io.stationd.BadCursor":
                .badCursor(
                    cursor: from.cursor ?? "", store: from.store ?? "", oldest: from.oldest ?? 0,
                    newest: from.newest ?? 0)
            case "io.stationd.JournalUnavailable": .journalUnavailable(state: from.state ?? "")
            case "io.stationd.Busy": .busy(what: from.what ?? "")
            case "io.stationd.NoAnswer": .noAnswer(what: from.what ?? "")
            case "io.stationd.SessionsOpen": .sessionsOpen(from.sessions ?? [])
            default: .other(name: name)
            }
    }
}

/// Why a call has no reply.
///
/// | case | the caller's duty |
/// |---|---|
/// | `unreachable` | say that no station is at that path, or that it may not be reached |
/// | `timedOut`, `closed`, `notUnderstood` | drop the client; a new connection may do |
/// | `refused` | say what the station said; the connection stays usable |
public enum ControlFailure: Error, Equatable, Sendable {
    case unreachable(path: String, errno: Int32)
    case timedOut
    case closed
    case notUnderstood(ControlReason)
    case refused(ControlError)
}
