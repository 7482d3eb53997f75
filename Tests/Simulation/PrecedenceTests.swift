// Who has the last word about a door: all pairs of the table, at a door that has them.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `The last word about a door` {
    /// What holds the door, and who speaks then.
    struct Pair: Sendable, CustomStringConvertible {
        var holder: Authority
        var word: Authority
        var description: String { "\(word) while \(holder)" }
    }

    static let pairs: [Pair] = Authority.allCases.flatMap { holder in
        Authority.allCases.map { Pair(holder: holder, word: $0) }
    }

    private static let text = DoorRoom.text(a: "fire: \"smoke/smoke == alarm\"")

    /// Has the door held as it would be.
    private func hold(_ room: DoorRoom, _ holder: Authority) {
        switch holder {
        case .fire: room.set("smoke", false)
        case .lockdown: room.order(.lockDown)
        case .crew: room.order(.block)
        case .hub: room.order(.block, by: .hub)
        case .schedule:
            room.station.commanded(.unlock, door: DoorRoom.a, by: .schedule, at: room.now)
        case .card: break
        }
        room.settle()
    }

    /// Says a word, and whether it is done: each changes something that can be seen.
    private func speak(_ room: DoorRoom, _ word: Authority) -> Bool {
        switch word {
        case .fire:
            if room.modes[0] != .lockedOpen { room.set("smoke", false) }
            return room.modes[0] == .lockedOpen
        case .lockdown:
            room.order(.lockDown)
            return room.modes[0] == .lockedDown
        case .crew, .hub:
            // The one that changes something.
            let command: DoorCommand = room.modes[0] == .unlocked ? .lock : .unlock
            if case .refused = room.order(command, by: word) { return false }
            return room.modes[0] == (command == .lock ? .locked : .unlocked)
        case .schedule:
            let command: DoorCommand = room.modes[0] == .unlocked ? .lock : .unlock
            if case .refused = room.order(command, by: word) { return false }
            return true
        case .card:
            room.tap(1, at: "in-a")
            return room.grants > 0
        }
    }

    @Test(arguments: pairs)
    func `is the stronger one's`(pair: Pair) throws {
        let room = try DoorRoom(Self.text)
        hold(room, pair.holder)
        let found = Precedence.of(pair.word, while: pair.holder)
        let before = room.modes[0]
        let isDone = speak(room, pair.word)
        #expect(isDone == (found == .obeyed))
        if found != .obeyed { #expect(room.modes[0] == before) }
        // Nobody below what holds the door gets past it, but that a fire lets everybody in.
        if pair.word > pair.holder, pair.holder < .schedule, pair.word != .card {
            #expect(found != .obeyed)
        }
        // Whoever is above it does, but that a block is ended before it is overruled.
        if pair.word <= .lockdown, pair.word <= pair.holder { #expect(found == .obeyed) }
    }

    @Test func `of what holds a door is ended by who began it, or somebody above`() throws {
        for (command, end, mode) in [
            (DoorCommand.block, DoorCommand.unblock, DoorMode.blocked),
            (.lockDown, .releaseLockDown, .lockedDown),
        ] {
            for (begun, ended, may) in [
                (Authority.crew, Authority.crew, true), (.crew, .hub, false), (.hub, .hub, true),
                (.hub, .crew, true),
            ] {
                let room = try DoorRoom(Self.text)
                room.order(command, by: begun)
                #expect(room.modes[0] == mode)
                let answer = room.order(end, by: ended)
                #expect(answer == (may ? .done(.locked, isWritten: false) : .refused(.outranked)))
                #expect(room.modes[0] == (may ? .locked : mode))
            }
        }
    }
}
