// The kernel's files in a simulated world: what a healthy board says, look after look.

import EventLoop
import StationCore

/// Stands where the workers of `FileBank` stand. Every file has a value in the middle of what its
/// point may say; what a board need not have is absent.
public struct VirtualFiles {
    private var seats:
        [(device: DeviceID, point: Int, every: Interval, due: Instant, finding: FileFinding)] = []

    public init(_ station: ResolvedStation) {
        for (index, device) in station.devices.enumerated() {
            guard case .boardDevice(let settings) = device.driver else { continue }
            for (place, point) in settings.points.enumerated() {
                guard case .file(let file) = point.source else { continue }
                seats.append(
                    (
                        DeviceID(index), place, .milliseconds(Int64(point.everyMilliseconds)),
                        Instant(nanoseconds: 0),
                        file.isOptional ? .absent : .number(point.middle)
                    ))
            }
        }
    }

    /// What the day makes of a file that a service looks at.
    private var onLook: ((DeviceID, Int, Instant) -> DecimalNumber?)?

    /// The files of a plant's station.
    public init(_ plant: VirtualPlant) {
        self.init(plant.station)
        onLook = { [unowned plant] device, point, now in
            plant.services?.fileNumber(Int(device.index), point, at: now)
        }
    }

    public var nextDeadline: Instant? { seats.lazy.map(\.due).min() }

    /// Looks at what is due.
    public mutating func expire(into station: inout Station, at now: Instant) {
        for place in seats.indices where seats[place].due <= now {
            seats[place].due = now + seats[place].every
            let seat = seats[place]
            let day = onLook?(seat.device, seat.point, now)
            station.found(
                day.map { .number($0) } ?? seat.finding, of: seat.point, seat.device, at: now)
        }
    }
}

extension PointSettings {
    /// A raw number whose value is within its range; of a state its first meaning.
    fileprivate var middle: DecimalNumber {
        if let first = meanings.first { return DecimalNumber(first.raw) }
        let range = (lowest?.approximation ?? 0, highest?.approximation ?? 100)
        let value = (range.0 + range.1) / 2 - offset.approximation
        let raw = (value / scale.approximation).rounded()
        return DecimalNumber(raw == 0 ? 1 : raw, places: 0) ?? .one
    }
}
