// What the header of a reader's answer says: which command, card or no card, done or not.

/// Whether a card is in a slot, by the two low bits of `bStatus` (CCID 1.1, table 6.2-3).
public enum CCIDPresence: UInt8, Sendable, CaseIterable {
    /// There, and powered.
    case active = 0
    /// There, not powered.
    case inactive = 1
    case absent = 2
    /// Not in the standard.
    case reserved = 3
}

/// How a command ended, by the two high bits of `bStatus`.
public enum CCIDOutcome: Equatable, Sendable {
    case done
    case failed(CCIDError)
    /// Not yet: the reader asks for this many times the waiting time (`bError`).
    case extended(times: UInt8)
    /// A value that the standard has not given a meaning.
    case reserved
}

/// An answer's header, understood.
public struct CCIDReply: Equatable, Sendable {
    public let answer: CCIDAnswer
    /// Bytes of data behind the header.
    public let length: Int
    public let slot: UInt8
    public let sequence: UInt8
    public let presence: CCIDPresence
    public let outcome: CCIDOutcome
    /// Byte 9: chaining in a data block, the clock in a slot status, the protocol in parameters.
    public let detail: UInt8

    /// - Returns: `nil` when no reader sends this type.
    init?(_ header: CCIDHeader) {
        guard let answer = CCIDAnswer(rawValue: header.type) else { return nil }
        self.answer = answer
        length = header.length
        slot = header.slot
        sequence = header.sequence
        presence =
            switch header.first & 3 {
            case 0: .active
            case 1: .inactive
            case 2: .absent
            default: .reserved
            }
        // bError means something only beside a failure or an extension: an ACR122U without a card
        // answers well with bStatus 02 and bError 81 (nfcpy tests/test_clf_acr122.py).
        outcome =
            switch header.first >> 6 {
            case 0: .done
            case 1: .failed(CCIDError(code: header.second))
            case 2: .extended(times: header.second)
            default: .reserved
            }
        detail = header.third
    }
}
