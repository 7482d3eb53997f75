// The profiles that come with the project, and wrong ones.

import StationCore
import Testing

@testable import Profiles

/// Reads a profile and hands out its errors as `line:column sentence`.
func readProfile(_ text: String, id: String) -> (profile: DeviceProfile?, errors: [String]) {
    let findings = Findings()
    let checker = Checker(file: "\(id).yaml", findings: findings)
    let profile = TreeReader.read(Array(text.utf8), checker)
        .flatMap {
            ProfileReader(
                checker: checker,
                family: ProfileFamily(directory: Repository.devices, known: deviceIDs)
            ).read($0, fileID: id)
        }
    if findings.isClean { profile?.checkExamples(checker) }
    let errors = findings.sorted(files: []).errors
    return (profile, errors.map { "\($0.line):\($0.column) \($0.sentence(.english))" })
}

let deviceIDs = FileText.names(in: Repository.devices)
    .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()

func profileText(_ id: String) throws -> String {
    String(
        decoding: try FileText.bytes(of: "\(Repository.devices)/\(id).yaml", limit: 1 << 20),
        as: UTF8.self)
}

@Suite struct `The profiles in Devices` {
    @Test func `are read all together`() throws {
        #expect(try DeviceProfile.all(in: Repository.devices).map(\.id) == deviceIDs)
    }

    @Test func `are there for every kind of device`() throws {
        let kinds = try deviceIDs.map {
            try #require(readProfile(profileText($0), id: $0).profile).kind
        }
        #expect(Set(kinds) == Set(DeviceProfile.Kind.allCases))
    }

    @Test(arguments: deviceIDs)
    func `have examples that the codecs confirm`(id: String) throws {
        let (profile, errors) = readProfile(try profileText(id), id: id)
        #expect(errors == [])
        // A variant of another box has that one's examples behind it.
        let isBox = try #require(profile).box != nil
        #expect(try #require(profile).examples.count >= (isBox ? 1 : 2))
        #expect(try !#require(profile).sources.isEmpty)
    }

    /// The maker of a JUY board hands its document to customers; no page of it is known.
    static let withoutPage: Set = ["juy-q800m"]

    /// A variant's sources are those of what it extends, unless it names its own.
    @Test(arguments: deviceIDs)
    func `name a page where their facts can be read`(id: String) throws {
        let profile = try #require(readProfile(try profileText(id), id: id).profile)
        let pages = profile.sources.filter { $0.contains("https://") }
        #expect(pages.isEmpty == Self.withoutPage.contains(id), "\(profile.sources)")
    }

    @Test(arguments: deviceIDs)
    func `have examples that fail when a bit or level is flipped`(id: String) throws {
        let profile = try #require(readProfile(profileText(id), id: id).profile)
        var flips = 0
        for example in profile.examples {
            for flipped in example.value.flipped {
                flips += 1
                #expect(profile.contradiction(of: flipped) != nil, "\(flipped)")
            }
        }
        // Any text is a code: nothing can be flipped in one.
        #expect(flips >= 2 || profile.examples.allSatisfy { $0.value.isCode })
    }
}

extension WorkedExample {
    /// The same claim with each bit, or the level, turned round. Claims of a refusal are left out:
    /// a damaged frame with another damage is still refused.
    fileprivate var flipped: [WorkedExample] {
        switch self {
        case .card(let bits, let card): Self.flips(of: bits).map { .card(bits: $0, card) }
        case .key(let bits, let key): Self.flips(of: bits).map { .key(bits: $0, key) }
        case .refused, .reading(_, .refused), .reading(_, .code): []
        case .reading(let input, let reading): input.flipped.map { .reading($0, reading) }
        case .bus(let example): example.flipped.map { .bus($0) }
        case .board(let example): example.flipped.map { .board($0) }
        case .lock(let isReleased, let level): [.lock(released: isReleased, level.other)]
        case .contact(let level, let isClosed): [.contact(level.other, closed: isClosed)]
        case .button(let level, let isPressed): [.button(level.other, pressed: isPressed)]
        }
    }

    fileprivate var isCode: Bool {
        if case .reading(_, .code) = self { true } else { false }
    }

    private static func flips(of bits: String) -> [String] {
        bits.indices.map { index in
            bits[..<index] + (bits[index] == "0" ? "1" : "0") + bits[bits.index(after: index)...]
        }
    }
}

