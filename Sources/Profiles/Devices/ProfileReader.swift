// From a YAML tree to a device profile, with every error that the file has.

import StationCore

/// Reads one file of `Devices/`.
struct ProfileReader {
    /// Sources, lines, examples: what one profile may list.
    static let listLimit = 64
    static let textBytes = 200

    let checker: Checker
    /// Profiles that this one may extend; `nil`: it may not.
    var family: ProfileFamily?

    /// - Parameter fileID: the file's name without `.yaml`, which its `id` must repeat.
    /// - Returns: `nil` when anything was wrong; it was reported.
    func read(_ root: TreeNode, fileID: String) -> DeviceProfile? {
        var root = root
        var proven: Set<String> = []
        if let family, let extends = root["extends"] {
            guard let merged = family.merge(root, extends, fileID: fileID, checker) else {
                return nil
            }
            (root, proven) = merged
        }
        return Self.isBox(root) ? readBox(root, fileID, proven) : readDriven(root, fileID)
    }

    /// What has a driver of its own.
    private func readDriven(_ root: TreeNode, _ fileID: String) -> DeviceProfile? {
        guard var fields = Fields(root, .profile, checker) else { return nil }
        let schema = fields.require("schema")
        let id = fields.require("id")
        let maker = fields.require("maker")
        let model = fields.require("model")
        let kind = fields.require("kind")
        let source = fields.require("source")
        let link = fields.require("link")
        let lines = fields.take("lines")
        let driver = fields.require("driver")
        let params = fields.take("params")
        let tests = fields.require("tests")
        fields.finish()

        if let schema { _ = checker.choice(schema, of: [(DeviceProfile.schema, true)]) }
        if let id { readID(id, fileID) }
        let sources = source.map(readSources) ?? []
        let deviceKind: DeviceProfile.Kind? = kind.flatMap { checker.choice($0) }
        guard let driver,
            let settings = DriverReader(checker: checker).read(driver, kind: deviceKind)
        else { return nil }
        let terminals = settings.terminals
        if lines == nil, terminals.contains(where: \.isRequired) {
            checker.report(root.place, .missingKey("lines", in: .profile))
        }
        let connection = link.flatMap { LinkReader(checker: checker).read($0, for: settings) }
        let wires = lines.map { LineReader(checker: checker).read($0, terminals, deviceKind) } ?? []
        let parameters =
            params.map { ParameterReader(checker: checker).read($0, for: settings) } ?? []
        let examples = tests.map { ExampleReader(checker: checker).read($0, for: settings) } ?? []
        guard let maker = maker.flatMap({ checker.text($0, limit: Self.textBytes) }),
            let model = model.flatMap({ checker.text($0, limit: Self.textBytes) }),
            let deviceKind, let connection
        else { return nil }
        return DeviceProfile(
            id: fileID, maker: maker, model: model, kind: deviceKind, sources: sources,
            link: connection, lines: wires, driver: settings, parameters: parameters,
            examples: examples)
    }

    // MARK: Boxes on a bus

    /// By its kind, its bus, or what only a box has.
    private static func isBox(_ root: TreeNode) -> Bool {
        let kind = root["kind"]?.word.flatMap { DeviceProfile.Kind(rawValue: $0) }
        let bus = root["link"]?["bus"]?.word
        if kind == nil, root["points"] != nil { return true }
        return kind?.isBox ?? bus.map(BoxLinkReader.languages.contains)
            ?? (root["points"] != nil)
    }

    /// - Parameter proven: points that another profile's worked bytes show already.
    private func readBox(
        _ root: TreeNode, _ fileID: String, _ proven: Set<String>
    ) -> DeviceProfile? {
        guard var fields = Fields(root, .profile, checker) else { return nil }
        let schema = fields.require("schema")
        let id = fields.require("id")
        let maker = fields.require("maker")
        let model = fields.require("model")
        let kind = fields.require("kind")
        let source = fields.require("source")
        let bus = root["link"]?["bus"]?.word ?? ""
        var parts = BoxReader.parts(
            of: &fields,
            usesFrames: bus == "frames"
                || !BoxLinkReader.languages.contains(bus) && root["frames"] != nil,
            usesLines: bus == "gpio" || bus != "files" && root["lines"] != nil)
        let tests = fields.require("tests")
        fields.finish()

        if let schema { _ = checker.choice(schema, of: [(DeviceProfile.schema, true)]) }
        if let id { readID(id, fileID) }
        let sources = source.map(readSources) ?? []
        let deviceKind: DeviceProfile.Kind? = kind.flatMap { checker.choice($0) }
        if let kind, let deviceKind, !deviceKind.isBox {
            checker.report(kind.place, .notABox(deviceKind))
        }
        parts.isBoard = deviceKind?.hasOutputs ?? false
        let before = checker.findings.count
        // Of a box that is half read its examples would only say the same again.
        guard let reading = BoxReader(checker: checker).read(parts),
            checker.findings.count == before
        else { return nil }
        let examples =
            tests.map(
                BoxExampleReader(checker: checker, parts: parts, reading: reading).read) ?? []
        guard let maker = maker.flatMap({ checker.text($0, limit: Self.textBytes) }),
            let model = model.flatMap({ checker.text($0, limit: Self.textBytes) }),
            let deviceKind
        else { return nil }
        let profile = DeviceProfile(
            id: fileID, maker: maker, model: model, kind: deviceKind, sources: sources,
            link: reading.isOnBoard ? .gpio : .box(reading.link.serial),
            lines: reading.wires.map(\.line), driver: reading.driver, parameters: [],
            examples: examples,
            box: Box(
                file: checker.file, parts: parts, parameters: reading.parameters,
                addresses: reading.link.addresses, drives: reading.drives))
        // Of lines and files no order of bytes can be wrong.
        if let tests, !reading.isOnBoard, checker.findings.count == before {
            checkProofs(of: profile, proven, reading.settings.points, at: tests.place)
        }
        return profile
    }

    /// A wrong order or scale yields numbers, not errors: only worked bytes show it.
    private func checkProofs(
        of profile: DeviceProfile, _ proven: Set<String>, _ points: [PointSettings],
        at place: Place
    ) {
        let shown = proven.union(profile.provenPoints)
        var missing: [String] = []
        for point in points {
            let family = BoxScope.family(of: point.name)
            if !shown.contains(family), !missing.contains(family) { missing.append(family) }
        }
        if !missing.isEmpty { checker.report(place, .unproven(missing)) }
    }

    private func readID(_ node: TreeNode, _ fileID: String) {
        guard let id = checker.name(node), id != fileID else { return }
        checker.report(node.place, .idIsNotFileName(id: id, file: fileID))
    }

    private func readSources(_ node: TreeNode) -> [String] {
        let items = checker.list(node, of: .profile, limit: Self.listLimit) ?? []
        return items.compactMap { checker.text($0, limit: Self.textBytes) }
    }
}
