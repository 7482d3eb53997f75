// Boxes on a line that they share: what comes out of a station file, and what is refused.

import StationCore
import Testing

@testable import Profiles

/// A station whose only line carries a lock board and a meter.
private enum LockerRoom {
    static let text = """
        schema: station/1
        station:
          id: lockers
          name: {zh: 快递柜, en: Lockers}
        ports:
          header: {gpio: test-chip}
          column: {serial: /dev/ttyAMA1, baud: 9600}
          other: {serial: /dev/ttyAMA2}
        devices:
          - {name: locker-a, profile: lockboard-8a, port: column, address: 1}
          - {name: outlet-a, profile: pzem-004t-v3, port: column, address: 1}
          - {name: strike, profile: strike-12v, gpio: {coil: A1}}
        doors:
          - {name: front, lock: strike}

        """

    static func errors(_ old: String, _ new: String) -> [String] {
        #expect(text.contains(old))
        return StationText.errors(in: text.replacing(old, with: new))
    }

    static func with(_ device: String) -> [String] {
        errors("doors:", "  - \(device)\ndoors:")
    }
}

@Suite struct `Boxes on a line` {
    @Test func `are members of a bus that has its port's name`() throws {
        let station = try StationText.resolve(LockerRoom.text).station
        #expect(station.devices.map(\.name) == ["column", "locker-a", "outlet-a", "strike"])
        #expect(station.devices[0].driver == .fieldBus(FieldBusSettings()))
        #expect(station.devices[1].driver.bus == 0 && station.devices[1].driver.address == 1)
        #expect(
            station.channels == [
                ResolvedChannel(
                    port: "column", link: .serial(SerialLink(path: "/dev/ttyAMA1", baud: 9_600)),
                    device: 0)
            ])
    }

    @Test func `survive the way through the resolved file`() throws {
        let resolution = try StationText.resolve(LockerRoom.text)
        #expect(try ResolvedFile.decode(resolution.json) == resolution.station)
    }

    @Test func `take a parameter from the station file`() throws {
        let text = LockerRoom.text.replacing(
            "port: column, address: 1}\n  - {name: outlet",
            with: "port: column, address: 1, opened_code: 0x11}\n  - {name: outlet")
        guard case .busDevice(let board) = try StationText.resolve(text).station.devices[1].driver
        else {
            Issue.record("a lock board is a box")
            return
        }
        #expect(board.points[0].meanings == [StateMeaning(raw: 0x11, state: 0)])
    }

    @Test func `with guards are told that nobody acts when they do not obey`() throws {
        let board = "- {name: sockets, profile: juy-q800m, port: other, drives: socket}"
        let text = LockerRoom.text.replacing("doors:", with: "  \(board)\ndoors:")
        let notes = try StationText.resolve(text).notes.map(\.kind)
        #expect(notes.contains(.outerMissing(device: "sockets", rule: "board_hot")))
        #expect(!notes.contains(.noOuter(device: "locker-a")))
        let alone = try StationText.resolve(GuardedRoom.text(GuardedRoom.overload)).notes
        #expect(alone.map(\.kind).contains(.noOuter(device: "charger")))
    }

    /// Forty boards of ten sockets with their guards, and one guard of each that the station file
    /// adds; the contactors that act for them are on a line of their own.
    @Test(arguments: ["juy-q800m", "dianchuan-10"])
    func `of four hundred sockets are one station`(profile: String) throws {
        let resolution = try StationText.resolve(Self.sockets(boards: 40, of: profile))
        let guards = resolution.station.devices.reduce(0) { $0 + $1.driver.guards.count }
        #expect(guards == 40 * (profile == "juy-q800m" ? 71 : 42))
        #expect(try ResolvedFile.decode(resolution.json) == resolution.station)
    }

    @Test func `with more guards than are watched are refused, and told how many they are`() {
        let errors = StationText.errors(in: Self.sockets(boards: 58, of: "juy-q800m"))
        #expect(errors.count == 1)
        #expect(errors.first?.contains("4118 guards in all, and may have 4096") == true)
    }

    private static func sockets(boards: Int, of profile: String) -> String {
        var ports = "  mains: {serial: /dev/ttyAMA99, baud: 9600}\n"
        var devices = ""
        for board in 1...boards {
            ports += "  line-\(board): {serial: /dev/ttyAMA\(board + 2), baud: 9600}\n"
            devices += """
                  - name: board-\(board)
                    profile: \(profile)
                    port: line-\(board)
                    outer: {perform: main-\((board + 7) / 8)/switch_off, with: {relay: 1}}
                    guards:
                      power:
                        {count: 10, when: "power.n > 2500", do: [{perform: stop, with: {port: n}}]}

                """
        }
        for main in 1...8 {
            devices +=
                "  - {name: main-\(main), profile: waveshare-relay-8, port: mains, "
                + "address: \(main), drives: socket}\n"
        }
        return LockerRoom.text.replacing("devices:\n", with: ports + "devices:\n" + devices)
    }

    /// A meter's turn is 38 ms at least: 33 bytes at 9600 baud, and silence. Twenty-six of them
    /// each second are a full line, and twenty are not.
    @Test(arguments: [(20, nil), (26, 98)])
    func `are told when they want more of the line than it has`(meters: Int, percent: Int?) throws {
        let devices = (2..<meters + 2).map {
            "  - {name: meter-\($0), profile: pzem-004t-v3, port: other, address: \($0)}\n"
        }
        let text = LockerRoom.text.replacing("doors:", with: devices.joined() + "doors:")
        let notes = try StationText.resolve(text).notes.map(\.kind)
        let told = notes.contains { if case .lineFull("other", _) = $0 { true } else { false } }
        #expect(told == (percent != nil))
        if let percent { #expect(notes.contains(.lineFull(port: "other", percent: percent))) }
    }

    @Test func `are told how long a turn is`() throws {
        let notes = try StationText.resolve(LockerRoom.text).notes.filter {
            if case .longestTurn = $0.kind { true } else { false }
        }
        // The meter: 8 bytes out, 25 back at 9600 baud, a few milliseconds of quiet and 20 until it
        // answers. The board, which wants 30 ms of quiet: 5 out, a fifth of a second until it
        // answers, 5 back; or half a second when it does not.
        #expect(
            notes.map(\.kind) == [
                .longestTurn(port: "column", answered: 245, silent: 539, device: "locker-a")
            ])
    }

    @Test(arguments: [
        (
            "{name: b, profile: pzem-016, port: column, address: 1}",
            "13:57 The address 1 is that of `outlet-a` at 11:68."
        ),
        (
            "{name: b, profile: pzem-016, port: column}",
            "13:12 `address` is missing in a device."
        ),
        (
            "{name: b, profile: pzem-016, port: column, address: 300}",
            "13:57 `300` is out of range: 1 to 247."
        ),
        (
            "{name: b, profile: osdp-reader, port: column, address: 3}",
            "13:43 `column` already has `locker-a` (10:51): OSDP readers and boxes cannot share a "
                + "line."
        ),
        (
            "{name: b, profile: xy-md02, port: column, address: 3}",
            "13:12 The models on `column` are set differently (locker-a: 9600 8N1, b: 9600 8E1): "
                + "set the boxes alike and say how at the port."
        ),
        (
            "{name: b, profile: daly-bms, port: column}",
            "13:12 `column` already has `locker-a` (10:51): a box without an address needs a line "
                + "of its own."
        ),
        (
            "{name: b, profile: daly-bms, port: other, address: 1}",
            "13:56 This model has no address: leave out `address`."
        ),
        (
            "{name: b, profile: lockboard-8a, port: column, address: 2, opened_code: 0x12}",
            "13:77 `18` is not allowed here; expected one of: 0, 17. Did you mean `17`?"
        ),
        (
            "{name: b, profile: lockboard-8a, port: column, address: 2, open_code: 0x11}",
            "13:64 `open_code` is no key of a device; it knows: name, profile, label, port, "
                + "address, drives, guards, outer, opened_code. Did you mean `opened_code`?"
        ),
        (
            "{name: b, profile: stm8-relay-8, port: column, address: 2, drives: valve}",
            "13:12 `b` drives a valve, and none of its actions becomes safe without us."
        ),
        (
            "{name: b, profile: dlt645-single-phase, port: other, address: 12}",
            "13:67 `12` is no meter's address: the twelve digits on its front in quotes, such as "
                + "\"000000000001\"."
        ),
    ])
    func `are refused when they cannot be there`(device: String, error: String) {
        #expect(LockerRoom.with(device) == [error])
    }

    @Test func `are left alone by what would make a lock wait`() {
        let text = LockerRoom.text.replacing("baud: 9600", with: "baud: 1200")
        #expect(
            StationText.errors(in: text) == [
                "10:12 `column` carries locks, and one question to `locker-a` takes 343 ms: an "
                    + "unlock would wait more than 250 ms. Raise the speed, or give it another "
                    + "line."
            ])
    }

    @Test func `carry locks too when a relay board drives them`() {
        let text = LockerRoom.text.replacing("baud: 9600", with: "baud: 1200")
        for (drives, count) in [("light", 0), ("lock", 1)] {
            let relays = text.replacing(
                "lockboard-8a, port: column, address: 1",
                with: "waveshare-relay-8, port: column, address: 2, drives: \(drives)")
            #expect(StationText.errors(in: relays).count == count)
        }
    }

    @Test func `leave out what nothing would take back`() throws {
        let text = LockerRoom.text.replacing(
            "doors:",
            with: "  - {name: b, profile: waveshare-relay-8, port: column, address: 2, "
                + "drives: valve}\ndoors:")
        let resolution = try StationText.resolve(text)
        guard case .busDevice(let board)? = resolution.station.devices.last?.driver else {
            Issue.record("a relay board is a box")
            return
        }
        #expect(board.actions.map(\.name) == ["pulse", "keep_on", "switch_off", "all_off"])
        #expect(
            resolution.notes.map(\.kind).contains(
                .actionLeftOut(device: "b", action: "switch_on", "valve", "阀门")))
    }
}

