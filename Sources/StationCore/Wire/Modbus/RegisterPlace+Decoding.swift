// Registers as numbers: integers, floats and BCD, in every order of their bytes.

extension RegisterPlace.Form {
    var byteCount: Int {
        switch self {
        case .u16, .s16, .bcd16: 2
        case .u32, .s32, .f32, .bcd32: 4
        case .u64, .s64, .f64: 8
        }
    }

    /// The orders that a number of this form may have: big-endian first, then words swapped, bytes
    /// swapped, both.
    public var orders: [String] {
        switch byteCount {
        case 2: ["AB", "BA"]
        case 4: ["ABCD", "CDAB", "BADC", "DCBA"]
        default: ["ABCDEFGH", "GHEFCDAB", "BADCFEHG", "HGFEDCBA"]
        }
    }
}

extension RegisterPlace {
    func number(in answer: BusAnswer, to question: BusQuestion) -> RawNumber? {
        guard case .read(table, let first, let count) = question, address >= first,
            address + width <= first + count
        else { return nil }
        let place = address - first
        switch answer {
        case .bits(let bits):
            return place < bits.count ? .integer(bits[place] ? 1 : 0) : nil
        case .registers(let words):
            return place + width <= words.count ? number(words[place..<place + width]) : nil
        case .done, .refused, .frame, .number, .raw: return nil
        }
    }

    /// The number in so many registers as it is wide.
    func number(_ words: ArraySlice<UInt16>) -> RawNumber {
        let bits = pattern(words)
        switch form {
        case .u16, .u32, .u64:
            let part = self.part(of: bits)
            return Int64(exactly: part).map { .integer($0) } ?? .tooLarge
        case .s16, .s32, .s64:
            if bit != nil { return .integer(Int64(truncatingIfNeeded: part(of: bits))) }
            let unused = UInt64(64 - 8 * form.byteCount)
            return .integer(Int64(bitPattern: bits << unused) >> Int64(unused))
        case .f32:
            let float = Float(bitPattern: UInt32(truncatingIfNeeded: bits))
            return float.isFinite ? .float(Double(float)) : .absent
        case .f64:
            let float = Double(bitPattern: bits)
            return float.isFinite ? .float(float) : .absent
        case .bcd16, .bcd32:
            return Self.decimal(bits, digits: 2 * form.byteCount).map { .integer($0) } ?? .absent
        }
    }

    /// The bytes in the order of their letters: A is the highest. An order that is not one of the
    /// form's is big-endian.
    private func pattern(_ words: ArraySlice<UInt16>) -> UInt64 {
        let count = form.byteCount
        let letters = order.utf8.count == count ? Array(order.utf8) : []
        var bits: UInt64 = 0
        for (index, byte) in words.lazy.flatMap(\.bigEndianBytes).enumerated() where index < count {
            var rank = index
            if !letters.isEmpty { rank = Int(letters[index]) - Int(UInt8(ascii: "A")) }
            guard 0..<count ~= rank else { continue }
            bits |= UInt64(byte) << UInt64(8 * (count - 1 - rank))
        }
        return bits
    }

    private func part(of bits: UInt64) -> UInt64 {
        guard let bit else { return bits }
        guard 0..<64 ~= bit else { return 0 }
        let count = max(1, bitCount ?? 1)
        let mask = count >= 64 ? UInt64.max : (1 << UInt64(count)) - 1
        return bits >> UInt64(bit) & mask
    }

    private static func decimal(_ bits: UInt64, digits: Int) -> Int64? {
        var number: Int64 = 0
        for place in (0..<digits).reversed() {
            let digit = bits >> UInt64(4 * place) & 0xf
            guard digit <= 9 else { return nil }
            number = number * 10 + Int64(digit)
        }
        return number
    }
}
