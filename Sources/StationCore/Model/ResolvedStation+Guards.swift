// The check of guards: what they watch and what they have done may be anywhere in the station.

extension ResolvedStation {
    func checkGuards() throws(Flaw) {
        var count = 0
        for (place, device) in devices.enumerated() {
            let names = Dictionary(
                device.driver.shownPoints.map { ($0.name, $0) }, uniquingKeysWith: { a, _ in a })
            for rule in device.driver.guards {
                count += 1
                for comparison in rule.when.all {
                    guard isLegal(comparison, names) else { throw .value(.rule, index: place) }
                }
                for order in rule.orders {
                    guard action(of: order, from: place)?.confirmed != nil else {
                        throw .value(.rule, index: place)
                    }
                }
            }
            if let outer = device.driver.outer, action(of: outer, from: place)?.confirmed == nil {
                throw .value(.rule, index: place)
            }
        }
        guard count <= Limit.guards else {
            throw .tooMany(.guards, count: count, limit: Limit.guards)
        }
    }

    private func isLegal(_ comparison: Comparison, _ own: [String: PointSettings]) -> Bool {
        guard comparison.index == nil, !comparison.isGain, comparison.value.argument == nil else {
            return false
        }
        guard let device = comparison.device else { return own[comparison.point] != nil }
        return devices.indices.contains(device)
            && devices[device].driver.shownPoints.contains { $0.name == comparison.point }
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
