// Wrong station files: each error with its exact place, its sentence and the word that was meant.

import Profiles
import StationCore
import Testing

/// One change to the right station file and all the errors that it makes.
struct Wrong: Sendable, CustomTestStringConvertible {
    let old: String
    let new: String
    let errors: [String]

    init(_ old: String, _ new: String, _ errors: String...) {
        self.old = old
        self.new = new
        self.errors = errors
    }

    var testDescription: String { "\(old) -> \(new)" }
}

@Suite struct `A wrong station file` {
    @Test func `is right before anything is changed`() {
        #expect(StationText.errors(in: StationText.right) == [])
    }

    @Test(arguments: shapes + values + traps + names + wiring + doors)
    func `is told with place, reason and the nearest right word`(wrong: Wrong) {
        let text = StationText.replacing(wrong.old, with: wrong.new)
        #expect(StationText.errors(in: text) == wrong.errors)
    }

    // MARK: Keys, lists and YAML itself

    static let shapes: [Wrong] = [
        Wrong(
            "relock: open",
            "relok: open",
            "32:5 `relok` is no key of a door; it knows: name, label, readers, lock, "
                + "contact, exit_button, shared, egress, greeting, relock, release, open, "
                + "pre_alarm, unlock, fire, obstacles, frost, extended, passback, second_person, "
                + "interlock, first_person. Did you mean `relock`?"),
        Wrong(
            "doors:",
            "dors:",
            "1:1 `doors` is missing in a station file.",
            "23:1 `dors` is no key of a station file; it knows: schema, station, ports, "
                + "devices, doors, services, hours, holidays, rights, two_masters, journal, "
                + "policy. Did you mean `doors`?"),
        Wrong(
            "exit_button: exit",
            "exitButton: exit",
            "29:5 `exitButton` is no key of a door; it knows: name, label, readers, lock, "
                + "contact, exit_button, shared, egress, greeting, relock, release, open, "
                + "pre_alarm, unlock, fire, obstacles, frost, extended, passback, second_person, "
                + "interlock, first_person. Did you mean `exit_button`?"),
        Wrong(
            "exit_button: exit",
            "exit: exit",
            "29:5 `exit` is no key of a door; it knows: name, label, readers, lock, contact, "
                + "exit_button, shared, egress, greeting, relock, release, open, pre_alarm, "
                + "unlock, fire, obstacles, frost, extended, passback, second_person, interlock, "
                + "first_person. Did you mean `exit_button`?"),
        Wrong(
            "phone: ",
            "telephone: ",
            "5:3 `telephone` is no key of `station`; it knows: id, name, phone, district, "
                + "utc_offset. "
                + "Did you mean `phone`?"),
        Wrong(
            "  id: test-station\n",
            "",
            "3:3 `id` is missing in `station`."),
        Wrong(
            "    open: 30s",
            "    open: 30s\n    open: 40s",
            "34:5 `open` is here twice; the first one is at 33:5."),
        Wrong(
            "readers: {in: [reader]}",
            "readers: reader",
            "26:14 Expected keys with values, found a single value."),
        Wrong(
            "readers: {in: [reader]}",
            "readers: {inn: [reader]}",
            "26:15 `inn` is no key of `readers`; it knows: in, out. Did you mean `in`?"),
        Wrong(
            "gpio: {coil: A3}",
            "gpio: A3",
            "15:11 Expected keys with values, found a single value."),
        Wrong(
            "  header: {gpio: test-chip}",
            "  - gpio: test-chip",
            "8:3 Expected keys with values, found a list."),
        Wrong(
            "lock: strike",
            "lock:",
            "27:10 Expected a single value, found nothing."),
        Wrong(
            "lock: strike",
            "lock: [strike]",
            "27:11 Expected a single value, found a list."),
        Wrong(
            "    lock: strike",
            "\tlock: strike",
            "27:1 No value can begin with this character: indent with blanks, never tabs; "
                + "quote text that begins with @ or `."),
        Wrong(
            "gpio: {coil: A3}",
            "gpio: {coil: A3",
            "16:9 A comma or the closing bracket is missing. It began at 15:11."),
        Wrong(
            "    lock: strike",
            "  lock: strike",
            "27:3 The indentation does not match the lines above; align it with its neighbours."),
        Wrong(
            "en: Front door",
            "en: Front: door",
            "25:30 A comma or the closing bracket is missing. It began at 25:12."),
        Wrong(
            "lock: strike",
            "lock: &door strike",
            "27:11 Anchors (`&`) are not supported; write the value out."),
        Wrong(
            "lock: strike",
            "lock: *door",
            "27:11 Aliases (`*`) are not supported; write the value out, or quote it if it "
                + "is text."),
        Wrong(
            "readers: {in: [reader]}",
            "readers: *door",
            "26:14 Aliases (`*`) are not supported; write the value out, or quote it if it "
                + "is text."),
        Wrong(
            "{coil: A3}",
            "*wires",
            "15:11 Aliases (`*`) are not supported; write the value out, or quote it if it "
                + "is text."),
        Wrong(
            "lock: strike",
            "lock: !!str strike",
            "27:11 Tags (`!`) are not supported; quote the value if it is text."),
        Wrong(
            "policy:",
            "---\npolicy:",
            "37:1 One file holds one document; delete this `---`."),
        Wrong(
            "    lock: strike",
            "    [lock]: strike",
            "24:5 `lock` is missing in a door.",
            "27:5 A key must be a word, not a list or a map."),
        Wrong(
            "en: Front door",
            "en: \"Front\u{7} door\"",
            "25:31 An invisible control character U+0007; delete it."),
    ]

