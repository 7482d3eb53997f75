// Drives a PN532 on a serial line: it is asked for cards again and again.

public import EventLoop

/// A PN532 module; LED and beeper, if any, on lines of the board.
public struct PN532Driver: Driver {
    public static let led: UInt8 = 0
    public static let beeper: UInt8 = 1

    private let signals: Signals
    private var reader = PN532Reader()
    private var player = RhythmPlayer()

    public init(_ settings: PN532Settings, terminals: Set<Int>) {
        signals = Signals(led: Self.led, beeper: Self.beeper, wired: terminals)
    }

    public mutating func handle(
        _ input: DriverInput, at now: Instant, into outputs: inout DriverOutputs
    ) {
        switch input {
        case .deadline:
            if reader.expire(at: now) { tell(at: now, into: &outputs) }
            if let value = player.expire(at: now) { signals.set(value, into: &outputs) }
        case .command(.feedback(let rhythm)):
            signals.set(player.play(rhythm, at: now), into: &outputs)
        case .attached:
            if reader.begin(at: now) { tell(at: now, into: &outputs) }
        case .detached(let fault):
            reader.halt()
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
            guard reader.receive(byte, at: now) else { continue }
            tell(at: now, into: &outputs)
            return offset + 1
        }
        return bytes.byteCount
    }

    public var nextDeadline: Instant? {
        Instant.earlier(reader.nextDeadline, player.nextDeadline)
    }

    private func tell(at now: Instant, into outputs: inout DriverOutputs) {
        for index in 0..<reader.outputs.count {
            switch reader.outputs[index] {
            case .send(let packet): packet.withBytes { outputs.write($0) }
            case .presented(let target):
                outputs.append(
                    .presented(Presentation(credential: target.credential, format: nil, at: now)))
            case .raised(let trouble): outputs.append(.raised(trouble.fault))
            case .cleared(let trouble): outputs.append(.cleared(trouble.fault))
            case .ready, .damaged: break
            }
        }
    }
}

extension PN532Trouble {
    /// What the crew is told.
    var fault: Fault {
        switch self {
        case .silent: .silent
        case .garbled: .garbled
        case .refused, .stranger: .wrongModel
        }
    }
}
