// Small stations with services, and who comes to them.

import EventLoop
import Profiles
import StationCore
import Testing

@testable import Simulation

enum PeopleStation: String, CaseIterable {
    /// Water on the board's own lines, a cabinet without a lock, a counter, a desk.
    case tearoom
    /// Sockets behind relays with a meter each, a microwave.
    case bench
    /// A cabinet with a lock on a bus, places with and without sensors, a beam that tells no ways.
    case lodge

    private var head: String {
        """
        schema: station/1
        station:
          id: \(rawValue)
          name: {zh: 驿站, en: Station}

        """
    }

    private var text: String {
        switch self {
        case .tearoom: Self.tearoomText
        case .bench: Self.benchText
        case .lodge: Self.lodgeText
        }
    }

    /// Boxes that are asked forty times a second fill an hour sooner.
    private var usualSeconds: Int64 {
        switch self {
        case .tearoom: 10_800
        case .lodge: 7_200
        case .bench: 2_400
        }
    }

    /// Those that people use.
    var serviceCount: Int {
        switch self {
        case .tearoom, .lodge: 4
        case .bench: 2
        }
    }

    var people: String {
        switch self {
        case .tearoom:
            """
            population: 1
            people:
              - {wants: water, an_hour: 20, keys: 60%, takes: 150..450}
              - {wants: first-aid, an_hour: 3}
              - {wants: visits, an_hour: 25, from: "08:00", to: "20:00", takes: 2..10}
              - {wants: meals, an_hour: 15, from: "10:30", to: "13:30"}
            """
        case .bench:
            """
            population: 1
            people:
              - {wants: charge, an_hour: 9, takes: 10..30, draws: 10..65}
              - {wants: microwave, an_hour: 9, takes: 2..4, draws: 800..1200}
            """
        case .lodge:
            """
            population: 1
            people:
              - {wants: books, an_hour: 5, keys: 100%}
              - {wants: beds, an_hour: 2.5, takes: 15..50, keys: 50%}
              - {wants: bays, an_hour: 3, takes: 5..20}
              - {wants: cars, an_hour: 9, takes: 3..12}
              - {opens: room, an_hour: 10, keys: 80%}
            """
        }
    }

    func resolved() throws -> ResolvedStation {
        try Resolution.resolve(
            text: Array((head + text).utf8), name: "\(rawValue).yaml",
            devicesDirectory: Repository.root + "/Devices"
        ).station
    }

    func options(
        seed: UInt64, hours: Int64? = nil, swarm: Swarm = .calm
    ) throws -> BatchOptions {
        var options = BatchOptions(
            seed: seed, station: try resolved(),
            safety: .seconds(hours.map { $0 * 3_600 } ?? usualSeconds),
            ridersPerThousandMinutes: 0, swarm: swarm)
        options.population = try Population.read(
            Array(people.utf8), name: "\(rawValue).people.yaml", for: options.station)
        return options
    }
}

extension PeopleStation {
    private static let tearoomText = """
        ports:
          header: {gpio: chip}
        devices:
          - {name: tap, profile: dispenser-yf-s201,
             gpio: {flow: A0, valve: A1, float: A2, leak: A3}}
          - {name: press, profile: dry-contact, gpio: {contact: A4}}
          - {name: water-reader, profile: wiegand-26, gpio: {d0: A5, d1: A6}}
          - {name: box, profile: dry-contact, gpio: {contact: A7}}
          - {name: gate, profile: people-counter, gpio: {enter: A8, leave: A9}}
          - {name: desk-reader, profile: wiegand-26, gpio: {d0: A10, d1: A11}}
        doors: []
        services:
          - name: water
            kind: dispenser
            readers: [water-reader]
            open: {perform: tap/dispense, with: {ml: 500}}
            close: {perform: tap/close}
            flow: tap/volume
            valve_open: "tap/valve == open"
            empty: "tap/water == empty"
            button: "press/door == closed"
            portion: 300
          - {name: first-aid, kind: cabinet, closed: "box/door == closed", restock_after: 20}
          - {name: visits, kind: counter, in: gate/entered, out: gate/left}
          - {name: meals, kind: desk, readers: [desk-reader]}
        """

