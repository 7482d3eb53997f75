// Two doors with rules, from a station file: readers on both sides, a smoke head, a loop, a cold.

import EventLoop
import Profiles
import Testing

@testable import StationCore

/// A person's hands at doors `a` and `b`, and what came of them.
final class DoorRoom {
    static func text(a: String, b: String = "", more: String = "") -> String {
        func door(_ name: String, _ rules: String) -> String {
            let lines = rules.split(separator: "\n").map { "    \($0)\n" }.joined()
            return """
                  - name: \(name)
                    readers: {in: [in-\(name)], out: [out-\(name)]}
                    lock: strike-\(name)
                    contact: contact-\(name)
                    exit_button: exit-\(name)
                    release: 5s
                    open: 30s
                    pre_alarm: 10s

                """ + lines
        }
        return """
            schema: station/1
            station:
              id: rules
              name: {zh: 门, en: Doors}
            ports:
              header: {gpio: chip}
            devices:
              - {name: in-a, profile: wiegand-26, gpio: {d0: A0, d1: A1}}
              - {name: out-a, profile: wiegand-26, gpio: {d0: A2, d1: A3}}
              - {name: strike-a, profile: strike-12v, duty: continuous, gpio: {coil: A4}}
              - {name: contact-a, profile: door-contact, gpio: {contact: A5}}
              - {name: exit-a, profile: exit-button, gpio: {button: A6}}
              - {name: in-b, profile: wiegand-26, gpio: {d0: B0, d1: B1}}
              - {name: out-b, profile: wiegand-26, gpio: {d0: B2, d1: B3}}
              - {name: strike-b, profile: strike-12v, duty: continuous, gpio: {coil: B4}}
              - {name: contact-b, profile: door-contact, gpio: {contact: B5}}
              - {name: exit-b, profile: exit-button, gpio: {button: B6}}
              - {name: smoke, profile: smoke-contact, gpio: {head: C0}}
              - {name: loop, profile: dry-contact, gpio: {contact: C1}}
              - {name: cold, profile: dry-contact, gpio: {contact: C2}}

            """ + more + "doors:\n" + door("a", a) + door("b", b)
    }

    static let a = DoorID(0)
    static let b = DoorID(1)

    var station: Station
    var now = Instant(nanoseconds: 1_000_000_000)
    var entries: [Entry] = []
    /// Every value that a strike's line was given: its door, and whether it is free.
    var locks: [(door: DoorID, isFree: Bool)] = []
    /// Whether the journal commits what it is offered.
    var isCommitting = true
    private let lines: [String: LineID]

    init(
        _ text: String, modes: [DoorMode] = [], followed: [Bool?] = [],
        before: DoorRoom? = nil
    ) throws {
        let resolved = try Resolution.resolve(
            text: Array(text.utf8), name: "doors.yaml",
            devicesDirectory: Repository.root + "/Devices"
        ).station
        lines = Dictionary(
            uniqueKeysWithValues: resolved.lines.enumerated().map { place, line in
                (
                    "\(resolved.devices[line.device].name).\(line.terminal)", LineID(place)
                )
            })
        station = Station(resolved, modes: modes, followed: followed)
        if let before {
            for door in resolved.doors.indices {
                station.recalled(before.station.keptStandings[door], of: DoorID(door))
            }
            for stay in before.station.keptStays(at: before.now) {
                station.recalled(stay, at: now)
            }
        }
        for device in resolved.devices.indices { station.attached(DeviceID(device), at: now) }
        station.observed(
            Calendar(
                wallOffset: 1_795_248_000_000_000_000, bootOffset: 0, quality: .synced,
                utcOffset: 28_800, floor: WallTime(seconds: 1_795_000_000)), at: now)
        try enter()
        station.started(at: now)
        for line in ["contact-a", "contact-b", "smoke", "loop", "cold"] {
            station.level(self.line(line), isActive: true, at: now)
        }
        run(for: .seconds(8))
        entries = []
        locks = []
    }

