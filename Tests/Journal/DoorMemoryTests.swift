// What doors remember over a restart: in the snapshot's bytes, and in what entries add to them.

import EventLoop
import StationCore
import Testing

@testable import Journal

@Suite struct `What doors remember over a restart` {
    private func snapshot(_ rules: DoorMemory) -> StateSnapshot {
        StateSnapshot(
            last: nil, wallAnchor: WallTime(seconds: 1_795_000_000), doors: [], rules: rules)
    }

    private var memory: DoorMemory {
        DoorMemory(
            standings: [
                .init(
                    door: "gate",
                    kept: KeptStanding(by: .fire, beneath: .lockedDown, beneathBy: .hub)),
                .init(door: "yard", kept: KeptStanding(by: .crew)),
            ],
            stays: [
                KeptStay(area: "yard", holder: ShortText("h-1") ?? .empty, secondsLeft: 77)
            ])
    }

    @Test func `comes back from the snapshot as it was`() {
        #expect(StateSnapshot(snapshot(memory).encoded()[...])?.rules == memory)
    }

    @Test func `is nothing in a snapshot of before`() {
        let bytes = snapshot(DoorMemory()).encoded().dropLast(emptyUses)
        #expect(StateSnapshot(bytes, version: 9)?.rules == DoorMemory())
        #expect(StateSnapshot(bytes) == nil)
    }

    @Test func `is refused cut short, anywhere, and with what nobody wrote`() {
        let bytes = snapshot(memory).encoded()
        for length in 0..<bytes.count { #expect(StateSnapshot(bytes[..<length]) == nil) }
        #expect(StateSnapshot((bytes + [0])[...]) == nil)
        // An authority and a mode that there are not, behind a door's name.
        let name = Array("gate".utf8)
        let place = bytes.indices.first { bytes[$0...].starts(with: name) } ?? 0
        for behind in 0..<3 {
            var wrong = bytes
            wrong[place + name.count + behind] = 99
            #expect(StateSnapshot(wrong[...]) == nil)
        }
    }

    @Test func `is what the entries after the snapshot say`() throws {
        let directory = try TemporaryDirectory()
        let (door, reader) = (DoorID(0), DeviceID(0))
        let events: [Event] = [
            .granted(door: door, reader: reader, view: .full, note: .none),
            .grantUnused(door: door),
            .granted(door: door, reader: DeviceID(1), view: .full, note: .none),
        ]
        let written = events.enumerated().map { index, event in
            entry(UInt64(index + 1), event, key: "k-1", holder: index == 2 ? "" : "h-1")
        }
        let found = try withStore(settings(directory)) { store throws in
            _ = try store.commit(written.span)
            var memory = Recollection(names)
            for entry in try store.readAll() { memory.take(entry) }
            return memory.passages.facts
        }
        #expect(
            found == [
                .went(reader, holder: ShortText("h-1") ?? .empty), .unused(door),
                .went(DeviceID(1), holder: ShortText("k-1") ?? .empty),
            ])
    }
}
