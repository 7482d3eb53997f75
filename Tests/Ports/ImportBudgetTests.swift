// An import must fit beside the doors.

import Control
import Glibc
import Journal
import StationCore
import Testing

@testable import Ports

@Suite struct `An import's budget` {
    @Test func `is what the unit allows, what is used and a reserve taken off`() {
        let budget = ImportBudget(limit: 256 << 20, resident: 80 << 20, available: 4 << 30)
        #expect(budget.free == 152 << 20)
        #expect(ImportBudget(limit: nil, resident: 80 << 20, available: 100 << 20).free == 76 << 20)
        #expect(ImportBudget(limit: 4 << 30, resident: 0, available: 30 << 20).free == 6 << 20)
        #expect(ImportBudget(limit: 10 << 20, resident: 80 << 20, available: .max).free == 0)
        #expect(ImportBudget.megabytes((152 << 20) - 1) == "152 MB")
    }

    @Test func `reads the kernel's files, and takes what they do not say for no limit`() throws {
        let folder = try StateFolder()
        try folder.put("memory.max", Array("268435456\n".utf8))
        #expect(ImportBudget.groupLimit("0::/\n", in: folder.disk.path) == 268_435_456)
        try folder.put("memory.max", Array("max\n".utf8))
        #expect(ImportBudget.groupLimit("0::/\n", in: folder.disk.path) == nil)
        #expect(ImportBudget.groupLimit("1:name=systemd:/x\n", in: folder.disk.path) == nil)
        #expect(ImportBudget.groupLimit("", in: folder.disk.path) == nil)
        #expect(
            ImportBudget.number(in: "MemTotal: 7 kB\nMemAvailable:   42 kB", after: "MemAvailable:")
                == 42)
        #expect(ImportBudget.number(in: "Mem", after: "MemAvailable:") == nil)
        #expect(ImportBudget.now().free > 0)
    }

    @Test func `refuses in both languages what does not fit`() throws {
        let rows = [UInt8](repeating: UInt8(ascii: "\n"), count: 1_000_000)
        let need = ImportBudget.need(of: rows)
        #expect(need == 240_000_000)
        let reason = ControlReason(.noRoom, "229 MB, 76 MB")
        #expect(reason.text(.chinese).contains("内存上限") && reason.text(.chinese).contains("减少"))
        #expect(reason.text(.english).contains("229 MB, 76 MB"))
    }
}
