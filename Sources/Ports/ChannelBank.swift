// All serial lines and keyboard readers of a station: opened by a worker, watched, found again.

import CLinux
public import EventLoop
import Glibc
public import StationCore

/// Who hears what comes from channels, by their places in the bank's plans.
public protocol ChannelSink: ~Copyable {
    /// The channel is there. What was buffered before is gone.
    mutating func opened(channel: Int, at now: Instant)
    /// It is not there, or not any more.
    mutating func closed(channel: Int, _ fault: Fault, at now: Instant)
    /// Bytes, valid for the call only.
    mutating func received(_ bytes: RawSpan, channel: Int, at now: Instant)
}

/// The byte channels of a station on the loop's side. No call here blocks, but `stop`.
///
/// | call | when |
/// |---|---|
/// | `expire` | `nextDeadline` has come; the first time opens everything |
/// | `read` | a token that the bank owns is ready |
/// | `write`, `setSpeed`, `reset` | somebody wants it |
public final class ChannelBank {
    /// How soon, and at most how rarely, a channel is tried again that somebody else has or that
    /// cannot be opened. One that is not there is looked for every `firstRetry`: a reader that is
    /// plugged in again must be back within two seconds.
    public static let firstRetry = Interval.seconds(1)
    public static let lastRetry = Interval.seconds(30)
    /// Bytes of one channel in one turn of the loop: a third of a second at 115200 baud, and 170
    /// events of a keyboard.
    public static let bytesPerTurn = 4_096

