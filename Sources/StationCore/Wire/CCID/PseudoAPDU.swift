// Short commands to a reader, not to a card: made at start, kept by value.

public import EventLoop

/// At most 16 bytes of command, and the way to send them.
public struct PseudoAPDU: Sendable {
    public static let capacity = 16

    /// How a reader wants to be spoken to.
    public enum Route: Sendable {
        /// As if it were a card's command.
        case transfer
        /// In an Escape message.
        case escape
    }

    public let route: Route
    public let count: Int
    /// How long the reader may be silent because it plays a signal.
    public let duration: Interval
    private let storage: InlineArray<16, UInt8>

    /// - Precondition: at most 16 bytes.
    init(
        _ bytes: some Collection<UInt8>, by route: Route = .transfer, lasting: Interval = .zero
    ) {
        precondition(bytes.count <= Self.capacity, "a pseudo-APDU has at most 16 bytes")
        var storage = InlineArray<16, UInt8>(repeating: 0)
        for (place, byte) in bytes.enumerated() { storage[place] = byte }
        self.storage = storage
        self.route = route
        count = bytes.count
        duration = lasting
    }

    /// Calls `body` with the bytes, valid for the call only.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        storage.span.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    /// For tests and people; allocates.
    public var bytes: [UInt8] { withBytes { Array($0) } }
}
