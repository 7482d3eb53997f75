// What crew and masters say of a part of a service.

/// What a person says of a part of a service.
public enum PartWord: UInt8, Sendable, CaseIterable {
    /// The use there ends.
    case stop = 1
    /// A person has looked: what waits for that is over.
    case reset = 2
    case restocked = 3
    case restockDue = 4
    case outOfOrder = 5
    case inOrder = 6
    case filterChanged = 7
    /// The last act is taken back.
    case undo = 8
    /// Whoever is owed a battery there has been given one by hand.
    case settled = 9
    /// Whoever is asked for help has the message. It is no answer.
    case reached = 10
    /// They come.
    case accept = 11
    /// They cannot.
    case decline = 12
    /// Help was there.
    case helped = 13
    /// Nobody needs to come.
    case cancel = 14

    /// What an entry tells of it when the part itself tells nothing of who said so.
    var step: ServiceStep? {
        switch self {
        case .stop: .stopAsked
        case .reset: .resetAsked
        case .restockDue: .restockAsked
        case .restocked: .restocked
        case .outOfOrder: .outOfOrder
        case .inOrder: .inOrder
        case .filterChanged: .filterChanged
        case .settled: .settled
        // There was nothing to take back, or nobody had called.
        case .undo, .reached, .accept, .decline, .helped, .cancel: nil
        }
    }

    /// The word in commands.
    public var name: String {
        switch self {
        case .stop: "stop"
        case .reset: "reset"
        case .restocked: "restocked"
        case .restockDue: "restock-due"
        case .outOfOrder: "out-of-order"
        case .inOrder: "in-order"
        case .filterChanged: "filter-changed"
        case .undo: "undo"
        case .settled: "settled"
        case .reached: "reached"
        case .accept: "accept"
        case .decline: "decline"
        case .helped: "helped"
        case .cancel: "cancel"
        }
    }
}

/// Why such a word does nothing.
public enum PartWordRefusal: Error, Equatable, Sendable {
    case noSuchPart
    /// No service of its kind knows it; these are known.
    case unknownWord([PartWord])
    /// The station has only started: what is known of the run before would undo it.
    case starting
}
