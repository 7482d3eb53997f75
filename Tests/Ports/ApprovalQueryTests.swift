// What crews ask for and two masters have to agree to: kept, and carried out when both have.

import Control
import EventLoop
import Glibc
import Journal
import Testing

@testable import Ports
@testable import StationCore

@Suite struct `Orders that wait for two masters` {
    private let folder: StateFolder
    private let backstage: Backstage
    private let resolved: ResolvedStation
    private let key = StationKey(
        epoch: ShortText("e") ?? .empty, secret: [UInt8](repeating: 7, count: 32))
    private let now = Instant(nanoseconds: 1_000_000_000)
    private let crew = CrewMember(user: 1_000, name: "li")
    private let closed: CoreQuery

    init() throws {
        var resolved = ControlRig.station
        resolved.devices[0].driver = .wiegand(
            WiegandSettings(formats: ["h10301"], views: ["full"], keypad: false))
        resolved.hours = [
            ResolvedHours(
                name: "day", labelChinese: "", labelEnglish: "",
                hours: OpeningHours(
                    week: .closed, seasons: [], dates: [], holidays: nil, whenClockUnknown: true))
        ]
        resolved.twoMasters = ResolvedTwoMasters(
            reader: 0, operations: MasterOperation.allCases.map(\.name))
        self.resolved = resolved
        folder = try StateFolder()
        backstage = try Backstage.make(
            resolved, memory: Memory(folder.disk, resolved), directory: folder.disk,
            isSimulated: true, now: now)
        closed = .changeHours([0], .open(until: WallTime(seconds: 1_795_250_000)), by: crew)
    }

    private func station() throws -> Station {
        var station = Station(resolved)
        for device in resolved.devices.indices { station.attached(DeviceID(device), at: now) }
        station.observed(
            Calendar(
                wallOffset: 1_795_248_000_000_000_000, bootOffset: 0, quality: .synced,
                utcOffset: 28_800, floor: WallTime(seconds: 1_795_000_000)), at: now)
        let key = try #require(key)
        station.installed(key: key, isNew: false, at: now)
        var builder = RosterBuilder(key: key, version: 1)
        for (id, role) in [("m1", KeyRole.master), ("d1", .deputy), ("k1", .rider)] {
            let number = try #require(View.full.number(of: try card(id), format: .h10301))
            try builder.add(
                RosterRow(
                    id: ShortText(id) ?? .empty, holder: ShortText("h-" + id) ?? .empty,
                    form: key.matchForm(of: number), doors: .every, role: role))
        }
        let roster = try RosterFile.decode(builder.build().file, for: RosterPlaces(resolved))
        station.replaced(roster: roster, refused: 0, isNew: false, at: now)
        return station
    }

    private func card(_ id: String) throws -> Credential {
        let number = id.utf8.reduce(UInt128(0)) { $0 << 8 | UInt128($1) } & 0xFFFF
        return Credential(
            technology: .wiegand, bitCount: 26,
            bits: try #require(WiegandFormat.h10301.encode(facility: 1, number: number)))
    }

    private func tap(_ id: String, _ station: inout Station, at time: Instant) throws {
        station.presented(
            Presentation(credential: try card(id), format: .h10301, at: time), at: DeviceID(0),
            now: time)
    }

    @Test func `are carried out once both have agreed, and not before`() throws {
        backstage.open(
            socket: folder.disk.path(of: "control"),
            info: ServiceInfo(
                version: "test", simulated: true, configuration: "c", boot: "b",
                station: resolved), peers: PeerTable(ownUser: getuid()), tables: .none,
            rosterVersion: 0)
        var station = try station()
        let refusal = backstage.approval(
            of: closed, RequestID(number: 5), &station, at: now)
        #expect(refusal == .twoMasters(operation: "hours_today", reader: "reader"))
        let other = backstage.approval(of: closed, RequestID(number: 6), &station, at: now)
        #expect(other == .approvalRefused(ControlReason(.pendingApproval)))
        try tap("m1", &station, at: now)
        backstage.carryOutApproved(&station, at: now)
        #expect(!station.schedules.isOpen(0) && backstage.nextApprovalLook < .distantFuture)
        let later = now + .seconds(5)
        try tap("d1", &station, at: later)
        backstage.carryOutApproved(&station, at: later)
        #expect(station.schedules.isOpen(0) && backstage.nextApprovalLook == .distantFuture)
        // Once, whoever asks on.
        let isAwaiting = backstage.awaiting != nil
        #expect(!isAwaiting)
        _ = backstage.leave(station)
    }

    @Test func `are forgotten after a minute`() throws {
        var station = try station()
        _ = backstage.approval(of: closed, RequestID(number: 5), &station, at: now)
        let later = now + .seconds(60)
        station.expire(at: later)
        backstage.carryOutApproved(&station, at: later)
        let isAwaiting = backstage.awaiting != nil
        #expect(!isAwaiting)
        #expect(!station.schedules.isOpen(0))
    }

    /// What two masters are asked for.
    private func wants(_ query: CoreQuery) throws -> String? {
        var station = try station()
        let refusal = backstage.approval(of: query, RequestID(number: 9), &station, at: now)
        guard case .twoMasters(let operation, _) = refusal else { return nil }
        return operation
    }

    @Test func `are those that the file names and no other`() throws {
        let id = try #require(ShortText("k1"))
        let master = try #require(ShortText("m1"))
        #expect(try wants(.tellKey(id, .lifted, by: crew)) == "lift_block")
        #expect(try wants(.tellKey(id, .lost, by: crew)) == nil)
        #expect(try wants(.door(DoorID(0), .unlock, by: crew)) == "unlock_door")
        for command in DoorCommand.allCases where command != .unlock {
            #expect(try wants(.door(DoorID(0), command, by: crew)) == nil)
        }
        let until = WallTime(seconds: 1_795_250_000)
        #expect(try wants(.changeHours([0], .severeWeather(until: until), by: crew)) == nil)
        #expect(try wants(.changeHours([0], .planned, by: crew)) == "hours_today")
        #expect(try wants(.tellBox(ServiceID(0), 0, .clear, by: crew)) == "clear_box")
        #expect(try wants(.tellBox(ServiceID(0), 0, .open, by: crew)) == nil)
        // Another card of a rider's key is no master's; another one of a master's is.
        func order(_ key: ShortText, _ rights: EnrolmentRights) -> CoreQuery {
            .enrol(EnrolmentOrder(reader: DeviceID(0), key: key, rights: rights, user: 1_000))
        }
        #expect(try wants(order(id, .ofKnownKey)) == nil)
        #expect(try wants(order(master, .ofKnownKey)) == "enrol_master")
        let deputy = EnrolledRights(doors: .every, role: .deputy)
        #expect(
            try wants(order(id, .template(holder: id, deputy, validFrom: 0, validTo: .max)))
                == "enrol_master")
        let own = EnrolmentRights.own(holder: id, doors: ["door"], validFrom: 0, validTo: .max)
        #expect(try wants(order(id, own)) == nil)
    }
}
