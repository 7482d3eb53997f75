// What stands at the other end of a channel in a simulated world.

public import EventLoop
public import StationCore

/// A simulated device that speaks in bytes: a serial reader, an OSDP bus with its readers, a USB
/// reader, a keyboard. It has a state of its own and answers as the real one does, faults included.
///
/// Time is virtual: whatever it does by itself it announces with `nextDeadline`.
public protocol ChannelTwin: AnyObject {
    /// Whether it is plugged in; an unplugged twin is looked for again and again.
    var isPlugged: Bool { get }
    /// The station opened the channel. A USB reader returns its class descriptor.
    func opened(at now: Instant) -> [UInt8]
    /// The station wrote a whole packet.
    func written(_ packet: Packet, at now: Instant)
    /// The station goes on at another speed.
    func turned(to baud: UInt32, at now: Instant)
    /// When it next says something, or is plugged or unplugged.
    var nextDeadline: Instant? { get }
    /// The next thing that it says by `now`: bytes as one read would give them.
    func says(by now: Instant) -> (pipe: Pipe, bytes: [UInt8])?
    /// Somebody holds a card to it, to the member that is named if it is a bus.
    func present(_ card: Credential, to member: DeviceID, at now: Instant, until: Instant)
}