extension BoardExample {
    /// With half the pulses, the other level, or another claim.
    fileprivate var flipped: [BoardExample] {
        var examples: [BoardExample] = []
        var other = self
        switch input {
        case .pulses(let count, let terminal, let over):
            other.input = .pulses(count / 2, terminal: terminal, over: over)
            examples.append(other)
        case .level(let level, let terminal):
            other.input = .level(level.other, terminal: terminal)
            examples.append(other)
        case .files: break
        case .action(let name, let arguments, let levels):
            for place in levels.indices {
                var levels = levels
                levels[place].level = levels[place].level.other
                other.input = .action(name, arguments: arguments, levels: levels)
                examples.append(other)
            }
        }
        for place in gifts.indices {
            var other = self
            other.gifts[place].value =
                switch gifts[place].value {
                case .number(let number): .number(number.adding(.one) ?? .zero)
                case .state(let state): .state(state + 1)
                case .absent, .outOfRange: .number(.zero)
                }
            examples.append(other)
        }
        return examples
    }
}

extension BusExample {
    /// With one bit of what is sent, or of what is received and taken, turned round.
    fileprivate var flipped: [BusExample] {
        var examples: [BusExample] = []
        for (place, frame) in sent.enumerated() {
            for bytes in WorkedExample.Input.allFlips(of: frame) {
                var example = self
                example.sent[place] = bytes
                examples.append(example)
            }
        }
        if case .refused = outcome { return examples }
        for bytes in WorkedExample.Input.allFlips(of: received) {
            var example = self
            example.received = bytes
            examples.append(example)
        }
        return examples
    }
}

extension WorkedExample.Input {
    fileprivate static func allFlips(of bytes: [UInt8]) -> [[UInt8]] {
        bytes.indices.flatMap { place in
            (0..<8).map { bit in
                var flipped = bytes
                flipped[place] ^= 1 << UInt8(bit)
                return flipped
            }
        }
    }

    /// With one bit, or one digit, turned round.
    fileprivate var flipped: [Self] {
        switch self {
        case .bytes(let bytes): Self.flips(of: bytes).map { .bytes($0) }
        case .card(let atr, let uid): Self.flips(of: uid).map { .card(atr: atr, uid: $0) }
        case .keys(let text):
            text.indices.map { index in
                let digit = text[index] == "1" ? "2" : "1"
                return .keys(text[..<index] + digit + text[text.index(after: index)...])
            }
        }
    }

    /// A frame's filling, zeros before and behind it, says nothing.
    private static func flips(of bytes: [UInt8]) -> [[UInt8]] {
        bytes.indices.filter { bytes[$0] != 0 || (1..<bytes.count - 1).contains($0) }.flatMap {
            place in
            (0..<8).map { bit in
                var flipped = bytes
                flipped[place] ^= 1 << UInt8(bit)
                return flipped
            }
        }
    }
}

extension WorkedExample.Level {
    fileprivate var other: Self { self == .low ? .high : .low }
}

/// One change to a right profile and all the errors that it makes.
struct WrongProfile: Sendable, CustomTestStringConvertible {
    let id: String
    let old: String
    let new: String
    let errors: [String]

    init(_ id: String, _ old: String, _ new: String, _ errors: String...) {
        self.id = id
        self.old = old
        self.new = new
        self.errors = errors
    }

    var testDescription: String { "\(id): \(old) -> \(new)" }
}

@Suite struct `A wrong profile` {
    @Test(arguments: cases)
    func `is told with place, reason and the nearest right word`(wrong: WrongProfile) throws {
        let text = try profileText(wrong.id).replacing(wrong.old, with: wrong.new)
        #expect(readProfile(text, id: wrong.id).errors == wrong.errors)
    }

