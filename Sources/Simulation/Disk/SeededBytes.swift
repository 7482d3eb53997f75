// Salts and store ids of a simulated journal: the seed decides them.

public import Journal

/// Random bytes from a stream of the seed's.
public final class SeededBytes: RandomSource, @unchecked Sendable {
    private var chance: SplitMix64

    public init(_ chance: SplitMix64) { self.chance = chance }

    public func fill(_ bytes: UnsafeMutableRawBufferPointer) {
        for index in bytes.indices { bytes[index] = UInt8(chance.below(256)) }
    }
}
