// A printed form read from typed characters, without allocating: this is a tap.

extension PrintedForm {
    /// How many characters a reader types in this form; `nil` when the form alone does not say.
    var keyedLength: Int? {
        switch style {
        case .uid, .h10302, .h10304, .d10202, .corporate1000, .corporate1000Long: nil
        case .hex10, .decimal10: 10
        case .hex8, .decimal8, .joined3x5: 8
        case .hex6: 6
        case .decimal5: 5
        case .comma3x5, .frame34: 9
        case .comma5x5: 11
        case .frame26: 7
        }
    }

    /// The number that a text names, or `nil` when it is not of this form. A UID that its card
    /// makes up is taken: whoever enrols it is told.
    ///
    /// Agrees with `parse`, except that nothing may be missing, spaced or abbreviated: a machine
    /// types every digit.
    func number(keyed text: KeyedText) -> Number? {
        let shown: Number?
        switch style {
        case .hex10: shown = Self.hex(text, digits: 10)
        case .hex8: shown = Self.hex(text, digits: 8)
        case .hex6: shown = Self.hex(text, digits: 6)
        case .decimal10: shown = Self.decimal(text, digits: 10, width: 32)
        case .decimal8: shown = Self.decimal(text, digits: 8, width: 24)
        case .comma3x5: shown = Self.pair(text, first: 3, comma: true, width: 24)
        case .joined3x5: shown = Self.pair(text, first: 3, comma: false, width: 24)
        case .comma5x5: shown = Self.pair(text, first: 5, comma: true, width: 32)
        case .uid: return keyedUID(text)
        case .decimal5: return nil
        case .frame26, .frame34, .h10302, .h10304, .d10202, .corporate1000, .corporate1000Long:
            // Rare on keyboards: these allocate.
            return try? parse(text.description, allowingRandomUID: true)
        }
        return isReversed ? shown?.reversed : shown
    }

    private func keyedUID(_ text: KeyedText) -> Number? {
        guard let read = Self.hex(text, digits: text.count),
            let uid = isReversed ? read.reversed : read
        else { return nil }
        let first = UInt8(truncatingIfNeeded: uid.value >> UInt128(uid.width - 8))
        switch uid.width {
        case 32: return first == UID.cascadeTag ? nil : uid
        case 40:
            // Four bytes and the exclusive or of them.
            guard let four = uid.first(4), first != UID.cascadeTag else { return nil }
            var sum: UInt8 = 0
            for index in 0..<5 { sum ^= UInt8(truncatingIfNeeded: uid.value >> UInt128(8 * index)) }
            return sum == 0 ? four : nil
        case 56, 80: return uid
        case 64: return first == 0xe0 ? uid : nil
        default: return nil
        }
    }

    private static func hex(_ text: KeyedText, digits: Int) -> Number? {
        guard text.count == digits, digits % 2 == 0, (2...32).contains(digits) else { return nil }
        var value: UInt128 = 0
        for index in 0..<digits {
            guard let digit = Hex.value(of: text[index]) else { return nil }
            value = value << 4 | UInt128(digit)
        }
        return Number(layout: .bytes, width: 4 * digits, value: value)
    }

    private static func decimal(_ text: KeyedText, digits: Int, width: Int) -> Number? {
        guard text.count == digits, let value = decimal(text, 0..<digits), value >> width == 0
        else { return nil }
        return Number(layout: .bytes, width: width, value: UInt128(value))
    }

    private static func pair(
        _ text: KeyedText, first: Int, comma: Bool, width: Int
    ) -> Number? {
        let second = first + (comma ? 1 : 0)
        guard text.count == second + 5, !comma || text[first] == UInt8(ascii: ","),
            let high = decimal(text, 0..<first), let low = decimal(text, second..<second + 5),
            high >> (width - 16) == 0, low >> 16 == 0
        else { return nil }
        return Number(layout: .bytes, width: width, value: UInt128(high << 16 | low))
    }

    /// At most ten digits, so that nothing overflows.
    private static func decimal(_ text: KeyedText, _ range: Range<Int>) -> UInt64? {
        var value: UInt64 = 0
        for index in range {
            let byte = text[index]
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + UInt64(byte - 0x30)
        }
        return value
    }
}
