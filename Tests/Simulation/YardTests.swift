// Things on the board that act or call by themselves, as their profiles say: a barrier that is not
// lowered on a car, a help button that stands until somebody came.

import EventLoop
import Profiles
import StationCore
import Testing

/// A station from a few lines of a file, in virtual time. The journal commits at once.
private final class Yard {
    private static let barrier = """
        schema: station/1
        station:
          id: yard
          name: {zh: 停车场, en: Yard}
        ports:
          header: {gpio: test-chip}
        devices:
          - name: barrier
            profile: vehicle-barrier
            gpio: {raise: A0, lower: A1, loop: A2, beam: A3, arm: A4}
          - {name: help, profile: help-button, gpio: {button: A5}}
          - {name: strike, profile: strike-12v, gpio: {coil: A9}}
        doors:
          - {name: front, lock: strike}

        """
    static let help = DeviceID(1)

    var station: Station
    let resolved: ResolvedStation
    var now = Instant(nanoseconds: 1_000_000_000)
    private(set) var entries: [Entry] = []
    /// What the outputs became, in order: `raise on`.
    private(set) var outputs: [String] = []
    private var isOn: Set<String> = []

    init() throws {
        resolved = try Resolution.resolve(
            text: Array(Self.barrier.utf8), name: "yard.yaml",
            devicesDirectory: Repository.root + "/Devices"
        ).station
        station = Station(try resolved.validated())
        for device in resolved.devices.indices { station.attached(DeviceID(device), at: now) }
        station.started(at: now)
        set("loop", false)
        set("beam", true)
        set("arm", false)
        station.level(line("button"), isActive: false, at: now)
        run(for: .seconds(3))
        outputs = []
    }

    func line(_ name: String) -> LineID {
        let terminals = ["raise", "lower", "loop", "beam", "arm", "button"]
        return LineID(terminals.firstIndex(of: name)!)
    }

    func set(_ name: String, _ isActive: Bool) {
        station.level(line(name), isActive: isActive, at: now)
        settle()
    }

    func order(_ name: String) -> Result<UInt64, ActionRefusal> {
        defer { settle() }
        guard case .boardDevice(let settings) = resolved.devices[0].driver else {
            return .failure(.noAction)
        }
        let action = settings.actions.firstIndex { $0.name == name }!
        return station.ordered(action, of: DeviceID(0), by: .crew, at: now)
    }

    func run(for interval: Interval) {
        let end = now + interval
        while let due = station.nextDeadline, due <= end {
            now = max(now, due)
            station.expire(at: now)
            settle()
        }
        now = end
        settle()
    }

    private func settle() {
        repeat {
            _ = station.pump(steps: 1_000, at: now)
            while let setting = station.takeSetting() {
                guard let name = ["raise", "lower"].first(where: { line($0) == setting.line }),
                    isOn.contains(name) != setting.isActive
                else { continue }
                if setting.isActive { isOn.insert(name) } else { isOn.remove(name) }
                outputs.append("\(name) \(setting.isActive ? "on" : "off")")
            }
            if station.takeTotalsDue() != nil { station.tookTotals() }
            let count = station.outbox.count
            entries += (0..<count).map { station.outbox[$0] }
            station.handedOver(count)
            if let last = entries.last, count > 0 {
                station.answered(
                    .committed(upTo: last.ticket, lastSequence: UInt64(entries.count)), at: now)
            }
        } while station.hasWork
    }

    /// What guards of a device did, oldest first.
    func steps(of device: DeviceID) -> [GuardStep] {
        entries.compactMap { entry in
            guard case .guarded(let one, _, let step, _, _) = entry.event, one == device else {
                return nil
            }
            return step
        }
    }
}

@Suite struct `A barrier` {
    @Test func `comes down until its switch says that it lies`() throws {
        let yard = try Yard()
        #expect(try yard.order("lower").get() > 0)
        yard.run(for: .seconds(3))
        #expect(yard.outputs == ["lower on"])
        yard.set("arm", true)
        yard.run(for: .seconds(1))
        #expect(yard.outputs == ["lower on", "lower off"])
        #expect(yard.steps(of: DeviceID(0)) == [])
    }

    @Test(arguments: [("loop", true), ("beam", false)])
    func `is not lowered on what stands below it`(line: String, level: Bool) throws {
        let yard = try Yard()
        yard.set(line, level)
        yard.run(for: .seconds(1))
        #expect(yard.order("lower") == .failure(.notNow))
        yard.run(for: .seconds(1))
        #expect(yard.outputs == [])
    }

    @Test(arguments: [("loop", true), ("beam", false)])
    func `goes up again when something comes below it`(line: String, level: Bool) throws {
        let yard = try Yard()
        _ = yard.order("lower")
        yard.run(for: .seconds(2))
        let before = yard.now
        yard.set(line, level)
        yard.run(for: .milliseconds(200))
        #expect(yard.outputs == ["lower on", "lower off", "raise on"])
        yard.run(for: .seconds(2))
        #expect(yard.outputs == ["lower on", "lower off", "raise on", "raise off"])
        #expect(yard.steps(of: DeviceID(0)).first == .tripped)
        let tripped = yard.entries.first { $0.event.name == "device.guard" }
        #expect(tripped.map { $0.at - before <= .milliseconds(60) } == true)
        // It did not go up far enough: whoever stands there may raise it again, and not lower it.
        #expect(try yard.order("raise").get() > 0)
        yard.run(for: .seconds(2))
        #expect(yard.outputs.suffix(2) == ["raise on", "raise off"])
        #expect(yard.order("lower") == .failure(.guarded))
    }
}

@Suite struct `A help button` {
    @Test func `stands as a call until a person accepted it`() throws {
        let yard = try Yard()
        yard.set("button", true)
        yard.run(for: .milliseconds(300))
        #expect(yard.station.resetGuard(0, of: Yard.help, by: .crew, at: yard.now) == .holds)
        yard.set("button", false)
        yard.run(for: .seconds(120))
        #expect(yard.steps(of: Yard.help).first == .tripped)
        #expect(!yard.steps(of: Yard.help).contains(.ended))
        #expect(yard.station.resetGuard(0, of: Yard.help, by: .crew, at: yard.now) == nil)
    }
}
