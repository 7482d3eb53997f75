// What the collected bytes are: a card, the beginning of one, or neither.

extension EM4100Reader {
    /// The collected bytes' meaning, seen from the first one.
    enum Match {
        case incomplete
        case card(Credential)
        /// No card begins here; that many bytes are of no use, at least one.
        case none(EM4100Diagnosis?, length: Int)
    }

    /// Judges as early as it can, so that a frame behind a broken one is not lost.
    mutating func match() -> Match {
        layout.map { matchText($0) } ?? matchBytes()
    }

    private mutating func matchText(_ layout: EM4100Framing.TextLayout) -> Match {
        while judged < count {
            let byte = buffer[judged]
            let place = judged - layout.prefix
            if place < 0 {
                guard byte == layout.start else { return .none(.noise, length: 1) }
            } else if place < layout.digits {
                guard let digit = Self.digit(byte) else {
                    guard layout.start == nil else { return .none(.character, length: 1) }
                    return .none(strayByte(at: place), length: place + 1)
                }
                value = value << 4 | UInt64(digit)
                if place % 2 == 1 { sum ^= UInt8(truncatingIfNeeded: value) }
            } else {
                guard byte == layout.tail(place - layout.digits) else {
                    return .none(.ending, length: 1)
                }
            }
            judged += 1
        }
        guard count == layout.length else { return .incomplete }
        // With the checksum among the bytes summed up, the sum is zero.
        guard !layout.hasChecksum || sum == 0 else {
            return .none(.checksum, length: layout.length)
        }
        return .card(Self.em4100(layout.hasChecksum ? value >> 8 : value))
    }

    /// A byte that is no digit, from a reader whose frames have no start. Line ends between them
    /// are usual.
    private func strayByte(at place: Int) -> EM4100Diagnosis? {
        if place > 0 { return .character }
        return buffer[place] == 0x0d || buffer[place] == 0x0a ? nil : .noise
    }

    /// 02, length, type, id, exclusive or of length, type and id, 03. Source: the module's leaflet
    /// (as quoted by herra/rfidtagsclone and allinbest.com's page of the 7941D).
    private func matchBytes() -> Match {
        guard buffer[0] == 0x02 else { return .none(.noise, length: 1) }
        guard count > 1 else { return .incomplete }
        let length = Int(buffer[1])
        // Four bytes of a UID at least, seven at most.
        guard (9...12).contains(length) else { return .none(.character, length: 1) }
        guard count >= length else { return .incomplete }
        guard buffer[length - 1] == 0x03 else { return .none(.ending, length: 1) }
        var sum: UInt8 = 0
        var value: UInt64 = 0
        for index in 1..<length - 1 {
            sum ^= buffer[index]
            if (3..<length - 2).contains(index) { value = value << 8 | UInt64(buffer[index]) }
        }
        guard sum == 0 else { return .none(.checksum, length: 1) }
        guard let credential = Self.card(type: buffer[2], bytes: length - 5, value) else {
            return .none(.cardType, length: length)
        }
        return .card(credential)
    }

    private static func card(type: UInt8, bytes: Int, _ value: UInt64) -> Credential? {
        switch (type, bytes) {
        case (0x02, 5):
            return em4100(value)
        // MIFARE Classic of 1 and 4 KB, and CPU cards.
        case (0x01, 4), (0x03, 4), (0x50, 4), (0x01, 7), (0x03, 7), (0x50, 7):
            return Credential(
                technology: .iso14443, bitCount: 8 * bytes, bits: UInt128(value))
        case (0x21, 4):
            return Credential(technology: .iso14443b, bitCount: 32, bits: UInt128(value))
        default:
            return nil
        }
    }

    private static func em4100(_ id: UInt64) -> Credential {
        Credential(technology: .em4100, bitCount: 40, bits: UInt128(id))
    }

    /// Readers write capitals; anything else is damage.
    private static func digit(_ byte: UInt8) -> UInt8? {
        (0x61...0x66).contains(byte) ? nil : Hex.value(of: byte)
    }
}
