// Used day passes through kills and starts: scanned at a real station core, with a real journal.

import CLinux
import EventLoop
import Glibc
import Journal
import StationCore
import Testing

@testable import Ports

@Suite struct `A day pass that was used before a restart` {
    private let folder: StateFolder
    private let signer: DayPassSigner

    init() throws {
        folder = try StateFolder()
        signer = try PassKeyFile.create(in: folder.disk)
    }

    private func pass(quota: UInt8, nonce: UInt64 = 1) throws -> String {
        let now = station_clock_realtime() / 1_000_000_000
        let pass = try #require(
            DayPass(
                issuer: signer.issuer.id, scope: .station(ShortText("test") ?? .empty),
                validFrom: WallTime(seconds: now - 3_600),
                validTo: WallTime(seconds: now + 86_400), quota: quota, nonce: nonce))
        return try #require(signer.sign(pass)).text
    }

    /// A run whose journal is open and that knows what came before.
    private func start() throws -> ScannerRun {
        let run = try ScannerRun(folder)
        #expect(run.recall())
        return run
    }

    /// Shows a pass, and waits until its grant is durable.
    private func use(_ text: String, in run: ScannerRun) {
        let before = run.station.counters.releases
        run.scan(text)
        #expect(run.go { run.station.counters.releases > before })
    }

    @Test func `stays used after a kill before its snapshot`() throws {
        let text = try pass(quota: 1)
        let first = try start()
        #expect(first.go { first.kept() != nil })
        let before = first.kept()
        use(text, in: first)
        try first.die(leaving: before)

        let second = try start()
        #expect(second.counted == [1])
        second.scan(text)
        second.turn()
        #expect(second.grants == 0)
        #expect(second.station.counters.denials[Int(Denial.quota.rawValue)] == 1)
        second.end()
    }

    @Test func `stays used after a kill after its snapshot, and another one at once`() throws {
        let text = try pass(quota: 2)
        let first = try start()
        use(text, in: first)
        let isKept = first.go {
            first.kept().flatMap { _ in try? StateSnapshot.read(in: folder.disk) }?.passes.count
                == 1
        }
        #expect(isKept)
        try first.die(leaving: first.kept())
        for _ in 0..<3 {
            // Starts that are cut short as soon as they have kept anything.
            let kept = try #require(
                try folder.disk.read(StateSnapshot.file.name, limit: 1 << 20))
            let run = try ScannerRun(folder)
            #expect(run.go { run.kept() != kept })
            try run.die(leaving: run.kept())
        }
        let last = try start()
        #expect(last.counted == [1])
        last.scan(text)
        last.turn()
        #expect(last.grants == 1 && last.counted == [2])
        last.wait(.seconds(10))
        last.scan(text)
        last.turn()
        #expect(last.grants == 1)
        last.end()
    }

    @Test func `stays used when only the snapshot or only the journal is left`() throws {
        let text = try pass(quota: 1)
        let first = try start()
        use(text, in: first)
        let isKept = first.go { (try? StateSnapshot.read(in: folder.disk))?.passes.count == 1 }
        #expect(isKept)
        try first.die(leaving: first.kept())
        for name in [Store.fileName, StateSnapshot.file.name] {
            unlink(folder.disk.path(of: name))
            let run = try start()
            #expect(run.counted == [1], "without \(name)")
            // It is said again in what comes next.
            let isSaid = run.go { (try? StateSnapshot.read(in: folder.disk))?.passes.count == 1 }
            #expect(isSaid)
            if name == StateSnapshot.file.name { break }
            run.wait(.seconds(6))
            run.scan(text)
            run.turn()
            #expect(run.grants == 0)
            try run.die(leaving: run.kept())
            // For the next round the journal has to know it by itself.
            let again = try start()
            try again.die(leaving: again.kept())
            try record(text)
        }
    }

    /// A journal that has the pass's use, from a run that was killed before it kept anything.
    private func record(_ text: String) throws {
        unlink(folder.disk.path(of: Store.fileName))
        unlink(folder.disk.path(of: StateSnapshot.file.name))
        let run = try start()
        use(text, in: run)
        try run.die(leaving: nil)
    }

    @Test func `does not count what let nobody in, and has a new number next time`() throws {
        let text = try pass(quota: 1)
        let first = try start()
        #expect(first.go { first.kept() != nil })
        let before = first.kept()
        first.scan(text)
        // Before its grant is durable somebody locks the door down.
        first.lockDown()
        let isTakenBack = first.go {
            first.events.contains { $0.name == "access.passWithdrawn" }
        }
        #expect(isTakenBack)
        #expect(first.counted == [0])
        first.releaseLockDown()
        first.turn()
        try first.die(leaving: before)

        let second = try start()
        #expect(second.counted == [0])
        second.scan(text)
        second.turn()
        let uses = second.events.compactMap { event -> UInt16? in
            guard case .passGranted(_, _, let use, _, _) = event else { return nil }
            return use
        }
        #expect(uses == [2])
        second.end()
    }
}
