// The process's side of simulated channels: opens them, reads them, finds them again.

public import EventLoop
public import StationCore

/// Opens, reads and writes the twins as the real ends of channels do real devices.
///
/// | a twin | the station is told |
/// |---|---|
/// | is plugged | its descriptor, if it has one, and `opened` |
/// | leaves | `closed(.lost)`; it is looked for after 1 s, then ever more rarely, up to 30 s |
public struct VirtualChannels {
    public static let firstRetry = Interval.seconds(1)
    public static let lastRetry = Interval.seconds(30)

    private struct End {
        var twin: any ChannelTwin
        var isOpen = false
        var retryAt: Instant?
        var pause = VirtualChannels.firstRetry
    }

    private var ends: [End]

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
            ends[place].retryAt = now + ends[place].pause
            ends[place].pause = min(Self.lastRetry, ends[place].pause * 2)
            return
        }
        ends[place].isOpen = true
        ends[place].retryAt = nil
        ends[place].pause = Self.firstRetry
        let descriptor = ends[place].twin.opened(at: now)
        station.received(descriptor.span.bytes, on: .descriptor, of: channel, at: now)
        station.opened(channel, at: now)
    }

    private mutating func leave(_ place: Int, into station: inout Station, at now: Instant) {
        ends[place].isOpen = false
        ends[place].retryAt = now + Self.firstRetry
        station.closed(ChannelID(place), .lost, at: now)
    }

    public mutating func carryOut(
        _ order: ChannelOrder, on channel: ChannelID, into station: inout Station, at now: Instant
    ) {
        let place = Int(channel.index)
        guard ends[place].isOpen else { return }
        switch order {
        case .write(let packet): ends[place].twin.written(packet, at: now)
        case .speed(let baud): ends[place].twin.turned(to: baud, at: now)
        case .reset:
            leave(place, into: &station, at: now)
            open(place, into: &station, at: now)
        }
    }

    public var nextDeadline: Instant? {
        ends.compactMap { end in
            end.isOpen ? end.twin.nextDeadline : end.retryAt
        }.min()
    }

    /// Lets twins speak, and looks for those that are gone.
    public mutating func expire(into station: inout Station, at now: Instant) {
        for place in ends.indices {
            if ends[place].isOpen {
                while let said = ends[place].twin.says(by: now) {
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
