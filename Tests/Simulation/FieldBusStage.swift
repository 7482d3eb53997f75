// A field bus's driver and its boxes in virtual time, with nothing between them.

import EventLoop
import StationCore
import Testing

@testable import Simulation

/// Runs a `FieldBusDriver` against virtual boxes.
struct FieldBusStage: ~Copyable {
    /// Something that the driver told.
    struct Told: Equatable {
        let at: Instant
        let member: DeviceID?
        let word: String
    }

    var driver: FieldBusDriver
    let line: VirtualFieldBus
    private(set) var now = Instant(nanoseconds: 1_000_000_000)
    private(set) var told: [Told] = []
    private(set) var changes: [(at: Instant, change: PointChange)] = []
    private(set) var reports: [(at: Instant, report: ActionReport)] = []
    private var outputs = DriverOutputs()
    private var chance = SplitMix64(seed: 5)
    /// Whether changes are kept, or only counted. What the bus measures is neither.
    var keepsChanges = true
    private(set) var readings = 0
    /// Whether what boxes say by themselves is written down at once.
    var acknowledges = true
    /// A scheduler that wakes the loop late.
    var lateness = Interval.zero

    init(
        _ boxes: [any BoxTwin], settings: [BusDeviceSettings], baud: Int = 9_600, bits: Int = 10,
        echoes: Bool = false, adapterEchoes: Bool? = nil
    ) {
        driver = FieldBusDriver(
            FieldBusSettings(echoes: echoes), baud: baud, bitsPerCharacter: bits,
            members: settings.enumerated().map { (DeviceID($0 + 1), $1) })
        line = VirtualFieldBus(
            boxes, baud: baud, bits: bits, echoes: adapterEchoes ?? echoes,
            chance: SplitMix64(seed: 9))
        _ = line.opened(at: now)
        driver.handle(.attached, at: now, into: &outputs)
        drain()
    }

    /// The boxes that these settings describe.
    init(_ settings: [BusDeviceSettings], baud: Int = 9_600, echoes: Bool = false) {
        self.init(
            settings.map { FieldBusTwin.box($0) }, settings: settings, baud: baud, echoes: echoes)
    }

    mutating func run(for interval: Interval) { run(until: now + interval) }

    /// A driver that wants its turn again and again while no time passes would keep a processor
    /// busy, and virtual time would never come to its end: that is an issue.
    mutating func run(until end: Instant) {
        var turns = 0
        while let next = Instant.earlier(
            line.nextDeadline, driver.nextDeadline.map { $0 + lateness }), next <= end
        {
            turns = next <= now ? turns + 1 : 0
            guard turns < 1_000 else {
                Issue.record("at \(now) the driver wants its turn for the \(turns)th time")
                break
            }
            now = max(now, next)
            while let said = line.says(by: now) {
                _ = driver.receive(
                    said.bytes.span.bytes, on: .data, at: now, into: &outputs)
                drain()
            }
            if let due = driver.nextDeadline, due <= now {
                driver.handle(.deadline, at: now, into: &outputs)
                drain()
            }
        }
        now = end
    }

    /// Runs until something holds, at most so long. Returns when.
    mutating func run(atMost limit: Interval, until holds: (borrowing Self) -> Bool) -> Instant? {
        let end = now + limit
        while now < end {
            if holds(self) { return now }
            run(until: min(end, now + .milliseconds(1)))
        }
        return nil
    }

    mutating func perform(
        _ action: Int, _ arguments: [ArgumentValue] = [], by member: Int = 0, number: UInt64 = 1
    ) -> ActionRefusal? {
        let refusal = driver.perform(
            ActionOrder(number: number, action: action, arguments: arguments),
            by: DeviceID(member + 1), at: now, into: &outputs)
        drain()
        return refusal
    }

    /// Bytes as one read gives them.
    mutating func feed(_ bytes: [UInt8]) {
        _ = driver.receive(bytes.span.bytes, on: .data, at: now, into: &outputs)
        drain()
    }

    mutating func detach() {
        driver.handle(.detached(.lost), at: now, into: &outputs)
        drain()
    }

    private mutating func drain() {
        while let answer = outputs.popAnswer() {
            switch answer.output {
            case .write:
                if let packet = outputs.popPacket() { line.written(packet, at: now) }
            case .pointsRead:
                if let push = driver.heldPush, acknowledges {
                    driver.release(push: push, at: now, into: &outputs)
                }
                while let change = driver.takePointChange() {
                    guard isOwn(change) else { continue }
                    readings += 1
                    if keepsChanges { changes.append((now, change)) }
                }
            case .actionEnded:
                while let report = driver.takeActionReport() { reports.append((now, report)) }
            case .wantsRandom:
                var bytes = RandomBytes(repeating: 0)
                for place in bytes.indices { bytes[place] = UInt8(chance.below(256)) }
                driver.receive(random: bytes, at: now, into: &outputs)
            case .online: note(answer, "online")
            case .offline(let fault): note(answer, "offline \(fault.name)")
            case .raised(let fault): note(answer, "raised \(fault.name)")
            case .cleared(let fault): note(answer, "cleared \(fault.name)")
            default: note(answer, "\(answer.output)")
            }
        }
    }

    private func isOwn(_ change: PointChange) -> Bool {
        let box = driver.settings(of: Int(change.device.index) - 1)
        return change.point < box.shownPoints.count - box.measuredPoints
    }

    private mutating func note(_ answer: DriverAnswer, _ word: String) {
        told.append(Told(at: now, member: answer.member, word: word))
    }

    // MARK: What is seen

    func reading(_ name: String, of member: Int = 0) -> PointReading {
        let settings = driver.settings(of: member)
        let place = settings.shownPoints.firstIndex { $0.name == name } ?? 0
        return driver.readings(of: DeviceID(member + 1))[place]
    }

    func value(_ name: String, of member: Int = 0) -> String? {
        let reading = reading(name, of: member)
        return reading.isBelievable ? reading.value?.description : nil
    }

    func words(of member: Int = 0) -> [String] {
        told.filter { $0.member == DeviceID(member + 1) }.map(\.word)
    }

    func count(_ name: String, of member: Int = 0) -> UInt64 {
        driver.counts(of: DeviceID(member + 1)).first { "\($0.name)" == name }?.value ?? 0
    }
}
