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

    @Test func `with guards are told that nobody evaluates them yet`() throws {
        let board = "- {name: sockets, profile: juy-q800m, port: other, drives: socket}"
        let text = LockerRoom.text.replacing("doors:", with: "  \(board)\ndoors:")
        let notes = try StationText.resolve(text).notes.map(\.kind)
        #expect(notes.contains(.guardsNotServed(device: "sockets")))
        #expect(!notes.contains(.guardsNotServed(device: "locker-a")))
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
                + "address, drives, opened_code. Did you mean `opened_code`?"
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
        #expect(board.actions.map(\.name) == ["pulse", "switch_off", "all_off"])
        #expect(
            resolution.notes.map(\.kind).contains(
                .actionLeftOut(device: "b", action: "switch_on", "valve", "阀门")))
    }
}
