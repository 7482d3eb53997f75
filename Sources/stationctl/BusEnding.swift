// What ends something that a box was told, when nobody waits until it ends by itself.

import EventLoop
import StationCore

/// How an output that an order made active is let go.
enum BusEnding: Equatable {
    /// It made nothing active.
    case needless
    /// This order lets go of it.
    case order(ActionOrder, name: String)
    /// The board does, so many milliseconds after it was told.
    case board(milliseconds: Int)
    /// Nothing that the box can be told.
    case nobody

    /// What a question, its repetitions and a look take besides an action's own waits.
    private static let usual = Interval.seconds(30)

    /// How long an order may take.
    static func patience(of action: ActionSettings, among actions: [ActionSettings]) -> Interval {
        usual + .milliseconds(action.longestWait(among: actions))
    }

    /// - Parameter number: of the order that ends it.
    init(of order: ActionOrder, in box: BusDeviceSettings, number: UInt64) {
        let told = box.actions[order.action]
        guard told.mayActivate else {
            self = .needless
            return
        }
        func numbers(of action: ActionSettings) -> [ArgumentValue] {
            let wanted = action.arguments.map(\.name)
            return order.arguments.filter { wanted.contains($0.name) }
        }
        let ending = box.actions.indices.filter { place in
            let other = box.actions[place]
            let own = numbers(of: other)
            return other.isIdempotent && own.count == other.arguments.count
                && other.letsGo(own, of: told, order.arguments, among: box.actions)
        }
        // The one that its profile names, else one that is about this output alone.
        let best =
            ending.first { box.actions[$0].name == told.renewedUntil }
            ?? ending.max { box.actions[$0].arguments.count < box.actions[$1].arguments.count }
        if let best {
            self = .order(
                ActionOrder(
                    number: number, action: best, arguments: numbers(of: box.actions[best]),
                    isUrgent: true), name: box.actions[best].name)
        } else if let time = told.selfTimedMilliseconds {
            self = .board(milliseconds: time)
        } else {
            self = .nobody
        }
    }
}
