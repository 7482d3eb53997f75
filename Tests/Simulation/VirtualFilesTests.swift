// Devices on the board in a simulated world: their files say something, and nothing is wrong.

import EventLoop
import Profiles
import StationCore
import Testing

@testable import Simulation

@Suite struct `A simulated board` {
    @Test func `has sensors that say what they may, and no faults`() throws {
        let text = """
            schema: station/1
            station:
              id: tap
              name: {zh: 饮水点, en: Tap}
            ports:
              header: {gpio: test-chip}
            devices:
              - {name: board, profile: board-linux}
              - {name: fridge, profile: ds18b20}
              - {name: wifi, profile: network-link}
              - {name: strike, profile: strike-12v, gpio: {coil: A9}}
            doors:
              - {name: front, lock: strike}

            """
        let resolved = try Resolution.resolve(
            text: Array(text.utf8), name: "station.yaml",
            devicesDirectory: "\(Repository.root)/Devices"
        ).station
        var station = Station(resolved)
        var files = VirtualFiles(resolved)
        var now = Instant(nanoseconds: 1_000_000_000)
        station.started(at: now)
        for _ in 0..<600 {
            files.expire(into: &station, at: now)
            station.expire(at: now)
            now = now + .seconds(1)
        }
        for place in 0..<3 {
            #expect(station.deviceHealth[place].faults.isEmpty)
            for reading in station.pointReadings(of: place) {
                #expect(reading.quality == .good || reading.quality == .absent)
            }
        }
        let memory = resolved.devices[0].driver.shownPoints.firstIndex { $0.name == "memory" }
        let reading = station.pointReadings(of: 0)[try #require(memory)]
        #expect(reading.value.map { DecimalNumber.zero < $0 } == true)
    }
}
