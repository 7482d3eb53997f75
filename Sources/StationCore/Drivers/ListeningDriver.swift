// Drives a reader that only talks: bytes in, cards out, light and sound on lines of the board.

public import EventLoop

/// A machine that hears a reader out, byte by byte.
public protocol ListeningMachine: Sendable {
    associatedtype Read
    /// - Returns: what the byte completed.
    mutating func receive(_ byte: UInt8, at now: Instant) -> Read?
    /// What silence completed, once `nextDeadline` has come.
    mutating func expire(at now: Instant) -> Read?
    /// Forgets what was heard so far: the line was closed.
    mutating func reset()
    var nextDeadline: Instant? { get }
    /// What the station is told of a read.
    func tell(_ read: Read, at now: Instant, into outputs: inout DriverOutputs)
}

/// A reader that nobody can ask anything; LED and beeper, if any, on lines of the board.
///
/// Made for each machine apart (`@_specialize`): behind `any Driver` the compiler does not see
/// which one it is, and asks the machine's type at every byte, a seventh of a tap.
public struct ListeningDriver<Machine: ListeningMachine>: Driver {
    public static var led: UInt8 { 0 }
    public static var beeper: UInt8 { 1 }

    private let signals: Signals
    private var machine: Machine
    private var player = RhythmPlayer()

    init(_ machine: Machine, terminals: Set<Int>) {
        signals = Signals(led: Self.led, beeper: Self.beeper, wired: terminals)
        self.machine = machine
    }

    @_specialize(where Machine == EM4100Reader)
    @_specialize(where Machine == KeyboardReader)
    public mutating func handle(
        _ input: DriverInput, at now: Instant, into outputs: inout DriverOutputs
    ) {
        switch input {
        case .deadline:
            if let read = machine.expire(at: now) { machine.tell(read, at: now, into: &outputs) }
            if let value = player.expire(at: now) { signals.set(value, into: &outputs) }
        case .command(.feedback(let rhythm)):
            signals.set(player.play(rhythm, at: now), into: &outputs)
        case .attached:
            machine.reset()
        case .detached(let fault):
            machine.reset()
            outputs.append(.raised(fault))
        case .edge, .level, .edgesLost, .command(.free), .command(.hold):
            break
        }
    }

    @_specialize(where Machine == EM4100Reader)
    @_specialize(where Machine == KeyboardReader)
    public mutating func advance(
        by bytes: RawSpan, on pipe: Pipe, at now: Instant, into outputs: inout DriverOutputs
    ) -> (taken: Int, nextDeadline: Instant?) {
        let taken = receive(bytes, on: pipe, at: now, into: &outputs)
        return (taken, nextDeadline)
    }

    @_specialize(where Machine == EM4100Reader)
    @_specialize(where Machine == KeyboardReader)
    public mutating func advance(
        by input: DriverInput, at now: Instant, into outputs: inout DriverOutputs
    ) -> Instant? {
        handle(input, at: now, into: &outputs)
        return nextDeadline
    }

    @_specialize(where Machine == EM4100Reader)
    @_specialize(where Machine == KeyboardReader)
    public mutating func receive(
        _ bytes: RawSpan, on pipe: Pipe, at now: Instant, into outputs: inout DriverOutputs
    ) -> Int {
        for offset in bytes.byteOffsets {
            let byte = bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            guard let read = machine.receive(byte, at: now) else { continue }
            machine.tell(read, at: now, into: &outputs)
            return offset + 1
        }
        return bytes.byteCount
    }

    public var nextDeadline: Instant? {
        Instant.earlier(machine.nextDeadline, player.nextDeadline)
    }
}
