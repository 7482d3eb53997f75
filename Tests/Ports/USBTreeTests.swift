// Which USB readers there are: descriptors byte by byte, and a tree of devices in a folder.

import Glibc
import StationCore
import Testing

@testable import Ports

/// Little pieces of descriptors, after USB 2.0, chapter 9.6.
enum Descriptors {
    static func device(vendor: UInt16 = 0x072f, product: UInt16 = 0x2200) -> [UInt8] {
        [18, 1, 0x10, 0x01, 0, 0, 0, 8, UInt8(vendor & 0xff), UInt8(vendor >> 8)]
            + [UInt8(product & 0xff), UInt8(product >> 8), 0x14, 0x02, 1, 2, 0, 1]
    }

    static func configuration(_ rest: [UInt8], value: UInt8 = 1) -> [UInt8] {
        let total = 9 + rest.count
        return [9, 2, UInt8(total & 0xff), UInt8(total >> 8), 1, value, 0, 0x80, 100] + rest
    }

    static func interface(_ number: UInt8, class code: UInt8 = 0x0b, setting: UInt8 = 0) -> [UInt8]
    {
        [9, 4, number, setting, 3, code, 0, 0, 0]
    }

    static func endpoint(_ address: UInt8, _ kind: UInt8, _ size: UInt16) -> [UInt8] {
        [7, 5, address, kind, UInt8(size & 0xff), UInt8(size >> 8), 16]
    }

    /// LudovicRousseau/CCID readers/ACR122U_PICC.txt, written back to bytes.
    static let ccid: [UInt8] =
        [0x36, 0x21, 0x00, 0x01, 0x00, 0x07, 2, 0, 0, 0, 0xa0, 0x0f, 0, 0, 0xa0, 0x0f, 0, 0, 0]
        + [0x00, 0x2a, 0, 0, 0x90, 0xd0, 0x03, 0, 0, 0, 1, 0, 0] + [UInt8](repeating: 0, count: 8)
        + [0x40, 0x00, 0x02, 0x00, 0x0f, 0x01, 0, 0, 0, 0, 0, 0, 0, 1]

    static var acr122uClass: CCIDClassDescriptor {
        guard let descriptor = try? CCIDClassDescriptor(ccid) else {
            preconditionFailure("the test's own descriptor is wrong")
        }
        return descriptor
    }

    static let pipes =
        endpoint(0x02, 2, 64) + endpoint(0x82, 2, 64) + endpoint(0x81, 3, 8)

    static let acr122u = device() + configuration(interface(0) + ccid + pipes)
}

@Suite struct `A USB device's descriptors` {
    private func found(_ bytes: [UInt8], _ configuration: UInt8 = 1) -> [USBCardInterface] {
        USBDescriptors.cardInterfaces(bytes, configuration: configuration)
    }

    @Test func `show an ACR122U's interface and its pipes`() throws {
        #expect(Descriptors.ccid.count == 54)
        let interface = try #require(found(Descriptors.acr122u).first)
        #expect(found(Descriptors.acr122u).count == 1)
        #expect(interface.number == 0)
        #expect(interface.bulkOut == .init(address: 0x02, packet: 64))
        #expect(interface.bulkIn == .init(address: 0x82, packet: 64))
        #expect(interface.interrupt == .init(address: 0x81, packet: 8))
        #expect(interface.descriptor.longestMessage == 271)
    }

    @Test func `may put the class after the pipes, and leave the interrupt pipe out`() {
        let late = Descriptors.interface(0) + Descriptors.pipes + Descriptors.ccid
        let bytes = Descriptors.device() + Descriptors.configuration(late)
        #expect(found(bytes) == found(Descriptors.acr122u))
        let quiet =
            Descriptors.interface(0) + Descriptors.ccid + Descriptors.endpoint(0x02, 2, 64)
            + Descriptors.endpoint(0x82, 2, 512)
        let interfaces = found(Descriptors.device() + Descriptors.configuration(quiet))
        #expect(interfaces.map(\.interrupt) == [nil])
        #expect(interfaces.map(\.bulkIn.packet) == [512])
    }

    /// LudovicRousseau/CCID readers/ACS_ACR1252_Dual_Reader.txt: two readers in one.
    @Test func `may hold several readers and other things`() {
        let body =
            Descriptors.interface(0) + Descriptors.ccid + Descriptors.pipes
            + Descriptors.interface(1) + Descriptors.ccid + Descriptors.endpoint(0x04, 2, 64)
            + Descriptors.endpoint(0x85, 2, 64) + Descriptors.interface(2, class: 0x03)
            + Descriptors.endpoint(0x86, 3, 8)
        let interfaces = found(Descriptors.device() + Descriptors.configuration(body))
        #expect(interfaces.map(\.number) == [0, 1])
        #expect(interfaces.map(\.bulkIn.address) == [0x82, 0x85])
    }

