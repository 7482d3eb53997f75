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
        // There was nothing to take back.
        case .undo: nil
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
