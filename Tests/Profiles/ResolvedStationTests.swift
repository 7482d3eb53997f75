// A resolved file that somebody else wrote: every index, name and time is checked.

import StationCore
import Testing

@testable import Profiles

/// One change to a right station and the flaw that it has then.
struct Flawed: Sendable, CustomTestStringConvertible {
    let flaw: ResolvedStation.Flaw
    let change: @Sendable (inout ResolvedStation) -> Void

    init(
        _ flaw: ResolvedStation.Flaw, _ change: @escaping @Sendable (inout ResolvedStation) -> Void
    ) {
        self.flaw = flaw
        self.change = change
    }

    var testDescription: String { flaw.place }
}

@Suite struct `A resolved station` {
    @Test(arguments: flaws)
    func `with a flaw is refused`(flawed: Flawed) throws {
        var station = try StationText.resolve(StationText.right).station
        flawed.change(&station)
        #expect(throws: flawed.flaw) { try station.validated() }
        #expect(flawed.flaw.text(.english).contains(flawed.flaw.place))
        #expect(flawed.flaw.text(.chinese).contains(flawed.flaw.place))
    }

    @Test func `carries how people get out of each door`() throws {
        let station = try Repository.resolve(seed: "kaiyuan-warm-key").station
        #expect(station.doors.map(\.egress) == [nil, nil, nil, .handle, .hardware, nil])
    }

