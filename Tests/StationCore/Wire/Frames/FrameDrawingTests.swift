// Every kind of part and check that a frame can be drawn of, written and read back.

import EventLoop
import Testing

@testable import StationCore

/// A language with one of everything.
private func drawn(_ check: FrameCheck) -> FrameLanguageSettings {
    FrameLanguageSettings(
        check: check,
        frames: [
            FrameSettings(
                name: "ask", role: .request,
                tokens: [
                    .bytes(these: [0xaa, 0x55]),
                    .field(name: "address", form: FieldForm(bytes: 2, isLittleEndian: true)),
                    .length(form: FieldForm(), plus: -2),
                    .field(name: "port", form: FieldForm()), .check, .bytes(these: [0x0d]),
                ], reply: "say", withinMilliseconds: 250),
            FrameSettings(
                name: "say", role: .reply,
                tokens: [
                    .bytes(these: [0xaa, 0x56]),
                    .field(name: "address", form: FieldForm(bytes: 2, isLittleEndian: true)),
                    .field(name: "port", form: FieldForm()),
                    .field(name: "power", form: FieldForm(bytes: 3, isSigned: true)),
                    .field(name: "energy", form: FieldForm(bytes: 4, isBCD: true)),
                    .list(name: "cell", form: FieldForm(bytes: 2), count: 3),
                    .bits(name: "relay", count: 10, isHighFirst: true),
                    .nibbles(high: "kind", low: "phase"),
                    .length(form: FieldForm(bytes: 2), plus: 0), .skipped(count: 2), .check,
                    .bytes(these: [0x0d]),
                ]),
            FrameSettings(
                name: "alarm", role: .push,
                tokens: [
                    .bytes(these: [0xaa, 0x57]),
                    .field(name: "address", form: FieldForm(bytes: 2, isLittleEndian: true)),
                    .field(name: "port", form: FieldForm()), .check,
                ], reply: "seen"),
            FrameSettings(
                name: "seen", role: .request,
                tokens: [
                    .bytes(these: [0xaa, 0x58]), .field(name: "port", form: FieldForm()), .check,
                ]),
        ])
}

private let checks = [
    FrameCheck(kind: .xor), FrameCheck(kind: .xor, from: 1), FrameCheck(kind: .sum8, from: 2),
    FrameCheck(kind: .sum16, before: 1), FrameCheck(kind: .negativeSum16, from: 2),
    FrameCheck(kind: .crc16),
]

@Suite struct `A drawn frame` {
    private let said: [BusField] = [
        BusField("address", 0x1234), BusField("port", 7), BusField("power", -70_000),
        BusField("energy", 12_345_678), BusField("cell", 1, index: 1),
        BusField("cell", 65_535, index: 2), BusField("cell", 0, index: 3),
    ]

    private func all(_ relays: [Int]) -> [BusField] {
        said + (1...10).map { BusField("relay", relays.contains($0) ? 1 : 0, index: $0) }
            + [BusField("kind", 0xb), BusField("phase", 3)]
    }

