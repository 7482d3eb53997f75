// How long a profile takes to load, and a station of a hundred boxes to resolve.

import Glibc
import Profiles
import StationCore

enum ProfileTimes {
    private static let rounds = 9

    static func run(_ folder: String) {
        do throws(ConfigurationErrors) {
            let names = try DeviceProfile.all(in: folder).filter { $0.serial != nil }.map(\.id)
            var medians: [(time: Double, name: String)] = []
            for name in names {
                var times: [Double] = []
                for _ in 0..<rounds {
                    let start = now
                    let profile = try DeviceProfile.read(file: "\(folder)/\(name).yaml")
                    guard profile.exampleErrors(file: name).isEmpty else { exit(1) }
                    times.append(Double(now - start) / 1e6)
                }
                medians.append((times.sorted()[rounds / 2], name))
            }
            medians.sort { $0.time < $1.time }
            tell("profile_load_ms_median", medians[medians.count / 2].time)
            tell("profile_load_ms_worst", medians[medians.count - 1].time)
            var times: [Double] = []
            for _ in 0..<3 {
                let start = now
                let resolution = try Resolution.resolve(
                    text: Array(station.utf8), name: "bench.yaml", devicesDirectory: folder)
                times.append(Double(now - start) / 1e6)
                guard resolution.station.devices.count == 105 else { exit(1) }
            }
            tell("station_of_100_boxes_ms", times.sorted()[1])
        } catch {
            print(error.text(.english))
            exit(65)
        }
    }

    private static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// A hundred boxes on four lines, four models in turn.
    private static var station: String {
        let models = ["pzem-004t-v3", "lockboard-8a-24", "waveshare-relay-8d", "sdm630"]
        var text = """
            schema: station/1
            station:
              id: bench
              name: {zh: 测试站, en: Bench station}
              phone: "024-7380-0110"
              utc_offset: "+08:00"
            ports:
              header: {gpio: test-chip}

            """
        for line in 1...4 { text += "  line-\(line): {serial: /dev/ttyAMA\(line), baud: 19200}\n" }
        text += "devices:\n  - {name: strike, profile: strike-12v, gpio: {coil: A3}}\n"
        for line in 1...4 {
            for address in 1...25 {
                text +=
                    "  - {name: box-\(line)-\(address), profile: \(models[address % 4]), "
                    + "port: line-\(line), address: \(address)}\n"
            }
        }
        return text + "doors:\n  - {name: front, lock: strike}\n"
    }
}
