// An import must fit beside the doors.

import Control
import Glibc
import Journal
import StationCore
import Testing

@testable import Ports

@Suite struct `An import's budget` {
    @Test func `is what the unit allows, what is used and a reserve taken off`() {
        #expect(ImportBudget(rooms: [176 << 20], available: 4 << 30).free == 152 << 20)
        #expect(ImportBudget(rooms: [], available: 100 << 20).free == 76 << 20)
        #expect(ImportBudget(rooms: [4 << 30], available: 30 << 20).free == 6 << 20)
        #expect(ImportBudget(rooms: [4 << 30, 30 << 20], available: .max).free == 6 << 20)
        #expect(ImportBudget(rooms: [0], available: .max).free == 0)
        #expect(ImportBudget.megabytes((152 << 20) - 1) == "152 MB")
    }

    @Test func `reads the kernel's files, and takes what they do not say for no limit`() throws {
        let folder = try StateFolder()
        func rooms(_ groups: String) -> [Int] {
            ImportBudget.groupRooms(groups, in: folder.disk.path)
        }
        try folder.put("memory.max", Array("268435456\n".utf8))
        #expect(rooms("0::/\n") == [268_435_456])
        try folder.put("memory.current", Array("80000000\n".utf8))
        #expect(rooms("0::/\n") == [188_435_456])
        // What the kernel may drop is no use of memory.
        let kinds = "anon 1\nfile 9\ninactive_file 20000000\nactive_file 10000000\n"
        try folder.put("memory.stat", Array(kinds.utf8))
        #expect(rooms("0::/\n") == [218_435_456])
        // The slice that a unit is in has its own limit.
        let unit = folder.disk.path(of: "unit")
        #expect(mkdir(unit, 0o700) == 0)
        defer { rmdir(unit) }
        #expect(rooms("0::/unit\n") == [218_435_456])
        try folder.put("unit/memory.max", Array("1000\n".utf8))
        defer { unlink(unit + "/memory.max") }
        #expect(rooms("0::/unit\n") == [1_000, 218_435_456])
        try folder.put("memory.max", Array("max\n".utf8))
        #expect(rooms("0::/unit\n") == [1_000])
        #expect(rooms("0::/\n") == [])
        #expect(rooms("1:name=systemd:/x\n") == [])
        #expect(rooms("") == [])
        #expect(
            ImportBudget.number(in: "MemTotal: 7 kB\nMemAvailable:   42 kB", after: "MemAvailable:")
                == 42)
        #expect(ImportBudget.number(in: "Mem", after: "MemAvailable:") == nil)
        #expect(ImportBudget.now().free > 0)
    }

    @Test func `refuses in both languages what does not fit`() throws {
        let folder = try StateFolder()
        try folder.put(
            "rows.csv", [UInt8](repeating: UInt8(ascii: "\n"), count: 999_999) + [0x30])
        let file = PassedFile(owning: open(folder.disk.path(of: "rows.csv"), O_RDONLY))
        let size = try ImportSize(of: file)
        #expect(size.rows == 1_000_000)
        #expect(size.need == 1_000_000 + 240_000_000)
        #expect(throws: ControlError.self) {
            try ImportSize(of: PassedFile(owning: open("/dev/zero", O_RDONLY)))
        }
        let reason = ControlReason(.noRoom, "229 MB, 76 MB")
        #expect(reason.text(.chinese).contains("内存上限") && reason.text(.chinese).contains("减少"))
        #expect(reason.text(.english).contains("229 MB, 76 MB"))
    }
}
