// Random numbers for the core's tests: the same ones on every run.

/// xorshift64* by Vigna; never zero.
struct Xorshift: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_f491_4f6c_dd1d
    }

    mutating func next128() -> UInt128 { UInt128(next()) << 64 | UInt128(next()) }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next() >> 32) }
    }

    /// Below `bound`, which is at least 1.
    mutating func below(_ bound: Int) -> Int { Int(next() >> 1) % bound }
}
