// How a Modbus unit says no. Source: Modbus Application Protocol V1.1b3 §7.

/// The reason behind a reply whose function code has its highest bit set.
public enum ModbusException: UInt8, Error, Sendable, CaseIterable {
    /// The function code's bit that says so.
    static let flag: UInt8 = 0x80

    case illegalFunction = 0x01
    case illegalAddress = 0x02
    case illegalValue = 0x03
    case deviceFailure = 0x04
    /// It will do it, and takes longer than an answer may: not to be asked again at once.
    case acknowledge = 0x05
    case busy = 0x06
    case negativeAcknowledge = 0x07
    case memoryParity = 0x08
    case gatewayPath = 0x0a
    case gatewayTarget = 0x0b

    /// Stable: records and `--json` have it.
    public var name: String {
        switch self {
        case .illegalFunction: "illegalFunction"
        case .illegalAddress: "illegalAddress"
        case .illegalValue: "illegalValue"
        case .deviceFailure: "deviceFailure"
        case .acknowledge: "acknowledge"
        case .busy: "busy"
        case .negativeAcknowledge: "negativeAcknowledge"
        case .memoryParity: "memoryParity"
        case .gatewayPath: "gatewayPath"
        case .gatewayTarget: "gatewayTarget"
        }
    }

    /// One sentence: what the unit says, and what to do.
    public func text(_ language: Wording.Language) -> String {
        language == .chinese ? chinese : english
    }

    private var chinese: String {
        switch self {
        case .illegalFunction: "设备不支持这个功能码：核对型号"
        case .illegalAddress: "设备没有这个地址：核对型号和寄存器表"
        case .illegalValue: "设备不接受这个数值或数量：核对型号"
        case .deviceFailure: "设备出错：断电重启，仍不行请更换"
        case .acknowledge: "设备已收到，还在执行：稍后再问"
        case .busy: "设备正忙：稍后再试"
        case .negativeAcknowledge: "设备做不到：核对型号"
        case .memoryParity: "设备内存校验出错：请更换"
        case .gatewayPath: "网关没有到那台设备的通路：核对网关设置"
        case .gatewayTarget: "网关后面的设备不应答：检查其接线和供电"
        }
    }

    private var english: String {
        switch self {
        case .illegalFunction: "the device has no such function: check the model"
        case .illegalAddress: "the device has no such address: check model and register map"
        case .illegalValue: "the device does not take that value or count: check the model"
        case .deviceFailure: "the device failed: cut its power; if it stays, replace it"
        case .acknowledge: "the device is at it: ask again later"
        case .busy: "the device is busy: try again later"
        case .negativeAcknowledge: "the device cannot do it: check the model"
        case .memoryParity: "the device's memory has an error: replace it"
        case .gatewayPath: "the gateway has no path to the device: check its settings"
        case .gatewayTarget: "the device behind the gateway is silent: check wires and supply"
        }
    }
}
