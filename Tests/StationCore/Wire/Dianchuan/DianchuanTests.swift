// 电川 charging boards: frames that were captured, and what a board wants to hear.

import Testing

@testable import StationCore

private let board = BusLanguage.codec(name: .dianchuan)

private func ask(_ name: String, _ fields: [(String, Int64)] = []) -> BusQuestion {
    .frame(name: name, fields: fields.map { BusField($0.0, $0.1) })
}

private func fields(_ answers: [BusAnswer]) -> [BusField] {
    guard case .frame(_, let fields) = answers.first else { return [] }
    return fields
}

@Suite struct `A Dianchuan charging board` {
    /// jsqinyunzhen/stm32_demo_rtxos, uart_dc/dianchuan.c: frames in its comments.
    @Test(
        arguments: [
            (ask("states"), "EE 09 01 00 00 00 00 00 00 00 08"),
            (
                ask("start", [("port", 1), ("amount", 1)]),
                "EE 0D 02 00 00 00 00 00 00 01 00 00 00 01 0F"
            ),
            (ask("port", [("port", 0)]), "EE 09 06 00 00 00 00 00 00 00 0F"),
        ])
    func `is asked as was captured`(question: BusQuestion, bytes: String) throws {
        #expect(try board.packet(for: question, to: 0) == hex(bytes))
    }

    @Test func `says which ports charge`() {
        let idle = hex("66 13 01 00 00 00 00 00 00 0A 01 01 01 01 01 01 01 01 01 01 18")
        let values = fields(heard(idle, board, after: ask("states")).answers)
        #expect(values.value("count") == 10)
        #expect((1...10).allSatisfy { values.value("state", $0) == 1 })
        let first = hex("66 13 01 00 00 00 00 00 00 0A 02 01 01 01 01 01 01 01 01 01 1B")
        #expect(fields(heard(first, board, after: ask("states")).answers).value("state", 1) == 2)
    }

    @Test func `says whether it started`() {
        let start = ask("start", [("port", 1), ("amount", 1)])
        let done = hex("66 0A 02 00 00 00 00 00 00 01 01 08")
        #expect(fields(heard(done, board, after: start).answers).value("result") == 1)
        let other = hex("66 0A 02 00 00 00 00 00 00 00 01 09")
        #expect(heard(other, board, after: start).damages == [.content])
        let no = Dianchuan.frame(0x66, .start, 0, [1, 2])
        #expect(heard(no, board, after: start).answers == [.refused(code: 2)])
    }

