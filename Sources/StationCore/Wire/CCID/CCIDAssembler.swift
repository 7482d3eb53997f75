// Pieces of messages in, whole messages out: a USB packet is not a message.

/// Puts a reader's answers together from what the bulk pipe brings, however it is cut.
///
/// There is no mark at which to find the beginning again, so one impossible header makes the whole
/// stream worthless: the owner reads until the pipe is quiet and starts anew.
struct CCIDAssembler: Sendable {
    /// Our own answers are at most an APDU's; what is longer belongs to a session before ours.
    static let capacity = CCIDPacket.capacity
    /// The longest that any reader may state (CCID 1.1, `dwMaxCCIDMessageLength`).
    static let longest = 65_544 + CCIDHeader.size

    enum Step: Equatable {
        /// Everything was taken, and a message is not complete.
        case incomplete
        /// A message is complete; its data are there until the next bytes are taken.
        case message(CCIDReply)
        /// A message is over that was too long to keep.
        case skipped(CCIDReply)
        /// No reader says this.
        case garbage
    }

    private var buffer = InlineArray<271, UInt8>(repeating: 0)
    private var count = 0
    private var reply: CCIDReply?
    /// Bytes of a message that are still to be thrown away.
    private var skipping = 0
    private var isOver = false

    /// Takes bytes from `offset` on until a message is over. Returns the place of the first byte
    /// that was not taken.
    mutating func take(_ bytes: RawSpan, from offset: Int) -> (next: Int, Step) {
        if isOver { reset() }
        var next = offset
        while next < bytes.byteCount {
            let step = min(wanted, bytes.byteCount - next)
            if skipping > 0 {
                skipping -= step
            } else {
                for place in 0..<step {
                    buffer[count + place] = bytes.unsafeLoad(
                        fromByteOffset: next + place, as: UInt8.self)
                }
                count += step
            }
            next += step
            if let step = judgement() { return (next, step) }
        }
        return (next, .incomplete)
    }

    /// Whether a message has begun and is not over.
    var isPartial: Bool { count > 0 && !isOver }

    mutating func reset() {
        count = 0
        reply = nil
        skipping = 0
        isOver = false
    }

    /// The data of the message that is over; valid for the call only.
    @inline(__always)
    func withData<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        buffer.span.withUnsafeBytes { bytes in
            body(UnsafeRawBufferPointer(rebasing: bytes[min(CCIDHeader.size, count)..<count]))
        }
    }

    /// How many bytes more can be judged at once; at least one.
    private var wanted: Int {
        if skipping > 0 { return skipping }
        if count == 0 { return 1 }
        guard let reply else { return CCIDHeader.size - count }
        return CCIDHeader.size + reply.length - count
    }

    /// What the bytes so far are, when that is known.
    private mutating func judgement() -> Step? {
        if let reply {
            if reply.length > CCIDPacket.longestPayload {
                guard skipping == 0 else { return nil }
                isOver = true
                return .skipped(reply)
            }
            guard count == CCIDHeader.size + reply.length else { return nil }
            isOver = true
            return .message(reply)
        }
        // The first byte alone may give it away.
        if count == 1, CCIDAnswer(rawValue: buffer[0]) == nil { return garbage() }
        guard count == CCIDHeader.size else { return nil }
        guard
            let header = buffer.span.withUnsafeBytes({ bytes in
                CCIDHeader(UnsafeRawBufferPointer(rebasing: bytes[..<CCIDHeader.size]))
            }), let found = CCIDReply(header),
            header.length <= Self.longest - CCIDHeader.size
        else { return garbage() }
        reply = found
        if found.length > CCIDPacket.longestPayload {
            skipping = found.length
            return nil
        }
        guard found.length == 0 else { return nil }
        isOver = true
        return .message(found)
    }

    private mutating func garbage() -> Step {
        isOver = true
        return .garbage
    }
}
