// The sample rosters of the stations that come with the project.

import StationCore
import Testing

@testable import Profiles

@Suite struct `The Kaiyuan roster` {
    let station: ResolvedStation
    let result: RosterImport

    init() throws {
        station = try Repository.resolve(seed: "kaiyuan-warm-key").station
        let epoch = try #require(ShortText("local-test"))
        let secret = [UInt8](repeating: 7, count: StationKey.secretBytes)
        let key = try #require(StationKey(epoch: epoch, secret: secret))
        let bytes = try FileText.bytes(
            of: Repository.seeds + "/kaiyuan-warm-key.csv", limit: 1 << 20)
        result = RosterCSV(
            key: key, version: 1, utcOffset: station.station.utcOffsetMinutes * 60,
            doors: station.doors.map(\.name)
        ).read(bytes)
    }

    @Test func `is accepted whole and names only doors that are there`() {
        #expect(result.errors.isEmpty, "\(result.errors)")
        #expect(result.rowCount == 17 && result.acceptedCount == 17)
        #expect(result.keyCount == 16)
    }

    @Test func `has a rider for every answer, two masters and a crew`() throws {
        let file = try #require(result.file)
        let roster = try RosterFile.decode(file, doors: station.doors.map(\.name))
        func key(_ id: String) throws -> KeyRecord {
            let text = try #require(ShortText(id))
            return try #require(roster.key(text))
        }
        #expect(try key("k-0007").state == .lost)
        #expect(try key("k-0009").state == .blocked)
        let spring2026 = WallTime(seconds: 1_772_000_000)
        let expired = try key("k-0010").validTo
        #expect(try #require(expired) < spring2026)
        let begins = try key("k-0011").validFrom
        #expect(try #require(begins) > spring2026)
        #expect(try ["k-0101", "k-0102"].map { try key($0).role } == [.master, .master])
        #expect(try key("k-0201").role == .crew)
        #expect(try key("k-0001").doors == .all)
        #expect(try key("k-0006").doors == [DoorSet(DoorID(2)), DoorSet(DoorID(3))])
    }
}
