// Numbers in actions: `watts`, `lock - 1`, `0x0200 + relay - 1`, `10 * degrees`.

import StationCore

/// Reads `argument × number + number`, in any order of its terms.
struct ExpressionText {
    /// What can be wrong with one; the messages name it.
    enum Flaw: Error, Equatable {
        case unreadable
        /// A word that is neither argument nor parameter.
        case unknown(String)
        case twoArguments
        case tooLarge
    }

    let arguments: [ArgumentSettings]
    let parameters: [BoxParameter]

    func parse(_ text: some StringProtocol) throws(Flaw) -> Expression {
        let tokens = try Self.tokens(of: text)
        var expression = Expression(argument: nil, times: .one, plus: .zero)
        var rest = tokens[...]
        var isNegative = false
        var isFirst = true
        while true {
            if case .sign(let minus)? = rest.first {
                isNegative = minus
                rest = rest.dropFirst()
            } else if !isFirst {
                throw .unreadable
            }
            try addTerm(&rest, isNegative, to: &expression)
            isFirst = false
            isNegative = false
            if rest.isEmpty { break }
        }
        return expression
    }

    /// One product of numbers and at most one argument.
    private func addTerm(
        _ rest: inout ArraySlice<Token>, _ isNegative: Bool, to expression: inout Expression
    ) throws(Flaw) {
        var factor = DecimalNumber.one
        var argument: String?
        while true {
            switch rest.popFirst() {
            case .number(let number): factor = try times(factor, number)
            case .word(let word):
                if arguments.contains(where: { $0.name == word }) {
                    guard argument == nil else { throw .twoArguments }
                    argument = word
                } else if let parameter = parameters.first(where: { $0.name == word }) {
                    factor = try times(factor, parameter.value)
                } else {
                    throw .unknown(word)
                }
            case .sign, .times, nil: throw .unreadable
            }
            guard case .times? = rest.first else { break }
            rest = rest.dropFirst()
        }
        if isNegative { factor = factor.negated }
        if let argument {
            guard expression.argument == nil else { throw .twoArguments }
            expression.argument = argument
            expression.times = factor
        } else {
            guard let sum = expression.plus.adding(factor) else { throw .tooLarge }
            expression.plus = sum
        }
    }

    private func times(_ a: DecimalNumber, _ b: DecimalNumber) throws(Flaw) -> DecimalNumber {
        guard let product = a.multiplied(by: b) else { throw .tooLarge }
        return product
    }

    // MARK: Words

    private enum Token: Equatable {
        case number(DecimalNumber)
        case word(String)
        case sign(isMinus: Bool)
        case times
    }

    private static func tokens(of text: some StringProtocol) throws(Flaw) -> [Token] {
        var tokens: [Token] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.first {
            switch byte {
            case UInt8(ascii: " "): rest = rest.dropFirst()
            case UInt8(ascii: "+"), UInt8(ascii: "-"):
                tokens.append(.sign(isMinus: byte == UInt8(ascii: "-")))
                rest = rest.dropFirst()
            case UInt8(ascii: "*"):
                tokens.append(.times)
                rest = rest.dropFirst()
            default:
                let word = rest.prefix {
                    BoxName.isPart($0) || $0 == UInt8(ascii: ".") || Hex.value(of: $0) != nil
                }
                guard !word.isEmpty else { throw .unreadable }
                rest = rest.dropFirst(word.count)
                tokens.append(try token(String(decoding: word, as: UTF8.self)))
            }
        }
        guard !tokens.isEmpty else { throw .unreadable }
        return tokens
    }

    private static func token(_ word: String) throws(Flaw) -> Token {
        if BoxName.isLegal(word) { return .word(word) }
        if let number = DecimalNumber(word) { return .number(number) }
        if let whole = Checker.hexadecimal(word) { return .number(DecimalNumber(whole)) }
        throw .unreadable
    }
}

extension Expression {
    /// Its value for one value of its argument; `nil` when that does not fit.
    func value(for argument: DecimalNumber) -> DecimalNumber? {
        self.argument == nil ? plus : argument.multiplied(by: times)?.adding(plus)
    }

    /// A value of its argument that leaves a fraction; `nil`: none does.
    func fraction(_ argument: ArgumentSettings?) -> DecimalNumber? {
        guard let argument, let next = argument.lowest.adding(argument.step ?? .one) else {
            return nil
        }
        // What holds of the first and of a step more holds of all.
        return [argument.lowest, min(next, argument.highest)].first { number in
            argument.allows(number) && value(for: number)?.whole == nil
        }
    }

    /// Its value at both ends of what its argument may be.
    func extremes(_ arguments: [ArgumentSettings]) -> [DecimalNumber]? {
        guard let argument else { return [plus] }
        guard let settings = arguments.first(where: { $0.name == argument }),
            let first = value(for: settings.lowest), let last = value(for: settings.highest)
        else { return nil }
        return [first, last]
    }
}

extension BoxScope {
    /// An expression all of whose values are in `range` and whole; where it is wrong it was
    /// reported.
    func expression(
        _ node: TreeNode, of arguments: [ArgumentSettings], in range: ClosedRange<Int64>
    ) -> Expression? {
        guard let (text, _) = checker.scalar(node) else { return nil }
        return expression(text, at: node.place, of: arguments, in: range)
    }

    func expression(
        _ text: some StringProtocol, at place: Place, of arguments: [ArgumentSettings],
        in range: ClosedRange<Int64>
    ) -> Expression? {
        guard let expression = expression(text, at: place, of: arguments) else { return nil }
        let (lowest, highest) = (DecimalNumber(range.lowerBound), DecimalNumber(range.upperBound))
        guard let extremes = expression.extremes(arguments) else {
            checker.report(place, .badExpression(found: String(text)))
            return nil
        }
        if let argument = expression.argument,
            let flaw = expression.fraction(arguments.first { $0.name == argument })
        {
            checker.report(place, .unaskable(.value(argument, flaw)))
            return nil
        }
        for value in extremes where value < lowest || highest < value {
            checker.report(
                place, .outOfRange(found: "\(value)", lowest: "\(lowest)", highest: "\(highest)"))
            return nil
        }
        return expression
    }

    /// The same of any value.
    func expression(
        _ text: some StringProtocol, at place: Place, of arguments: [ArgumentSettings]
    ) -> Expression? {
        let parser = ExpressionText(arguments: arguments, parameters: parameters)
        do throws(ExpressionText.Flaw) {
            return try parser.parse(text)
        } catch {
            switch error {
            case .unknown(let word):
                checker.report(
                    place,
                    .unknownReference(
                        .number, name: word,
                        known: arguments.map(\.name) + parameters.map(\.name)))
            case .unreadable, .twoArguments, .tooLarge:
                checker.report(place, .badExpression(found: String(text)))
            }
            return nil
        }
    }
}
