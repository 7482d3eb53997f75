// A station whose doors have OSDP readers on one line, in virtual time, without threads or a disk.

import EventLoop
import Simulation
import StationCore

/// So many doors, each with a reader on the line, a strike and nothing else; a roster with one card
/// for each door. The journal commits at once.
final class OSDPGate {
    /// H10301 123/4567 and the cards after it (proxmark3, tools/pm3_tests.sh).
    static func card(_ number: Int) -> Credential {
        Credential(
            technology: .wiegand, bitCount: 26,
            bits: WiegandFormat.h10301.encode(facility: 123, number: UInt128(4_567 + number))!)
    }

    var station: Station
    var channels: VirtualChannels
    let line: VirtualOSDPLine
    var now = Instant(nanoseconds: 1_000_000_000)
    /// Everything the station wrote, in order.
    private(set) var entries: [Entry] = []
    /// Whether the store takes keys, and those that it took.
    var storeTakes = true
    private(set) var kept: [(reader: DeviceID, key: OSDPKey, isProven: Bool)] = []
    private var chance: SplitMix64
    let readers: Int

    init(
        readers: Int, baud: Int = 115_200, hasKeys: Bool = true, seed: UInt64 = 1,
        role: KeyRole = .rider, _ prepare: (inout [OSDPReaderSettings]) -> Void = { _ in }
    ) {
        self.readers = readers
        chance = SplitMix64(seed: seed).fork("random bytes")
        let pds = (0..<readers).map { place in
            VirtualPD(
                address: UInt8(place), key: OSDPStage.key(UInt8(place)), baud: UInt32(baud),
                chance: SplitMix64(seed: seed).fork("PD \(place)"))
        }
        var settings = (0..<readers).map { place in
            OSDPReaderSettings(
                bus: 0, address: place, formats: ["26-h10301"], views: ["full"], keypad: true)
        }
        prepare(&settings)
        let resolved = Self.resolved(settings, baud: baud)
        line = VirtualOSDPLine(
            pds, devices: (0..<readers).map { DeviceID(1 + $0) }, baud: UInt32(baud))
        channels = VirtualChannels([line])
        do { station = Station(try resolved.validated()) } catch {
            preconditionFailure("the stage's own station is refused: \(error)")
        }
        for place in 0..<readers { station.attached(strike(place), at: now) }
        station.installed(key: Self.key, isNew: false, at: now)
        let numbers = (0..<readers).map { Self.form(Self.card($0)) }
        station.replaced(
            roster: Self.roster(numbers, doors: readers, role), refused: 0, isNew: false, at: now)
        if hasKeys {
            for place in 0..<readers {
                let keys = OSDPReaderKeys(key: OSDPStage.key(UInt8(place)))
                station.learned(keys, of: reader(place), at: now)
            }
        }
        channels.openAll(into: &station, at: now)
        settle()
    }

    func reader(_ place: Int) -> DeviceID { DeviceID(1 + place) }
    func strike(_ place: Int) -> DeviceID { DeviceID(1 + readers + place) }

    // MARK: Time

    /// Lets time pass, deadline by deadline.
    func run(for interval: Interval) {
        let end = now + interval
        while let due = Instant.first(station.nextDeadline, channels.nextDeadline), due <= end {
            now = max(now, due)
            channels.expire(into: &station, at: now)
            station.expire(at: now)
            settle()
        }
        now = end
        settle()
    }

    /// Time passes and nobody looks: whatever was due comes at once.
    func late(by interval: Interval) { now = now + interval }

    /// Lets time pass until something is written, at most so long.
    /// - Returns: when it was written.
    func run(atMost limit: Interval, until fits: (Event) -> Bool) -> Instant? {
        let end = now + limit
        while now < end {
            let before = entries.count
            run(for: .milliseconds(1))
            if let found = entries[before...].first(where: { fits($0.event) }) { return found.at }
        }
        return nil
    }

    private func settle() {
        repeat {
            station.letGo(at: now)
            _ = station.pump(steps: 1_000, at: now)
            while station.takeSetting() != nil {}
            while let (channel, order) = station.takeOrder() {
                channels.carryOut(order, on: channel, into: &station, at: now)
            }
            while let device = station.takeRandomRequest() {
                var bytes = RandomBytes(repeating: 0)
                for place in bytes.indices { bytes[place] = UInt8(chance.below(256)) }
                station.supplied(random: bytes, to: device, at: now)
            }
            while let request = station.takeKeyRequest() { keep(request) }
            while let task = station.takeEnrolment() { keep(task) }
            commit()
        } while station.hasWork || station.hasRequests
    }

