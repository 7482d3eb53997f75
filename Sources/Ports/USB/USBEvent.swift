// What the USB thread tells the loop, and what the loop tells it: plain values in mailboxes.

public import StationCore

/// What a reader that was opened is.
public struct USBReaderInfo: Equatable, Sendable {
    /// Where it is: `1-1.4`.
    public var path: String
    /// Its number on the bus, another one after every plug.
    public var address: Int
    public var vendor: UInt16
    public var product: UInt16
    /// The maker's release in binary-coded decimals, 0x0214 is 2.14.
    public var release: UInt16
    /// As the device calls itself; a stranger's words.
    public var name: String
    public var descriptor: CCIDClassDescriptor
    /// The same as bytes.
    public var classBytes: [UInt8]
    public var hasInterrupts: Bool
    /// The kernel's driver that had it and was sent away.
    public var takenFrom: String?
}

/// At most 64 bytes that came from a device: a full-speed packet, or a piece of a longer one.
public struct USBBlock: Sendable {
    public static let capacity = 64

    private var storage = InlineArray<64, UInt8>(repeating: 0)
    public let count: Int

    /// The first bytes, as many as fit.
    public init(_ bytes: UnsafeRawBufferPointer) {
        count = min(Self.capacity, bytes.count)
        for place in 0..<count { storage[place] = bytes[place] }
    }

    /// Calls `body` with the bytes, valid for the call only.
    @inline(__always)
    public func withBytes<Result>(_ body: (RawSpan) -> Result) -> Result {
        body(storage.span.bytes.extracting(first: count))
    }

    /// For tests and people; allocates.
    public var bytes: [UInt8] { (0..<count).map { storage[$0] } }
}

/// What happened to a reader. `session` counts how often it was opened.
public enum USBEvent: Sendable {
    /// It is open and claimed; its pipes are listened to.
    case attached(reader: Int, session: UInt32, USBReaderInfo)
    /// From the bulk pipe, in order.
    case received(reader: Int, session: UInt32, USBBlock)
    /// From the interrupt pipe: one message.
    case notified(reader: Int, session: UInt32, USBBlock)
    /// It was open and is not any more.
    case detached(reader: Int, session: UInt32, USBEnd)
    /// It is not open, and why; told when the reason changes.
    case unavailable(reader: Int, USBObstacle)
    /// The thread is alive: the answer to `.ping`.
    case alive(UInt64)
}

/// Why a session with a reader ended.
public enum USBEnd: Equatable, Sendable {
    case unplugged
    /// A transfer failed: libusb's status.
    case broken(status: Int32)
    /// It does not take what is sent.
    case deaf
    /// It sends without end.
    case flooding
    /// The loop wanted it.
    case reset
    case stopped
}

/// What the loop wants.
public enum USBCommand: Sendable {
    /// Send a message on the bulk pipe; nothing happens when the session is over.
    case send(reader: Int, session: UInt32, Packet)
    /// Reset the device and open it again: `attached` or `unavailable` follows.
    case reset(reader: Int, session: UInt32)
    case ping(UInt64)
    case stop
}
