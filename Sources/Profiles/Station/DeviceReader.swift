// A station file's `devices`: names, profiles and wires; the rest waits for the profile.

import StationCore

struct DeviceReader {
    /// Terminals of one device: more than any driver has.
    static let wireLimit = 64

    let checker: Checker

    func read(_ node: TreeNode) -> [StationFile.Device] {
        let limit = ResolvedStation.Limit.devices
        let items = checker.list(node, of: .devices, limit: limit) ?? []
        var devices: [StationFile.Device] = []
        var names: [String: Place] = [:]
        for item in items {
            guard let device = readDevice(item) else { continue }
            let name = device.name
            if let first = names[name.value], !name.value.isEmpty {
                checker.report(name.place, .duplicateName(name.value, first: first))
                continue
            }
            names[name.value] = name.place
            devices.append(device)
        }
        return devices
    }

    private func readDevice(_ node: TreeNode) -> StationFile.Device? {
        guard var fields = Fields(node, .device, checker) else { return nil }
        let name = fields.require("name")
        let profile = fields.require("profile")
        let label = fields.take("label")
        let port = fields.take("port")
        let address = fields.take("address")
        let gpio = fields.take("gpio")
        let safety = SafetyNodes(
            guards: fields.take("guards"), outer: fields.take("outer"))
        let overrides = fields.takeRest()
        fields.finish()
        return StationFile.Device(
            name: Placed(name.flatMap(checker.name) ?? "", at: name?.place ?? node.place),
            profile: Placed(profile.flatMap(checker.word) ?? "", at: profile?.place ?? node.place),
            label: label.map { checker.label($0) } ?? StationFile.Label(),
            wires: gpio.map(readWires) ?? [], gpioPlace: gpio?.place ?? node.place,
            port: port.map { Placed(checker.word($0) ?? "", at: $0.place) },
            address: address, safety: safety, overrides: overrides)
    }

    private func readWires(
        _ node: TreeNode
    ) -> [(terminal: Placed<String>, line: Placed<String>)]? {
        guard let pairs = checker.pairs(node) else { return nil }
        // A port's name, a slash and a line's name.
        let limit = ResolvedStation.Limit.nameBytes + 1 + ResolvedStation.Limit.lineNameBytes
        return pairs.prefix(Self.wireLimit).map { pair in
            let line = checker.text(pair.value, limit: limit) ?? ""
            return (Placed(pair.key, at: pair.place), Placed(line, at: pair.value.place))
        }
    }
}
