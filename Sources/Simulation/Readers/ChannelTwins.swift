// The twins of a station's channels: one for each, by what its device is.

import EventLoop
public import StationCore

/// Makes what stands at the end of each channel.
public struct ChannelTwins {
    /// In the channels' order.
    public let all: [any ReaderTwin]
    /// What a crew gave the readers on buses, and the station has in its store.
    public let keys: [(reader: DeviceID, key: OSDPKey)]

    public init(_ station: ResolvedStation, seed: SplitMix64) {
        var keys: [(reader: DeviceID, key: OSDPKey)] = []
        all = station.channels.map { channel in
            let chance = seed.fork("twin of \(channel.port)")
            return Self.twin(of: channel, in: station, chance: chance, keys: &keys)
        }
        self.keys = keys
    }

    private static func twin(
        of channel: ResolvedChannel, in station: ResolvedStation, chance: SplitMix64,
        keys: inout [(reader: DeviceID, key: OSDPKey)]
    ) -> any ReaderTwin {
        var baud: UInt32 = 115_200
        if case .serial(let link) = channel.link { baud = UInt32(link.baud) }
        switch station.devices[channel.device].driver {
        case .ccid(let settings):
            return VirtualCCID(CCIDFamily(rawValue: settings.family) ?? .generic, chance: chance)
        case .pn532:
            return VirtualPN532(baud: baud, chance: chance)
        case .em4100(let settings):
            return VirtualEM4100(
                EM4100Framing(name: settings.framing) ?? .rdm6300, baud: baud, chance: chance)
        case .keyboard(let settings):
            return VirtualKeyboard(
                ChannelReader.formats(of: settings), sentinels: settings.sentinels,
                chance: chance)
        case .osdpBus:
            return line(channel.device, of: station, baud: baud, chance: chance, keys: &keys)
        case .fieldBus:
            var bits = 10
            if case .serial(let link) = channel.link {
                bits = 9 + (link.parity == .none ? 0 : 1) + link.stopBits
            }
            return FieldBusTwin(
                channel.device, of: station, baud: Int(baud), bits: bits, chance: chance)
        case .wiegand, .lock, .contact, .button, .osdpReader, .busDevice, .boardDevice:
            preconditionFailure("a device without a byte stream at a channel's end")
        }
    }

    private static func line(
        _ bus: Int, of station: ResolvedStation, baud: UInt32, chance: SplitMix64,
        keys: inout [(reader: DeviceID, key: OSDPKey)]
    ) -> any ReaderTwin {
        var pds: [VirtualPD] = []
        var devices: [DeviceID] = []
        for (place, device) in station.devices.enumerated() {
            guard case .osdpReader(let settings) = device.driver, settings.bus == bus else {
                continue
            }
            var secret = chance.fork("key of \(device.name)")
            let bytes = (0..<OSDPKey.byteCount).map { _ in UInt8(secret.below(256)) }
            // Sixteen bytes of chance are as good as never weak; without a key it stays offline.
            let key = settings.secure == .required ? try? OSDPKey(bytes) : nil
            pds.append(
                VirtualPD(
                    address: UInt8(settings.address), key: key,
                    wantsChannel: settings.secure == .required, baud: baud,
                    chance: chance.fork("PD \(device.name)")))
            devices.append(DeviceID(place))
            if let key { keys.append((DeviceID(place), key)) }
        }
        return OSDPTwin(pds, devices: devices, baud: baud, chance: chance.fork("mischief"))
    }
}
