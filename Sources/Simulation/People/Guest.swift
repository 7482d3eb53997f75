// Somebody who came for a service: what they want, and how far they got.

import EventLoop
import Profiles
import StationCore

/// One person at one service.
final class Guest {
    /// What they do next. Each kind of service uses some of them.
    enum Step {
        /// Looks for a free part, or waits for one.
        case arrive
        /// Holds the key to the reader, presses the button, or begins without either.
        case ask
        /// Looks whether it worked.
        case look
        /// Has enough, or comes back.
        case enough
        /// Takes everything along.
        case leave
    }

    let id: Int
    let service: Int
    let group: Population.Group
    /// Holds a key to the reader.
    let resident: Resident?
    /// Presses the button.
    let presses: Bool
    /// The place of what they use among those of their kind; `nil`: none yet.
    var place: Int?
    var step = Step.arrive
    var tries = 0
    /// What was planned before the last plan is void.
    var turn = 0
    /// Their use, by its place in the ledger.
    var use: Int?
    /// In the group's words: mL, or minutes.
    var takes = 0
    var asked: Instant?

    init(
        id: Int, service: Int, group: Population.Group, resident: Resident?, presses: Bool
    ) {
        self.id = id
        self.service = service
        self.group = group
        self.resident = resident
        self.presses = presses
    }

    var source: UseSource { resident != nil ? .key : presses ? .button : .sensor }
    var key: ShortText { resident?.key ?? .empty }
}
