// A box by itself, as tools get it from its profile.

import StationCore
import Testing

@testable import Profiles

@Suite struct `A box at the bench` {
    private func model(_ id: String) throws -> DeviceProfile {
        try DeviceProfile.read(file: Repository.root + "/Devices/\(id).yaml")
    }

    @Test func `has the address that is said, in the model's own range`() throws {
        let board = try model("lockboard-8a")
        #expect(try board.bench(address: "7").address == 7)
        #expect(try board.bench(address: "0x10").address == 16)
        #expect(throws: BenchFlaw.addressMissing("1-99")) { try board.bench(address: nil) }
        for wrong in ["0", "100", "", "x", "1.5", "-1", "+1", "9999999999999999999999"] {
            #expect(throws: BenchFlaw.addressWrong(wrong, range: "1-99")) {
                try board.bench(address: wrong)
            }
        }
    }

    @Test func `that is a meter has twelve digits, one without an address has none`() throws {
        let meter = try model("dlt645-single-phase")
        #expect(try meter.bench(address: "000000000001").address == 1)
        #expect(try meter.bench(address: "999999999999").address == 999_999_999_999)
        #expect(throws: BenchFlaw.self) { try meter.bench(address: "1999999999999") }
        let pack = try model("jbd-bms")
        #expect(pack.addresses == nil)
        #expect(try pack.bench(address: nil).address == 0)
        #expect(throws: BenchFlaw.noAddress) { try pack.bench(address: "1") }
    }

    @Test func `takes parameters as a station file does`() throws {
        let board = try model("lockboard-8a")
        let usual = try board.bench(address: "1")
        let other = try board.bench(address: "1", parameters: [("opened_code", "0x11")])
        #expect(usual.points[0].meanings != other.points[0].meanings)
        #expect(throws: BenchFlaw.value("5", name: "opened_code")) {
            try board.bench(address: "1", parameters: [("opened_code", "5")])
        }
        #expect(throws: BenchFlaw.unknown("open_code", known: ["opened_code"])) {
            try board.bench(address: "1", parameters: [("open_code", "0")])
        }
    }

    @Test func `that is a reader is none`() throws {
        #expect(throws: BenchFlaw.noBox(profile: "rdm6300")) {
            try model("rdm6300").bench(address: nil)
        }
    }

    @Test func `begins with what its worked bytes show`() throws {
        let meter = try model("pzem-004t-v3")
        let settings = try meter.bench(address: "1")
        let values = meter.workedValues(of: settings)
        let voltage = try #require(values.first { $0.point.name == "voltage" })
        #expect(voltage.raw.rounded() == 2_257)
        // A state has no number that is plausible by itself.
        #expect(!values.contains { $0.point.name == "overload" })
    }

    @Test func `has raw numbers for values and for states`() throws {
        let settings = try model("lockboard-8a").bench(address: "1")
        let door = settings.points[0]
        #expect(door.raw(of: "open") == 0)
        #expect(try #require(door.raw(of: "closed")) > 0)
        #expect(door.raw(of: "ajar") == nil)
        let voltage = try model("pzem-004t-v3").bench(address: "1").points[0]
        #expect(voltage.raw(of: "230.2").map { $0.rounded() } == 2_302)
        #expect(voltage.raw(of: "much") == nil)
    }

    @Test func `says what is wrong in both languages`() {
        let flaws: [BenchFlaw] = [
            .noBox(profile: "rdm6300"), .addressMissing("1-99"), .addressWrong("0", range: "1-99"),
            .noAddress, .unknown("opne", known: ["open"]), .value("13", name: "lock"),
        ]
        for flaw in flaws {
            #expect(flaw.text(.chinese) != flaw.text(.english))
        }
        #expect(BenchFlaw.unknown("opne", known: ["open"]).text(.english).contains("mean open"))
    }
}
