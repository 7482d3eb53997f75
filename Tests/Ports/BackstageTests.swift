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

    @Test func `does not wait for a clerk that hangs`() throws {
        let folder = try StateFolder()
        let hanging = HangingDirectory(folder.disk)
        let backstage = try Backstage.make(
            ControlRig.station, memory: Memory(hanging, ControlRig.station),
            directory: hanging, isSimulated: true, now: now)
        #expect(backstage.desk.ask(.createKey, id: RequestID(number: 1)))
        hanging.wait()
        var station = Station(ControlRig.station)
        station.started(at: now)
        backstage.finish(.stopped, &station, at: now)
        #expect(backstage.leave(station, patience: .milliseconds(1)) == .stopped)
        // Everything is there although the clerk has not ended.
        #expect(try StateSnapshot.read(in: folder.disk)?.last?.sequence == 2)
        #expect(!backstage.desk.clerk.stop(within: .milliseconds(1)))
        hanging.go()
        #expect(backstage.desk.clerk.stop(within: .seconds(60)))
    }

    @Test func `does not hold the loop, and a clerk that is silent for long is a fault`() throws {
        let folder = try StateFolder()
        let backstage = try backstage(folder.disk)
        var station = Station(ControlRig.station)
        func hears(_ post: Post, at now: Instant) {
            _ = backstage.desk.posts.post(post)
            _ = backstage.takePosts(limit: 8, into: &station, at: now) { _, _ in }
        }
        hears(.clerk(isBusy: true), at: now)
        let due = now + Clerk.longestTask
        #expect(backstage.nextClerkLook == due)
        backstage.expire(into: &station, at: Instant(nanoseconds: due.nanoseconds - 1))
        #expect(station.faults.isEmpty)
        backstage.expire(into: &station, at: due)
        #expect(station.faults.map(\.fault) == [.clerkStuck])
        #expect(backstage.nextDeadline > due, "the loop would spin")
        hears(.clerk(isBusy: false), at: due + .seconds(1))
        #expect(station.faults.isEmpty)
        _ = backstage.leave(station)
    }

    @Test func `is counted when it cannot be written, with what found no room before`() throws {
        let backstage = try backstage(DiskDirectory(path: "/tmp/no/state"))
        var station = Station(ControlRig.station)
        for _ in 0..<Outbox.capacity + 7 { station.started(at: now) }
        #expect(
            backstage.writeRest(of: station).left + Int(station.outbox.lost) == Outbox.capacity + 7)
    }
}
