// Devices on the board: what a station file says of their lines, and what may hang on them.

import StationCore

extension OverrideReader {
    /// Parameters of a device on the board, and how its lines are wired.
    func apply(_ overrides: [TreeNode.Pair], toBoard profile: inout DeviceProfile) {
        guard var box = profile.box, case .boardDevice = profile.driver else { return }
        let before = checker.findings.count
        var wiring: [TreeNode.Pair] = []
        var changed: Place?
        for pair in overrides {
            if let index = box.parameters.firstIndex(where: { $0.name == pair.key }) {
                guard let value = checker.decimal(pair.value) else { continue }
                guard box.parameters[index].allows(value) else {
                    checker.report(box.parameters[index], value, at: pair.value.place)
                    continue
                }
                if box.parameters[index].value != value { changed = pair.value.place }
                box.parameters[index].value = value
            } else if pair.key == "folder", profile.lines.isEmpty {
                box.parts.folder = checker.folder(pair.value)
                changed = pair.value.place
            } else if Self.boardKeys.dropFirst(4).dropLast().contains(pair.key),
                !profile.lines.isEmpty
            {
                wiring.append(pair)
            } else {
                let own = Self.boardKeys.filter {
                    $0 == "folder"
                        ? profile.lines.isEmpty
                        : !profile.lines.isEmpty
                            || ["name", "profile", "label"].contains($0)
                }
                checker.report(
                    pair.place,
                    .unknownKey(pair.key, in: .device, known: own + box.parameters.map(\.name)))
            }
        }
        guard checker.findings.count == before else { return }
        if let changed {
            let aside = Checker(file: box.file, findings: Findings())
            let reading = BoxReader(checker: aside).read(box.parts, values: box.parameters)
            guard let reading, aside.findings.isClean else {
                checker.report(changed, .valueBreaksProfile(profile.id))
                return
            }
            profile.driver = reading.driver
        }
        for pair in wiring { apply(pair, &profile, &box) }
        profile.box = box
    }

    /// `safety: pull` for the only line that it can mean, or `safety: {valve: pull}`.
    private func apply(
        _ pair: TreeNode.Pair, _ profile: inout DeviceProfile, _ box: inout Box
    ) {
        guard case .boardDevice(var settings) = profile.driver else { return }
        let terminals = settings.lines.indices.filter { terminal in
            switch pair.key {
            case "active": true
            case "settle": settings.lines[terminal].direction == .input
            default: settings.lines[terminal].direction == .output
            }
        }
        var values: [(terminal: Int, node: TreeNode)] = []
        if case .map(let pairs) = pair.value.content {
            let names = terminals.map { settings.lines[$0].name }
            for one in pairs {
                guard let terminal = terminals.first(where: { settings.lines[$0].name == one.key })
                else {
                    checker.report(
                        one.place, .unknownReference(.line, name: one.key, known: names))
                    continue
                }
                values.append((terminal, one.value))
            }
        } else {
            values = terminals.map { ($0, pair.value) }
        }
        for (terminal, node) in values {
            change(pair.key, node, terminal, &settings, &profile, &box)
        }
        profile.driver = .boardDevice(settings)
    }

    private func change(
        _ key: String, _ node: TreeNode, _ terminal: Int, _ settings: inout BoardDeviceSettings,
        _ profile: inout DeviceProfile, _ box: inout Box
    ) {
        switch key {
        case "active":
            guard let isLow = checker.choice(node, of: LineReader.levels) else { return }
            let wasLow = profile.lines[terminal].activeLow
            profile.lines[terminal].activeLow = isLow
            // A pulse is the same pulse the other way round.
            guard settings.lines[terminal].isSingleEdge, wasLow != isLow else { return }
            profile.lines[terminal].edges =
                profile.lines[terminal].edges == .rising ? .falling : .rising
        case "settle":
            guard
                let time = checker.duration(node, in: BoardLineReader.settle)?.milliseconds
            else { return }
            let hadOne =
                settings.lines[terminal].clearMilliseconds
                == settings.lines[terminal].settleMilliseconds
            settings.lines[terminal].settleMilliseconds = time
            if hadOne { settings.lines[terminal].clearMilliseconds = time }
        case "safety":
            settings.lines[terminal].safety =
                checker.choice(node, of: DriverReader.safeties)
                ?? settings.lines[terminal].safety
            settings.takeSafetyOfLines()
        case "max_on":
            settings.lines[terminal].maximumOnMilliseconds =
                checker.duration(node, in: BoardLineReader.longest)?.milliseconds
                ?? settings.lines[terminal].maximumOnMilliseconds
        default:
            box.drives[settings.lines[terminal].name] = checker.choice(node)
        }
    }
}

extension DeviceResolver {
    /// Refuses what would stay dangerous while the agent is dead, or for ever.
    func checkLines(
        of device: StationFile.Device, _ settings: BoardDeviceSettings, _ box: Box
    ) {
        for line in settings.lines where line.direction == .output {
            let wired = device.wires?.contains { $0.terminal.value == line.name } ?? true
            guard wired || !line.isOptional else { continue }
            let thing = box.drives[line.name]
            let place = device.name.place
            if line.safety ?? LockSettings.Safety.none == LockSettings.Safety.none {
                if let thing, thing.isHazard {
                    checker.report(place, .hazardNeverSafe(thing.rawValue, thing.chinese))
                } else {
                    checker.note(place, .outputNeverSafe(device: device.name.value))
                }
            }
            guard let thing else { continue }
            if thing == .lock, line.safety != .board {
                checker.report(place, .lockNotSelfTimed(line: line.name))
            }
            if thing == .valve, line.maximumOnMilliseconds == 0 {
                checker.report(
                    place, .neverEnds(line: line.name, thing.rawValue, thing.chinese))
            }
        }
    }
}

extension BoardDeviceSettings {
    /// What makes an action's output safe is what makes its lines safe, and those of the actions
    /// within it.
    fileprivate mutating func takeSafetyOfLines() {
        for place in actions.indices {
            var safety: LockSettings.Safety?
            for step in actions[place].steps {
                switch step {
                case .set(let terminal, true):
                    safety = ActionReader.weaker(safety, lines[terminal].safety)
                case .perform(let name, _):
                    let inner = actions[..<place].first { $0.name == name }
                    if let inner, inner.mayActivate {
                        safety = ActionReader.weaker(safety, inner.safety)
                    }
                default: continue
                }
            }
            if safety != nil { actions[place].safety = safety }
        }
    }
}
