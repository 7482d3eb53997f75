// USB card readers for the loop: two mailboxes, and a thread behind them.

public import EventLoop
import Glibc
public import StationCore

/// All USB card readers of a station. No call here touches a device, a file, or libusb.
///
/// | a call returns | the caller's duty |
/// |---|---|
/// | true | none: it will be done, or the session is over and its end is told |
/// | false | the thread is stuck or drowned: treat the reader as lost, and try again later |
///
/// Watch `events.descriptor` and drain `events`. Everything is bounded: a loop that does not drain
/// makes the devices wait, and loses nothing.
public final class USBReaders: Sendable {
    /// Readers of one station; a hub has seven ports and a board two hubs.
    public static let most = 16
    /// A full-speed reader's message is one event or two.
    public static let eventCapacity = 1_024
    public static let commandCapacity = 64

    public let events: Mailbox<USBEvent>
    private let commands: Mailbox<USBCommand>
    private let thread: HostThread

    /// Starts the thread, which looks for the readers at once.
    ///
    /// - Parameters:
    ///   - bindings: one for each reader; a reader's number is its place here. At most `most`.
    ///   - tree: where the kernel shows its devices.
    public init(bindings: [USBBinding], tree: USBTree = USBTree()) {
        precondition(bindings.count <= Self.most, "more USB readers than stationctl check allows")
        let events = Mailbox<USBEvent>(capacity: Self.eventCapacity)
        let commands = Mailbox<USBCommand>(capacity: Self.commandCapacity)
        (self.events, self.commands) = (events, commands)
        thread = HostThread(name: "usb") {
            USBThread(bindings: bindings, tree: tree, commands: commands, events: events).run()
        }
    }

    /// Sends a message; a session that is over drops it.
    public func send(_ packet: Packet, to reader: Int, session: UInt32) -> Bool {
        commands.post(.send(reader: reader, session: session, packet)) == nil
    }

    /// Resets the device and opens it again: `.attached` or `.unavailable` follows.
    public func reset(_ reader: Int, session: UInt32) -> Bool {
        commands.post(.reset(reader: reader, session: session)) == nil
    }

    /// Asks for a sign of life: `.alive` with the same number.
    public func ping(_ number: UInt64) -> Bool { commands.post(.ping(number)) == nil }

    /// Gives the readers back to the kernel and ends the thread; takes two seconds at most, unless
    /// the thread itself is stuck. Once.
    public func stop() {
        while commands.post(.stop) != nil { sched_yield() }
        thread.join()
    }
}
