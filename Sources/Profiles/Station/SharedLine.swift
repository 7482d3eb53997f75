// A line that several devices share: readers or boxes, never both.

import StationCore

/// A line as a device of its own, which has its port's name.
struct SharedLine {
    enum Kind { case readers, boxes }

    /// A device on it: an address counts within one language.
    struct Key: Hashable {
        var language: String
        var address: Int
    }

    let kind: Kind
    /// Its place in `ResolvedStation.devices`.
    let index: Int
    /// How it is set, and the device whose model said so; none when the port does.
    let speed: (value: DeviceProfile.SerialSettings, by: Placed<String>?)
    /// Who was there first.
    let first: Placed<String>
    var members: [Key: Placed<String>] = [:]
    /// A box that has no address.
    var loner: Placed<String>?
    /// The boxes in their order, for the time that they take.
    var turns: [BusTurn] = []
    var hasLocks = false
}

extension DeviceResolver {
    /// Makes the device that stands for a line, when its first member is met; `nil` when the port
    /// has another device.
    mutating func line(
        _ kind: SharedLine.Kind, _ port: StationFile.Port, _ device: StationFile.Device,
        _ link: SerialLink, isStated: Bool, _ driver: DriverSettings
    ) -> SharedLine? {
        let name = port.name.value
        let place = device.port?.place ?? device.name.place
        if let other = portUsers[name] {
            checker.report(
                place, .portTaken(port: name, by: other.value, first: other.place))
            return nil
        }
        let me = Placed(device.name.value, at: place)
        portUsers[name] = me
        if let twin = file.devices.first(where: { $0.name.value == name }) {
            checker.report(twin.name.place, .duplicateName(name, first: port.name.place))
        }
        let line = SharedLine(
            kind: kind, index: devices.count,
            speed: (
                DeviceProfile.SerialSettings(
                    baud: link.baud, parity: link.parity, stopBits: link.stopBits),
                isStated ? nil : Placed(device.name.value, at: device.name.place)
            ), first: me)
        channels.append(
            ResolvedChannel(port: name, link: .serial(link), device: line.index))
        devices.append(
            ResolvedDevice(
                name: name, profile: kind == .readers ? "osdp-line" : "box-line",
                labelChinese: "", labelEnglish: "", driver: driver))
        return line
    }

    /// Whether a device belongs on such a line.
    func isOf(
        _ kind: SharedLine.Kind, _ line: SharedLine, _ port: StationFile.Port,
        _ device: StationFile.Device
    ) -> Bool {
        guard line.kind != kind else { return true }
        checker.report(
            device.port?.place ?? device.name.place,
            .lineOfTwoKinds(
                port: port.name.value, by: line.first.value, first: line.first.place))
        return false
    }
}
