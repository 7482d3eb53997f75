// Why a byte channel could not be had, or was lost.

public import StationCore

/// A serial line or an input device that is not there, taken, or of no use.
public enum ChannelError: Error, Equatable, Sendable {
    /// No such device file, or nothing that types digits at that USB socket.
    case missing(String)
    /// Several input devices type digits, and the station file does not say which one is meant.
    case several([String])
    /// Another program has it.
    case busy(String)
    /// A device file of another kind.
    case notOne(String)
    /// The line cannot do that speed.
    case speed(String, baud: Int)
    /// Any other refusal of the system.
    case failed(String, errno: Int32)
    /// It was there and left: the adapter was unplugged, or the other end hung up.
    case left(String)
    /// The system neither opens nor refuses it, or another line before it.
    case stuck(String)

    /// The coarse kind that the station knows.
    public var fault: Fault {
        switch self {
        case .missing, .several, .notOne, .speed, .failed: .missing
        case .busy: .busy
        case .left: .lost
        case .stuck: .stuck
        }
    }
}

extension ChannelError: CustomStringConvertible {
    /// For the log: what is wrong and what to do, in both languages.
    public var description: String {
        switch self {
        case .missing(let name):
            "\(name): 没有找到，请检查接线和供电 not found, check cable and supply"
        case .several(let names):
            """
            有多个能输入数字的设备 several devices type digits (\(names.joined(separator: ", "))): \
            请在站点文件里写明USB口 state the USB socket in the station file
            """
        case .busy(let name):
            "\(name): 被别的程序占用，用 fuser -v 查 held by another program, see fuser -v \(name)"
        case .notOne(let name):
            "\(name): 不是串口或输入设备 neither a serial line nor an input device"
        case .speed(let name, let baud):
            "\(name): 不支持波特率 \(baud) it cannot do \(baud) baud"
        case .failed(let name, let number):
            "\(name): \(SystemError(number))"
        case .stuck(let name):
            "\(name): 一直打不开，请重新插拔串口适配器 neither opens nor fails, re-plug the adapters"
        case .left(let name):
            "\(name): 断开了，恢复后会自动接上 it left, and will be taken again when it is back"
        }
    }
}
