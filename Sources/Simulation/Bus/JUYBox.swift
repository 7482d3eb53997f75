// A simulated JUY charging board: logs in, reports by itself, and repeats a bill until it is heard.
//
//   login ──acknowledged──► heartbeat every ten seconds
//   start ─► charging ─► stop, or what was bought is used up ─► end ─┬─ acknowledged: done
//                                                                    └─ again after 10 s, 3 times

public import EventLoop
public import StationCore

/// A board by the maker's "TCP 通信协议" V1.2, written for itself.
public final class JUYBox: BoxTwin {
    public var isConnected = true
    public var mischief: [BoxMischief] = []
    public var hooks = BoxHooks()
    /// From the end of a request to the beginning of its answer.
    public var delay = Interval.milliseconds(30)
    public let listensFirst = true
    public private(set) var asked = 0
    /// Bills that were acknowledged, by their order.
    public private(set) var heardBills: [Int64] = []
    private var sockets: [ChargingSocket]
    private var values = BoardValues()
    private var speaks: [[UInt8]] = []
    private var agenda = Agenda<Event>()
    private var isLoggedIn = false
    /// Bills that nobody has acknowledged, with how often they were told.
    private var bills: [(port: Int, order: Int64, frame: [UInt8], told: Int)] = []

    private enum Event {
        case login
        case heartbeat
        case bill(port: Int, order: Int64)
        case usedUp(port: Int)
    }

    private static let repeatsAfter = Interval.seconds(10)
    private static let timesTold = 4
    /// From a charge's end to the first time that it is told.
    private static let endsAfter = Interval.milliseconds(200)

    public init(ports: Int = 10) {
        sockets = Array(repeating: ChargingSocket(), count: ports)
        agenda.add(.login, at: Instant(nanoseconds: 0))
    }

    public func put(_ raw: Double, at point: PointSettings) {
        let raw = Int64(raw.rounded())
        values.put(raw, at: point)
        guard case .fields(let places) = point.source else { return }
        for place in places {
            guard let port = place.index, sockets.indices.contains(port - 1) else { continue }
            switch (place.frame, place.field) {
            case ("ports", "power"): sockets[port - 1].draw(raw, at: now)
            // Of a socket that a station is told to charge there is no beginning: it is now.
            case ("ports", "charging") where raw == 1 && !sockets[port - 1].isCharging:
                sockets[port - 1].start(order: 0, limit: nil, at: now)
            case ("ports", "charging") where raw == 0: sockets[port - 1].stop()
            default: break
            }
        }
    }

    public var metersItself: Bool { true }

    public func raw(of point: PointSettings) -> Double? {
        guard case .fields(let places) = point.source else { return nil }
        for place in places {
            guard let port = place.index, sockets.indices.contains(port - 1) else { continue }
            switch (place.frame, place.field) {
            case ("ports", "charging"): return sockets[port - 1].isCharging ? 1 : 0
            case ("heartbeat", "state"): return Double(state(port - 1))
            default: continue
            }
        }
        return nil
    }

    private func state(_ place: Int) -> UInt8 {
        let stated = values["heartbeat.state", place + 1].flatMap { UInt8(exactly: $0) }
        guard let stated, stated > 1 else { return sockets[place].isCharging ? 1 : 0 }
        return stated
    }

    /// A bicycle's battery is full: the board ends its charge.
    public func fill(_ port: Int, at now: Instant) { end(port, reason: 0, at: now) }

    // MARK: Time

    private var now = Instant(nanoseconds: 0)

    public var nextDeadline: Instant? {
        guard isConnected else { return nil }
        return speaks.isEmpty ? agenda.next : now
    }

    public func live(at now: Instant) -> [UInt8]? {
        self.now = now
        while let (_, event) = agenda.take(upTo: now) { happen(event) }
        return speaks.isEmpty ? nil : speaks.removeFirst()
    }

    private func happen(_ event: Event) {
        switch event {
        case .login:
            guard !isLoggedIn else { return }
            speaks.append(Self.frame(0x81, login))
            agenda.add(.login, at: now + Self.repeatsAfter)
        case .heartbeat:
            let states = sockets.indices.map(state)
            let heat = UInt8(truncatingIfNeeded: values["heartbeat.temperature"] ?? 28)
            speaks.append(Self.frame(0x82, [25, heat, UInt8(states.count)] + states))
            agenda.add(.heartbeat, at: now + .seconds(10))
        case .bill(let port, let order): tell(port, order)
        case .usedUp(let port):
            guard let ends = sockets[port - 1].ends, ends <= now else { return }
            end(port, reason: 1, at: now)
        }
    }

    private var login: [UInt8] {
        var data = Array("867924060525709".utf8) + [UInt8(sockets.count)]
        data += [UInt8](repeating: 0, count: 16 + 16 + 20)
        return data + [25, 0]
    }

    private func tell(_ port: Int, _ order: Int64) {
        guard let place = bills.firstIndex(where: { $0.port == port && $0.order == order }) else {
            return
        }
        speaks.append(bills[place].frame)
        bills[place].told += 1
        if bills[place].told == Self.timesTold {
            bills.remove(at: place)
        } else {
            agenda.add(.bill(port: port, order: order), at: now + Self.repeatsAfter)
        }
    }

