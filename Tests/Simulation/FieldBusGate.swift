// A station with boxes on one line, in virtual time, without threads or a disk.

import EventLoop
import Journal
import Simulation
import StationCore

/// A line and its boxes: device 0 is the line, 1 and so on are the boxes. The journal commits at
/// once.
final class FieldBusGate {
    var station: Station
    var channels: VirtualChannels
    let twin: FieldBusTwin
    var now = Instant(nanoseconds: 1_000_000_000)
    /// Everything the station wrote, in order.
    private(set) var entries: [Entry] = []
    /// The journal takes entries and does not answer.
    var isJournalSilent = false
    private var chance = SplitMix64(seed: 3)

    convenience init(
        _ boxes: [BusDeviceSettings], baud: Int = 9_600, memory: GuardMemory? = nil
    ) {
        self.init(Self.resolved(boxes, baud: baud), baud: baud, memory: memory)
    }

    /// - Parameter line: the place of the line among the station's devices.
    init(
        _ resolved: ResolvedStation, line: Int = 0, baud: Int = 9_600, memory: GuardMemory? = nil
    ) {
        do { station = Station(try resolved.validated()) } catch {
            preconditionFailure("the gate's own station is refused: \(error)")
        }
        twin = FieldBusTwin(line, of: resolved, baud: baud, bits: 10, chance: SplitMix64(seed: 4))
        channels = VirtualChannels([twin])
        if let memory {
            memory.teach(&station, at: now)
            station.started(at: now)
            settle()
        }
        channels.openAll(into: &station, at: now)
        settle()
    }

    static func resolved(_ boxes: [BusDeviceSettings], baud: Int) -> ResolvedStation {
        func device(_ name: String, _ driver: DriverSettings) -> ResolvedDevice {
            ResolvedDevice(
                name: name, profile: "test", labelChinese: "", labelEnglish: "", driver: driver)
        }
        return ResolvedStation(
            station: StationIdentity(
                id: "boxes", nameChinese: "柜", nameEnglish: "Boxes", phone: "",
                utcOffsetMinutes: 480),
            lines: [],
            devices: [device("line", .fieldBus(FieldBusSettings()))]
                + boxes.enumerated().map { device("box-\($0 + 1)", .busDevice($1)) },
            channels: [
                ResolvedChannel(
                    port: "rs485",
                    link: .serial(SerialLink(path: "/dev/ttyS1", baud: baud)), device: 0)
            ], doors: [], journal: JournalSettings(), policy: StationPolicy())
    }

    func box(_ place: Int) -> any BoxTwin { twin.line.boxes[place] }

    /// Lets time pass, deadline by deadline.
    func run(for interval: Interval) {
        let end = now + interval
        while let due = Instant.earlier(station.nextDeadline, channels.nextDeadline), due <= end {
            now = max(now, due)
            channels.expire(into: &station, at: now)
            station.expire(at: now)
            settle()
        }
        now = end
        settle()
    }

    /// The journal answers for everything that it was given.
    func commit() {
        guard let last = entries.last else { return }
        station.answered(
            .committed(upTo: last.ticket, lastSequence: UInt64(entries.count)), at: now)
        settle()
    }

    func settle() {
        repeat {
            _ = station.pump(steps: 1_000, at: now)
            // Lights and beepers of readers: nobody looks.
            while station.takeSetting() != nil {}
            while let (channel, order) = station.takeOrder() {
                channels.carryOut(order, on: channel, into: &station, at: now)
            }
            if station.takeTotalsDue() != nil { station.tookTotals() }
            while let device = station.takeRandomRequest() {
                var bytes = RandomBytes(repeating: 0)
                for place in bytes.indices { bytes[place] = UInt8(chance.below(256)) }
                station.supplied(random: bytes, to: device, at: now)
            }
            let count = station.outbox.count
            entries += (0..<count).map { station.outbox[$0] }
            station.handedOver(count)
            if let last = entries.last, count > 0, !isJournalSilent {
                station.answered(
                    .committed(upTo: last.ticket, lastSequence: UInt64(entries.count)), at: now)
            }
        } while station.hasWork || station.hasRequests
    }

    /// A point of a device: 0 is the line, 1 the first box.
    func reading(_ point: String, of device: Int) -> PointReading {
        let points = station.resolved.devices[device].driver.shownPoints
        guard let place = points.firstIndex(where: { $0.name == point }) else { return .unread }
        return station.pointReadings(of: device)[place]
    }

    func number(_ point: String, of device: Int) -> Double? {
        let reading = reading(point, of: device)
        return reading.isBelievable ? reading.value?.approximation : nil
    }

    /// What was written about a box, by the events' names.
    func names(of place: Int) -> [String] {
        entries.map(\.event).filter { $0.device == DeviceID(place + 1) }.map(\.name)
    }

    /// What was written about one point of a box.
    func told(_ point: Int, of place: Int) -> [(at: Instant, value: DecimalNumber?)] {
        entries.compactMap { entry in
            switch entry.event {
            case .pointChanged(let device, let index, let value, _),
                .pointSampled(let device, let index, let value, _):
                device == DeviceID(place + 1) && Int(index) == point ? (entry.at, value) : nil
            default: nil
            }
        }
    }
}
