// One door with one reader on a channel, in virtual time, without threads or a disk.

import EventLoop
import Simulation
import StationCore

/// The kinds of reader that have a channel of their own.
enum ReaderKind: String, CaseIterable, Sendable {
    case acr122u
    case generic
    case pn532
    case rdm6300
    case wedge

    var driver: DriverSettings {
        let views = ["full", "low3"]
        return switch self {
        case .acr122u: .ccid(CCIDSettings(family: "acr122u", views: views))
        case .generic: .ccid(CCIDSettings(family: "generic", views: views))
        case .pn532: .pn532(PN532Settings(views: views))
        case .rdm6300: .em4100(EM4100Settings(framing: "rdm6300", views: views))
        case .wedge:
            .keyboard(
                KeyedReaderSettings(
                    formats: [.init(form: "8H10D")], technology: "em4100", views: views))
        }
    }

    var link: ResolvedChannel.Link {
        switch self {
        case .acr122u, .generic: .usb(USBLink(socket: ""))
        case .pn532: .serial(SerialLink(path: "/dev/ttyS1", baud: 115_200))
        case .rdm6300: .serial(SerialLink(path: "/dev/ttyS1", baud: 9_600))
        case .wedge: .keyboard(KeyboardLink(socket: ""))
        }
    }

    var technology: Technology {
        switch self {
        case .acr122u, .generic, .pn532: .iso14443
        case .rdm6300, .wedge: .em4100
        }
    }

    /// Whether its light and sound are lines of the board.
    var hasLines: Bool { self != .acr122u }

    /// How long a card is away before it counts as gone, at most.
    var rearm: Interval { .milliseconds(1_500) }
}

/// The gate. The journal commits at once; cards 0 to 9 are on the roster.
final class ReaderGate {
    let kind: ReaderKind
    var station: Station
    var channels: VirtualChannels
    let twin: any ReaderTwin
    var now = Instant(nanoseconds: 60_000_000_000)
    private(set) var entries: [Entry] = []
    /// The beeper's line, whenever it was set.
    private(set) var beeps: [(at: Instant, isOn: Bool)] = []

    static let reader = DeviceID(0)
    static let strike = DeviceID(1)

    /// - Parameter driver: of another reader on a channel of that kind.
    init(_ kind: ReaderKind, seed: UInt64 = 1, driver: DriverSettings? = nil) {
        self.kind = kind
        let resolved = Self.resolved(kind, driver ?? kind.driver)
        let twins = ChannelTwins(resolved, seed: SplitMix64(seed: seed))
        twin = twins.all[0]
        channels = VirtualChannels(twins.all)
        do { station = Station(try resolved.validated()) } catch {
            preconditionFailure("the stage's own station is refused: \(error)")
        }
        for device in [Self.reader, Self.strike] { station.attached(device, at: now) }
        let key = StationKey(epoch: ShortText("test")!, secret: [UInt8](repeating: 7, count: 32))!
        station.installed(key: key, isNew: false, at: now)
        station.replaced(roster: Self.roster(key), refused: 0, isNew: false, at: now)
        channels.openAll(into: &station, at: now)
        settle()
    }

    /// The card of that number: 0 to 9 are known.
    func card(_ number: Int) -> Credential {
        Credential(
            technology: kind.technology, bitCount: kind.technology == .em4100 ? 40 : 32,
            bits: 0x5630_F000 + UInt128(number))
    }

    // MARK: People

    /// Holds a card to the reader from now on, for so long.
    func hold(_ number: Int, for interval: Interval) {
        twin.present(card(number), to: Self.reader, at: now, until: now + interval)
    }

    // MARK: Time

    func run(for interval: Interval) {
        let end = now + interval
        // What a person ordered is done at once.
        settle()
        while let due = Instant.earlier(station.nextDeadline, channels.nextDeadline), due <= end {
            now = max(now, due)
            channels.expire(into: &station, at: now)
            station.expire(at: now)
            settle()
        }
        now = end
    }

