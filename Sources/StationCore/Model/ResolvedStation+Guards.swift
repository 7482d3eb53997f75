// The check of guards: what they watch and what they have done may be anywhere in the station.

extension ResolvedStation {
    func checkGuards() throws(Flaw) {
        var count = 0
        let known = devices.map {
            GuardedDevice(points: $0.driver.shownPoints, actions: $0.driver.actions)
        }
        for (place, device) in devices.enumerated() {
            for rule in device.driver.guards {
                count += 1
                let flaw = rule.flaw(outer: device.driver.outer) { other in
                    known.indices.contains(other ?? place) ? known[other ?? place] : nil
                }
                if flaw != nil { throw .value(.rule, index: place) }
            }
            if let outer = device.driver.outer, action(of: outer, from: place)?.confirmed == nil {
                throw .value(.rule, index: place)
            }
        }
        guard count <= Limit.guards else {
            throw .tooMany(.guards, count: count, limit: Limit.guards)
        }
    }

    /// The action that an order of a device's guard means, if it can be told so.
    func action(of order: DeviceOrder, from place: Int) -> ActionSettings? {
        let device = order.device ?? place
        guard devices.indices.contains(device),
            let action = devices[device].driver.actions.first(where: { $0.name == order.action }),
            action.accepts(order.arguments)
        else { return nil }
        return action
    }
}
