// What a reader that plays a keyboard typed before Enter.

/// Up to 256 bytes of ASCII, inline: copying it allocates nothing.
public struct KeyedText: Equatable, Sendable {
    /// The longest code that a station takes, in characters. A day pass has at most 180.
    public static let capacity = 256

    private var storage = InlineArray<256, UInt8>(repeating: 0)
    public private(set) var count = 0

    public init() {}

    /// - Returns: `nil` when the text is longer than `capacity` or not ASCII.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count <= Self.capacity, text.utf8.allSatisfy({ $0 < 0x80 }) else {
            return nil
        }
        for byte in text.utf8 { append(byte) }
    }

    public var isEmpty: Bool { count == 0 }

    /// The character at a place.
    /// - Precondition: `index` is below `count`.
    public subscript(index: Int) -> UInt8 {
        precondition(index < count, "no such character in this text")
        return storage[index]
    }

    /// Calls `body` with the characters, valid for the call only.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUnsafeBytes(of: storage) { body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    /// False: there is no room.
    @discardableResult
    mutating func append(_ byte: UInt8) -> Bool {
        guard count < Self.capacity else { return false }
        storage[count] = byte
        count += 1
        return true
    }

    mutating func removeAll() { count = 0 }

    /// Without its first and last character.
    mutating func strip() {
        guard count >= 2 else { return removeAll() }
        for index in 1..<count - 1 { storage[index - 1] = storage[index] }
        count -= 2
    }

    public static func == (a: Self, b: Self) -> Bool {
        guard a.count == b.count else { return false }
        for index in 0..<a.count where a.storage[index] != b.storage[index] { return false }
        return true
    }
}

extension KeyedText: CustomStringConvertible {
    public var description: String { withBytes { String(decoding: $0, as: UTF8.self) } }
}
