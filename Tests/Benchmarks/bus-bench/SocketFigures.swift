// What four hundred sockets cost a station: forty boards that all charge, with their profile's
// guards and without.

import EventLoop
import Glibc
import Profiles
import Simulation
import StationCore

enum SocketFigures {
    private static let boards = 40
    private static let seconds: Int64 = 1_800

    static func run(_ folder: String) {
        do throws(ConfigurationErrors) {
            let resolution = try Resolution.resolve(
                text: Array(text.utf8), name: "bench.yaml", devicesDirectory: folder)
            tell("station_400_sockets_core_percent", spent(resolution.station))
            var bare = resolution.station
            for place in bare.devices.indices {
                bare.devices[place].driver = bare.devices[place].driver.guarded(by: [], outer: nil)
            }
            tell("station_400_sockets_unguarded_core_percent", spent(bare))
        } catch {
            print(error.text(.english))
            exit(65)
        }
    }

    /// Half an hour of the whole station with its boards' own time.
    private static func spent(_ station: ResolvedStation) -> Double {
        let gate = GuardedStation(station)
        for twin in gate.lines {
            guard let board = twin.line.boxes.first as? JUYBox, let device = twin.devices.first
            else { continue }
            let points = station.devices[Int(device.index)].driver.shownPoints
            for point in points where point.name.hasPrefix("charging.") { board.put(1, at: point) }
        }
        gate.run(for: .seconds(60))
        let start = GuardFigures.processorTime
        gate.run(for: .seconds(seconds))
        let spent = GuardFigures.processorTime - start
        // A guard that stood would have switched off what is measured.
        guard !gate.isGuardStanding else { exit(1) }
        return spent / Double(seconds) * 100
    }

    private static var text: String {
        var text = """
            schema: station/1
            station:
              id: bench
              name: {zh: 测试站, en: Bench station}
              phone: "024-7380-0110"
              utc_offset: "+08:00"
            ports:
              header: {gpio: test-chip}
              mains: {serial: /dev/ttyAMA50, baud: 9600}

            """
        for board in 1...boards {
            text += "  line-\(board): {serial: /dev/ttyAMA\(board), baud: 9600}\n"
        }
        text += "devices:\n  - {name: strike, profile: strike-12v, gpio: {coil: A3}}\n"
        for board in 1...boards {
            text +=
                "  - {name: board-\(board), profile: juy-q800m, port: line-\(board), "
                + "outer: {perform: main/switch_off, with: {relay: \(board % 8 + 1)}}}\n"
        }
        text += "  - {name: main, profile: waveshare-relay-8, port: mains, address: 1, "
        return text + "drives: socket}\ndoors:\n  - {name: front, lock: strike}\n"
    }
}
