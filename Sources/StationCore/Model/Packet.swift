// A few bytes by value, on their way to a channel.

/// At most 512 bytes, stored inline: a whole frame of any protocol that a station speaks.
public struct Packet: Sendable {
    /// Above OSDP's and Modbus's 256, PN532's 265 and CCID's 271 with short APDUs.
    public static let capacity = 512

    private var storage = InlineArray<512, UInt8>(repeating: 0)
    public private(set) var count = 0

    public init() {}

    /// - Precondition: there are at most `capacity` bytes.
    public init(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { append(byte) }
    }

    /// - Precondition: there are at most `capacity` bytes.
    public init(_ bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count <= Self.capacity, "a frame of more than 512 bytes")
        withUnsafeMutableBytes(of: &storage) { $0.copyMemory(from: bytes) }
        count = bytes.count
    }

    /// - Precondition: there are fewer than `capacity` bytes so far.
    public mutating func append(_ byte: UInt8) {
        precondition(count < Self.capacity, "a frame of more than 512 bytes")
        storage[count] = byte
        count += 1
    }

    /// The byte at a place.
    /// - Precondition: `index` is below `count`.
    public subscript(index: Int) -> UInt8 {
        precondition(index >= 0 && index < count, "no such byte in the packet")
        return storage[index]
    }

    /// Calls `body` with the bytes, valid for the call only.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUnsafeBytes(of: storage) { body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    /// The bytes as an array; allocates.
    public var bytes: [UInt8] { (0..<count).map { storage[$0] } }
}

extension Packet: Equatable {
    public static func == (a: Self, b: Self) -> Bool {
        a.count == b.count && (0..<a.count).allSatisfy { a.storage[$0] == b.storage[$0] }
    }
}
