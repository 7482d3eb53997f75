// Why a reader could not do what it was asked: `bError` of a failed command.

/// A slot error (CCID 1.1, table 6.2-2; the codes as libccid's src/ccid.c names them).
public enum CCIDError: Equatable, Sendable {
    /// 00: the reader does not know this command.
    case notSupported
    /// 01 to 7F: the byte at this place of the message is wrong.
    case badByte(at: UInt8)
    /// A2
    case wrongCardLength
    /// A3
    case atrTooLong
    /// AB
    case noData
    /// BB
    case emvProtocol
    /// BD
    case protocolT1
    /// BE
    case wrongAPDULength
    /// E0
    case slotBusy
    /// EF
    case cancelled
    /// F0
    case keypadTimeout
    /// F2
    case autoSequenceOngoing
    /// F3
    case deactivatedProtocol
    /// F4
    case procedureByte
    /// F5
    case cardClass
    /// F6
    case cardProtocol
    /// F7
    case atrCheckByte
    /// F8
    case atrFirstByte
    /// FB
    case hardware
    /// FC
    case overrun
    /// FD
    case parity
    /// FE: the card is silent, or gone.
    case mute
    /// FF
    case aborted
    /// A code of the reader's maker, or one that nobody has named.
    case other(UInt8)

    private static let named: [(code: UInt8, error: CCIDError, name: String)] = [
        (0x00, .notSupported, "CMD_NOT_SUPPORTED"),
        (0xa2, .wrongCardLength, "CARD_LENGTH"),
        (0xa3, .atrTooLong, "ATR_TOO_LONG"),
        (0xab, .noData, "NO_DATA"),
        (0xbb, .emvProtocol, "EMV_PROTOCOL"),
        (0xbd, .protocolT1, "T1_PROTOCOL"),
        (0xbe, .wrongAPDULength, "APDU_LENGTH"),
        (0xe0, .slotBusy, "CMD_SLOT_BUSY"),
        (0xef, .cancelled, "PIN_CANCELLED"),
        (0xf0, .keypadTimeout, "PIN_TIMEOUT"),
        (0xf2, .autoSequenceOngoing, "BUSY_WITH_AUTO_SEQUENCE"),
        (0xf3, .deactivatedProtocol, "DEACTIVATED_PROTOCOL"),
        (0xf4, .procedureByte, "PROCEDURE_BYTE_CONFLICT"),
        (0xf5, .cardClass, "ICC_CLASS_NOT_SUPPORTED"),
        (0xf6, .cardProtocol, "ICC_PROTOCOL_NOT_SUPPORTED"),
        (0xf7, .atrCheckByte, "BAD_ATR_TCK"),
        (0xf8, .atrFirstByte, "BAD_ATR_TS"),
        (0xfb, .hardware, "HW_ERROR"),
        (0xfc, .overrun, "XFR_OVERRUN"),
        (0xfd, .parity, "XFR_PARITY_ERROR"),
        (0xfe, .mute, "ICC_MUTE"),
        (0xff, .aborted, "CMD_ABORTED"),
    ]

    public init(code: UInt8) {
        if (1...0x7f).contains(code) {
            self = .badByte(at: code)
            return
        }
        for row in Self.named where row.code == code {
            self = row.error
            return
        }
        self = .other(code)
    }

    /// `bError`.
    public var code: UInt8 {
        switch self {
        case .badByte(let place): return place
        case .other(let code): return code
        default: return Self.named.first { $0.error == self }?.code ?? 0
        }
    }

    /// The standard's name; for codes without one, their number.
    public var name: String {
        switch self {
        case .badByte(let place): return "BAD_BYTE_\(place)"
        case .other(let code): return "OTHER_\(Hex.upper([code]))"
        default: return Self.named.first { $0.error == self }?.name ?? ""
        }
    }
}
