// SHA-256 over more than one piece, for those outside the core who compare whole runs.

/// A running SHA-256: what a simulation's trace and a report's fingerprint are made with.
public struct RunningDigest: Sendable {
    private var hash = SHA256()

    public init() {}

    public mutating func update(_ bytes: UnsafeRawBufferPointer) { hash.update(bytes) }

    /// The digest of everything so far; more may follow.
    public func finished() -> Digest256 { hash.finished() }
}
