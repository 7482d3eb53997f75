// The commands and replies of OSDP v2.2 by their codes, as IEC 60839-11-5 and libosdp name them.

/// What an access control unit (ACU) says to a peripheral device (PD); the raw value is the byte on
/// the wire.
public enum OSDPCommandCode: UInt8, Sendable, CaseIterable {
    case poll = 0x60
    case identify = 0x61
    case capabilities = 0x62
    case localStatus = 0x64
    case inputStatus = 0x65
    case outputStatus = 0x66
    case readerStatus = 0x67
    case output = 0x68
    case light = 0x69
    case buzz = 0x6A
    case text = 0x6B
    case communication = 0x6E
    case bioRead = 0x73
    case bioMatch = 0x74
    case keySet = 0x75
    case challenge = 0x76
    case serverCryptogram = 0x77
    case receiveSize = 0x7B
    case fileTransfer = 0x7C
    case manufacturer = 0x80
    case extendedWrite = 0xA1
    case abort = 0xA2
    case pivRead = 0xA3
    case generalAuthenticate = 0xA4
    case challengeAuthenticate = 0xA5
    case keepActive = 0xA7

    /// The standard's name without its `osdp_`, for people and for JSON.
    public var name: String {
        switch self {
        case .poll: "POLL"
        case .identify: "ID"
        case .capabilities: "CAP"
        case .localStatus: "LSTAT"
        case .inputStatus: "ISTAT"
        case .outputStatus: "OSTAT"
        case .readerStatus: "RSTAT"
        case .output: "OUT"
        case .light: "LED"
        case .buzz: "BUZ"
        case .text: "TEXT"
        case .communication: "COMSET"
        case .bioRead: "BIOREAD"
        case .bioMatch: "BIOMATCH"
        case .keySet: "KEYSET"
        case .challenge: "CHLNG"
        case .serverCryptogram: "SCRYPT"
        case .receiveSize: "ACURXSIZE"
        case .fileTransfer: "FILETRANSFER"
        case .manufacturer: "MFG"
        case .extendedWrite: "XWR"
        case .abort: "ABORT"
        case .pivRead: "PIVDATA"
        case .generalAuthenticate: "GENAUTH"
        case .challengeAuthenticate: "CRAUTH"
        case .keepActive: "KEEPACTIVE"
        }
    }
}

/// What a PD answers; the raw value is the byte on the wire.
public enum OSDPReplyCode: UInt8, Sendable, CaseIterable {
    case ack = 0x40
    case nak = 0x41
    case identity = 0x45
    case capabilities = 0x46
    case localStatus = 0x48
    case inputStatus = 0x49
    case outputStatus = 0x4A
    case readerStatus = 0x4B
    case rawCard = 0x50
    case formattedCard = 0x51
    case keypad = 0x53
    case communication = 0x54
    case bioRead = 0x57
    case bioMatch = 0x58
    case clientCryptogram = 0x76
    case initialMAC = 0x78
    case busy = 0x79
    case fileStatus = 0x7A
    case pivRead = 0x80
    case generalAuthenticate = 0x81
    case challengeAuthenticate = 0x82
    case manufacturerStatus = 0x83
    case manufacturerError = 0x84
    case manufacturer = 0x90
    case extendedRead = 0xB1

    /// The standard's name without its `osdp_`, for people and for JSON.
    public var name: String {
        switch self {
        case .ack: "ACK"
        case .nak: "NAK"
        case .identity: "PDID"
        case .capabilities: "PDCAP"
        case .localStatus: "LSTATR"
        case .inputStatus: "ISTATR"
        case .outputStatus: "OSTATR"
        case .readerStatus: "RSTATR"
        case .rawCard: "RAW"
        case .formattedCard: "FMT"
        case .keypad: "KEYPAD"
        case .communication: "COM"
        case .bioRead: "BIOREADR"
        case .bioMatch: "BIOMATCHR"
        case .clientCryptogram: "CCRYPT"
        case .initialMAC: "RMAC_I"
        case .busy: "BUSY"
        case .fileStatus: "FTSTAT"
        case .pivRead: "PIVDATAR"
        case .generalAuthenticate: "GENAUTHR"
        case .challengeAuthenticate: "CRAUTHR"
        case .manufacturerStatus: "MFGSTATR"
        case .manufacturerError: "MFGERRR"
        case .manufacturer: "MFGREP"
        case .extendedRead: "XRD"
        }
    }
}