    private static let benchText = """
        ports:
          header: {gpio: chip}
          column: {serial: /dev/ttyS1, baud: 9600}
          cabinet: {serial: /dev/ttyS2, baud: 9600}
        devices:
          - {name: reader, profile: wiegand-26, gpio: {d0: A0, d1: A1}}
          - {name: relays, profile: waveshare-relay-8, port: column, address: 1, drives: socket}
          - name: meter-1
            profile: pzem-016
            port: column
            address: 2
            guards:
              overload:
                when: "relays/relay.1 == active and power > 800"
                for: 2s
                do: [{perform: relays/switch_off, with: {relay: 1}}]
            outer: {perform: main/switch_off, with: {relay: 1}}
          - {name: meter-2, profile: pzem-016, port: column, address: 3}
          - {name: meter-3, profile: sdm120, port: column, address: 4}
          - {name: main, profile: waveshare-relay-8, port: cabinet, address: 1, drives: socket}
          - {name: oven-meter, profile: sdm120, port: column, address: 5}
        doors: []
        services:
          - name: charge
            kind: charging
            type: phone
            readers: [reader]
            float_time: 2min
            sockets:
              - name: A1
                switch_on: {perform: relays/keep_on, with: {relay: 1}}
                switch_off: {perform: relays/switch_off, with: {relay: 1}}
                power: meter-1/power
                energy: meter-1/energy
              - name: A2
                switch_on: {perform: relays/keep_on, with: {relay: 2}}
                switch_off: {perform: relays/switch_off, with: {relay: 2}}
                power: meter-2/power
                energy: meter-2/energy
              - name: A3
                switch_on: {perform: relays/keep_on, with: {relay: 3}}
                switch_off: {perform: relays/switch_off, with: {relay: 3}}
                power: meter-3/power
                energy: meter-3/energy
          - {name: microwave, kind: appliance, level: oven-meter/power, total: oven-meter/energy}
        """

    private static let lodgeText = """
        ports:
          header: {gpio: chip}
          column: {serial: /dev/ttyS1, baud: 9600}
        devices:
          - {name: reader, profile: wiegand-26, gpio: {d0: A0, d1: A1}}
          - {name: bed-reader, profile: wiegand-26, gpio: {d0: A2, d1: A3}}
          - {name: locks, profile: kerong-cu12, port: column, address: 1}
          - {name: bed-1, profile: ld2410-presence, gpio: {out: A4}}
          - {name: bed-2, profile: ld2410-presence, gpio: {out: A5}}
          - {name: bay, profile: parking-bay, gpio: {taken: A6}}
          - {name: loop, profile: vehicle-counter, gpio: {passes: A7}}
          - {name: door-reader, profile: wiegand-26, gpio: {d0: A8, d1: A9}}
          - {name: strike, profile: strike-12v, gpio: {coil: A10}}
          - {name: contact, profile: door-contact, gpio: {contact: A11}}
          - {name: exit, profile: exit-button, gpio: {button: A12}}
        doors:
          - name: room
            readers: {in: [door-reader]}
            lock: strike
            contact: contact
            exit_button: exit
        services:
          - name: books
            kind: cabinet
            readers: [reader]
            open: {perform: locks/open, with: {lock: 3}}
            closed: "locks/door.3 == closed"
          - name: beds
            kind: place
            readers: [bed-reader]
            places:
              - {name: "1", occupied: "bed-1/room == occupied"}
              - {name: "2", occupied: "bed-2/room == occupied"}
          - name: bays
            kind: place
            places: [{name: P1, occupied: "bay/bay == in_use"}]
          - {name: cars, kind: counter, in: loop/vehicles, rule: both_ways}
        """
}