    @Test func `of another configuration or setting are no readers`() {
        let body = Descriptors.interface(0) + Descriptors.ccid + Descriptors.pipes
        let second = Descriptors.device() + Descriptors.configuration(body, value: 2)
        #expect(found(second, 1).isEmpty)
        #expect(found(second, 2).count == 1)
        let other = Descriptors.interface(0, setting: 1) + Descriptors.ccid + Descriptors.pipes
        #expect(found(Descriptors.device() + Descriptors.configuration(other)).isEmpty)
        let camera = Descriptors.interface(0, class: 0x0e) + Descriptors.pipes
        #expect(found(Descriptors.device() + Descriptors.configuration(camera)).isEmpty)
    }

    @Test func `cut anywhere hold a reader or none, and never more`() {
        let whole = Descriptors.acr122u
        for length in whole.indices {
            let interfaces = found(Array(whole[..<length]))
            #expect(interfaces.count <= 1)
        }
        #expect(found([0, 0, 0]).isEmpty)
        #expect(found([255]).isEmpty)
    }

    @Test func `of a hostile device are never too strange to be looked at`() {
        var state: UInt64 = 88_172_645_463_325_252
        func next() -> UInt8 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state >> 24)
        }
        for _ in 0..<20_000 {
            var bytes = Descriptors.acr122u
            for _ in 0..<Int(next() % 12) { bytes[Int(next()) % bytes.count] = next() }
            for interface in found(bytes) {
                #expect((1...0x7ff).contains(interface.bulkIn.packet))
            }
        }
    }
}

@Suite struct `A USB path` {
    @Test(
        arguments: [
            ("1-1", "1-1", nil), ("1-1.4", "1-1.4", nil), ("2-1.4.3:1.1", "2-1.4.3", 1),
            ("10-2.7.1.1.1.1.1", "10-2.7.1.1.1.1.1", nil), ("1-1:1.0", "1-1", 0),
        ] as [(String, String, UInt8?)])
    func `names a bus, ports, and perhaps an interface`(
        text: String, device: String, interface: UInt8?
    ) throws {
        let path = try #require(USBPath(text))
        #expect(path.device == device)
        #expect(path.interface == interface)
        #expect(path.description == text)
    }

    @Test(arguments: [
        "", "1", "usb1", "1-", "-1", "1-0", "0-1", "1-1.", "1-1..2", "1-01", "1-256", "1-1:1",
        "1-1:1.0:1.0", "1-1:", "1-1.1.1.1.1.1.1.1", "1-1/..", "1-1 ", "１-1", "1-1:1.256",
    ])
    func `is nothing else`(text: String) { #expect(USBPath(text) == nil) }
}

/// A folder that looks like sysfs's devices and udev's files.
final class FakeTree {
    let root: String
    var tree: USBTree { USBTree(devices: root + "/devices", nodes: root + "/nodes") }

    init() throws {
        var template = Array("/tmp/usb-tree-XXXXXX".utf8CString)
        root = try #require(mkdtemp(&template).map { String(cString: $0) })
        mkdir(root + "/devices", 0o755)
        mkdir(root + "/nodes", 0o755)
        mkdir(root + "/nodes/001", 0o755)
        try write("/devices/usb1/devnum", "1")
        try write("/devices/1-0:1.0/bInterfaceClass", "09")
    }

    deinit { run("/bin/rm", ["-r", root]) }

