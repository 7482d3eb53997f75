// A profile's `params`: what a station file may change about the device.

import StationCore

struct ParameterReader {
    let checker: Checker

    /// The parameters that each driver has.
    static func keys(of driver: DriverSettings) -> [String] {
        switch driver {
        case .wiegand: ["formats", "views"]
        case .osdpReader: ["formats", "views", "secure", "keypad", "display"]
        case .lock: ["duty", "safety"]
        case .contact, .button: ["settle", "active"]
        case .pn532, .em4100, .ccid: ["views", "active"]
        case .keyboard: ["formats", "views", "active"]
        case .osdpBus, .fieldBus, .busDevice, .boardDevice: []
        }
    }

    func read(
        _ node: TreeNode, for driver: DriverSettings
    ) -> [(key: String, value: DeviceProfile.Parameter)] {
        guard var fields = Fields(node, .params, checker) else { return [] }
        var parameters: [(key: String, value: DeviceProfile.Parameter)] = []
        for key in Self.keys(of: driver) {
            guard let value = fields.take(key), let parameter = read(value, key, driver) else {
                continue
            }
            parameters.append((key, parameter))
        }
        fields.finish()
        return parameters
    }

    private func read(
        _ node: TreeNode, _ key: String, _ driver: DriverSettings
    ) -> DeviceProfile.Parameter? {
        guard var fields = Fields(node, .parameter, checker) else { return nil }
        defer { fields.finish() }
        guard key != "settle" else {
            return fields.require("range").flatMap(range).map(DeviceProfile.Parameter.settle)
        }
        guard let of = fields.require("of") else { return nil }
        switch key {
        case "views":
            let known = View.allCases.map(\.name)
            return checker.references(
                of, to: .view, in: known, of: .parameter, limit: known.count
            ).map { .views(of: $0.map(\.value)) }
        case "formats":
            if case .keyboard = driver {
                let known = PrintedForm.all.map(\.name)
                return checker.references(
                    of, to: .format, in: known, of: .parameter, limit: known.count
                ).map { .forms(of: $0.map(\.value)) }
            }
            return checker.references(
                of, to: .format, in: DriverReader.formatNames, of: .parameter,
                limit: DriverReader.formatNames.count
            ).map { .formats(of: $0.map(\.value)) }
        case "secure": return choices(of, DriverReader.security).map { .secure(of: $0) }
        case "display": return choices(of, DriverReader.displays).map { .display(of: $0) }
        case "keypad": return choices(of, [("true", true), ("false", false)]).map { _ in .keypad }
        case "duty": return choices(of, DriverReader.duties).map { .duty(of: $0) }
        case "safety": return choices(of, DriverReader.safeties).map { .safety(of: $0) }
        default: return choices(of, LineReader.levels).map { _ in .active }
        }
    }

    private func choices<Value>(
        _ node: TreeNode, _ choices: [(word: String, value: Value)]
    ) -> [Value]? {
        guard let items = checker.list(node, of: .parameter, limit: choices.count) else {
            return nil
        }
        return items.compactMap { checker.choice($0, of: choices) }
    }

    /// `[5ms, 500ms]`
    private func range(_ node: TreeNode) -> ClosedRange<Microseconds>? {
        guard let items = checker.list(node, of: .parameter, limit: 2) else { return nil }
        let bounds = items.compactMap { checker.duration($0, in: DriverReader.settle) }
        guard bounds.count == 2, bounds[0] <= bounds[1] else {
            if bounds.count == items.count { checker.report(node.place, .rangeReversed) }
            return nil
        }
        return bounds[0]...bounds[1]
    }
}
