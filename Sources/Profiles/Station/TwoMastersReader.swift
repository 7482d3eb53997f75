// A station file's `two_masters`: what waits for two of them, and where they tap.

import StationCore

struct TwoMastersReader {
    let checker: Checker

    func read(_ node: TreeNode) -> StationFile.TwoMasters? {
        guard var fields = Fields(node, .twoMasters, checker) else { return nil }
        let reader = fields.require("at")
        let operations = fields.require("for")
        fields.finish()
        let name = reader.flatMap { node in
            checker.word(node).map { Placed($0, at: node.place) }
        }
        guard let name else { return nil }
        return StationFile.TwoMasters(
            reader: name, operations: operations.map(readOperations) ?? [])
    }

    private func readOperations(_ node: TreeNode) -> [MasterOperation] {
        let all = MasterOperation.allCases
        let items = checker.list(node, of: .twoMastersFor, limit: all.count) ?? []
        var operations: [MasterOperation] = []
        for item in items {
            guard let operation = readOperation(item) else { continue }
            if operations.contains(operation) {
                checker.report(item.place, .repeated(operation.name))
            } else {
                operations.append(operation)
            }
        }
        return operations
    }

    /// What is needed for safety, or for a rider's own things, has an answer of its own.
    private func readOperation(_ node: TreeNode) -> MasterOperation? {
        if case .scalar(let text, _) = node.content, MasterOperation.never.contains(text) {
            checker.report(node.place, .neverForTwo(text))
            return nil
        }
        return checker.choice(node, of: MasterOperation.allCases.map { ($0.name, $0) })
    }
}

extension DoorResolver {
    /// The reader at which masters tap; it may serve a door as well.
    var twoMasters: ResolvedTwoMasters? {
        guard let wanted = file.twoMasters else { return nil }
        guard let device = known.first(where: { $0.name.value == wanted.reader.value }) else {
            let readers = known.filter { $0.profile?.kind == .reader }.map(\.name.value)
            checker.report(
                wanted.reader.place,
                .unknownReference(.device, name: wanted.reader.value, known: readers))
            return nil
        }
        guard let kind = device.profile?.kind, let index = device.index else { return nil }
        guard kind == .reader else {
            checker.report(
                wanted.reader.place,
                .wrongRole(device: device.name.value, found: kind, expected: [.reader]))
            return nil
        }
        return ResolvedTwoMasters(reader: index, operations: wanted.operations.map(\.name))
    }
}
