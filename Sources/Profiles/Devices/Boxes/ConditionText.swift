// What must hold, as a profile says it: `door.lock == open`, `volume gained >= ml and wet == dry`.

import StationCore

extension BoxScope {
    /// Comparisons joined by `and`; where one is wrong it was reported.
    func condition(
        _ node: TreeNode, of points: [PointSettings], _ arguments: [ArgumentSettings] = []
    ) -> Condition? {
        guard let text = checker.text(node, limit: ProfileReader.textBytes) else { return nil }
        let parts = Self.parts(of: text)
        guard parts.count <= ResolvedStation.Limit.comparisons else {
            checker.report(
                node.place, .tooMany(.condition, limit: ResolvedStation.Limit.comparisons))
            return nil
        }
        let comparisons = parts.map { comparison($0, at: node.place, points, arguments) }
        let whole = comparisons.compactMap(\.self)
        return whole.count == comparisons.count ? Condition(all: whole) : nil
    }

    /// The words between the `and`s.
    static func parts(of text: String) -> [[Substring]] {
        text.split(separator: " ").split(
            omittingEmptySubsequences: false, whereSeparator: { $0 == "and" }
        ).map(Array.init)
    }

    func comparison(
        _ words: [Substring], at place: Place, _ points: [PointSettings],
        _ arguments: [ArgumentSettings]
    ) -> Comparison? {
        let text = words.joined(separator: " ")
        let isGain = words.count > 1 && words[1] == "gained"
        let rest = words.dropFirst(isGain ? 2 : 1)
        guard let name = words.first, let sign = rest.first,
            let relation = Comparison.Relation(rawValue: String(sign)), rest.count > 1
        else {
            checker.report(place, .badCondition(found: text))
            return nil
        }
        guard let (point, index) = point(name, at: place, points, arguments) else { return nil }
        let value = rest.dropFirst().joined(separator: " ")
        if isGain, point.kind != .total {
            checker.report(place, .gainOfNoTotal(String(name)))
            return nil
        }
        let expression =
            point.kind == .state
            ? state(value, of: point, relation, at: place)
            : expression(value, at: place, of: arguments)
        return expression.map {
            Comparison(
                point: index == nil ? point.name : Self.family(of: point.name), index: index,
                isGain: isGain, relation: relation, value: $0)
        }
    }

    /// A state is one of its names, and is that or is not.
    private func state(
        _ name: String, of point: PointSettings, _ relation: Comparison.Relation, at place: Place
    ) -> Expression? {
        guard relation == .equal || relation == .unequal else {
            checker.report(
                place, .notAChoice(found: relation.rawValue, expected: ["==", "!="]))
            return nil
        }
        guard let state = point.states.firstIndex(of: name) else {
            checker.report(
                place, .unknownReference(.state, name: name, known: point.states))
            return nil
        }
        return Expression(plus: DecimalNumber(Int64(state)))
    }

    /// `door` of `door.3`.
    static func family(of name: String) -> String {
        String(name.prefix { $0 != "." })
    }

    /// `voltage`, `door.3`, `door.lock` where `lock` is an argument that numbers doors only, or
    /// `door.n` where `n` is a parameter.
    func point(
        _ name: Substring, at place: Place, _ points: [PointSettings],
        _ arguments: [ArgumentSettings]
    ) -> (point: PointSettings, index: String?)? {
        if let point = points.first(where: { $0.name == name }) { return (point, nil) }
        let family = points.filter { Self.family(of: $0.name) == name.prefix { $0 != "." } }
        let index = name.drop { $0 != "." }.dropFirst()
        if let first = family.first,
            let argument = arguments.first(where: { $0.name == index })
        {
            let (lowest, highest) = (DecimalNumber(1), DecimalNumber(Int64(family.count)))
            if argument.lowest < lowest || highest < argument.highest {
                checker.report(
                    place, .argumentBeyondPoints(argument.name, count: family.count))
                return nil
            }
            return (first, argument.name)
        }
        if let number = parameter(String(index))?.value,
            let point = family.first(where: { $0.name == "\(Self.family(of: $0.name)).\(number)" })
        {
            return (point, nil)
        }
        checker.report(
            place, .unknownReference(.point, name: String(name), known: points.map(\.name)))
        return nil
    }
}
