// What of doors' rules outlives a run, besides their modes.

public import EventLoop

/// Who gave a door its mode, and what a fire interrupted.
public struct KeptStanding: Sendable, Equatable {
    public var by: Authority?
    public var beneath: DoorMode
    public var beneathBy: Authority?

    public init(
        by: Authority? = nil, beneath: DoorMode = .locked, beneathBy: Authority? = nil
    ) {
        self.by = by
        self.beneath = beneath
        self.beneathBy = beneathBy
    }
}

/// A holder who is inside, as far as taps show it.
public struct KeptStay: Sendable, Equatable {
    public var area: String
    public var holder: ShortText
    /// Until it is forgotten. The time without power does not count.
    public var secondsLeft: UInt32

    public init(area: String, holder: ShortText, secondsLeft: UInt32) {
        self.area = area
        self.holder = holder
        self.secondsLeft = secondsLeft
    }
}

/// What an entry of the run before says of who is inside.
public enum PassageFact: Sendable, Equatable {
    /// Somebody was let through at a reader.
    case went(DeviceID, holder: ShortText)
    /// Nobody went through after the last grant.
    case unused(DoorID)
}

extension Station {
    /// By door, in the station's order.
    public var keptStandings: [KeptStanding] { doorBook.standings }

    /// An earlier run knew this of a door.
    public mutating func recalled(_ kept: KeptStanding, of door: DoorID) {
        doorBook.standings[Int(door.index)] = kept
    }

    /// Everybody who is inside, by area and holder.
    public func keptStays(at now: Instant) -> [KeptStay] {
        let stays = doorBook.passbacks.stays(at: now).map { stay in
            KeptStay(
                area: doorBook.areas[Int(stay.area)], holder: stay.holder,
                secondsLeft: UInt32(clamping: (stay.until - now).nanoseconds / 1_000_000_000))
        }
        return stays.sorted {
            $0.area != $1.area ? $0.area < $1.area : $0.holder.precedes($1.holder)
        }
    }

    /// An earlier run knew that somebody is inside.
    public mutating func recalled(_ stay: KeptStay, at now: Instant) {
        guard let area = doorBook.areas.firstIndex(of: stay.area) else { return }
        doorBook.passbacks.enters(
            stay.holder, UInt8(area), until: now + .seconds(Int64(stay.secondsLeft)), at: now)
    }

    /// The journal of an earlier run says that somebody went in or out.
    public mutating func recalled(_ fact: PassageFact, at now: Instant) {
        switch fact {
        case .went(let reader, let holder):
            guard wiring.roles.indices.contains(Int(reader.index)) else { return }
            switch wiring.roles[Int(reader.index)] {
            case .ruledIn(let door): recalledPassage(of: holder, door, isEntry: true, at: now)
            case .ruledOut(let door): recalledPassage(of: holder, door, isEntry: false, at: now)
            case .none, .readerIn, .readerOut, .lock, .contact, .exitButton, .service: return
            }
        case .unused(let door):
            guard doorBook.ruled.contains(DoorSet(door)) else { return }
            takeBackPassages(of: door)
        }
    }
}
