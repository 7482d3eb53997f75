// What outlives a run of guards: those that stand until a person resets them.
//
//   guard count 2, then for each that stands: device ‖ guard
//
// Names are a length of one byte and as many bytes of UTF-8. Numbers are big-endian.

public import EventLoop
public import StationCore

/// A part of the snapshot. Devices and guards go by name, as doors do.
public struct GuardMemory: Equatable, Sendable {
    /// A guard that stands until a person resets it.
    public struct Latch: Equatable, Sendable {
        public var device: String
        public var rule: String

        public init(device: String, rule: String) {
            self.device = device
            self.rule = rule
        }
    }

    public var latches: [Latch]
    /// The snapshot was lost: all that could stand is taken to stand.
    public var isLost = false

    public init(latches: [Latch] = []) { self.latches = latches }

    private static let nameLength = 1 + EntryNames.nameLimit
    static let sizeLimit = 2 + ResolvedStation.Limit.guards * 2 * nameLength

    // MARK: A station's

    public init(of station: borrowing Station) {
        let devices = station.resolved.devices
        latches = station.latchedGuards.map { latch in
            let device = devices[Int(latch.device.index)]
            return Latch(device: device.name, rule: device.driver.guards[latch.rule].name)
        }
    }

    /// What is taken for granted when a snapshot is lost that there must have been.
    static func lost(for station: ResolvedStation) -> GuardMemory {
        var memory = GuardMemory(
            latches: station.devices.flatMap { device in
                device.driver.guards.filter(\.isLatching).map {
                    Latch(device: device.name, rule: $0.name)
                }
            })
        memory.isLost = true
        return memory
    }

    /// Tells a station that starts. What it does not have any more is left out.
    public func teach(_ station: inout Station, at now: Instant) {
        let devices = station.resolved.devices
        for latch in latches {
            guard let place = devices.firstIndex(where: { $0.name == latch.device }),
                let rule = devices[place].driver.guards.firstIndex(where: {
                    $0.name == latch.rule
                })
            else { continue }
            station.recalledGuard(rule, of: DeviceID(place), at: now)
        }
    }

    // MARK: Bytes

    /// - Precondition: within the limits, as a station's are.
    func append(to bytes: inout ByteBuffer) {
        bytes.append(bigEndian: UInt16(latches.count))
        for latch in latches {
            Self.append(latch.device, to: &bytes)
            Self.append(latch.rule, to: &bytes)
        }
    }

    private static func append(_ name: String, to bytes: inout ByteBuffer) {
        let count = name.utf8.count
        precondition(count <= EntryNames.nameLimit, "name too long: \(name)")
        bytes.append(UInt8(count))
        bytes.append(name)
    }

    /// - Returns: `nil` unless the bytes begin with a memory; it is taken off.
    init?(_ rest: inout ArraySlice<UInt8>) {
        self.init()
        guard let count: UInt16 = rest.take(), count <= ResolvedStation.Limit.guards else {
            return nil
        }
        for _ in 0..<count {
            guard let device = rest.takeName(), let rule = rest.takeName() else { return nil }
            latches.append(Latch(device: device, rule: rule))
        }
    }
}

extension Recollection {
    /// Tells a station that has started what entries say of guards.
    ///
    /// - Parameter isDoubtful: all that latch were taken to stand, for want of a snapshot.
    public func teachGuards(_ station: inout Station, isDoubtful: Bool, at now: Instant) {
        for rule in rules {
            if rule.stands {
                station.recalledGuard(rule.place, of: rule.device, at: now)
            } else {
                station.forgotGuard(rule.place, of: rule.device, at: now)
            }
        }
        // A guard without a word about it never stood.
        guard isDoubtful, isWhole else { return }
        for latch in station.latchedGuards
        where !rules.contains(where: { $0.device == latch.device && $0.place == latch.rule }) {
            station.forgotGuard(latch.rule, of: latch.device, at: now)
        }
    }
}

extension ArraySlice<UInt8> {
    /// Takes a length and a name off the front.
    mutating func takeName() -> String? {
        guard let length: UInt8 = take(), length <= EntryNames.nameLimit, count >= Int(length)
        else { return nil }
        let name = String(validating: prefix(Int(length)), as: UTF8.self)
        self = dropFirst(Int(length))
        return name
    }
}
