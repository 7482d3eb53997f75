// What `stationctl bus` makes of its command line, of a port that is taken, and of silence.

import ArgumentParser
import CLinux
import Control
import EventLoop
import Glibc
import Profiles
import StationCore
import Testing

@testable import stationctl

@Suite struct `The bus tool` {
    @Test func `takes a serial port or a gateway`() {
        #expect(BusPlace("/dev/ttyUSB0") == .serial("/dev/ttyUSB0"))
        #expect(BusPlace("tcp:10.0.0.5") == .tcp(host: "10.0.0.5", port: "502"))
        #expect(BusPlace("tcp:gate:1502") == .tcp(host: "gate", port: "1502"))
        #expect(BusPlace("tcp:[fe80::1]:1502") == .tcp(host: "fe80::1", port: "1502"))
        #expect(BusPlace("tcp:[fe80::1]") == .tcp(host: "fe80::1", port: "502"))
        for wrong in ["", "tcp:", "tcp::502", "tcp:gate:", "tcp:gate:0", "tcp:gate:70000"] {
            #expect(BusPlace(wrong) == nil, "\(wrong)")
        }
    }

    @Test(arguments: [
        ["bus", "scan", "--port", "/dev/ttyUSB0", "--units", "1-247", "--baud", "9600"],
        ["bus", "read", "--port", "tcp:10.0.0.5", "--profile", "sdm120", "--unit", "1", "--watch"],
        [
            "bus", "do", "--port", "/dev/ttyUSB0", "--profile", "lockboard-8a", "--unit", "1",
            "open", "lock=3", "--yes",
        ],
        ["bus", "do", "--port", "/dev/ttyUSB0", "--profile", "lockboard-8a"],
    ])
    func `understands its own examples`(words: [String]) {
        #expect(throws: Never.self) { _ = try Stationctl.parseAsRoot(words) }
    }

    @Test(arguments: [
        ["bus", "scan", "--port", "/dev/ttyUSB0", "--units", "9-1"],
        ["bus", "scan", "--port", "/dev/ttyUSB0", "--units", "1-300"],
        ["bus", "scan", "--port", "/dev/ttyUSB0", "--baud", "1"],
        ["bus", "scan", "--port", "tcp:gate:0"],
        ["bus", "read", "--port", "/dev/ttyUSB0", "--profile", "x", "--param", "y"],
        ["bus", "do", "--port", "/dev/ttyUSB0", "--profile", "x", "open", "lock"],
        ["bus", "read", "--port", "/dev/ttyUSB0", "--profile", "x", "--parity", "strange"],
    ])
    func `refuses what makes no sense`(words: [String]) {
        #expect(throws: (any Error).self) { _ = try Stationctl.parseAsRoot(words) }
    }

