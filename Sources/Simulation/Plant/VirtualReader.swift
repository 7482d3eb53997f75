// A Wiegand reader on its two wires: a card becomes pulses with real widths and gaps.
//
//        width    gap
//   D0 ──┐___┌──────────────────┐___┌───      50-100 us low, 200 us-2 ms between two pulses,
//   D1 ──────────────┐___┌──────────────      both drawn for each reader and kept

public import EventLoop
public import StationCore

/// One pulse of a frame, counted from the frame's start.
public struct Pulse: Equatable, Sendable {
    /// D1: a one. D0: a zero.
    public var isOne: Bool
    public var start: Interval
    public var width: Interval

    public var end: Interval { start + width }
}

/// The wires and the pace of one reader.
public struct VirtualReader: Sendable {
    static let widths = (Interval.microseconds(50), Interval.microseconds(100))
    static let gaps = (Interval.microseconds(200), Interval.microseconds(2_000))

    public let device: DeviceID
    public let zero: LineID
    public let one: LineID
    public let formats: [WiegandFormat]
    /// What the station reads out of a frame of this reader's.
    public let views: [View]
    public let width: Interval
    public let gap: Interval

    public init(
        device: DeviceID, zero: LineID, one: LineID, formats: [WiegandFormat], views: [View],
        width: Interval, gap: Interval
    ) {
        self.device = device
        self.zero = zero
        self.one = one
        self.formats = formats
        self.views = views
        self.width = width
        self.gap = gap
    }

    /// The readers of a station, each with a pace of the seed's.
    static func readers(of station: ResolvedStation, chance: SplitMix64) -> [VirtualReader] {
        var chance = chance
        return station.devices.indices.compactMap { device in
            guard case .wiegand(let settings) = station.devices[device].driver else { return nil }
            let lines = station.lines.indices.filter { station.lines[$0].device == device }
            guard let zero = lines.first(where: { station.lines[$0].terminal == 0 }),
                let one = lines.first(where: { station.lines[$0].terminal == 1 })
            else { return nil }
            return VirtualReader(
                device: DeviceID(device), zero: LineID(zero), one: LineID(one),
                formats: settings.formats.compactMap { WiegandFormat(name: $0) },
                views: settings.views.compactMap { View(name: $0) },
                width: chance.between(widths.0, widths.1),
                gap: chance.between(gaps.0, gaps.1))
        }
    }

    /// A frame's pulses, the most significant bit first.
    public func pulses(_ bits: UInt128, count: Int) -> [Pulse] {
        (0..<count).map { index in
            Pulse(
                isOne: bits >> UInt128(count - 1 - index) & 1 == 1,
                start: (width + gap) * Int64(index), width: width)
        }
    }
}
