// An opaque identifier by value: no reference, no allocation, fit for an entry on the hot path.

/// Up to 23 bytes of printable ASCII, stored inline: a key id, a holder reference, a roster epoch.
public struct ShortText: Hashable, Sendable {
    /// The longest text, in bytes.
    public static let capacity = 23

    // 24 bytes; the last one holds the length.
    @usableFromInline let storage: (UInt64, UInt64, UInt64)

    public static let empty = ShortText(storage: (0, 0, 0))

    init(storage: (UInt64, UInt64, UInt64)) { self.storage = storage }

    /// - Returns: `nil` when the text is longer than `capacity` or holds anything but printable
    ///   ASCII (0x20 to 0x7E).
    public init?(_ text: some StringProtocol) { self.init(String(text)) }

    /// The same for whole strings, whose bytes lie side by side.
    public init?(_ text: String) {
        var text = text
        let words = text.withUTF8 { bytes -> (UInt64, UInt64, UInt64)? in
            guard bytes.count <= Self.capacity else { return nil }
            for byte in bytes where byte < 0x20 || byte > 0x7E { return nil }
            var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
            withUnsafeMutableBytes(of: &words) { buffer in
                buffer.copyMemory(from: UnsafeRawBufferPointer(bytes))
                buffer[Self.capacity] = UInt8(truncatingIfNeeded: bytes.count)
            }
            return words
        }
        guard let words else { return nil }
        storage = words
    }

    /// Bytes that were checked before, such as a roster file's; longer input is cut.
    init(trusted bytes: some Sequence<UInt8>, count: Int) {
        var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
        withUnsafeMutableBytes(of: &words) { buffer in
            var index = 0
            for byte in bytes where index < Self.capacity {
                buffer[index] = byte
                index += 1
            }
            buffer[Self.capacity] = UInt8(index)
        }
        storage = words
    }

    public var isEmpty: Bool { count == 0 }

    /// In bytes, 0 to 23.
    public var count: Int { withBytes { $0.count } }

    /// Calls `body` with the text's bytes, valid for the call only.
    @inlinable
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUnsafeBytes(of: storage) { buffer in
            body(UnsafeRawBufferPointer(rebasing: buffer[..<Int(buffer[Self.capacity])]))
        }
    }

    public static func == (a: Self, b: Self) -> Bool { a.storage == b.storage }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(storage.0)
        hasher.combine(storage.1)
        hasher.combine(storage.2)
    }
}

extension ShortText: CustomStringConvertible {
    public var description: String { withBytes { String(decoding: $0, as: UTF8.self) } }
}
