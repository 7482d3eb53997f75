// A tap at a door that does not exist: what the first real one runs through is in memory then.

import EventLoop
import StationCore

/// A station of one reader and one strike, which nothing is connected to, and one card.
enum Rehearsal {
    private static let (reader, strike) = (0, 1)

    /// Plays the tap, from its first edge to the strike that holds again.
    ///
    /// - Returns: whether the strike was freed and held again, as it should be.
    static func play() -> Bool {
        guard let key, let roster = roster(key) else { return false }
        var station = Station(stage)
        var now = Instant(nanoseconds: 1_000_000_000)
        station.installed(key: key, isNew: false, at: now)
        station.replaced(roster: roster, refused: 0, isNew: false, at: now)
        for device in [reader, strike] { station.attached(DeviceID(device), at: now) }
        station.answered(.opened(lastSequence: 0), at: now)
        station.edges(frame(from: now).span, of: DeviceID(reader))
        // A grant that waits for its commit, and the release's end, are each a deadline on.
        var states: [Bool] = []
        for _ in 0..<8 {
            now = now + .milliseconds(100)
            station.expire(at: now)
            states += settle(&station, at: now)
        }
        return states.contains(true) && states.last == false
    }

    /// Lets the consequences run, with a journal that commits at once.
    ///
    /// - Returns: how the strike was set, in order.
    private static func settle(_ station: inout Station, at now: Instant) -> [Bool] {
        var states: [Bool] = []
        repeat {
            _ = station.pump(steps: 100, at: now)
            while let setting = station.takeSetting() { states.append(setting.isActive) }
            let count = station.outbox.count
            guard count > 0 else { continue }
            let last = station.outbox[count - 1].ticket
            station.handedOver(count)
            station.answered(.committed(upTo: last, lastSequence: 1), at: now)
            station.letGo(at: now)
        } while station.hasWork
        return states
    }

    /// Facility 0, number 0: no bit is one but the odd parity's.
    private static func frame(from start: Instant) -> [LineEdge] {
        (0..<26).map { bit in
            LineEdge(
                terminal: bit == 25 ? 1 : 0, isActive: true,
                at: start + .milliseconds(Int64(bit)))
        }
    }

    /// No card that is outside has a form by this key.
    private static var key: StationKey? {
        StationKey(
            epoch: ShortText("rehearsal") ?? .empty,
            secret: [UInt8](repeating: 0, count: StationKey.secretBytes))
    }

    private static func roster(_ key: StationKey) -> Roster? {
        var builder = RosterBuilder(key: key, version: 1)
        let number = Number(layout: .bytes, width: 24, value: 0)
        let row = RosterRow(
            id: ShortText("card") ?? .empty, holder: ShortText("nobody") ?? .empty,
            form: key.matchForm(of: number), doors: .every)
        guard (try? builder.add(row)) != nil else { return nil }
        return try? RosterFile.decode(builder.build().file, doors: ["stage"])
    }

    private static var stage: ResolvedStation {
        func line(_ name: String, _ device: Int, _ terminal: Int) -> ResolvedLine {
            let isOutput = device == strike
            return ResolvedLine(
                chip: "stage", line: name, direction: isOutput ? .output : .input,
                activeLow: false, bias: .asIs, edges: isOutput ? .none : .falling,
                debounceMicroseconds: 0, safe: false, request: device, device: device,
                terminal: terminal)
        }
        func device(_ name: String, _ driver: DriverSettings) -> ResolvedDevice {
            ResolvedDevice(
                name: name, profile: "stage", labelChinese: "", labelEnglish: "", driver: driver)
        }
        return ResolvedStation(
            station: StationIdentity(
                id: "stage", nameChinese: "", nameEnglish: "", phone: "", utcOffsetMinutes: 0),
            lines: [line("d0", reader, 0), line("d1", reader, 1), line("strike", strike, 0)],
            devices: [
                device(
                    "reader",
                    .wiegand(
                        WiegandSettings(formats: ["26-h10301"], views: ["full"], keypad: false))),
                device(
                    "strike",
                    .lock(LockSettings(kind: .strike, safety: .pull, duty: .intermittent))),
            ],
            doors: [
                ResolvedDoor(
                    name: "stage", labelChinese: "", labelEnglish: "", readersIn: [reader],
                    readersOut: [], lock: strike, contact: nil, exitButton: nil, shared: false,
                    greeting: .gate, relock: .onOpen, releaseMilliseconds: 100,
                    openMilliseconds: 30_000, preAlarmMilliseconds: 5_000)
            ],
            journal: JournalSettings(), policy: StationPolicy())
    }
}