    private func end(_ port: Int, reason: UInt8, at now: Instant) {
        self.now = max(self.now, now)
        let socket = sockets[port - 1]
        guard socket.isCharging else { return }
        var data = [UInt8(port)]
        data.appendLittle(socket.order, 4)
        data.appendLittle(socket.seconds(at: now), 4)
        data.appendLittle(socket.energy(at: now), 4)
        data.appendLittle(0, 4)
        data.append(reason)
        data.appendLittle(socket.watts, 2)
        // No card, no tiers, eight bytes in reserve.
        data += [UInt8](repeating: 0, count: 4 + 1 + 8)
        sockets[port - 1].stop()
        bills.append((port, socket.order, Self.frame(0x85, data), 0))
        agenda.add(.bill(port: port, order: socket.order), at: now + Self.endsAfter)
    }

    // MARK: The line

    public func hear(_ bytes: [UInt8], at now: Instant) -> BoxSpeech? {
        self.now = max(self.now, now)
        guard bytes.count >= 7, bytes[0] == 0x5A, bytes[1] == 0xA5,
            bytes.count == 4 + Int(bytes.little(2, 2)),
            bytes[bytes.count - 1] == bytes[2..<bytes.count - 1].reduce(0, &+)
        else { return nil }
        hooks.asked?(self.now)
        let data = Array(bytes[6..<bytes.count - 1])
        switch (bytes[4], data.count) {
        case (0x81, _):
            if !isLoggedIn { agenda.add(.heartbeat, at: now + .seconds(1)) }
            isLoggedIn = true
            return nil
        case (0x85, 5):
            heardBills.append(data.little(1, 4))
            bills.removeAll { $0.port == Int(data[0]) && $0.order == data.little(1, 4) }
            return nil
        case (0x83, 19): return answer(0x83, start(data))
        case (0x84, 5): return answer(0x84, stop(data))
        case (0x88, 1): return answer(0x88, ports)
        case (0x89, 1): return answer(0x89, Self.parameters)
        case (0x8B, 1): return answer(0x8B, [0, 0x10, 0x27, 0, 0])
        default: return nil
        }
    }

    private func answer(_ command: UInt8, _ data: [UInt8]) -> BoxSpeech? {
        asked += 1
        defer { hooks.done?(now) }
        return spoil(BoxSpeech(after: delay, bytes: Self.frame(command, data)), unitAt: 6)
    }

    private static func frame(_ command: UInt8, _ data: [UInt8]) -> [UInt8] {
        var middle: [UInt8] = []
        middle.appendLittle(Int64(data.count + 3), 2)
        middle += [command, 0] + data
        return [0x5A, 0xA5] + middle + [middle.reduce(0, &+)]
    }

    private func start(_ data: [UInt8]) -> [UInt8] {
        let port = Int(data[0])
        var result: UInt8 = 2
        if sockets.indices.contains(port - 1) {
            result = sockets[port - 1].isCharging ? 1 : 0
        }
        if result == 0 {
            let isTimed = data[10] == 3
            let limit = isTimed ? data.little(11, 4) : nil
            sockets[port - 1].start(order: data.little(1, 4), limit: limit, at: now)
            if let ends = sockets[port - 1].ends { agenda.add(.usedUp(port: port), at: ends) }
        }
        return Array(data[..<6]) + [result]
    }

    private func stop(_ data: [UInt8]) -> [UInt8] {
        let port = Int(data[0])
        guard sockets.indices.contains(port - 1) else { return data + [2] }
        guard sockets[port - 1].isCharging else { return data + [1] }
        end(port, reason: 3, at: now)
        return data + [0]
    }

    private var ports: [UInt8] {
        let charging = sockets.indices.filter { sockets[$0].isCharging }
        var data = [UInt8(charging.count)]
        data.appendLittle(values["ports.voltage"] ?? 2_200, 2)
        data.append(UInt8(truncatingIfNeeded: values["ports.temperature"] ?? 28))
        for place in charging {
            let socket = sockets[place]
            data += [UInt8(place + 1), 1]
            data.appendLittle(100, 2)
            data.appendLittle(socket.watts, 2)
            data.appendLittle(socket.seconds(at: now), 4)
            data.appendLittle(0, 2)
            data.appendLittle(values["ports.energy", place + 1] ?? socket.energy(at: now), 4)
            data.append(UInt8(truncatingIfNeeded: values["ports.heat", place + 1] ?? 31))
        }
        return data
    }

    /// As a board leaves its maker: 15 W for 120 minutes is full, 90 °C is too hot.
    private static let parameters: [UInt8] = {
        var data: [UInt8] = [1]
        for _ in 0..<3 { data.appendLittle(60, 2) }
        for tier in [200, 300, 500, 800, 1_000, 1_500, 2_000, 2_500] as [Int64] {
            data.appendLittle(tier, 2)
        }
        for _ in 0..<8 { data.appendLittle(100, 2) }
        data.append(15)
        data.appendLittle(120, 2)
        data += [0, 90, 1, 5]
        data.appendLittle(0, 4)
        data.append(0)
        data.appendLittle(120, 2)
        data.appendLittle(120, 2)
        data += [0, 2]
        return data + [UInt8](repeating: 0, count: 11)
    }()
}
