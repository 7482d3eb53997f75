// What a meter is told: writing an item, and switching its relay. Both carry a password and say who
// gives the order.
//
//   write    68 address 68 14 L | item | level password | operator | value ...          CS 16
//   control  68 address 68 1C 10 |       level password | operator | code 00 | until    CS 16
//
// Every data byte goes out plus 33. The password is six digits and the operator eight, lowest two
// first, as is the value. Source: DL/T 645-2007 §7.4 and §7.13; PyPI's dlt645 writes the same
// frames of 14, and tells passwords the other way round, which zeros hide.

/// An order to a meter, as profiles name it with its fields; all but the first named have a usual
/// value: `level` 2, `password` 0, `operator` 0.
///
/// | frame | fields |
/// |---|---|
/// | `write` | `item` (eight hex digits as a number), `bytes`, `value`; `level`, `password`, |
/// | | `operator` |
/// | `control` | `code`: 1A trips, 1B allows closing, 1C closes, 2A and 2B alarm on and off, 3A |
/// | | and 3B keep the supply on and let it go; `level`, `password`, `operator` |
///
/// Both are answered by done, or refused.
enum DLT645Order: String, CaseIterable, Sendable {
    case write, control

    init?(_ question: BusQuestion) {
        guard case .frame(let name, _) = question, let order = Self(rawValue: name) else {
            return nil
        }
        self = order
    }

    var function: DLT645Function {
        switch self {
        case .write: .write
        case .control: .switchRelay
        }
    }

    /// Until when the meter may carry out a control order: it never lapses on its way.
    private static let until: [UInt8] = [0x59, 0x59, 0x23, 0x31, 0x12, 0x99]

    /// The data of its frame, before 33 is added.
    func data(_ fields: [BusField]) throws(BusQuestionFlaw) -> [UInt8] {
        let authority =
            [try Self.byte("level", fields, usual: 2)]
            + (try Self.digits("password", 3, fields, usual: 0))
            + (try Self.digits("operator", 4, fields, usual: 0))
        switch self {
        case .write:
            guard let item = fields.value("item") else { throw .missing("item") }
            guard let identifier = UInt32(exactly: item) else {
                throw .value("item", DecimalNumber(item))
            }
            guard let count = fields.value("bytes") else { throw .missing("bytes") }
            guard 1...8 ~= count else { throw .value("bytes", DecimalNumber(count)) }
            let lowFirst = (0..<4).map { UInt8(truncatingIfNeeded: identifier >> (8 * $0)) }
            return lowFirst + authority
                + (try Self.digits("value", Int(count), fields, usual: nil))
        case .control:
            return authority + [try Self.byte("code", fields, usual: nil), 0] + Self.until
        }
    }

    private static func byte(
        _ name: String, _ fields: [BusField], usual: Int64?
    ) throws(BusQuestionFlaw) -> UInt8 {
        guard let value = fields.value(name) ?? usual else { throw .missing(name) }
        guard let byte = UInt8(exactly: value) else { throw .value(name, DecimalNumber(value)) }
        return byte
    }

    private static func digits(
        _ name: String, _ bytes: Int, _ fields: [BusField], usual: Int64?
    ) throws(BusQuestionFlaw) -> [UInt8] {
        guard let value = fields.value(name) ?? usual else { throw .missing(name) }
        let form = FieldForm(bytes: bytes, isLittleEndian: true, isBCD: true)
        guard form.range.contains(value), let digits = form.encoded(value) else {
            throw .value(name, DecimalNumber(value))
        }
        return digits
    }
}
