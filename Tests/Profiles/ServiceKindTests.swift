// Services with machines in a station file: every kind is read, and what is wrong has its place.

import Testing

@testable import Profiles
@testable import StationCore

@Suite struct `Services of every kind in a station file` {
    private static let ports = """
        ports:
          line: {serial: /dev/ttyS1, baud: 9600}
          air-line: {serial: /dev/ttyS2}
          lock-line: {serial: /dev/ttyS3}
          pack-line: {serial: /dev/ttyS4}
        """
    private static let devices = """
        devices:
          - {name: relays, profile: waveshare-relay-8, port: line, address: 1, drives: socket}
          - {name: meter, profile: pzem-016, port: line, address: 2}
          - {name: probe, profile: ec-probe, port: line, address: 3}
          - {name: air, profile: xy-md02, port: air-line, address: 4}
          - {name: smoke, profile: smoke-contact, gpio: {head: B0}}
          - {name: tap, profile: dispenser-yf-s201,
             gpio: {flow: B1, valve: B2, float: B3, leak: B4}}
          - {name: press, profile: dry-contact, gpio: {contact: B5}}
          - {name: people, profile: people-counter, gpio: {enter: B6, leave: B7}}
          - {name: bay, profile: parking-bay, gpio: {taken: B8}}
          - {name: desk-reader, profile: wiegand-26, gpio: {d0: C0, d1: C1}}
          - {name: bench-reader, profile: wiegand-26, gpio: {d0: C2, d1: C3}}
          - {name: bay-reader, profile: wiegand-26, gpio: {d0: C4, d1: C5}}
          - {name: swap-reader, profile: wiegand-26, gpio: {d0: C6, d1: C7}}
          - {name: locks, profile: kerong-cu16, port: lock-line, address: 1}
          - {name: pack, profile: jbd-bms, port: pack-line}
          - {name: router, profile: network-link}
        """
    private static let services = """
        services:
          - name: charge
            kind: charging
            type: ebike
            fire_separated: true
            smoke: "smoke/smoke == alarm"
            readers: [bench-reader]
            rated: 800
            longest: 6h
            float: 12.5
            sockets:
              - count: 2
                switch_on: {perform: relays/keep_on, with: {relay: n}}
                switch_off: {perform: relays/switch_off, with: {relay: n}}
              - name: window
                switch_on: {perform: relays/keep_on, with: {relay: 3}}
                switch_off: {perform: relays/switch_off, with: {relay: 3}}
                power: meter/power
                energy: meter/energy
          - name: water
            kind: dispenser
            open: {perform: tap/dispense, with: {ml: 500}}
            close: {perform: tap/close}
            flow: tap/volume
            valve_open: "tap/valve == open"
            empty: "tap/water == empty"
            tds_out: probe/tds
            button: "press/door == closed"
            portion: 500
            filter_litres: 3000
            filter_days: 180
          - {name: kettle, kind: appliance, level: meter/power, total: meter/energy, used_from: 20}
          - {name: pump, kind: appliance, level: "press/door == closed"}
          - {name: first-aid, kind: cabinet, closed: "press/door == closed", restock_after: 20}
          - name: parking
            kind: place
            places: [{name: P1, reader: bay-reader, occupied: "bay/bay == in_use"}]
          - {name: visits, kind: counter, in: people/entered, out: people/left}
          - {name: meals, kind: desk, readers: [desk-reader]}
          - name: lamps
            kind: lights
            switch_on: {perform: relays/keep_on, with: {relay: 8}}
            switch_off: {perform: relays/switch_off, with: {relay: 8}}
          - {name: fridge, kind: climate, value: air/temperature, lowest: 2, highest: 8.5}
          - name: batteries
            kind: swap
            readers: [swap-reader]
            smoke: "smoke/smoke == alarm"
            compartments:
              - name: B1
                open: {perform: locks/open, with: {lock: 1}}
                closed: "locks/door.1 == closed"
                occupied: "pack/voltage > 30"
                charge: pack/charge
                heat: pack/temperature.1
          - name: quiet
            kind: room
            occupied: "bay/bay == in_use"
            leaving: 20min
            outlets:
              - name: heater
                switch_on: {perform: relays/keep_on, with: {relay: 7}}
                switch_off: {perform: relays/switch_off, with: {relay: 7}}
          - {name: wifi, kind: link, up: "router/link == up", patience: 5min}
          - name: help
            kind: help
            button: "press/door == closed"
            switch_on: {perform: relays/keep_on, with: {relay: 6}}
            switch_off: {perform: relays/switch_off, with: {relay: 6}}
            up: "router/link == up"
            answer: 45s
            people: [{name: host}, {name: duty-room}]
        doors:
        """
    private static let text = StationText.right
        .replacing("ports:", with: ports).replacing("devices:", with: devices)
        .replacing("doors:", with: services)

