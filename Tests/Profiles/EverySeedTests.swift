// What every station that comes with the project has to be: whole, clean, and with people.

import StationCore
import Testing

@testable import Profiles

@Suite struct `Every seed` {
    /// The folder's stations, by name.
    static let names = FileText.names(in: Repository.seeds)
        .filter { $0.hasSuffix(".yaml") && !$0.hasSuffix(".people.yaml") }
        .map { String($0.dropLast(5)) }.sorted()

    /// What a seed's notes may be about; whatever else `check` notes is mended in the file.
    private static func isBearable(_ kind: ConfigurationNote.Kind) -> Bool {
        switch kind {
        // Figures, what a board does not offer, and doors as estates have them.
        case .longestTurn, .actionLeftOut, .noContact, .forcedNotTold: true
        default: false
        }
    }

    @Test func `of the stations to model is there`() {
        #expect(
            Set(Self.names).isSuperset(of: [
                "anshan-six-hearts", "dalian-jiji", "hefei-baohe", "hefei-sockets",
                "kaiyuan-lockers", "kaiyuan-warm-key", "panjin-drivers-home",
                "pingcheng-love-corner", "pingcheng-rider-post", "shenyang-beta-winter",
                "tieling-aixin-harbour",
            ]))
    }

    @Test(arguments: names)
    func `resolves, and the daemon believes it`(name: String) throws {
        let resolution = try Repository.resolve(seed: name)
        let station = try resolution.station.validated()
        #expect(station.station.id == name)
        #expect(try ResolvedFile.decode(resolution.json) == station)
        let notes = resolution.notes.filter { !Self.isBearable($0.kind) }
        #expect(notes.isEmpty, "\(notes)")
    }

    @Test(arguments: names)
    func `has a roster that is accepted whole`(name: String) throws {
        let station = try Repository.resolve(seed: name).station
        let epoch = try #require(ShortText("local-test"))
        let secret = [UInt8](repeating: 7, count: StationKey.secretBytes)
        let key = try #require(StationKey(epoch: epoch, secret: secret))
        let report = RosterCSV(
            key: key, version: 1, utcOffset: station.station.utcOffsetMinutes * 60,
            doors: station.doors.map(\.name)
        ).read(try FileText.bytes(of: "\(Repository.seeds)/\(name).csv", limit: 1 << 20))
        #expect(report.errors.isEmpty, "\(report.errors)")
        #expect(report.rowCount >= 10 && report.acceptedCount == report.rowCount)
    }

    @Test func `with sockets for four hundred has them, and a guard for each`() throws {
        let station = try Repository.resolve(seed: "hefei-sockets").station
        let sockets = station.services.reduce(0) { count, service in
            guard case .machine(let settings) = service.settings else { return count }
            return count + settings.parts.count
        }
        #expect(sockets == 420)
        let rules = station.devices.reduce(0) { $0 + $1.driver.guards.count }
        #expect(rules > 2_000)
    }

    /// January, Friday to Sunday, and not one day more.
    @Test func `of Shenyang's winter is open when it says`() throws {
        let station = try Repository.resolve(seed: "shenyang-beta-winter").station
        let hours = try #require(station.hours.first { $0.name == "january" })
        for (date, isOpen) in [
            ("2026-12-25", false), ("2027-01-01", true), ("2027-01-03", true),
            ("2027-01-04", false), ("2027-01-31", true), ("2027-02-05", false),
        ] {
            let day = try #require(CivilDate(date))
            let open = hours.hours.day(day, station.holidays).0
            #expect((open == .closed) != isOpen, "\(date)")
        }
    }
}
