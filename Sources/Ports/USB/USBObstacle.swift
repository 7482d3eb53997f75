// Why a USB reader cannot be had, in one sentence with its cure, in both languages.

public import StationCore

/// What stands between us and a reader.
public enum USBObstacle: Error, Equatable, Sendable {
    /// Nothing is plugged in there.
    case missing(USBBinding)
    /// There are several, and the station file does not say which.
    case ambiguous([String])
    /// What is plugged in there is no card reader.
    case notAReader(USBPath)
    /// pcscd, the usual daemon for card readers, has it.
    case pcscd
    /// Another program has it.
    case taken(path: String)
    /// A driver of the kernel has it and did not let go.
    case driver(String)
    /// The device's file may not be opened.
    case notPermitted(file: String)
    /// The reader was unplugged while it was being opened, or something else went wrong.
    case failed(step: String, reason: String)
    /// Opening it takes longer than anything should.
    case stuck
    /// libusb itself did not start.
    case noUSB(reason: String)

    /// The coarse kind that the rules and the crew see.
    public var fault: Fault {
        switch self {
        case .missing, .ambiguous, .notAReader, .noUSB: .missing
        case .pcscd, .taken, .driver, .notPermitted: .busy
        case .failed: .lost
        case .stuck: .stuck
        }
    }

    /// What is wrong and what to do.
    public func sentence(_ language: Wording.Language) -> String {
        language == .chinese ? chinese : english
    }

    private var chinese: String {
        switch self {
        case .missing(.only): "没有找到USB读卡器：请插好"
        case .missing(.path(let path)): "USB口\(path)上没有设备：请把读卡器插到这个口"
        case .ambiguous(let places):
            "有\(places.count)个USB读卡器（\(places.joined(separator: "、"))）：请在驿站文件里写明是哪个口"
        case .notAReader(let path): "USB口\(path)上的设备不是读卡器：请换成读卡器"
        case .pcscd:
            "pcscd占着读卡器：请运行 systemctl disable --now pcscd.socket pcscd.service"
        case .taken(let path): "别的程序占着USB口\(path)上的读卡器：请停掉它"
        case .driver(let name):
            "内核模块\(name)占着读卡器：请在 /etc/modprobe.d 里写 blacklist \(name)，再重新插拔"
        case .notPermitted(let file):
            "没有权限打开\(file)：请装上stationd的udev规则（用户组station-io），再重新插拔"
        case .failed(let step, let reason): "打开读卡器时\(step)失败（\(reason)）：请重新插拔"
        case .stuck: "读卡器打不开也不报错：请重新插拔"
        case .noUSB(let reason): "USB库无法启动（\(reason)）：请检查/dev/bus/usb"
        }
    }

    private var english: String {
        switch self {
        case .missing(.only): "no USB card reader was found: plug one in"
        case .missing(.path(let path)): "nothing is on USB port \(path): plug the reader in there"
        case .ambiguous(let places):
            "there are \(places.count) USB card readers (\(places.joined(separator: ", "))): "
                + "say in the station file which port is meant"
        case .notAReader(let path):
            "the device on USB port \(path) is no card reader: plug the reader in there"
        case .pcscd:
            "pcscd holds the reader: run systemctl disable --now pcscd.socket pcscd.service"
        case .taken(let path):
            "another program holds the reader on USB port \(path): stop that program"
        case .driver(let name):
            "the kernel module \(name) holds the reader: write 'blacklist \(name)' into "
                + "/etc/modprobe.d and re-plug the reader"
        case .notPermitted(let file):
            "\(file) may not be opened: install stationd's udev rules (group station-io) and "
                + "re-plug the reader"
        case .failed(let step, let reason):
            "opening the reader failed at \(step) (\(reason)): re-plug it"
        case .stuck: "opening the reader neither works nor fails: re-plug it"
        case .noUSB(let reason): "the USB library does not start (\(reason)): check /dev/bus/usb"
        }
    }
}

extension USBObstacle: CustomStringConvertible {
    /// For the log: both languages.
    public var description: String { sentence(.chinese) + " " + sentence(.english) }
}
