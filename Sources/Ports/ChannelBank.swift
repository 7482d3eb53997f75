// All serial lines and keyboard readers of a station: opened by a worker, watched, found again.

import CLinux
public import EventLoop
import Glibc
public import StationCore

/// Who hears what comes from channels: the station, or a test.
public protocol ChannelSink: ~Copyable {
    /// The channel is there. What was buffered before is gone.
    mutating func opened(_ channel: ChannelID, at now: Instant)
    /// It is not there, or not any more.
    mutating func closed(_ channel: ChannelID, _ fault: Fault, at now: Instant)
    /// Bytes, valid for the call only.
    mutating func received(
        _ bytes: RawSpan, on pipe: Pipe, of channel: ChannelID, at now: Instant)
}

extension Station: ChannelSink {}

/// The byte channels of a station on the loop's side, but for USB's. No call here blocks, except
/// `stop`.
///
/// | call | when |
/// |---|---|
/// | `expire` | `nextDeadline` has come; the first time opens everything |
/// | `read` | a token that the bank owns is ready |
/// | `carryOut` | the core wants something of a channel that the bank has |
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
    private let opener: ChannelOpener
    private let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: bytesPerTurn, alignment: 16)

    /// The place in `ports` of each channel of the station; `nil` for those of other banks.
    private let places: [Int?]
    /// Is told why a channel is not there, when that is new.
    private let onTrouble: (ChannelID, ChannelError) -> Void

    /// Opens nothing yet: the first `expire` does.
    public convenience init(
        _ channels: [ResolvedChannel], selector: EpollSelector, firstToken: UInt32,
        onTrouble: @escaping (ChannelID, ChannelError) -> Void = { _, _ in }
    ) throws(EpollSelector.Failure) {
        try self.init(
            channels, selector: selector, firstToken: firstToken, opener: ChannelOpener(),
            onTrouble: onTrouble)
    }

    init(
        _ channels: [ResolvedChannel], selector: EpollSelector, firstToken: UInt32,
        opener: ChannelOpener, onTrouble: @escaping (ChannelID, ChannelError) -> Void
    ) throws(EpollSelector.Failure) {
        self.opener = opener
        self.selector = selector
        self.firstToken = firstToken
        self.onTrouble = onTrouble
        var ports: [ChannelPort] = []
        var places: [Int?] = []
        for (index, channel) in channels.enumerated() {
            guard let plan = ChannelPlan(channel.link) else {
                places.append(nil)
                continue
            }
            places.append(ports.count)
            var port = ChannelPort(ChannelID(index), plan)
            port.retryAt = Instant(nanoseconds: 0)
            ports.append(port)
        }
        (self.ports, self.places) = (ports, places)
        guard !ports.isEmpty else { return }
        _ = try selector.add(opener.answers.descriptor, token: firstToken)
    }

    deinit { buffer.deallocate() }

    /// Whether a token is one of the bank's.
    public func owns(_ token: UInt32) -> Bool {
        token >= firstToken && token - firstToken <= UInt32(ports.count)
    }

    /// Whether a channel is one of the bank's.
    public func owns(_ channel: ChannelID) -> Bool { place(of: channel) != nil }

    /// Why a channel is not there; `nil` when it is, or when nobody has looked yet.
    public func error(of channel: ChannelID) -> ChannelError? {
        place(of: channel).flatMap { ports[$0].error }
    }

    /// Bytes that could not be written because a line was too slow, or not there.
    public func dropped(of channel: ChannelID) -> UInt64 {
        place(of: channel).map { ports[$0].dropped } ?? 0
    }

    private func place(of channel: ChannelID) -> Int? {
        let index = Int(channel.index)
        return index < places.count ? places[index] : nil
    }

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
            sink.received(bytes.bytes, on: .data, of: ports[port].id, at: now)
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
            answered(port)
            let token = firstToken + 1 + UInt32(port)
            guard ports[port].attach(descriptor, token: token, to: selector) else {
                let error = ChannelError.failed(ports[port].plan.name, errno: EMFILE)
                return fail(port, error, into: &sink, at: now)
            }
            ports[port].error = nil
            ports[port].pause = Self.firstRetry
            sink.opened(ports[port].id, at: now)
        case .opened(let port, .failure(let error)):
            answered(port)
            fail(port, error, into: &sink, at: now)
        case .speed(let port, let generation, let number):
            guard ports[port].isOpen, ports[port].generation == generation else { return }
            answered(port)
            guard number == 0, ports[port].speedChanged() else {
                return lose(port, into: &sink, at: now)
            }
        }
    }

    /// The worker is done with the port.
    private func answered(_ port: Int) {
        ports[port].isOpening = false
        ports[port].askedAt = nil
        ports[port].isStuckTold = false
    }

    /// A worker that hangs at one line keeps every other from being opened: each tells it.
    private func tellStuck<Sink: ChannelSink & ~Copyable>(into sink: inout Sink, at now: Instant) {
        for port in ports.indices {
            guard let since = ports[port].askedAt, !ports[port].isStuckTold,
                since + ChannelOpener.longestTask <= now
            else { continue }
            if ports[port].isOpen {
                // It cannot say anything before its speed is changed.
                ports[port].close(from: selector)
                ports[port].retryAt = now + Self.firstRetry
            } else {
                ports[port].isStuckTold = true
            }
            guard ports[port].error?.fault != .stuck else { continue }
            let error = ChannelError.stuck(ports[port].plan.name)
            ports[port].error = error
            onTrouble(ports[port].id, error)
            sink.closed(ports[port].id, .stuck, at: now)
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
        onTrouble(ports[port].id, error)
        sink.closed(ports[port].id, error.fault, at: now)
    }

    private func lose<Sink: ChannelSink & ~Copyable>(
        _ port: Int, into sink: inout Sink, at now: Instant
    ) {
        ports[port].close(from: selector)
        ports[port].pause = Self.firstRetry
        fail(port, .left(ports[port].plan.name), into: &sink, at: now)
    }

    // MARK: To the channels

    /// Carries out an order for a channel of the bank's; orders of one channel in their order.
    /// Nothing is answered: what fails shows in what the channel says, or in its silence.
    public func carryOut<Sink: ChannelSink & ~Copyable>(
        _ order: ChannelOrder, on channel: ChannelID, into sink: inout Sink, at now: Instant
    ) {
        guard let port = place(of: channel) else { return }
        switch order {
        case .write(let bytes):
            // What the line cannot take at once is dropped and counted.
            let isThere = bytes.withBytes { ports[port].write($0) }
            if !isThere { lose(port, into: &sink, at: now) }
        case .reset:
            guard ports[port].isOpen else { return }
            ports[port].close(from: selector)
            ports[port].retryAt = now
        case .speed(let baud):
            guard setSpeed(baud, of: port, at: now) else { return lose(port, into: &sink, at: now) }
        }
    }

    /// Has the worker wait until everything was sent and change the speed; what is written after
    /// this waits for it. Opened anew, the line has its own speed again. False: it cannot be.
    private func setSpeed(_ baud: UInt32, of port: Int, at now: Instant) -> Bool {
        guard ports[port].isOpen, case .serial = ports[port].plan else { return true }
        let copy = fcntl(ports[port].descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { return false }
        let task = ChannelTask.speed(
            port: port, generation: ports[port].generation, descriptor: copy, baud: baud)
        guard opener.take(task) else {
            closeDescriptor(copy)
            return false
        }
        ports[port].isChangingSpeed = true
        ports[port].askedAt = ports[port].askedAt ?? now
        return true
    }

    // MARK: Time

    /// When to call `expire`; `nil` when every channel is open.
    public var nextDeadline: Instant? {
        var earliest: Instant?
        for port in ports {
            let limit = port.isStuckTold ? nil : port.askedAt.map { $0 + ChannelOpener.longestTask }
            // While the worker is at it, a look that is due waits for its answer.
            guard let at = port.isOpening ? limit : port.retryAt ?? limit else { continue }
            earliest = earliest.map { min($0, at) } ?? at
        }
        return earliest
    }

    /// Has the channels opened whose time has come, and tells those that are not answered for.
    public func expire<Sink: ChannelSink & ~Copyable>(into sink: inout Sink, at now: Instant) {
        tellStuck(into: &sink, at: now)
        for index in ports.indices {
            guard let due = ports[index].retryAt, due <= now, !ports[index].isOpening else {
                continue
            }
            ports[index].retryAt = nil
            ports[index].isOpening = opener.take(.open(port: index, ports[index].plan))
            ports[index].askedAt = now
            if !ports[index].isOpening {
                ports[index].askedAt = nil
                ports[index].retryAt = now + Self.firstRetry
            }
        }
    }
}
