// The control socket for real: a server thread, clients, and peers that mean no good.

import CLinux
import Control
import EventLoop
import Glibc
import StationCore
import Testing

@testable import Ports

@Suite struct `The control socket` {
    @Test func `serves a station to a client`() throws {
        let rig = try ControlRig()
        defer { rig.stop() }
        var client = try ControlClient(path: rig.path)
        let station = try client.call(GetStation.self).station
        #expect(station.id == "test")
        #expect(station.journal.state == "running")
        #expect(try client.devices().map(\.name) == ["reader", "strike"])
        #expect(try client.call(GetInfo.self).interfaces.contains("io.stationd"))
    }

    @Test func `brings a long metric whole although it takes several messages`() throws {
        let rig = try ControlRig()
        defer { rig.stop() }
        var client = try ControlClient(path: rig.path)
        let metrics = try client.metrics()
        let long = try #require(metrics.first { $0.name == "test_long" })
        #expect(long.samples.map(\.value) == (0..<5_000).map(Double.init))
    }

    @Test func `refuses with an error that keeps its parameters, and goes on`() throws {
        let rig = try ControlRig()
        defer { rig.stop() }
        var client = try ControlClient(path: rig.path)
        #expect(
            throws: ControlFailure.refused(
                .noSuchReader(reader: "nowhere", readers: ["reader"]))
        ) {
            _ = try client.call(Tap.self, Tap.Parameters(reader: "nowhere", bits: "1"))
        }
        #expect(try client.call(CreateKey.self).epoch == "local-1")
        let pass = try client.call(IssuePass.self, IssuePass.Parameters(hours: 12))
        let claim = try SignedDayPass.parse(pass.pass).claim
        #expect(claim.validTo.seconds - claim.validFrom.seconds == 12 * 3_600)
        #expect(pass.issuer.utf8.count == 64)
    }

    @Test func `takes a roster from a descriptor`() throws {
        let rig = try ControlRig()
        defer { rig.stop() }
        var client = try ControlClient(path: rig.path)
        let file = try temporaryFile("a\nb\nc\n")
        defer { _ = close(file) }
        let reply = try client.importRoster(file, partial: false, dry: true)
        #expect(reply.verdicts.map(\.line) == [1, 2, 3])
        #expect(!reply.applied)
    }

    @Test func `shows a live reader what happens`() throws {
        let rig = try ControlRig()
        defer { rig.stop() }
        var watcher = try ControlClient(path: rig.path)
        var crew = try ControlClient(path: rig.path)
        var seen: [Int64] = []
        var failure: (any Error)?
        try watcher.callMore(ReadEntries.self, ReadEntries.Parameters()) { reply in
            seen += reply.entries.map(\.sequence)
            do {
                _ = try crew.call(Tap.self, Tap.Parameters(reader: "reader", bits: "01"))
            } catch { failure = error }
            return seen.count < 200 && failure == nil
        }
        #expect(seen == Array(1...Int64(seen.count)))
        #expect(failure == nil)
    }

    @Test func `wakes who waits for an entry`() throws {
        let rig = try ControlRig()
        defer { rig.stop() }
        let peer = try RawPeer(rig.path)
        try peer.send(#"{"method":"io.stationd.ReadEntries","parameters":{"wait":50000}}"#)
        var crew = try ControlClient(path: rig.path)
        _ = try crew.call(Tap.self, Tap.Parameters(reader: "reader", bits: "01"))
        #expect(try peer.receive().contains(#""sequence":1"#))
    }

    @Test func `says that nobody is there when nobody is`() {
        #expect(throws: ControlFailure.unreachable(path: "/tmp/no/station", errno: ENOENT)) {
            _ = try ControlClient(path: "/tmp/no/station")
        }
        let long = "/tmp/" + String(repeating: "x", count: 200)
        #expect(throws: ControlFailure.unreachable(path: long, errno: ENAMETOOLONG)) {
            _ = try ControlClient(path: long)
        }
    }

    @Test func `says why it cannot listen, and serves as soon as it can`() throws {
        var template = Array("/tmp/control-late-XXXXXX".utf8CString)
        #expect(mkdtemp(&template) != nil)
        let folder = String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self)
        rmdir(folder)
        let path = folder + "/control"
        let words = Mailbox<ControlServer.CannotListen?>(capacity: 4)
        let rig = try ControlRig(path: path, told: { _ = words.post($0) })
        let failure = ControlServer.CannotListen(path: path, errno: ENOENT)
        #expect(rig.server.firstFailure == failure)
        #expect(failure.description.contains("控制套接字打不开"))
        #expect(failure.description.contains("cannot open the control socket"))
        #expect(next(words) == [failure])
        #expect(mkdir(folder, 0o700) == 0)
        #expect(next(words) == [nil])
        var client = try ControlClient(path: path)
        #expect(try client.call(GetInfo.self).version == "test")
        rig.stop()
        #expect(rmdir(folder) == 0)
    }

    /// What was told next, waited for at most ten seconds.
    private func next(
        _ words: Mailbox<ControlServer.CannotListen?>
    ) -> [ControlServer.CannotListen?] {
        var door = pollfd(fd: words.descriptor, events: Int16(POLLIN), revents: 0)
        poll(&door, 1, 10_000)
        var told: [ControlServer.CannotListen?] = []
        _ = words.drain(limit: 1) { told.append($0) }
        return told
    }

    @Test func `is not taken from a station that answers, and is from one that died`() throws {
        let rig = try ControlRig()
        defer { rig.stop() }
        let second = try ControlRig(path: rig.path)
        #expect(
            second.server.firstFailure
                == ControlServer.CannotListen(path: rig.path, errno: EADDRINUSE))
        // Nor does it take the file along when it ends.
        second.stop()
        var client = try ControlClient(path: rig.path)
        #expect(try client.call(GetInfo.self).product == "station-simulator")
        let left = rig.path + "-left"
        _ = close(station_listen_unix(left, 0o600))
        let next = try ControlRig(path: left)
        defer { next.stop() }
        var other = try ControlClient(path: left)
        #expect(try other.call(GetInfo.self).version == "test")
    }

    @Test func `gives up on a station that does not answer`() throws {
        let rig = try ControlRig()
        rig.desks.core.isSilent = true
        defer { rig.stop() }
        var client = try ControlClient(path: rig.path, timeoutMilliseconds: 50)
        #expect(throws: ControlFailure.timedOut) { _ = try client.devices() }
    }

    @Test func `is gone, file and all, once it is stopped`() throws {
        let rig = try ControlRig()
        var client = try ControlClient(path: rig.path)
        _ = try client.call(GetInfo.self)
        rig.stop()
        #expect(access(rig.path, F_OK) != 0)
        #expect(throws: ControlFailure.closed) { _ = try client.call(GetInfo.self) }
    }

    @Test func `lets its user and group in and nobody else`() throws {
        let rig = try ControlRig()
        defer { rig.stop() }
        var status = stat()
        #expect(stat(rig.path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o660)
    }

    @Test func `knows its peer's user and all its groups from the kernel`() throws {
        var ends: [Int32] = [-1, -1]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        defer { for end in ends { _ = close(end) } }
        let peer = try #require(ControlLoop.peer(of: ends[0]))
        var groups = [gid_t](repeating: 0, count: 64)
        let count = getgroups(Int32(groups.count), &groups)
        #expect(peer.user == getuid())
        #expect(peer.groups == [getgid()] + groups.prefix(Int(count)))
        #expect(ControlLoop.peer(of: -1) == nil)
    }
}