    // MARK: Values

    static let values: [Wrong] = [
        Wrong(
            "schema: station/1",
            "schema: station/2",
            "1:9 `station/2` is not allowed here; expected one of: station/1. Did you mean "
                + "`station/1`?"),
        Wrong(
            "greeting: room",
            "greeting: rom",
            "30:15 `rom` is not allowed here; expected one of: room, gate. Did you mean `room`?"),
        Wrong(
            "greeting: room",
            "greeting: lobby",
            "30:15 `lobby` is not allowed here; expected one of: room, gate."),
        Wrong(
            "release: 5s",
            "release: 5",
            "31:14 Expected a duration with its unit, such as 150ms, 5s, 2min or 8h; found "
                + "`5`. Did you mean `5s`?"),
        Wrong(
            "release: 5s",
            "release: 5 sec",
            "31:14 Expected a duration with its unit, such as 150ms, 5s, 2min or 8h; found "
                + "`5 sec`. Did you mean `5s`?"),
        Wrong(
            "release: 5s",
            "release: 5m",
            "31:14 Expected a duration with its unit, such as 150ms, 5s, 2min or 8h; found "
                + "`5m`. Did you mean `5min`?"),
        Wrong(
            "release: 5s",
            "release: 2min",
            "31:14 `2min` is out of range: 200ms to 1min."),
        Wrong(
            "release: 5s",
            "release: fast",
            "31:14 Expected a duration with its unit, such as 150ms, 5s, 2min or 8h; found "
                + "`fast`."),
        Wrong(
            "open: 30s",
            "open: 0s",
            "33:11 `0s` is out of range: 1s to 1h."),
        Wrong(
            "grace_days: 7",
            "grace_days: 40",
            "39:15 `40` is out of range: 0 to 31."),
        Wrong(
            "grace_days: 7",
            "grace_days: seven",
            "39:15 Expected a whole number, found `seven`."),
        Wrong(
            "grace_days: 7",
            "grace_days: 7.5",
            "39:15 Expected a whole number, found `7.5`."),
        Wrong(
            "commit_wait: 150ms",
            "commit_wait: 5ms",
            "36:16 `5ms` is out of range: 10ms to 2s."),
        Wrong(
            "commit_wait: 150ms",
            "commit_wait: stict",
            "36:16 `stict` is not allowed here; expected one of: strict, 150ms. Did you mean "
                + "`strict`?"),
        Wrong(
            "untrusted_clock: floor",
            "untrusted_clock: flor",
            "38:20 `flor` is not allowed here; expected one of: floor, deny. Did you mean "
                + "`floor`?"),
        Wrong(
            "utc_offset: \"+08:00\"",
            "utc_offset: 8",
            "6:15 Expected an offset from UTC such as \"+08:00\", found `8`."),
        Wrong(
            "utc_offset: \"+08:00\"",
            "utc_offset: \"+25:00\"",
            "6:15 `+25:00` is out of range: -12:00 to +14:00."),
        Wrong(
            "id: test-station",
            "id: Test_Station",
            "3:7 `Test_Station` is no name: lower-case letters, digits and hyphens, at most "
                + "32. Did you mean `test-station`?"),
        Wrong(
            "name: front",
            "name: 前门",
            "24:11 `前门` is no name: lower-case letters, digits and hyphens, at most 32."),
        Wrong(
            "zh: 测试站",
            "zh: \"\"",
            "4:14 Text must have 1 to 120 bytes and no line break."),
        Wrong(
            "lock: strike",
            "lock: strike\n    shared: yes",
            "28:13 Expected true or false without quotes, found `yes`. Did you mean `true`?"),
        Wrong(
            "lock: strike",
            "lock: strike\n    shared: \"true\"",
            "28:13 Expected true or false without quotes, found `true`. Did you mean `true`?"),
        Wrong(
            "lock: strike",
            "lock: strike\n    egress: handel",
            "28:13 `handel` is not allowed here; expected one of: hardware, handle. Did you "
                + "mean `handle`?"),
        Wrong(
            "settle: 40ms",
            "settle: 9s",
            "18:13 `9s` is out of range: 5ms to 500ms."),
        Wrong(
            "settle: 40ms",
            "debounce: 40ms",
            "18:5 `debounce` is no key of a device; it knows: name, profile, label, port, "
                + "address, gpio, "
                + "settle, active."),
    ]

