// From a YAML tree to a device profile, with every error that the file has.

import StationCore

/// Reads one file of `Devices/`.
struct ProfileReader {
    /// Sources, lines, examples: what one profile may list.
    static let listLimit = 64
    static let textBytes = 200

    let checker: Checker

    /// - Parameter fileID: the file's name without `.yaml`, which its `id` must repeat.
    /// - Returns: `nil` when anything was wrong; it was reported.
    func read(_ root: TreeNode, fileID: String) -> DeviceProfile? {
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

    private func readID(_ node: TreeNode, _ fileID: String) {
        guard let id = checker.name(node), id != fileID else { return }
        checker.report(node.place, .idIsNotFileName(id: id, file: fileID))
    }

    private func readSources(_ node: TreeNode) -> [String] {
        let items = checker.list(node, of: .profile, limit: Self.listLimit) ?? []
        return items.compactMap { checker.text($0, limit: Self.textBytes) }
    }
}