    func write(_ path: String, _ bytes: some Collection<UInt8>) throws {
        let parts = path.split(separator: "/")
        var folder = root
        for part in parts.dropLast() {
            folder += "/" + part
            mkdir(folder, 0o755)
        }
        let file = open(root + path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        try #require(file >= 0)
        let all = Array(bytes)
        #expect(Glibc.write(file, all, all.count) == all.count)
        close(file)
    }

    func write(_ path: String, _ text: String) throws { try write(path, Array((text + "\n").utf8)) }

    func plug(
        _ place: String, address: Int, _ descriptors: [UInt8] = Descriptors.acr122u,
        driver: String? = nil
    ) throws {
        let folder = "/devices/" + place
        try write(folder + "/busnum", "1")
        try write(folder + "/devnum", "\(address)")
        try write(folder + "/bConfigurationValue", "1")
        try write(folder + "/descriptors", descriptors)
        try write(folder + "/product", "ACR122U \u{7} PICC Interface")
        try write("/devices/\(place):1.0/bInterfaceClass", "0b")
        if let driver {
            symlink("../../../bus/usb/drivers/\(driver)", "\(root)/devices/\(place):1.0/driver")
        }
        try write("/nodes/001/00\(address)", "no device")
    }

    private func run(_ program: String, _ arguments: [String]) {
        var pid = pid_t()
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        if posix_spawn(&pid, program, nil, nil, words, nil) == 0 { waitpid(pid, nil, 0) }
    }
}

@Suite struct `The tree of USB devices` {
    @Test func `shows each card reader with its place, file and driver`() throws {
        let fake = try FakeTree()
        try fake.plug("1-1", address: 5, driver: "pn533_usb")
        try fake.plug(
            "1-2", address: 6,
            Descriptors.device()
                + Descriptors.configuration(Descriptors.interface(0, class: 3) + Descriptors.pipes))
        let candidates = fake.tree.candidates()
        #expect(candidates.map(\.device) == ["1-1"])
        let reader = try #require(candidates.first)
        #expect(reader.vendor == 0x072f && reader.product == 0x2200 && reader.release == 0x0214)
        #expect(reader.driver == "pn533_usb")
        #expect(reader.name == "ACR122U  PICC Interface")
        #expect(fake.tree.node(of: reader) == fake.root + "/nodes/001/005")
    }

    @Test func `is empty where there is no USB`() {
        #expect(USBTree(devices: "/nowhere", nodes: "/nowhere").candidates().isEmpty)
    }

    @Test func `yields the reader of a port, or says what is wrong`() throws {
        let fake = try FakeTree()
        let path = try #require(USBPath("1-1"))
        func choose(_ text: String) throws -> USBCandidate {
            try USBBinding.path(#require(USBPath(text))).choose(from: fake.tree, reserved: [])
        }
        #expect(throws: USBObstacle.missing(.path(path))) { try choose("1-1") }
        try fake.plug("1-1", address: 5)
        #expect(try choose("1-1").device == "1-1")
        #expect(try choose("1-1:1.0").device == "1-1")
        let second = try #require(USBPath("1-1:1.1"))
        #expect(throws: USBObstacle.notAReader(second)) { try choose("1-1:1.1") }
        try fake.plug("1-2", address: 6, Descriptors.device())
        let other = try #require(USBPath("1-2"))
        #expect(throws: USBObstacle.notAReader(other)) { try choose("1-2") }
    }

    @Test func `yields the only reader, and none where there are two`() throws {
        let fake = try FakeTree()
        func only(_ reserved: Set<String> = []) throws -> USBCandidate {
            try USBBinding.only.choose(from: fake.tree, reserved: reserved)
        }
        #expect(throws: USBObstacle.missing(.only)) { try only() }
        try fake.plug("1-1.4", address: 5)
        #expect(try only().device == "1-1.4")
        try fake.plug("1-2", address: 6)
        #expect(throws: USBObstacle.ambiguous(["1-1.4", "1-2"])) { try only() }
        #expect(try only(["1-2"]).device == "1-1.4")
    }
}

@Suite struct `An obstacle before a USB reader` {
    static let all: [USBObstacle] = [
        .missing(.only), .missing(.path(USBPath("1-1")!)), .ambiguous(["1-1", "1-2"]),
        .notAReader(USBPath("1-1")!), .pcscd, .taken(path: "1-1"), .driver("pn533_usb"),
        .notPermitted(file: "/dev/bus/usb/001/004"),
        .failed(step: "claim", reason: "LIBUSB_ERROR_IO"),
        .stuck, .noUSB(reason: "LIBUSB_ERROR_OTHER"),
    ]

    @Test(arguments: all)
    func `is told in both languages with its cure`(obstacle: USBObstacle) {
        let chinese = obstacle.sentence(.chinese)
        let english = obstacle.sentence(.english)
        #expect(chinese.contains("请"))
        #expect(english.contains(": "))
        #expect(chinese != english)
        #expect(!english.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) })
    }

    @Test func `names the command or the file that helps`() {
        #expect(
            USBObstacle.pcscd.sentence(.chinese).contains("systemctl disable --now pcscd.socket"))
        #expect(USBObstacle.driver("pn533_usb").sentence(.english).contains("blacklist pn533_usb"))
        #expect(USBObstacle.pcscd.fault == .busy)
        #expect(USBObstacle.missing(.only).fault == .missing)
        #expect(USBObstacle.stuck.fault == .stuck)
    }
}
