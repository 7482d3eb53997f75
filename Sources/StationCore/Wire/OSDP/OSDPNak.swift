// Why a PD did not do what it was asked.

/// The first byte of a NAK. Codes that no edition of the standard has are kept as they came.
public struct OSDPNak: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The command's CRC or checksum was wrong. Besides BUSY the only answer that may come in the
    /// clear within a secure channel.
    public static let check = Self(rawValue: 1)
    public static let commandLength = Self(rawValue: 2)
    public static let unknownCommand = Self(rawValue: 3)
    public static let sequence = Self(rawValue: 4)
    public static let securityUnsupported = Self(rawValue: 5)
    public static let securityConditions = Self(rawValue: 6)
    public static let biometricType = Self(rawValue: 7)
    public static let biometricFormat = Self(rawValue: 8)
    public static let record = Self(rawValue: 9)

    /// A stable name for JSON and metrics; `unknown` for codes that the standard lacks.
    public var name: String {
        switch rawValue {
        case 1: "check"
        case 2: "commandLength"
        case 3: "unknownCommand"
        case 4: "sequence"
        case 5: "securityUnsupported"
        case 6: "securityConditions"
        case 7: "biometricType"
        case 8: "biometricFormat"
        case 9: "record"
        default: "unknown"
        }
    }

    /// What the reader means by it.
    public func text(_ language: Wording.Language) -> String {
        let (chinese, english) =
            switch rawValue {
            case 1: ("命令的校验不对", "the command's check characters were wrong")
            case 2: ("命令长度不对", "the command's length was wrong")
            case 3: ("读卡器没有这个命令", "the reader does not have this command")
            case 4: ("序号不对", "the sequence number was wrong")
            case 5: ("读卡器不支持安全通道", "the reader does not support this security block")
            case 6: ("安全条件不满足", "security conditions are not met")
            case 7: ("不支持这种生物特征", "this kind of biometric is not supported")
            case 8: ("不支持这种生物特征格式", "this biometric format is not supported")
            case 9: ("命令内容无法执行", "the command's record could not be carried out")
            default: ("标准之外的原因", "a reason that the standard does not have")
            }
        return language == .chinese ? chinese : english
    }
}
