// Outputs that a Modbus board switches off by itself, by what its profile says of them.

import EventLoop
import StationCore

/// What is written somewhere sets an output for so long.
struct BoxTimer {
    let table: RegisterPlace.Table
    let address: Int
    let output: RegisterPlace
    let raw: Int64
    let lasts: Interval
}

extension ModbusBox {
    /// From now on its outputs do what its profile's actions say: those that the board times go on
    /// when they are told, and off after that time.
    func obey(_ settings: BusDeviceSettings) {
        for action in settings.actions {
            guard let lasts = action.selfTimedMilliseconds, let argument = action.arguments.first,
                let first = argument.lowest.whole, let last = argument.highest.whole,
                let (table, address) = action.firstWrite,
                let seen = action.confirmed?.all.first, seen.index == argument.name
            else { continue }
            for number in first...max(first, last) {
                let point = settings.points.first { $0.name == "\(seen.point).\(number)" }
                guard let point, case .register(let output) = point.source,
                    let raw = point.meanings.first(where: {
                        DecimalNumber(Int64($0.state)) == seen.value.plus
                    })?.raw, let place = address.number(argument.name, number)
                else { continue }
                timers.append(
                    BoxTimer(
                        table: table, address: place, output: output, raw: raw,
                        lasts: .milliseconds(Int64(lasts))))
            }
        }
    }

    /// Whatever was to fall by `now` has fallen.
    func fall(at now: Instant) {
        for fallen in falls where fallen.at <= now { set(fallen.output, to: 0) }
        falls.removeAll { $0.at <= now }
    }

    public var nextFall: Instant? { falls.map(\.at).min() }

    public func raw(of point: PointSettings) -> Double? {
        guard case .register(let place) = point.source else { return nil }
        var bits: UInt64 = 0
        for offset in 0..<place.width {
            guard let word = self[place.table, place.address + offset] else { return nil }
            bits = bits << 16 | UInt64(word)
        }
        if let bit = place.bit {
            return Double(bits >> UInt64(bit) & (1 << UInt64(place.bitCount ?? 1) - 1))
        }
        // Whatever is no plain word is no state.
        return place.width == 1 ? Double(bits) : nil
    }
}

extension ActionSettings {
    fileprivate var firstWrite: (RegisterPlace.Table, Expression)? {
        for step in steps {
            if case .write(let table, let address, _) = step { return (table, address) }
        }
        return nil
    }
}

extension Expression {
    /// What it is with that number for its argument.
    fileprivate func number(_ name: String, _ value: Int64) -> Int? {
        guard argument == name else { return argument == nil ? plus.whole.map { Int($0) } : nil }
        return times.multiplied(by: DecimalNumber(value))?.adding(plus)?.whole.map { Int($0) }
    }
}
