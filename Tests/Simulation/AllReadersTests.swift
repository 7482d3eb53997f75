// The station with a reader of every kind, whole: calm, and with each fault of its readers.

import EventLoop
import Simulation
import StationCore
import Testing

@Suite struct `The Riverside station` {
    static func options(
        _ seed: UInt64, swarm: Swarm, safety: Interval = .seconds(240)
    ) throws -> BatchOptions {
        let station = try Repository.station(seed: "riverside-all-readers")
        var options = BatchOptions(
            seed: seed, station: station, safety: safety,
            ridersPerThousandMinutes: 30_000, swarm: swarm)
        options.liveness = .seconds(615)
        options.neighbourhood = try Neighbourhood(
            csv: Repository.bytes("seeds/riverside-all-readers.csv"), of: station,
            seed: SplitMix64(seed: seed))
        return options
    }

    @Test func `has a reader of every kind, and riders enter by each of them`() throws {
        let options = try Self.options(1, swarm: .calm)
        let station = options.station
        var granted: [String: Int] = [:]
        let report = try BatchRun.run(options) { line in
            let words = line.split(separator: " ").map(String.init)
            guard
                let place = words.firstIndex(where: {
                    $0 == "access.granted" || $0 == "access.passGranted"
                }), words.count > place + 3
            else { return }
            granted[words[place + 3], default: 0] += 1
        }
        #expect(report.violations == [])
        for device in station.devices where device.driver.isReader {
            #expect(granted[device.name, default: 0] > 0, "\(device.name) of \(granted)")
        }
        for reason in [Denial.unknown, .lost, .blocked, .expired, .notYetValid] {
            #expect(report.counters.denials[Int(reason.rawValue)] > 0, "\(reason.name)")
        }
        #expect(try BatchRun.run(options).trace == report.trace)
    }

    @Test(arguments: ReaderMischief.Kind.allCases)
    func `loses and doubles no tap but those that a reader's fault explains`(
        kind: ReaderMischief.Kind
    ) throws {
        var swarm = Swarm()
        swarm.readerFaults = [kind]
        swarm.readerFaultPerMille = 300
        swarm.every = .seconds(40)
        let report = try BatchRun.run(try Self.options(1, swarm: swarm))
        #expect(report.violations == [])
        #expect(report.counters.grants > 20)
    }

    @Test(arguments: [UInt64(4), 5])
    func `stands everything at once`(seed: UInt64) throws {
        let swarm = Swarm(seed: SplitMix64(seed: seed))
        let options = try Self.options(seed, swarm: swarm)
        let report = try BatchRun.run(options)
        #expect(report.violations == [])
        #expect(report.counters.grants > 5)
        #expect(try BatchRun.run(options).trace == report.trace)
    }
}

extension DriverSettings {
    /// Whether it yields credentials.
    fileprivate var isReader: Bool {
        switch self {
        case .wiegand, .pn532, .em4100, .keyboard, .ccid, .osdpReader: true
        case .lock, .contact, .button, .osdpBus, .fieldBus, .busDevice, .boardDevice: false
        }
    }
}
