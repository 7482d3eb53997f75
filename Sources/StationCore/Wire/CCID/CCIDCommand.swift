// The types of message on the bulk pipes: what a host asks, and what a reader answers to it.

/// A message from the host, by its `bMessageType` (CCID 1.1, chapter 6.1).
public enum CCIDCommand: UInt8, Sendable, CaseIterable {
    case setParameters = 0x61
    case powerOn = 0x62
    case powerOff = 0x63
    case slotStatus = 0x65
    case secure = 0x69
    case t0APDU = 0x6a
    case escape = 0x6b
    case parameters = 0x6c
    case resetParameters = 0x6d
    case clock = 0x6e
    case transfer = 0x6f
    case mechanical = 0x71
    case abort = 0x72
    case setDataRate = 0x73

    /// The one type of message that may answer it.
    public var answer: CCIDAnswer {
        switch self {
        case .powerOn, .transfer, .secure: .dataBlock
        case .powerOff, .slotStatus, .clock, .t0APDU, .mechanical, .abort: .slotStatus
        case .parameters, .setParameters, .resetParameters: .parameters
        case .escape: .escape
        case .setDataRate: .dataRate
        }
    }

    /// The standard's name.
    public var name: String {
        switch self {
        case .setParameters: "PC_to_RDR_SetParameters"
        case .powerOn: "PC_to_RDR_IccPowerOn"
        case .powerOff: "PC_to_RDR_IccPowerOff"
        case .slotStatus: "PC_to_RDR_GetSlotStatus"
        case .secure: "PC_to_RDR_Secure"
        case .t0APDU: "PC_to_RDR_T0APDU"
        case .escape: "PC_to_RDR_Escape"
        case .parameters: "PC_to_RDR_GetParameters"
        case .resetParameters: "PC_to_RDR_ResetParameters"
        case .clock: "PC_to_RDR_IccClock"
        case .transfer: "PC_to_RDR_XfrBlock"
        case .mechanical: "PC_to_RDR_Mechanical"
        case .abort: "PC_to_RDR_Abort"
        case .setDataRate: "PC_to_RDR_SetDataRateAndClockFrequency"
        }
    }
}

/// A message from the reader, by its `bMessageType` (CCID 1.1, chapter 6.2).
public enum CCIDAnswer: UInt8, Sendable, CaseIterable {
    case dataBlock = 0x80
    case slotStatus = 0x81
    case parameters = 0x82
    case escape = 0x83
    case dataRate = 0x84

    /// The standard's name.
    public var name: String {
        switch self {
        case .dataBlock: "RDR_to_PC_DataBlock"
        case .slotStatus: "RDR_to_PC_SlotStatus"
        case .parameters: "RDR_to_PC_Parameters"
        case .escape: "RDR_to_PC_Escape"
        case .dataRate: "RDR_to_PC_DataRateAndClockFrequency"
        }
    }
}
