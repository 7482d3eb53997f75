// The cards in a reply to InListPassiveTarget.
//
//   type A   Tg | SENS_RES 2 | SEL_RES | length n | NFCID1 n | ATS length, ATS ...
//   type B   Tg | 50 PUPI 4, application 4, protocol 3 | length m | ATTRIB_RES m
//
// An ATS, whose length counts itself, is there only when the chip asks for it by itself and the
// card says in SEL_RES (bit 0x20) that it has one. Source: UM0701-02 §7.3.5; libnfc's pn53x.c reads
// the same.

/// One card, as the chip met it.
public struct PN532Target: Equatable, Sendable {
    /// A UID, or of type B the PUPI, which some cards make up anew at each tap.
    public let credential: Credential
    /// SENS_RES (ATQA), high byte first on the wire; 0 for type B.
    public let sensRes: UInt16
    /// SEL_RES (SAK); 0 for type B.
    public let selRes: UInt8
}

/// At most two cards of one reply.
public struct PN532Targets: Equatable, Sendable {
    /// The chip's limit.
    public static let most = 2

    public private(set) var first: PN532Target?
    public private(set) var second: PN532Target?

    public var count: Int { (first == nil ? 0 : 1) + (second == nil ? 0 : 1) }

    /// Reads a reply's data behind its code: the number of targets and each of them.
    ///
    /// - Parameters:
    ///   - start: where the number of targets stands.
    ///   - length: how many bytes the data has.
    /// - Returns: `nil` when the reply is damaged: it ends early or late, or a UID has a length
    ///   that no card has.
    public init?(
        _ modulation: PN532Modulation, start: Int, length: Int, byte: (Int) -> UInt8
    ) {
        guard length > start else { return nil }
        let count = Int(byte(start))
        guard count <= Self.most else { return nil }
        // Whether the chip fetched an ATS is not in the reply; the length tells.
        for attempt in 0..<2 {
            var scan = Scan(place: start + 1, length: length, hasATS: attempt == 0)
            first = count > 0 ? scan.target(modulation, byte) : nil
            second = count > 1 && first != nil ? scan.target(modulation, byte) : nil
            if self.count == count, scan.place == length { return }
        }
        return nil
    }

    private struct Scan {
        var place: Int
        let length: Int
        let hasATS: Bool

        mutating func target(
            _ modulation: PN532Modulation, _ byte: (Int) -> UInt8
        ) -> PN532Target? {
            switch modulation {
            case .typeA: typeA(byte)
            case .typeB: typeB(byte)
            }
        }

        private mutating func typeA(_ byte: (Int) -> UInt8) -> PN532Target? {
            guard place + 5 <= length else { return nil }
            let sensRes = UInt16(byte(place + 1)) << 8 | UInt16(byte(place + 2))
            let selRes = byte(place + 3)
            let size = Int(byte(place + 4))
            place += 5
            guard size == 4 || size == 7 || size == 10, place + size <= length else { return nil }
            // The chip walks the cascade itself; a tag left in front would be half a UID.
            if size == 4, byte(place) == UID.cascadeTag { return nil }
            let uid = number(size, byte)
            if hasATS, selRes & 0x20 != 0 {
                guard place < length else { return nil }
                let atsLength = Int(byte(place))
                guard atsLength >= 1, place + atsLength <= length else { return nil }
                place += atsLength
            }
            return PN532Target(
                credential: Credential(
                    technology: .iso14443, bitCount: 8 * size, bits: uid),
                sensRes: sensRes, selRes: selRes)
        }

        private mutating func typeB(_ byte: (Int) -> UInt8) -> PN532Target? {
            guard place + 14 <= length, byte(place + 1) == 0x50 else { return nil }
            place += 2
            let pupi = number(4, byte)
            place += 7
            let answer = Int(byte(place))
            guard place + 1 + answer <= length else { return nil }
            place += 1 + answer
            return PN532Target(
                credential: Credential(technology: .iso14443b, bitCount: 32, bits: pupi),
                sensRes: 0, selRes: 0)
        }

        private mutating func number(_ size: Int, _ byte: (Int) -> UInt8) -> UInt128 {
            var value: UInt128 = 0
            for _ in 0..<size {
                value = value << 8 | UInt128(byte(place))
                place += 1
            }
            return value
        }
    }
}
