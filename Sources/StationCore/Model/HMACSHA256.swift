// HMAC-SHA256 (RFC 2104) with its two key blocks hashed once, when the key is installed.

/// A prepared HMAC: two midstates, from which each message starts. The key itself is not kept.
struct HMACSHA256: Sendable {
    private let inner: SHA256.State
    private let outer: SHA256.State

    /// - Parameter key: of any length; one longer than a block is hashed first, as RFC 2104 says.
    init(key: some Collection<UInt8>) {
        var block = InlineArray<64, UInt8>(repeating: 0)
        let short = key.count > SHA256.blockBytes ? SHA256.digest(key).bytes : Array(key)
        for (index, byte) in short.enumerated() { block[index] = byte }
        inner = Self.midstate(block, pad: 0x3636_3636)
        outer = Self.midstate(block, pad: 0x5c5c_5c5c)
    }

    /// The code of a message of any length.
    func code(of message: some Collection<UInt8>) -> Digest256 {
        var hash = SHA256(midstate: inner, count: UInt64(SHA256.blockBytes))
        hash.update(message)
        return finish(hash.finished().words)
    }

    /// The code of a message that is padded already: its words, 0x80, zeros, and in the last word
    /// its length in bits plus the 512 of the key block. Two compressions and nothing else.
    func code(ofPadded block: InlineArray<16, UInt32>) -> Digest256 {
        var state = inner
        SHA256.compress(&state, block)
        return finish(state)
    }

    private func finish(_ digest: SHA256.State) -> Digest256 {
        var block = InlineArray<16, UInt32>(repeating: 0)
        for index in 0..<8 { block[index] = digest[index] }
        block[8] = 0x8000_0000
        block[15] = UInt32((SHA256.blockBytes + 32) * 8)
        var state = outer
        SHA256.compress(&state, block)
        return Digest256(words: state)
    }

    private static func midstate(_ key: InlineArray<64, UInt8>, pad: UInt32) -> SHA256.State {
        var words = InlineArray<16, UInt32>(repeating: 0)
        for index in 0..<64 { words[index >> 2] = words[index >> 2] << 8 | UInt32(key[index]) }
        for index in 0..<16 { words[index] ^= pad }
        var state = SHA256.initialState
        SHA256.compress(&state, words)
        return state
    }
}
