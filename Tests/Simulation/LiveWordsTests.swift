// The lines of the live terminal.

import EventLoop
import Simulation
import StationCore
import Testing

@Suite struct `A live line` {
    let station: ResolvedStation
    let residents: [Resident]
    /// 2026-06-01 08:30:05 at the station.
    let calendar = Calendar(
        wallOffset: 1_780_273_805_000_000_000, bootOffset: 0, quality: .synced,
        utcOffset: 28_800, floor: WallTime(milliseconds: 0))

    init() throws {
        station = try Repository.station(seed: "kaiyuan-warm-key")
        residents = Neighbourhood.residents(
            of: Repository.bytes("seeds/kaiyuan-warm-key.csv"), station: station)
    }

    func entry(_ number: UInt64, _ event: Event, key: String = "") -> Entry {
        Entry(
            ticket: Ticket(number: number), at: Instant(nanoseconds: 0), calendar: calendar,
            event: event, key: ShortText(key) ?? .empty)
    }

    func lines(_ language: Wording.Language, _ entries: [(Entry, Interval?)]) -> [String] {
        var words = LiveWords(language: language, station: station, residents: residents)
        return entries.compactMap { words.line(for: .init(entry: $0.0, latency: $0.1)) }
    }

    func grant(_ door: Int) -> [(Entry, Interval?)] {
        let reader = DeviceID(station.doors[door].readersIn[0])
        return [
            (
                entry(
                    1, .granted(door: DoorID(door), reader: reader, view: .full, note: .none),
                    key: "k-0001"), nil
            ),
            (
                entry(
                    2,
                    .released(
                        door: DoorID(door), cause: .key, grant: Ticket(number: 1),
                        latency: .microseconds(1_830))), .microseconds(1_830)
            ),
        ]
    }

    @Test func `says when a door was freed before its grant was written`() {
        var entries = grant(0)
        entries[1].0.event = .released(
            door: DoorID(0), cause: .key, grant: Ticket(number: 1), latency: .zero,
            note: .journalSlow)
        #expect(lines(.chinese, entries)[0].contains("（未等到写入）"))
        #expect(lines(.english, entries)[0].contains("(not yet written)"))
    }

    @Test func `says time, door, masked key, decision and latency`() {
        #expect(
            lines(.chinese, grant(0)) == [
                "08:30:05  福安小区北门      k-••01    放行  请进，慢点骑。  1.8 ms"
            ])
        #expect(
            lines(.english, grant(3)) == [
                "08:30:05  Rest room                 k-••01    "
                    + "granted  Come in, sit down, rest a while.  1.8 ms"
            ])
    }

    @Test func `gives each denial its sentence, with every blank filled`() {
        for reason in Denial.allCases {
            for language in Wording.Language.allCases {
                let event = Event.denied(
                    door: DoorID(0), reader: DeviceID(0), view: nil, reason: reason)
                let line = lines(language, [(entry(1, event, key: "k-0006"), .zero)])[0]
                #expect(!line.contains("{"))
                #expect(line.contains(language == .chinese ? "未放行" : "denied"))
                #expect(!line.contains("k-0006"))
            }
        }
    }

    @Test func `tells a stranger from a key`() {
        let event = Event.denied(
            door: DoorID(0), reader: DeviceID(0), view: nil, reason: .unknown)
        #expect(lines(.chinese, [(entry(1, event), nil)])[0].contains("未登记"))
        #expect(lines(.english, [(entry(1, event), nil)])[0].contains("unknown"))
    }

    @Test func `says nothing of what nobody at a terminal asks for`() {
        #expect(lines(.chinese, [(entry(1, .secured(door: DoorID(0))), nil)]) == [])
        #expect(lines(.chinese, [(entry(1, .exitRequested(door: DoorID(3))), nil)]) == [])
    }
}
