// Bytes of a 125 kHz reader's serial line in, cards out.

public import EventLoop

/// Collects one reader's frames. Sans-I/O; no byte and no frame allocates.
///
/// The caller hands over every byte in order, and calls `expire(at:)` once `nextDeadline` has come.
/// A card that is held comes again and again, as its reader sends it: the tap filter makes one tap
/// of it.
public struct EM4100Reader: Sendable {
    /// A frame that pauses so long will not go on. A byte takes 1 ms at 9600 baud and 4 ms at 2400;
    /// USB adapters hold bytes back for 16 ms.
    public static let silence = Interval.milliseconds(100)

    let layout: EM4100Framing.TextLayout?
    /// The bytes of a frame that is not complete, and at most one frame.
    var buffer = InlineArray<16, UInt8>(repeating: 0)
    var count = 0
    /// How many of them were judged, and what they said so far.
    var judged = 0
    var value: UInt64 = 0
    var sum: UInt8 = 0
    private var lastByte = Instant(nanoseconds: 0)
    /// A disturbance was told and nothing good has come since.
    private var isDisturbed = false

    public init(_ framing: EM4100Framing) { layout = framing.text }

    /// Takes one byte. Returns what it completed, if it did: at most one read for each byte.
    public mutating func receive(_ byte: UInt8, at now: Instant) -> EM4100Read? {
        var diagnosis: EM4100Diagnosis?
        if now - lastByte >= Self.silence {
            if count > 0 { diagnosis = .cutShort }
            clear()
            isDisturbed = false
        }
        lastByte = now
        buffer[count] = byte
        count += 1
        while count > 0 {
            switch match() {
            case .incomplete:
                return told(diagnosis)
            case .card(let credential):
                clear()
                isDisturbed = false
                return .credential(credential)
            case .none(let reason, let length):
                diagnosis = diagnosis ?? reason
                drop(length)
            }
        }
        return told(diagnosis)
    }

    /// When `expire(at:)` is due, or `nil` while no frame is open.
    public var nextDeadline: Instant? { count > 0 ? lastByte + Self.silence : nil }

    /// Gives up a frame that did not go on; an early call is harmless.
    public mutating func expire(at now: Instant) -> EM4100Read? {
        guard let deadline = nextDeadline, now >= deadline else { return nil }
        clear()
        return told(.cutShort)
    }

    /// Forgets everything: the port was closed or opened.
    public mutating func reset() {
        clear()
        isDisturbed = false
    }

    /// One diagnosis for one disturbance, however many bytes it has.
    private mutating func told(_ diagnosis: EM4100Diagnosis?) -> EM4100Read? {
        guard let diagnosis, !isDisturbed else { return nil }
        isDisturbed = true
        return .diagnosed(diagnosis)
    }

    private mutating func drop(_ length: Int) {
        for index in length..<max(length, count) { buffer[index - length] = buffer[index] }
        let left = count - length
        clear()
        count = left
    }

    private mutating func clear() {
        count = 0
        judged = 0
        value = 0
        sum = 0
    }
}

extension EM4100Reader {
    /// Takes bytes that came together, and tells each read in its turn.
    public mutating func receive(
        _ bytes: RawSpan, at now: Instant, _ tell: (EM4100Read) -> Void
    ) {
        for offset in bytes.byteOffsets {
            let byte = bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            if let read = receive(byte, at: now) { tell(read) }
        }
    }
}
