// Drives a Wiegand reader: two input lines for the bits, LED and beeper lines for the answer.

public import EventLoop

/// A reader on D0 and D1 (terminals 0 and 1), LED and beeper (terminals 2 and 3, optional).
public struct WiegandDriver: Driver {
    public static let led: UInt8 = 2
    public static let beeper: UInt8 = 3

    private let formats: [WiegandFormat]
    private let hasKeypad: Bool
    private let signals: Signals
    private var collector: WiegandCollector
    private var player = RhythmPlayer()
    private var isSwapped = false

    /// - Precondition: the settings were validated: every format name exists, counts are unique.
    public init(_ settings: WiegandSettings, terminals: Set<Int>) {
        formats = settings.formats.compactMap { WiegandFormat(name: $0) }
        hasKeypad = settings.keypad
        signals = Signals(led: Self.led, beeper: Self.beeper, wired: terminals)
        collector = WiegandCollector(formats: formats, keypad: hasKeypad)
    }

    public mutating func handle(
        _ input: DriverInput, at now: Instant, into outputs: inout DriverOutputs
    ) {
        switch input {
        case .edge(let terminal, _):
            // Only falling edges are asked for: each one is a bit, D1's are ones.
            if let read = collector.bit(terminal == 1, at: now) { tell(read, into: &outputs) }
        case .edgesLost(let count):
            collector.edgesLost()
            outputs.append(.lost(count))
        case .deadline:
            if let read = collector.end(at: now) { tell(read, into: &outputs) }
            if let value = player.expire(at: now) { signals.set(value, into: &outputs) }
        case .command(.feedback(let rhythm)):
            signals.set(player.play(rhythm, at: now), into: &outputs)
        case .detached(let fault):
            outputs.append(.raised(fault))
        case .attached:
            // Half a frame from before belongs to nobody.
            collector = WiegandCollector(formats: formats, keypad: hasKeypad)
        case .level, .command(.free), .command(.hold):
            break
        }
    }

    public mutating func take(_ edges: Span<LineEdge>, into outputs: inout DriverOutputs) -> Int {
        var next = 0
        while next < edges.count {
            let first = next
            next += collector.plainBits(edges.count - first) {
                (edges[first &+ $0].terminal == 1, edges[first &+ $0].at)
            }
            guard next < edges.count else { break }
            let edge = edges[next]
            next += 1
            if let read = collector.bit(edge.terminal == 1, at: edge.at) {
                tell(read, into: &outputs)
                return next
            }
        }
        return edges.count
    }

    public var nextDeadline: Instant? {
        Instant.earlier(collector.nextDeadline, player.nextDeadline)
    }

    public mutating func advance(
        by input: DriverInput, at now: Instant, into outputs: inout DriverOutputs
    ) -> Instant? {
        handle(input, at: now, into: &outputs)
        return due()
    }

    public mutating func advance(
        by edges: Span<LineEdge>, into outputs: inout DriverOutputs
    ) -> (taken: Int, nextDeadline: Instant?) {
        let taken = take(edges, into: &outputs)
        return (taken, due())
    }

    /// `nextDeadline`, looked up in place: a getter would copy the whole driver first.
    @inline(__always)
    private mutating func due() -> Instant? {
        Instant.earlier(collector.nextDeadline, player.nextDeadline)
    }

    private mutating func tell(_ read: WiegandRead, into outputs: inout DriverOutputs) {
        switch read {
        case .credential(let credential, let format):
            if isSwapped {
                isSwapped = false
                outputs.append(.cleared(.linesSwapped))
            }
            outputs.append(
                .presented(
                    Presentation(
                        credential: credential, format: format, at: collector.lastEdge)))
        case .key(let key):
            outputs.append(.keyed(key))
        case .diagnosed(let diagnosis, let bits):
            outputs.append(.diagnosed(diagnosis, bits: UInt16(clamping: bits)))
            if collector.swappedCards >= WiegandCollector.swapProof, !isSwapped {
                isSwapped = true
                outputs.append(.raised(.linesSwapped))
            }
        }
    }
}
