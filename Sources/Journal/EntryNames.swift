// The names that entries carry, so that an old entry never depends on today's configuration.

public import StationCore

/// Names of devices and doors by their place in a resolved station, as plain and as JSON text.
public struct EntryNames: Sendable {
    /// Longer names are cut here, at a character's end: it bounds an entry's size.
    public static let nameLimit = 64

    private struct Slot {
        let plain: Range<Int>
        let json: Range<Int>
    }

    private var bytes: [UInt8] = []
    private var devices: [Slot] = []
    private var doors: [Slot] = []

    public init(_ station: ResolvedStation) {
        self.init(devices: station.devices.map(\.name), doors: station.doors.map(\.name))
    }

    public init(devices: [String], doors: [String]) {
        self.devices = devices.map { add($0) }
        self.doors = doors.map { add($0) }
    }

    private mutating func add(_ name: String) -> Slot {
        var cut = name
        while cut.utf8.count > Self.nameLimit { cut.removeLast() }
        let plain = bytes.count..<(bytes.count + cut.utf8.count)
        bytes += cut.utf8
        let start = bytes.count
        for byte in cut.utf8 { JSONText.escape(byte) { bytes.append($0) } }
        return Slot(plain: plain, json: start..<bytes.count)
    }

    /// A device's name as it is; empty for a place that the station does not have.
    func withDevice<Result>(
        _ device: DeviceID, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        with(Int(device.index) < devices.count ? devices[Int(device.index)].plain : 0..<0, body)
    }

    /// A device's name, escaped for JSON.
    func withDeviceJSON(_ device: DeviceID, _ body: (UnsafeRawBufferPointer) -> Void) {
        with(Int(device.index) < devices.count ? devices[Int(device.index)].json : 0..<0, body)
    }

    /// A door's name, escaped for JSON.
    func withDoorJSON(_ door: DoorID, _ body: (UnsafeRawBufferPointer) -> Void) {
        with(Int(door.index) < doors.count ? doors[Int(door.index)].json : 0..<0, body)
    }

    private func with<Result>(
        _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }
}

/// JSON's rules for text (RFC 8259 section 7).
enum JSONText {
    /// The bytes that stand for one byte of UTF-8 inside quotes.
    static func escape(_ byte: UInt8, _ append: (UInt8) -> Void) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            append(UInt8(ascii: "\\"))
            append(byte)
        case 0x00..<0x20:
            for character in "\\u00".utf8 { append(character) }
            append(byte >> 4 + UInt8(ascii: "0"))
            let low = byte & 0xF
            append(low < 10 ? low + UInt8(ascii: "0") : low - 10 + UInt8(ascii: "a"))
        default:
            append(byte)
        }
    }
}
