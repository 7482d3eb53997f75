// What a station keeps of one reader: its key, and one that it may have been given since.

/// A reader's keys as a store holds them.
///
/// | `key` | `candidate` | the reader |
/// |---|---|---|
/// | yes | no | has shown that it has `key` |
/// | no | yes | was being given its first key when the power failed, or is now |
/// | yes | yes | has one of the two: the candidate is tried first, then the other |
public struct OSDPReaderKeys: Equatable, Sendable {
    public var key: OSDPKey?
    public var candidate: OSDPKey?

    public init(key: OSDPKey?, candidate: OSDPKey? = nil) {
        self.key = key
        self.candidate = candidate
    }
}