    /// Lets time pass until so, at most so long. Returns how long it took.
    func wait(atMost limit: Interval, until isSo: () -> Bool) -> Interval? {
        let start = now
        while now - start < limit {
            if isSo() { return now - start }
            run(for: .milliseconds(1))
        }
        return isSo() ? now - start : nil
    }

    private func settle() {
        repeat {
            station.letGo(at: now)
            _ = station.pump(steps: 1_000, at: now)
            while let setting = station.takeSetting() {
                guard kind.hasLines, setting.line.index == 1 else { continue }
                beeps.append((now, setting.isActive))
            }
            while let (channel, order) = station.takeOrder() {
                channels.carryOut(order, on: channel, into: &station, at: now)
            }
            let count = station.outbox.count
            entries += (0..<count).map { station.outbox[$0] }
            station.handedOver(count)
            if count > 0, let last = entries.last {
                station.answered(
                    .committed(upTo: last.ticket, lastSequence: UInt64(entries.count)), at: now)
            }
        } while station.hasWork
    }

    // MARK: What came out

    var grants: Int { count { if case .granted = $0 { true } else { false } } }

    func denials(_ reason: Denial) -> Int {
        count { if case .denied(_, _, _, reason) = $0 { true } else { false } }
    }

    func count(_ fits: (Event) -> Bool) -> Int { entries.count { fits($0.event) } }

    func forget() {
        entries = []
        beeps = []
    }

    var faults: [Fault] { station.deviceHealth[0].faults.map(\.fault) }
    var isReady: Bool { station.deviceHealth[0].isAttached && twin.condition.isWatched }

    /// The lengths of the beeps and of the pauses between them, in milliseconds.
    var rhythm: [Int64] {
        zip(beeps, beeps.dropFirst()).map { ($1.at - $0.at).milliseconds }
    }

    // MARK: The station

    private static func resolved(
        _ kind: ReaderKind, _ driver: DriverSettings
    ) -> ResolvedStation {
        let reader = driver
        func device(_ name: String, _ driver: DriverSettings) -> ResolvedDevice {
            ResolvedDevice(
                name: name, profile: "test", labelChinese: "", labelEnglish: "", driver: driver)
        }
        func line(_ name: String, device: Int, terminal: Int, request: Int) -> ResolvedLine {
            ResolvedLine(
                chip: "bank", line: name, direction: .output, activeLow: false, bias: .asIs,
                edges: .none, debounceMicroseconds: 0, safe: false, request: request,
                device: device, terminal: terminal)
        }
        var lines = [line("strike", device: 1, terminal: 0, request: 0)]
        if kind.hasLines { lines.append(line("beeper", device: 0, terminal: 1, request: 1)) }
        return ResolvedStation(
            station: StationIdentity(
                id: "gate", nameChinese: "", nameEnglish: "", phone: "", utcOffsetMinutes: 480),
            lines: lines,
            devices: [
                device("reader", reader),
                device(
                    "strike",
                    .lock(LockSettings(kind: .strike, safety: .pull, duty: .intermittent))),
            ],
            channels: [ResolvedChannel(port: "reader", link: kind.link, device: 0)],
            doors: [
                ResolvedDoor(
                    name: "door", labelChinese: "", labelEnglish: "", readersIn: [0],
                    readersOut: [], lock: 1, contact: nil, exitButton: nil, shared: false,
                    greeting: .gate, relock: .onOpen, releaseMilliseconds: 1_000,
                    openMilliseconds: 30_000, preAlarmMilliseconds: 5_000)
            ], journal: JournalSettings(), policy: StationPolicy())
    }

    /// Keys by the low three bytes, which every kind of reader has.
    private static func roster(_ key: StationKey) -> Roster {
        do {
            var builder = RosterBuilder(key: key, version: 1)
            for number in 0..<10 {
                let low = Number(layout: .bytes, width: 24, value: 0x30_F000 + UInt128(number))
                try builder.add(
                    RosterRow(
                        id: ShortText("k\(number)")!, holder: ShortText("h\(number)")!,
                        form: key.matchForm(of: low), doors: .every, state: .active))
            }
            return try RosterFile.decode(builder.build().file, doors: ["door"])
        } catch {
            preconditionFailure("the stage's own roster is refused: \(error)")
        }
    }
}