    private static func settings(_ name: String, in station: ResolvedStation) -> MachineSettings? {
        guard
            case .machine(let settings)? = station.services.first(where: { $0.name == name })?
                .settings
        else { return nil }
        return settings
    }

    @Test func `is read with its orders, sights and settings`() throws {
        let station = try StationText.resolve(Self.text).station
        let kinds = station.services.compactMap { service in
            Self.settings(service.name, in: station)?.kind
        }
        #expect(Set(kinds) == Set(ServiceKind.allCases))
        let charge = try #require(Self.settings("charge", in: station))
        #expect(charge.parts.map(\.name) == ["1", "2", "window"])
        #expect(charge[.rated] == 800_000 && charge[.float] == 12_500)
        #expect(charge[.longest] == 21_600_000 && charge[.type] == 1)
        let on = try #require(charge.parts[1].order(.on))
        #expect(on.action == "keep_on")
        #expect(on.arguments == [ArgumentValue("relay", DecimalNumber(2))])
        #expect(charge.parts[2].sees(.power) && !charge.parts[0].sees(.power))
        let water = try #require(Self.settings("water", in: station))
        #expect(water.parts.map(\.name) == ["water"])
        let flow = try #require(water.parts[0].sights.first { $0.sense == .flow })
        guard case .number(_, "volume", 1_000) = flow.source else {
            Issue.record("litres are a thousand millilitres each: \(flow)")
            return
        }
        let parking = try #require(Self.settings("parking", in: station)?.parts.first?.reader)
        #expect(station.devices[parking].name == "bay-reader")
        let fridge = try #require(Self.settings("fridge", in: station))
        #expect(fridge[.lowest] == 2_000 && fridge[.highest] == 8_500)
        let help = try #require(Self.settings("help", in: station))
        #expect(help.parts.map(\.name) == ["host", "duty-room"] && help[.answer] == 45_000)
        #expect(help.parts.map { $0.orders.map(\.role) } == [[.on, .off], []])
        #expect(help.shared.map(\.sense) == [.button, .up])
    }

    @Test(arguments: [0, 1]) func `is compared with what its machine takes for granted`(
        _ type: Int64
    ) throws {
        let settings = MachineSettings(
            .charging, numbers: [ServiceNumber(.type, type)], parts: [PartSettings(name: "1")])
        let own = Socket.Settings(type == 0 ? .phone : .ebike)
        func thousandths(_ number: DecimalNumber) -> Int64? {
            number.multiplied(by: DecimalNumber(1_000))?.whole
        }
        #expect(settings.usual(.warm) == thousandths(own.warm))
        #expect(settings.usual(.hot) == thousandths(own.hot))
        #expect(settings.usual(.burning) == thousandths(own.burning))
        #expect(settings.usual(.rated) == own.rated.milliwatts)
        #expect(settings.usual(.load) == own.load.milliwatts)
    }

    @Test func `is the same after a way through the resolved file`() throws {
        let resolution = try StationText.resolve(Self.text)
        #expect(try ResolvedFile.decode(resolution.json) == resolution.station)
        _ = Station(try resolution.station.validated())
    }

