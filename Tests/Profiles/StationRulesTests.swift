// Rules that need more than one change to a station file to be broken, and what is only noted.

import Profiles
import StationCore
import Testing

@Suite struct `A station file as a whole` {
    @Test func `tells all its errors at once, in the order of the file`() {
        let text = StationText.right
            .replacing("phone:", with: "fone:")
            .replacing("strike-12v", with: "strike-21v")
            .replacing("greeting: room", with: "greeting: off")
            .replacing("release: 5s", with: "release: 5")
            .replacing("grace_days: 7", with: "grace_days: 70")
        let errors = StationText.errors(in: text)
        #expect(
            errors.map { $0.prefix { $0 != " " } } == ["5:3", "14:14", "30:15", "31:14", "39:15"])
    }

    @Test func `keeps both data lines of a reader on one chip`() {
        let text = StationText.right
            .replacing("header: {gpio: test-chip}", with: "a: {gpio: one}\n  b: {gpio: two}")
            .replacing("d0: A0", with: "d0: a/A0")
            .replacing("d1: A1", with: "d1: b/A1")
            .replacing("led: A2", with: "led: a/A2")
            .replacing("coil: A3", with: "coil: a/A3")
            .replacing("{contact: A4", with: "{contact: a/A4")
            .replacing("button: A5", with: "button: a/A5")
        #expect(
            StationText.errors(in: text) == [
                "13:26 d0 and d1 must be on one chip, or the order of the bits is lost."
            ])
    }

    @Test func `asks for the port when there are several`() {
        let text = StationText.right
            .replacing("header: {gpio: test-chip}", with: "a: {gpio: one}\n  b: {gpio: two}")
        let errors = StationText.errors(in: text)
        #expect(errors.count == 6)
        #expect(errors.allSatisfy { $0.contains("say which one: port/A") })
    }

    @Test func `gives a device to one door only`() {
        let second = "doors:\n  - {name: back, lock: strike}\n"
        let text = StationText.right.replacing("doors:\n", with: second)
        #expect(
            StationText.errors(in: text) == [
                "28:11 `strike` already serves the door `back` (24:24)."
            ])
    }

    @Test func `does not let a reader be inside and outside of a door`() {
        let text = StationText.right.replacing(
            "{in: [reader]}", with: "{in: [reader], out: [reader]}")
        #expect(
            StationText.errors(in: text) == [
                "26:35 `reader` already serves the door `front` (26:20)."
            ])
    }

    @Test func `has at most 64 doors`() {
        let doors = (0..<65).map { "  - {name: door-\($0), lock: strike}\n" }.joined()
        let text = StationText.right.replacing("doors:\n", with: "doors:\n" + doors)
        #expect(
            StationText.errors(in: text).contains { $0.hasSuffix("At most 64 entries in `doors`.") }
        )
    }

    @Test func `says each error in Chinese and in English, with the file's name`() throws {
        let text = StationText.right.replacing("relock: open", with: "relok: open")
        let errors = #expect(throws: ConfigurationErrors.self) { try StationText.resolve(text) }
        let error = try #require(errors?.errors.first)
        #expect(error.text(.chinese).hasPrefix("station.yaml:32:5: 门没有“relok”这一项"))
        #expect(error.text(.chinese).hasSuffix("是不是想写“relock”？"))
        #expect(error.text(.english).hasPrefix("station.yaml:32:5: `relok` is no key of a door"))
        #expect(error.suggestion == "relock")
    }

    @Test func `cuts a list of errors that nobody reads to its end`() {
        let keys = (0..<150).map { "wrong-\($0): 1\n" }.joined()
        let errors = StationText.errors(in: keys + StationText.right)
        #expect(errors.count == 101)
        #expect(errors.last?.hasSuffix("50 more errors are not listed.") == true)
    }

    @Test func `that is not there is one error`() {
        let errors = #expect(throws: ConfigurationErrors.self) {
            try Resolution.resolve(
                stationFile: "/nowhere/station.yaml", devicesDirectory: Repository.devices)
        }
        #expect(
            errors?.errors.map { $0.text(.english) } == [
                "/nowhere/station.yaml:1:1: Cannot read this file: No such file or directory."
            ])
    }
}

