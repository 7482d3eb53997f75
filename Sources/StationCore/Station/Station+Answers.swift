// The answer to whoever stands at a reader: a rhythm, and where there is a display, a sentence.

import EventLoop

extension Station {
    /// - Parameter sentence: looked for only where it can be read.
    @inline(__always)
    mutating func reply(
        _ rhythm: Rhythm, at reader: Int, now: Instant, _ sentence: (borrowing Self) -> Wording.ID
    ) {
        enqueue(.driver(DeviceID(reader), .feedback(rhythm)), at: now)
        guard wiring.buses[reader] != nil else { return }
        enqueue(.sentence(DeviceID(reader), sentence(self)), at: now)
    }

    @inline(__always)
    mutating func reply(_ reason: Denial, at reader: Int, now: Instant) {
        reply(reason.rhythm, at: reader, now: now) { _ in reason.wording }
    }

    /// What somebody reads who is let in: the door's greeting, or that the card is to be renewed.
    borrowing func welcome(_ grant: HeldGrant, at now: Instant) -> Wording.ID {
        switch grant.origin {
        case .key(let form), .ruled(let form):
            if case .granted(.grace) = decide(rights(of: form), at: grant.door, now: now) {
                return .grantedGrace
            }
        case .pass, .order, .use, .word, .gift: break
        }
        switch resolved.doors[Int(grant.door.index)].greeting {
        case .gate: return .grantedGate
        case .room: return .grantedRoom
        }
    }

    /// A member of a bus shows a sentence, if it can.
    mutating func show(_ sentence: Wording.ID, at reader: DeviceID, now: Instant) {
        guard let bus = wiring.buses[Int(reader.index)] else { return }
        let place = Int(bus.index)
        drivers[place].show(sentence, to: reader, at: now)
        deadlines.set(place, to: drivers[place].nextDeadline)
    }
}
