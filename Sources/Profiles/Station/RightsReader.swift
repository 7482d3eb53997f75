// A station file's `rights`: what cards that are enrolled at the door may, each under a name.

import StationCore

struct RightsReader {
    typealias Limit = ResolvedStation.Limit

    let checker: Checker

    func read(_ node: TreeNode) -> [StationFile.Rights] {
        let items = checker.list(node, of: .rights, limit: Limit.rights, orEmpty: true) ?? []
        var sets: [StationFile.Rights] = []
        for item in items {
            guard let set = readSet(item) else { continue }
            if let first = sets.first(where: { $0.name.value == set.name.value }),
                !set.name.value.isEmpty
            {
                checker.report(
                    set.name.place, .duplicateName(set.name.value, first: first.name.place))
                continue
            }
            sets.append(set)
        }
        return sets
    }

    private func readSet(_ node: TreeNode) -> StationFile.Rights? {
        guard var fields = Fields(node, .rightsSet, checker) else { return nil }
        let name = fields.require("name")
        let doors = fields.require("doors")
        let services = fields.take("services")
        let hours = fields.take("hours")
        let quota = fields.take("quota")
        let role = fields.take("role")
        fields.finish()
        return StationFile.Rights(
            name: Placed(name.flatMap(checker.name) ?? "", at: name?.place ?? node.place),
            doors: doors.map { readNames($0, of: .doors, limit: Limit.doors) } ?? nil,
            services: services.map { readNames($0, of: .services, limit: Limit.services) } ?? nil,
            hours: hours.flatMap(readWord), quota: quota.flatMap(readWord),
            role: role.flatMap {
                checker.choice($0, of: KeyRole.allCases.map { ($0.name, $0) })
            } ?? .rider)
    }

    /// `all`, or a list of names, which may be empty.
    ///
    /// - Returns: `nil`: every one.
    private func readNames(
        _ node: TreeNode, of section: Section, limit: Int
    ) -> [Placed<String>]? {
        if case .scalar = node.content {
            return checker.choice(node, of: [("all", true)]) == true ? nil : []
        }
        let items = checker.list(node, of: section, limit: limit, orEmpty: true) ?? []
        return items.compactMap(readWord)
    }

    private func readWord(_ node: TreeNode) -> Placed<String>? {
        checker.word(node).map { Placed($0, at: node.place) }
    }
}
