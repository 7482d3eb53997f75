// How long reading takes: told, not asserted, since a test's machine is anybody's.

import StationCore
import Testing

@testable import Profiles

@Suite struct `The time that it takes` {
    /// A station of a hundred boxes on four lines, twenty-five each.
    private static var station: String {
        let profiles = ["pzem-004t-v3", "lockboard-8a-24", "waveshare-relay-8d", "sdm630"]
        let ports = (1...4).map { "  line-\($0): {serial: /dev/ttyAMA\($0), baud: 19200}\n" }
        let boxes = (1...4).flatMap { line in
            (1...25).map { address in
                "  - {name: box-\(line)-\(address), profile: \(profiles[address % 4]), "
                    + "port: line-\(line), address: \(address)}\n"
            }
        }
        return StationText.right
            .replacing("devices:\n", with: ports.joined() + "devices:\n" + boxes.joined())
    }

    @Test func `to resolve a hundred boxes and to load each profile is told`() throws {
        let clock = ContinuousClock()
        var resolution: Resolution?
        let resolving = try clock.measure { resolution = try StationText.resolve(Self.station) }
        #expect(resolution?.station.devices.count == 108)
        var slowest = (Duration.zero, "")
        let all = try clock.measure {
            for id in deviceIDs {
                let time = try clock.measure { _ = try readProfile(profileText(id), id: id) }
                if time > slowest.0 { slowest = (time, id) }
            }
        }
        let bytes = try #require(resolution).json.count
        print("a station of 100 boxes: resolved in \(resolving), \(bytes) bytes")
        print("\(deviceIDs.count) profiles: loaded in \(all), \(slowest.1) in \(slowest.0)")
    }
}
