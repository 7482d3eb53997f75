// Devices on the board: what comes out of a station file, and what is refused, with its place.

import StationCore
import Testing

@testable import Profiles

private enum Tap {
    static let text = """
        schema: station/1
        station:
          id: tap
          name: {zh: 饮水点, en: Tap}
        ports:
          header: {gpio: test-chip}
        devices:
          - name: water
            profile: dispenser-yf-s201
            pulses_per_litre: 462
            gpio: {flow: A0, valve: A1, float: A2, leak: A3}
          - {name: light, profile: relay-line, drives: light, gpio: {relay: A4}}
          - {name: fridge, profile: ds18b20, folder: /sys/bus/w1/devices/28-0123456789ab}
          - {name: board, profile: board-linux}
          - {name: wifi, profile: network-link, folder: /sys/class/net/wlan0}
          - {name: strike, profile: strike-12v, gpio: {coil: A9}}
        doors:
          - {name: front, lock: strike}

        """

    static func errors(_ old: String, _ new: String) -> [String] {
        #expect(text.contains(old))
        return StationText.errors(in: text.replacing(old, with: new))
    }

    static func device(_ name: String) throws -> BoardDeviceSettings {
        let station = try StationText.resolve(text).station
        let device = try #require(station.devices.first { $0.name == name })
        guard case .boardDevice(let settings) = device.driver else {
            Issue.record("\(name) is not on the board")
            return BoardDeviceSettings(points: [])
        }
        return settings
    }
}

@Suite struct `Devices on the board` {
    @Test func `have their lines, each with its request and safe value`() throws {
        let station = try StationText.resolve(Tap.text).station
        let lines = station.lines.filter { $0.device == 0 }
        #expect(lines.map(\.line) == ["A0", "A1", "A2", "A3"])
        #expect(lines.map(\.direction) == [.input, .output, .input, .input])
        #expect(lines[0].edges == .rising && lines[2].edges == .both)
        #expect(lines[1].activeLow && !lines[1].safe)
        #expect(lines[0].request == lines[2].request && lines[0].request != lines[1].request)
    }

    @Test func `survive the way through the resolved file`() throws {
        let resolution = try StationText.resolve(Tap.text)
        #expect(try ResolvedFile.decode(resolution.json) == resolution.station)
        _ = try resolution.station.validated()
    }

    @Test func `take a parameter from the station file`() throws {
        let water = try Tap.device("water")
        let volume = try #require(water.points.first { $0.name == "volume" })
        #expect(volume.scale == DecimalNumber("0.002164502")!)
    }

    @Test func `take a folder from the station file`() throws {
        let fridge = try Tap.device("fridge")
        guard case .file(let place) = fridge.points[0].source else {
            Issue.record("no file")
            return
        }
        #expect(place.paths == ["/sys/bus/w1/devices/28-0123456789ab/w1_slave"])
    }

    @Test func `take what holds an output, how long it may be on, and which level it is`() throws {
        let text = Tap.text.replacing(
            "drives: light,", with: "drives: heater, safety: pull, max_on: 4h, active: high,")
        let station = try StationText.resolve(text).station
        guard case .boardDevice(let light) = station.devices[1].driver else { return }
        #expect(light.lines[0].safety == .pull)
        #expect(light.lines[0].maximumOnMilliseconds == 14_400_000)
        #expect(station.lines.first { $0.device == 1 }?.activeLow == false)
    }

    @Test func `without anything that holds them may not switch what is dangerous`() {
        #expect(
            Tap.errors("drives: light", "drives: heater") == [
                "12:12 A heater must become safe without us: by the board itself (board) or a "
                    + "resistor (pull)."
            ])
    }

    @Test func `do not drive a lock's coil that nobody times`() {
        #expect(
            Tap.errors("drives: light", "drives: lock, safety: pull") == [
                "12:12 `relay` drives a lock's coil, and a line does not let go of it by itself: "
                    + "use a board that times it (safety: board)."
            ])
    }

    @Test func `do not open a valve for ever`() {
        #expect(
            Tap.errors("drives: light", "drives: valve, safety: pull") == [
                "12:12 `relay` drives a valve: say with max_on how long it may be on at most."
            ])
    }

    @Test(arguments: [
        ("pulses_per_litre: 462", "pulses_per_litre: 4620", "10:"),
        ("folder: /sys/class/net/wlan0", "folder: /etc/net", "15:"),
        ("drives: light", "drives: {lamp: light}", "12:"),
        ("float: A2, ", "", "11:"), ("float: A2", "flot: A2", "11:"),
        ("relay: A4", "relay: A3", "12:"),
    ])
    func `are refused with the place of what is wrong`(old: String, new: String, line: String) {
        let errors = Tap.errors(old, new)
        #expect(!errors.isEmpty && errors.allSatisfy { $0.hasPrefix(line) }, "\(errors)")
    }

    @Test func `know their keys`() {
        let old = "profile: board-linux"
        #expect(Tap.errors(old, old + ", port: x").count == 1)
        #expect(Tap.errors(old, old + ", safety: pull").count == 1)
        #expect(Tap.errors("drives: light,", "drives: light, folder: /sys/x,").count == 1)
    }
}

@Suite struct `A profile of a device on the board` {
    private func errors(_ id: String, _ old: String, _ new: String) throws -> [String] {
        let text = try profileText(id)
        #expect(text.contains(old), "\(id): \(old)")
        return readProfile(text.replacing(old, with: new, maxReplacements: 1), id: id).errors
    }

    @Test(arguments: [
        ("yf-s201", "from: flow, per", "from: flw, per"),
        ("yf-s201", "per: pulses_per_litre, unit", "unit"),
        ("yf-s201", "per: pulses_per_litre, unit", "per: 0, unit"),
        ("yf-s201", "dir: in", "dir: out"),
        ("yf-s201", "min_gap: 1ms", "min_gap: 2s"),
        ("yf-s201", "min_gap: 1ms", "max_on: 2s"),
        ("yf-s201", "{pulses: 450", "{pulses: 451"),
        ("leak-rope", "active: leak", "wet: leak"),
        ("leak-rope", "kind: state", "kind: event"),
        ("leak-rope", "clear: 30s", "clear: 30"),
        ("solenoid-valve", "safety: pull", "safety: none"),
        ("solenoid-valve", "{valve: active}", "{tap: active}"),
        ("solenoid-valve", "{valve: active}", "{valve: on}"),
        ("solenoid-valve", "levels: {valve: high}", "levels: {valve: low}"),
        ("relay-line", "safety: none", "optional: true"),
        ("ds18b20", "28-*", "../28-*"),
        ("ds18b20", "as: ds18b20", "as: ds18s20"),
        ("ds18b20", "72 01 4b", "72 01 4c"),
        ("network-link", "{link: up, lost: 3}", "{link: down, lost: 3}"),
        ("board-linux", "label: \"MemAvailable:\"", "label: \"MemFree:\""),
    ])
    func `is refused when it is wrong`(id: String, old: String, new: String) throws {
        let errors = try errors(id, old, new)
        #expect(!errors.isEmpty)
    }
}
