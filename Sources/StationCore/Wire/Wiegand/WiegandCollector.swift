// Falling edges with kernel time stamps in, reads out: where a frame ends and what it was.

public import EventLoop

/// Collects one reader's frames. Sans-I/O, no allocation per edge or frame.
///
/// The caller hands over every edge in the kernel's order, and calls `end(at:)` once
/// `nextDeadline` has come *and* the line request was read until nothing was left: an edge may
/// wait in the kernel that is older than the deadline.
public struct WiegandCollector: Sendable {
    /// A line that never falls quiet is told each time so many edges have come.
    static let stormEdges = 4_096

    private let formats: [WiegandFormat]
    private let hasKeypad: Bool
    /// Counts that may end before `WiegandTiming.longestGap`, bit n-1 for count n.
    private let earlyCounts: UInt128
    /// The lowest of them; a storm is noticed without any.
    private let lowestEarlyCount: Int

    private var frame = WiegandFrame()
    /// Edges were lost before the next edge: whatever it belongs to is damaged.
    private var edgesMissing = false
    private var swapped = WiegandSwapEvidence()
    /// When the last edge of the latest ended frame fell: a tap's latency starts here.
    public private(set) var lastEdge = Instant(nanoseconds: 0)

    /// - Parameters:
    ///   - formats: what the reader may send. A reader without cards (a keypad alone) has none.
    ///   - keypad: whether it has keys as well; then the counts of a key never end early.
    /// - Precondition: no two formats have one bit count (`WiegandFormat.conflicts(in:)`).
    public init(formats: [WiegandFormat], keypad: Bool) {
        precondition(
            WiegandFormat.conflicts(in: formats).isEmpty,
            "two formats of one bit count on a reader: `stationctl check` refuses this station")
        precondition(formats.count <= WiegandFormat.perReader, "too many formats on a reader")
        self.formats = formats
        hasKeypad = keypad
        var counts = formats.map(\.bitCount)
        if counts.isEmpty, keypad { counts = [KeypadKey.shortBurst, KeypadKey.longBurst] }
        earlyCounts = counts.reduce(0) { $0 | 1 << UInt128($1 - 1) }
        lowestEarlyCount = min(counts.min() ?? .max, Self.stormEdges - 1)
    }

    /// One falling edge: `true` for D1. Returns the read that ended before it, if one did: when the
    /// loop is late, the edges of two cards come in one batch, told apart by their time stamps.
    public mutating func bit(_ value: Bool, at time: Instant) -> WiegandRead? {
        var ended: WiegandRead?
        if !frame.isEmpty {
            frame.edgesLost = frame.edgesLost || edgesMissing
            let interval = time - frame.lastEdge
            if hasEnded(after: interval) {
                ended = close()
            } else if interval < WiegandTiming.shortestPulse {
                if value == frame.lastBit { return nil }
                frame.collided = true
            }
        }
        if edgesMissing {
            frame.edgesLost = true
            edgesMissing = false
        }
        frame.append(value, at: time)
        if frame.count == Self.stormEdges { ended = close() }
        return ended
    }

    /// Takes as many edges from the front as are one more bit of an open frame that cannot end yet:
    /// nearly all. Returns how many; the rest goes through `bit`.
    @inline(__always)
    mutating func plainBits(_ count: Int, _ edge: (Int) -> (value: Bool, time: Instant)) -> Int {
        guard !frame.isEmpty, !edgesMissing else { return 0 }
        return frame.append(min(count, lowestEarlyCount &- frame.count), edge)
    }

    /// The kernel's sequence numbers have a gap: call it before the edge that showed it.
    public mutating func edgesLost() { edgesMissing = true }

    /// When `end(at:)` is due, or `nil` while no frame is open.
    @inline(__always)
    public var nextDeadline: Instant? { frame.isEmpty ? nil : frame.lastEdge + quiet }

