// A simulated 电川 (Dianchuan) charging board of ten ports, which times and ends charges by itself.

public import EventLoop
public import StationCore

/// A board by the frames of jsqinyunzhen/stm32_demo_rtxos, written for itself.
public final class DianchuanBox: BoxTwin {
    public static let ports = 10

    public var isConnected = true
    public var mischief: [BoxMischief] = []
    public var hooks = BoxHooks()
    /// From the end of a request to the beginning of its answer.
    public var delay = Interval.milliseconds(30)
    public let listensFirst = true
    public private(set) var asked = 0
    /// Reports that were acknowledged.
    public private(set) var acknowledged = 0
    private var sockets = [ChargingSocket](repeating: ChargingSocket(), count: DianchuanBox.ports)
    private var values = BoardValues()
    private var speaks: [[UInt8]] = []
    private var agenda = Agenda<Event>()
    /// Reports that nobody has acknowledged, with how often they were told.
    private var reports: [(number: Int, frame: [UInt8], told: Int)] = []
    private var nextReport = 0
    private var now = Instant(nanoseconds: 0)

    private enum Event {
        case usedUp(port: Int)
        case report(Int)
    }

    private static let repeatsAfter = Interval.seconds(5)
    private static let timesTold = 3
    /// From a charge's end to the first time that it is told.
    private static let endsAfter = Interval.milliseconds(200)

    public init() {}

    public func put(_ raw: Double, at point: PointSettings) {
        let raw = Int64(raw.rounded())
        values.put(raw, at: point)
        guard case .fields(let places) = point.source else { return }
        for place in places {
            guard place.frame == "states", let port = place.index,
                sockets.indices.contains(port - 1)
            else { continue }
            if raw == 2 {
                sockets[port - 1].start(order: 0, limit: nil, at: now)
            } else {
                sockets[port - 1].stop()
            }
        }
    }

    public var metersItself: Bool { true }

    public func raw(of point: PointSettings) -> Double? {
        guard case .fields(let places) = point.source else { return nil }
        for place in places where place.frame == "states" {
            guard let port = place.index, sockets.indices.contains(port - 1) else { continue }
            return Double(state(port - 1))
        }
        return nil
    }

    /// A bicycle's battery is full: the board ends its charge.
    public func fill(_ port: Int, at now: Instant) { end(port, reason: 2, at: now) }

    // MARK: Time

    public var nextDeadline: Instant? {
        guard isConnected else { return nil }
        return speaks.isEmpty ? agenda.next : now
    }

    public func live(at now: Instant) -> [UInt8]? {
        self.now = now
        while let (_, event) = agenda.take(upTo: now) {
            switch event {
            case .usedUp(let port):
                guard let ends = sockets[port - 1].ends, ends <= now else { continue }
                end(port, reason: 0, at: now)
            case .report(let number): tell(number)
            }
        }
        return speaks.isEmpty ? nil : speaks.removeFirst()
    }

    private func end(_ port: Int, reason: UInt8, at now: Instant) {
        self.now = max(self.now, now)
        guard sockets[port - 1].isCharging else { return }
        var data = [UInt8(port)]
        data.appendBig(left(port - 1), 2)
        data.append(reason)
        sockets[port - 1].stop()
        reports.append((nextReport, Self.frame(0xEE, 0x05, Self.noSession, data), 0))
        agenda.add(.report(nextReport), at: now + Self.endsAfter)
        nextReport += 1
    }

    private func tell(_ number: Int) {
        guard let place = reports.firstIndex(where: { $0.number == number }) else { return }
        speaks.append(reports[place].frame)
        reports[place].told += 1
        if reports[place].told == Self.timesTold {
            reports.remove(at: place)
        } else {
            agenda.add(.report(number), at: now + Self.repeatsAfter)
        }
    }

    /// Minutes that a socket still has.
    private func left(_ place: Int) -> Int64 {
        guard let ends = sockets[place].ends else { return 0 }
        return max(0, ((ends - now).milliseconds + 59_999) / 60_000)
    }

    // MARK: The line

