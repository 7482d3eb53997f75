// A state directory of a test's own, with the keys and rosters that tests put there.

import EventLoop
import Glibc
import Journal
import StationCore
import Testing

@testable import Ports

/// A state directory that disappears with the last reference.
final class StateFolder: Sendable {
    let disk: DiskDirectory

    init() throws {
        var template = Array("/tmp/stationd-state-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template), "no temporary directory")
        disk = DiskDirectory(path: String(cString: made))
    }

    deinit {
        for name in names { unlink(disk.path(of: name)) }
        rmdir(disk.path)
    }

    /// The files in it, sorted.
    var names: [String] {
        guard let directory = opendir(disk.path) else { return [] }
        defer { closedir(directory) }
        var found: [String] = []
        while let item = readdir(directory) {
            let name = withUnsafePointer(to: &item.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { found.append(name) }
        }
        return found.sorted()
    }

    func put(_ name: String, _ bytes: [UInt8]) throws {
        try disk.replace(name, with: [bytes[...]])
    }

    /// A byte in the middle of a file is not what it was.
    func damage(_ name: String) throws {
        var bytes = try #require(try disk.read(name, limit: 1 << 20))
        bytes[bytes.count / 2] ^= 0x55
        try put(name, bytes)
    }

    /// The station as the next start finds it, and the version that imports count on from.
    func restarted() -> Restarted {
        let memory = Memory(disk, ControlRig.station)
        var station = Station(ControlRig.station, modes: memory.modes)
        let now = Instant(nanoseconds: 1)
        let version = memory.teach(&station, from: disk, at: now)
        return Restarted(
            rosterVersion: station.currentRoster?.version, keyEpoch: station.keyEpoch,
            nextVersion: version, memory: memory)
    }

    struct Restarted {
        /// Of the roster in force.
        let rosterVersion: UInt64?
        /// Of the key in force.
        let keyEpoch: ShortText?
        let nextVersion: UInt64
        let memory: Memory
    }
}

/// A key's file; the epoch's first byte is its secret.
func keyFile(_ epoch: String) throws -> KeyFile.Contents {
    try KeyFile.parse(keyText(epoch))
}

/// The same as a file has it.
func keyText(_ epoch: String) -> [UInt8] {
    let digits = String(epoch.utf8.first ?? 0, radix: 16)
    let secret = String(repeating: digits, count: StationKey.secretBytes)
    return Array("stationd-key 1\nepoch \(epoch)\nsecret \(secret)\n".utf8)
}

/// A roster of one key, made with that epoch's key.
func rosterFile(_ epoch: String, version: UInt64) throws -> [UInt8] {
    let key = try #require(try keyFile(epoch).key)
    var builder = RosterBuilder(key: key, version: version)
    let number = Number(layout: .bytes, width: 24, value: 4_711)
    try builder.add(
        RosterRow(
            id: ShortText("k1") ?? .empty, holder: ShortText("h1") ?? .empty,
            form: key.matchForm(of: number), doors: .every))
    return builder.build().file
}
