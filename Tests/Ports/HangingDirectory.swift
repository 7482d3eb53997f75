// A state directory on a medium that hangs: what is written to one file there waits for the test.

import EventLoop
import Glibc
import Journal

@testable import Ports

/// Writing one file waits until `go`, each time; everything else is as on the disk below.
final class HangingDirectory: StateDirectory {
    private let disk: DiskDirectory
    private let arrived = Mailbox<Bool>(capacity: 4)
    private let gate = Mailbox<Bool>(capacity: 4)

    private let name: String

    init(_ disk: DiskDirectory, at name: String = KeyFile.name) {
        self.disk = disk
        self.name = name
    }

    /// Until somebody hangs.
    func wait() { Self.wait(arrived) }

    func go() { _ = gate.post(true) }

    private static func wait(_ mailbox: Mailbox<Bool>) {
        var door = pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0)
        poll(&door, 1, 60_000)
        _ = mailbox.drain(limit: 1) { _ in }
    }

    private func hang(_ name: String) {
        guard name == self.name else { return }
        _ = arrived.post(true)
        Self.wait(gate)
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
        hang(name)
        try disk.replace(name, with: parts)
    }

    func overwrite(
        _ name: String, at offset: Int, with bytes: ArraySlice<UInt8>
    ) throws(JournalError) {
        hang(name)
        try disk.overwrite(name, at: offset, with: bytes)
    }
}
