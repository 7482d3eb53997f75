// What the parts of one box's profile know of each other while they are read.

import StationCore

/// Reads values of a box's profile, in which a number may be a parameter's name.
struct BoxScope {
    let checker: Checker
    /// The values that hold: the profile's defaults, or what a station file says.
    var parameters: [BoxParameter]
    /// Functions and registers that no action may touch, as the profile writes them.
    var forbidden: [String] = []
    /// Of a device on the board: its lines, and the folder that its files are in.
    var lines: [BoardLine] = []
    var folder = ""

    func parameter(_ name: String) -> BoxParameter? { parameters.first { $0.name == name } }

    /// The number that a word stands for: digits, or a parameter.
    private func parameterValue(_ node: TreeNode) -> DecimalNumber?? {
        guard case .scalar(let text, _) = node.content, BoxName.begins(text) else { return .none }
        guard let parameter = parameter(text) else {
            checker.report(
                node.place,
                .unknownReference(
                    .parameter, name: text, known: parameters.map(\.name)))
            return .some(nil)
        }
        return .some(parameter.value)
    }

    func decimal(_ node: TreeNode) -> DecimalNumber? {
        parameterValue(node) ?? checker.decimal(node)
    }

    /// A whole number, decimal or hexadecimal, or a parameter that is one.
    func whole(_ node: TreeNode, in range: ClosedRange<Int64>) -> Int64? {
        guard let given = parameterValue(node) else { return checker.whole(node, in: range) }
        guard let value = given else { return nil }
        guard let number = value.whole, range.contains(number) else {
            checker.report(
                node.place,
                .outOfRange(
                    found: "\(value)", lowest: "\(range.lowerBound)",
                    highest: "\(range.upperBound)"))
            return nil
        }
        return number
    }

    func count(_ node: TreeNode, in range: ClosedRange<Int>) -> Int? {
        whole(node, in: Int64(range.lowerBound)...Int64(range.upperBound)).map { Int($0) }
    }

    /// `[lowest, highest]`
    func range(
        _ node: TreeNode, of section: Section
    ) -> (lowest: DecimalNumber, highest: DecimalNumber)? {
        guard let items = checker.list(node, of: section, limit: 2) else { return nil }
        let bounds = items.compactMap(decimal)
        guard bounds.count == 2, bounds[0] <= bounds[1] else {
            if bounds.count == items.count { checker.report(node.place, .numbersReversed) }
            return nil
        }
        return (bounds[0], bounds[1])
    }
}

/// What a station file may say of a box, and what holds when it does not.
struct BoxParameter: Sendable, Equatable {
    enum Values: Sendable, Equatable {
        case range(lowest: DecimalNumber, highest: DecimalNumber)
        case of([DecimalNumber])
    }

    var name: String
    var values: Values
    var value: DecimalNumber

    func allows(_ number: DecimalNumber) -> Bool {
        switch values {
        case .range(let lowest, let highest): lowest <= number && number <= highest
        case .of(let numbers): numbers.contains(number)
        }
    }
}

/// The names of points, actions, frames, fields, arguments, parameters and guards.
enum BoxName {
    /// They stand in conditions, where a hyphen would be a minus.
    static func isLegal(_ text: some StringProtocol) -> Bool { ResolvedStation.isLegalWord(text) }

    static func begins(_ text: some StringProtocol) -> Bool {
        text.utf8.first.map(isLetter) ?? false
    }

    static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    static func isPart(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_")
    }
}

extension Checker {
    /// Digits with at most nine behind their point.
    func decimal(_ node: TreeNode) -> DecimalNumber? {
        guard let (text, isQuoted) = scalar(node) else { return nil }
        if !isQuoted, let trap = Trap.of(text) {
            report(node.place, .trap(trap, found: text, expected: []))
            return nil
        }
        if let number = DecimalNumber(text) { return number }
        if let whole = Self.hexadecimal(text) { return DecimalNumber(whole) }
        report(node.place, .notANumber(found: text))
        return nil
    }

    /// `300`, `0x012C` or `-5`.
    func whole(_ node: TreeNode, in range: ClosedRange<Int64>) -> Int64? {
        guard let (text, isQuoted) = scalar(node) else { return nil }
        guard let value = Self.hexadecimal(text) ?? Self.decimalInteger(text) else {
            if !isQuoted, let trap = Trap.of(text) {
                report(node.place, .trap(trap, found: text, expected: []))
            } else {
                report(node.place, .notAnInteger(found: text))
            }
            return nil
        }
        guard range.contains(value) else {
            report(
                node.place,
                .outOfRange(
                    found: text, lowest: "\(range.lowerBound)", highest: "\(range.upperBound)"))
            return nil
        }
        return value
    }

    /// `0x` and at most 15 digits.
    static func hexadecimal(_ text: some StringProtocol) -> Int64? {
        guard text.hasPrefix("0x"), (3...17).contains(text.utf8.count),
            text.utf8.dropFirst(2).allSatisfy({ Hex.value(of: $0) != nil })
        else { return nil }
        return Int64(text.dropFirst(2), radix: 16)
    }

    /// Digits without a leading zero, at most 15 of them.
    static func decimalInteger(_ text: some StringProtocol) -> Int64? {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        guard (1...15).contains(digits.count), digits.allSatisfy(BoxName.isDigit),
            digits.count == 1 || digits.first != UInt8(ascii: "0")
        else { return nil }
        return Int64(text)
    }

    /// A name of a point, an action, a frame ...
    func boxName(_ text: String, at place: Place) -> String? {
        guard Trap.of(text) == nil else {
            report(place, .trapName(found: text))
            return nil
        }
        if BoxName.isLegal(text) { return text }
        report(place, .badBoxName(found: text))
        return nil
    }

    /// Hexadecimal digits in pairs, in quotes, blanks between them as one likes.
    func hex(_ node: TreeNode, limit: Int) -> [UInt8]? {
        guard let (text, isQuoted) = scalar(node) else { return nil }
        guard isQuoted, let bytes = Hex.bytes(text.utf8.filter { $0 != UInt8(ascii: " ") }),
            (1...limit).contains(bytes.count)
        else {
            report(node.place, .badHex(found: text))
            return nil
        }
        return bytes
    }
}
