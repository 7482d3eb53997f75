// An RS-485 line in virtual time: one ACU, its readers, and every byte as long as it takes.
//
//   ACU   ─[command]──────────────────────────[command]──      whoever begins while somebody else
//   PD            ╰─turnaround─[reply]─╮                       talks has collided: it is counted,
//   ACU                                ╰─gap─╯                 and both are garbled

public import EventLoop
public import StationCore

/// Runs an `OSDPBus` against virtual readers.
public struct HalfDuplexLine: Sendable {
    /// One thing that the ACU told.
    public struct Told: Equatable, Sendable {
        public let at: Instant
        public let peer: Int
        public let news: OSDPNews
    }

    private enum Event: Sendable {
        case acuHears(UInt8)
        case pdsHear(UInt8)
        case pdSpeaks(Int, [UInt8])
        case stored(Int, Bool)
    }

    public var bus: OSDPBus
    public var pds: [VirtualPD]
    public private(set) var now: Instant
    public private(set) var told: [Told] = []
    /// Times at which two talked at once.
    public private(set) var collisions = 0
    /// Frames that the ACU sent, with their time and their first byte's place in the schedule.
    public private(set) var sent: [(at: Instant, bytes: [UInt8])] = []
    /// The adapter hears what it sends.
    public var echoes: Bool
    /// Whether a store keeps new keys, and how long it takes for that; `nil`: it cannot.
    public var storeTakes: Interval? = .milliseconds(5)
    public private(set) var speed: UInt32

    private var agenda: [(at: Instant, event: Event)] = []
    private var busyUntil: Instant
    private var chance: SplitMix64
    private var outputs = OSDPOutputs()

    public init(_ settings: OSDPBusSettings, pds: [VirtualPD], seed: UInt64, at now: Instant) {
        bus = OSDPBus(settings, at: now)
        self.pds = pds
        self.now = now
        echoes = settings.echoes
        speed = settings.baud
        busyUntil = now
        chance = SplitMix64(seed: seed).fork("OSDP line")
    }

    /// Plays until then.
    public mutating func run(until end: Instant) {
        while true {
            let deadline = bus.nextDeadline
            let next = min(deadline, agenda.first?.at ?? .distantFuture)
            guard next <= end else { break }
            now = max(now, next)
            if let first = agenda.first, first.at <= now {
                agenda.removeFirst()
                happen(first.event)
            } else {
                bus.expire(at: now, into: &outputs)
                drain()
            }
        }
        now = end
    }

    public mutating func run(for interval: Interval) { run(until: now + interval) }

    /// Plays until the ACU tells something that fits, at most for that long.
    /// - Returns: when it was told.
    public mutating func run(
        atMost limit: Interval, until fits: (Told) -> Bool
    ) -> Instant? {
        let end = now + limit
        var seen = told.count
        while now < end {
            run(until: min(end, now + .milliseconds(1)))
            if let found = told[seen...].first(where: fits) { return found.at }
            seen = told.count
        }
        return nil
    }

    /// A person ends install mode.
    public mutating func cancelInstall(_ peer: Int) {
        bus.cancelInstall(peer, at: now, into: &outputs)
        drain()
    }

    // MARK: Events

    private mutating func happen(_ event: Event) {
        switch event {
        case .acuHears(let byte):
            bus.receive([byte].span.bytes, at: now, into: &outputs)
            drain()
        case .pdsHear(let byte):
            for index in pds.indices where pds[index].baud == speed {
                for answer in pds[index].hear(byte, at: now) {
                    plan(.pdSpeaks(index, answer.bytes), at: now + answer.after)
                }
            }
        case .pdSpeaks(let index, let bytes):
            guard pds[index].isConnected else { return }
            talk(bytes) { .acuHears($0) }
        case .stored(let peer, true): bus.keyKept(peer, at: now)
        case .stored(let peer, false):
            bus.keyNotKept(peer, at: now, into: &outputs)
            drain()
        }
    }

    /// Does what the ACU wants, and keeps what it tells.
    private mutating func drain() {
        for output in outputs.elements {
            switch output {
            case .transmit:
                sent.append((now, outputs.frame))
                // Half a command from before belongs to nobody.
                for index in pds.indices { pds[index].restart() }
                talk(outputs.frame) { .pdsHear($0) }
            case .setSpeed(let baud):
                speed = baud
            case .randomWanted:
                let bytes = (0..<64).map { _ in UInt8(chance.below(256)) }
                bus.replenish(with: bytes.span.bytes, at: now)
            case .news(let peer, let news):
                told.append(Told(at: now, peer: peer, news: news))
                guard case .keyChosen = news else { continue }
                plan(.stored(peer, storeTakes != nil), at: now + (storeTakes ?? .zero))
            }
        }
        outputs.removeAll()
    }

    private mutating func talk(_ bytes: [UInt8], _ event: (UInt8) -> Event) {
        let isCollision = now < busyUntil
        if isCollision {
            collisions += 1
            garble()
        }
        var time = now
        for byte in bytes {
            time = time + characterTime
            let byte = isCollision ? byte ^ 0x55 : byte
            plan(event(byte), at: time)
            if echoes, case .pdsHear = event(byte) { plan(.acuHears(byte), at: time) }
        }
        busyUntil = max(busyUntil, time)
    }

    /// What the other one is saying is lost as well.
    private mutating func garble() {
        for index in agenda.indices {
            switch agenda[index].event {
            case .acuHears(let byte): agenda[index].event = .acuHears(byte ^ 0x55)
            case .pdsHear(let byte): agenda[index].event = .pdsHear(byte ^ 0x55)
            case .pdSpeaks, .stored: break
            }
        }
    }

    private var characterTime: Interval {
        Interval(nanoseconds: 10_000_000_000 / Int64(speed))
    }

    private mutating func plan(_ event: Event, at time: Instant) {
        let place = agenda.firstIndex { $0.at > time } ?? agenda.endIndex
        agenda.insert((time, event), at: place)
    }
}