@Suite struct `A right station file` {
    private func notes(_ text: String) throws -> [String] {
        try StationText.resolve(text).notes.map { "\($0.place.line):\($0.place.column) \($0.kind)" }
    }

    @Test func `without anything to say has no notes`() throws {
        #expect(try notes(StationText.right) == [])
    }

    @Test func `notes what a door without a contact cannot see`() throws {
        let text = StationText.right.replacing("    contact: contact\n", with: "")
        #expect(
            try notes(text) == [
                "16:11 unusedDevice(\"contact\")", "24:11 noContact(door: \"front\")",
                "32:11 withoutContact(key: \"open\")", "33:16 withoutContact(key: \"pre_alarm\")",
            ])
    }

    @Test func `notes that forced is not told without a way out`() throws {
        let text = StationText.right.replacing("    exit_button: exit\n", with: "")
        #expect(try notes(text).last == "24:11 forcedNotTold(door: \"front\")")
    }

    @Test func `notes an output that nothing makes safe`() throws {
        let text = StationText.right
            .replacing("profile: strike-12v", with: "profile: strike-12v\n    safety: none")
        #expect(try notes(text) == ["13:11 outputNeverSafe(device: \"strike\")"])
    }

    @Test func `resolves every value to what it says`() throws {
        let station = try StationText.resolve(StationText.right).station
        #expect(station.station.id == "test-station")
        #expect(station.station.utcOffsetMinutes == 480)
        let door = try #require(station.doors.first)
        #expect(door.releaseMilliseconds == 5_000)
        #expect(door.openMilliseconds == 30_000)
        #expect(door.preAlarmMilliseconds == 10_000)
        #expect(door.relock == .onOpen)
        #expect(
            door.readersIn == [0] && door.lock == 1 && door.contact == 2 && door.exitButton == 3)
        #expect(
            station.devices[0].driver
                == .wiegand(
                    WiegandSettings(
                        formats: ["34-h10306"], views: ["full", "low3"], keypad: false)))
        #expect(station.lines.map(\.line) == ["A0", "A1", "A2", "A3", "A4", "A5"])
        #expect(station.lines.map(\.request) == [0, 0, 1, 2, 3, 4])
        #expect(station.lines[0].edges == .falling && station.lines[0].bias == .pullUp)
        #expect(station.lines[4].edges == .both && station.lines[4].activeLow)
    }

    @Test func `takes strict journals, negative offsets and short open times`() throws {
        let text = StationText.right
            .replacing("commit_wait: 150ms", with: "commit_wait: strict\n  lapse: 2s")
            .replacing("+08:00", with: "-03:30")
            .replacing("open: 30s", with: "open: 9s")
            .replacing("    pre_alarm: 10s\n", with: "")
        let station = try StationText.resolve(text).station
        #expect(station.journal.commitWait == .strict)
        #expect(station.journal.lapseMilliseconds == 2_000)
        #expect(station.station.utcOffsetMinutes == -210)
        #expect(station.doors[0].preAlarmMilliseconds == 3_000)
    }

    @Test func `lets a device be set within what its profile allows`() throws {
        let text = StationText.right
            .replacing("profile: wiegand-34", with: "profile: wiegand-34\n    views: [reversed]")
            .replacing("profile: door-contact", with: "profile: door-contact\n    active: high")
            .replacing("settle: 40ms", with: "settle: 120ms")
            .replacing("profile: strike-12v", with: "profile: strike-12v\n    duty: continuous")
        let station = try StationText.resolve(text).station
        guard case .wiegand(let reader) = station.devices[0].driver,
            case .lock(let lock) = station.devices[1].driver,
            case .contact(let contact) = station.devices[2].driver
        else {
            Issue.record("drivers changed")
            return
        }
        #expect(reader.views == ["reversed"])
        #expect(lock.duty == .continuous)
        #expect(contact.settleMilliseconds == 120)
        #expect(!station.lines[4].activeLow)
    }
}

extension String {
    /// The text with its first `old` replaced.
    func replacing(_ old: String, with new: String) -> String {
        guard let range = firstRange(of: old) else {
            Issue.record("no `\(old)` to replace")
            return self
        }
        return self[..<range.lowerBound] + new + self[range.upperBound...]
    }
}
