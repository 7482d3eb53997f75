// A short text by value, as readers show and send it.

/// Up to 64 bytes of printable text, stored inline: ASCII, but for displays that can more.
public struct OSDPCharacters: Hashable, Sendable {
    public static let capacity = 64

    private var words: InlineArray<8, UInt64> = InlineArray(repeating: 0)
    public private(set) var count = 0

    public init() {}

    /// - Returns: `nil` when the text is longer than `limit` or not printable ASCII.
    public init?(_ text: some StringProtocol, limit: Int = Self.capacity) {
        guard text.utf8.count <= min(limit, Self.capacity) else { return nil }
        for byte in text.utf8 { guard append(byte) else { return nil } }
    }

    /// - Returns: `nil` when the text is too long, or a character in it prints nothing or more than
    ///   itself: those that steer a terminal do.
    init?(printable text: some StringProtocol) {
        guard text.utf8.count <= Self.capacity,
            text.unicodeScalars.allSatisfy({ scalar in
                switch scalar.properties.generalCategory {
                case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
                    .paragraphSeparator:
                    false
                default: true
                }
            })
        else { return nil }
        for byte in text.utf8 { put(byte) }
    }

    /// - Returns: whether the byte was printable and there was room for it.
    mutating func append(_ byte: UInt8) -> Bool {
        guard (0x20...0x7E).contains(byte), count < Self.capacity else { return false }
        put(byte)
        return true
    }

    private mutating func put(_ byte: UInt8) {
        words[count / 8] |= UInt64(byte) << UInt64(count % 8 * 8)
        count += 1
    }

    public subscript(index: Int) -> UInt8 {
        precondition((0..<count).contains(index), "a character past the text's end")
        return UInt8(truncatingIfNeeded: words[index / 8] >> UInt64(index % 8 * 8))
    }

    public static func == (a: Self, b: Self) -> Bool {
        a.count == b.count && a.words.indices.allSatisfy { a.words[$0] == b.words[$0] }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        for index in words.indices { hasher.combine(words[index]) }
    }
}

extension OSDPCharacters: CustomStringConvertible {
    public var description: String {
        String(decoding: (0..<count).map { self[$0] }, as: UTF8.self)
    }
}
