// The USB threads with libusb, mailboxes and a folder in place of the bus; no device is needed.

import EventLoop
import Glibc
import StationCore
import Testing

@testable import Ports

extension USBReaders {
    /// The next event, as soon as there is one; a test that waits for 20 s has failed.
    fileprivate func next() throws -> USBEvent {
        var found: [USBEvent] = []
        while found.isEmpty {
            var door = pollfd(fd: events.descriptor, events: Int16(POLLIN), revents: 0)
            try #require(poll(&door, 1, 20_000) == 1, "the USB thread says nothing")
            _ = events.drain(limit: 1) { found.append($0) }
        }
        return found[0]
    }

    fileprivate func nextObstacle(of reader: Int) throws -> USBObstacle {
        while true {
            if case .unavailable(reader, let obstacle) = try next() { return obstacle }
        }
    }
}

@Suite struct `USB readers` {
    @Test func `are told as missing, answer a ping, and stop`() throws {
        let fake = try FakeTree()
        let readers = USBReaders(bindings: [.only], tree: fake.tree)
        #expect(try readers.nextObstacle(of: 0) == .missing(.only))
        #expect(readers.ping(7))
        guard case .alive(7) = try readers.next() else {
            Issue.record("no sign of life")
            return
        }
        readers.stop()
    }

    @Test func `are found when they are plugged in later`() throws {
        let fake = try FakeTree()
        let port = try #require(USBPath("1-2"))
        let readers = USBReaders(bindings: [.only, .path(port)], tree: fake.tree)
        #expect(try readers.nextObstacle(of: 0) == .missing(.only))
        try fake.plug("1-1", address: 5)
        // The folder's file is no device: libusb says so, and the reason is passed on.
        guard case .failed("wrap", _) = try readers.nextObstacle(of: 0) else {
            Issue.record("a plain file was taken for a device")
            return
        }
        readers.stop()
    }

    @Test func `name the file that is not there any more`() throws {
        let fake = try FakeTree()
        try fake.plug("1-1", address: 5)
        unlink(fake.root + "/nodes/001/005")
        let readers = USBReaders(bindings: [.only], tree: fake.tree)
        guard case .failed("open", let reason) = try readers.nextObstacle(of: 0) else {
            Issue.record("opened what is not there")
            return
        }
        #expect(reason == "errno \(ENOENT)")
        readers.stop()
    }

    @Test func `drop what is sent to nobody`() throws {
        let fake = try FakeTree()
        let readers = USBReaders(bindings: [.only], tree: fake.tree)
        let packet = Packet([0x65, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        #expect(readers.send(packet, to: 0, session: 1))
        #expect(readers.send(packet, to: 99, session: 0))
        #expect(readers.reset(0, session: 0))
        #expect(readers.ping(1))
        while true { if case .alive(1) = try readers.next() { break } }
        readers.stop()
    }

    @Test func `carry blocks of 64 bytes`() {
        let bytes = (0..<100).map { UInt8($0) }
        let block = bytes.withUnsafeBytes { USBBlock($0) }
        #expect(block.bytes == Array(bytes.prefix(64)))
        #expect(block.withBytes { $0.byteCount } == 64)
    }
}
