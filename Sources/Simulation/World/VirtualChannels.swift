// The process's side of simulated channels: opens them, reads them, finds them again.

public import EventLoop
public import StationCore

/// Opens, reads and writes the twins as the real ends of channels do real devices.
///
/// | a twin | the station is told |
/// |---|---|
/// | is plugged | its descriptor, if it has one, and `opened` |
/// | leaves | `closed(.lost)`; it is looked for every second, as the real channels are |
public struct VirtualChannels {
    public static let retry = Interval.seconds(1)
    /// A reset, and opening again.
    public static let resetTakes = Interval.milliseconds(250)

    private struct End {
        var twin: any ChannelTwin
        var isOpen = false
        var retryAt: Instant?
    }

    private var ends: [End]
    /// Everything that is read, for whoever traces.
    var onHeard: ((ChannelID, Pipe, [UInt8], Instant) -> Void)?

    /// - Parameter twins: one for each channel, in their order.
    public init(_ twins: [any ChannelTwin]) { ends = twins.map { End(twin: $0) } }

    /// Opens everything before the loop runs.
    public mutating func openAll(into station: inout Station, at now: Instant) {
        for place in ends.indices { open(place, into: &station, at: now) }
    }

    private mutating func open(_ place: Int, into station: inout Station, at now: Instant) {
        let channel = ChannelID(place)
        guard ends[place].twin.isPlugged else {
            station.closed(channel, .missing, at: now)
            ends[place].retryAt = now + Self.retry
            return
        }
        ends[place].isOpen = true
        ends[place].retryAt = nil
        let descriptor = ends[place].twin.opened(at: now)
        station.received(descriptor.span.bytes, on: .descriptor, of: channel, at: now)
        station.opened(channel, at: now)
    }

    private mutating func leave(_ place: Int, into station: inout Station, at now: Instant) {
        ends[place].isOpen = false
        ends[place].retryAt = now + Self.retry
        station.closed(ChannelID(place), .lost, at: now)
    }

    public mutating func carryOut(
        _ order: ChannelOrder, on channel: ChannelID, into station: inout Station, at now: Instant
    ) {
        let place = Int(channel.index)
        guard ends[place].isOpen else { return }
        switch order {
        case .write(let bytes): ends[place].twin.written(bytes.packet, at: now)
        case .speed(let baud): ends[place].twin.turned(to: baud, at: now)
        case .reset:
            // As on the bus: no departure, `opened` follows, or `closed` if it is not there.
            ends[place].isOpen = false
            ends[place].retryAt = now + Self.resetTakes
        }
    }

    public var nextDeadline: Instant? {
        var next: Instant?
        for end in ends {
            next = Instant.earlier(next, end.isOpen ? end.twin.nextDeadline : end.retryAt)
        }
        return next
    }

    /// Lets twins speak, and looks for those that are gone.
    public mutating func expire(into station: inout Station, at now: Instant) {
        for place in ends.indices {
            if ends[place].isOpen {
                while let said = ends[place].twin.says(by: now) {
                    onHeard?(ChannelID(place), said.pipe, said.bytes, now)
                    station.received(
                        said.bytes.span.bytes, on: said.pipe, of: ChannelID(place), at: now)
                }
                if !ends[place].twin.isPlugged { leave(place, into: &station, at: now) }
            } else if let due = ends[place].retryAt, due <= now {
                open(place, into: &station, at: now)
            }
        }
    }
}
