// The USB card readers of a station on the loop's side: events in, orders out, and a pulse felt.

public import EventLoop
public import StationCore

/// The byte channels of a station that are USB card readers. No call here blocks.
///
/// | call | when |
/// |---|---|
/// | `read` | the bank's token is ready |
/// | `expire` | `nextDeadline` has come |
/// | `carryOut` | the core wants something of a channel that the bank has |
public final class USBBank {
    /// Events of one turn of the loop; the rest waits, and the devices with it.
    public static let eventsPerTurn = 256
    /// How often the thread is asked whether it lives, and how long it may take to say so.
    public static let pulse = Interval.seconds(5)

    private struct Seat {
        let channel: ChannelID
        var session: UInt32?
        var told: Fault?
    }

    private var seats: [Seat]
    /// The place in `seats` of each channel of the station; `nil` for those of other banks.
    private let places: [Int?]
    private let token: UInt32
    /// `nil` when the station has no such reader, and so no thread.
    private let readers: USBReaders?
    private var nextPulse: Instant
    /// The number of the question that waits for its answer.
    private var asked: UInt64 = 0
    private var answered: UInt64 = 0
    private var isStuck = false
    private let onTrouble: (ChannelID, USBObstacle) -> Void

    /// Starts the threads, which look for the readers at once.
    ///
    /// - Parameter onTrouble: is told why a reader is not there, when that is new.
    public init(
        _ channels: [ResolvedChannel], selector: EpollSelector, token: UInt32,
        tree: USBTree = USBTree(),
        onTrouble: @escaping (ChannelID, USBObstacle) -> Void = { _, _ in }
    ) throws(EpollSelector.Failure) {
        var seats: [Seat] = []
        var bindings: [USBBinding] = []
        places = channels.enumerated().map { index, channel in
            guard case .usb(let link) = channel.link else { return nil }
            seats.append(Seat(channel: ChannelID(index)))
            bindings.append(
                link.socket.isEmpty ? .only : .path(USBPath(unchecked: link.socket)))
            return seats.count - 1
        }
        (self.seats, self.token, self.onTrouble) = (seats, token, onTrouble)
        readers = seats.isEmpty ? nil : USBReaders(bindings: bindings, tree: tree)
        nextPulse = selector.now() + Self.pulse
        if let readers { _ = try selector.add(readers.events.descriptor, token: token) }
    }

    public func owns(_ token: UInt32) -> Bool { readers != nil && token == self.token }

    public func owns(_ channel: ChannelID) -> Bool { place(of: channel) != nil }

    private func place(of channel: ChannelID) -> Int? {
        let index = Int(channel.index)
        return index < places.count ? places[index] : nil
    }

    /// Gives the readers back and ends the thread; takes two seconds at most. Once.
    public func stop() { readers?.stop() }

    // MARK: From the readers

    /// Takes what the USB thread has said.
    public func read<Sink: ChannelSink & ~Copyable>(
        into sink: inout Sink, at now: Instant
    ) -> Drained {
        guard let readers else { return .drained }
        let isLeft = readers.events.drain(limit: Self.eventsPerTurn) { event in
            take(event, into: &sink, at: now)
        }
        return isLeft ? .more : .drained
    }

    private func take<Sink: ChannelSink & ~Copyable>(
        _ event: USBEvent, into sink: inout Sink, at now: Instant
    ) {
        switch event {
        case .attached(let reader, let session, let info):
            seats[reader].session = session
            seats[reader].told = nil
            let bytes = CCIDClassDescriptor.handover(
                info.classBytes, hasInterrupts: info.hasInterrupts)
            let channel = seats[reader].channel
            sink.received(bytes.span.bytes, on: .descriptor, of: channel, at: now)
            sink.opened(channel, at: now)
        case .received(let reader, let session, let block):
            guard seats[reader].session == session else { return }
            let channel = seats[reader].channel
            block.withBytes { sink.received($0, on: .data, of: channel, at: now) }
        case .notified(let reader, let session, let block):
            guard seats[reader].session == session, block.count > 0 else { return }
            let channel = seats[reader].channel
            block.withBytes { sink.received($0, on: .notification, of: channel, at: now) }
        case .detached(let reader, _, _):
            close(reader, .lost, into: &sink, at: now)
        case .unavailable(let reader, let obstacle):
            onTrouble(seats[reader].channel, obstacle)
            close(reader, obstacle.fault, into: &sink, at: now)
        case .alive(let number):
            answered = number
            guard isStuck else { return }
            isStuck = false
            // What was missed meanwhile nobody knows: every session begins anew.
            for (reader, seat) in seats.enumerated() {
                if let session = seat.session { _ = readers?.reset(reader, session: session) }
            }
        }
    }

    /// Tells what is new: that a reader which left is not there is not.
    private func close<Sink: ChannelSink & ~Copyable>(
        _ reader: Int, _ fault: Fault, into sink: inout Sink, at now: Instant
    ) {
        let told = seats[reader].told
        if fault != .stuck { seats[reader].session = nil }
        guard told != fault, told != .lost || fault != .missing else { return }
        seats[reader].told = fault
        sink.closed(seats[reader].channel, fault, at: now)
    }

    // MARK: To the readers

    /// Carries out an order for a channel of the bank's. Nothing is answered: what fails shows in
    /// what the channel says, or in its silence.
    public func carryOut<Sink: ChannelSink & ~Copyable>(
        _ order: ChannelOrder, on channel: ChannelID, into sink: inout Sink, at now: Instant
    ) {
        guard let readers, let reader = place(of: channel), let session = seats[reader].session
        else { return }
        let isTaken =
            switch order {
            case .write(let bytes): readers.send(bytes.packet, to: reader, session: session)
            case .reset: readers.reset(reader, session: session)
            case .speed: true
            }
        if !isTaken { close(reader, .stuck, into: &sink, at: now) }
    }

    // MARK: Time

    /// When to call `expire`; `nil` when there is no reader.
    public var nextDeadline: Instant? { readers == nil ? nil : nextPulse }

    /// Asks the thread for a sign of life, and tells when the last question had no answer.
    public func expire<Sink: ChannelSink & ~Copyable>(into sink: inout Sink, at now: Instant) {
        guard let readers, nextPulse <= now else { return }
        nextPulse = now + Self.pulse
        if answered != asked, !isStuck {
            isStuck = true
            for reader in seats.indices { close(reader, .stuck, into: &sink, at: now) }
        }
        guard readers.ping(asked + 1) else { return }
        asked += 1
    }
}
