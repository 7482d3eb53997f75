// A socket on the bench: its relay, its meter and what is plugged in, without a clock.

import EventLoop
import Testing

@testable import StationCore

/// Drives a socket: obeys its orders as told, and reads its meter each second.
struct Outlet {
    static let rider = UseOwner(
        key: ShortText("k1") ?? .empty, holder: ShortText("h1") ?? .empty, source: .key)

    var socket: Socket
    var now = Instant(nanoseconds: 1_000_000_000_000)
    /// What is plugged in would draw so much; `nil`: the meter does not answer.
    var load: Int64? = 0
    /// In tenths of a watt-hour; moved by the test.
    var total: Int64 = 12_345_0
    var temperature: Int64?
    var isOn = false
    /// What becomes of orders; `nil`: no answer comes.
    var onOutcome: ActionOutcome? = .confirmed
    var offOutcome: ActionOutcome? = .confirmed
    /// A relay that is stuck does not open.
    var isStuck = false
    var outputs: [Socket.Output] = []

    init(_ kind: Socket.Kind = .ebike, _ change: (inout Socket.Settings) -> Void = { _ in }) {
        var settings = Socket.Settings(kind)
        change(&settings)
        socket = Socket(settings)
    }

    /// One that has begun, is off, and has heard its meter.
    static func ready(
        _ kind: Socket.Kind = .ebike, _ change: (inout Socket.Settings) -> Void = { _ in }
    ) -> Outlet {
        var outlet = Outlet(kind, change)
        outlet.tell(.recalled(nil, away: nil))
        outlet.run(10)
        outlet.outputs.removeAll()
        return outlet
    }

    /// One that charges with that load for a minute.
    static func charging(
        _ watts: Int64 = 200, _ kind: Socket.Kind = .ebike, quota: Energy? = nil,
        _ change: (inout Socket.Settings) -> Void = { _ in }
    ) -> Outlet {
        var outlet = Outlet.ready(kind, change)
        outlet.load = watts
        outlet.tell(.asked(Socket.Request(rider, quota: quota)))
        outlet.run(60)
        return outlet
    }

    mutating func tell(_ input: Socket.Input) {
        var inputs = [input]
        while !inputs.isEmpty {
            for output in socket.handle(inputs.removeFirst(), at: now) {
                outputs.append(output)
                switch output {
                case .switchOn(let order, _, _):
                    let isDone = onOutcome == .confirmed || onOutcome == .accepted
                    if isDone { isOn = true }
                    if let onOutcome { inputs.append(.orderEnded(order, onOutcome)) }
                case .switchOff(let order):
                    let isDone = offOutcome == .confirmed || offOutcome == .accepted
                    if isDone, !isStuck { isOn = false }
                    if let offOutcome { inputs.append(.orderEnded(order, offOutcome)) }
                case .began, .told, .ended, .raised, .cleared, .refused: break
                }
            }
        }
    }

    static func reading(_ value: DecimalNumber?, at time: Instant) -> PointReading {
        PointReading(value: value, quality: value == nil ? .stale : .good, at: time)
    }

    /// What flows now, in watts.
    var watts: Int64? { load.map { isOn || isStuck ? $0 : 0 } }

    /// Seconds pass; the meter is read in each, and deadlines are kept.
    mutating func run(_ seconds: Int) {
        for _ in 0..<seconds {
            let end = now + .seconds(1)
            while let due = socket.nextDeadline, due <= end {
                now = max(now, due)
                tell(.deadline)
            }
            now = end
            // A thousandth of a watt-hour would be exact; the test sets totals itself.
            tell(.power(Self.reading(watts.map { DecimalNumber($0) }, at: now)))
            tell(
                .energy(
                    Self.reading(
                        watts.map { _ in DecimalNumber(mantissa: total, places: 1) }, at: now)))
            if let temperature {
                tell(.heat(Self.reading(DecimalNumber(temperature), at: now)))
            }
        }
    }

    var ends: [UseEnd] {
        outputs.compactMap { if case .ended(_, let end, _, _) = $0 { end } else { nil } }
    }
    var amounts: [UsageAmount] {
        outputs.compactMap { if case .ended(_, _, let amount, _) = $0 { amount } else { nil } }
    }
    var refusals: [Socket.Refusal] {
        outputs.compactMap { if case .refused(let refusal) = $0 { refusal } else { nil } }
    }
    var faults: [Socket.Fault] {
        outputs.compactMap { if case .raised(let fault) = $0 { fault } else { nil } }
    }
    var steps: [Socket.Step] {
        outputs.compactMap { if case .told(let step) = $0 { step } else { nil } }
    }
    var ons: Int {
        outputs.count { if case .switchOn = $0 { true } else { false } }
    }
    var offs: Int {
        outputs.count { if case .switchOff = $0 { true } else { false } }
    }
}

extension Outlet: CustomTestStringConvertible {
    /// What it said, without its inner life.
    var testDescription: String { "\(socket.phase), on: \(isOn), \(outputs.suffix(6))" }
}