    /// Cards 1 to 4 are riders', 5 and 6 are two of one rider who needs more time, 7 is a
    /// master's, 8 is lost.
    func enter(lost: Set<Int> = [8], version: UInt64 = 1) throws {
        let epoch = try #require(ShortText("test"))
        let key = try #require(
            StationKey(epoch: epoch, secret: [UInt8](repeating: 7, count: 32)))
        var builder = RosterBuilder(key: key, version: version)
        for card in 1...8 {
            let number = try #require(View.full.number(of: Self.card(card), format: .h10301))
            let holder = card == 6 ? 5 : card
            try builder.add(
                RosterRow(
                    id: try #require(ShortText("k-\(card)")),
                    holder: try #require(ShortText("h-\(holder)")),
                    form: key.matchForm(of: number), doors: .every,
                    state: lost.contains(card) ? .lost : .active,
                    role: card == 7 ? .master : .rider, isSlow: holder == 5))
        }
        station.installed(key: key, isNew: false, at: now)
        station.replaced(
            roster: try RosterFile.decode(builder.build().file, doors: ["a", "b"]), refused: 0,
            isNew: false, at: now)
    }

    private static func card(_ number: Int) -> Credential {
        Credential(
            technology: .wiegand, bitCount: 26,
            bits: WiegandFormat.h10301.encode(facility: 1, number: UInt128(number)) ?? 0)
    }

    private func line(_ device: String) -> LineID {
        guard let line = lines[device + ".0"] else {
            preconditionFailure("no line of \(device) in this room")
        }
        return line
    }

    private func device(_ name: String) -> Int {
        guard let place = station.resolved.devices.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("no device \(name) in this room")
        }
        return place
    }

    // MARK: Hands

    func tap(_ card: Int, at reader: String, wait: Interval = .milliseconds(50)) {
        station.access(
            Presentation(credential: Self.card(card), format: .h10301, at: now),
            reader: device(reader), at: now)
        settle()
        run(for: wait)
    }

    func set(_ device: String, _ isActive: Bool, wait: Interval = .seconds(8)) {
        station.edge(line(device), isActive: isActive, at: now)
        run(for: wait)
    }

    /// Through the door: it opens and falls shut.
    func walk(through name: String) {
        set("contact-\(name)", false, wait: .seconds(1))
        set("contact-\(name)", true, wait: .seconds(1))
    }

    func press(_ name: String) {
        set("exit-\(name)", true, wait: .milliseconds(60))
        set("exit-\(name)", false, wait: .milliseconds(60))
    }

    @discardableResult
    func order(
        _ command: DoorCommand, _ door: DoorID = DoorRoom.a, by authority: Authority = .crew
    ) -> DoorAnswer {
        let answer = station.ordered(command, door: door, by: authority, number: 1, at: now)
        settle()
        run(for: .milliseconds(50))
        return answer == .waits ? station.takeDoorAnswer()?.answer ?? .waits : answer
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

    func settle() {
        repeat {
            station.letGo(at: now)
            _ = station.pump(steps: 1_000, at: now)
            while let setting = station.takeSetting() {
                for (name, door) in [("strike-a", Self.a), ("strike-b", Self.b)]
                where setting.line == line(name) { locks.append((door, setting.isActive)) }
            }
            let fresh = (0..<station.outbox.count).map { station.outbox[$0] }
            entries += fresh
            station.handedOver(fresh.count)
            if isCommitting, let last = fresh.last {
                station.answered(
                    .committed(upTo: last.ticket, lastSequence: UInt64(entries.count)), at: now)
            }
        } while station.hasWork || !station.outbox.isEmpty
    }

    // MARK: What came out

    /// Whether the strike's coil has current now.
    func isFree(_ door: DoorID = DoorRoom.a) -> Bool {
        locks.last { $0.door == door }?.isFree ?? false
    }

    var grants: Int { entries.count { $0.event.name == "access.granted" } }

    var denials: [Denial] {
        entries.compactMap {
            if case .denied(_, _, _, let reason) = $0.event { reason } else { nil }
        }
    }

    func count(_ name: String) -> Int { entries.count { $0.event.name == name } }

    var modes: [DoorMode] { station.standingModes }

    func faults(of name: String) -> [Fault] {
        station.deviceHealth[device(name)].faults.map(\.fault)
    }
}