    // MARK: Words that YAML readers disagree about

    static let traps: [Wrong] = [
        Wrong(
            "en: Front door",
            "en: on",
            "25:25 Unquoted `on` is true or false in YAML; a word is expected here. Did you "
                + "mean `\"on\"`?"),
        Wrong(
            "en: Front door",
            "en: null",
            "25:25 Unquoted `null` is nothing in YAML. Did you mean `\"null\"`?"),
        Wrong(
            "relock: open",
            "relock: on",
            "32:13 Unquoted `on` is true or false in YAML; a word is expected here. Expected "
                + "one of: open, close."),
        Wrong(
            "greeting: room",
            "greeting: no",
            "30:15 Unquoted `no` is true or false in YAML; a word is expected here. Expected "
                + "one of: room, gate."),
        Wrong(
            "readers: {in: [reader]}",
            "readers: {in: [off]}",
            "26:20 Unquoted `off` is true or false in YAML; a word is expected here. Did you "
                + "mean `\"off\"`?"),
        Wrong(
            "lock: strike",
            "lock: ~",
            "27:11 Unquoted `~` is nothing in YAML."),
        Wrong(
            "lock: strike",
            "lock: true",
            "27:11 Unquoted `true` is true or false in YAML; a word is expected here. Did "
                + "you mean `\"true\"`?"),
        Wrong(
            "{coil: A3}",
            "{coil: 8E1}",
            "15:18 Unquoted `8E1` is a number with an exponent in YAML. Did you mean `\"8E1\"`?"),
        Wrong(
            "{coil: A3}",
            "{coil: 1:30}",
            "15:18 Unquoted `1:30` is a base-60 number in YAML 1.1. Did you mean `\"1:30\"`?"),
        Wrong(
            "{coil: A3}",
            "{coil: 010}",
            "15:18 `010` with its leading zero is octal in YAML 1.1. Did you mean `\"010\"`?"),
        Wrong(
            "phone: \"024-7380-0110\"",
            "phone: 02473800110",
            "5:10 `02473800110` with its leading zero is octal in YAML 1.1. Did you mean "
                + "`\"02473800110\"`?"),
        Wrong(
            "grace_days: 7",
            "grace_days: 07",
            "39:15 `07` with its leading zero is octal in YAML 1.1. Expected one of: 7. Did "
                + "you mean `7`?"),
        Wrong(
            "grace_days: 7",
            "grace_days: 00",
            "39:15 `00` with its leading zero is octal in YAML 1.1. Expected one of: 0. Did "
                + "you mean `0`?"),
    ]

    // MARK: Names that nobody has

    /// A dozen of the names in the folder, as many as a person still reads.
    private static let someProfiles = deviceIDs.prefix(12).joined(separator: ", ")

