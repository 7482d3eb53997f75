// Doors with every rule at once, and whatever people, fires and crews do to them.

import EventLoop
import Simulation
import Testing

@testable import StationCore

/// What entries alone say of two doors: the other half of the bookkeeping.
private struct DoorLedger {
    var isOpen = [false, false]
    var isFree = [false, false]
    /// Who is inside, and what was changed at each door since its leaf moved.
    var inside: Set<ShortText> = []
    var passages: [[(holder: ShortText, wasInside: Bool)]] = [[], []]
    /// Who waits for a second person at each door.
    var first: [ShortText?] = [nil, nil]
    /// Grants that were not let go yet, by ticket: the reader, the holder and who came before.
    var grants: [UInt64: (reader: Int, holders: [ShortText])] = [:]
    var broken: [String] = []

    /// - Parameter entries: readers inward, by their place.
    mutating func take(_ entry: Entry, entries: Set<Int>) {
        switch entry.event {
        case .denied(let door, _, _, .secondPerson): first[Int(door.index)] = entry.holder
        case .granted(let door, let reader, _, _):
            let place = Int(reader.index)
            var holders = [entry.holder]
            if entries.contains(place) {
                if inside.contains(entry.holder) { broken.append("\(entry.holder) was inside") }
                if let first = first[Int(door.index)] { holders.insert(first, at: 0) }
                first[Int(door.index)] = nil
            }
            grants[entry.ticket.number] = (place, holders)
        case .released(let door, .key, let grant, _, _):
            let place = Int(door.index)
            guard let grant, let known = grants[grant.number] else { return }
            let isEntry = entries.contains(known.reader)
            if isEntry, isOpen[1 - place] || isFree[1 - place] {
                broken.append("\(place) opened beside \(1 - place)")
            }
            for holder in known.holders {
                if !isOpen[place] { passages[place].append((holder, inside.contains(holder))) }
                if isEntry { inside.insert(holder) } else { inside.remove(holder) }
            }
            isFree[place] = true
        case .released(let door, _, _, _, _): isFree[Int(door.index)] = true
        case .passbackForgotten: inside = []
        case .secured(let door):
            isFree[Int(door.index)] = false
            // Behind a leaf that did not move nobody came in, and nobody went out.
            for change in passages[Int(door.index)].reversed() where !isOpen[Int(door.index)] {
                if change.wasInside {
                    inside.insert(change.holder)
                } else {
                    inside.remove(change.holder)
                }
            }
            passages[Int(door.index)] = []
        case .modeChanged(let door, let mode, _):
            if Door.isFree(in: mode) { isFree[Int(door.index)] = true }
        case .opened(let door):
            isOpen[Int(door.index)] = true
            passages[Int(door.index)] = []
        case .closed(let door): isOpen[Int(door.index)] = false
        default: break
        }
    }
}

@Suite struct `Doors with every rule` {
    private static let rules = """
        fire: "smoke/smoke == alarm"
        obstacles: "loop/door == open"
        frost: "cold/door == open"
        extended: {release: 5s}
        passback: {area: yard, rule: hard}
        interlock: lock
        """

    /// What people do, and what happens to them.
    private struct Day {
        var random: SplitMix64
        var inputs = ["smoke": true, "loop": true, "cold": true]
        var broken: [String] = []

        mutating func toggle(_ name: String, _ room: DoorRoom, wait: Interval) {
            let value = inputs[name] != true
            inputs[name] = value
            room.set(name, value, wait: wait)
        }

        mutating func step(_ room: DoorRoom) {
            let name = random.below(2) == 0 ? "a" : "b"
            let door = name == "a" ? DoorRoom.a : DoorRoom.b
            switch random.below(12) {
            case 0, 1, 2: room.tap(random.below(8) + 1, at: "in-\(name)")
            case 3: room.tap(random.below(8) + 1, at: "out-\(name)")
            case 4: leave(room, name, door)
            case 5 where room.isFree(door): room.set("contact-\(name)", false, wait: .seconds(1))
            case 6: room.set("contact-\(name)", true, wait: .seconds(1))
            case 7: toggle("loop", room, wait: .seconds(1))
            case 8: toggle("cold", room, wait: .seconds(1))
            case 9 where random.below(3) == 0:
                toggle("smoke", room, wait: .seconds(8))
                if inputs["smoke"] == false, room.modes != [.lockedOpen, .lockedOpen] {
                    broken.append("a fire and a locked door")
                }
            case 10:
                let commands: [DoorCommand] = [
                    .access, .lock, .block, .unblock, .lockDown, .releaseLockDown, .resetFire,
                    .forgetPassback,
                ]
                room.order(
                    commands[random.below(commands.count)], door,
                    by: random.below(2) == 0 ? .crew : .hub)
            case 11: room.isCommitting.toggle()
            default: room.run(for: .milliseconds(Int64(random.below(9_000)) + 100))
            }
        }

        private mutating func leave(_ room: DoorRoom, _ name: String, _ door: DoorID) {
            room.press(name)
            room.run(for: .milliseconds(300))
            // A frozen strike may just be pulsed.
            if !room.isFree(door) { room.run(for: DoorWarden.lift) }
            if !room.isFree(door) { broken.append("nobody gets out at \(name)") }
        }
    }

    /// - Parameter second: whether they want two people.
    private func run(_ seed: UInt64, second: Bool) throws {
        let text = Self.rules + (second ? "\nsecond_person: 20s" : "")
        let room = try DoorRoom(DoorRoom.text(a: text, b: text))
        var day = Day(random: SplitMix64(seed: seed))
        var ledger = DoorLedger()
        var seen = 0
        func look() {
            for entry in room.entries[seen...] { ledger.take(entry, entries: [0, 5]) }
            seen = room.entries.count
            for (place, door) in [DoorRoom.a, DoorRoom.b].enumerated()
            where Door.isFree(in: room.modes[place]) && !room.isFree(door) {
                ledger.broken.append("\(place) holds in a free mode")
            }
        }
        for _ in 0..<60 {
            day.step(room)
            look()
        }
        #expect(ledger.broken + day.broken == [])
        // Everything is over: every door holds, and knows it.
        room.isCommitting = true
        for line in ["smoke", "loop", "cold", "contact-a", "contact-b"] { room.set(line, true) }
        for door in [DoorRoom.a, DoorRoom.b] {
            for command in [DoorCommand.resetFire, .releaseLockDown, .unblock, .lock] {
                room.order(command, door)
            }
        }
        room.run(for: .seconds(60))
        look()
        #expect(ledger.broken == [])
        #expect(!room.isFree(DoorRoom.a) && !room.isFree(DoorRoom.b))
        #expect(room.modes == [.locked, .locked])
        #expect(room.station.doorStates.map(\.isSecured) == [true, true])
        #expect(ledger.isFree == [false, false])
        #expect(room.station.keptStays(at: room.now).count == ledger.inside.count)
    }

    @Test(arguments: UInt64(1)...60)
    func `let nobody in two at a time or twice, and everybody out`(seed: UInt64) throws {
        try run(seed, second: seed % 3 == 0)
    }
}