    /// A capture there: a board ends port 10 with EE in front, whatever an older reader wants.
    @Test(arguments: [
        "EE 0C 05 30 30 30 30 30 30 0A 00 00 00 03",
        "66 0C 05 30 30 30 30 30 30 0A 00 00 00 03",
    ])
    func `reports an end until it is acknowledged`(bytes: String) throws {
        let heard = heard(hex(bytes), board, after: ask("states"))
        let values = fields(heard.pushes)
        #expect(values.value("port") == 10 && values.value("reason") == 0)
        #expect(values.value("session") == 0x3030_3030_3030)
        let push = try #require(heard.pushes.first)
        let answer = try #require(board.acknowledgement(of: push, at: 0))
        #expect(answer.first == (hex(bytes)[0] == 0xee ? 0x66 : 0xee))
        #expect(Array(answer.dropFirst()) == hex("09 05 30 30 30 30 30 30 01 0D"))
        let zero = BusAnswer.frame(name: "end", fields: [BusField("head", 0xee)])
        #expect(
            board.acknowledgement(of: zero, at: 0) == hex("66 09 05 00 00 00 00 00 00 01 0D"))
    }

    /// The same file has one frame with a check that fits nothing.
    @Test func `with a wrong check is not believed`() {
        let wrong = hex("EE 09 01 00 00 00 00 00 00 00 C7")
        guard case .noise = board.hear(wrong.span, at: 0) else {
            Issue.record("heard")
            return
        }
        var idle = hex("66 13 01 00 00 00 00 00 00 0A 01 01 01 01 01 01 01 01 01 01 18")
        idle[12] = 3
        let heard = heard(idle, board, after: ask("states"))
        #expect(heard.answers.isEmpty && heard.damages.first == .checksum)
    }

    /// What the reference gets wrong: its powers stand two bytes apart.
    @Test func `says all its ports at once`() throws {
        var said = [BusField("current", 31), BusField("temperature", 0xff)]
        for port in 1...10 {
            said.append(BusField("charging", port == 3 || port == 10 ? 1 : 0, index: port))
            said.append(BusField("power", Int64(port * 1_000 % 700), index: port))
            said.append(BusField("left", Int64(port * 30), index: port))
        }
        let bytes = try #require(
            board.bytes(of: .frame(name: "all", fields: said), to: ask("all"), at: 0))
        #expect(bytes.count == 2 + 8 + 45)
        #expect(Array(bytes[12...13]) == hex("02 04"))
        let values = fields(heard(bytes, board, after: ask("all")).answers)
        for field in said {
            #expect(values.value(field.name, field.index) == field.value, "\(field)")
        }
        #expect(values.value("relays") == nil)
    }

    @Test func `repeats the session that it was asked with`() throws {
        let asked = ask("version", [("session", 0x0102_0304_0506)])
        let packet = try board.packet(for: asked, to: 0)
        #expect(Array(packet[3..<9]) == [1, 2, 3, 4, 5, 6])
        let right = Dianchuan.frame(0x66, .version, 0x0102_0304_0506, [0, 7])
        #expect(fields(heard(right, board, after: asked).answers).value("version") == 7)
        let wrong = Dianchuan.frame(0x66, .version, 1, [0, 7])
        #expect(heard(wrong, board, after: asked).damages == [.content])
        #expect(throws: BusQuestionFlaw.value("session", DecimalNumber(-1))) {
            try board.packet(for: ask("version", [("session", -1)]), to: 0)
        }
    }

    @Test func `takes its thresholds, and says them`() throws {
        let told = ask("float", [("power", 0x10), ("seconds", 0x80)])
        #expect(
            try board.packet(for: told, to: 0) == Dianchuan.frame(0xee, .float, 0, [0, 16, 0, 128]))
        #expect(
            heard(Dianchuan.frame(0x66, .float, 0, [1]), board, after: told).answers == [.done])
        #expect(
            heard(Dianchuan.frame(0x66, .float, 0, [0]), board, after: told).answers
                == [.refused(code: 0)])
        let most = ask("limits", [("most", 500)])
        #expect(
            try board.packet(for: most, to: 0)
                == Dianchuan.frame(0xee, .limits, 0, hex("01F4 00 00FF 00FF 00FF")))
        let floats = Dianchuan.frame(
            0x66, .floats, 0, hex("0001 0002 0003 00 05 0096 0078"))
        let values = fields(heard(floats, board, after: ask("floats")).answers)
        #expect(values.value("power") == 150 && values.value("seconds") == 120)
    }

    /// A card's number and its refund may stand behind an end.
    @Test func `keeps a rider's card to itself`() {
        let bytes = Dianchuan.frame(0xee, .end, 0, hex("03 01E0 01 01020304 01 0055"))
        let values = fields(heard(bytes, board, after: nil).pushes)
        #expect(values.map(\.name) == ["port", "left", "reason", "session", "head"])
        #expect(values.value("left") == 480)
    }

    @Test func `tells a fault, and a coin that nobody acknowledges`() throws {
        let fault = Dianchuan.frame(0xee, .fault, 0, [0xff, 2])
        let push = try #require(heard(fault, board, after: nil).pushes.first)
        #expect(fields([push]).value("code") == 2)
        #expect(board.acknowledgement(of: push, at: 0) != nil)
        let coin = Dianchuan.frame(0xee, .coin, 0, [1, 2])
        let money = try #require(heard(coin, board, after: nil).pushes.first)
        #expect(board.acknowledgement(of: money, at: 0) == nil)
    }

    @Test func `does not take its own question for an answer`() throws {
        let packet = try board.packet(for: ask("states"), to: 0)
        let idle = hex("66 13 01 00 00 00 00 00 00 0A 01 01 01 01 01 01 01 01 01 01 18")
        let heard = heard(packet + idle, board, after: ask("states"))
        #expect(heard.foreign == [11] && heard.answers.count == 1)
    }

    @Test func `is heard by a simulated one, and answers as it is given`() throws {
        let start = ask("start", [("port", 4), ("amount", 90)])
        let packet = try board.packet(for: start, to: 0)
        guard
            case .question(.frame("start", let told), packet.count) = board.hear(packet.span, at: 0)
        else {
            Issue.record("not heard")
            return
        }
        #expect(told.value("amount") == 90 && told.value("session") == 0)
        let question = BusQuestion.frame(name: "start", fields: told)
        let done = try #require(board.bytes(of: .done, to: question, at: 0))
        #expect(fields(heard(done, board, after: start).answers).value("result") == 1)
        let no = try #require(board.bytes(of: .refused(code: 2), to: question, at: 0))
        #expect(heard(no, board, after: start).answers == [.refused(code: 2)])
        let end = BusAnswer.frame(
            name: "end", fields: [BusField("port", 4), BusField("left", 0), BusField("reason", 2)])
        let bytes = try #require(board.bytes(ofPush: end, at: 0))
        #expect(fields(heard(bytes, board, after: nil).pushes).value("reason") == 2)
        // The acknowledgement reaches it too.
        let seen = try #require(board.acknowledgement(of: end, at: 0))
        guard case .question(.frame("end", _), seen.count) = board.hear(seen.span, at: 0) else {
            Issue.record("not heard")
            return
        }
    }

    @Test func `never traps, whatever the line says`() {
        expectNeverTraps(
            board,
            ["states", "all", "version", "floats"].map { ask($0) }
                + [ask("start", [("port", 1), ("amount", 1)]), nil],
            around: [
                hex("66 13 01 00 00 00 00 00 00 0A 01 01 01 01 01 01 01 01 01 01 18"),
                hex("EE 0C 05 30 30 30 30 30 30 0A 00 00 00 03"),
            ], seed: 51)
    }
}
