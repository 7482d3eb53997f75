// Ports that are no GPIO chips, and the readers on them: what comes out, and what is refused.

import Profiles
import StationCore
import Testing

/// A station with one door and a reader of each kind, on a port of its own.
private enum Riverside {
    static let text = """
        schema: station/1
        station:
          id: riverside
          name: {zh: 河边驿站, en: Riverside station}
        ports:
          header: {gpio: test-chip}
          desk: {usb: "1-1.2"}
          counter: {keyboard: "1-1.3"}
          column: {serial: /dev/ttyAMA1, baud: 57600}
          gate: {serial: /dev/serial/by-path/platform-usb-0:1.4:1.0-port0}
        devices:
          - {name: phones, profile: acr122u, port: desk}
          - {name: passes, profile: qr-scanner, port: counter}
          - {name: cards, profile: pn532-uart, port: column, gpio: {beeper: A2}, active: low}
          - {name: fobs, profile: rdm6300, port: gate}
          - {name: strike, profile: strike-12v, gpio: {coil: A3}}
        doors:
          - name: front
            label: {zh: 前门, en: Front door}
            readers: {in: [phones, passes, cards, fobs]}
            lock: strike

        """

    static func errors(_ old: String, _ new: String) -> [String] {
        #expect(text.contains(old))
        return StationText.errors(in: text.replacing(old, with: new))
    }
}

@Suite struct `Ports of readers` {
    @Test func `become channels, set as the file says or else as the model is`() throws {
        let station = try StationText.resolve(Riverside.text).station
        #expect(
            station.channels == [
                ResolvedChannel(port: "desk", link: .usb(USBLink(socket: "1-1.2")), device: 0),
                ResolvedChannel(
                    port: "counter", link: .keyboard(KeyboardLink(socket: "1-1.3")), device: 1),
                ResolvedChannel(
                    port: "column",
                    link: .serial(SerialLink(path: "/dev/ttyAMA1", baud: 57_600)), device: 2),
                ResolvedChannel(
                    port: "gate",
                    link: .serial(
                        SerialLink(
                            path: "/dev/serial/by-path/platform-usb-0:1.4:1.0-port0",
                            baud: 9_600)), device: 3),
            ])
        #expect(station.lines.first?.activeLow == true)
        #expect(station.devices[0].driver.views == ["full", "low3", "reversed", "reversed-low3"])
        guard case .keyboard(let scanner) = station.devices[1].driver else {
            Issue.record("a scanner is a keyboard reader")
            return
        }
        #expect(scanner.takesPasses && scanner.formats.isEmpty)
    }

    @Test func `survive the way through the resolved file`() throws {
        let resolution = try StationText.resolve(Riverside.text)
        #expect(try ResolvedFile.decode(resolution.json) == resolution.station)
    }

    @Test func `may take the only reader wherever it is plugged in`() throws {
        let text = Riverside.text.replacing("\"1-1.2\"", with: "any")
        let station = try StationText.resolve(text).station
        #expect(station.channels[0].link == .usb(USBLink(socket: "")))
    }

    @Test(arguments: [
        (
            "desk: {usb: \"1-1.2\"}", "desk: {usb: 1.2}",
            "7:15 `1.2` is no USB socket: write `any`, or one such as \"1-1.3\" in quotes "
                + "(dmesg names it)."
        ),
        (
            "/dev/ttyAMA1", "/dev/ttyUSB0",
            "9:20 `/dev/ttyUSB0` changes with the boot; write its name under "
                + "/dev/serial/by-path/."
        ),
        (
            "/dev/ttyAMA1", "COM1",
            "9:20 `COM1` is no serial line's device file, such as /dev/ttyAMA1."
        ),
        (
            "baud: 57600", "boud: 57600",
            "9:34 `boud` is no key of a port; it knows: gpio, serial, usb, keyboard, baud, "
                + "parity, stop_bits, echoes. Did you mean `baud`?"
        ),
        (
            "{keyboard: \"1-1.3\"}", "{keyboard: \"1-1.3\", usb: any}",
            "8:23 A port is one of gpio, serial, usb and keyboard, not two."
        ),
        (
            "baud: 57600", "baud: 12",
            "9:40 `12` is out of range: 300 to 4000000."
        ),
    ])
    func `of a wrong kind or name are told with their place`(
        old: String, new: String, error: String
    ) {
        let errors = Riverside.errors(old, new)
        #expect(errors == [error])
    }

    @Test(arguments: [
        (
            "profile: acr122u, port: desk", "profile: acr122u, port: gate",
            "12:44 The port `gate` is serial; this device needs one of usb."
        ),
        (
            "profile: acr122u, port: desk", "profile: acr122u, port: dest",
            "12:44 There is no port `dest`. Known: desk. Did you mean `desk`?"
        ),
        (
            "profile: acr122u, port: desk", "profile: acr122u",
            "12:12 `port` is missing in a device."
        ),
        (
            "profile: rdm6300, port: gate", "profile: rdm6300, port: column",
            "15:42 The port `column` already has `cards` at 14:46."
        ),
        (
            "gpio: {coil: A3}", "gpio: {coil: A3}, port: desk",
            "16:65 `port` is no key of a device; it knows: name, profile, label, gpio."
        ),
        (
            "gate: {serial: /dev/serial/by-path/platform-usb-0:1.4:1.0-port0}",
            "gate: {serial: /dev/ttyAMA1}",
            "10:18 `/dev/ttyAMA1` is already a port at 9:20."
        ),
    ])
    func `and their devices must fit`(old: String, new: String, error: String) {
        let errors = Riverside.errors(old, new)
        #expect(errors == [error])
    }
}

