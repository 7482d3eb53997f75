// A state directory on a medium that hangs: a file that is written there waits for the test.

import EventLoop
import Glibc
import Journal

@testable import Ports

/// Writing the station's key waits until `go`; everything else is as on the disk below.
final class HangingDirectory: StateDirectory {
    private let disk: DiskDirectory
    private let arrived = Mailbox<Bool>(capacity: 4)
    private let gate = Mailbox<Bool>(capacity: 4)

    init(_ disk: DiskDirectory) { self.disk = disk }

    /// Until somebody hangs.
    func wait() { Self.wait(arrived) }

    func go() { _ = gate.post(true) }

    private static func wait(_ mailbox: Mailbox<Bool>) {
        var door = pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0)
        poll(&door, 1, 60_000)
    }

    func path(of name: String) -> String { disk.path(of: name) }
    func size(of name: String) -> Int? { disk.size(of: name) }
    func rename(_ name: String, to newName: String) throws(JournalError) {
        try disk.rename(name, to: newName)
    }
    func sync() throws(JournalError) { try disk.sync() }
    func read(_ name: String, limit: Int) throws(JournalError) -> [UInt8]? {
        try disk.read(name, limit: limit)
    }

    func replace(_ name: String, with parts: [ArraySlice<UInt8>]) throws(JournalError) {
        if name == KeyFile.name {
            _ = arrived.post(true)
            Self.wait(gate)
        }
        try disk.replace(name, with: parts)
    }
}
