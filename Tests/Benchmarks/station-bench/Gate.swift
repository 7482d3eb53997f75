// One gate and its keys, the same for every measurement.

import EventLoop
import StationCore

/// Readers and a strike, and as many keys as are asked for: facility and number count up from 0.
enum Gate {
    /// - Parameter readers: all at one door, the first devices of the station; its strike follows.
    static func resolved(readers: Int = 1) -> ResolvedStation {
        func line(_ name: String, device: Int, terminal: Int, isOutput: Bool) -> ResolvedLine {
            ResolvedLine(
                chip: "bench", line: name, direction: isOutput ? .output : .input,
                activeLow: false, bias: .asIs, edges: isOutput ? .none : .falling,
                debounceMicroseconds: 0, safe: false, request: device, device: device,
                terminal: terminal)
        }
        return ResolvedStation(
            station: StationIdentity(
                id: "bench", nameChinese: "台", nameEnglish: "Bench", phone: "",
                utcOffsetMinutes: 480),
            lines: (0..<readers).flatMap { reader in
                ["d0", "d1"].enumerated().map { terminal, name in
                    line(name, device: reader, terminal: terminal, isOutput: false)
                }
            } + [line("strike", device: readers, terminal: 0, isOutput: true)],
            devices: (0..<readers).map { reader in
                ResolvedDevice(
                    name: reader == 0 ? "reader" : "reader-\(reader)", profile: "bench",
                    labelChinese: "", labelEnglish: "",
                    driver: .wiegand(
                        WiegandSettings(formats: ["26-h10301"], views: ["full"], keypad: false)))
            } + [
                ResolvedDevice(
                    name: "strike", profile: "bench", labelChinese: "", labelEnglish: "",
                    driver: .lock(LockSettings(kind: .strike, safety: .pull, duty: .intermittent))
                )
            ],
            doors: [
                ResolvedDoor(
                    name: "gate", labelChinese: "", labelEnglish: "",
                    readersIn: Array(0..<readers), readersOut: [], lock: readers, contact: nil,
                    exitButton: nil, shared: false,
                    greeting: .gate, relock: .onOpen, releaseMilliseconds: 1,
                    openMilliseconds: 30_000, preAlarmMilliseconds: 5_000)
            ],
            journal: JournalSettings(), policy: StationPolicy())
    }

    static func key() -> StationKey {
        // A name of 5 bytes and 32 bytes of secret are always a key.
        StationKey(
            epoch: ShortText("bench") ?? .empty,
            secret: [UInt8](repeating: 7, count: StationKey.secretBytes))!
    }

    /// The roster's file with `count` keys, one match form each.
    static func rosterFile(_ count: Int) throws -> [UInt8] {
        let key = key()
        var builder = RosterBuilder(key: key, version: 1)
        for number in 0..<count {
            let digits = String(number)
            let suffix = String(repeating: "0", count: max(0, 7 - digits.utf8.count)) + digits
            try builder.add(
                RosterRow(
                    id: ShortText("k" + suffix) ?? .empty,
                    holder: ShortText("r" + suffix) ?? .empty,
                    form: key.matchForm(
                        of: Number(layout: .bytes, width: 24, value: UInt128(number))),
                    doors: .every))
        }
        return builder.build().file
    }
}
