// What the parts of a frame are together: its length, its fields, the numbers that they hold.

extension [FrameToken] {
    /// Bytes of the frame; lists and bits have a fixed count, so there is one length.
    package func length(check: FrameCheck?) -> Int { reduce(0) { $0 + $1.length(check: check) } }

    /// The names of its fields, each once, `address` among them.
    package var fieldNames: [String] {
        var names: [String] = []
        for token in self {
            for name in token.fieldNames where !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// How many numbers of that name there are; 0: none, 1: one.
    package func count(of name: String) -> Int {
        reduce(0) { sum, token in
            switch token {
            case .field(name, _): sum + 1
            case .list(name, _, let count), .bits(name, let count, _): sum + count
            case .nibbles(let high, let low): sum + (high == name || low == name ? 1 : 0)
            case .bytes, .field, .list, .bits, .length, .skipped, .check: sum
            }
        }
    }

    /// Whether numbers of that name come several in one token: `name.1`, `name.2`.
    package func isNumbered(_ name: String) -> Bool {
        contains { token in
            switch token {
            case .list(name, _, _), .bits(name, _, _): true
            case .bytes, .field, .list, .bits, .nibbles, .length, .skipped, .check: false
            }
        }
    }

    /// The numbers that a field of that name can hold.
    package func range(of name: String) -> ClosedRange<Int64> {
        for token in self {
            switch token {
            case .field(name, let form), .list(name, let form, _): return form.range
            case .bits(name, _, _): return 0...1
            case .nibbles(let high, let low) where high == name || low == name: return 0...15
            case .bytes, .field, .list, .bits, .nibbles, .length, .skipped, .check: continue
            }
        }
        return 0...0
    }
}

extension FrameToken {
    package func length(check: FrameCheck?) -> Int {
        switch self {
        case .bytes(let these): these.count
        case .field(_, let form), .length(let form, _): Self.bounded(form.bytes)
        case .list(_, let form, let count): Self.bounded(form.bytes) * Self.bounded(count)
        case .nibbles: 1
        case .bits(_, let count, _): (Self.bounded(count) + 7) / 8
        case .skipped(let count): Self.bounded(count)
        case .check: check?.kind.bytes ?? 0
        }
    }

    /// A count as drawn, within what a frame can hold: nobody has checked it yet.
    package static func bounded(_ count: Int) -> Int {
        min(max(0, count), 8 * ResolvedStation.Limit.frameBytes)
    }

    package var fieldNames: [String] {
        switch self {
        case .field(let name, _), .list(let name, _, _), .bits(let name, _, _): [name]
        case .nibbles(let high, let low): [high, low].filter { !$0.isEmpty }
        case .bytes, .length, .skipped, .check: []
        }
    }
}

extension FrameCheck.Kind {
    /// Bytes of the check itself.
    package var bytes: Int {
        switch self {
        case .xor, .sum8: 1
        case .sum16, .negativeSum16, .crc16: 2
        }
    }
}

extension FieldForm {
    /// The numbers that it can hold.
    package var range: ClosedRange<Int64> {
        if isBCD { return 0...(Self.power(10, min(18, bytes * 2)) - 1) }
        if isSigned {
            let half = Int64(1) << min(62, bytes * 8 - 1)
            return -half...(half - 1)
        }
        return 0...(bytes >= 8 ? Int64.max : (1 << (bytes * 8)) - 1)
    }

    private static func power(_ base: Int64, _ exponent: Int) -> Int64 {
        (0..<exponent).reduce(1) { product, _ in product * base }
    }
}
