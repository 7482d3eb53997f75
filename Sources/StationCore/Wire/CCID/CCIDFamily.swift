// What readers of one make want before and besides the standard.

/// A make of reader with its own ways.
public enum CCIDFamily: String, Sendable, CaseIterable {
    /// Any contactless reader that follows CCID and PC/SC part 3.
    case generic
    case acr122u
    case acr1252u

    /// How many commands prepare it.
    var preparations: Int {
        switch self {
        case .generic, .acr1252u: 0
        case .acr122u: 3
        }
    }

    /// A step of its preparation, from 0.
    func preparation(_ step: Int) -> PseudoAPDU {
        switch step {
        case 0: ACR122U.firmware
        case 1: ACR122U.polling(.station)
        default: ACR122U.quietDetection
        }
    }
}
