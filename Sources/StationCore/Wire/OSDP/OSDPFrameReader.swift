// Frames out of a stream of bytes that may hold noise, halves, and several frames in one piece.

/// Finds frames. The result depends on the bytes alone, never on how they were cut into pieces.
///
/// After each `append` the caller takes `next()` until it is `nil`.
public struct OSDPFrameReader: Sendable {
    /// Whose frames are looked for; the others' are noise.
    public enum Direction: Sendable {
        case commands
        case replies
        case both
    }

    /// What was found.
    public enum Reading: Equatable, Sendable {
        /// A whole frame; `bytes` holds it until the next call.
        case frame(OSDPFrame)
        /// Something with a frame's header that is none.
        case damaged(OSDPFrameError)
    }

    private let direction: Direction
    /// Whose address alone a frame may have; `nil` for anybody's. The fewer beginnings are
    /// possible, the less a stray 0x53 can swallow.
    var address: UInt8?
    private var window: [UInt8] = []
    /// The length of the frame that was handed out last and still stands in the window.
    private var handedOut = 0
    /// Bytes that belonged to no frame, marks apart.
    public private(set) var skipped = 0

    public init(_ direction: Direction) {
        self.direction = direction
        window.reserveCapacity(OSDPFrame.longest)
    }

    /// Whether a frame has begun and is not over.
    public var isInsideFrame: Bool { window.count > handedOut }

    /// The bytes of the frame that `next()` returned last.
    public var bytes: ArraySlice<UInt8> { window[..<handedOut] }

    public mutating func append(_ byte: UInt8) {
        dropHandedOut()
        // Never full after `next()` said nil; a caller that did not ask loses the oldest bytes.
        if window.count == OSDPFrame.longest { drop(1) }
        window.append(byte)
    }

    /// The next frame, or damaged one, that the bytes so far hold.
    public mutating func next() -> Reading? {
        dropHandedOut()
        while true {
            let start = window.firstIndex(of: OSDPFrame.startOfMessage) ?? window.count
            drop(start)
            guard window.count >= 2 else { return nil }
            guard isWanted(window[1]) else {
                drop(1)
                continue
            }
            guard window.count >= 4 else { return nil }
            let length = Int(window[2]) | Int(window[3]) << 8
            guard OSDPFrame.shortest...OSDPFrame.longest ~= length else {
                drop(1)
                continue
            }
            guard window.count >= length else { return nil }
            do throws(OSDPFrameError) {
                let frame = try OSDPFrame(window.span.extracting(..<length))
                handedOut = length
                return .frame(frame)
            } catch {
                drop(1)
                return .damaged(error)
            }
        }
    }

    /// Gives up the frame that has begun; what it swallowed is looked through once more.
    /// - Returns: whether one had begun.
    public mutating func giveUp() -> Bool {
        dropHandedOut()
        guard !window.isEmpty else { return false }
        drop(1)
        return true
    }

    /// Forgets everything: another exchange begins.
    public mutating func reset() {
        window.removeAll(keepingCapacity: true)
        handedOut = 0
    }

    private func isWanted(_ byte: UInt8) -> Bool {
        if let address, byte & ~OSDPFrame.replyFlag != address { return false }
        return switch direction {
        case .commands: byte & OSDPFrame.replyFlag == 0
        case .replies: byte & OSDPFrame.replyFlag != 0
        case .both: true
        }
    }

    private mutating func dropHandedOut() {
        guard handedOut > 0 else { return }
        window.removeSubrange(..<handedOut)
        handedOut = 0
    }

    private mutating func drop(_ count: Int) {
        guard count > 0 else { return }
        for index in 0..<count where window[index] != OSDPFrame.mark { skipped += 1 }
        window.removeSubrange(..<count)
    }
}
