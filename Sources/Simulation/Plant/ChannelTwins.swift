// The twins that a simulated station gets when nobody says otherwise.

import EventLoop
import StationCore

enum ChannelTwins {
    /// One for each channel, in their order.
    static func make(
        for station: ResolvedStation, chance: SplitMix64
    ) -> [any ChannelTwin] {
        station.channels.map { channel in
            guard case .osdpBus = station.devices[channel.device].driver,
                case .serial(let link) = channel.link
            else { return AbsentTwin() }
            return VirtualOSDPLine(
                of: channel.device, in: station, baud: UInt32(clamping: link.baud),
                chance: chance.fork(channel.port))
        }
    }
}

/// Nothing is plugged in: its device is missing, and everything else runs.
final class AbsentTwin: ChannelTwin {
    let isPlugged = false
    let nextDeadline: Instant? = nil

    func opened(at now: Instant) -> [UInt8] { [] }
    func written(_ packet: Packet, at now: Instant) {}
    func turned(to baud: UInt32, at now: Instant) {}
    func says(by now: Instant) -> (pipe: Pipe, bytes: [UInt8])? { nil }
    func present(_ card: Credential, to member: DeviceID, at now: Instant, until: Instant) {}
}

extension VirtualOSDPLine {
    /// The line of a station's bus, with a reader for each member, each with a key of the seed's.
    convenience init(
        of bus: Int, in station: ResolvedStation, baud: UInt32, chance: SplitMix64
    ) {
        var pds: [VirtualPD] = []
        var devices: [DeviceID] = []
        for (place, device) in station.devices.enumerated() {
            guard case .osdpReader(let settings) = device.driver, settings.bus == bus else {
                continue
            }
            var own = chance.fork(device.name)
            let isSecure = settings.secure == .required
            pds.append(
                VirtualPD(
                    address: UInt8(clamping: settings.address), key: isSecure ? own.key() : nil,
                    wantsChannel: isSecure, baud: baud, chance: own))
            devices.append(DeviceID(place))
        }
        self.init(pds, devices: devices, baud: baud)
    }

    /// What a station has to know of its readers.
    var keys: [(reader: DeviceID, key: OSDPKey)] {
        zip(devices, pds).compactMap { device, pd in pd.key.map { (device, $0) } }
    }
}

extension SplitMix64 {
    /// A key for daily use.
    fileprivate mutating func key() -> OSDPKey? {
        for _ in 0..<4 {
            if let key = try? OSDPKey((0..<16).map { _ in UInt8(below(256)) }) { return key }
        }
        return nil
    }
}
