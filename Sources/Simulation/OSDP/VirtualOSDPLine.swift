// An RS-485 line with its readers at the end of a channel, every byte as long as it takes.

public import EventLoop
public import StationCore

/// The twin of an OSDP line: adapter, two wires, and a virtual reader for each member.
///
/// What the station writes reaches the readers when its last byte is over; what they answer comes
/// in pieces, as a serial driver hands it out. Pulling the plug loses whatever is under way.
public final class VirtualOSDPLine: ChannelTwin {
    private enum Event {
        case heard([UInt8])
        case speaks(Int, [UInt8])
        case piece([UInt8])
    }

    /// So many bytes at once: a driver's receive buffer fills while nobody reads it.
    static let piece = 8

    public var pds: [VirtualPD]
    /// Which station device each reader is, in the readers' order.
    let devices: [DeviceID]
    private var agenda: [(at: Instant, event: Event)] = []
    private var speed: UInt32
    private var busyUntil = Instant(nanoseconds: 0)
    private var unpluggedAt: Instant?
    /// Times at which two talked at once.
    public private(set) var collisions = 0
    /// Every frame that the station wrote, with its time.
    public private(set) var frames: [(at: Instant, bytes: [UInt8])] = []
    /// Hears what a reader is told to do, when it does it.
    public var onTold: ((DeviceID, OSDPCommand, Instant) -> Void)?
    /// How many of the last frames are kept.
    static let framesKept = 4_096

    /// - Precondition: there are as many devices as readers.
    public init(_ pds: [VirtualPD], devices: [DeviceID], baud: UInt32) {
        precondition(pds.count == devices.count, "every reader of a line is a device")
        self.pds = pds
        self.devices = devices
        speed = baud
    }

    // MARK: The station

    public func opened(at now: Instant) -> [UInt8] {
        // What was said before is nobody's.
        agenda.removeAll()
        busyUntil = now
        return []
    }

    public func written(_ packet: Packet, at now: Instant) {
        let bytes = packet.bytes
        if frames.count == Self.framesKept { frames.removeFirst(Self.framesKept / 2) }
        frames.append((now, bytes))
        // Half a command from before belongs to nobody.
        for place in pds.indices { pds[place].restart() }
        let (said, isClean) = talk(bytes, at: now)
        plan(.heard(isClean ? bytes : bytes.map { $0 ^ 0x55 }), at: said)
    }

    public func turned(to baud: UInt32, at now: Instant) { speed = baud }

    public var isPlugged: Bool { unpluggedAt == nil }

    public var nextDeadline: Instant? { unpluggedAt ?? agenda.first?.at }

    public func says(by now: Instant) -> (pipe: Pipe, bytes: [UInt8])? {
        while isPlugged, let (at, event) = agenda.first, at <= now {
            agenda.removeFirst()
            switch event {
            case .heard(let bytes): hear(bytes, at: at)
            case .speaks(let place, let bytes): speak(place, bytes, at: at)
            case .piece(let bytes): return (.data, bytes)
            }
        }
        return nil
    }

    // MARK: People

    public func present(
        _ card: Credential, to member: DeviceID, at now: Instant, until: Instant
    ) {
        guard let place = devices.firstIndex(of: member) else { return }
        pds[place].happen(
            .card(
                OSDPCard(
                    format: .wiegand, bitCount: UInt16(card.bitCount), bits: card.bits)))
    }

    /// Somebody pulls the adapter's plug: what is under way is lost, and the readers keep their
    /// power.
    public func unplug(at now: Instant) {
        unpluggedAt = now
        agenda.removeAll()
    }

    /// It is in again. The station finds it when it looks for it.
    public func plug() { unpluggedAt = nil }

    // MARK: The line

    private func hear(_ bytes: [UInt8], at now: Instant) {
        for place in pds.indices where pds[place].baud == speed {
            let before = pds[place].obeyed.count
            for byte in bytes {
                for answer in pds[place].hear(byte, at: now) {
                    plan(.speaks(place, answer.bytes), at: now + answer.after)
                }
            }
            for command in pds[place].obeyed[before...] { onTold?(devices[place], command, now) }
        }
    }

    private func speak(_ place: Int, _ bytes: [UInt8], at now: Instant) {
        guard pds[place].isConnected else { return }
        let (_, isClean) = talk(bytes, at: now)
        var time = now
        for start in stride(from: 0, to: bytes.count, by: Self.piece) {
            let part = bytes[start..<min(bytes.count, start + Self.piece)]
            time = time + characters(part.count)
            plan(.piece(isClean ? Array(part) : part.map { $0 ^ 0x55 }), at: time)
        }
    }

    /// Takes the line. Returns when the last byte is over, and whether nobody else talked.
    private func talk(_ bytes: [UInt8], at now: Instant) -> (end: Instant, isClean: Bool) {
        let isClean = now >= busyUntil
        if !isClean { collisions += 1 }
        let end = now + characters(bytes.count)
        busyUntil = max(busyUntil, end)
        return (end, isClean)
    }

    private func characters(_ count: Int) -> Interval {
        Interval(nanoseconds: Int64(count) * 10_000_000_000 / Int64(speed))
    }

    private func plan(_ event: Event, at time: Instant) {
        let place = agenda.firstIndex { $0.at > time } ?? agenda.endIndex
        agenda.insert((time, event), at: place)
    }
}