    @Test(arguments: [
        ("fire_separated: true", "fire_separated: false", "fire wall"),
        ("    smoke: \"smoke/smoke == alarm\"\n", "", "smoke detector"),
        ("relays/keep_on, with: {relay: 3}", "relays/switch_on, with: {relay: 3}", "switch_on"),
        ("power: meter/power", "power: meter/energy", "counts in `W.h`"),
        ("flow: tap/volume", "flow: tap/rate", "counts in `L/min`"),
        ("power: meter/power", "power: metre/power", "metre"),
        ("power: meter/power", "power: power", "Write one number"),
        ("rated: 800", "rated: 90000", "7000"), ("rated: 800", "rated: 0.0001", "0.0001"),
        ("type: ebike", "type: car", "car"), ("longest: 6h", "longest: 6d", "6d"),
        ("    type: ebike\n", "", "`type`"), ("with: {relay: 3}", "with: {relay: 2}", "twice"),
        ("    close: {perform: tap/close}\n", "", "`close`"),
        ("lowest: 2, highest: 8.5", "lowest: 9, highest: 8.5", "may not be more"),
        ("lowest: 2, highest: 8.5", "patience: 5min", "at least one"),
        ("kind: desk", "kind: dessk", "dessk"), ("name: window", "nme: window", "nme"),
        ("count: 2", "count: 2000", "1024"),
        ("used_from: 20}", "readers: [desk-reader]}", "readers"),
        ("reader: bay-reader", "reader: desk-reader", "desk-reader"),
        ("portion: 500", "portion: 500\n    rejection: 950", "either side"),
        ("in: people/entered", "in: \"people/entered > 1\"", "entered > 1"),
        ("portion: 500", "portion: 600", "500 `ml`"), ("rated: 800", "warm: 56", "`hot`"),
        ("rated: 800", "burning: 45", "`burning`"), ("rated: 800", "rated: 1", "`load`"),
        ("count: 2\n", "count: 2\n        name: A\n", "`name` is no key"),
        ("count: 2\n", "count: 2\n        reader: bay-reader\n", "`reader` is no key"),
        ("name: window\n", "name: window\n        first: 3\n", "`first` is no key"),
        ("    switch_off: {perform: relays/switch_off, with: {relay: 6}}\n", "", "silent again"),
        ("    up: \"router/link == up\"\n", "", "`up`"),
        ("people: [{name: host}, {name: duty-room}]", "answer: 5s", "`people`"),
    ])
    func `that is wrong is refused with its place`(
        _ old: String, _ new: String, _ said: String
    ) throws {
        let text = Self.text.replacing(old, with: new)
        #expect(text != Self.text)
        let errors = #expect(throws: ConfigurationErrors.self) {
            try StationText.resolve(text)
        }
        let words = (errors?.errors ?? []).map { $0.text(.english) }
        #expect(words.contains { $0.contains(said) }, "\(words)")
    }

    @Test func `lets nothing out by what stays on when the station is gone`() throws {
        let text = Self.text.replacing("drives: socket", with: "drives: light")
            .replacing(
                "relays/keep_on, with: {relay: 3}", with: "relays/switch_on, with: {relay: 3}")
        let errors = #expect(throws: ConfigurationErrors.self) {
            try StationText.resolve(text)
        }
        let words = (errors?.errors ?? []).map { $0.text(.english) }
        #expect(words.contains { $0.contains("stays on when the agent is gone") }, "\(words)")
    }

    /// What holds a line without us is the board's wiring, and so the station file's word counts.
    @Test func `has a lamp on a line of the board that falls by a resistor`() throws {
        let orders = "relays/keep_on, with: {relay: 8}"
        func text(_ safety: String) -> String {
            Self.text.replacing(
                "  - {name: bay,",
                with: "  - {name: lamp, profile: relay-line, drives: light\(safety), "
                    + "gpio: {relay: B9}}\n  - {name: bay,"
            )
            .replacing(orders, with: "lamp/switch_on")
            .replacing("relays/switch_off, with: {relay: 8}", with: "lamp/switch_off")
        }
        let station = try StationText.resolve(text(", safety: pull")).station
        #expect(try station.validated() == station)
        let errors = StationText.errors(in: text(""))
        #expect(errors.count == 1 && errors[0].contains("stays on"), "\(errors)")
    }

    @Test func `stands in the documents with every key that it may have`() throws {
        let text = String(
            decoding: try FileText.bytes(
                of: "\(Repository.root)/docs/station-file.md", limit: 1 << 20), as: UTF8.self)
        for kind in ServiceKind.allCases {
            let row = try #require(
                text.split(separator: "\n").first { $0.hasPrefix("| `\(kind.rawValue)`") })
            let shape = kind.shape
            let words =
                shape.orders.map(\.role.rawValue) + shape.sights.map(\.sense.rawValue)
                + shape.settings.map(\.setting.rawValue) + [shape.parts].compactMap { $0 }
            for word in words { #expect(row.contains("`\(word)`"), "\(kind): \(word)") }
        }
    }
}
