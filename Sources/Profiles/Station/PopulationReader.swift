// A population's file: `population: 1` and its groups of people.

import StationCore

struct PopulationReader {
    /// A station has fewer sorts of visitors.
    static let groupLimit = 128
    /// More come to no service in an hour: one every four seconds.
    static let hourly = 1_000
    /// A day, in minutes; no cup is larger either.
    static let takesLimit = 20_000
    static let drawsLimit = 7_000

    let checker: Checker
    let station: ResolvedStation

    func read(_ root: TreeNode) -> Population? {
        guard var fields = Fields(root, .population, checker) else { return nil }
        let version = fields.require("population")
        let people = fields.require("people")
        fields.finish()
        if let version { _ = checker.integer(version, in: 1...1) }
        let items = people.flatMap { checker.list($0, of: .people, limit: Self.groupLimit) } ?? []
        return Population(groups: items.compactMap(readGroup))
    }

    private func readGroup(_ node: TreeNode) -> Population.Group? {
        guard var fields = Fields(node, .peopleGroup, checker) else { return nil }
        let service = fields.take("wants")
        let door = fields.take("opens")
        let rate = fields.require("an_hour").flatMap(readRate)
        let from = fields.take("from")
        let to = fields.take("to")
        let keys = fields.take("keys").flatMap(readPercent)
        let takes = fields.take("takes").flatMap { readRange($0, upTo: Self.takesLimit) }
        let draws = fields.take("draws").flatMap { readRange($0, upTo: Self.drawsLimit) }
        fields.finish()
        if let from, to == nil { checker.report(from.place, .missingKey("to", in: .peopleGroup)) }
        if let to, from == nil { checker.report(to.place, .missingKey("from", in: .peopleGroup)) }
        let wish = readWish(service, door, at: node.place)
        guard let wish, let rate else { return nil }
        return Population.Group(
            wants: wish, perThousandHours: rate, from: from.flatMap(readTime) ?? 0,
            to: to.flatMap(readTime) ?? 0, keyPercent: keys, takes: takes, draws: draws)
    }

    private func readWish(
        _ service: TreeNode?, _ door: TreeNode?, at place: Place
    ) -> Population.Wish? {
        if let service, door == nil {
            let names = station.services.map(\.name)
            return reference(service, to: .service, in: names).map { .service($0) }
        }
        if let door, service == nil {
            return reference(door, to: .door, in: station.doors.map(\.name)).map { .door($0) }
        }
        checker.report(place, .wishOfTwo)
        return nil
    }

    private func reference(
        _ node: TreeNode, to reference: ConfigurationError.Reference, in names: [String]
    ) -> Int? {
        guard let name = checker.word(node) else { return nil }
        if let place = names.firstIndex(of: name) { return place }
        checker.report(node.place, .unknownReference(reference, name: name, known: names))
        return nil
    }

    /// `12` or `0.5`, in thousandths.
    private func readRate(_ node: TreeNode) -> Int? {
        guard let (text, _) = checker.scalar(node) else { return nil }
        guard let number = DecimalNumber(text), number.places <= 3,
            let thousandths = number.multiplied(by: DecimalNumber(1_000))?.whole
        else {
            checker.report(node.place, .notANumber(found: text))
            return nil
        }
        guard (1...Int64(Self.hourly) * 1_000).contains(thousandths) else {
            checker.report(
                node.place, .outOfRange(found: text, lowest: "0.001", highest: "\(Self.hourly)"))
            return nil
        }
        return Int(thousandths)
    }

    /// `"08:00"`, in minutes of the day.
    private func readTime(_ node: TreeNode) -> Int? {
        guard let text = checker.word(node) else { return nil }
        guard let span = DaySpan("\(text)-24:00"), span.end == 1_440 else {
            checker.report(node.place, .notATime(found: text))
            return nil
        }
        return span.start
    }

    /// `70%`
    private func readPercent(_ node: TreeNode) -> Int? {
        guard let (text, _) = checker.scalar(node) else { return nil }
        guard text.hasSuffix("%"), let count = Int(text.dropLast()), (0...100).contains(count)
        else {
            checker.report(node.place, .notAPercentage(found: text))
            return nil
        }
        return count
    }

    /// `200..500`, or one number.
    private func readRange(_ node: TreeNode, upTo limit: Int) -> ClosedRange<Int>? {
        guard let (text, _) = checker.scalar(node) else { return nil }
        let ends = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers =
            ends.count == 3 && ends[1].isEmpty ? [Int(ends[0]), Int(ends[2])] : [Int(text)]
        guard let first = numbers[0], let last = numbers[numbers.count - 1], first <= last else {
            checker.report(node.place, .notAStretch(found: text))
            return nil
        }
        guard (1...limit).contains(first), last <= limit else {
            checker.report(
                node.place, .outOfRange(found: text, lowest: "1", highest: "\(limit)"))
            return nil
        }
        return first...last
    }
}
