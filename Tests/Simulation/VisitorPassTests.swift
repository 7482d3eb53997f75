// Visitors with day passes, good and bad, at doors whose board loses its power again and again.

import EventLoop
import StationCore
import Testing

@testable import Simulation

@Suite struct `A station whose visitors have day passes` {
    /// Two doors, each with a code scanner and a strike.
    private static func station(strict: Bool) -> ResolvedStation {
        let doors = 0..<2
        func device(_ name: String, _ driver: DriverSettings) -> ResolvedDevice {
            ResolvedDevice(
                name: name, profile: name, labelChinese: "", labelEnglish: "", driver: driver)
        }
        return ResolvedStation(
            station: StationIdentity(
                id: "visitors", nameChinese: "访客驿站", nameEnglish: "Visitors", phone: "",
                utcOffsetMinutes: 480),
            lines: doors.map { place in
                ResolvedLine(
                    chip: "bank", line: "strike-\(place)", direction: .output, activeLow: false,
                    bias: .asIs, edges: .none, debounceMicroseconds: 0, safe: false,
                    request: place, device: 2 * place + 1, terminal: 0)
            },
            devices: doors.flatMap { place in
                [
                    device(
                        "scanner-\(place)",
                        .keyboard(
                            KeyedReaderSettings(
                                formats: [], technology: "em4100", views: ["full"],
                                takesPasses: true))),
                    device(
                        "strike-\(place)",
                        .lock(LockSettings(kind: .strike, safety: .pull, duty: .continuous))),
                ]
            },
            channels: doors.map { place in
                ResolvedChannel(
                    port: "counter-\(place)",
                    link: .keyboard(KeyboardLink(socket: "1-1.\(place + 1)")), device: 2 * place)
            },
            doors: doors.map { place in
                ResolvedDoor(
                    name: "door-\(place)", labelChinese: "", labelEnglish: "",
                    readersIn: [2 * place], readersOut: [], lock: 2 * place + 1, contact: nil,
                    exitButton: nil, shared: false, greeting: .room, relock: .onOpen,
                    releaseMilliseconds: 1_000, openMilliseconds: 30_000,
                    preAlarmMilliseconds: 10_000)
            }, journal: JournalSettings(commitWait: strict ? .strict : .bounded),
            policy: StationPolicy())
    }

    static func options(
        _ seed: UInt64, _ swarm: Swarm, strict: Bool = false
    ) throws -> BatchOptions {
        let station = station(strict: strict)
        _ = try station.validated()
        var options = BatchOptions(
            seed: seed, station: station, safety: .seconds(600), liveness: .seconds(720),
            ridersPerThousandMinutes: 20_000, swarm: swarm)
        options.neighbourhood = Neighbourhood(
            count: 0, of: station, wall: options.wall, seed: SplitMix64(seed: seed))
        return options
    }

    private func denied(_ reason: Denial, _ report: BatchReport) -> UInt64 {
        report.counters.denials[Int(reason.rawValue)]
    }

    @Test func `lets the good ones in, and says to the others what is wrong`() throws {
        let report = try BatchRun.run(try Self.options(1, .calm))
        #expect(report.violations == [])
        #expect(report.counters.grants > 40)
        for reason in [Denial.expired, .door, .quota] { #expect(denied(reason, report) > 0) }
        // Forged and strange ones, and codes that are none.
        #expect(denied(.unknown, report) + denied(.rateLimited, report) > 10)
        #expect(try BatchRun.run(try Self.options(1, .calm)).trace == report.trace)
    }

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `gives no use back by a power cut, however slow the disk`(seed: UInt64) throws {
        var swarm = Swarm()
        swarm.powerCuts = true
        if seed > 2 { swarm.moods = [.slow] }
        swarm.every = .seconds(15)
        let report = try BatchRun.run(try Self.options(seed, swarm))
        #expect(report.violations == [])
        #expect(report.lives > 5)
        #expect(report.counters.grants > 20)
        #expect(denied(.quota, report) > 0)
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `counts no use that a strict station's journal did not keep`(seed: UInt64) throws {
        var swarm = Swarm()
        swarm.moods = [.full, .failing]
        swarm.commands = true
        swarm.powerCuts = seed == 3
        swarm.every = .seconds(20)
        let report = try BatchRun.run(try Self.options(seed, swarm, strict: true))
        #expect(report.violations == [])
        #expect(denied(.journalUnavailable, report) > 0)
        #expect(report.counters.undurableReleases == 0)
    }

    @Test(arguments: [UInt64(1), 2])
    func `takes one showing for one use, whatever its scanner does`(seed: UInt64) throws {
        var swarm = Swarm()
        swarm.readerFaults = [.late, .cut, .garbled, .deaf, .unplug]
        swarm.readerFaultPerMille = 200
        swarm.clockSteps = true
        swarm.every = .seconds(30)
        let report = try BatchRun.run(try Self.options(seed, swarm))
        #expect(report.violations == [])
        #expect(report.counters.grants > 20)
    }
}
