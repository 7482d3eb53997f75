// What the journal's tests share: a directory of their own, a seed, a clock that stands, entries.

import EventLoop
import Glibc
import StationCore
import Testing

@testable import Journal

/// A directory that disappears with the last reference.
final class TemporaryDirectory: Sendable {
    let disk: DiskDirectory

    init() throws {
        var template = Array("/tmp/journal-tests-XXXXXX".utf8CString)
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

    func bytes(of name: String) throws -> [UInt8] {
        try #require(try disk.read(name, limit: 1 << 30), "\(name) is not there")
    }

    /// Writes over a file without any care, as damage does.
    func overwrite(_ name: String, _ bytes: [UInt8]) throws {
        let file = try #require(fopen(disk.path(of: name), "w"))
        defer { fclose(file) }
        #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    }

    func flip(_ name: String, at offset: Int) throws {
        var content = try bytes(of: name)
        content[offset] ^= 0x55
        try overwrite(name, content)
    }

    func cut(_ name: String, to length: Int) throws {
        #expect(truncate(disk.path(of: name), length) == 0)
    }

    func copy(to other: TemporaryDirectory) throws {
        for name in names { try other.overwrite(name, bytes(of: name)) }
    }
}

/// A generator whose seed decides everything (SplitMix64).
final class SeededRandom: RandomSource, @unchecked Sendable {
    // Used by one store on one thread at a time.
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    func fill(_ bytes: UnsafeMutableRawBufferPointer) {
        for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: next()) }
    }
}

let names = EntryNames(
    devices: ["east-reader", "east-strike"], doors: ["east", "west"],
    points: [
        [
            .init(name: "energy", unit: "W.h"),
            .init(name: "door.1", states: ["open \"\"", "closed"]),
        ]
    ], actions: [["open"]], rules: [["too_cold", "too_hot"]], services: ["lockers"],
    units: [["1", "A2"]], hours: ["rooms"])
/// What a snapshot says of uses when there are none, of decisions, of what doors remember, of
/// quotas and of commands; version 9 lacks it.
let emptyUses = 18 + emptyCommands

/// How long the parts of a snapshot are that say what was commanded and noticed, when nothing was.
let emptyCommands = 18 + 8
let boot = BootID(bits: 0xB007)

func settings(
    _ directory: TemporaryDirectory, seed: UInt64 = 1, station: String = "test",
    known: Cursor? = nil, pageLimit: Int = 262_144, fileSystem: String? = nil
) -> StoreSettings {
    StoreSettings(
        directory: directory.disk, fileSystem: fileSystem, random: SeededRandom(seed: seed),
        now: { Instant(nanoseconds: 0) }, wall: { WallTime(seconds: 1_790_000_000) },
        station: station, boot: boot, names: names, known: known, pageLimit: pageLimit)
}

let calendar = Calendar(
    wallOffset: 1_790_000_000_000_000_000, bootOffset: 7_000, quality: .synced,
    utcOffset: 28_800, floor: WallTime(milliseconds: 0))

let grant = Event.granted(door: DoorID(0), reader: DeviceID(0), view: .low3, note: .none)

func entry(
    _ number: UInt64, _ event: Event = grant, key: String = "", holder: String = ""
) -> Entry {
    Entry(
        ticket: Ticket(number: number), at: Instant(nanoseconds: Int64(number) * 1_000_000),
        calendar: calendar, event: event, key: ShortText(key) ?? .empty,
        holder: ShortText(holder) ?? .empty)
}

func entries(_ range: ClosedRange<UInt64>) -> [Entry] {
    range.map { entry($0, key: "key-\($0)", holder: "rider-\($0 % 7)") }
}

extension Store {
    /// Everything there is, slice by slice.
    mutating func readAll(after cursor: Cursor? = nil) throws -> [StoredEntry] {
        var all: [StoredEntry] = []
        var next = cursor
        while true {
            let slice = try read(after: next, limit: Store.sliceRows)
            all += slice.entries
            next = slice.next
            if !slice.hasMore { return all }
        }
    }

    /// The verdict on a stretch, slice by slice.
    mutating func verify(from first: UInt64 = 1, to last: UInt64 = .max) throws -> Verification {
        var verification = try beginVerification(from: first, to: last)
        while !verification.isFinished { try advance(&verification) }
        return verification
    }
}

/// Opens a store, lets `body` use it, and closes it as a kill would: without a checkpoint.
func withStore<Result>(
    _ settings: StoreSettings, _ body: (inout Store) throws -> Result
) throws -> Result {
    var store = try Store.open(settings)
    return try body(&store)
}

/// Changes a closed journal behind its back.
func meddle(_ directory: TemporaryDirectory, _ sql: String) throws {
    let database = try Database(path: directory.disk.path(of: Store.fileName), vfs: nil)
    try database.execute(sql)
}
