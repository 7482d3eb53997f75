// What waits to be done in this tick.

import EventLoop

/// What a release needs to know of the grant behind it.
@usableFromInline
struct GrantOrigin: Sendable {
    /// `nil` when its entry found no room.
    var ticket: Ticket?
    /// The credential's last edge.
    var tappedAt: Instant
}

/// Something that waits to be done in this tick.
@usableFromInline
enum Work: Sendable {
    case driver(DeviceID, DriverCommand)
    /// For whoever stands at the reader.
    case sentence(DeviceID, Wording.ID)
    /// `grant` is the grant behind a key's release.
    case door(DoorID, Door.Input, grant: GrantOrigin?)
    /// The same, but counted instead of written.
    case quietDoor(DoorID, Door.Input)
    /// The two before, of a door with rules.
    case ruledDoor(DoorID, Door.Input, grant: GrantOrigin?)
    case quietRuledDoor(DoorID, Door.Input)
    /// What guards want done; it stands before all others.
    case guardOrders
    /// What services want done.
    case serviceOrders
}
