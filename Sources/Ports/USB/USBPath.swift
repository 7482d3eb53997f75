// Where a USB device is plugged in, as the kernel names it: bus 1, port 1, port 4 of the hub there.

/// A device's place, such as `1-1.4`; it stays the same however often the device is re-plugged.
///
/// An interface of it may be named as well, such as `1-1.4:1.0` (configuration 1, interface 0), for
/// readers that are several readers in one.
public struct USBPath: Hashable, Sendable, CustomStringConvertible {
    /// A bus and at most seven hubs deep (USB 2.0, 4.1.1): the longest is `255-255.255.255...`.
    static let mostPorts = 7

    /// Without the interface: `1-1.4`.
    public let device: String
    public let interface: UInt8?

    /// - Returns: `nil` when `text` is not `BUS-PORT`, with `.PORT` for each hub and at last
    ///   `:CONFIGURATION.INTERFACE` if one of several is meant.
    public init?(_ text: String) {
        let halves = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let place = halves.first, halves.count <= 2, Self.isPlace(place) else { return nil }
        device = String(place)
        guard halves.count == 2 else {
            interface = nil
            return
        }
        let numbers = halves[1].split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 2, numbers.allSatisfy(Self.isNumber),
            let number = UInt8(numbers[1])
        else { return nil }
        interface = number
    }

    /// A name from elsewhere; one that no device can have finds none.
    init(unchecked text: String) {
        self = USBPath(text) ?? USBPath(device: text, interface: nil)
    }

    private init(device: String, interface: UInt8?) {
        (self.device, self.interface) = (device, interface)
    }

    public var description: String { interface.map { "\(device):1.\($0)" } ?? device }

    /// Whether a name is that of a device in sysfs, not that of a root hub or an interface.
    static func isPlace(_ text: some StringProtocol) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, isNumber(parts[0]), parts[0] != "0" else { return false }
        let ports = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        return (1...mostPorts).contains(ports.count)
            && ports.allSatisfy { isNumber($0) && $0 != "0" }
    }

    /// 0 to 255, without leading zeros.
    private static func isNumber(_ text: some StringProtocol) -> Bool {
        guard let number = UInt8(text), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return false
        }
        return String(number) == text
    }
}

/// Which of the readers on the buses is meant.
public enum USBBinding: Equatable, Sendable {
    /// The one at this place.
    case path(USBPath)
    /// The only one there is, wherever it is plugged in.
    case only
}
