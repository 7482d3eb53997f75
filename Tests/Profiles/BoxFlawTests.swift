// A box in a resolved file that somebody else wrote: every count, name and place is checked.

import StationCore
import Testing

@testable import Profiles

/// One change to a right box and the flaw that its station has then.
struct FlawedBox: Sendable, CustomTestStringConvertible {
    let field: ResolvedStation.Flaw.Field
    let id: String
    let change: @Sendable (inout BusDeviceSettings) -> Void
    let line: Int

    init(
        _ field: ResolvedStation.Flaw.Field, _ id: String = "lockboard-8a", line: Int = #line,
        _ change: @escaping @Sendable (inout BusDeviceSettings) -> Void
    ) {
        self.field = field
        self.id = id
        self.change = change
        self.line = line
    }

    var testDescription: String { "\(id) \(field.rawValue) of line \(line)" }
}

@Suite struct `A resolved box` {
    private static func station(of id: String) throws -> ResolvedStation {
        let address = id.hasPrefix("dlt645") ? "\"000000000001\"" : "1"
        let text = StationText.right
            .replacing("devices:", with: "  line: {serial: /dev/ttyAMA1}\ndevices:")
            .replacing(
                "doors:",
                with: "  - {name: box, profile: \(id), port: line, address: \(address)}\ndoors:")
        return try StationText.resolve(text).station
    }

