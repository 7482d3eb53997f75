// Packets on their way through the core, one behind the other: only what they hold is copied.

/// First in, first out, without an allocation after the start.
///
/// A `Packet` is half a kilobyte whatever it holds, and is copied several times between a driver
/// and its channel; here each costs its own bytes and two more.
///
/// | `append` returns | meaning |
/// |---|---|
/// | `true` | the packet is the last one now |
/// | `false` | there is no room for it; nothing changed |
@usableFromInline struct PacketQueue: ~Copyable {
    /// How many bytes fit, two for each packet's length included.
    let capacity: Int
    @usableFromInline let room: UnsafeMutableRawPointer
    private var head = 0
    private var tail = 0

    /// - Precondition: `capacity` is positive.
    init(capacity: Int) {
        precondition(capacity > 0, "a queue needs room for one packet")
        self.capacity = capacity
        room = .allocate(byteCount: capacity * 2, alignment: 16)
    }

    // Inlinable, since Swift 6.3 inlines it into `House` without asking, and then does not compile
    // with optimisation.
    @inlinable deinit { room.deallocate() }

    var isEmpty: Bool { head == tail }

    /// - Precondition: there are at most `Packet.capacity` bytes.
    mutating func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
        precondition(bytes.count <= Packet.capacity, "a frame of more than 512 bytes")
        let need = bytes.count &+ 2
        guard tail &- head &+ need <= capacity else { return false }
        if tail &+ need > capacity &* 2 { moveToFront() }
        (room + tail).storeBytes(of: UInt16(truncatingIfNeeded: bytes.count), as: UInt16.self)
        if let start = bytes.baseAddress {
            (room + tail + 2).copyMemory(from: start, byteCount: bytes.count)
        }
        tail &+= need
        return true
    }

    /// Takes the oldest packet; its bytes are valid for the call only.
    mutating func popFirst<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
        guard !isEmpty else { return nil }
        let count = Int((room + head).loadUnaligned(as: UInt16.self))
        defer {
            head &+= count &+ 2
            if head == tail { (head, tail) = (0, 0) }
        }
        return body(UnsafeRawBufferPointer(start: room + head + 2, count: count))
    }

    /// The room is twice the capacity, so each byte moves at most once.
    private mutating func moveToFront() {
        room.copyMemory(from: room + head, byteCount: tail &- head)
        (head, tail) = (0, tail &- head)
    }
}

extension PacketQueue: @unchecked Sendable {}