    @Test func `of the schema before is read, although it says nothing of egress`() throws {
        var old = try Repository.resolve(seed: "kaiyuan-warm-key").station
        old.schema = 1
        for door in old.doors.indices { old.doors[door].egress = nil }
        let json = ResolvedFile.encode(old)
        #expect(!String(decoding: json, as: UTF8.self).contains("egress"))
        #expect(try ResolvedFile.decode(json) == old)
        // The same in today's schema lacks something.
        old.schema = ResolvedStation.currentSchema
        #expect(throws: ActivationError.flaw(.maglockWithoutEgress(door: 4))) {
            try ResolvedFile.decode(ResolvedFile.encode(old))
        }
    }

    @Test func `survives its own JSON`() throws {
        let resolution = try Repository.resolve(seed: "kaiyuan-warm-key")
        #expect(try ResolvedFile.decode(resolution.json) == resolution.station)
        #expect(ResolvedFile.encode(resolution.station) == resolution.json)
    }

    @Test func `has one canonical JSON: keys sorted, drivers by name`() throws {
        let json = try String(
            decoding: StationText.resolve(StationText.right).json, as: UTF8.self)
        #expect(
            json.hasPrefix(
                "{\"channels\":[],\"devices\":[{\"driver\":{\"wiegand\":{\"formats\":[\"34-"
            ))
        #expect(json.hasSuffix("}\n"))
        #expect(json.contains("\"labelChinese\":\"前门\""))
    }

    @Test func `is named by the SHA-256 of its file`() {
        #expect(
            ResolvedStation.digest(ofFile: Array("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        let digest = String(repeating: "0f", count: 32)
        let name = ResolvedStation.fileName(digest: digest)
        #expect(ResolvedStation.digest(inFileName: name) == digest)
        #expect(ResolvedStation.digest(inFileName: "../" + name) == nil)
        #expect(ResolvedStation.digest(inFileName: "resolved-.json") == nil)
        #expect(ResolvedStation.digest(inFileName: "") == nil)
    }

    @Test func `whose JSON was damaged is refused or still valid`() throws {
        var dice = Dice(state: 3)
        let right = try StationText.resolve(StationText.right).json
        var refused = 0
        for _ in 0..<400 {
            var bytes = right
            for _ in 0..<Int.random(in: 1...3, using: &dice) {
                let index = Int.random(in: 0..<bytes.count, using: &dice)
                bytes[index] = UInt8.random(in: 0x20...0x7E, using: &dice)
            }
            do throws(ActivationError) {
                _ = try ResolvedFile.decode(bytes)
            } catch {
                refused += 1
                #expect(!error.text(.chinese).isEmpty)
            }
        }
        #expect(refused > 200)
    }

    @Test(arguments: [
        "", "{}", "[]", "null", "{\"schema\":1}", "{\"schema\":99999999999999999999}",
        String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 100_000),
    ])
    func `that is no station is refused`(text: String) {
        #expect(throws: ActivationError.self) { try ResolvedFile.decode(Array(text.utf8)) }
    }

    @Test func `that cannot be read is told in both languages`() {
        func error(_ text: String) -> ActivationError? {
            do throws(ActivationError) {
                _ = try ResolvedFile.decode(Array(text.utf8))
                return nil
            } catch {
                return error
            }
        }
        #expect(error("no")?.text(.chinese) == "不是解析文件：不是 JSON。请重新 resolve。")
        #expect(
            error("{\"schema\":1}")?.text(.chinese)
                == "不是解析文件：station 缺失或类型不对。请重新 resolve。")
        #expect(
            error("{\"schema\":1}")?.text(.english)
                == "Not a resolved station: station is missing or of another type. Resolve again.")
        let large = String(repeating: " ", count: ResolvedStation.fileSizeLimit + 1)
        #expect(error(large) == .notAStation(.tooLarge(bytes: ResolvedStation.fileSizeLimit)))
    }

    @Test func `with two drivers for a device is refused`() throws {
        let json = try String(
            decoding: StationText.resolve(StationText.right).json, as: UTF8.self)
        let two = json.replacing(
            "\"driver\":{\"contact\"",
            with: "\"driver\":{\"button\":{\"settleMilliseconds\":1},\"contact\"")
        #expect(throws: ActivationError.notAStation(.member("devices.[2].driver"))) {
            try ResolvedFile.decode(Array(two.utf8))
        }
    }

    static let flaws: [Flawed] = [
        Flawed(.schema(found: 3, known: 1...2)) { $0.schema = 3 },
        Flawed(.schema(found: 0, known: 1...2)) { $0.schema = 0 },
        Flawed(.maglockWithoutEgress(door: 0)) {
            $0.devices[1].driver = .lock(
                LockSettings(kind: .maglock, safety: .pull, duty: .continuous))
        },
        Flawed(.value(.id, index: 0)) { $0.station.id = "../etc" },
        Flawed(.value(.name, index: 0)) { $0.station.nameChinese = "a\nb" },
        Flawed(.value(.phone, index: 0)) { $0.station.phone = String(repeating: "1", count: 33) },
        Flawed(.value(.utcOffset, index: 0)) { $0.station.utcOffsetMinutes = .max },
        Flawed(.value(.name, index: 1)) { $0.devices[1].name = "" },
        Flawed(.duplicate(.name, index: 2)) { $0.devices[2].name = "strike" },
        Flawed(.value(.profile, index: 0)) { $0.devices[0].profile = "A" },
        Flawed(.value(.label, index: 0)) { $0.devices[0].labelEnglish = "\u{1B}[2J" },
        Flawed(.empty(.formats, device: 0)) { $0.reader { $0.formats = [] } },
        Flawed(.empty(.views, device: 0)) { $0.reader { $0.views = [] } },
        Flawed(.tooMany(.views, count: 5, limit: 4)) {
            $0.reader { $0.views = ["full", "low3", "first3", "raw", "low4"] }
        },
        Flawed(.tooMany(.formats, count: 9, limit: 8)) {
            $0.reader { $0.formats = (1...9).map { "\($0)-raw" } }
        },
        Flawed(.duplicate(.format, index: 0)) {
            $0.reader { $0.formats = ["26-h10301", "26-h10301"] }
        },
        Flawed(.value(.view, index: 0)) { $0.reader { $0.views = ["upside-down"] } },
        Flawed(.value(.format, index: 0)) { $0.reader { $0.formats = ["26 H10301"] } },
        Flawed(.value(.format, index: 0)) { $0.reader { $0.formats = ["26-nonsense"] } },
        Flawed(.value(.format, index: 0)) { $0.reader { $0.formats = ["26-h10301", "raw-26"] } },
        Flawed(.value(.format, index: 0)) { $0.reader { $0.formats = ["raw-40", "40-raw"] } },
        Flawed(.value(.settle, index: 2)) {
            $0.devices[2].driver = .contact(ContactSettings(settleMilliseconds: -1))
        },
        Flawed(.value(.settle, index: 3)) {
            $0.devices[3].driver = .button(ButtonSettings(settleMilliseconds: .max))
        },
        Flawed(.value(.chip, index: 0)) { $0.lines[0].chip = "" },
        Flawed(.value(.line, index: 1)) { $0.lines[1].line = String(repeating: "A", count: 32) },
        Flawed(.duplicate(.line, index: 3)) { $0.lines[3].line = "A0" },
        Flawed(.value(.debounce, index: 0)) { $0.lines[0].debounceMicroseconds = -5 },
        Flawed(.strayLine(index: 0)) { $0.lines[0].device = 99 },
        Flawed(.strayLine(index: 0)) { $0.lines[0].device = -1 },
        Flawed(.strayLine(index: 4)) { $0.lines[4].terminal = 1 },
        Flawed(.strayLine(index: 1)) { $0.lines[1].terminal = 0 },
        Flawed(.wrongDirection(line: 3)) { $0.lines[3].direction = .input },
        Flawed(.wrongDirection(line: 4)) { $0.lines[4].safe = true },
        Flawed(.mixedRequest(line: 5)) { $0.lines[5].request = .max },
        Flawed(.mixedRequest(line: 2)) { $0.lines[2].request = 0 },
        Flawed(.mixedRequest(line: 1)) { $0.lines[1].chip = "other" },
        Flawed(.missingTerminal(device: 3, terminal: 0)) { $0.lines.removeLast() },
        Flawed(.splitReader(device: 0)) { $0.lines[1].request = 5 },
        Flawed(.duplicate(.name, index: 1)) { $0.doors.append($0.doors[0]) },
        Flawed(.value(.name, index: 0)) { $0.doors[0].name = "-" },
        Flawed(.value(.label, index: 0)) { $0.doors[0].labelChinese = "\n" },
        Flawed(.tooMany(.totals, count: 1_030, limit: 1_024)) {
            for place in 0..<5 {
                $0.devices.append(
                    ResolvedDevice(
                        name: "meters-\(place)", profile: "meters", labelChinese: "",
                        labelEnglish: "",
                        driver: .boardDevice(
                            BoardDeviceSettings(
                                lines: [BoardLine(name: "flow", direction: .input)],
                                points: (1...206).map { number in
                                    PointSettings(
                                        name: "sum_\(number)", kind: .total,
                                        source: .pulses(terminal: 0))
                                }))))
            }
        },
        Flawed(.tooMany(.doors, count: 65, limit: 64)) {
            $0.doors = Array(repeating: $0.doors[0], count: 65)
        },
        Flawed(.tooMany(.readers, count: 5, limit: 4)) {
            $0.doors[0].readersOut = Array(repeating: 0, count: 5)
        },
        Flawed(.wrongDevice(door: 0, device: 2)) { $0.doors[0].lock = 2 },
        Flawed(.wrongDevice(door: 0, device: 77)) { $0.doors[0].contact = 77 },
        Flawed(.wrongDevice(door: 0, device: -1)) { $0.doors[0].readersIn = [-1] },
        Flawed(.sharedDevice(door: 0, device: 0)) { $0.doors[0].readersOut = [0] },
        Flawed(.value(.release, index: 0)) { $0.doors[0].releaseMilliseconds = 0 },
        Flawed(.value(.open, index: 0)) { $0.doors[0].openMilliseconds = .max },
        Flawed(.preAlarm(door: 0)) { $0.doors[0].preAlarmMilliseconds = 30_000 },
        Flawed(.preAlarm(door: 0)) { $0.doors[0].preAlarmMilliseconds = -1 },
        Flawed(.relockWithoutContact(door: 0)) {
            $0.doors[0].contact = nil
            $0.doors[0].relock = .onClose
        },
        Flawed(.value(.commitWait, index: 0)) { $0.journal.commitWaitMilliseconds = 60_000 },
        Flawed(.value(.lapse, index: 0)) { $0.journal.lapseMilliseconds = 0 },
        Flawed(.value(.graceDays, index: 0)) { $0.policy.graceDays = 32 },
    ]
}

extension ResolvedStation {
    /// Changes the first device's reader settings.
    fileprivate mutating func reader(_ change: (inout WiegandSettings) -> Void) {
        guard case .wiegand(var settings) = devices[0].driver else { return }
        change(&settings)
        devices[0].driver = .wiegand(settings)
    }
}
