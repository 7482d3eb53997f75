// SHA-256 by FIPS 180-4, without an allocation: match forms and roster checksums stand on it.
//
// All other cryptography is swift-crypto's. This one is ours because a match form is made on the
// tap's path, where swift-crypto's HMAC allocates two to seven times and costs three times as much.

/// A SHA-256 digest: 32 bytes by value.
public struct Digest256: Hashable, Sendable {
    /// The digest's bytes as big-endian words, first to last.
    let words: InlineArray<8, UInt32>

    init(words: InlineArray<8, UInt32>) { self.words = words }

    /// 32 bytes, first to last; allocates.
    public var bytes: [UInt8] {
        (0..<32).map { UInt8(truncatingIfNeeded: words[$0 >> 2] >> UInt32(24 - 8 * ($0 & 3))) }
    }

    public static func == (a: Self, b: Self) -> Bool {
        for index in 0..<8 where a.words[index] != b.words[index] { return false }
        return true
    }

    public func hash(into hasher: inout Hasher) {
        for index in 0..<8 { hasher.combine(words[index]) }
    }
}

extension Digest256: CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    public var description: String { Hex.lower(bytes) }
}

/// A running SHA-256.
struct SHA256: Sendable {
    static let blockBytes = 64

    /// The eight working words between two blocks; a copy of it resumes the hash from there.
    private(set) var state = initialState
    /// What does not fill a block yet.
    private var pending = InlineArray<64, UInt8>(repeating: 0)
    /// Bytes seen, pending ones included.
    private var count: UInt64 = 0

    init() {}

    /// Resumes after `count` bytes, a whole number of blocks, that led to `state`.
    init(midstate state: InlineArray<8, UInt32>, count: UInt64) {
        precondition(count % UInt64(Self.blockBytes) == 0, "a midstate stands between blocks")
        self.state = state
        self.count = count
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        var filled = Int(count % UInt64(Self.blockBytes))
        count += UInt64(bytes.count)
        while !rest.isEmpty {
            if filled == 0, rest.count >= Self.blockBytes {
                let block = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.blockBytes))
                Self.compress(&state, Self.words(of: block))
                rest = rest.dropFirst(Self.blockBytes)
                continue
            }
            pending[filled] = rest[rest.startIndex]
            rest = rest.dropFirst()
            filled += 1
            if filled == Self.blockBytes {
                Self.compress(&state, pendingWords())
                filled = 0
            }
        }
    }

    mutating func update(_ bytes: some Collection<UInt8>) {
        if bytes.withContiguousStorageIfAvailable({ update(UnsafeRawBufferPointer($0)) }) == nil {
            update(Array(bytes))
        }
    }

    /// The digest of everything seen; the hash itself can go on.
    func finished() -> Digest256 {
        var last = self
        let filled = Int(count % UInt64(Self.blockBytes))
        last.pending[filled] = 0x80
        for index in (filled + 1)..<Self.blockBytes { last.pending[index] = 0 }
        if filled >= 56 {  // No room for the length: one more block.
            Self.compress(&last.state, last.pendingWords())
            last.pending = InlineArray(repeating: 0)
        }
        var words = last.pendingWords()
        let bitCount = count &* 8
        words[14] = UInt32(truncatingIfNeeded: bitCount >> 32)
        words[15] = UInt32(truncatingIfNeeded: bitCount)
        Self.compress(&last.state, words)
        return Digest256(words: last.state)
    }

    static func digest(_ bytes: some Collection<UInt8>) -> Digest256 {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finished()
    }

    private func pendingWords() -> InlineArray<16, UInt32> {
        var words = InlineArray<16, UInt32>(repeating: 0)
        for index in 0..<Self.blockBytes {
            words[index >> 2] = words[index >> 2] << 8 | UInt32(pending[index])
        }
        return words
    }

    private static func words(of block: UnsafeRawBufferPointer) -> InlineArray<16, UInt32> {
        var words = InlineArray<16, UInt32>(repeating: 0)
        for index in 0..<16 {
            let word = block.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
            words[index] = UInt32(bigEndian: word)
        }
        return words
    }
}
