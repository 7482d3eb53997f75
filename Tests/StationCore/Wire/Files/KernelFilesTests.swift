// The kernel's files: thermometers on 1-Wire, converters, hwmon, the board's own numbers.

import Testing

@testable import StationCore

/// A folder tree in memory, standing for sysfs.
private struct Tree: FileTree {
    var contents: [String: String] = [:]
    var broken: Set<String> = []

    func content(of path: String) throws(FileTrouble) -> [UInt8] {
        if broken.contains(path) { throw .unreadable }
        guard let content = contents[path] else { throw .absent }
        return Array(content.utf8)
    }

    func names(in folder: String) -> [String] {
        let prefix = folder + "/"
        return Set(
            contents.keys.filter { $0.hasPrefix(prefix) }.map { path in
                String(path.dropFirst(prefix.count).prefix { $0 != "/" })
            }
        ).sorted()
    }

    var stateDevice: String { "179:2" }
    var isClockSynchronized: Bool { true }
}

@Suite struct `A DS18B20's nine bytes` {
    private func temperature(_ text: String) throws(DS18B20.Flaw) -> String {
        "\(try DS18B20.temperature(Array(text.utf8)))"
    }

    /// Data sheet, table 1, with checksums by Dallas' polynomial; the last from a real bus.
    @Test(arguments: [
        ("72 01 4b 46 7f ff 0e 10 57", "23.1250"), ("90 ff 4b 46 7f ff 10 10 a9", "-7.0000"),
    ])
    func `are degrees`(bytes: String, degrees: String) throws {
        #expect(try temperature("\(bytes) : crc=57 YES\n\(bytes) t=1\n") == degrees)
    }

    @Test func `from before the first conversion are none, though their checksum is right`() {
        let powerOn = "50 05 4b 46 7f ff 0c 10 1c : crc=1c YES\n50 05 4b 46 7f ff 0c 10 1c t=85000"
        #expect(throws: DS18B20.Flaw.powerOn) { try temperature(powerOn) }
    }

    @Test func `at a true 85 degrees are 85 degrees`() throws {
        let bytes: [UInt8] = [0x50, 0x05, 0x4B, 0x46, 0x7F, 0xFF, 0x10, 0x10]
        let text = (bytes + [DS18B20.checksum(bytes[...])]).map { Hex.upper([$0]) }
            .joined(separator: " ")
        #expect(try temperature(text) == "85.0000")
    }

    @Test func `with one wrong bit are none, whatever the second line says`() {
        let text = "72 01 4b 46 7f ff 0e 10 56 : crc=57 NO\n72 01 4b 46 7f ff 0e 10 57 t=23125\n"
        #expect(throws: DS18B20.Flaw.checksum) { try temperature(text) }
    }

    @Test func `of a shorted bus are none: eight zeros have a checksum of zero`() {
        #expect(throws: DS18B20.Flaw.nobody) {
            try temperature("00 00 00 00 00 00 00 00 00 : crc=00 YES\n t=0\n")
        }
    }

    @Test(arguments: ["", "t=85000", "72 01", "zz 01 4b 46 7f ff 0e 10 57", "7201 4b 46"])
    func `that are no bytes are none`(text: String) {
        #expect(throws: DS18B20.Flaw.text) { try temperature(text) }
    }
}

@Suite struct `A look at a file` {
    private func look(_ place: FilePlace, _ tree: Tree) -> FileFinding {
        var probe = FileProbe(place)
        return probe.look(in: tree)
    }

    private func number(_ text: String) -> FileFinding { .number(DecimalNumber(text)!) }

