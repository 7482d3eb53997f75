// Totals in the snapshot: as they were, bounded, and "nobody knows" is not "none".

import StationCore
import Testing

@testable import Journal

@Suite struct `Totals in a snapshot` {
    private func snapshot(_ totals: [KeptTotal]?) -> StateSnapshot {
        StateSnapshot(
            last: nil, wallAnchor: WallTime(seconds: 1_790_000_000), doors: [], totals: totals)
    }

    private let total = KeptTotal(
        device: "water", point: "volume", unit: "L",
        count: TotalCount(
            base: DecimalNumber(mantissa: 1_234_567_890_123, places: 9),
            last: DecimalNumber(mantissa: 42, places: 3)))

    @Test func `come back as they were`() throws {
        var whole = total
        whole.count.last = nil
        for totals in [[], [total], [total, whole], nil] {
            let bytes = snapshot(totals).encoded()
            let read = try #require(StateSnapshot(bytes[...]))
            #expect(read.totals == totals)
            for length in bytes.indices { #expect(StateSnapshot(bytes[..<length]) == nil) }
        }
    }

    @Test func `of a station with the most of them fit its limit`() {
        let name = String(repeating: "x", count: EntryNames.nameLimit)
        let longest = KeptTotal(
            device: name, point: name + ".255",
            unit: String(repeating: "u", count: ResolvedStation.Limit.unitBytes),
            count: total.count)
        let bytes = snapshot(Array(repeating: longest, count: KeptTotal.capacity)).encoded()
        #expect(bytes.count <= StateSnapshot.sizeLimit)
        #expect(StateSnapshot(bytes[...])?.totals?.count == KeptTotal.capacity)
    }

    @Test func `are none in a snapshot from before there were any`() {
        // Neither their count nor that of guards.
        let bytes = snapshot([]).encoded().dropLast(4)
        #expect(StateSnapshot(bytes, version: 4)?.totals == [])
        #expect(StateSnapshot(bytes) == nil)
    }

    @Test func `are not known when the snapshot is lost`() {
        let station = ResolvedStation(
            station: StationIdentity(
                id: "a", nameChinese: "甲", nameEnglish: "A", phone: "", utcOffsetMinutes: 0),
            lines: [], devices: [], doors: [], journal: JournalSettings(),
            policy: StationPolicy())
        #expect(
            StateSnapshot.lost(for: station, wallAnchor: WallTime(seconds: 1)).totals == nil)
    }
}
