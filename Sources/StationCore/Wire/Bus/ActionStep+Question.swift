// A step of an action as a question to its box, with the action's arguments in their places.

extension ActionStep {
    /// The question, or `nil` for steps that ask the box nothing.
    public func question(
        arguments: [String: DecimalNumber]
    ) throws(BusQuestionFlaw) -> BusQuestion? {
        switch self {
        case .write(let table, let address, let values):
            let place = try address.integer("address", arguments)
            guard UInt16(exactly: place) != nil else {
                throw .value("address", DecimalNumber(place))
            }
            var words: [UInt16] = []
            for value in values { words.append(try value.word(arguments)) }
            return .write(table, address: Int(place), values: words)
        case .raw(let bytes, let replyCount):
            return .raw(bytes: bytes, replyCount: replyCount)
        case .send(let frame, let fields):
            var filled: [BusField] = []
            for field in fields {
                filled.append(
                    BusField(spelled: field.name, try field.value.integer(field.name, arguments)))
            }
            return .frame(name: frame, fields: filled)
        case .wait, .read, .set, .until, .perform:
            return nil
        }
    }
}

extension BusField {
    /// `name`, or `name.3`.
    init(spelled name: String, _ value: Int64) {
        let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, let index = Int(parts[1]) {
            self.init(String(parts[0]), value, index: index)
        } else {
            self.init(name, value)
        }
    }
}

extension Expression {
    /// Its number with these arguments.
    public func value(
        _ arguments: [String: DecimalNumber]
    ) throws(BusQuestionFlaw) -> DecimalNumber {
        guard let argument else { return plus }
        guard let given = arguments[argument] else { throw .missing(argument) }
        guard let value = given.multiplied(by: times)?.adding(plus) else {
            throw .value(argument, given)
        }
        return value
    }

    /// The same as a whole number, for a place of that name.
    public func integer(
        _ name: String, _ arguments: [String: DecimalNumber]
    ) throws(BusQuestionFlaw) -> Int64 {
        let value = try value(arguments)
        guard let whole = value.rounded(to: 0), whole == value else {
            throw .value(argument ?? name, value)
        }
        return whole.mantissa
    }

    /// The same as a register: 0 to 65,535, or a negative number in two's complement.
    func word(_ arguments: [String: DecimalNumber]) throws(BusQuestionFlaw) -> UInt16 {
        let whole = try integer("value", arguments)
        if let word = UInt16(exactly: whole) { return word }
        guard let signed = Int16(exactly: whole) else {
            throw .value(argument ?? "value", DecimalNumber(whole))
        }
        return UInt16(bitPattern: signed)
    }
}
