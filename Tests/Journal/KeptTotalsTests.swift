// Totals in the snapshot: as they were, bounded, and "nobody knows" is not "none".

import StationCore
import Testing

@testable import Journal

@Suite struct `Totals in a snapshot` {
    private func snapshot(_ totals: StateSnapshot.Totals) -> StateSnapshot {
        StateSnapshot(
            last: nil, wallAnchor: WallTime(seconds: 1_790_000_000), doors: [], totals: totals)
    }

    private let total = KeptTotal(
        device: "water", point: "volume", unit: "L", origin: .max - 7,
        count: TotalCount(
            base: DecimalNumber(mantissa: 1_234_567_890_123, places: 9),
            last: DecimalNumber(mantissa: 42, places: 3)))

    @Test func `come back as they were`() throws {
        var whole = total
        (whole.count.last, whole.origin) = (nil, nil)
        var lost = total
        lost.count = .unknown
        let all: [StateSnapshot.Totals] = [
            .here([]), .here([total]), .here([total, whole, lost]), .unknown, .apart,
        ]
        for totals in all {
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
        let many = Array(repeating: longest, count: KeptTotal.capacity)
        let bytes = snapshot(.here(many)).encoded()
        #expect(bytes.count <= StateSnapshot.sizeLimit)
        #expect(StateSnapshot(bytes[...])?.totals == .here(many))
    }

    @Test func `are none in a snapshot from before there were any`() {
        // Neither their count nor that of guards or boxes.
        let bytes = snapshot(.here([])).encoded().dropLast(6 + emptyUses)
        #expect(StateSnapshot(bytes, version: 4)?.totals == .before([]))
        #expect(StateSnapshot(bytes) == nil)
    }

    @Test func `of the seventh version are read, of no origin, and were in no file of their own`() {
        // Without the count of boxes, and what follows it.
        var old = snapshot(.here([total])).encoded().dropLast(2 + emptyUses)
        // After the three names: the origin.
        let names = 3 + "water".utf8.count + "volume".utf8.count + "L".utf8.count
        let origin = old.count - 2 - 18 - 8
        #expect(old[origin - names] == 5)
        old.removeSubrange(origin..<origin + 8)
        var known = total
        known.origin = nil
        for version: UInt16 in [6, 7] {
            #expect(StateSnapshot(old[...], version: version)?.totals == .before([known]))
        }
        #expect(StateSnapshot(old[...]) == nil)
        let unknown = snapshot(.unknown).encoded().dropLast(2 + emptyUses)
        #expect(StateSnapshot(unknown, version: 7)?.totals == .unknown)
        let apart = snapshot(.apart).encoded().dropLast(2 + emptyUses)
        #expect(StateSnapshot(apart, version: 7) == nil)
    }

    @Test func `are not known when the snapshot is lost`() {
        let station = ResolvedStation(
            station: StationIdentity(
                id: "a", nameChinese: "甲", nameEnglish: "A", phone: "", utcOffsetMinutes: 0),
            lines: [], devices: [], doors: [], journal: JournalSettings(),
            policy: StationPolicy())
        #expect(
            StateSnapshot.lost(for: station, wallAnchor: WallTime(seconds: 1)).totals == .unknown)
    }
}