    @Test func `is told by its own file's name when a station uses it`() throws {
        let folder = try TemporaryFolder()
        for id in deviceIDs { try folder.write("\(id).yaml", try profileText(id)) }
        try folder.write(
            "strike-12v.yaml", try profileText("strike-12v").replacing("high,", with: "hihg,"))
        let errors = #expect(throws: ConfigurationErrors.self) {
            try Resolution.resolve(
                text: Array(StationText.right.utf8), name: "station.yaml",
                devicesDirectory: folder.path)
        }
        #expect(errors?.errors.map(\.file) == ["\(folder.path)/strike-12v.yaml"])
        #expect(errors?.errors.map(\.suggestion) == ["high"])
    }

    static let cases: [WrongProfile] = [
        WrongProfile(
            "strike-12v", "id: strike-12v",
            "id: strike-24v",
            "5:5 The id `strike-24v` is not the file's name, `strike-12v`."),
        WrongProfile(
            "strike-12v", "schema: station-device/1",
            "schema: station-device/2",
            "4:9 `station-device/2` is not allowed here; expected one of: station-device/1. "
                + "Did you mean `station-device/1`?"),
        WrongProfile(
            "strike-12v", "kind: strike",
            "kind: srtike",
            "8:7 `srtike` is not allowed here; expected one of: reader, strike, maglock, "
                + "panel-input, contact, button, lock-board, relay-board, socket-board, meter, "
                + "sensor, battery, relay, dispenser, board. Did you mean `strike`?"),
        WrongProfile(
            "strike-12v", "kind: strike",
            "kind: contact",
            "15:7 A contact cannot have the driver `lock`."),
        WrongProfile(
            "strike-12v", "  as: lock",
            "  as: lok",
            "15:7 `lok` is not allowed here; expected one of: wiegand, pn532, em4100, "
                + "keyboard, ccid, osdp, lock, contact, button. Did you mean `lock`?"),
        WrongProfile(
            "strike-12v", "safe: inactive",
            "safe: active",
            "13:40 A strike is safe without power: safe: inactive."),
        WrongProfile(
            "strike-12v", "safe: inactive",
            "safe: off",
            "13:40 Unquoted `off` is true or false in YAML; a word is expected here. "
                + "Expected one of: active, inactive."),
        WrongProfile(
            "strike-12v", ", safe: inactive",
            "",
            "13:9 `safe` is missing in a line."),
        WrongProfile(
            "strike-12v", "active: high",
            "active: hihg",
            "13:28 `hihg` is not allowed here; expected one of: low, high. Did you mean `high`?"),
        WrongProfile(
            "strike-12v", "active: high",
            "active: high, edge: both",
            "13:40 `edge` is not for a line with dir: out."),
        WrongProfile(
            "strike-12v", "dir: out",
            "dir: in",
            "13:15 `coil` must have dir: out."),
        WrongProfile(
            "strike-12v", "  coil:",
            "  cole:",
            "13:3 `cole` is no key of `lines`; it knows: coil. Did you mean `coil`?",
            "13:3 `coil` is missing in `lines`."),
        WrongProfile(
            "strike-12v", "bus: gpio",
            "bus: gpoi",
            "11:13 `gpoi` is not allowed here; expected one of: gpio, serial, usb, "
                + "keyboard, osdp. Did you mean `gpio`?"),
        WrongProfile(
            "strike-12v", "  safety: pull",
            "  safety: yes",
            "16:11 Unquoted `yes` is true or false in YAML; a word is expected here. "
                + "Expected one of: board, pull, none."),
        WrongProfile(
            "strike-12v", "  safety: {of: [board, pull, none]}",
            "  safty: {of: [board, pull, none]}",
            "21:3 `safty` is no key of `params`; it knows: duty, safety. Did you mean `safety`?"),
        WrongProfile(
            "strike-12v", "  safety: {of: [board, pull, none]}",
            "  safety: {of: [board, pul]}",
            "21:24 `pul` is not allowed here; expected one of: board, pull, none. Did you "
                + "mean `pull`?"),
        WrongProfile(
            "strike-12v", "{drive: secured, level: low}",
            "{drive: secured, level: high}",
            "23:5 The worked example says high, the codec says low."),
        WrongProfile(
            "strike-12v",
            "tests:\n  - {drive: secured, level: low}\n  - {drive: released, level: high}",
            "tests: []",
            "22:8 The list must not be empty."),
        WrongProfile(
            "strike-12v",
            "tests:\n  - {drive: secured, level: low}\n  - {drive: released, level: high}\n",
            "",
            "4:1 `tests` is missing in a profile."),
        WrongProfile(
            "strike-12v", "maker: generic\n",
            "",
            "4:1 `maker` is missing in a profile."),
        WrongProfile(
            "door-contact", "settle: 40ms",
            "settle: 40",
            "15:11 Expected a duration with its unit, such as 150ms, 5s, 2min or 8h; found "
                + "`40`. Did you mean `40s`?"),
        WrongProfile(
            "door-contact", "settle: 40ms",
            "settle: 6s",
            "15:11 `6s` is out of range: 0s to 5s."),
        WrongProfile(
            "door-contact", "[5ms, 500ms]",
            "[500ms, 5ms]",
            "17:19 Expected [lowest, highest], such as [5ms, 500ms]."),
        WrongProfile(
            "door-contact", "edge: both",
            "edge: bothh",
            "12:41 `bothh` is not allowed here; expected one of: none, falling, rising, "
                + "both. Did you mean `both`?"),
        WrongProfile(
            "door-contact", "pull: up",
            "pull: up, safe: active",
            "12:63 `safe` is not for a line with dir: in."),
        WrongProfile(
            "door-contact", "pull: up",
            "pull: up, debounce: 2s",
            "12:67 `2s` is out of range: 0s to 1s."),
        WrongProfile(
            "door-contact", "gives: closed",
            "gives: shut",
            "21:25 `shut` is not allowed here; expected one of: open, closed."),
        WrongProfile(
            "wiegand-37-h10302", "formats: [37-h10302]",
            "formats: [37-h10302, 37-h10304]",
            "19:24 `37-h10302` and `37-h10304` both have 37 bits and cannot be told apart; "
                + "choose one."),
        WrongProfile(
            "wiegand-37-h10302", "formats: [37-h10302]",
            "formats: [37-h10303]",
            "19:13 There is no Wiegand format `37-h10303`. Known: 26-h10301, 34-h10306, "
                + "33-d10202, 35-corporate1000, 37-h10302, 37-h10304, 48-corporate1000, 24-raw, "
                + "32-raw, 40-raw, 48-raw, 56-raw …. Did you mean `37-h10302`?"),
        WrongProfile(
            "wiegand-37-h10302", "views: [full]",
            "views: [ful]",
            "20:11 There is no view `ful`. Known: full, low4, low3, first4, first3, "
                + "reversed, reversed-low4, reversed-low3, reversed-first4, reversed-first3, raw. "
                + "Did you mean `full`?"),
        WrongProfile(
            "wiegand-37-h10302", "  d1: {dir: in, active: low, edge: falling, pull: up}\n",
            "",
            "13:3 `d1` is missing in `lines`."),
        WrongProfile(
            "wiegand-37-h10302", "number: 1234567890",
            "number: 1234567891",
            "24:5 The worked example says number 1234567891, the codec says number 1234567890."),
        WrongProfile(
            "wiegand-37-h10302", "number: 1234567890",
            "nummer: 1234567890",
            "24:60 `number` is missing in `gives`.",
            "24:61 `nummer` is no key of `gives`; it knows: facility, number, full. Did you "
                + "mean `number`?"),
        WrongProfile(
            "wiegand-37-h10302", "refused: parity",
            "refused: paritty",
            "25:62 `paritty` is not allowed here; expected one of: parity, linesSwapped, "
                + "doubledEdges, lostBits, extraBits, overflow, glitch, collision, edgesLost, "
                + "keypad. Did you mean `parity`?"),
        WrongProfile(
            "wiegand-37-h10302", "refused: parity",
            "refused: lostBits",
            "25:5 The worked example says lostBits, the codec says parity."),
        WrongProfile(
            "wiegand-37-h10302", "bits: \"1000010010011001011000000010110100101\"",
            "bits: 1000010010011001011000000010110100101",
            "24:12 `1000010010011001011000000010110100101` are no bits: in quotes, only 0 "
                + "and 1, 1 to 128 of them."),
        WrongProfile(
            "wiegand-37-h10302", "bits: \"1000010010011001011000000010110100101\"",
            "bits: \"10000100100110010110000000101101001012\"",
            "24:12 `10000100100110010110000000101101001012` are no bits: in quotes, only 0 "
                + "and 1, 1 to 128 of them."),
        WrongProfile(
            "wiegand-34-keypad", "keypad: true",
            "keypad: yes",
            "21:11 Expected true or false without quotes, found `yes`. Did you mean `true`?"),
        WrongProfile(
            "wiegand-34-keypad", "key: \"9\"",
            "key: \"8\"",
            "27:5 The worked example says key 8, the codec says key 9."),
        WrongProfile(
            "wiegand-34-keypad", "  keypad: true\n",
            "",
            "25:5 The worked example says key *, the codec says lostBits.",
            "26:5 The worked example says key 9, the codec says lostBits.",
            "27:5 The worked example says key 1, the codec says lostBits.",
            "28:5 The worked example says keypad, the codec says lostBits."),
    ]
}
