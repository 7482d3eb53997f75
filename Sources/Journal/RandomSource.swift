// Where salts and store ids come from: the kernel, or a simulation's seed.

/// Bytes that nobody can guess; in a simulation, bytes that the seed decides.
public protocol RandomSource: Sendable {
    /// Fills the whole buffer. Called on the journal's thread only.
    func fill(_ bytes: UnsafeMutableRawBufferPointer)
}

extension RandomSource {
    /// A new store's id.
    func makeStoreID() -> StoreID {
        var bits: UInt128 = 0
        withUnsafeMutableBytes(of: &bits) { fill($0) }
        return StoreID(bits: bits)
    }
}
