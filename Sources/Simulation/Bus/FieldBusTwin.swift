// A field bus among the other twins: its plug, and boxes made from their profiles.

public import EventLoop
public import StationCore

/// The twin of a field bus at a channel's end.
public final class FieldBusTwin: ReaderTwin {
    public let line: VirtualFieldBus
    /// Which station device each box is, in the boxes' order.
    public let devices: [DeviceID]
    public var condition = TwinCondition()

    public init(_ line: VirtualFieldBus, devices: [DeviceID]) {
        self.line = line
        self.devices = devices
    }

    /// The boxes that a station has on one of its lines.
    public convenience init(
        _ bus: Int, of station: ResolvedStation, baud: Int, bits: Int, chance: SplitMix64
    ) {
        var boxes: [any BoxTwin] = []
        var devices: [DeviceID] = []
        for (place, device) in station.devices.enumerated() {
            guard case .busDevice(let settings) = device.driver, settings.bus == bus else {
                continue
            }
            boxes.append(Self.box(settings))
            devices.append(DeviceID(place))
        }
        var echoes = false
        if case .fieldBus(let settings) = station.devices[bus].driver { echoes = settings.echoes }
        self.init(
            VirtualFieldBus(
                boxes, baud: baud, bits: bits, echoes: echoes, chance: chance.fork("field bus")),
            devices: devices)
    }

    /// A box that answers as its profile says.
    public static func box(_ settings: BusDeviceSettings) -> any BoxTwin {
        switch settings.language {
        case .modbus: ModbusBox(unit: settings.address, points: settings.points)
        case .dlt645:
            MeterBox(
                address: settings.address, points: settings.points, actions: settings.actions)
        case .frames, .board: FrameBox(settings)
        case .codec(.jbd): JBDBox()
        case .codec(.juy): JUYBox(ports: ports(of: settings))
        case .codec(.dianchuan): DianchuanBox()
        }
    }

    /// How many sockets a board's points speak of.
    private static func ports(of settings: BusDeviceSettings) -> Int {
        let places = settings.points.flatMap { point -> [FramePlace] in
            if case .fields(let places) = point.source { places } else { [] }
        }
        return min(20, max(1, places.compactMap(\.index).max() ?? 10))
    }

    public var mischiefs: [ReaderMischief.Kind] { [] }

    public func opened(at now: Instant) -> [UInt8] {
        condition.isOpen = true
        condition.isWatched = true
        return line.opened(at: now)
    }

    public func written(_ packet: Packet, at now: Instant) { line.written(packet, at: now) }
    public func turned(to baud: UInt32, at now: Instant) { line.turned(to: baud, at: now) }
    public var nextDeadline: Instant? { line.nextDeadline }
    public func says(by now: Instant) -> (pipe: Pipe, bytes: [UInt8])? { line.says(by: now) }

    public func present(
        _ card: Credential, to member: DeviceID, at now: Instant, until: Instant
    ) {}

    public func fallSilent() {
        if !isPlugged { line.unplug(at: condition.unpluggedAt ?? Instant(nanoseconds: 0)) }
    }

    public func powerReturned(at now: Instant) { line.plug() }
}
