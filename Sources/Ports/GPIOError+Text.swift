// Why lines could not be had, for the log: which chip or line, and what to do, in both languages.

import StationCore

extension GPIOError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noChip(let label):
            """
            没有芯片 no chip \(label): 检查板卡供电、接线和配置里的芯片名 check the board's power, \
            wiring and chip label
            """
        case .ambiguousChip(let label):
            """
            有多块芯片叫 several chips are called \(label): 请在设备树里改成不同的标签 \
            give them labels of their own in the device tree
            """
        case .noLine(let name, let chip):
            "芯片 chip \(chip) 没有线 has no line \(name): 用 gpioinfo 查线名 see gpioinfo for its lines"
        case .busy(let chip):
            "芯片 chip \(chip) 的线被占用 line is held by another program: 用 gpioinfo 查 see gpioinfo"
        case .failed(let chip, let number):
            "芯片 chip \(chip): \(SystemError(number))"
        }
    }
}
