// Drives a 125 kHz reader on a serial line: it only talks, and repeats a card while it is held.

public import EventLoop

/// An RDM6300 or one of its kin; LED and beeper, if any, on lines of the board.
public struct EM4100Driver: Driver {
    public static let led: UInt8 = 0
    public static let beeper: UInt8 = 1

    private let framing: EM4100Framing
    private let signals: Signals
    private var reader: EM4100Reader
    private var player = RhythmPlayer()

    /// - Precondition: the settings were validated: the framing has that name.
    public init(_ settings: EM4100Settings, terminals: Set<Int>) {
        framing = EM4100Framing(name: settings.framing) ?? .rdm6300
        signals = Signals(led: Self.led, beeper: Self.beeper, wired: terminals)
        reader = EM4100Reader(framing)
    }

    public mutating func handle(
        _ input: DriverInput, at now: Instant, into outputs: inout DriverOutputs
    ) {
        switch input {
        case .deadline:
            if let read = reader.expire(at: now) { tell(read, at: now, into: &outputs) }
            if let value = player.expire(at: now) { signals.set(value, into: &outputs) }
        case .command(.feedback(let rhythm)):
            signals.set(player.play(rhythm, at: now), into: &outputs)
        case .attached:
            reader.reset()
        case .detached(let fault):
            reader.reset()
            outputs.append(.raised(fault))
        case .edge, .level, .edgesLost, .command(.free), .command(.hold):
            break
        }
    }

    public mutating func receive(
        _ bytes: RawSpan, on pipe: Pipe, at now: Instant, into outputs: inout DriverOutputs
    ) -> Int {
        for offset in bytes.byteOffsets {
            let byte = bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            guard let read = reader.receive(byte, at: now) else { continue }
            tell(read, at: now, into: &outputs)
            return offset + 1
        }
        return bytes.byteCount
    }

    public var nextDeadline: Instant? {
        Instant.earlier(reader.nextDeadline, player.nextDeadline)
    }

    private func tell(_ read: EM4100Read, at now: Instant, into outputs: inout DriverOutputs) {
        switch read {
        case .credential(let credential):
            outputs.append(
                .presented(Presentation(credential: credential, format: nil, at: now)))
        case .diagnosed(.cardType):
            outputs.append(.diagnosed(.strangeCard, bits: 0))
        case .diagnosed(.checksum), .diagnosed(.character), .diagnosed(.ending),
            .diagnosed(.cutShort):
            outputs.append(.diagnosed(.damaged, bits: 0))
        case .diagnosed(.noise):
            outputs.append(.diagnosed(.glitch, bits: 0))
        }
    }
}
