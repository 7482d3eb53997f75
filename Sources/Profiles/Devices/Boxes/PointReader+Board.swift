// Where a point of a device on the board is: on one of its lines, or in a file of the kernel.

import StationCore

extension PointReader {
    private static let window = milliseconds(Limit.rateWindowMilliseconds)
    private static let usualWindow = 10_000
    private static let kinds: [(String, FilePlace.Kind)] = [
        ("number", .number), ("word", .word), ("ds18b20", .ds18b20), ("iio", .iio),
        ("latency", .latency), ("clock", .clock),
    ]

    /// `{from: flow}`, or `{file: temp1_input}`.
    func boardPlace(
        _ fields: inout Fields, count: Int?, _ kind: PointSettings.Kind
    ) -> PointSource? {
        if count != nil { checker.report(fields.place, .notCounted) }
        guard scope.lines.isEmpty else { return linePlace(&fields, kind) }
        return filePlace(&fields, kind)
    }

    private func linePlace(
        _ fields: inout Fields, _ kind: PointSettings.Kind
    ) -> PointSource? {
        let from = fields.require("from")
        let window = kind == .level ? fields.take("window") : nil
        guard let from, let name = checker.word(from) else { return nil }
        guard let terminal = scope.lines.firstIndex(where: { $0.name == name }) else {
            checker.report(
                from.place,
                .unknownReference(.line, name: name, known: scope.lines.map(\.name)))
            return nil
        }
        let isInput = scope.lines[terminal].direction == .input
        switch kind {
        case .state: return .line(terminal: terminal)
        case .total where isInput: return .pulses(terminal: terminal)
        case .level where isInput:
            let milliseconds =
                window.map { checker.duration($0, in: Self.window)?.milliseconds }
                ?? Self.usualWindow
            return milliseconds.map { .rate(terminal: terminal, windowMilliseconds: $0) }
        case .total, .level, .event:
            checker.report(from.place, .notOfLine(kind))
            return nil
        }
    }

    private func filePlace(
        _ fields: inout Fields, _ kind: PointSettings.Kind
    ) -> PointSource? {
        let form = fields.take("as")
        let fileKind =
            form.map { checker.choice($0, of: Self.kinds) } ?? FilePlace.Kind.number
        guard let fileKind else { return nil }
        let file = fileKind == .clock ? nil : fields.require("file")
        let names = fileKind == .clock ? nil : fields.take("named")
        let label = fileKind == .number ? fields.take("label") : nil
        let column = fileKind == .number && label == nil ? fields.take("column") : nil
        let optional = fields.take("optional")
        var place = FilePlace(kind: fileKind, paths: file.map(paths) ?? [])
        guard fileKind == .clock || !place.paths.isEmpty else { return nil }
        place.folderNames = names.map(texts) ?? []
        place.label = label.flatMap { checker.text($0, limit: Limit.lineNameBytes) }
        place.column = column.flatMap { checker.integer($0, in: Limit.fileColumns) }
        place.isOptional = optional.flatMap(checker.boolean) ?? false
        guard kind != .event else {
            checker.report(fields.place, .notOfLine(kind))
            return nil
        }
        return .file(at: place)
    }

    /// One or several, tried in turn; those that do not begin with a slash are in the folder.
    private func paths(_ node: TreeNode) -> [String] {
        let items = list(node)
        let paths = items.compactMap { item -> String? in
            guard let text = checker.text(item, limit: Limit.pathBytes) else { return nil }
            let path = text.hasPrefix("/") ? text : "\(scope.folder)/\(text)"
            guard FilePlace(kind: .number, paths: [path]).isLegal else {
                checker.report(item.place, .badKernelFile(found: path))
                return nil
            }
            return path
        }
        return paths.count == items.count ? paths : []
    }

    private func texts(_ node: TreeNode) -> [String] {
        list(node).compactMap { checker.text($0, limit: Limit.lineNameBytes) }
    }

    private func list(_ node: TreeNode) -> [TreeNode] {
        guard case .list = node.content else { return [node] }
        return checker.list(node, of: .point, limit: Limit.pathsPerPoint) ?? []
    }
}

extension Checker {
    /// A folder of the kernel's.
    func folder(_ node: TreeNode) -> String? {
        guard let text = text(node, limit: ResolvedStation.Limit.pathBytes) else { return nil }
        guard FilePlace(kind: .number, paths: [text + "/value"]).isLegal else {
            report(node.place, .badKernelFile(found: text))
            return nil
        }
        return text
    }
}