    @Test(arguments: flaws)
    func `with a flaw is refused`(flawed: FlawedBox) throws {
        var station = try Self.station(of: flawed.id)
        let index = station.devices.count - 1
        guard case .busDevice(var box) = station.devices[index].driver else {
            Issue.record("no box")
            return
        }
        flawed.change(&box)
        station.devices[index].driver = .busDevice(box)
        #expect(throws: ResolvedStation.Flaw.value(flawed.field, index: index)) {
            try station.validated()
        }
    }

    @Test func `is on a line of boxes, not of readers`() throws {
        var station = try Self.station(of: "lockboard-8a")
        let bus = station.devices.count - 2
        station.devices[bus].driver = .osdpBus(OSDPLineSettings(echoes: false))
        #expect(throws: ResolvedStation.Flaw.strayMember(device: bus + 1)) {
            try station.validated()
        }
    }

    @Test func `has its address for itself in its own language`() throws {
        var station = try Self.station(of: "lockboard-8a")
        let last = station.devices.count - 1
        var twin = station.devices[last]
        twin.name = "twin"
        station.devices.append(twin)
        #expect(throws: ResolvedStation.Flaw.duplicate(.address, index: last + 1)) {
            try station.validated()
        }
        let meter = try Self.station(of: "pzem-004t-v3").devices[last].driver
        station.devices[last + 1].driver = meter
        #expect(throws: Never.self) { try station.validated() }
    }

    private static let flaws: [FlawedBox] = [
        FlawedBox(.address, "pzem-004t-v3") { $0.address = 0 },
        FlawedBox(.address, "pzem-004t-v3") { $0.address = 256 },
        FlawedBox(.address) { $0.address = 65_536 },
        FlawedBox(.address, "dlt645-single-phase") { $0.address = 999_999_999_999 },
        FlawedBox(.timing) { $0.timing.timeoutMilliseconds = 0 },
        FlawedBox(.timing) { $0.timing.gapMilliseconds = -1 },
        FlawedBox(.timing) { $0.timing.wake = [UInt8](repeating: 0, count: 17) },
        FlawedBox(.timing, "pzem-004t-v3") {
            $0.language = .modbus(ModbusSettings(maximumRead: 126, holes: 0))
        },
        FlawedBox(.point) { $0.points[0].name = "door.x" },
        FlawedBox(.point) { $0.points[0].name = "Door" },
        FlawedBox(.point) { $0.points[1].name = "door.1" },
        FlawedBox(.point) { $0.points[0].states = [] },
        FlawedBox(.point) { $0.points[0].meanings[0].state = 2 },
        FlawedBox(.point) { $0.points[0].otherwise = -1 },
        FlawedBox(.point) { $0.points[0].everyMilliseconds = 1 },
        FlawedBox(.point) { $0.points[0].places = 10 },
        FlawedBox(.point) { $0.points[0].unit = "kilowatts" },
        FlawedBox(.point) { $0.points[0].source = .fields(at: []) },
        FlawedBox(.point) {
            $0.points[0].source = .fields(at: [FramePlace(frame: "open", field: "lock")])
        },
        FlawedBox(.point) {
            $0.points[0].source = .fields(at: [FramePlace(frame: "query.reply", field: "cod")])
        },
        FlawedBox(.point) {
            $0.points[0].source = .fields(
                at: [FramePlace(frame: "query.reply", field: "code", index: 0)])
        },
        FlawedBox(.point) {
            $0.points[0].source = .register(at: RegisterPlace(table: .coil, address: 0))
        },
        FlawedBox(.point) { $0.points[0].source = .line(terminal: 0) },
        FlawedBox(.point) {
            $0.points[0].source = .file(at: FilePlace(kind: .iio, paths: ["/sys"]))
        },
        FlawedBox(.point, "pzem-004t-v3") {
            $0.points[0].source = .register(at: RegisterPlace(table: .input, address: 65_536))
        },
        FlawedBox(.point, "pzem-004t-v3") {
            $0.points[0].source = .register(
                at: RegisterPlace(table: .input, address: 65_535, form: .u32, order: "ABCD"))
        },
        FlawedBox(.point, "pzem-004t-v3") {
            $0.points[0].source = .register(
                at: RegisterPlace(table: .input, address: 0, form: .u32, order: "AB"))
        },
        FlawedBox(.point, "pzem-004t-v3") {
            $0.points[0].source = .register(
                at: RegisterPlace(table: .input, address: 0, bit: 15, bitCount: 2))
        },
        FlawedBox(.point, "dlt645-single-phase") {
            $0.points[0].source = .item(at: MeterItem(identifier: "0001", bytes: 4))
        },
        FlawedBox(.point, "dlt645-single-phase") {
            $0.points[0].source = .item(at: MeterItem(identifier: "00010000", bytes: 9))
        },
        FlawedBox(.point) { box in
            box.points = (1...257).map { number in
                var point = box.points[0]
                point.name = "door.\(number)"
                return point
            }
        },
        FlawedBox(.frame) { $0.frames { $0[0].reply = "nothing" } },
        FlawedBox(.frame) { $0.frames { $0[0].reply = "query" } },
        FlawedBox(.frame) { $0.frames { $0[1].name = "open" } },
        FlawedBox(.frame) { $0.frames { $0[0].tokens = [] } },
        FlawedBox(.frame) { $0.frames { $0[0].tokens.append(.check) } },
        FlawedBox(.frame) { $0.frames { $0[0].tokens.append(.skipped(count: 257)) } },
        FlawedBox(.frame) { $0.frames { $0[0].tokens.append(.skipped(count: -1)) } },
        FlawedBox(.frame) {
            $0.frames { $0[0].tokens.append(.field(name: "x", form: FieldForm(bytes: 9))) }
        },
        FlawedBox(.frame) {
            $0.frames {
                $0[0].tokens.append(.list(name: "x", form: FieldForm(bytes: 8), count: 64))
            }
        },
        FlawedBox(.frame) {
            $0.frames { $0[0].tokens.append(.bits(name: "x", count: 0, isHighFirst: false)) }
        },
        FlawedBox(.frame) { $0.frames { $0[0].tokens.append(.nibbles(high: "", low: "")) } },
        FlawedBox(.frame) {
            $0.frames { $0[0].tokens.append(.length(form: FieldForm(), plus: 1_000)) }
        },
        FlawedBox(.frame) { $0.frames { $0[0].withinMilliseconds = 1 } },
        FlawedBox(.action) { $0.actions[0].name = "" },
        FlawedBox(.action) { $0.actions.append($0.actions[0]) },
        FlawedBox(.action) { $0.actions[0].steps = [] },
        FlawedBox(.action) { $0.actions[0].steps = [.wait(milliseconds: 0)] },
        FlawedBox(.action) { $0.actions[0].steps = [.read(points: ["dor.lock"])] },
        FlawedBox(.action) { $0.actions[0].steps = [.read(points: [])] },
        FlawedBox(.action) { $0.actions[0].steps = [.set(terminal: 0, isActive: true)] },
        FlawedBox(.action) { $0.actions[0].steps = [.raw(bytes: [0x42], replyCount: 1)] },
        FlawedBox(.action) { $0.actions[0].steps = [.perform(action: "open", arguments: [])] },
        FlawedBox(.action) { $0.actions[0].steps = [.send(frame: "open", fields: [])] },
        FlawedBox(.action) { $0.actions[0].steps = [.send(frame: "change", fields: [])] },
        FlawedBox(.action) { $0.actions[0].arguments = [] },
        FlawedBox(.action) { $0.actions[0].selfTimedMilliseconds = 0 },
        FlawedBox(.action) { $0.actions[0].confirmed = Condition(all: []) },
        FlawedBox(.action) { $0.actions[0].confirmed?.all[0].point = "dor" },
        FlawedBox(.action) { $0.actions[0].confirmed?.all[0].index = "lok" },
        FlawedBox(.action) {
            $0.actions[0].arguments[0].lowest =
                $0.actions[0].arguments[0].highest
                .adding(.one) ?? .zero
        },
        FlawedBox(.action, "pzem-004t-v3") {
            $0.actions[0].steps = [.raw(bytes: [], replyCount: 1)]
        },
        FlawedBox(.action, "pzem-004t-v3") {
            $0.actions[0].steps = [
                .write(table: .input, address: Expression(), values: [Expression()])
            ]
        },
        FlawedBox(.action, "pzem-004t-v3") {
            $0.actions[0].steps = [.write(table: .holding, address: Expression(), values: [])]
        },
        FlawedBox(.rule) {
            $0.guards = [
                GuardSettings(
                    name: "left", when: Condition(all: []))
            ]
        },
        FlawedBox(.rule) { box in
            let rule = GuardSettings(
                name: "left",
                when: Condition(
                    all: [Comparison(point: "door.1", relation: .equal, value: Expression())]),
                forMilliseconds: 0)
            box.guards = [rule, rule]
        },
        FlawedBox(.rule) {
            $0.guards = [
                GuardSettings(
                    name: "left",
                    when: Condition(
                        all: [Comparison(point: "door.1", relation: .equal, value: Expression())]),
                    forMilliseconds: -1)
            ]
        },
        FlawedBox(.rule) { $0.guards = [watching("door.1", silent: 0)] },
        FlawedBox(.rule) { $0.guards = [watching("door.99")] },
        // Nobody would miss what comes by itself.
        FlawedBox(.rule) { box in
            for place in box.points.indices { box.points[place].everyMilliseconds = 0 }
            box.guards = [watching("door.1", silent: 30_000)]
        },
        FlawedBox(.rule, "pzem-004t-v3") { box in
            var rule = watching("power")
            rule.when.all[0].riseMilliseconds = 60_000
            rule.when.all[0].value = Expression(plus: DecimalNumber(5))
            box.guards = [rule]
        },
        FlawedBox(.rule) { $0.guards = [watching("door.1", device: 77)] },
        // Nothing shows that it was done, or it is told too little.
        FlawedBox(.rule, "pzem-004t-v3") {
            $0.guards = [watching("power", does: DeviceOrder(action: "reset_energy"))]
        },
        FlawedBox(.rule) {
            $0.guards = [watching("door.1", does: DeviceOrder(action: "open"))]
        },
        FlawedBox(.rule) { $0.outer = DeviceOrder(device: 0, action: "open") },
    ]
}

extension Expression {
    fileprivate init() { self.init(plus: .zero) }
}

extension BusDeviceSettings {
    /// Changes the frames of a box that draws its own.
    fileprivate mutating func frames(_ change: (inout [FrameSettings]) -> Void) {
        guard case .frames(var drawn) = language else { return }
        change(&drawn.frames)
        language = .frames(drawn)
    }
}

private func watching(
    _ point: String, device: Int? = nil, silent: Int? = nil, does order: DeviceOrder? = nil
) -> GuardSettings {
    GuardSettings(
        name: "left",
        when: Condition(
            all: [
                Comparison(
                    point: point, relation: .equal, value: Expression(), device: device)
            ]), silentMilliseconds: silent, orders: order.map { [$0] } ?? [])
}