    private let selector: EpollSelector
    /// Of the worker's answers; the ports' follow.
    private let firstToken: UInt32
    private var ports: [ChannelPort]
    private let opener = ChannelOpener()
    private let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: bytesPerTurn, alignment: 16)

    /// Opens nothing yet: the first `expire` does.
    public init(
        _ plans: [ChannelPlan], selector: EpollSelector, firstToken: UInt32
    ) throws(EpollSelector.Failure) {
        self.selector = selector
        self.firstToken = firstToken
        ports = plans.map { ChannelPort($0) }
        for index in ports.indices { ports[index].retryAt = Instant(nanoseconds: 0) }
        _ = try selector.add(opener.answers.descriptor, token: firstToken)
    }

    deinit { buffer.deallocate() }

    /// How many tokens the bank uses, from its first one.
    public var tokens: UInt32 { UInt32(ports.count) + 1 }

    public func owns(_ token: UInt32) -> Bool { token >= firstToken && token - firstToken < tokens }

    /// What last went wrong with a channel that is not there: for the log and for a crew.
    public func error(channel: Int) -> ChannelError? { ports[channel].error }

    /// Bytes that could not be written because a line was too slow, or not there.
    public func dropped(channel: Int) -> UInt64 { ports[channel].dropped }

    /// Closes every channel and ends the worker, which may be busy for some seconds. Once.
    public func stop() {
        for index in ports.indices { ports[index].close(from: selector) }
        opener.stop()
        takeAnswers { answer in
            if case .opened(let port, .success(let descriptor)) = answer {
                ports[port].plan.close(descriptor)
            }
        }
    }

    // MARK: From the channels

    /// Serves a ready token.
    public func read<Sink: ChannelSink & ~Copyable>(
        _ ready: Readiness, into sink: inout Sink, at now: Instant
    ) -> Drained {
        guard ready.token != firstToken else {
            takeAnswers { take($0, into: &sink, at: now) }
            return .drained
        }
        let port = Int(ready.token - firstToken) - 1
        guard ports.indices.contains(port), ports[port].isOpen else { return .drained }
        switch ports[port].read(into: buffer) {
        case .bytes(let count):
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            sink.received(bytes.bytes, channel: port, at: now)
            return count == buffer.count || ready.isHangup ? .more : .drained
        case .nothing:
            if ready.isHangup { lose(port, into: &sink, at: now) }
            return .drained
        case .left:
            lose(port, into: &sink, at: now)
            return .drained
        }
    }

    private func takeAnswers(_ body: (ChannelAnswer) -> Void) {
        while opener.answers.drain(limit: ChannelOpener.capacity, body) {}
    }

    private func take<Sink: ChannelSink & ~Copyable>(
        _ answer: ChannelAnswer, into sink: inout Sink, at now: Instant
    ) {
        switch answer {
        case .opened(let port, .success(let descriptor)):
            ports[port].isOpening = false
            let token = firstToken + 1 + UInt32(port)
            guard ports[port].attach(descriptor, token: token, to: selector) else {
                let error = ChannelError.failed(ports[port].plan.name, errno: EMFILE)
                return fail(port, error, into: &sink, at: now)
            }
            ports[port].error = nil
            ports[port].pause = Self.firstRetry
            sink.opened(channel: port, at: now)
        case .opened(let port, .failure(let error)):
            ports[port].isOpening = false
            fail(port, error, into: &sink, at: now)
        case .speed(let port, let generation, let number):
            guard ports[port].isOpen, ports[port].generation == generation else { return }
            guard number == 0, ports[port].speedChanged() else {
                return lose(port, into: &sink, at: now)
            }
        }
    }

    /// Looks again later. Tells what is new: that a channel which left is not there is not.
    private func fail<Sink: ChannelSink & ~Copyable>(
        _ port: Int, _ error: ChannelError, into sink: inout Sink, at now: Instant
    ) {
        let told = ports[port].error?.fault
        ports[port].error = error
        if case .missing = error { ports[port].pause = Self.firstRetry }
        ports[port].retryAt = now + ports[port].pause
        ports[port].pause = min(Self.lastRetry, ports[port].pause * 2)
        guard told != error.fault, told != .lost || error.fault != .missing else { return }
        sink.closed(channel: port, error.fault, at: now)
    }

    private func lose<Sink: ChannelSink & ~Copyable>(
        _ port: Int, into sink: inout Sink, at now: Instant
    ) {
        ports[port].close(from: selector)
        ports[port].pause = Self.firstRetry
        fail(port, .left(ports[port].plan.name), into: &sink, at: now)
    }

    // MARK: To the channels

    /// Writes bytes to a serial line. What it cannot take at once is dropped and counted.
    public func write<Sink: ChannelSink & ~Copyable>(
        _ bytes: UnsafeRawBufferPointer, channel: Int, into sink: inout Sink, at now: Instant
    ) {
        if !ports[channel].write(bytes) { lose(channel, into: &sink, at: now) }
    }

    /// Goes on at another speed once everything written before was sent; what is written after this
    /// waits for it. Opened anew, the line has its plan's speed again.
    public func setSpeed<Sink: ChannelSink & ~Copyable>(
        _ baud: UInt32, channel: Int, into sink: inout Sink, at now: Instant
    ) {
        let port = ports[channel]
        guard port.isOpen, case .serial = port.plan else { return }
        let copy = fcntl(port.descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0,
            opener.take(
                .speed(
                    port: channel, generation: port.generation, descriptor: copy, baud: baud))
        else {
            if copy >= 0 { closeDescriptor(copy) }
            return lose(channel, into: &sink, at: now)
        }
        ports[channel].isChangingSpeed = true
    }

    /// Closes a channel and opens it again.
    public func reset(channel: Int, at now: Instant) {
        guard ports[channel].isOpen else { return }
        ports[channel].close(from: selector)
        ports[channel].retryAt = now
    }

    // MARK: Time

    /// When to call `expire`; `nil` when every channel is open or being opened.
    public var nextDeadline: Instant? {
        var earliest: Instant?
        for port in ports {
            guard let at = port.retryAt else { continue }
            earliest = earliest.map { min($0, at) } ?? at
        }
        return earliest
    }

    /// Has the channels opened whose time has come.
    public func expire(at now: Instant) {
        for index in ports.indices {
            guard let due = ports[index].retryAt, due <= now, !ports[index].isOpening else {
                continue
            }
            ports[index].retryAt = nil
            ports[index].isOpening = opener.take(.open(port: index, ports[index].plan))
            if !ports[index].isOpening { ports[index].retryAt = now + Self.firstRetry }
        }
    }
}
