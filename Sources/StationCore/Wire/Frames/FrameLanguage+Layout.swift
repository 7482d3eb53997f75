// What the check of a drawn frame is, and the numbers in its bytes. Every frame has one length.

extension FrameLanguageSettings {
    /// The name of the field that is the box's own address.
    public static let addressName = "address"

    public func frame(_ name: String) -> FrameSettings? { frames.first { $0.name == name } }

    /// How many bytes a frame has.
    public func length(of frame: FrameSettings) -> Int {
        frame.tokens.length(check: check)
    }
}

extension FrameCheck {
    /// The check of a frame whose check begins at that place.
    func bytes(of frame: Span<UInt8>, at place: Int) -> [UInt8] {
        let end = min(frame.count, max(0, place - before))
        let covered = frame.extracting(min(max(0, from), end)..<end)
        switch kind {
        case .xor: return [ByteCheck.xor(covered)]
        case .sum8: return [UInt8(truncatingIfNeeded: ByteCheck.sum(covered))]
        case .sum16: return ByteCheck.sum(covered).bigEndianBytes
        case .negativeSum16: return (0 &- ByteCheck.sum(covered)).bigEndianBytes
        case .crc16: return ByteCheck.crc16(covered).bigEndianBytes.reversed()
        }
    }
}

extension FieldForm {
    /// Its number in these bytes, or `nil` when it has a digit that is none, or is too large.
    func number(in bytes: Span<UInt8>) -> Int64? {
        guard 1...8 ~= bytes.count else { return nil }
        var bits: UInt64 = 0
        var decimal: UInt64 = 0
        for index in bytes.indices {
            let byte = bytes[isLittleEndian ? bytes.count - 1 - index : index]
            bits = bits << 8 | UInt64(byte)
            if isBCD {
                guard byte & 0x0f <= 9, byte >> 4 <= 9 else { return nil }
                decimal = decimal * 100 + UInt64(byte >> 4) * 10 + UInt64(byte & 0x0f)
            }
        }
        if isBCD { return Int64(exactly: decimal) }
        if isSigned {
            let unused = UInt64(64 - 8 * bytes.count)
            return Int64(bitPattern: bits << unused) >> Int64(unused)
        }
        return Int64(exactly: bits)
    }

    /// One of several numbers that stand one behind the other.
    func number(in list: Span<UInt8>, index: Int) -> Int64? {
        guard 1...8 ~= bytes else { return nil }
        return number(in: list.extracting(index * bytes..<(index + 1) * bytes))
    }

    /// The bytes of a number, or `nil` when it does not fit.
    func encoded(_ number: Int64) -> [UInt8]? {
        guard 1...8 ~= bytes else { return nil }
        var rest = UInt64(bitPattern: number)
        if isBCD {
            guard number >= 0 else { return nil }
        } else if isSigned {
            let highest = bytes == 8 ? Int64.max : (Int64(1) << Int64(8 * bytes - 1)) - 1
            guard -highest - 1...highest ~= number else { return nil }
        } else {
            guard number >= 0, bytes == 8 || rest >> UInt64(8 * bytes) == 0 else { return nil }
        }
        var encoded: [UInt8] = []
        for _ in 0..<bytes {
            if isBCD {
                let pair = UInt8(rest % 100)
                encoded.append((pair / 10) << 4 | pair % 10)
                rest /= 100
            } else {
                encoded.append(UInt8(truncatingIfNeeded: rest))
                rest >>= 8
            }
        }
        guard !isBCD || rest == 0 else { return nil }
        return isLittleEndian ? encoded : encoded.reversed()
    }
}
