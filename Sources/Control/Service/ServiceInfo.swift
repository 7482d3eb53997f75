// What a station says about itself that no snapshot holds.

public import StationCore

/// The constants of one run, and the names that turn places into words.
public struct ServiceInfo: Sendable {
    public var version: String
    /// Whether this is a simulator: then, and only then, `Tap` works.
    public var simulated: Bool
    /// Digest of the resolved configuration.
    public var configuration: String
    /// The kernel's boot id, hexadecimal.
    public var boot: String
    public var station: ResolvedStation

    public init(
        version: String, simulated: Bool, configuration: String, boot: String,
        station: ResolvedStation
    ) {
        self.version = version
        self.simulated = simulated
        self.configuration = configuration
        self.boot = boot
        self.station = station
    }

    /// Places of all readers, in the station's order.
    var readers: [DeviceID] {
        station.devices.indices.filter { station.devices[$0].driver.isReader }.map { DeviceID($0) }
    }

    func deviceName(_ device: DeviceID) -> String {
        let index = Int(device.index)
        return index < station.devices.count ? station.devices[index].name : "#\(index)"
    }

    func time(_ milliseconds: Int64) -> String {
        Timestamp.rfc3339(
            milliseconds: milliseconds,
            utcOffset: Int32(clamping: station.station.utcOffsetMinutes * 60))
    }
}
