// What to open for a byte channel, and how.

import CLinux
import Glibc
import StationCore

extension SerialLink {
    /// Opens the line, raw, not blocking, for this process alone. May take long.
    func opened() -> Result<Int32, ChannelError> {
        guard let speed = UInt32(exactly: baud), speed > 0 else {
            return .failure(.speed(path, baud: baud))
        }
        let kind: Int32 =
            switch parity {
            case .none: 0
            case .even: 1
            case .odd: 2
            }
        let descriptor = station_serial_open(path, speed, kind, Int32(stopBits))
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

extension KeyboardLink {
    /// Finds the device and takes it for this process alone. May take long.
    func opened(in tree: EvdevTree = EvdevTree()) -> Result<Int32, ChannelError> {
        var found: [(node: EvdevTree.Node, descriptor: Int32)] = []
        var forbidden: EvdevTree.Node?
        defer { for device in found { closeDescriptor(device.descriptor) } }
        for node in tree.nodes(at: socket) {
            let descriptor = station_input_open(node.path)
            guard descriptor >= 0 else {
                if descriptor == -EACCES { forbidden = node }
                continue
            }
            if station_input_types_digits(descriptor) == 1 {
                found.append((node, descriptor))
            } else {
                closeDescriptor(descriptor)
            }
        }
        let sockets = Set(found.map { $0.node.socket.isEmpty ? $0.node.path : $0.node.socket })
        guard sockets.count <= 1 else { return .failure(.several(sockets.sorted())) }
        // Of a reader with two keyboards the first interface types; the nodes are in that order.
        guard let device = found.first else {
            if let forbidden { return .failure(.failed(forbidden.path, errno: EACCES)) }
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

/// A channel that is a file of the kernel's; USB card readers are not.
enum ChannelPlan: Equatable, Sendable {
    case serial(SerialLink)
    case keyboard(KeyboardLink)

    init?(_ link: ResolvedChannel.Link) {
        switch link {
        case .serial(let link): self = .serial(link)
        case .keyboard(let link): self = .keyboard(link)
        case .usb: return nil
        }
    }

    /// For messages.
    var name: String {
        switch self {
        case .serial(let link): link.path
        case .keyboard(let link): link.socket.isEmpty ? "USB" : "USB \(link.socket)"
        }
    }

    func opened() -> Result<Int32, ChannelError> {
        switch self {
        case .serial(let link): link.opened()
        case .keyboard(let link): link.opened()
        }
    }

    func close(_ descriptor: Int32) {
        switch self {
        case .serial: station_serial_close(descriptor)
        case .keyboard: closeDescriptor(descriptor)
        }
    }
}
