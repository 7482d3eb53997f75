// One station to a state directory, whoever else tries.

import CLinux
import Glibc
import Journal
import Testing

@testable import Ports

@Suite struct `The lock on the state directory` {
    private func directory() throws -> DiskDirectory {
        var template = Array("/tmp/state-lock-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw RigFailure(errno: errno) }
        return DiskDirectory(
            path: String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self))
    }

    private func remove(_ directory: DiskDirectory) {
        unlink(directory.path(of: StateLock.fileName))
        rmdir(directory.path)
    }

    @Test func `is for one at a time, and names who has it`() throws {
        let directory = try directory()
        defer { remove(directory) }
        let first = try StateLock(directory)
        let held = StateLock.Failure.held(directory: directory.path, process: getpid())
        #expect(throws: held) { _ = try StateLock(directory) }
        for part in ["另一个 stationd", "another stationd", "\(getpid())", directory.path] {
            #expect(held.description.contains(part))
        }
        withExtendedLifetime(first) {}
    }

    @Test func `goes with its holder, whatever the file says afterwards`() throws {
        let directory = try directory()
        defer { remove(directory) }
        do { withExtendedLifetime(try StateLock(directory)) {} }
        #expect(try directory.read(StateLock.fileName, limit: 16) == Array("\(getpid())\n".utf8))
        withExtendedLifetime(try StateLock(directory)) {}
    }

    @Test(arguments: ["", "\n", "x\n", "-1\n", "0\n", "99999999999999999999\n", "2147483647\n"])
    func `does not name a process that is not there`(content: String) throws {
        let directory = try directory()
        defer { remove(directory) }
        let file = open(directory.path(of: StateLock.fileName), O_RDWR | O_CREAT, 0o600)
        defer { _ = close(file) }
        #expect(content.withCString { write(file, $0, strlen($0)) } == content.utf8.count)
        #expect(station_lock_file(file) == 0)
        #expect(throws: StateLock.Failure.held(directory: directory.path, process: nil)) {
            _ = try StateLock(directory)
        }
    }

    @Test func `that cannot be taken at all is another matter`() {
        let path = "/tmp/no/directory"
        #expect(
            throws: StateLock.Failure.unavailable(path: path + "/stationd.lock", errno: ENOENT)
        ) {
            _ = try StateLock(DiskDirectory(path: path))
        }
    }
}