    private func keep(_ request: KeyRequest) {
        if storeTakes {
            kept.append((request.receipt.reader, request.key, request.isProven))
        }
        station.kept(storeTakes, request.receipt, at: now)
    }

    private func keep(_ task: EnrolmentTask) {
        let cards = Self.roster(task.forms.map(\.form), doors: readers, .rider, named: "e")
        station.enrolled(storeTakes ? cards : nil, receipt: task.receipt, at: now)
    }

    private func commit() {
        let count = station.outbox.count
        guard count > 0 else { return }
        entries += (0..<count).map { station.outbox[$0] }
        station.handedOver(count)
        guard let last = entries.last else { return }
        station.answered(
            .committed(upTo: last.ticket, lastSequence: UInt64(entries.count)), at: now)
    }

    // MARK: What came out

    func count(since time: Instant, _ fits: (Event) -> Bool) -> Int {
        entries.count { $0.at >= time && fits($0.event) }
    }

    func grants(at place: Int, since time: Instant = Instant(nanoseconds: 0)) -> Int {
        let id = reader(place)
        return count(since: time) { event in
            if case .granted(_, let reader, _, _) = event { reader == id } else { false }
        }
    }

    /// What was written about a reader's looking after.
    func services(_ place: Int) -> [ReaderService] {
        entries.compactMap { entry in
            guard case .readerServiced(let id, let service, _) = entry.event, id == reader(place)
            else { return nil }
            return service
        }
    }

    func faults(_ place: Int) -> [Fault] {
        station.deviceHealth[1 + place].faults.map(\.fault)
    }

    func isOnline(_ place: Int) -> Bool { station.deviceHealth[1 + place].isAttached }

    // MARK: The station

    static func resolved(
        _ settings: [OSDPReaderSettings], baud: Int = 115_200
    ) -> ResolvedStation {
        func device(_ name: String, _ driver: DriverSettings) -> ResolvedDevice {
            ResolvedDevice(
                name: name, profile: "test", labelChinese: "", labelEnglish: "", driver: driver)
        }
        let count = settings.count
        return ResolvedStation(
            station: StationIdentity(
                id: "osdp", nameChinese: "", nameEnglish: "", phone: "", utcOffsetMinutes: 480),
            lines: (0..<count).map { place in
                ResolvedLine(
                    chip: "bank", line: "strike-\(place)", direction: .output, activeLow: false,
                    bias: .asIs, edges: .none, debounceMicroseconds: 0, safe: false,
                    request: place, device: 1 + count + place, terminal: 0)
            },
            devices: [device("bus", .osdpBus(OSDPLineSettings()))]
                + settings.enumerated().map { device("reader-\($0)", .osdpReader($1)) }
                + (0..<count).map {
                    device(
                        "strike-\($0)",
                        .lock(LockSettings(kind: .strike, safety: .pull, duty: .intermittent)))
                },
            channels: [
                ResolvedChannel(
                    port: "rs485", link: .serial(SerialLink(path: "/dev/ttyS1", baud: baud)),
                    device: 0)
            ],
            doors: (0..<count).map { place in
                ResolvedDoor(
                    name: "door-\(place)", labelChinese: "", labelEnglish: "",
                    readersIn: [1 + place], readersOut: [], lock: 1 + count + place, contact: nil,
                    exitButton: nil, shared: false, greeting: .gate, relock: .onOpen,
                    releaseMilliseconds: 1_000, openMilliseconds: 30_000,
                    preAlarmMilliseconds: 5_000)
            }, journal: JournalSettings(), policy: StationPolicy())
    }

    private static let key = StationKey(
        epoch: ShortText("test")!, secret: [UInt8](repeating: 7, count: 32))!

    private static func form(_ card: Credential) -> MatchForm {
        key.matchForm(of: View.full.number(of: card, format: .h10301)!)
    }

    private static func roster(
        _ forms: [MatchForm], doors: Int, _ role: KeyRole, named name: String = "k"
    ) -> Roster {
        do {
            var builder = RosterBuilder(key: key, version: 1)
            for (place, form) in forms.enumerated() {
                try builder.add(
                    RosterRow(
                        id: ShortText("\(name)\(place)")!, holder: ShortText("h\(place)")!,
                        form: form, doors: .every, state: .active, role: role))
            }
            return try RosterFile.decode(
                builder.build().file, doors: (0..<doors).map { "door-\($0)" })
        } catch {
            preconditionFailure("the stage's own roster is refused: \(error)")
        }
    }
}

extension Instant {
    fileprivate static func first(_ a: Self?, _ b: Self?) -> Self? {
        guard let a else { return b }
        return b.map { min($0, a) } ?? a
    }
}
