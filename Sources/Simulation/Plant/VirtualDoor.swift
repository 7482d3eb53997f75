// A door as wood and iron: it opens only when its lock lets go, or when somebody breaks it.

import EventLoop
import StationCore

/// One door of the plant. The leaf follows the lock, the contact follows the leaf.
struct VirtualDoor {
    let id: DoorID
    let readersIn: [Int]
    let readersOut: [Int]
    let lock: LineID?
    /// The lock lets go while its coil has current (strike) or while it has none (maglock).
    let freesWhenActive: Bool
    let contact: LineID?
    let button: LineID?
    var isOpen = false

    init(_ id: DoorID, of station: ResolvedStation) {
        let door = station.doors[Int(id.index)]
        self.id = id
        readersIn = door.readersIn
        readersOut = door.readersOut
        lock = Self.line(of: door.lock, in: station)
        contact = door.contact.flatMap { Self.line(of: $0, in: station) }
        button = door.exitButton.flatMap { Self.line(of: $0, in: station) }
        if case .lock(let settings) = station.devices[door.lock].driver {
            freesWhenActive = settings.kind == .strike
        } else {
            freesWhenActive = true
        }
    }

    func isFree(_ board: borrowing LineBoard) -> Bool {
        guard let lock else { return false }
        return board.level(lock) == freesWhenActive
    }

    private static func line(of device: Int, in station: ResolvedStation) -> LineID? {
        station.lines.firstIndex { $0.device == device && $0.terminal == 0 }.map { LineID($0) }
    }
}