    static let names: [Wrong] = [
        Wrong(
            "profile: wiegand-34",
            "profile: wiegand-43",
            "11:14 There is no profile `wiegand-43`. Known: \(someProfiles) …. Did you mean "
                + "`wiegand-34`?"),
        Wrong(
            "profile: strike-12v",
            "profile: relay",
            "14:14 There is no profile `relay`. Known: \(someProfiles) …. Did you mean "
                + "`dlt645-relay`?"),
        Wrong(
            "lock: strike",
            "lock: strik",
            "27:11 There is no device `strik`. Known: strike, reader, contact, exit. Did you "
                + "mean `strike`?"),
        Wrong(
            "lock: strike",
            "lock: exit",
            "27:11 `exit` is a button; expected a strike or maglock or panel-input.",
            "29:18 `exit` already serves the door `front` (27:11)."),
        Wrong(
            "name: strike",
            "name: reader",
            "13:11 The name `reader` is already taken at 10:11.",
            "27:11 There is no device `strike`. Known: reader, contact, exit."),
        Wrong(
            "exit_button: exit",
            "exit_button: contact",
            "29:18 `contact` already serves the door `front` (28:14)."),
        Wrong(
            "profile: wiegand-34",
            "profile: wiegand-34\n    views: [full, low5]",
            "12:19 There is no view `low5`. Known: full, low3, first3, reversed, "
                + "reversed-low3, reversed-first3, raw. Did you mean `low3`?"),
        Wrong(
            "profile: wiegand-34",
            "profile: wiegand-34\n    views: [full, full]",
            "12:19 `full` is in the list twice."),
        Wrong(
            "profile: wiegand-34",
            "profile: wiegand-34\n    views: [full, low3, first3, reversed, raw]",
            "12:43 A reader tries at most 4 views."),
        Wrong(
            "profile: wiegand-34",
            "profile: wiegand-34\n    views: full",
            "12:12 Expected a list, found a single value."),
        Wrong(
            "profile: wiegand-34",
            "profile: wiegand-34\n    views: []",
            "12:12 The list must not be empty."),
        Wrong(
            "profile: wiegand-34",
            "profile: wiegand-37-h10302\n    formats: [37-h10302, 37-h10304]",
            "12:26 `37-h10302` and `37-h10304` both have 37 bits and cannot be told apart; "
                + "choose one."),
    ]

    // MARK: Wires

    static let wiring: [Wrong] = [
        Wrong(
            "{contact: A4}",
            "{contact: A0}",
            "19:21 The line `A0` already belongs to `reader.d0` (12:16)."),
        Wrong(
            "{coil: A3}",
            "{coil: heder/A3}",
            "15:18 There is no port `heder`. Known: header. Did you mean `header`?"),
        Wrong(
            "gpio: test-chip",
            "gpio: gpiochip0",
            "8:18 `gpiochip0` may have another number after the next boot; give the chip's "
                + "label (in brackets in gpioinfo)."),
        Wrong(
            "gpio: test-chip}",
            "gpio: test-chip}\n  relays: {gpio: test-chip}",
            "9:18 The chip `test-chip` is already a port at 8:18.",
            "13:16 There are several GPIO ports; say which one: port/A0.",
            "13:24 There are several GPIO ports; say which one: port/A1.",
            "13:33 There are several GPIO ports; say which one: port/A2.",
            "16:18 There are several GPIO ports; say which one: port/A3.",
            "20:21 There are several GPIO ports; say which one: port/A4.",
            "23:20 There are several GPIO ports; say which one: port/A5."),
        Wrong(
            "led: A2",
            "lde: A2",
            "12:28 `lde` is no key of `gpio`; it knows: d0, d1, led, beeper. Did you mean "
                + "`led`?"),
        Wrong(
            "d0: A0, d1: A1",
            "d0: A0",
            "12:11 `d1` is missing in `gpio`."),
        Wrong(
            "{coil: A3}",
            "{coil: A-line-name-that-no-kernel-can-have}",
            "15:18 Text must have 1 to 31 bytes and no line break."),
    ]

    // MARK: The rules of doors

    static let doors: [Wrong] = [
        Wrong(
            "profile: strike-12v",
            "profile: maglock",
            "27:11 A maglock needs egress by wire: exit button and fire contact cut its "
                + "supply. Wire it so, then write egress: hardware."),
        Wrong(
            "lock: strike",
            "lock: strike\n    shared: true",
            "27:11 On a shared door the estate's panel drives the lock; `strike` must be a "
                + "panel-input."),
        Wrong(
            "profile: strike-12v",
            "profile: estate-panel-input",
            "27:11 `strike` drives an estate's panel; write shared: true for this door."),
        Wrong(
            "pre_alarm: 10s",
            "pre_alarm: 30s",
            "34:16 pre_alarm (30s) must be shorter than open (30s)."),
        Wrong(
            "    contact: contact\n    exit_button: exit\n    greeting: room\n    release: "
                + "5s\n    relock: open",
            "    relock: close",
            "28:13 Without a contact nobody knows when the door closes; relock must be open."),
    ]
}
