// Where the kernel shows its input devices, and which of them hang on which USB socket.

import Glibc

/// The tree of input devices in sysfs.
struct EvdevTree: Sendable {
    /// One event device.
    struct Node: Equatable {
        /// `/dev/input/event3`.
        var path: String
        /// `1-1.3`, the socket that the device is plugged into; empty when it is in none.
        var socket: String
        /// What the device says of itself: `id/bustype`.
        var isUSB: Bool
        /// Where it hangs; devices of one socket are in the order of their interfaces.
        var place: String
    }

    /// More event devices than any board has.
    static let most = 256

    var sys = "/sys"
    var dev = "/dev"

    /// The devices at a socket, in the order of their interfaces; an empty socket stands for every
    /// USB device.
    func nodes(at socket: String) -> [Node] {
        all().filter { socket.isEmpty ? $0.isUSB : $0.socket == socket }
            .sorted { ($0.place, $0.path) < ($1.place, $1.path) }
    }

    private func all() -> [Node] {
        let folder = sys + "/class/input"
        return names(in: folder).compactMap { name in
            guard name.hasPrefix("event"),
                let place = realPath(of: "\(folder)/\(name)/device")
            else { return nil }
            return Node(
                path: "\(dev)/input/\(name)", socket: Self.socket(in: place),
                isUSB: isUSB(place), place: place)
        }
    }

    /// The last part of a path that names a USB device, such as `1-1.3`; an interface of it is
    /// called `1-1.3:1.0`.
    static func socket(in place: String) -> String {
        let parts = place.split(separator: "/")
        return parts.last { isSocket($0) }.map(String.init) ?? ""
    }

    /// Digits, a hyphen, and digits with dots between: bus and ports.
    static func isSocket(_ part: Substring) -> Bool {
        let halves = part.split(separator: "-", omittingEmptySubsequences: false)
        guard halves.count == 2 else { return false }
        let ports = halves[1].split(separator: ".", omittingEmptySubsequences: false)
        return ([halves[0]] + ports).allSatisfy { number in
            !number.isEmpty && number.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }
    }

    /// BUS_USB of linux/input.h. A virtual device may say so as well.
    private func isUSB(_ place: String) -> Bool {
        let descriptor = open(place + "/id/bustype", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { closeDescriptor(descriptor) }
        var text = [UInt8](repeating: 0, count: 4)
        return read(descriptor, &text, 4) == 4 && text == Array("0003".utf8)
    }

    private func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while names.count < Self.most, let entry = readdir(directory) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        return names
    }

    private func realPath(of path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
