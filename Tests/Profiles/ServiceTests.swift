// Services in a station file: what is read, and what is refused with its place.

import Profiles
import StationCore
import Testing

@Suite struct `Services in a station file` {
    private static let board = """
        ports:
          board-line: {serial: /dev/ttyS1}
        """
    private static let devices = """
        devices:
          - name: board
            profile: lockboard-8a
            port: board-line
            address: 1
          - name: bank-reader
            profile: wiegand-26
            gpio: {d0: B0, d1: B1}
        """
    private static let services = """
        services:
          - name: lockers
            kind: lockers
            label: {zh: 储物柜, en: Lockers}
            readers: [bank-reader]
            left_open: 3min
            overtime: 24h
            without_power: key
            boxes:
              count: 12
              first: 13
              open: {perform: board/open, with: {lock: n}}
              closed: "board/door.n == closed"
        doors:
        """
    private static let text = StationText.right
        .replacing("ports:", with: board).replacing("devices:", with: devices)
        .replacing("doors:", with: services)

    @Test func `are read with their boxes, counted`() throws {
        let station = try StationText.resolve(Self.text).station
        let service = try #require(station.services.first)
        #expect(service.name == "lockers" && service.labelChinese == "储物柜")
        #expect(station.devices[service.readers[0]].name == "bank-reader")
        guard case .lockers(let settings) = service.settings else { return }
        #expect(settings.boxes.map(\.name) == (13...24).map(String.init))
        #expect(settings.leftOpenMilliseconds == 180_000 && settings.overtimeMinutes == 1_440)
        #expect(settings.boxes[11].open.arguments == [ArgumentValue("lock", DecimalNumber(12))])
        #expect(settings.boxes[11].closed.point == "door.12")
        #expect(settings.withoutPower == .key)
    }

    @Test func `are the same after a way through the resolved file`() throws {
        let resolution = try StationText.resolve(Self.text)
        #expect(try ResolvedFile.decode(resolution.json) == resolution.station)
    }

    @Test func `may name each box`() throws {
        let text = Self.text.replacing(
            """
                boxes:
                  count: 12
                  first: 13
                  open: {perform: board/open, with: {lock: n}}
                  closed: "board/door.n == closed"
            """,
            with: """
                    boxes:
                      - name: A1
                        open: {perform: board/open, with: {lock: 7}}
                        closed: "board/door.7 == closed"
                        item: "board/door.8 == open"
                """)
        let station = try StationText.resolve(text).station
        guard case .lockers(let settings)? = station.services.first?.settings else { return }
        #expect(settings.boxes.map(\.name) == ["A1"])
        #expect(settings.boxes[0].item?.point == "door.8")
    }

    @Test(arguments: [
        ("readers: [bank-reader]", "readers: [bank]", "There is no device `bank`"),
        ("readers: [bank-reader]", "readers: [reader]", "`reader`"),
        ("lock: n", "lock: 13", "13"), ("lock: n", "lock: 1", "twice"),
        ("board/door.n", "board/door.2", "twice"), ("count: 12", "count: 13", "13"),
        ("count: 12", "count: 0", "0"), ("board/open", "board/opne", "opne"),
        (
            "board/door.n == closed", "board/door.n == closed and board/door.1 == closed",
            "Write one point"
        ),
        ("board/door.n == closed", "board/dor.n == closed", "dor."),
        ("without_power: key", "without_power: hope", "hope"),
        ("left_open: 3min", "left_open: 1s", "1s"), ("kind: lockers", "kind: locker", "locker"),
        ("overtime: 24h", "overtme: 24h", "overtme"),
        ("left_open: 3min", "left_open: 3min\n    hours: never", "never"),
    ])
    func `that are wrong are refused with their place`(
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

    @Test func `may not open a box whose coil nobody lets go`() throws {
        let devices = """
            devices:
              - name: relays
                profile: waveshare-relay-8
                port: board-line
                address: 2
                drives: lock
            """
        let text = Self.text.replacing("devices:", with: devices)
            .replacing("board/open, with: {lock: n}", with: "relays/switch_on, with: {relay: 1}")
        let errors = #expect(throws: ConfigurationErrors.self) {
            try StationText.resolve(text)
        }
        #expect(errors != nil)
    }
}
