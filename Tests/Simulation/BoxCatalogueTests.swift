// Every box of the catalogue, as its file resolves, on a simulated line with its twin.

import EventLoop
import Profiles
import Testing

@testable import Simulation
@testable import StationCore

@Suite struct `The catalogue's boxes` {
    /// A box of that profile, on a line set as it leaves its maker.
    static func box(_ profile: DeviceProfile) throws
        -> (settings: BusDeviceSettings, baud: Int)?
    {
        guard case .box(let serial) = profile.link else { return nil }
        let parity = serial.parity == .none ? "" : ", parity: \(serial.parity.rawValue)"
        let stop = serial.stopBits == 1 ? "" : ", stop_bits: \(serial.stopBits)"
        // A number, a meter's twelve digits, or none: some models can only be alone on their line.
        let addresses = [", address: 1", ", address: \"000000000001\"", ""]
        let station = addresses.lazy.compactMap {
            try? Self.station(profile, serial.baud, parity + stop, address: $0)
        }.first
        let drivers = try #require(station, "\(profile.id)").devices.map(\.driver)
        for case .busDevice(let settings) in drivers { return (settings, serial.baud) }
        return nil
    }

    private static func station(
        _ profile: DeviceProfile, _ baud: Int, _ mode: String, address: String
    ) throws -> ResolvedStation {
        let text = """
            schema: station/1
            station:
              id: one-box
              name: {zh: 一台, en: One}
            ports:
              header: {gpio: test-chip}
              column: {serial: /dev/ttyAMA1, baud: \(baud)\(mode)}
            devices:
              - {name: box, profile: \(profile.id), port: column\(address)}
              - {name: strike, profile: strike-12v, gpio: {coil: A1}}
            doors:
              - {name: front, lock: strike}

            """
        return try Resolution.resolve(
            text: Array(text.utf8), name: profile.id,
            devicesDirectory: Repository.root + "/Devices"
        ).station
    }

    @Test func `all answer their twins, and give every point that is asked for`() throws {
        var seen = 0
        for profile in try DeviceProfile.all(in: Repository.root + "/Devices") {
            guard let (settings, baud) = try Self.box(profile) else { continue }
            seen += 1
            var stage = FieldBusStage([settings], baud: baud)
            stage.run(for: .seconds(120))
            #expect(stage.words() == ["online"], "\(profile.id)")
            // A sleeper's first question is lost; boards that report may meet a question.
            var lost: UInt64 = 0
            if settings.timing.repeatsFirst { lost = 1 }
            if settings.language.hasPushes { lost = 2 }
            #expect(stage.count("timeouts") <= lost, "\(profile.id)")
            #expect(stage.count("garbled") <= lost, "\(profile.id)")
            #expect(stage.line.collisions <= lost, "\(profile.id)")
            for (place, point) in settings.points.enumerated() where point.everyMilliseconds > 0 {
                if Self.isIdle(point) { continue }
                let reading = stage.driver.readings(of: DeviceID(1))[place]
                #expect(reading.quality != .unread, "\(profile.id) \(point.name)")
                #expect(reading.quality != .stale, "\(profile.id) \(point.name)")
            }
        }
        #expect(seen > 20)
    }

    /// What a JUY board does not say of sockets that do not charge.
    private static func isIdle(_ point: PointSettings) -> Bool {
        ["power.", "energy.", "heat."].contains { point.name.hasPrefix($0) }
    }

    @Test(arguments: ["lockboard-8a", "wkly-12", "kerong-cu16"])
    func `open the lock that they are told, and no other`(id: String) throws {
        let profile = try #require(
            try DeviceProfile.all(in: Repository.root + "/Devices").first { $0.id == id })
        let (settings, baud) = try #require(try Self.box(profile))
        let action = try #require(settings.actions.firstIndex { $0.name == "open" })
        var stage = FieldBusStage([settings], baud: baud)
        stage.run(for: .seconds(5))
        #expect(stage.perform(action, [ArgumentValue("lock", DecimalNumber(3))]) == nil)
        stage.run(for: .seconds(3))
        #expect(stage.reports.map(\.report.outcome) == [.confirmed])
        let open = settings.points.filter { $0.name.hasPrefix("door.") }.filter { point in
            let place = point.states.firstIndex(of: "open").map { DecimalNumber(Int64($0)) }
            return stage.reading(point.name).value == place
        }
        #expect(open.map(\.name) == ["door.3"])
    }
}
