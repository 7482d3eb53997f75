// Which USB devices there are, from sysfs: with or without udev, and without opening any.

import CLinux
import Glibc

/// A card reader that is plugged in.
struct USBCandidate: Equatable, Sendable {
    /// `1-1.4`
    var device: String
    /// The device's file below `/dev/bus/usb`.
    var bus: Int
    var address: Int
    var vendor: UInt16
    var product: UInt16
    /// `bcdDevice`: the maker's release, 0x0214 is 2.14.
    var release: UInt16
    var name: String
    var interface: USBCardInterface
    /// Who has the interface: a driver of the kernel, `usbfs` for another program, or nobody.
    var driver: String?
}

/// The kernel's tree of USB devices.
///
/// libusb has a list too, but where no udev runs it never changes after the first look.
public struct USBTree: Sendable {
    /// More devices than 127 a bus on a handful of buses.
    static let mostDevices = 1_024

    let devices: String
    let nodes: String

    /// - Parameters:
    ///   - devices: sysfs's folder of USB devices.
    ///   - nodes: the folder of their files, as `BUS/ADDRESS` with three digits each.
    public init(devices: String = "/sys/bus/usb/devices", nodes: String = "/dev/bus/usb") {
        self.devices = devices
        self.nodes = nodes
    }

    /// The file through which a device is opened.
    func node(of candidate: USBCandidate) -> String {
        "\(nodes)/\(Self.three(candidate.bus))/\(Self.three(candidate.address))"
    }

    /// Every card interface of every device, in order of place.
    func candidates() -> [USBCandidate] {
        names(in: devices).filter { USBPath.isPlace($0) }.sorted().prefix(Self.mostDevices)
            .flatMap { candidates(at: $0) }
    }

    /// Whether there is a device of any kind at a place.
    func hasDevice(at place: String) -> Bool { number("\(devices)/\(place)/devnum") != nil }

    private func candidates(at place: String) -> [USBCandidate] {
        let folder = "\(devices)/\(place)"
        guard let bus = number("\(folder)/busnum"), let address = number("\(folder)/devnum"),
            let configuration = number("\(folder)/bConfigurationValue"),
            let bytes = contents("\(folder)/descriptors", limit: USBDescriptors.mostBytes),
            bytes.count >= 18
        else { return [] }
        func word(_ place: Int) -> UInt16 { UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8 }
        let value = UInt8(clamping: configuration)
        return USBDescriptors.cardInterfaces(bytes, configuration: value).map { interface in
            USBCandidate(
                device: place, bus: bus, address: address, vendor: word(8), product: word(10),
                release: word(12), name: text("\(folder)/product") ?? "", interface: interface,
                driver: driver("\(devices)/\(place):\(value).\(interface.number)"))
        }
    }

    /// The name of the driver that is bound to an interface.
    private func driver(_ interface: String) -> String? {
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("\(interface)/driver", &target, target.count - 1)
        guard count > 0 else { return nil }
        let path = String(
            decoding: target[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.split(separator: "/").last.map(String.init)
    }

    private func number(_ path: String) -> Int? { text(path).flatMap { Int($0) } }

    /// A file's first line, at most 128 bytes, printable characters only: makers write anything.
    private func text(_ path: String) -> String? {
        guard let bytes = contents(path, limit: 128) else { return nil }
        let line = bytes.prefix { $0 != 0x0a }
        return String(String(decoding: line, as: UTF8.self).filter { !$0.isNewline && $0 >= " " })
    }

    private func contents(_ path: String, limit: Int) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { closeDescriptor(file) }
        var bytes = [UInt8](repeating: 0, count: limit)
        var filled = 0
        while filled < limit {
            let count = bytes.withUnsafeMutableBytes {
                read(file, $0.baseAddress! + filled, limit - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { break }
            filled += count
        }
        return Array(bytes[..<filled])
    }

    private func names(in folder: String) -> [String] {
        guard let handle = opendir(folder) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle), names.count < 8 * Self.mostDevices {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            names.append(name)
        }
        return names
    }

    private static func three(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 3 - digits.utf8.count)) + digits
    }
}

extension USBBinding {
    /// The reader that is meant, or why there is none.
    ///
    /// - Parameter reserved: places that other bindings name; `only` looks past them.
    func choose(
        from tree: USBTree, reserved: Set<String>
    ) throws(USBObstacle) -> USBCandidate {
        let candidates = tree.candidates()
        switch self {
        case .path(let path):
            let here = candidates.filter { $0.device == path.device }
            let fitting = here.first {
                path.interface == nil || path.interface == $0.interface.number
            }
            if let fitting { return fitting }
            throw tree.hasDevice(at: path.device) ? .notAReader(path) : .missing(self)
        case .only:
            let free = candidates.filter { !reserved.contains($0.device) }
            let places = Set(free.map(\.device)).sorted()
            guard places.count <= 1 else { throw .ambiguous(places) }
            guard let first = free.first else { throw .missing(self) }
            return first
        }
    }
}
