// What can happen at a box of a locker: what entries tell, step by step.

/// What happened at a box. Raw values are stored in journals: never renumber.
public enum CompartmentStep: UInt8, Sendable, CaseIterable {
    /// Its holder had it opened again.
    case reopened = 1
    /// A person with that right had it opened.
    case ordered = 2
    case opened = 3
    case closed = 4
    /// Three tries, and it stayed closed.
    case jammed = 5
    /// Its lock cannot be told to open now.
    case unreachable = 6
    case forced = 7
    case leftOpen = 8
    case itemForgotten = 9
    case overtime = 10
    /// Nobody knows whose it is.
    case unknown = 11
    /// A person found it empty: it is free again.
    case cleared = 12
    case blocked = 13
    case unblocked = 14
    /// Its sensors tell more changes than people cause: they are counted from now on.
    case flapping = 15

    /// Whether a sensor alone can bring it about, as often as a bad contact likes.
    public var isSeen: Bool {
        switch self {
        case .opened, .closed, .leftOpen, .itemForgotten: true
        // Forced it is once, until somebody has come.
        case .reopened, .ordered, .jammed, .unreachable, .forced, .overtime, .unknown, .cleared,
            .blocked, .unblocked, .flapping:
            false
        }
    }
}
