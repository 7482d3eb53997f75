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
public enum ChannelOrder: Sendable {
    /// Write all of it.
    case write(OrderBytes)
    /// Close it and open it again; a USB device is reset as well.
    case reset
    /// Go on at so many bits per second, once everything before it was sent.
    case speed(UInt32)
}

/// What a write order writes. The bytes lie where the station queued them, so an order is small:
/// they are valid until the station is told or asked anything, so whoever keeps them copies them.
public struct OrderBytes: @unchecked Sendable {
    private let bytes: UnsafeRawBufferPointer

    /// - Precondition: there are at most `Packet.capacity` bytes.
    public init(_ bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count <= Packet.capacity, "a frame of more than 512 bytes")
        self.bytes = bytes
    }

    public var count: Int { bytes.count }

    /// Calls `body` with the bytes, valid for the call only.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        body(bytes)
    }

    /// A copy to keep.
    public var packet: Packet { Packet(bytes) }
}

extension ChannelOrder: CustomStringConvertible {
    /// The same for the same order, wherever its bytes lie.
    public var description: String {
        switch self {
        case .write(let order): "write " + order.withBytes { Hex.upper($0) }
        case .reset: "reset"
        case .speed(let baud): "speed \(baud)"
        }
    }
}

/// Unpredictable bytes from the operating system.
public typealias RandomBytes = InlineArray<32, UInt8>
