// What the threads behind the socket answer when something cannot be done: a word for programs.

import Control
import EventLoop
import Glibc
import Journal
import StationCore
import Testing

@testable import Ports

@Suite struct `A refusal` {
    private static let secret = String(repeating: "5a", count: 32)

    @Test(arguments: [
        ("", "keyLines"), ("stationd-key 1\nepoch e\n", "keyLines"),
        ("stationd-key 2\nepoch e\nsecret \(secret)\n", "keyLines"),
        ("stationd-key 1\nepoch \nsecret \(secret)\n", "keyEpoch"),
        ("stationd-key 1\nepoch \(secret)\nsecret \(secret)\n", "keyEpoch"),
        ("stationd-key 1\nepoch e\nsecret \(secret.dropLast())\n", "keySecret"),
        ("stationd-key 1\nepoch e\nsecret \(secret.dropLast())g\n", "keySecret"),
    ])
    func `of a key's file says which line is not as it should be`(text: String, word: String) {
        do throws(KeyFile.Failure) {
            _ = try KeyFile.parse(Array(text.utf8))
            Issue.record("taken: \(text)")
        } catch {
            guard case .malformed(let flaw) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(flaw.reason.word == word)
            #expect("\(error)".contains("行") && "\(error)".contains("line"))
        }
    }

    @Test func `of the journal has one word for its state`() throws {
        var template = Array("/tmp/refusal-XXXXXX".utf8CString)
        #expect(mkdtemp(&template) != nil)
        let folder = String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self)
        defer { rmdir(folder) }
        let path = folder + "/control"
        // A state directory that is not there: nothing can be opened or kept.
        let directory = DiskDirectory(path: folder + "/no")
        let now = Instant(nanoseconds: 1)
        let backstage = try Backstage.make(
            ControlRig.station, memory: Memory(directory, ControlRig.station),
            directory: directory, isSimulated: true, now: now)
        #expect(failed(backstage))
        backstage.open(
            socket: path,
            info: ServiceInfo(
                version: "test", simulated: true, configuration: "c", boot: "b",
                station: ControlRig.station), peers: PeerTable(ownUser: getuid()),
            tables: .none, rosterVersion: 0)
        var client = try ControlClient(path: path)
        #expect(throws: ControlFailure.refused(.journalUnavailable(state: "failed"))) {
            _ = try client.call(ReadEntries.self, ReadEntries.Parameters())
        }
        #expect(
            throws: ControlFailure.refused(.badKey(ControlReason(.notWritten, ENOENT)))
        ) {
            _ = try client.call(CreateKey.self)
        }
        _ = backstage.leave(Station(ControlRig.station))
    }

    @Test func `of a snapshot is told, so that a mode is not forgotten`() throws {
        let directory = DiskDirectory(path: "/tmp/no/state")
        let now = Instant(nanoseconds: 1)
        let backstage = try Backstage.make(
            ControlRig.station, memory: Memory(directory, ControlRig.station),
            directory: directory, isSimulated: true, now: now)
        var station = Station(ControlRig.station, modes: [.lockedDown])
        let snapshot = StateSnapshot(of: station, last: nil, at: now)
        #expect(snapshot.modes(for: ControlRig.station) == [.lockedDown])
        SnapshotWriter(
            thread: backstage.journal, snapshot: snapshot, posts: backstage.desk.posts
        ).start()
        #expect(hears(backstage) { if case .snapshotWritten(false) = $0 { true } else { false } })
        // What was told is taken as a reason to try again soon, not in an hour.
        backstage.expire(into: &station, at: now)
        #expect(backstage.nextDeadline > now + StateSnapshot.retry)
        _ = backstage.desk.posts.post(.snapshotWritten(false))
        _ = backstage.takePosts(limit: 64, into: &station, at: now) { _, _ in }
        #expect(backstage.nextDeadline == now + StateSnapshot.retry)
        // People are told as well, until one is written.
        #expect(station.faults.map(\.fault) == [.snapshotFailed])
        _ = backstage.desk.posts.post(.snapshotWritten(true))
        while backstage.takePosts(limit: 64, into: &station, at: now, other: { _, _ in }) {}
        #expect(station.faults.isEmpty)
        _ = backstage.leave(station)
    }

    private func failed(_ backstage: Backstage) -> Bool {
        hears(backstage) { if case .journal(.failed) = $0 { true } else { false } }
    }

    /// Waits until such a post came, at most ten seconds for each one before it.
    private func hears(_ backstage: Backstage, _ isIt: (Post) -> Bool) -> Bool {
        for _ in 0..<10 {
            var door = pollfd(
                fd: backstage.desk.posts.descriptor, events: Int16(POLLIN), revents: 0)
            poll(&door, 1, 10_000)
            var isHeard = false
            _ = backstage.desk.posts.drain(limit: 8) { if isIt($0) { isHeard = true } }
            if isHeard { return true }
        }
        return false
    }
}
