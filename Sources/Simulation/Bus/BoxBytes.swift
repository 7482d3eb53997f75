// What simulated boards with protocols of their own have in common: numbers in bytes, raw values by
// the names of frames and fields, and sockets that charge.

import EventLoop
import StationCore

extension [UInt8] {
    /// A number in so many bytes, its low byte first.
    mutating func appendLittle(_ value: Int64, _ count: Int) {
        for place in 0..<count { append(UInt8(truncatingIfNeeded: value >> Int64(8 * place))) }
    }

    /// The same with its high byte first.
    mutating func appendBig(_ value: Int64, _ count: Int) {
        for place in (0..<count).reversed() {
            append(UInt8(truncatingIfNeeded: value >> Int64(8 * place)))
        }
    }

    func little(_ start: Int, _ count: Int) -> Int64 {
        (0..<count).reversed().reduce(0) { $0 << 8 | Int64(self[start + $1]) }
    }

    func big(_ start: Int, _ count: Int) -> Int64 {
        (0..<count).reduce(0) { $0 << 8 | Int64(self[start + $1]) }
    }
}

/// Raw numbers of a board, by the frame and the field that carry them: `basic.voltage`.
struct BoardValues {
    private var values: [String: Int64] = [:]

    subscript(_ name: String, index: Int? = nil) -> Int64? {
        get { values[Self.key(name, index)] }
        set { values[Self.key(name, index)] = newValue }
    }

    private static func key(_ name: String, _ index: Int?) -> String {
        index.map { "\(name).\($0)" } ?? name
    }

    /// Puts a point's number where each of its frames has it.
    mutating func put(_ raw: Int64, at point: PointSettings) {
        guard case .fields(let places) = point.source else { return }
        for place in places { self["\(place.frame).\(place.field)", place.index] = raw }
    }
}

/// What a charging board's socket does.
struct ChargingSocket {
    /// When its charge began; `nil`: it does not charge.
    private(set) var began: Instant?
    /// Seconds that it has at most; `nil`: until the battery is full.
    private(set) var limit: Int64?
    private(set) var order: Int64 = 0
    /// Watts that a bicycle takes.
    private(set) var watts: Int64 = 120
    /// Watt-nanoseconds that it took so far, up to `countedAt`.
    private var taken = 0.0
    private var countedAt = Instant(nanoseconds: 0)

    var isCharging: Bool { began != nil }

    mutating func start(order: Int64, limit: Int64?, at now: Instant) {
        began = now
        self.order = order
        self.limit = limit
        (taken, countedAt) = (0, now)
    }

    mutating func stop() { began = nil }

    /// Whole seconds of the charge that runs.
    func seconds(at now: Instant) -> Int64 {
        began.map { max(0, (now - $0).milliseconds / 1_000) } ?? 0
    }

    /// It takes so much from now on.
    mutating func draw(_ watts: Int64, at now: Instant) {
        taken = joules(at: now)
        countedAt = max(countedAt, now)
        self.watts = watts
    }

    private func joules(at now: Instant) -> Double {
        guard isCharging, countedAt < now else { return taken }
        return taken + Double(watts) * Double((now - countedAt).nanoseconds) / 1_000_000_000
    }

    /// Hundredths of a kilowatt-hour of the charge that runs.
    func energy(at now: Instant) -> Int64 { Int64(joules(at: now) / 36_000) }

    /// When what was bought is used up.
    var ends: Instant? {
        guard let began, let limit else { return nil }
        return began + .seconds(limit)
    }
}