    @Test func `names the process that has the port`() throws {
        var name = [CChar](repeating: 0, count: 128)
        let master = station_pty_open(&name, name.count)
        try #require(master >= 0)
        defer { close(master) }
        let path = String(
            decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        #expect(PortHolder.find(path) == nil)
        let port = try SerialPort(path, baud: 9_600)
        let holder = try #require(PortHolder.find(path))
        #expect(holder.process == getpid())
        let words = Catalogue(language: .english)
        let text = try #require(words.text(.port(path: path, .busy)))
        #expect(text.contains("process \(getpid())"))
        withExtendedLifetime(port) {}
    }

    @Test func `says what to do when the daemon has the port`() {
        let daemon = PortHolder(process: 812, name: "stationd")
        for (language, word) in [(Wording.Language.chinese, "进程812"), (.english, "process 812")] {
            let text = Catalogue(language: language).busy("/dev/ttyS1", daemon)
            #expect(text.contains("systemctl stop stationd"))
            #expect(text.contains(word))
        }
    }

    @Test func `finds a lock in the kernel's list by device and inode`() {
        let list = """
            1: POSIX  ADVISORY  WRITE 3548 fd:01:31129640 0 EOF
            2: FLOCK  ADVISORY  WRITE 812 00:18:5 0 EOF
            2: -> FLOCK  ADVISORY  WRITE 900 00:18:5 0 EOF
            """
        #expect(PortHolder.process(locking: "00:18:5", in: list) == 812)
        #expect(PortHolder.process(locking: "00:18:6", in: list) == nil)
        #expect(PortHolder.process(locking: "fd:01:31129640", in: list) == nil)
    }

    @Test func `asks each question once for all models that share it`() throws {
        let folder = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let models = try DeviceProfile.all(in: folder + "/Devices")
        let plan = ScanPlan(models, units: 1...4, isTCP: false, bauds: []) { usual, baud in
            LineSpeed(
                baud: baud ?? usual.baud, parity: usual.parity, stopBits: usual.stopBits)
        }
        let modbus = plan.probes.filter { $0.language == "modbus" }
        #expect(modbus.count == Set(modbus.map(\.speed)).count)
        #expect(modbus.allSatisfy { plan.addresses(of: $0) == [1, 2, 3, 4] })
        let boxes = models.filter { $0.serial != nil }
        #expect(plan.probes.reduce(0) { $0 + $1.models.count } == boxes.count)
        let meters = plan.probes.filter { $0.language == "dlt645" }
        #expect(meters.count == 1 && meters.allSatisfy { plan.addresses(of: $0).count == 1 })
        let gateway = ScanPlan(models, units: 1...4, isTCP: true, bauds: []) { _, _ in
            LineSpeed(baud: 115_200, parity: .none, stopBits: 1)
        }
        #expect(gateway.speeds.count == 1)
        #expect(gateway.probes.map(\.language) == ["modbus"])
    }

    /// A relay board: what lets go of a relay, and of all of them.
    private static func box(_ actions: [ActionSettings]) -> BusDeviceSettings {
        BusDeviceSettings(
            bus: 0, address: 1, language: .modbus(ModbusSettings()), points: [], actions: actions)
    }

    /// Writes one value to one place: `relay` × 1 + that.
    private static func action(
        _ name: String, _ arguments: [String] = ["relay"], at place: Int64 = 0, value: Int64 = 0,
        wait: Int? = nil, selfTimed: Int? = nil, until: String? = nil, isOn: Bool = false
    ) -> ActionSettings {
        ActionSettings(
            name: name,
            arguments: arguments.map {
                ArgumentSettings(name: $0, lowest: .one, highest: DecimalNumber(8))
            },
            steps: [
                .write(
                    table: .coil,
                    address: Expression(argument: arguments.first, plus: DecimalNumber(place)),
                    values: [Expression(plus: DecimalNumber(value))])
            ] + (wait.map { [.wait(milliseconds: $0)] } ?? []),
            isIdempotent: true, selfTimedMilliseconds: selfTimed, renewedUntil: until,
            safety: isOn ? .pull : nil)
    }

    private static func ending(_ actions: [ActionSettings]) -> BusEnding {
        BusEnding(
            of: ActionOrder(
                number: 1, action: 0,
                arguments: [
                    ArgumentValue("relay", DecimalNumber(3)), ArgumentValue("tenths", .one),
                ]), in: box(actions), number: 2)
    }

    @Test func `knows what lets go of what it switched on, as near to it as there is`() {
        let on = Self.action("on", ["relay", "tenths"], value: 1, isOn: true)
        let (all, off) = (Self.action("third_off", [], at: 3), Self.action("off"))
        let relay = [ArgumentValue("relay", DecimalNumber(3))]
        #expect(
            Self.ending([on, all, off])
                == .order(
                    ActionOrder(number: 2, action: 2, arguments: relay, isUrgent: true),
                    name: "off"))
        #expect(
            Self.ending([on, all])
                == .order(ActionOrder(number: 2, action: 1, isUrgent: true), name: "third_off"))
        let named = Self.action("all_off", [], at: 0xFF)
        let kept = Self.action(
            "keep", ["relay", "tenths"], value: 1, until: "all_off", isOn: true)
        #expect(
            Self.ending([kept, off, named])
                == .order(ActionOrder(number: 2, action: 2, isUrgent: true), name: "all_off"))
        let pulse = Self.action("pulse", ["relay", "tenths"], value: 1, selfTimed: 500, isOn: true)
        #expect(Self.ending([pulse, Self.action("park", ["bay"])]) == .board(milliseconds: 500))
        #expect(Self.ending([on]) == .nobody)
        #expect(Self.ending([off, all]) == .needless)
    }

    @Test func `takes nothing for an ending that is about something else`() {
        let on = Self.action("on", ["relay", "tenths"], value: 1, isOn: true)
        // Another place; the same place, and the same value in it; one that may not be told twice.
        let lamp = Self.action("lamp", at: 16)
        let again = Self.action("again", value: 1)
        var once = Self.action("once")
        once.isIdempotent = false
        #expect(Self.ending([on, lamp, again, once]) == .nobody)
        // What shows that the one is done shows that the other is not.
        func seen(_ action: ActionSettings, _ relation: Comparison.Relation, _ state: Int64)
            -> ActionSettings
        {
            var action = action
            action.confirmed = Condition(all: [
                Comparison(
                    point: "relay", index: "relay", relation: relation,
                    value: Expression(plus: DecimalNumber(state)))
            ])
            return action
        }
        let told = seen(on, .equal, 1)
        #expect(Self.ending([told, seen(lamp, .equal, 1)]) == .nobody)
        #expect(Self.ending([told, seen(lamp, .atMost, 1)]) == .nobody)
        for ending in [seen(lamp, .equal, 0), seen(lamp, .less, 1), seen(lamp, .unequal, 1)] {
            guard case .order(_, name: "lamp") = Self.ending([told, ending]) else {
                Issue.record("\(String(describing: ending.confirmed)) ends nothing")
                continue
            }
        }
    }

    @Test(arguments: [
        ("wkly-12", "open", ["lock": 1], BusEnding.board(milliseconds: 500)),
        ("waveshare-relay-8", "switch_on", ["relay": 1], switchOff),
        // The board times it at another place, and what ends a pulse that is kept ends this one.
        ("waveshare-relay-8", "pulse", ["relay": 1, "tenths": 600], switchOff),
        (
            "dlt645-relay", "close", [:],
            .order(ActionOrder(number: 2, action: 0, isUrgent: true), name: "trip")
        ),
    ])
    func `lets go of a shipped box's output by what is about that output`(
        profile: String, action: String, arguments: [String: Int64], ending: BusEnding
    ) throws {
        let folder = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let model = try DeviceProfile.read(file: "\(folder)/Devices/\(profile).yaml")
        let box = try model.bench(address: "1", parameters: [])
        let place = try #require(box.actions.firstIndex { $0.name == action })
        let order = ActionOrder(
            number: 1, action: place,
            arguments: box.actions[place].arguments.map {
                ArgumentValue($0.name, DecimalNumber(arguments[$0.name] ?? 0))
            })
        #expect(BusEnding(of: order, in: box, number: 2) == ending)
    }

    private static let switchOff = BusEnding.order(
        ActionOrder(
            number: 2, action: 3, arguments: [ArgumentValue("relay", .one)], isUrgent: true),
        name: "switch_off")

    /// Sends a frame with these numbers; `relay` comes from the order.
    private static func frame(
        _ name: String, _ fields: [String: Int64], isOn: Bool = false
    ) -> ActionSettings {
        var action = action(name, isOn: isOn)
        action.steps = [
            .send(
                frame: "order",
                fields: [FrameArgument(name: "relay", value: Expression(argument: "relay"))]
                    + fields.map {
                        FrameArgument(
                            name: $0.key, value: Expression(plus: DecimalNumber($0.value)))
                    })
        ]
        return action
    }

    @Test func `takes a frame for an ending when one of its numbers alone is another`() {
        let on = Self.frame("on", ["item": 7, "value": 1], isOn: true)
        guard
            case .order(_, name: "off") = Self.ending([
                on, Self.frame("off", ["item": 7, "value": 0]),
            ])
        else {
            Issue.record("nothing lets go")
            return
        }
        // The same once more; something else; the same elsewhere; another number of fields.
        let others = [
            Self.frame("again", ["item": 7, "value": 1]),
            Self.frame("lamp", ["item": 8, "value": 0]),
            Self.frame("place", ["item": 8, "value": 1]),
            Self.frame("short", ["value": 0]),
        ]
        #expect(Self.ending([on] + others) == .nobody)
    }

    @Test func `stops once when its session is lost, however many say so`() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        let watch = LineWatch(ends[0])
        #expect(pthread_kill(pthread_self(), SIGHUP) == 0)
        #expect(!watch.wait(until: LineWatch.now + .seconds(10)))
        // What lets go is sent now; the shell says it again.
        #expect(pthread_kill(pthread_self(), SIGHUP) == 0)
        #expect(watch.wait(until: LineWatch.now + .seconds(10)))
        #expect(pthread_kill(pthread_self(), SIGINT) == 0)
        #expect(!watch.wait(until: LineWatch.now + .seconds(10)))
    }

    @Test func `waits as long as an action and those within it may take`() {
        let long = Self.action("long", [], wait: 40_000)
        var both = Self.action("both", [], wait: 5_000)
        both.steps.append(.perform(action: "long", arguments: []))
        both.steps.append(
            .until(Condition(all: []), atMostMilliseconds: 1_000))
        #expect(BusEnding.patience(of: both, among: [long, both]) == .seconds(30 + 46))
        // Actions that went round in a circle would not wait for ever.
        var round = Self.action("round", [], wait: 1_000)
        round.steps.append(.perform(action: "round", arguments: []))
        #expect(BusEnding.patience(of: round, among: [round]) < .seconds(60))
    }

    @Test func `says what may be on, in both languages`() {
        let order = ActionOrder(number: 2, action: 1)
        let endings: [BusEnding] = [
            .needless, .order(order, name: "off"), .board(milliseconds: 500), .nobody,
        ]
        let texts = endings.map { BusAdvice.unfinished($0, isStopped: true) }
        #expect(Set(texts.map(\.zh)).count == 4 && Set(texts.map(\.en)).count == 4)
        let late = BusAdvice.unfinished(.nobody, isStopped: false)
        #expect(late.en != texts[3].en)
    }

    @Test func `has advice for each kind of silence, in both languages`() {
        let none: [(name: StaticString, value: UInt64)] = [("noiseBytes", 0), ("echoFaults", 0)]
        let some: [(name: StaticString, value: UInt64)] = [("noiseBytes", 9), ("echoFaults", 0)]
        let echo: [(name: StaticString, value: UInt64)] = [("noiseBytes", 0), ("echoFaults", 2)]
        let texts = [
            BusAdvice.silent(.silent, none), BusAdvice.silent(.silent, some),
            BusAdvice.silent(.silent, echo),
        ]
        #expect(Set(texts.map(\.en)).count == 3 && Set(texts.map(\.zh)).count == 3)
        for refusal in ActionRefusal.allCases {
            #expect(BusAdvice.refused(refusal).zh != BusAdvice.refused(refusal).en)
        }
        let gateway = Problem.gateway("gate:502", errno: ECONNREFUSED)
        #expect(gateway.status == .unavailable)
        #expect(
            Catalogue(language: .chinese).text(gateway)
                != Catalogue(language: .english).text(gateway))
    }
}
