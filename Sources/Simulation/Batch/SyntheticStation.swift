// A station that nobody built: as many doors as a test wants, each with everything.

public import StationCore

/// Makes stations for tests of load and of single faults.
public enum SyntheticStation {
    /// Doors with a reader, a strike, a contact and an exit button each, one chip for all.
    public static func make(
        doors count: Int, format: WiegandFormat = .h10301, strict: Bool = false
    ) -> ResolvedStation {
        var lines: [ResolvedLine] = []
        var devices: [ResolvedDevice] = []
        var doors: [ResolvedDoor] = []
        for place in 0..<count {
            let reader = devices.count
            devices += parts(of: place, format: format)
            lines += [
                line(place, 0, .input, .falling, device: reader, terminal: 0),
                line(place, 1, .input, .falling, device: reader, terminal: 1),
                line(place, 2, .output, .none, device: reader + 1, terminal: 0),
                line(place, 3, .input, .both, device: reader + 2, terminal: 0),
                line(place, 4, .input, .both, device: reader + 3, terminal: 0),
                line(place, 5, .output, .none, device: reader, terminal: 3),
            ]
            doors.append(
                ResolvedDoor(
                    name: "door-\(place + 1)", labelChinese: "\(place + 1)号门",
                    labelEnglish: "Door \(place + 1)", readersIn: [reader], readersOut: [],
                    lock: reader + 1, contact: reader + 2, exitButton: reader + 3,
                    shared: false, greeting: .room, relock: .onOpen,
                    releaseMilliseconds: 5_000, openMilliseconds: 60_000,
                    preAlarmMilliseconds: 15_000))
        }
        return ResolvedStation(
            station: StationIdentity(
                id: "synthetic", nameChinese: "模拟驿站", nameEnglish: "Synthetic station",
                phone: "", utcOffsetMinutes: 480),
            lines: lines, devices: devices, doors: doors,
            journal: JournalSettings(commitWait: strict ? .strict : .bounded),
            policy: StationPolicy())
    }

    private static func parts(of door: Int, format: WiegandFormat) -> [ResolvedDevice] {
        func device(_ name: String, _ driver: DriverSettings) -> ResolvedDevice {
            ResolvedDevice(
                name: "\(name)-\(door + 1)", profile: "synthetic", labelChinese: "",
                labelEnglish: "", driver: driver)
        }
        return [
            device(
                "reader",
                .wiegand(WiegandSettings(formats: [format.name], views: ["full"], keypad: false))),
            device(
                "strike", .lock(LockSettings(kind: .strike, safety: .pull, duty: .continuous))),
            device("contact", .contact(ContactSettings(settleMilliseconds: 40))),
            device("exit", .button(ButtonSettings(settleMilliseconds: 30))),
        ]
    }

    /// Requests: the reader's two lines share one, every other line has its own.
    private static func line(
        _ door: Int, _ number: Int, _ direction: ResolvedLine.Direction,
        _ edges: ResolvedLine.Edges, device: Int, terminal: Int
    ) -> ResolvedLine {
        ResolvedLine(
            chip: "synthetic", line: "\(door * 6 + number)", direction: direction,
            activeLow: number != 2, bias: .asIs, edges: edges, debounceMicroseconds: 0,
            safe: false, request: door * 6 + (number == 1 ? 0 : number), device: device,
            terminal: terminal)
    }
}
