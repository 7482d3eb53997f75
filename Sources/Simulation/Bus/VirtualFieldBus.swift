// A half-duplex line with its boxes at the end of a channel, every byte as long as it takes.
//
//   station ─[request]──────────────────[request]──     whoever begins while somebody else talks
//   box              ╰─ its time ─[answer]               has collided: counted, both are garbled

public import EventLoop
public import StationCore

/// The twin of a field bus: adapter, two wires, boxes.
///
/// What the station writes reaches the boxes when its last byte is over; what they say comes in
/// pieces, as a serial driver hands it out.
public final class VirtualFieldBus: ChannelTwin {
    private enum Happening {
        case heard([UInt8])
        case speaks(Int?, [UInt8])
        /// It would say something by itself, since then.
        case bids(Int, [UInt8], since: Instant)
        case piece([UInt8])
    }

    /// One frame of the station, with its time.
    public struct Sent: Sendable, Equatable {
        public let at: Instant
        public let bytes: [UInt8]
    }

    /// So many bytes at once: a driver's receive buffer fills while nobody reads it.
    static let piece = 8
    /// How many of the last frames are kept.
    static let sentKept = 65_536
    /// A box that listens first waits for so much quiet: longer than any answer takes to begin.
    static let quiet = Interval.milliseconds(60)
    /// It does not wait for ever.
    static let patience = Interval.seconds(2)

    public let boxes: [any BoxTwin]
    /// The adapter hears what it sends.
    public var echoes: Bool
    /// Talks of a thousand that get a wrong bit, or a stray byte before them.
    public var noisePerMille = 0
    /// Times at which two talked at once.
    public private(set) var collisions = 0
    /// How long anybody talked.
    public private(set) var talked = Interval.zero
    public private(set) var sent: [Sent] = []
    private var speed: Int
    private let bits: Int
    private var agenda = Agenda<Happening>()
    private var busyUntil = Instant(nanoseconds: 0)
    /// Talks that were garbled after they began.
    private var garbledUntil = Instant(nanoseconds: 0)
    private var unpluggedAt: Instant?
    private var chance: SplitMix64

    public init(
        _ boxes: [any BoxTwin], baud: Int, bits: Int = 10, echoes: Bool = false,
        chance: SplitMix64 = SplitMix64(seed: 1)
    ) {
        self.boxes = boxes
        self.bits = bits
        self.echoes = echoes
        self.chance = chance
        speed = baud
    }

    // MARK: The station

    public func opened(at now: Instant) -> [UInt8] {
        // What was said before is nobody's.
        agenda = Agenda()
        busyUntil = now
        return []
    }

    public func written(_ packet: Packet, at now: Instant) {
        let bytes = packet.bytes
        if sent.count == Self.sentKept { sent.removeFirst(Self.sentKept / 2) }
        sent.append(Sent(at: now, bytes: bytes))
        let (end, isClean) = talk(bytes.count, at: now)
        let heard = isClean ? bytes : bytes.map { $0 ^ 0x55 }
        if echoes { deliver(heard, from: now) }
        agenda.add(.heard(heard), at: end)
    }

    public func turned(to baud: UInt32, at now: Instant) { speed = Int(baud) }

    public var isPlugged: Bool { unpluggedAt == nil }

    public var nextDeadline: Instant? {
        if let unpluggedAt { return unpluggedAt }
        return boxes.reduce(agenda.next) { Instant.earlier($0, $1.nextDeadline) }
    }

    public func says(by now: Instant) -> (pipe: Pipe, bytes: [UInt8])? {
        while isPlugged {
            for (place, box) in boxes.enumerated() {
                guard let due = box.nextDeadline, due <= now, let bytes = box.live(at: now) else {
                    continue
                }
                agenda.add(
                    box.listensFirst ? .bids(place, bytes, since: now) : .speaks(place, bytes),
                    at: now)
            }
            guard let (at, event) = agenda.take(upTo: now) else { return nil }
            switch event {
            case .heard(let bytes): hear(bytes, at: at)
            case .speaks(let place, let bytes): speak(place, bytes, at: at)
            case .bids(let place, let bytes, let since):
                let free = busyUntil + Self.quiet
                if at < free, at < since + Self.patience {
                    agenda.add(.bids(place, bytes, since: since), at: free)
                } else {
                    speak(place, bytes, at: at)
                }
            case .piece(let bytes):
                return (.data, at <= garbledUntil ? bytes.map(Self.garble) : bytes)
            }
        }
        return nil
    }

    public func present(
        _ card: Credential, to member: DeviceID, at now: Instant, until: Instant
    ) {}

    // MARK: People and the weather

    /// Somebody pulls the adapter's plug: what is under way is lost.
    public func unplug(at now: Instant) {
        unpluggedAt = now
        agenda = Agenda()
    }

    public func plug() { unpluggedAt = nil }

    /// Bytes of nobody come over the line.
    public func disturb(_ bytes: [UInt8], at now: Instant) {
        agenda.add(.speaks(nil, bytes), at: now)
    }

    // MARK: The line

    private func hear(_ bytes: [UInt8], at now: Instant) {
        for (place, box) in boxes.enumerated() where box.isConnected {
            guard let speech = box.hear(bytes, at: now) else { continue }
            agenda.add(.speaks(place, speech.bytes), at: now + speech.after)
        }
    }

    private func speak(_ place: Int?, _ bytes: [UInt8], at now: Instant) {
        if let place, !boxes[place].isConnected { return }
        let (_, isClean) = talk(bytes.count, at: now)
        var bytes = isClean ? bytes : bytes.map(Self.garble)
        if noisePerMille > 0, chance.below(1_000) < noisePerMille, !bytes.isEmpty {
            if chance.below(2) == 0 {
                bytes[chance.below(bytes.count)] ^= 1 << UInt8(chance.below(8))
            } else {
                bytes.insert(UInt8(chance.below(256)), at: 0)
            }
        }
        deliver(bytes, from: now)
    }

    /// Bytes on their way to the station.
    private func deliver(_ bytes: [UInt8], from now: Instant) {
        var time = now
        for start in stride(from: 0, to: bytes.count, by: Self.piece) {
            let part = Array(bytes[start..<min(bytes.count, start + Self.piece)])
            time = time + characters(part.count)
            agenda.add(.piece(part), at: time)
        }
    }

    private static func garble(_ byte: UInt8) -> UInt8 { byte ^ 0x55 }

    /// Takes the line. Returns when the last byte is over, and whether nobody else talked.
    private func talk(_ count: Int, at now: Instant) -> (end: Instant, isClean: Bool) {
        let isClean = now >= busyUntil
        let end = now + characters(count)
        if !isClean {
            collisions += 1
            // What the other one is saying is lost as well.
            garbledUntil = busyUntil
        }
        talked = talked + characters(count)
        busyUntil = max(busyUntil, end)
        return (end, isClean)
    }

    private func characters(_ count: Int) -> Interval {
        Interval(nanoseconds: Int64(count) * Int64(bits) * 1_000_000_000 / Int64(speed))
    }
}