    @Test(arguments: checks)
    func `is written and read back, whatever its check`(check: FrameCheck) throws {
        let drawing = drawn(check)
        let language = BusLanguage.frames(drawing)
        let question = BusQuestion.frame(name: "ask", fields: [BusField("port", 7)])
        let packet = try language.packet(for: question, to: 0x1234)
        #expect(packet.prefix(6) == [0xaa, 0x55, 0x34, 0x12, UInt8(packet.count - 2), 7])
        #expect(
            drawing.judgeRequest(packet.span, at: 0x1234)
                == .answer(
                    .frame(
                        name: "ask", fields: [BusField("address", 0x1234), BusField("port", 7)]),
                    length: packet.count))
        let fields = all([1, 9])
        let reply = try drawing.bytes("say", fields, at: 0x1234)
        #expect(reply.count == drawing.length(of: try #require(drawing.frame("say"))))
        let heard = heard(reply, language, after: question, at: 0x1234)
        #expect(heard == BusHearing(answers: [.frame(name: "say", fields: fields)]))
        #expect(language.reply(to: question, at: 1) == .wanted(withinMilliseconds: 250))
    }

    @Test(arguments: checks)
    func `with any one bit wrong is refused`(check: FrameCheck) throws {
        let drawing = drawn(check)
        let question = BusQuestion.frame(name: "ask", fields: [BusField("port", 7)])
        let reply = try drawing.bytes("say", all([]), at: 0x1234)
        // What the check does not cover is fixed here, but for the last byte before it.
        let uncovered = check.before == 0 ? [] : [reply.count - 4]
        for bit in 0..<8 * reply.count where !uncovered.contains(bit / 8) {
            var broken = reply
            broken[bit / 8] ^= 1 << (bit % 8)
            var listener = BusListener(.frames(drawing), after: question, at: 0x1234)
            listener.hear(broken)
            #expect(listener.heard.answers.isEmpty, "bit \(bit)")
        }
    }

    @Test func `is found in any noise, and behind a broken one`() throws {
        var random = Xorshift(seed: 6)
        let drawing = drawn(FrameCheck(kind: .crc16))
        let question = BusQuestion.frame(name: "ask", fields: [BusField("port", 7)])
        let reply = try drawing.bytes("say", all([2]), at: 0x1234)
        for _ in 0..<100 {
            var broken = Array(reply.prefix(random.below(reply.count)))
            broken += random.bytes(random.below(9)) + reply
            let heard = heard(broken, .frames(drawing), after: question, at: 0x1234)
            #expect(heard.answers.count == 1)
        }
    }

    @Test func `that a box sends by itself is acknowledged with its own fields`() throws {
        let drawing = drawn(FrameCheck(kind: .xor))
        let alarm = try drawing.bytes("alarm", [BusField("port", 9)], at: 5)
        let heard = heard(alarm, .frames(drawing), after: nil, at: 5)
        let push = try #require(heard.pushes.first)
        let answer = BusLanguage.frames(drawing).acknowledgement(of: push, at: 5)
        #expect(answer == [0xaa, 0x58, 9, 0xaa ^ 0x58 ^ 9])
        #expect(BusLanguage.frames(.wkly).acknowledgement(of: push, at: 5) == nil)
    }

    @Test func `with a digit that is none says nothing`() throws {
        let drawing = drawn(FrameCheck(kind: .xor))
        let question = BusQuestion.frame(name: "ask", fields: [BusField("port", 7)])
        var reply = try drawing.bytes("say", all([]), at: 0x1234)
        reply[8] ^= 0x0c
        reply[reply.count - 2] ^= 0x0c
        let heard = heard(reply, .frames(drawing), after: question, at: 0x1234)
        #expect(heard.answers.isEmpty)
        #expect(heard.damages.first == .content)
    }

    @Test(
        arguments: [
            (FieldForm(bytes: 1), 256), (FieldForm(bytes: 1), -1),
            (FieldForm(bytes: 2, isSigned: true), 32_768),
            (FieldForm(bytes: 2, isSigned: true), -32_769), (FieldForm(bytes: 1, isBCD: true), 100),
            (FieldForm(bytes: 2, isBCD: true), -1), (FieldForm(bytes: 0), 0),
            (FieldForm(bytes: 9), 0), (FieldForm(bytes: 8), -1),
        ] as [(FieldForm, Int64)])
    func `has no place for a number that does not fit`(form: FieldForm, number: Int64) {
        #expect(form.encoded(number) == nil)
    }

    @Test func `keeps the largest numbers`() {
        for form in [
            FieldForm(bytes: 8, isSigned: true), FieldForm(bytes: 8, isLittleEndian: true),
        ] {
            let bytes = form.encoded(.max) ?? []
            #expect(form.number(in: bytes.span) == .max)
        }
        let least = FieldForm(bytes: 8, isSigned: true).encoded(.min) ?? []
        #expect(FieldForm(bytes: 8, isSigned: true).number(in: least.span) == .min)
        #expect(FieldForm(bytes: 8).number(in: least.span) == nil)
        let decimal = FieldForm(bytes: 8, isBCD: true).encoded(9_999_999_999_999_999) ?? []
        #expect(decimal == [UInt8](repeating: 0x99, count: 8))
    }

    @Test func `never traps, whatever is drawn and whatever the line says`() throws {
        for check in checks {
            let drawing = drawn(check)
            let good = [
                try drawing.bytes("say", all([3]), at: 1),
                try drawing.bytes("alarm", [BusField("port", 1)], at: 1),
            ]
            expectNeverTraps(
                .frames(drawing), [.frame(name: "ask", fields: [BusField("port", 7)]), nil],
                around: good, seed: 3)
        }
        let odd = FrameLanguageSettings(
            check: FrameCheck(kind: .crc16, from: 40, before: 90),
            frames: [
                FrameSettings(
                    name: "odd", role: .push,
                    tokens: [
                        .field(name: "x", form: FieldForm(bytes: 12)), .check,
                        .list(name: "y", form: FieldForm(bytes: 0), count: -3),
                        .bits(name: "z", count: -1, isHighFirst: true), .skipped(count: -2),
                    ]),
                FrameSettings(name: "none", role: .push, tokens: []),
            ])
        expectNeverTraps(.frames(odd), [nil], around: [], seed: 5)
    }
}

@Suite struct `A point of a frame` {
    private let now = Instant(nanoseconds: 5)

