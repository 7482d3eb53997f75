// Bytes of peers in, bytes for peers out.

public import EventLoop

extension ControlService {
    /// Bytes of a peer, and the descriptor that came with them.
    public mutating func receive(
        _ slot: Int, _ bytes: UnsafeRawBufferPointer, passed: PassedFile?, at now: Instant
    ) {
        guard connections[slot]?.finishing == false else { return }
        if let passed { connections[slot]?.passed = passed }
        do {
            try connections[slot]?.frames.append(bytes)
        } catch {
            return refuse(slot, error, at: now)
        }
        advance(slot, at: now)
    }

    /// Whether the host should read from this peer: not while its call is answered.
    public func wantsInput(_ slot: Int) -> Bool {
        guard let connection = connections[slot] else { return false }
        return !connection.finishing && connection.isIdle
    }

    /// Whether there are bytes for this peer.
    public func hasOutput(_ slot: Int) -> Bool { connections[slot]?.output.isEmpty == false }

    /// The bytes for this peer, valid for the call; empty for none.
    public func withOutput<Result>(
        _ slot: Int, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        guard let connection = connections[slot] else {
            return body(UnsafeRawBufferPointer(start: nil, count: 0))
        }
        return connection.output.withUnsafeBytes {
            body(UnsafeRawBufferPointer(rebasing: $0[connection.written...]))
        }
    }

    /// The peer took `count` bytes of its output.
    public mutating func took(_ slot: Int, _ count: Int, at now: Instant) {
        connections[slot]?.took(count, at: now)
        advance(slot, at: now)
    }

    /// The peer will send no more. Its call, if any, is still answered.
    public mutating func endOfInput(_ slot: Int) { connections[slot]?.finishing = true }

    /// Whether the host should close this peer and `disconnect` it.
    public func isFinished(_ slot: Int) -> Bool {
        guard let connection = connections[slot] else { return false }
        return connection.finishing && connection.isIdle
    }
}
