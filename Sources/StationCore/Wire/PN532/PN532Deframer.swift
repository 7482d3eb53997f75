// Bytes of a PN532's serial line in, frames out, however they were cut.

/// Finds frames in a stream. Sans-I/O; never allocates.
///
/// After each `append`, `next` is asked until it has no more: behind a broken frame there may be
/// several good ones, and none of them is lost.
public struct PN532Deframer: Sendable {
    /// Start code, length of an extended frame, data, checksum; and some room.
    static let capacity = 288

    private var buffer = InlineArray<288, UInt8>(repeating: 0)
    private var count = 0
    /// With fewer bytes there is nothing new to be seen.
    private var needed = 1
    /// The frame that `next` gave last, to be dropped when it is asked again.
    private var given = 0
    private var dataStart = 0
    private var dataLength = 0
    /// Noise was told and no frame has come since.
    private var isNoisy = false

    public init() {}

    /// Whether a frame has begun and not ended; a single zero is no frame's beginning yet.
    public var isInFrame: Bool { count - given > 1 }

    /// Adds one byte of the stream. False: `next` has nothing yet.
    @discardableResult
    public mutating func append(_ byte: UInt8) -> Bool {
        if given > 0 {
            drop(given)
            given = 0
        }
        // `next` leaves less than one frame behind, unless its caller did not ask.
        if count == Self.capacity { drop(1) }
        buffer[count] = byte
        count += 1
        return count >= needed
    }

    /// The next frame, or `nil` when more bytes are needed.
    public mutating func next() -> PN532Frame? {
        drop(given)
        given = 0
        while count >= needed {
            switch match() {
            case .incomplete(let least):
                needed = least
                return nil
            case .frame(let frame, let length):
                given = length
                isNoisy = false
                return frame
            case .damaged(let damage):
                drop(1)
                guard damage == .noise else { return .damaged(damage) }
                if !isNoisy {
                    isNoisy = true
                    return .damaged(.noise)
                }
            case .filler:
                drop(1)
            }
        }
        return nil
    }

    /// A byte of the latest information frame's data, behind its identifier.
    public func data(_ index: Int) -> UInt8 {
        precondition((0..<dataLength).contains(index), "no such byte in this frame")
        return buffer[dataStart + index]
    }

    /// The latest information frame's data, behind its identifier; allocates.
    public var data: [UInt8] { (0..<dataLength).map { data($0) } }

    /// Forgets half a frame.
    public mutating func reset() {
        count = 0
        needed = 1
        given = 0
        dataLength = 0
        isNoisy = false
    }

    private mutating func drop(_ length: Int) {
        guard length > 0 else { return }
        needed = 1
        for index in length..<max(length, count) { buffer[index - length] = buffer[index] }
        count = max(0, count - length)
    }

    private enum Match {
        /// So many bytes are needed to say more.
        case incomplete(least: Int)
        case frame(PN532Frame, length: Int)
        case damaged(PN532Damage)
        /// A preamble or a postamble, or a byte that wakes the chip: worth no word.
        case filler
    }

    /// What begins at the first byte. A preamble is filler, so a frame begins at 00 FF.
    private mutating func match() -> Match {
        guard buffer[0] == 0x00 else { return buffer[0] == 0x55 ? .filler : .damaged(.noise) }
        guard count > 1 else { return .incomplete(least: 2) }
        guard buffer[1] == 0xff else { return .filler }
        guard count > 3 else { return .incomplete(least: 4) }
        switch (buffer[2], buffer[3]) {
        case (0x00, 0xff): return .frame(.ack, length: 4)
        case (0xff, 0x00): return .frame(.nack, length: 4)
        case (0xff, 0xff):
            guard count > 6 else { return .incomplete(least: 7) }
            guard buffer[4] &+ buffer[5] &+ buffer[6] == 0 else { return .damaged(.length) }
            return information(length: Int(buffer[4]) << 8 | Int(buffer[5]), from: 7)
        case (let length, let check):
            guard length &+ check == 0 else { return .damaged(.length) }
            return information(length: Int(length), from: 4)
        }
    }

    private mutating func information(length: Int, from start: Int) -> Match {
        guard (1...PN532Frame.longestData).contains(length) else { return .damaged(.length) }
        guard count > start + length else { return .incomplete(least: start + length + 1) }
        var sum: UInt8 = 0
        for index in start...start + length { sum &+= buffer[index] }
        guard sum == 0 else { return .damaged(.checksum) }
        if length == 1, buffer[start] == 0x7f {
            return .frame(.error, length: start + length + 1)
        }
        guard let identifier = PN532Identifier(rawValue: buffer[start]) else {
            return .damaged(.identifier)
        }
        dataStart = start + 1
        dataLength = length - 1
        return .frame(.information(identifier, length: dataLength), length: start + length + 1)
    }
}