/// A meter on the line of a relay board, which is to switch off what the meter finds too much.
private enum GuardedRoom {
    static let relays =
        "- {name: relays, profile: waveshare-relay-8, port: column, address: 9, drives: light}"
    static let main =
        "- {name: main, profile: waveshare-relay-8, port: other, address: 1, drives: light}"

    static func text(_ keys: String) -> String {
        let meter = "- {name: charger, profile: pzem-016, port: column, address: 7, \(keys)}"
        return LockerRoom.text.replacing(
            "doors:", with: "  \(relays)\n  \(main)\n  \(meter)\ndoors:")
    }

    static let overload =
        "guards: {overload: {when: \"power > 2000 and relays/relay.3 == active\", for: 2s, "
        + "silent: 30s, latch: true, do: [{perform: relays/switch_off, with: {relay: 3}}]}}"
    static let outer = "outer: {perform: main/switch_off, with: {relay: 1}}"
}

@Suite struct `A guard in a station file` {
    @Test func `looks at other devices and has others act`() throws {
        let resolution = try StationText.resolve(
            GuardedRoom.text("\(GuardedRoom.overload), \(GuardedRoom.outer)"))
        let devices = resolution.station.devices
        let relays = try #require(devices.firstIndex { $0.name == "relays" })
        let main = try #require(devices.firstIndex { $0.name == "main" })
        let charger = try #require(devices.first { $0.name == "charger" }).driver
        #expect(
            charger.guards == [
                GuardSettings(
                    name: "overload",
                    when: Condition(all: [
                        Comparison(
                            point: "power", relation: .greater,
                            value: Expression(plus: DecimalNumber(2_000))),
                        Comparison(
                            point: "relay.3", relation: .equal, value: Expression(plus: .one),
                            device: relays),
                    ]), forMilliseconds: 2_000, silentMilliseconds: 30_000,
                    orders: [
                        DeviceOrder(
                            device: relays, action: "switch_off",
                            arguments: [ArgumentValue("relay", DecimalNumber(3))])
                    ], isLatching: true)
            ])
        #expect(charger.outer?.device == main)
        #expect(try ResolvedFile.decode(resolution.json) == resolution.station)
        #expect(!resolution.notes.map(\.kind).contains(.noOuter(device: "charger")))
    }

    @Test func `is told when whoever acts is on the same line`() throws {
        let outer = GuardedRoom.outer.replacing("main/", with: "relays/")
        let overload = GuardedRoom.overload.replacing("{relay: 3}", with: "{relay: 4}")
        // The meter's guard and the meter itself hang on one line.
        let notes = try StationText.resolve(GuardedRoom.text("\(overload), \(outer)")).notes
        #expect(
            notes.map(\.kind).contains(.outerOnSameLine(device: "charger", outer: "relays")))
    }

    @Test(arguments: [
        ("outer: {perform: nobody/switch_off}", "nobody"),
        ("outer: {perform: main/burn}", "burn"),
        ("outer: {perform: main/switch_off}", "`relay` is missing"),
        ("outer: {perform: main/switch_off, with: {relay: 9}}", "`9` is out of range"),
        ("outer: {perform: main/pulse, with: {relay: 1, tenths: 5}}", "must be seen to be done"),
        ("outer: {perform: reset_energy}", "must be seen to be done"),
        ("guards: {a: {when: \"nobody/relay.1 == active\"}}", "nobody"),
        ("guards: {a: {when: \"relays/relay.9 == active\"}}", "relay.9"),
        ("guards: {a: {when: \"energy gained > 5\"}}", "no begin"),
        ("guards: {a: {when: \"power > 5\", silent: 10ms}}", "10ms"),
        ("guards: {a: {when: \"power > 5\", do: [{wait: 1s}]}}", "`perform` is missing"),
        (
            "guards: {a: {when: \"relays/relay.3 == resting\", "
                + "do: [{perform: relays/switch_off, with: {relay: 3}}]}}",
            "counts as done already"
        ),
        ("guards: {a: {when: \"power > 5\", silent: 1s}}", "must be at least 2s"),
        ("guards: {a: {when: \"power rises 5 in 2s\"}}", "4-128 times"),
        ("guards: {a: {when: \"power rises 5 in 1h\"}}", "4-128 times"),
        ("guards: {a: {when: \"power rises 5 in 2h\"}}", "`2h` is out of range"),
        ("guards: {a: {when: \"power rises 5 by 60s\"}}", "is no condition"),
        ("guards: {a: {when: \"power rises 0 in 60s\"}}", "cannot be compared so"),
        ("guards: {a: {when: \"relays/relay.3 rises 5 in 60s\"}}", "only levels"),
        ("guards: {a: {when: \"power > 5\", do: inner}}", "list"),
    ])
    func `is refused with a word on what is wrong`(keys: String, word: String) {
        let errors = StationText.errors(in: GuardedRoom.text(keys))
        #expect(errors.count >= 1 && errors.contains { $0.contains(word) }, "\(errors)")
    }

    @Test func `belongs to boxes alone`() {
        let text = LockerRoom.text.replacing(
            "{name: strike,", with: "{name: strike, outer: {perform: a/b},")
        #expect(StationText.errors(in: text).contains { $0.contains("outer") })
    }
}
