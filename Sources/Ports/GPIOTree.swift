// Where the kernel shows a GPIO chip, and whether anything slow lies between it and the processor.

import Glibc

/// The tree of devices in sysfs, asked about GPIO chips.
struct GPIOTree: Sendable {
    /// Buses whose devices the processor reads and writes as memory, or through its own ports.
    private static let promptBuses: Set = ["gpio", "platform", "amba", "pci", "isa", "soc", "pnp"]
    /// Chips that stand on such a bus, and yet hand on what they are told: to the firmware of a
    /// Raspberry Pi's other processor (drivers/gpio/gpio-raspberrypi-exp.c), or to lines of
    /// another chip (gpio-aggregator.c, gpio-latch.c).
    private static let relays: Set = ["raspberrypi-exp-gpio", "gpio-aggregator", "gpio-latch"]

    var sys = "/sys"

    /// Whether a chip takes a line's value at once, so that the loop may set it itself.
    ///
    /// The kernel knows (`can_sleep`) and does not say; so what is not known to be prompt is slow.
    /// Touches files: for a worker, or before the loop.
    ///
    /// - Parameter path: the chip's, `/dev/gpiochip0`.
    func isPrompt(_ path: String) -> Bool {
        guard let name = path.split(separator: "/").last,
            let place = realPath(of: "\(sys)/bus/gpio/devices/\(name)"),
            let root = realPath(of: sys + "/devices")
        else { return false }
        var folder = place[...]
        // Every device above it, up to the tree's root.
        while folder.utf8.count > root.utf8.count, folder.hasPrefix(root) {
            if let bus = lastPart(of: "\(folder)/subsystem"), !Self.promptBuses.contains(bus) {
                return false
            }
            if let driver = lastPart(of: "\(folder)/driver"), Self.relays.contains(driver) {
                return false
            }
            guard let slash = folder.lastIndex(of: "/") else { return false }
            folder = folder[..<slash]
        }
        return true
    }

    /// The last part of what a link stands for; nil: there is no such link.
    private func lastPart(of link: String) -> String? {
        realPath(of: link)?.split(separator: "/").last.map(String.init)
    }

    private func realPath(of path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
