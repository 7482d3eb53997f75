// The station's own master of a field bus on a real port, played on this thread.

import EventLoop
import Glibc
import StationCore

/// One port with its boxes, played until the time is up or somebody says stop.
final class BusLine {
    /// Why it ended.
    enum Ending {
        case timeUp
        /// Ctrl-C, or a polite kill.
        case stopped
        /// Whoever heard the news had enough.
        case enough
    }

    enum News {
        case read(PointChange)
        case ended(ActionReport)
        case online(DeviceID)
        case offline(DeviceID, Fault)
        /// Something else became wrong with a box, or right again.
        case raised(DeviceID, Fault)
        case cleared(DeviceID, Fault)
    }

    private(set) var driver: FieldBusDriver
    let port: BusPort
    let start = LineWatch.now
    private let watch: LineWatch
    private var outputs = DriverOutputs()
    private var random = SystemRandomNumberGenerator()
    private var isAttached = false
    /// A port that is full is looked at again after this.
    private static let untilTaken = Interval.milliseconds(5)

    init(_ port: BusPort, _ speed: LineSpeed, echoes: Bool, boxes: [BusDeviceSettings]) {
        self.port = port
        watch = LineWatch(port.descriptor)
        driver = FieldBusDriver(
            FieldBusSettings(echoes: echoes), baud: speed.baud, bitsPerCharacter: speed.bits,
            members: boxes.enumerated().map { (DeviceID($0 + 1), $1) })
    }

    /// The box at a place of the list that it was made with.
    static func device(_ place: Int) -> DeviceID { DeviceID(place + 1) }

    /// Tells a box something. `nil`: it is on its way.
    func perform(_ order: ActionOrder, by place: Int = 0) -> ActionRefusal? {
        attach()
        return driver.perform(
            order, by: Self.device(place), at: LineWatch.now, into: &outputs)
    }

    private func attach() {
        guard !isAttached else { return }
        isAttached = true
        driver.handle(.attached, at: LineWatch.now, into: &outputs)
    }

    func play(
        for limit: Interval?, _ hear: (News) throws(Problem) -> Bool
    ) throws(Problem) -> Ending {
        attach()
        let end = limit.map { LineWatch.now + $0 } ?? .distantFuture
        while true {
            let now = LineWatch.now
            guard now < end else { return .timeUp }
            if let due = driver.nextDeadline, due <= now {
                driver.handle(.deadline, at: now, into: &outputs)
            }
            guard try drain(hear) else { return .enough }
            var deadline = min(driver.nextDeadline ?? end, end)
            if port.isFull { deadline = min(deadline, now + Self.untilTaken) }
            guard watch.wait(until: deadline) else { return .stopped }
            try port.sendRest()
            let bytes = try port.read()
            guard !bytes.isEmpty else { continue }
            _ = driver.receive(bytes.span.bytes, on: .data, at: LineWatch.now, into: &outputs)
            guard try drain(hear) else { return .enough }
        }
    }

    /// Does what the driver wants, in its order.
    private func drain(_ hear: (News) throws(Problem) -> Bool) throws(Problem) -> Bool {
        while let answer = outputs.popAnswer() {
            let device = answer.member ?? DeviceID(0)
            switch answer.output {
            case .write:
                if let packet = outputs.popPacket() { try port.write(packet.bytes) }
            case .pointsRead:
                while let change = driver.takePointChange() {
                    guard try hear(.read(change)) else { return false }
                }
            case .actionEnded:
                while let report = driver.takeActionReport() {
                    guard try hear(.ended(report)) else { return false }
                }
            case .wantsRandom:
                var bytes = RandomBytes(repeating: 0)
                for place in bytes.indices {
                    bytes[place] = UInt8.random(in: .min ... .max, using: &random)
                }
                driver.receive(random: bytes, at: LineWatch.now, into: &outputs)
            case .online: guard try hear(.online(device)) else { return false }
            case .offline(let fault): guard try hear(.offline(device, fault)) else { return false }
            case .raised(let fault): guard try hear(.raised(device, fault)) else { return false }
            case .cleared(let fault): guard try hear(.cleared(device, fault)) else { return false }
            case .presented, .keyed, .scanned, .diagnosed, .settled, .unsettled, .setLine, .lost,
                .insecure, .wantsKeeping, .serviced, .reset, .speed:
                break
            }
        }
        return true
    }
}
