// How a station ends: everything that it wrote is on the medium, or counted.

import CLinux
import Control
import EventLoop
import Glibc
import Journal
import StationCore
import Testing

@testable import Ports

@Suite struct `What a station wrote last` {
    private let now = Instant(nanoseconds: 1)

    private func backstage(_ directory: DiskDirectory) throws -> Backstage {
        try Backstage.make(
            ControlRig.station, memory: Memory(directory, ControlRig.station),
            directory: directory, isSimulated: true, now: now)
    }

    @Test func `is on the medium when it has stopped, though the loop hands over no more`() throws {
        var template = Array("/tmp/backstage-XXXXXX".utf8CString)
        let folder = String(cString: try #require(mkdtemp(&template)))
        let directory = DiskDirectory(path: folder)
        defer {
            for name in [Store.fileName, Store.fileName + "-wal"] {
                unlink(directory.path(of: name))
            }
            rmdir(folder)
        }
        let backstage = try backstage(directory)
        var station = Station(ControlRig.station)
        let made = UInt64(Outbox.capacity) - 1
        for _ in 0..<made { station.started(at: now) }
        backstage.finish(.stopped, &station, at: now)
        #expect(backstage.leave(station) == .stopped)
        var store = try Store.open(
            StoreSettings(
                directory: directory, random: KernelRandom(), now: { Instant(nanoseconds: 1) },
                wall: { WallTime(seconds: 1_790_000_000) },
                station: ControlRig.station.station.id, boot: .ofKernel(),
                names: EntryNames(ControlRig.station)))
        let end = store.end
        #expect(end.sequence == made + 1)
        let last = try store.read(
            after: Cursor(store: end.store, sequence: made), limit: 1)
        #expect(last.entries.map(\.kind) == ["station.stopped"])
    }

    @Test func `is counted when it cannot be written, with what found no room before`() throws {
        let backstage = try backstage(DiskDirectory(path: "/tmp/no/state"))
        var station = Station(ControlRig.station)
        for _ in 0..<Outbox.capacity + 7 { station.started(at: now) }
        #expect(
            backstage.writeRest(of: station).left + Int(station.outbox.lost) == Outbox.capacity + 7)
    }
}
