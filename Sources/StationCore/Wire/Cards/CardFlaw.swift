// Numbers that are not fit to be a key, told from the number and from what its reader knows.

/// Why a card's number is not fit for enrolment.
public enum CardFlaw: Equatable, Sendable {
    /// Made up anew at each tap.
    case random
    /// The first part of a longer UID.
    case half
    /// A UID of four bytes with its check byte.
    case checkByte
    /// Perhaps made up anew: showing it twice tells.
    case doubtful
}

extension Credential {
    /// What is wrong with the number, as far as can be told.
    ///
    /// A UID begins with 08 when it is random and with 88 when it is cut (ISO 14443-3). Readers on
    /// wires and keyboards do not say whether a number is a UID, nor which way round it is: there a
    /// lone 08 may be anybody's and is only doubtful, and 88 counts beside a maker's byte only,
    /// which one number in 5,000 has by chance. Type B cards may make up theirs (ISO 14443-3, 7.9).
    ///
    /// - Parameter format: the Wiegand format that the reader recognised.
    public func flaw(format: WiegandFormat?) -> CardFlaw? {
        switch technology {
        case .iso14443b: return .doubtful
        case .iso15693, .em4100, .keypad: return nil
        case .iso14443, .wiegand: break
        }
        guard let number = View.full.number(of: self, format: format), number.layout == .bytes
        else { return nil }
        let bytes = number.bytes
        switch (technology, bytes.count) {
        case (.iso14443, 4):
            if bytes[0] == UID.randomMark { return .random }
            return bytes[0] == UID.cascadeTag ? .half : nil
        case (.wiegand, 4):
            if Self.isHalf(bytes) || Self.isHalf(bytes.reversed()) { return .half }
            return bytes[0] == UID.randomMark || bytes[3] == UID.randomMark ? .doubtful : nil
        case (.wiegand, 5):
            // The check byte makes the sum of all five nothing, whichever end it is at.
            return bytes.reduce(0, ^) == 0 ? .checkByte : nil
        default:
            return nil
        }
    }

    /// The cascade tag, and then what UIDs of seven bytes begin with.
    private static func isHalf(_ bytes: [UInt8]) -> Bool {
        bytes[0] == UID.cascadeTag && makers.contains(bytes[1])
    }

    /// ISO/IEC 7816-6 makers whose contactless cards are common: Motorola, ST, NXP, Infineon,
    /// Cylink, TI, Fujitsu, Matsushita, NEC, EM, Kovio, HID, Shanghai Fudan.
    private static let makers: Set<UInt8> = [
        0x01, 0x02, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0b, 0x16, 0x37, 0x57, 0x1d,
    ]
}
