// A profile's `points`: what a box's numbers are, and when they are worth telling.

import StationCore

struct PointReader {
    typealias Limit = ResolvedStation.Limit

    let scope: BoxScope
    let language: BusLanguage

    var checker: Checker { scope.checker }

    static let every: ClosedRange<Microseconds> = milliseconds(Limit.everyMilliseconds)
    private static let quiet: ClosedRange<Microseconds> = milliseconds(Limit.reportMilliseconds)

    static func milliseconds(_ range: ClosedRange<Int>) -> ClosedRange<Microseconds> {
        .milliseconds(range.lowerBound) ... .milliseconds(range.upperBound)
    }

    /// Every point by itself: one that is counted gives `door.1`, `door.2`, ...
    func read(_ node: TreeNode) -> [PointSettings] {
        guard let pairs = checker.pairs(node) else { return [] }
        var points: [PointSettings] = []
        for pair in pairs {
            guard let name = checker.boxName(pair.key, at: pair.place) else { continue }
            // The bus has a point of that name already.
            if language != .board, BusDeviceSettings.measuredNames.contains(name) {
                checker.report(pair.place, .repeated(name))
                continue
            }
            points += readPoint(pair.value, name)
            guard points.count <= Limit.pointsPerDevice else {
                checker.report(pair.place, .tooMany(.points, limit: Limit.pointsPerDevice))
                break
            }
        }
        return points
    }

    private func readPoint(_ node: TreeNode, _ name: String) -> [PointSettings] {
        guard var fields = Fields(node, .point, checker) else { return [] }
        guard let kindNode = fields.require("kind"),
            let kind: PointSettings.Kind = checker.choice(kindNode)
        else {
            // What else it may have depends on its kind.
            _ = fields.takeRest()
            fields.finish()
            return []
        }
        let count = fields.take("count").map { scope.count($0, in: 1...Limit.numbersPerField) }
        var sources = places(&fields, count: count ?? nil, kind)
        var point = PointSettings(name: name, kind: kind, source: .fields(at: []))
        var words: [String] = []
        let isRead = readValue(&fields, into: &point, sources, &words)
        if case .file(var place)? = sources?.first, place.kind == .word {
            place.words = words
            sources = [.file(at: place)]
        }
        let isTimed = readTimes(&fields, into: &point, sources)
        fields.finish()
        guard let sources, isRead, isTimed else { return [] }
        // Said and not understood was reported.
        if let count, count == nil { return [] }
        return sources.enumerated().map { index, source in
            var one = point
            one.source = source
            if count != nil { one.name = "\(name).\(index + 1)" }
            return one
        }
    }

    // MARK: The number

    /// - Returns: false when something was wrong; it was reported.
    private func readValue(
        _ fields: inout Fields, into point: inout PointSettings, _ sources: [PointSource]?,
        _ words: inout [String]
    ) -> Bool {
        let source = sources?.first
        if point.kind == .state {
            return readStates(fields.require("map"), into: &point, source, &words)
        }
        // An event may be one of several things, or a number.
        let map = point.kind == .event ? fields.take("map") : nil
        if map != nil { return readStates(map, into: &point, source, &words) }
        let before = checker.findings.count
        let unit = fields.require("unit")
        let scale = fields.take("x")
        let per = source?.isPulses ?? false ? fields.require("per") : nil
        let offset = fields.take("plus")
        let curve = fields.take("curve")
        let range = fields.take("range")
        let bad = fields.take("bad")
        let wrap = point.kind == .total ? fields.take("wrap") : nil
        // What a float or a polynomial gives has no places of its own.
        let isRounded = curve != nil || source?.isFloat ?? false || per != nil
        let places = isRounded ? fields.require("places") : fields.take("places")
        if let unit { point.unit = readUnit(unit) ?? "" }
        if let scale { point.scale = scope.decimal(scale) ?? .one }
        if let scale, point.scale == .zero { checker.report(scale.place, .scaleOfNothing) }
        if let per { divide(&point.scale, by: per) }
        if let offset { point.offset = scope.decimal(offset) ?? .zero }
        if let curve {
            let items = checker.list(curve, of: .point, limit: Limit.curveCoefficients) ?? []
            point.curve = items.compactMap(scope.decimal)
        }
        let bounds = range.flatMap { scope.range($0, of: .point) }
        point.lowest = bounds?.lowest
        point.highest = bounds?.highest
        if let bad {
            let items = checker.list(bad, of: .point, limit: Limit.badNumbers) ?? []
            point.bad = items.compactMap { scope.whole($0, in: Int64.min...Int64.max) }
        }
        if let wrap { point.wrap = scope.whole(wrap, in: 1...Int64.max) }
        let natural = Int(max(point.scale.places, point.offset.places))
        point.places =
            places.flatMap { checker.integer($0, in: DecimalNumber.placesRange) } ?? natural
        return checker.findings.count == before
    }