    private static let noSession = [UInt8](repeating: 0, count: 6)

    public func hear(_ bytes: [UInt8], at now: Instant) -> BoxSpeech? {
        self.now = max(self.now, now)
        guard bytes.count >= 10, bytes.count == 2 + Int(bytes[1]),
            bytes[1...].reduce(0, ^) == 0
        else { return nil }
        let data = Array(bytes[9..<bytes.count - 1])
        hooks.asked?(self.now)
        if bytes[0] == 0x66 {
            acknowledged += 1
            if !reports.isEmpty { reports.removeFirst() }
            return nil
        }
        guard bytes[0] == 0xEE, let said = answer(bytes[2], data) else { return nil }
        asked += 1
        defer { hooks.done?(self.now) }
        let frame = Self.frame(0x66, bytes[2], Array(bytes[3..<9]), said)
        return spoil(BoxSpeech(after: delay, bytes: frame), unitAt: 3)
    }

    private static func frame(
        _ head: UInt8, _ command: UInt8, _ session: [UInt8], _ data: [UInt8]
    ) -> [UInt8] {
        let middle = [UInt8(data.count + 8), command] + session + data
        return [head] + middle + [middle.reduce(0, ^)]
    }

    private func answer(_ command: UInt8, _ data: [UInt8]) -> [UInt8]? {
        switch (command, data.count) {
        case (0x01, 1): return [UInt8(Self.ports)] + sockets.indices.map(state)
        case (0x02, 5): return start(data)
        case (0x06, 1):
            return port(data[0]).map { place in
                var said = [data[0]]
                said.appendBig(left(place), 2)
                said.appendBig(power(place), 2)
                return said
            }
        case (0x0B, 1):
            return port(data[0]).map { place in
                var said = [data[0]]
                said.appendBig(left(place), 2)
                if sockets[place].isCharging { end(place + 1, reason: 1, at: now) }
                return said
            }
        case (0x08, 9), (0x13, 2), (0x28, 4): return [1]
        case (0x24, 1): return all
        case (0x25, 1): return [0x01, 0x10]
        case (0x2A, 1):
            var said: [UInt8] = []
            for minutes in [240, 120, 60] as [Int64] { said.appendBig(minutes, 2) }
            said += [0, 5]
            said.appendBig(150, 2)
            said.appendBig(300, 2)
            return said
        default: return nil
        }
    }

    private func port(_ number: UInt8) -> Int? {
        sockets.indices.contains(Int(number) - 1) ? Int(number) - 1 : nil
    }

    private func state(_ place: Int) -> UInt8 {
        if let stated = values["states.state", place + 1].flatMap({ UInt8(exactly: $0) }),
            stated != 1, stated != 2
        {
            return stated
        }
        return sockets[place].isCharging ? 2 : 1
    }

    /// Tenths of a watt.
    private func power(_ place: Int) -> Int64 {
        guard sockets[place].isCharging else { return 0 }
        return values["all.power", place + 1] ?? sockets[place].watts * 10
    }

    private func start(_ data: [UInt8]) -> [UInt8] {
        guard let place = port(data[0]), !sockets[place].isCharging, state(place) == 1 else {
            return [data[0], 2]
        }
        sockets[place].start(order: 0, limit: data.big(3, 2) * 60, at: now)
        if let ends = sockets[place].ends { agenda.add(.usedUp(port: place + 1), at: ends) }
        return [data[0], 1]
    }

    private var all: [UInt8] {
        var said: [UInt8] = []
        // Tenths of an ampere at 220 V.
        let watts = sockets.indices.reduce(Int64(0)) { $0 + power($1) } / 10
        said.appendBig(values["all.current"] ?? watts * 10 / 220, 2)
        said.append(UInt8(truncatingIfNeeded: values["all.temperature"] ?? 26))
        var relays: Int64 = 0
        for place in sockets.indices where sockets[place].isCharging { relays |= 1 << place }
        said.appendBig(relays, 2)
        for place in sockets.indices { said.appendBig(power(place), 2) }
        for place in sockets.indices { said.appendBig(left(place), 2) }
        return said
    }
}
