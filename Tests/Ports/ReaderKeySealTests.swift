// Readers' keys from start to start: sealed when a seal comes, missed aloud when it goes, and kept
// while something else keeps the clerk.

import Control
import EventLoop
import Glibc
import Journal
import Testing

@testable import Ports
@testable import StationCore

@Suite struct `Readers' keys at a start` {
    private let folder: StateFolder
    private let secret = (0..<32).map { UInt8($0) &* 13 &+ 5 }

    init() throws { folder = try StateFolder() }

    private func start(
        _ seal: StateSeal?
    ) -> (state: ReaderKeyState, faults: [Fault], memory: Memory) {
        let memory = Memory(folder.disk, ControlRig.station, seal: seal)
        var station = Station(ControlRig.station)
        _ = memory.teach(&station, from: folder.disk, at: Instant(nanoseconds: 1))
        return (memory.readerKeys, station.faults.map(\.fault), memory)
    }

    private func key() throws -> OSDPKey {
        try OSDPKey((0..<16).map { UInt8($0) &* 37 &+ 11 ^ 0x5A })
    }

    @Test func `are sealed when a seal comes, and told as missing when it goes`() throws {
        let seal = try #require(StateSeal(secret: secret))
        #expect(start(nil).state == .none && start(seal).state == .none)
        try ReaderKeyFile(in: folder.disk, seal: nil).keep(key(), of: "gate", isProven: true)
        #expect(start(nil).state == .plain)
        #expect(start(seal).state == .sealed)
        let file = try folder.disk.read(ReaderKeyFile.name, limit: 1 << 20)
        let missed = start(nil)
        #expect(missed.state == .unusable && missed.faults == [.readerKeysUnusable])
        let other = start(StateSeal(secret: secret.reversed()))
        #expect(other.state == .unusable && other.faults == [.readerKeysUnusable])
        #expect(try folder.disk.read(ReaderKeyFile.name, limit: 1 << 20) == file)
        let again = start(seal)
        #expect(again.state == .sealed && again.faults.isEmpty)
    }

    @Test func `are told as damaged, and are not any more once a key is kept`() throws {
        try folder.put(
            ReaderKeyFile.name,
            Array("stationd-reader-keys 1\nshed key 2cf4a1903b5e77d80813aa9c44ef6120\n?\n".utf8))
        let damaged = start(nil)
        #expect(damaged.state == .plain && damaged.faults == [.readerKeysUnusable])
        let now = Instant(nanoseconds: 1)
        let backstage = try Backstage.make(
            ControlRig.station, memory: damaged.memory, directory: folder.disk, now: now)
        var station = Station(ControlRig.station)
        _ = damaged.memory.teach(&station, from: folder.disk, at: now)
        let receipt = KeyReceipt(reader: DeviceID(0), number: 1)
        let request = KeyRequest(receipt: receipt, key: try key(), isProven: true)
        backstage.keep(request, into: &station, at: now)
        while !station.faults.isEmpty {
            var door = pollfd(
                fd: backstage.desk.posts.descriptor, events: Int16(POLLIN), revents: 0)
            try #require(poll(&door, 1, 10_000) == 1)
            _ = backstage.takePosts(limit: 8, into: &station, at: now) { _, _ in }
        }
        #expect(start(nil).faults.isEmpty)
        #expect(try ReaderKeyFile(in: folder.disk, seal: nil).read().readers.count == 2)
        _ = backstage.leave(station)
    }

    @Test func `have their seal from a credential, and none from anything else`() throws {
        #expect(SealCredential.read(in: nil) == nil)
        #expect(SealCredential.read(in: folder.disk.path) == nil)
        #expect(SealCredential.read(in: "/nowhere/at/all") == nil)
        try folder.put(SealCredential.name, secret)
        #expect(SealCredential.read(in: folder.disk.path) != nil)
        try folder.put(SealCredential.name, Array("no key".utf8))
        #expect(SealCredential.read(in: folder.disk.path) == nil)
        try folder.put(SealCredential.name, [UInt8](repeating: 1, count: 300))
        #expect(SealCredential.read(in: folder.disk.path) == nil)
    }

    /// A reader in install mode waits eight seconds; an import of a million rows takes longer.
    @Test func `are kept while the clerk is busy with something else`() throws {
        let slow = HangingDirectory(folder.disk)
        let clerk = Clerk(station: ControlRig.station, directory: slow, key: nil)
        let posts = Mailbox<Post>(capacity: 16)
        clerk.start(posts: posts)
        #expect(clerk.take(.asked(.createKey, RequestID(number: 1))))
        slow.wait()
        let request = KeyRequest(
            receipt: KeyReceipt(reader: DeviceID(3), number: 7), key: try key(), isProven: true)
        #expect(clerk.keep(request, of: "gate"))
        var door = pollfd(fd: posts.descriptor, events: Int16(POLLIN), revents: 0)
        var kept: [KeyReceipt] = []
        while kept.isEmpty {
            try #require(poll(&door, 1, 10_000) == 1)
            _ = posts.drain(limit: 16) { post in
                if case .readerKeyKept(let receipt, true) = post { kept.append(receipt) }
            }
        }
        #expect(kept == [request.receipt])
        #expect(folder.names == [ReaderKeyFile.name])
        slow.go()
        #expect(clerk.stop(within: .seconds(60)))
        #expect(folder.names.contains(KeyFile.name))
    }
}