    /// So many pulses are one: what nine places cannot tell is less than any meter is wrong by.
    private func divide(_ scale: inout DecimalNumber, by node: TreeNode) {
        guard let per = scope.decimal(node) else { return }
        guard DecimalNumber.zero < per,
            let quotient = DecimalNumber(
                scale.approximation / per.approximation,
                places: DecimalNumber.placesRange.upperBound),
            quotient != .zero
        else {
            checker.report(node.place, .scaleOfNothing)
            return
        }
        scale = quotient
    }

    private func readUnit(_ node: TreeNode) -> String? {
        checker.choice(node, of: PointUnit.known.map { ($0, $0) })
    }

    // MARK: States

    /// `{0: closed, 0x11: open, else: unknown}`; a key may be a parameter.
    private func readStates(
        _ node: TreeNode?, into point: inout PointSettings, _ source: PointSource?,
        _ words: inout [String]
    ) -> Bool {
        guard let node, let pairs = checker.pairs(node) else { return false }
        let before = checker.findings.count
        guard (1...Limit.meanings).contains(pairs.count) else {
            checker.report(
                node.place, pairs.isEmpty ? .emptyList : .tooMany(.map, limit: Limit.meanings))
            return false
        }
        for pair in pairs {
            guard let word = checker.word(pair.value),
                let name = checker.boxName(word, at: pair.value.place)
            else { continue }
            let state = point.states.firstIndex(of: name) ?? point.states.count
            if state == point.states.count { point.states.append(name) }
            guard pair.key != "else" else {
                point.otherwise = state
                continue
            }
            let key = TreeNode(content: .scalar(pair.key, quoted: false), place: pair.place)
            guard let raw = rawNumber(of: key, source, &words) else { continue }
            if point.meanings.contains(where: { $0.raw == raw }) {
                checker.report(pair.place, .repeated(pair.key))
            }
            point.meanings.append(StateMeaning(raw: raw, state: state))
        }
        if point.states.count > Limit.states {
            checker.report(node.place, .tooMany(.map, limit: Limit.states))
        }
        return checker.findings.count == before
    }

    /// What a key of `map` stands for: a number; a line's level; a word in a file.
    private func rawNumber(
        of key: TreeNode, _ source: PointSource?, _ words: inout [String]
    ) -> Int64? {
        switch source {
        case .line?:
            return checker.choice(key, of: [("inactive", Int64(0)), ("active", 1)])
        case .file(let place)? where place.kind == .word:
            guard let word = checker.text(key, limit: Limit.nameBytes) else { return nil }
            let known = words.firstIndex(of: word) ?? words.count
            if known == words.count { words.append(word) }
            return Int64(known)
        case .register?, .fields?, .item?, .pulses?, .rate?, .file?, nil:
            return scope.whole(key, in: Int64.min...Int64.max)
        }
    }

    // MARK: Times

    private func readTimes(
        _ fields: inout Fields, into point: inout PointSettings, _ sources: [PointSource]?
    ) -> Bool {
        let before = checker.findings.count
        // Registers and items are asked for or never come; frames may come by themselves.
        let isAsked = sources?.first?.isAsked ?? false
        // Lines tell of themselves.
        let isTold = sources?.first?.isTold ?? false
        let every =
            point.kind == .event || isTold
            ? nil : isAsked ? fields.require("every") : fields.take("every")
        let report = fields.take("report")
        if let every {
            point.everyMilliseconds = checker.duration(every, in: Self.every)?.milliseconds ?? 0
        }
        if let report { point.report = readReport(report, of: point) }
        if let every, case .fields(let places)? = sources?.first {
            checkAsked(places, at: every.place)
        }
        return checker.findings.count == before && !(isAsked && every == nil)
    }

    private func readReport(_ node: TreeNode, of point: PointSettings) -> ReportSettings {
        guard var fields = Fields(node, .report, checker) else { return ReportSettings() }
        let change = point.states.isEmpty ? fields.take("change") : nil
        let least = fields.take("min")
        let most = fields.take("max")
        fields.finish()
        let minimum = least.flatMap { checker.duration($0, in: Self.quiet) }?.milliseconds ?? 0
        let maximum = most.flatMap { checker.duration($0, in: Self.quiet) }?.milliseconds ?? 0
        if let most, maximum > 0, maximum < minimum {
            checker.report(most.place, .numbersReversed)
        }
        return ReportSettings(
            change: change.flatMap(scope.decimal), minimumMilliseconds: minimum,
            maximumMilliseconds: maximum)
    }
}

extension PointSource {
    fileprivate var isAsked: Bool {
        switch self {
        case .register, .item, .rate, .file: true
        case .fields, .pulses, .line: false
        }
    }

    fileprivate var isTold: Bool {
        switch self {
        case .pulses, .line: true
        case .register, .item, .rate, .file, .fields: false
        }
    }

    fileprivate var isPulses: Bool {
        switch self {
        case .pulses, .rate: true
        case .register, .item, .line, .file, .fields: false
        }
    }

    var isFloat: Bool {
        if case .register(let place) = self {
            place.form == .f32 || place.form == .f64
        } else {
            false
        }
    }
}