/// Two readers on one line of two wires.
private enum Lane {
    static let text = """
        schema: station/1
        station:
          id: lane
          name: {zh: 巷口驿站, en: Lane station}
        ports:
          header: {gpio: test-chip}
          wall: {serial: /dev/ttyAMA2, echoes: true}
        devices:
          - {name: outside, profile: osdp-reader, port: wall, address: 1}
          - {name: inside, profile: osdp-hid, port: wall, address: 2, keypad: true}
          - {name: strike, profile: strike-12v, gpio: {coil: A3}}
        doors:
          - name: front
            label: {zh: 前门, en: Front door}
            readers: {in: [outside], out: [inside]}
            lock: strike

        """
}

@Suite struct `A line that readers share` {
    @Test func `is a device of its port's name, before its readers`() throws {
        let station = try StationText.resolve(Lane.text).station
        #expect(station.devices.map(\.name) == ["wall", "outside", "inside", "strike"])
        #expect(station.devices[0].driver == .osdpBus(OSDPLineSettings(echoes: true)))
        #expect(
            station.channels == [
                ResolvedChannel(
                    port: "wall", link: .serial(SerialLink(path: "/dev/ttyAMA2", baud: 9_600)),
                    device: 0)
            ])
        #expect(station.devices[1...2].map(\.driver.bus) == [0, 0])
        guard case .osdpReader(let inside) = station.devices[2].driver else {
            Issue.record("an OSDP reader is one")
            return
        }
        #expect(inside.address == 2 && inside.keypad && inside.secure == .required)
        #expect(station.doors[0].readersIn == [1] && station.doors[0].readersOut == [2])
        #expect(station.lines.map(\.device) == [3])
    }

    @Test func `in the clear is allowed and noted`() throws {
        let text = Lane.text.replacing("address: 1}", with: "address: 1, secure: clear}")
        let notes = try StationText.resolve(text).notes.map(\.kind)
        #expect(notes.contains(.readerInTheClear(device: "outside")))
    }

    @Test(arguments: [
        (
            "port: wall, address: 2", "port: wall, address: 1",
            "10:60 The address 1 is that of `outside` at 9:64."
        ),
        (
            "port: wall, address: 1", "port: wall",
            "9:12 `address` is missing in a device."
        ),
        (
            "echoes: true", "baud: 1200",
            "7:3 `1200` is not allowed here; expected one of: 9600, 19200, 38400, 57600, 115200, "
                + "230400. Did you mean `19200`?"
        ),
        (
            "echoes: true", "parity: even",
            "7:3 OSDP has 8 bits, no parity, one stop bit: leave out `parity` and `stop_bits`."
        ),
        (
            "gpio: {coil: A3}", "gpio: {coil: A3}, address: 3",
            "11:68 `address` is no key of a device; it knows: name, profile, label, gpio."
        ),
    ])
    func `is refused when it could not work`(old: String, new: String, error: String) {
        #expect(StationText.errors(in: Lane.text.replacing(old, with: new)) == [error])
    }

    @Test func `has one device to an address, of so many`() {
        let text = Lane.text.replacing("address: 1}", with: "address: 127}")
        #expect(StationText.errors(in: text) == ["9:64 `127` is out of range: 0 to 126."])
    }

    @Test func `needs a name that no device has`() {
        let text = Lane.text.replacing("name: outside", with: "name: wall")
            .replacing("[outside]", with: "[wall]")
        #expect(StationText.errors(in: text) == ["9:12 The name `wall` is already taken at 7:3."])
    }
}