    /// Ends the frame if its quiet time is over at `now`; an early call is harmless.
    public mutating func end(at now: Instant) -> WiegandRead? {
        guard let deadline = nextDeadline, now >= deadline else { return nil }
        return close()
    }

    /// How many different cards in a row, at most `swapProof`, looked as if D0 and D1 were
    /// swapped. One may be chance; a right read sets it to 0.
    public var swappedCards: Int { swapped.count }

    /// So many different cards in a row prove that the lines are swapped.
    public static let swapProof = WiegandSwapEvidence.proof

    /// Most edges come before any count that could end early, and cost no more than this.
    private func hasEnded(after interval: Interval) -> Bool {
        interval >= WiegandTiming.longestGap
            || (frame.count >= lowestEarlyCount && interval >= quiet)
    }

    /// How long the line must be quiet for the frame to have ended.
    @inline(__always)
    private var quiet: Interval {
        let count = frame.count
        guard count >= 1, count <= Credential.bitCapacity,
            earlyCounts >> UInt128(count - 1) & 1 == 1
        else { return WiegandTiming.longestGap }
        let intervals = min(frame.longestInterval, WiegandTiming.longestGap)
        let measured = min(WiegandTiming.longestGap, intervals * WiegandTiming.quietIntervals)
        return max(WiegandTiming.shortestQuiet, measured)
    }

    private mutating func close() -> WiegandRead {
        let read = judgement(of: frame)
        lastEdge = frame.lastEdge
        switch read {
        case .credential: swapped.reset()
        case .diagnosed(.linesSwapped, _): swapped.note(frame.bits)
        case .diagnosed, .key: break
        }
        frame = WiegandFrame()
        return read
    }

    private func judgement(of frame: WiegandFrame) -> WiegandRead {
        let count = frame.count
        if frame.overflows { return .diagnosed(.overflow, bits: count) }
        if frame.edgesLost { return .diagnosed(.edgesLost, bits: count) }
        if count <= 2 { return .diagnosed(.glitch, bits: count) }
        if frame.collided { return .diagnosed(.collision, bits: count) }
        for format in formats where format.bitCount == count {
            return Self.judgement(of: frame.bits, as: format)
        }
        if hasKeypad, count <= KeypadKey.longBurst + 1 {
            return KeypadKey(burst: frame.bits, count: count).map { .key($0) }
                ?? .diagnosed(.keypad, bits: count)
        }
        if frame.isDoubled, formats.contains(where: { 2 * $0.bitCount == count }) {
            return .diagnosed(.doubledEdges, bits: count)
        }
        return .diagnosed(WiegandFormat.wrongCount(count, among: formats), bits: count)
    }

    private static func judgement(of bits: UInt128, as format: WiegandFormat) -> WiegandRead {
        if format.parityPasses(bits) {
            let credential = Credential(
                technology: .wiegand, bitCount: format.bitCount, bits: bits)
            return .credential(credential, format)
        }
        // Inverting a frame flips every parity of an odd group; each format has two or more such,
        // so a frame that passes when inverted has failed them all.
        if format.parityPasses(format.inverted(bits)) {
            return .diagnosed(.linesSwapped, bits: format.bitCount)
        }
        return .diagnosed(.parity, bits: format.bitCount)
    }

}

extension WiegandFormat {
    /// Lost or extra bits, judged by the nearest pinned count; bits are lost more often than won,
    /// so lost when two are equally near, and extra when nothing is pinned.
    static func wrongCount(_ count: Int, among formats: [Self]) -> ReadDiagnosis {
        var nearest = Int.max
        var diagnosis = ReadDiagnosis.extraBits
        for format in formats {
            let distance = abs(format.bitCount - count)
            if distance < nearest || (distance == nearest && format.bitCount > count) {
                nearest = distance
                diagnosis = format.bitCount > count ? .lostBits : .extraBits
            }
        }
        return diagnosis
    }
}
