// A relay, a valve, a contactor: whether it lets through, by what hardware shows of an order.

import EventLoop
import StationCore

/// What an order of the station does to the world.
struct VirtualSwitch {
    private enum Gauge {
        case line(LineID, isActive: Bool)
        case point(PointTwin, any BoxTwin, Comparison)
    }

    let device: Int
    private let gauge: Gauge

    init?(_ order: DeviceOrder, in station: ResolvedStation, _ twins: [any ReaderTwin]) {
        guard let device = order.device,
            let action = station.devices[device].driver.actions.first(where: {
                $0.name == order.action
            })
        else { return nil }
        self.device = device
        let actions = station.devices[device].driver.actions
        if let (terminal, isActive) = action.firstSetting(among: actions) {
            guard let line = station.line(of: device, terminal) else { return nil }
            gauge = .line(line, isActive: isActive)
            return
        }
        guard let seen = action.confirmed?.all.first(where: { !$0.isGain && $0.device == nil })
        else { return nil }
        var name = seen.point
        if let index = seen.index {
            guard let number = order.arguments.first(where: { $0.name == index })?.value.whole
            else { return nil }
            name += ".\(number)"
        }
        guard let point = PointTwin(name, of: device, in: station, twins),
            case .box(let box) = point.end
        else { return nil }
        gauge = .point(point, box, seen)
    }

    /// Whether the order is carried out, as the hardware stands now.
    func holds(_ board: borrowing LineBoard) -> Bool {
        switch gauge {
        case .line(let line, let isActive): return board.level(line) == isActive
        case .point(let point, let box, let comparison):
            guard box.isConnected, let raw = box.raw(of: point.settings) else { return false }
            return point.holds(comparison, at: raw) ?? false
        }
    }
}

extension ActionSettings {
    /// The first output that it sets, in the actions that it performs as well.
    func firstSetting(
        among actions: [ActionSettings], depth: Int = 4
    ) -> (terminal: Int, isActive: Bool)? {
        for step in steps {
            switch step {
            case .set(let terminal, let isActive): return (terminal, isActive)
            case .perform(let name, _) where depth > 0:
                let inner = actions.first { $0.name == name }
                if let found = inner?.firstSetting(among: actions, depth: depth - 1) {
                    return found
                }
            case .perform, .write, .raw, .send, .wait, .read, .until: break
            }
        }
        return nil
    }
}