    private func point(_ places: [FramePlace]) -> PointSettings {
        PointSettings(
            name: "door.3", kind: .state, source: .fields(at: places), states: ["open", "closed"],
            meanings: [.init(raw: 0, state: 0), .init(raw: 0x11, state: 1)])
    }

    @Test func `is the field of the lock that it is about`() {
        let door = point([
            FramePlace(frame: "query.reply", field: "code", index: 3, selector: "lock"),
            FramePlace(frame: "push", field: "code", index: 3, selector: "lock"),
        ])
        let asked = BusQuestion.frame(name: "query", fields: [BusField("lock", 3)])
        let fields = [BusField("address", 1), BusField("lock", 3), BusField("code", 0x11)]
        for name in ["query.reply", "push"] {
            let answer = BusAnswer.frame(name: name, fields: fields)
            #expect(door.reading(in: answer, to: asked, at: now)?.value == .one)
            #expect(door.number(in: answer, to: asked) == DecimalNumber(0x11))
        }
        let other = [BusField("lock", 4), BusField("code", 0x11)]
        #expect(door.number(in: .frame(name: "push", fields: other), to: asked) == nil)
        #expect(door.number(in: .frame(name: "open.reply", fields: fields), to: asked) == nil)
        // A board that does not repeat the lock's number.
        let bare = BusAnswer.frame(name: "query.reply", fields: [BusField("code", 0)])
        #expect(door.number(in: bare, to: asked) == .zero)
    }

    @Test func `is one of several of a name`() {
        let door = point([FramePlace(frame: "query.reply", field: "lock", index: 3)])
        let fields = (1...4).map { BusField("lock", $0 == 3 ? 0x11 : 0, index: $0) }
        let answer = BusAnswer.frame(name: "query.reply", fields: fields)
        #expect(
            door.number(in: answer, to: .frame(name: "query", fields: []))
                == DecimalNumber(0x11))
    }
}

@Suite struct `A step of an action` {
    private let arguments = ["lock": DecimalNumber(3), "ms": DecimalNumber(700)]

    @Test func `asks with the action's arguments`() throws {
        let send = ActionStep.send(
            frame: "open",
            fields: [
                FrameArgument(
                    name: "lock",
                    value: Expression(argument: "lock", plus: DecimalNumber(-1))),
                FrameArgument(name: "light.2", value: Expression(plus: .one)),
            ])
        #expect(
            try send.question(arguments: arguments)
                == .frame(
                    name: "open", fields: [BusField("lock", 2), BusField("light", 1, index: 2)]))
        let flash = ActionStep.write(
            table: .coil,
            address: Expression(argument: "lock", plus: DecimalNumber(0x1ff)),
            values: [
                Expression(argument: "ms", times: DecimalNumber(mantissa: 1, places: 2))
            ])
        #expect(
            try flash.question(arguments: arguments)
                == .write(.coil, address: 0x202, values: [7]))
        let cold = ActionStep.write(
            table: .holding, address: Expression(plus: .zero),
            values: [Expression(plus: DecimalNumber(-50))])
        #expect(
            try cold.question(arguments: [:]) == .write(.holding, address: 0, values: [0xffce]))
        #expect(
            try ActionStep.raw(bytes: [0x42], replyCount: 1).question(arguments: [:])
                == .raw(bytes: [0x42], replyCount: 1))
    }

    @Test func `asks nothing where it is no question`() throws {
        for step in [
            ActionStep.wait(milliseconds: 1), .read(points: ["door.1"]),
            .set(terminal: 0, isActive: true), .perform(action: "open", arguments: []),
            .until(Condition(all: []), atMostMilliseconds: 1),
        ] {
            #expect(try step.question(arguments: arguments) == nil)
        }
    }

    @Test func `is refused without its argument, with half a number, and beyond a register`() {
        func flaw(_ value: Expression) -> BusQuestionFlaw? {
            do throws(BusQuestionFlaw) {
                _ = try ActionStep.write(
                    table: .holding, address: Expression(plus: .zero), values: [value]
                ).question(arguments: arguments)
                return nil
            } catch {
                return error
            }
        }
        #expect(flaw(Expression(argument: "door")) == .missing("door"))
        let half = DecimalNumber(mantissa: 5, places: 1)
        #expect(flaw(Expression(argument: "lock", times: half)) != nil)
        #expect(flaw(Expression(plus: DecimalNumber(65_536))) != nil)
        #expect(flaw(Expression(plus: DecimalNumber(-32_769))) != nil)
        #expect(flaw(Expression(argument: "lock", times: DecimalNumber(.max))) != nil)
        #expect(flaw(Expression(plus: DecimalNumber(65_535))) == nil)
    }
}
