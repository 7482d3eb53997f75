// What to open for a byte channel, and how.

import CLinux
import Glibc

/// A serial line as the station file describes it.
public struct SerialPlan: Equatable, Sendable {
    public enum Parity: Int32, Sendable, CaseIterable {
        case none = 0
        case even = 1
        case odd = 2
    }

    /// The device file, by a name that stays: `/dev/serial/by-path/...` or `/dev/ttyAMA1`.
    public var path: String
    /// Bits per second; any number that the hardware can do.
    public var baud: Int
    public var parity: Parity
    /// 1 or 2.
    public var stopBits: Int

    public init(path: String, baud: Int, parity: Parity = .none, stopBits: Int = 1) {
        self.path = path
        self.baud = baud
        self.parity = parity
        self.stopBits = stopBits
    }

    /// Opens the line, raw, not blocking, for this process alone. May take long.
    func opened() -> Result<Int32, ChannelError> {
        guard let speed = UInt32(exactly: baud), speed > 0 else {
            return .failure(.speed(path, baud: baud))
        }
        let descriptor = station_serial_open(path, speed, parity.rawValue, Int32(stopBits))
        switch -descriptor {
        case ..<1: return .success(descriptor)
        case ENOENT, ENXIO, ENODEV: return .failure(.missing(path))
        case EBUSY: return .failure(.busy(path))
        case ENOTTY: return .failure(.notOne(path))
        case EINVAL: return .failure(.speed(path, baud: baud))
        case let number: return .failure(.failed(path, errno: number))
        }
    }
}

/// A card reader or a scanner that plays a keyboard.
public struct EvdevPlan: Equatable, Sendable {
    /// The USB socket it is plugged into, as the kernel names it (`1-1.3`); empty: the only USB
    /// device there that types digits.
    public var socket: String

    public init(socket: String) { self.socket = socket }

    /// Finds the device and takes it for this process alone. May take long.
    func opened(in tree: EvdevTree = EvdevTree()) -> Result<Int32, ChannelError> {
        var found: [(node: EvdevTree.Node, descriptor: Int32)] = []
        defer { for device in found { closeDescriptor(device.descriptor) } }
        for node in tree.nodes(at: socket) {
            let descriptor = station_input_open(node.path)
            guard descriptor >= 0 else { continue }
            if station_input_types_digits(descriptor) == 1 {
                found.append((node, descriptor))
            } else {
                closeDescriptor(descriptor)
            }
        }
        let sockets = Set(found.map(\.node.socket))
        guard sockets.count <= 1 else { return .failure(.several(sockets.sorted())) }
        // Of a reader with two keyboards the first interface types; the nodes are in that order.
        guard let device = found.first else {
            return .failure(.missing(socket.isEmpty ? "USB" : "USB \(socket)"))
        }
        let result = station_input_grab(device.descriptor)
        guard result >= 0 else {
            let isBusy = result == -EBUSY
            return .failure(
                isBusy ? .busy(device.node.path) : .failed(device.node.path, errno: -result))
        }
        found.removeFirst()
        return .success(device.descriptor)
    }
}

/// Either of them.
public enum ChannelPlan: Equatable, Sendable {
    case serial(SerialPlan)
    case keyboard(EvdevPlan)

    /// For messages.
    public var name: String {
        switch self {
        case .serial(let plan): plan.path
        case .keyboard(let plan): plan.socket.isEmpty ? "USB" : "USB \(plan.socket)"
        }
    }

    func opened() -> Result<Int32, ChannelError> {
        switch self {
        case .serial(let plan): plan.opened()
        case .keyboard(let plan): plan.opened()
        }
    }

    func close(_ descriptor: Int32) {
        switch self {
        case .serial: station_serial_close(descriptor)
        case .keyboard: closeDescriptor(descriptor)
        }
    }
}
