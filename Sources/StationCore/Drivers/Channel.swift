// What travels between a driver and its channel.

/// Which of a channel's streams bytes came from.
public enum Pipe: UInt8, Sendable {
    /// The channel's own bytes: a serial line, input events, USB's bulk pipe.
    case data = 0
    /// A USB device's interrupt pipe, one message at a time.
    case notification = 1
    /// What a USB device says of its class, once, before `attached`: its class descriptor, without
    /// which no CCID reader can be spoken to.
    case descriptor = 2
}

/// What the core wants of a channel. Orders of one channel are carried out in order; none is
/// answered: what fails shows in what the channel says, or in its silence.
public enum ChannelOrder: Sendable, Equatable {
    /// Write all of it.
    case write(Packet)
    /// Close it and open it again; a USB device is reset as well.
    case reset
    /// Go on at so many bits per second, once everything before it was sent.
    case speed(UInt32)
}

/// Unpredictable bytes from the operating system.
public typealias RandomBytes = InlineArray<32, UInt8>
