// What a station file changes about a device, within what its profile allows.

import StationCore

struct OverrideReader {
    /// Keys that every device has.
    static let ownKeys = ["name", "profile", "label", "port", "address", "gpio"]
    /// Those that devices on the board have; the first four are of lines, the last one of files.
    static let boardKeys =
        ["name", "profile", "label", "gpio", "drives", "active", "settle", "safety", "max_on"]
        + ["folder"]
    /// Those that every box on a bus has.
    static let boxKeys = ownKeys.filter { $0 != "gpio" } + ["drives", "guards", "outer"]

    let checker: Checker

    func apply(_ overrides: [TreeNode.Pair], to profile: inout DeviceProfile) {
        if case .boardDevice = profile.driver { return apply(overrides, toBoard: &profile) }
        guard profile.box == nil else { return apply(overrides, toBox: &profile) }
        for pair in overrides {
            guard let parameter = profile.parameters.first(where: { $0.key == pair.key }) else {
                let known = Self.ownKeys + profile.parameters.map(\.key)
                checker.report(pair.place, .unknownKey(pair.key, in: .device, known: known))
                continue
            }
            apply(parameter.value, pair.value, to: &profile)
        }
    }

    private func apply(
        _ parameter: DeviceProfile.Parameter, _ node: TreeNode, to profile: inout DeviceProfile
    ) {
        switch (parameter, profile.driver) {
        case (.settle(let range), .contact(var settings)):
            settings.settleMilliseconds =
                checker.duration(node, in: range)?.milliseconds ?? settings.settleMilliseconds
            profile.driver = .contact(settings)
        case (.settle(let range), .button(var settings)):
            settings.settleMilliseconds =
                checker.duration(node, in: range)?.milliseconds ?? settings.settleMilliseconds
            profile.driver = .button(settings)
        case (.active, _):
            guard let isLow = checker.choice(node, of: LineReader.levels) else { return }
            for index in profile.lines.indices { profile.lines[index].activeLow = isLow }
        case (.views(let allowed), _):
            guard let views = DriverReader(checker: checker).views(node, among: allowed) else {
                return
            }
            profile.driver.views = views
        case (.formats(let allowed), .wiegand(var settings)):
            guard let formats = DriverReader(checker: checker).formats(node, among: allowed) else {
                return
            }
            settings.formats = formats
            profile.driver = .wiegand(settings)
        case (.forms(let allowed), .keyboard(var settings)):
            guard let technology = Technology(name: settings.technology),
                let formats = DriverReader(checker: checker).formats(
                    node, technology, among: allowed)
            else { return }
            settings.formats = formats
            profile.driver = .keyboard(settings)
        case (.formats(let allowed), .osdpReader(var settings)):
            guard let formats = DriverReader(checker: checker).formats(node, among: allowed) else {
                return
            }
            settings.formats = formats
            profile.driver = .osdpReader(settings)
        case (.secure(let allowed), .osdpReader(var settings)):
            let choices = DriverReader.security.filter { allowed.contains($0.1) }
            settings.secure = checker.choice(node, of: choices) ?? settings.secure
            profile.driver = .osdpReader(settings)
        case (.display(let allowed), .osdpReader(var settings)):
            let choices = DriverReader.displays.filter { allowed.contains($0.1) }
            settings.display = checker.choice(node, of: choices) ?? settings.display
            profile.driver = .osdpReader(settings)
        case (.keypad, .osdpReader(var settings)):
            settings.keypad = checker.boolean(node) ?? settings.keypad
            profile.driver = .osdpReader(settings)
        case (.duty(let allowed), .lock(var settings)):
            let choices = DriverReader.duties.filter { allowed.contains($0.1) }
            settings.duty = checker.choice(node, of: choices) ?? settings.duty
            profile.driver = .lock(settings)
        case (.safety(let allowed), .lock(var settings)):
            let choices = DriverReader.safeties.filter { allowed.contains($0.1) }
            settings.safety = checker.choice(node, of: choices) ?? settings.safety
            profile.driver = .lock(settings)
        case (.settle, _), (.formats, _), (.forms, _), (.duty, _), (.safety, _),
            (.secure, _), (.keypad, _), (.display, _):
            // `ParameterReader` gives a driver its own parameters only.
            break
        }
    }
}
