// A roster of many keys: loading its file, looking keys up, and what it occupies.

import Journal
import Ports
import StationCore

/// Prints milliseconds to load, nanoseconds a look-up, bytes a key.
enum Rosters {
    static func run(count: Int) throws {
        let file = try Gate.rosterFile(count)
        let key = Gate.key()
        let start = Clock.now()
        let roster = try RosterFile.decode(file, doors: ["gate"])
        let loaded = Clock.seconds(since: start) * 1_000
        // Look-ups far apart, so that each one misses the caches; digests are made beforehand.
        let forms = (0..<100_000).map { place in
            key.matchForm(
                of: Number(
                    layout: .bytes, width: 24, value: UInt128(place &* 7_919 % count)))
        }
        let begin = Clock.now()
        var found = 0
        for form in forms where roster.find(form) != nil { found += 1 }
        let each = Clock.seconds(since: begin) / Double(forms.count) * 1e9
        precondition(found == forms.count, "a key of the roster was not found")
        print(loaded, each, Double(roster.memoryBytes) / Double(count))
    }

    /// Writes the key and its roster as `stationd` keeps them.
    static func keep(count: Int, in directory: String) throws {
        let disk = DiskDirectory(path: directory)
        let secret = String(repeating: "07", count: StationKey.secretBytes)
        try KeyFile.write(
            try KeyFile.parse(Array("stationd-key 1\nepoch bench\nsecret \(secret)\n".utf8)),
            in: disk, keeping: false)
        let file = try Gate.rosterFile(count)
        try disk.replace(Memory.rosterName, with: [file[...]])
    }
}
