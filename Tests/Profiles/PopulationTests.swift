// Who comes to a simulated station: files that are right, and every mistake with its place.

import Profiles
import StationCore
import Testing

@Suite struct `A population's file` {
    private let station: ResolvedStation

    init() throws {
        station = try Resolution.resolve(
            text: Array(Self.text.utf8), name: "room.yaml", devicesDirectory: Repository.devices
        ).station
    }

    private static let text = """
        schema: station/1
        station:
          id: room
          name: {zh: 驿站, en: Room}
        ports:
          header: {gpio: chip}
        devices:
          - {name: reader, profile: wiegand-26, gpio: {d0: A0, d1: A1}}
          - {name: strike, profile: strike-12v, gpio: {coil: A2}}
          - {name: box, profile: dry-contact, gpio: {contact: A3}}
        doors:
          - {name: front, readers: {in: [reader]}, lock: strike, egress: handle}
        services:
          - {name: books, kind: cabinet, closed: "box/door == closed"}
        """

    private func read(_ people: String) throws(ConfigurationErrors) -> Population {
        try Population.read(Array(people.utf8), name: "room.people.yaml", for: station)
    }

    private func mistakes(_ people: String) -> [String] {
        do throws(ConfigurationErrors) {
            _ = try read(people)
            return []
        } catch {
            return error.errors.map { $0.text(.english) }
        }
    }

    @Test func `says who comes for what, how often, when, and how much they take`() throws {
        let population = try read(
            """
            population: 1
            people:
              - wants: books
                an_hour: 0.5
                from: "22:00"
                to: "06:30"
                keys: 70%
                takes: 200..500
                draws: 40
              - {opens: front, an_hour: 12}
            """)
        #expect(
            population.groups == [
                Population.Group(
                    wants: .service(0), perThousandHours: 500, from: 1_320, to: 390,
                    keyPercent: 70, takes: 200...500, draws: 40...40),
                Population.Group(wants: .door(0), perThousandHours: 12_000),
            ])
    }

    @Test func `is refused with every mistake at once, each with its place`() {
        let told = mistakes(
            """
            population: 1
            people:
              - {wants: bucks, an_hour: 0}
              - {an_hour: x, keys: 70, takes: 500..200, draws: 99999}
              - {wants: books, opens: front, an_hour: 1.0001}
              - {opens: front, an_hour: 1, from: "25:00", to: "06:00", sorts: 1}
              - {opens: front, an_hour: 1, from: "05:00"}
            """)
        let places = told.map { $0.split(separator: " ")[0] }
        #expect(
            places == [
                "room.people.yaml:3:13:", "room.people.yaml:3:29:", "room.people.yaml:4:5:",
                "room.people.yaml:4:15:", "room.people.yaml:4:24:", "room.people.yaml:4:35:",
                "room.people.yaml:4:52:", "room.people.yaml:5:5:", "room.people.yaml:5:43:",
                "room.people.yaml:6:38:", "room.people.yaml:6:60:", "room.people.yaml:7:38:",
            ])
        #expect(told[0].contains("Did you mean `books`?"))
        #expect(told[4].contains("70%") && told[5].contains("200..500"))
    }

    @Test func `says its mistakes in Chinese as well`() {
        do throws(ConfigurationErrors) {
            _ = try read("population: 1\npeople:\n  - {an_hour: 1, keys: most}\n")
            Issue.record("it was read")
        } catch {
            let text = error.text(.chinese)
            #expect(text.contains("room.people.yaml:3:5: 写 wants"))
            #expect(text.contains("应写成 70%"))
        }
    }

    @Test func `is of version 1, and of people`() {
        #expect(mistakes("population: 2\npeople: []\n").count == 2)
        #expect(mistakes("people: 1\n").count == 2)
        #expect(!mistakes("").isEmpty)
    }
}
