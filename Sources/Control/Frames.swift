// Messages out of a byte stream: JSON text, each ended by one NUL.

/// Cuts a stream of bytes into messages; bytes may come in any portions.
///
/// Holds at most one message and one read's worth of bytes beyond it, however the peer behaves.
public struct FrameReader: Sendable {
    /// The peer sent more than a message may have, without ending it.
    public struct TooLong: Error, Equatable {
        /// In bytes.
        public let limit: Int
    }

    private var bytes: [UInt8] = []
    /// Where the first message not yet handed out begins.
    private var start = 0
    /// Up to here there is no NUL, so no byte is looked at twice.
    private var scanned = 0
    private let limit: Int

    public init(limit: Int = ControlLimits.message) { self.limit = limit }

    /// How many bytes wait here.
    public var count: Int { bytes.count - start }

    /// - Throws: `TooLong` when an unfinished message is beyond the limit.
    public mutating func append(_ more: some Collection<UInt8>) throws(TooLong) {
        if start > 0 {
            bytes.removeFirst(start)
            scanned -= start
            start = 0
        }
        bytes.append(contentsOf: more)
        advance()
        if scanned == bytes.count, count > limit { throw TooLong(limit: limit) }
    }

    /// The next whole message without its NUL, or `nil` to wait for more bytes.
    ///
    /// - Throws: `TooLong` when the message is beyond the limit.
    public mutating func next() throws(TooLong) -> [UInt8]? {
        advance()
        guard scanned < bytes.count else {
            guard count <= limit else { throw TooLong(limit: limit) }
            return nil
        }
        let message = Array(bytes[start..<scanned])
        scanned += 1
        start = scanned
        guard message.count <= limit else { throw TooLong(limit: limit) }
        return message
    }

    /// Moves `scanned` to the next NUL, or to the end.
    private mutating func advance() {
        while scanned < bytes.count, bytes[scanned] != 0 { scanned += 1 }
    }
}
