// One profile by itself, before it is among the others: for whoever writes it.

import StationCore

extension DeviceProfile {
    /// Reads one file, and the one that it extends, from the same folder. Its worked examples are
    /// not asked yet: `verdicts` does.
    ///
    /// - Throws: every error of the file at once.
    public static func read(file path: String) throws(ConfigurationErrors) -> DeviceProfile {
        let findings = Findings()
        guard let text = FileText.read(Checker(file: path, findings: findings)) else {
            throw findings.sorted(files: [path])
        }
        return try read(text: text, file: path)
    }

    /// The same with the text in hand; messages and the profile's id go by `path`.
    public static func read(
        text: [UInt8], file path: String
    ) throws(ConfigurationErrors) -> DeviceProfile {
        let findings = Findings()
        let checker = Checker(file: path, findings: findings)
        let slash = path.lastIndex(of: "/")
        let directory = slash.map { String(path[..<$0]) } ?? "."
        let name = String(slash.map { path[path.index(after: $0)...] } ?? path[...])
        let known = ProfileLibrary(directory: directory, findings: findings).known
        let id = name.hasSuffix(".yaml") ? String(name.dropLast(5)) : name
        let profile = TreeReader.read(text, checker).flatMap {
            ProfileReader(
                checker: checker, family: ProfileFamily(directory: directory, known: known)
            ).read($0, fileID: id)
        }
        guard let profile, findings.isClean else { throw findings.sorted(files: [path]) }
        return profile
    }

    /// What a worked example says, and what the codecs make of it.
    public struct Verdict: Sendable, Equatable {
        /// Where it stands in the file.
        public let place: Place
        /// `nil` when it comes true; else what it says and what comes out.
        public let contradiction: Contradiction?

        public struct Contradiction: Sendable, Equatable {
            public let expected: String
            public let found: String
        }
    }

    /// Every worked example, asked of the codecs that run at the door.
    public var verdicts: [Verdict] {
        examples.map { example in
            Verdict(
                place: example.place,
                contradiction: contradiction(of: example.value).map {
                    .init(expected: $0.expected, found: $0.found)
                })
        }
    }

    /// The errors of the verdicts that are none, as a reading tells them.
    public func exampleErrors(file: String) -> [ConfigurationError] {
        verdicts.compactMap { verdict in
            verdict.contradiction.map {
                ConfigurationError(
                    file: file, place: verdict.place,
                    kind: .exampleFails(expected: $0.expected, found: $0.found))
            }
        }
    }
}

extension DeviceProfile {
    /// One row of the table of devices.
    public struct Row: Sendable, Equatable {
        public let id: String
        public let kind: String
        public let kindChinese: String
        public let maker: String
        public let model: String
        /// `modbus, 9600 8N1`.
        public let link: String
        /// What it says and what it can be told, by name.
        public let points: [String]
        public let actions: [String]
        public let parameters: [String]
        public let examples: Int
        public let sources: [String]
    }

    public var row: Row {
        var points: [String] = []
        var actions: [String] = []
        if let settings = driver.box {
            var counts: [(name: String, count: Int)] = []
            for point in settings.points {
                let name = BoxScope.family(of: point.name)
                if counts.last?.name == name {
                    counts[counts.count - 1].count += 1
                } else {
                    counts.append((name, 1))
                }
            }
            points = counts.map { $0.count > 1 ? "\($0.name) ×\($0.count)" : $0.name }
            actions = settings.actions.map(\.name)
        }
        return Row(
            id: id, kind: kind.rawValue, kindChinese: kind.chinese, maker: maker, model: model,
            link: linkText, points: points, actions: actions,
            parameters: parameters.map(\.key) + (box?.parameters.map(\.name) ?? []),
            examples: examples.count, sources: sources)
    }

    private var linkText: String {
        switch link {
        case .gpio:
            if case .boardDevice(let settings) = driver {
                settings.lines.isEmpty ? "files" : "gpio"
            } else {
                "gpio"
            }
        case .serial(let serial): "serial, \(serial.text)"
        case .usb: "usb"
        case .keyboard: "keyboard"
        case .osdp(let baud): "osdp, \(baud)"
        case .box(let serial):
            if case .busDevice(let settings) = driver {
                "\(settings.language.name), \(serial.text)"
            } else {
                serial.text
            }
        }
    }

    /// docs/devices.md: every profile of a folder in tables, one for each kind.
    public static func document(of profiles: [DeviceProfile]) -> String {
        var text = """
            # Devices

            Every profile in `Devices/`, as `stationctl profile list --markdown` prints them. What a
            profile says is told in [profiles.md](profiles.md); each file names its sources, its
            variants and the switches to set.

            """
        for kind in Kind.allCases {
            let rows = profiles.filter { $0.kind == kind }.map(\.row)
            guard !rows.isEmpty else { continue }
            text += "\n## \(kind.rawValue) \(kind.chinese)\n\n"
            let isBox = kind.isBox
            text +=
                isBox
                ? "| profile | model | line | points | actions | parameters |\n"
                    + "|---|---|---|---|---|---|\n"
                : "| profile | model | connected by | parameters |\n|---|---|---|---|\n"
            for row in rows {
                let cells =
                    [row.id.code, row.maker == "generic" ? row.model : "\(row.maker) \(row.model)"]
                    + [row.link] + (isBox ? [row.points, row.actions].map(\.listed) : [])
                    + [row.parameters.listed]
                text += "| " + cells.joined(separator: " | ") + " |\n"
            }
        }
        return text
    }
}

extension DriverSettings {
    /// Points and actions of what has some.
    var box: BusDeviceSettings? {
        switch self {
        case .busDevice(let settings): settings
        case .boardDevice(let settings): settings.box
        case .wiegand, .lock, .contact, .button, .pn532, .em4100, .keyboard, .ccid, .osdpBus,
            .osdpReader, .fieldBus:
            nil
        }
    }
}

extension String {
    fileprivate var code: String { "`\(self)`" }
}

extension [String] {
    fileprivate var listed: String { isEmpty ? "–" : joined(separator: ", ") }
}