    @Test func `finds a number, one behind a label, one of a column, a hexadecimal one`() {
        var tree = Tree()
        tree.contents = [
            "/sys/a": "23125\n", "/proc/m": "MemTotal: 9 kB\nMemAvailable:   612304 kB\n",
            "/sys/l": "0x01 0x0a\n", "/proc/p": "some avg10=1.53 avg60=0.20\n",
        ]
        #expect(look(FilePlace(kind: .number, paths: ["/sys/a"]), tree) == number("23125"))
        #expect(
            look(FilePlace(kind: .number, paths: ["/proc/m"], label: "MemAvailable:"), tree)
                == number("612304"))
        #expect(
            look(FilePlace(kind: .number, paths: ["/sys/l"], column: 2), tree) == number("10"))
        #expect(
            look(FilePlace(kind: .number, paths: ["/proc/p"], label: "some avg10="), tree)
                == number("1.53"))
        #expect(look(FilePlace(kind: .number, paths: ["/sys/l"], column: 3), tree) == .damaged)
        #expect(look(FilePlace(kind: .number, paths: ["/proc/m"]), tree) == .damaged)
    }

    @Test func `that is not there finds nothing, never a zero`() {
        let place = FilePlace(kind: .number, paths: ["/sys/a", "/sys/b"])
        var tree = Tree()
        #expect(look(place, tree) == .absent)
        tree.contents["/sys/b"] = ""
        #expect(look(place, tree) == .damaged)
        tree.contents["/sys/b"] = "7"
        #expect(look(place, tree) == number("7"))
        tree.broken = ["/sys/a"]
        tree.contents["/sys/b"] = nil
        #expect(look(place, tree) == .unreadable)
    }

    @Test func `finds the folder by what it calls itself, whatever its number`() {
        var tree = Tree()
        let place = FilePlace(
            kind: .number, paths: ["/sys/class/hwmon/hwmon*/in0_lcrit_alarm"],
            folderNames: ["rpi_volt"])
        tree.contents = [
            "/sys/class/hwmon/hwmon0/name": "cpu_thermal\n",
            "/sys/class/hwmon/hwmon0/in0_lcrit_alarm": "9",
            "/sys/class/hwmon/hwmon3/name": "rpi_volt\n",
            "/sys/class/hwmon/hwmon3/in0_lcrit_alarm": "1\n",
        ]
        #expect(look(place, tree) == number("1"))
        tree.contents["/sys/class/hwmon/hwmon3/name"] = "other\n"
        #expect(look(place, tree) == .absent)
    }

    @Test func `does not choose between two that fit`() {
        var tree = Tree()
        let place = FilePlace(kind: .number, paths: ["/sys/bus/w1/devices/28-*/x"])
        tree.contents = ["/sys/bus/w1/devices/28-00aa/x": "1"]
        #expect(look(place, tree) == number("1"))
        tree.contents["/sys/bus/w1/devices/28-00ab/x"] = "2"
        #expect(look(place, tree) == .absent)
    }

    @Test func `does not take a disk's boot partition for the disk`() {
        var tree = Tree()
        let place = FilePlace(kind: .number, paths: ["/sys/block/mmcblk*/size"])
        tree.contents = [
            "/sys/block/mmcblk0/size": "64", "/sys/block/mmcblk0boot0/size": "8",
        ]
        #expect(look(place, tree) == number("64"))
    }

    @Test func `knows the disk that has the station's state`() {
        var tree = Tree()
        tree.contents = ["/sys/dev/block/179:2/../device/life_time": "0x0b 0x01\n"]
        let place = FilePlace(
            kind: .number, paths: ["/sys/dev/block/{state}/../device/life_time"], column: 1)
        #expect(place.isLegal)
        #expect(look(place, tree) == number("11"))
    }

    @Test func `scales an IIO channel, with its own factors or the shared ones`() {
        var tree = Tree()
        tree.contents = [
            "/sys/i/in_voltage0_raw": "1640\n", "/sys/i/in_voltage_scale": "2.0\n",
            "/sys/i/in_voltage1_raw": "100", "/sys/i/in_voltage1_scale": "0.5",
            "/sys/i/in_voltage1_offset": "-40", "/sys/i/in_temp_input": "23125",
            "/sys/i/in_voltage0-voltage1_raw": "8", "/sys/i/in_voltage-voltage_scale": "0.25",
        ]
        func channel(_ name: String) -> FileFinding {
            look(FilePlace(kind: .iio, paths: ["/sys/i/\(name)"]), tree)
        }
        #expect(channel("in_voltage0") == number("3280"))
        #expect(channel("in_voltage1") == number("30"))
        #expect(channel("in_temp") == number("23125"))
        #expect(channel("in_voltage0-voltage1") == number("2"))
        #expect(channel("in_voltage7") == .absent)
        tree.contents["/sys/i/in_voltage0_raw"] = "busy"
        #expect(channel("in_voltage0") == .damaged)
    }

    @Test func `of a word finds its place, and another place for one that nobody has heard of`() {
        var tree = Tree()
        let place = FilePlace(kind: .word, paths: ["/sys/o"], words: ["up", "down"])
        tree.contents["/sys/o"] = "down\n"
        #expect(look(place, tree) == number("1"))
        tree.contents["/sys/o"] = "notpresent\n"
        #expect(look(place, tree) == number("2"))
    }

    @Test func `of a disk says how long its writes took, when it wrote`() {
        var tree = Tree()
        var probe = FileProbe(FilePlace(kind: .latency, paths: ["/sys/stat"]))
        tree.contents["/sys/stat"] = "9 0 72 4 100 0 2048 250 0 1 254 0 0 0 0 0 0\n"
        #expect(probe.look(in: tree) == .quiet)
        #expect(probe.look(in: tree) == .quiet)
        tree.contents["/sys/stat"] = "9 0 72 4 104 0 2048 310 0 1 254 0 0 0 0 0 0\n"
        #expect(probe.look(in: tree) == number("15"))
        tree.contents["/sys/stat"] = "9 0\n"
        #expect(probe.look(in: tree) == .damaged)
    }

    @Test func `makes something of any bytes`() {
        var random = Xorshift(seed: 4)
        let kinds = FilePlace.Kind.allCases
        for _ in 0..<4_000 {
            let place = FilePlace(
                kind: kinds[random.below(kinds.count)], paths: ["/sys/x"],
                label: random.below(3) == 0 ? "a" : nil, column: random.below(3) + 1,
                words: ["a"])
            var tree = Tree()
            let text = String(decoding: random.bytes(random.below(64)), as: UTF8.self)
            for name in ["", "_raw", "_scale", "_offset"] {
                tree.contents["/sys/x" + name] = text
            }
            _ = look(place, tree)
        }
    }
}

@Suite struct `A path of a kernel's file` {
    @Test(arguments: [
        "/etc/passwd", "/sys/../etc/passwd", "/sys//x", "/sys/a*/b*", "sys/x", "/proc/./x",
        "/sys/dev/block/{state}/../../x", "",
    ])
    func `outside of the kernel's folders is refused`(path: String) {
        #expect(!FilePlace(kind: .number, paths: [path]).isLegal)
    }
}
