// Which GPIO chips take a value at once, in trees as sysfs shows them on real boards.

import Glibc
import Testing

@testable import Ports

@Suite struct `The tree of GPIO chips` {
    /// A folder like sysfs with one chip; each device above it has a bus and perhaps a driver.
    private func tree(_ devices: [(path: String, bus: String, driver: String?)]) throws -> GPIOTree
    {
        var template = Array("/tmp/stationd-gpio-XXXXXX".utf8CString)
        let root = String(cString: try #require(mkdtemp(&template)))
        func make(_ path: String) {
            var folder = ""
            for part in path.split(separator: "/") {
                folder += "/" + part
                mkdir(folder, 0o755)
            }
        }
        make(root + "/bus/gpio/devices")
        for (path, bus, driver) in devices {
            let folder = root + "/devices/" + path
            make(folder)
            make(root + "/bus/" + bus)
            symlink(root + "/bus/" + bus, folder + "/subsystem")
            guard let driver else { continue }
            make(root + "/drivers/" + driver)
            symlink(root + "/drivers/" + driver, folder + "/driver")
        }
        let chip = try #require(devices.last)
        symlink(root + "/devices/" + chip.path, root + "/bus/gpio/devices/gpiochip0")
        return GPIOTree(sys: root)
    }

    private func isPrompt(_ devices: [(path: String, bus: String, driver: String?)]) throws -> Bool
    {
        try tree(devices).isPrompt("/dev/gpiochip0")
    }

    @Test func `takes a processor's own chip for prompt`() throws {
        // Raspberry Pi 4, and a chip on PCI (Raspberry Pi 5's RP1 hangs on one).
        #expect(
            try isPrompt([
                ("platform/soc", "platform", nil),
                ("platform/soc/fe200000.gpio", "platform", "pinctrl-bcm2835"),
                ("platform/soc/fe200000.gpio/gpiochip0", "gpio", nil),
            ]))
        #expect(
            try isPrompt([
                ("platform/axi/pcie", "platform", "brcm-pcie"),
                ("platform/axi/pcie/pci0002:00/0002:01:00.0", "pci", "rp1"),
                (
                    "platform/axi/pcie/pci0002:00/0002:01:00.0/1f000d0000.gpio",
                    "platform", "pinctrl-rp1"
                ),
                (
                    "platform/axi/pcie/pci0002:00/0002:01:00.0/1f000d0000.gpio/gpiochip0",
                    "gpio", nil
                ),
            ]))
    }

    @Test func `takes a chip behind a bus for slow, however it is dressed`() throws {
        #expect(
            try !isPrompt([
                ("platform/soc/fe804000.i2c", "platform", "i2c-bcm2835"),
                ("platform/soc/fe804000.i2c/i2c-1", "i2c", nil),
                ("platform/soc/fe804000.i2c/i2c-1/1-0020", "i2c", "pca953x"),
                ("platform/soc/fe804000.i2c/i2c-1/1-0020/gpiochip0", "gpio", nil),
            ]))
        // A cell of a chip of many functions is a platform device behind I2C.
        #expect(
            try !isPrompt([
                ("platform/soc/i2c-1", "i2c", nil),
                ("platform/soc/i2c-1/1-0024/tps65218-gpio", "platform", "tps65218-gpio"),
                ("platform/soc/i2c-1/1-0024/tps65218-gpio/gpiochip0", "gpio", nil),
            ]))
        for bus in ["spi", "usb", "virtio", "w1", "serial", "somewhere"] {
            #expect(
                try !isPrompt([
                    ("platform/soc/x", bus, nil), ("platform/soc/x/gpiochip0", "gpio", nil),
                ]))
        }
    }

    @Test func `takes a chip that hands on what it is told for slow`() throws {
        for driver in ["raspberrypi-exp-gpio", "gpio-aggregator", "gpio-latch"] {
            #expect(
                try !isPrompt([
                    ("platform/soc/firmware/gpio", "platform", driver),
                    ("platform/soc/firmware/gpio/gpiochip0", "gpio", nil),
                ]))
        }
    }

    @Test func `takes a chip that it does not find for slow`() throws {
        #expect(!GPIOTree(sys: "/nowhere").isPrompt("/dev/gpiochip0"))
        let tree = try tree([("platform/a/gpiochip0", "gpio", nil)])
        #expect(!tree.isPrompt("/dev/gpiochip1"))
        #expect(!tree.isPrompt(""))
        #expect(tree.isPrompt("/dev/gpiochip0"))
    }
}
