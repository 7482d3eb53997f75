// The stations that come with the project.

import StationCore
import Testing

@testable import Profiles

@Suite struct `The Kaiyuan seed` {
    let resolution: Resolution

    init() throws {
        resolution = try Repository.resolve(seed: "kaiyuan-warm-key")
    }

    @Test func `has shared gates and a barrier, a room with a strike and a room with a maglock`() {
        let doors = resolution.station.doors
        #expect(
            doors.map(\.name) == [
                "north-gate", "east-gate", "garden-gate", "rest-room", "locker-room",
                "vehicle-barrier",
            ])
        #expect(doors.map(\.shared) == [true, true, true, false, false, true])
        let kinds = doors.map { resolution.station.devices[$0.lock].profile }
        #expect(kinds[3...4] == ["strike-12v", "maglock"])
    }

    @Test func `passes the check that the daemon makes`() throws {
        #expect(try resolution.station.validated() == resolution.station)
    }

    @Test func `keeps the data lines of a reader in one request of their own`() {
        for (index, device) in resolution.station.devices.enumerated() {
            guard case .wiegand = device.driver else { continue }
            let inputs = resolution.station.lines.filter {
                $0.device == index && $0.direction == .input
            }
            #expect(inputs.count == 2)
            #expect(Set(inputs.map(\.request)).count == 1)
            let others = resolution.station.lines.filter { $0.device != index }
            #expect(!others.contains { $0.request == inputs[0].request })
        }
    }

    @Test func `gives every output a safe value: locks secured, lights and beepers off`() throws {
        let station = resolution.station
        for line in station.lines where line.direction == .output {
            let isMaglock = station.devices[line.device].profile == "maglock"
            #expect(line.safe == isMaglock)
        }
    }

    @Test func `resolves to the same bytes each time`() throws {
        let again = try Repository.resolve(seed: "kaiyuan-warm-key")
        #expect(again.json == resolution.json)
        #expect(again.digest == resolution.digest)
    }

    @Test func `tells that gates and barrier have no contact and nothing else`() {
        let kinds = resolution.notes.map(\.kind)
        #expect(
            kinds == [
                .noContact(door: "north-gate"), .noContact(door: "east-gate"),
                .noContact(door: "garden-gate"), .noContact(door: "vehicle-barrier"),
            ])
    }
}

@Suite struct `The Riverside seed` {
    let resolution: Resolution

    init() throws {
        resolution = try Repository.resolve(seed: "riverside-all-readers")
    }

    @Test func `uses a reader of every kind`() {
        let profiles = Set(resolution.station.devices.map(\.profile))
        #expect(
            profiles.isSuperset(of: [
                "wiegand-26", "acr122u", "pn532-uart", "rdm6300", "wedge-8h10d", "qr-scanner",
                "osdp-reader",
            ]))
        // Two readers on one line, which is a device of its own.
        #expect(resolution.station.channels.count == 6)
    }

    @Test func `passes the check that the daemon makes`() throws {
        #expect(try resolution.station.validated() == resolution.station)
    }

    @Test func `has a roster that is accepted whole`() throws {
        let epoch = try #require(ShortText("local-test"))
        let secret = [UInt8](repeating: 7, count: StationKey.secretBytes)
        let key = try #require(StationKey(epoch: epoch, secret: secret))
        let report = RosterCSV(
            key: key, version: 1,
            utcOffset: resolution.station.station.utcOffsetMinutes * 60,
            doors: resolution.station.doors.map(\.name)
        ).read(
            try FileText.bytes(
                of: Repository.seeds + "/riverside-all-readers.csv", limit: 1 << 20))
        #expect(report.errors.isEmpty, "\(report.errors)")
        #expect(report.rowCount == 19 && report.acceptedCount == 19)
    }
}
