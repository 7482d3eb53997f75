// What kind of card an ATR says is on a contactless reader, and the UID that it answered.

/// A card by its ATR (PC/SC part 3, 3.1.3.2.3).
public enum ContactlessCard: Equatable, Sendable {
    /// A memory card: the standard that it follows and the number of its name.
    case storage(CardStandard, name: UInt16)
    /// A card that speaks ISO 14443-4: the reader made its ATR from the card's own bytes.
    case processor
    /// An ATR that says nothing of the sort.
    case unknown

    /// The registered provider identifier of the PC/SC workgroup, with its tag and length:
    /// `80 4F 0C A0 00 00 03 06`.
    private static let mark: UInt64 = 0x804f_0ca0_0000_0306
    /// Mark, standard, name and four bytes for later.
    private static let storageBytes = 15

    /// Reads an ATR; never fails, because a card without a good ATR may have a good UID.
    /// Allocates nothing.
    public init(atr bytes: UnsafeRawBufferPointer) {
        guard let atr = try? AnswerToReset(bytes) else {
            self = .unknown
            return
        }
        let historical = UnsafeRawBufferPointer(rebasing: bytes[atr.historical])
        var mark: UInt64 = 0
        for byte in historical.prefix(8) { mark = mark << 8 | UInt64(byte) }
        if historical.count == Self.storageBytes, mark == Self.mark {
            let name = UInt16(historical[9]) << 8 | UInt16(historical[10])
            self = .storage(CardStandard(historical[8]), name: name)
        } else if bytes.count >= 4, bytes[1] >> 4 == 8, bytes[2] == 0x80, bytes[3] == 0x01 {
            self = .processor
        } else {
            self = .unknown
        }
    }
}

/// The standard of a storage card (PC/SC part 3 supplement, table of `SS`).
public enum CardStandard: Equatable, Sendable {
    /// 00
    case unstated
    /// 01 to 03: ISO 14443 type A, part 1, 2 or 3.
    case iso14443A
    /// 05 to 07: ISO 14443 type B.
    case iso14443B
    /// 09 to 0C
    case iso15693
    /// 0D to 10: a memory card with contacts.
    case contacts
    /// 11
    case feliCa
    /// 40: a card of 125 kHz.
    case lowFrequency
    case other(UInt8)

    init(_ code: UInt8) {
        self =
            switch code {
            case 0: .unstated
            case 1...3: .iso14443A
            case 5...7: .iso14443B
            case 9...0xc: .iso15693
            case 0xd...0x10: .contacts
            case 0x11: .feliCa
            case 0x40: .lowFrequency
            default: .other(code)
            }
    }
}

extension ContactlessCard {
    /// The UID of a card of this kind as a credential, or what is wrong with it. Allocates nothing
    /// but on errors.
    func credential(uid: UnsafeRawBufferPointer) throws(CCIDDiagnosis) -> Credential {
        switch self {
        case .storage(.feliCa, _), .storage(.contacts, _), .storage(.lowFrequency, _):
            throw .unsupportedCard
        case .storage(.iso15693, _):
            return try Self.vicinity(uid)
        case .storage(.iso14443B, _):
            guard uid.count == 4 else { throw .badUID(bytes: uid.count) }
            let pupi = uid.reduce(0) { $0 << 8 | UInt128($1) }
            return Credential(technology: .iso14443b, bitCount: 32, bits: pupi)
        case .storage, .processor, .unknown:
            if uid.count == 8 { return try Self.vicinity(uid) }
            do { return try UID.iso14443(uid) } catch .incomplete { throw .incompleteUID } catch {
                throw .badUID(bytes: uid.count)
            }
        }
    }

    /// Readers disagree which end of an ISO 15693 UID comes first; E0 marks the one to begin with.
    private static func vicinity(
        _ uid: UnsafeRawBufferPointer
    ) throws(CCIDDiagnosis) -> Credential {
        guard uid.count == 8 else { throw .badUID(bytes: uid.count) }
        let isReversed = uid[0] != 0xe0
        do {
            return isReversed
                ? try UID.iso15693(uid.reversed() as ReversedCollection)
                : try UID.iso15693(uid)
        } catch { throw .badUID(bytes: uid.count) }
    }
}
