// JUY charging boards: the document's frames, right and wrong, and what a board wants to hear.

import Testing

@testable import StationCore

private let board = BusLanguage.codec(name: .juy)

private func ask(_ name: String, _ fields: [(String, Int64)] = []) -> BusQuestion {
    .frame(name: name, fields: fields.map { BusField($0.0, $0.1) })
}

private func fields(_ answers: [BusAnswer]) -> [BusField] {
    guard case .frame(_, let fields) = answers.first else { return [] }
    return fields
}

private let login = hex(
    "5AA5490081003836313139373036323933343338370A4A55595F42325F513830304D5F315F30"
        + "4A55595F42325F434F4D4D5F56312E3738393836303445383130323343303936333733311B005F")
private let boardNumber = hex("38 36 37 39 32 34 30 36 30 35 32 35 37 30 39")
private let stop = ask("stop", [("port", 2), ("order", 1)])
private let start = ask(
    "start",
    [("port", 2), ("order", 1), ("source", 1), ("mode", 1), ("amount", 1_000), ("money", 100)])

@Suite struct `A JUY charging board` {
    /// "TCP 通信协议" V1.2, §3.1: the login of a ten-way board and its answers.
    @Test func `logs in, and is welcomed without its number`() throws {
        let heard = heard(login, board, after: nil)
        let values = fields(heard.pushes)
        #expect(heard.pushes.count == 1 && heard.noise == 0)
        #expect(values.value("imei") == 861_197_062_934_387)
        #expect(values.value("ports") == 10 && values.value("signal") == 0x1b)
        #expect(values.value("reason") == 0)
        let push = try #require(heard.pushes.first)
        let welcome = try #require(board.acknowledgement(of: push, at: 0))
        #expect(welcome == JUY.frame(.login, [0, 0, 0, 0, 0, 0, 0, 10, 0]))
        // The document's own that asks for the number; its other has two bytes too many.
        let asking = hex("5A A5 0C 00 81 00 00 00 00 00 00 00 00 00 F0 7D")
        guard case .question(.frame("login", _), 16) = board.hear(asking.span, at: 0) else {
            Issue.record("not heard")
            return
        }
        let longer = hex("5AA50C00810000000000000000000000008D")
        guard case .noise = board.hear(longer.span, at: 0), longer.count == 18 else {
            Issue.record("heard")
            return
        }
    }

    /// §3.2: right without and wrong with the numbers of bytes that the document prints.
    @Test func `says how its ports are`() throws {
        let bytes = JUY.frame(.heartbeat, [0x1f, 0x1e, 4, 0, 1, 2, 3])
        let heard = heard(bytes, board, after: nil)
        let values = fields(heard.pushes)
        #expect((1...4).map { values.value("state", $0) } == [0, 1, 2, 3])
        #expect(values.value("temperature") == 30)
        let push = try #require(heard.pushes.first)
        #expect(board.acknowledgement(of: push, at: 0) == hex("5A A5 04 00 82 00 00 86"))
    }

    @Test func `with its number before the data is understood`() {
        let data = boardNumber + [0x0e, 0x22, 12] + [UInt8](repeating: 0, count: 12)
        let bytes = JUY.frame(.heartbeat, data)
        #expect(bytes.prefix(5) == hex("5A A5 21 00 82")[...])
        #expect(bytes.last == 0xf5)
        let values = fields(heard(bytes, board, after: nil).pushes)
        #expect(values.value("temperature") == 34 && values.value("ports") == 12)
        // The document's sum is another.
        var wrong = bytes
        wrong[wrong.count - 1] = 0xf6
        let refused = heard(wrong, board, after: nil)
        #expect(refused.pushes.isEmpty && refused.damages.first == .checksum)
    }

    /// §3.2 and §3.3: the length says 17 where 15 follow, and 22 where 21 do.
    @Test(
        arguments: [
            "5A A5 11 00 82 1F 1E 0A 00 00 00 00 01 00 00 00 00 01 DC",
            "5A A5 16 00 83 00 02 01 00 00 00 01 00 00 00 00 01 E8 03 00 00 64 00 00 ED",
        ])
    func `with a wrong length waits, and does not swallow the next frame`(bytes: String) {
        let wrong = hex(bytes)
        #expect(heard(wrong, board, after: nil).pushes.isEmpty)
        let both = heard(wrong + login, board, after: nil)
        #expect(both.pushes.count == 1)
        #expect(both.damages.first == .checksum)
        guard case .incomplete = board.hear(wrong.span, at: 0) else {
            Issue.record("understood")
            return
        }
    }

    /// §3.3 with the fourth byte of its money, and §3.4.
    @Test func `is started and stopped as the document says`() throws {
        #expect(
            try board.packet(for: start, to: 0)
                == hex(
                    "5A A5 16 00 83 00 02 01 00 00 00 01 00 00 00 00 01 E8 03 00 00 64 00 00 00 ED")
        )
        #expect(try board.packet(for: stop, to: 0) == hex("5A A5 08 00 84 00 02 01 00 00 00 8F"))
        #expect(
            try board.packet(for: ask("parameters"), to: 0) == hex("5A A5 04 00 89 00 00 8D"))
        let mine = ask("start", [("port", 2), ("mode", 1), ("amount", 0), ("money", 0)])
        #expect(try board.packet(for: mine, to: 0)[11] == 3)
    }

    @Test func `says whether it started and stopped`() {
        func said(_ command: JUY.Command, _ data: String) -> BusHearing {
            heard(
                JUY.frame(command, hex(data)), board, after: command == .start ? start : stop)
        }
        #expect(
            fields(said(.start, "02 01000000 01 00").answers).value("result") == 0)
        #expect(said(.start, "02 01000000 01 01").answers == [.refused(code: 1)])
        #expect(said(.start, "02 01000000 01 02").answers == [.refused(code: 2)])
        #expect(fields(said(.stop, "02 01000000 00").answers).value("port") == 2)
        #expect(fields(said(.stop, "02 01000000 01").answers).value("result") == 1)
        #expect(said(.stop, "02 01000000 02").answers == [.refused(code: 2)])
        // Another port, another order, another command, too few bytes.
        #expect(said(.stop, "03 01000000 00").damages == [.content])
        #expect(said(.stop, "02 02000000 00").damages == [.content])
        #expect(
            heard(JUY.frame(.start, hex("02 01000000 01 00")), board, after: stop).foreign == [14])
        #expect(said(.stop, "02 01000000").damages == [.length])
    }

    /// §3.8: ports 1 and 5 of a board charge.
    @Test func `says what each port that charges does, and that the others do not`() {
        let bytes = JUY.frame(
            .ports,
            hex("02 9808 1E")
                + hex("01 02 1900 F401 3C000000 0A00 10000000 28")
                + hex("05 00 1400 6400 78000000 0500 02000000 1F"))
        for question in [ask("ports"), nil] {
            let heard = heard(bytes, board, after: question)
            #expect(heard.answers.count == (question == nil ? 0 : 1))
            let values = fields(heard.answers + heard.pushes)
            #expect(values.value("voltage") == 2_200 && values.value("temperature") == 30)
            #expect(values.value("power", 1) == 500 && values.value("power", 5) == 100)
            #expect(values.value("energy", 1) == 16 && values.value("seconds", 5) == 120)
            #expect(values.value("heat", 1) == 40)
            #expect(values.value("charging", 1) == 1 && values.value("charging", 2) == 0)
            #expect(values.value("power", 2) == nil)
            #expect(values.value("energy", 2) == nil)
        }
        let twice = JUY.frame(
            .ports,
            hex("02 9808 1E") + hex("01 02 1900 F401 3C000000 0A00 10000000 28")
                + hex("01 00 1400 6400 78000000 0500 02000000 1F"))
        #expect(heard(twice, board, after: ask("ports")).damages == [.length])
    }

    /// §3.5: with two tiers and eight bytes in reserve. A card's number is not read.
    @Test func `reports an end until it is acknowledged`() throws {
        let bytes = JUY.frame(
            .end,
            hex(
                "01 01000000 E8030000 10000000 0A000000 00 0E00 12345678 02 F401 1900 F401 1E00"
                    + "0000000000000000"))
        #expect(bytes[2] == 0x2c)
        let heard = heard(bytes, board, after: stop)
        let values = fields(heard.pushes)
        let expected: [(String, Int64)] = [
            ("port", 1), ("order", 1), ("seconds", 1_000), ("energy", 16), ("money", 10),
            ("reason", 0), ("power", 14), ("tiers", 2),
        ]
        for (name, value) in expected { #expect(values.value(name) == value, "\(name)") }
        #expect(values.value("card") == nil)
        let push = try #require(heard.pushes.first)
        #expect(board.acknowledgement(of: push, at: 0) == JUY.frame(.end, hex("01 01000000")))
    }

    /// §3.5's frame of a board that was told to begin with its own number.
    @Test func `reports an end behind its own number`() throws {
        let bytes = JUY.frame(
            .end,
            hex(
                "38 36 37 39 32 34 30 36 30 35 32 35 37 30 39 01 01000000 E8030000 10000000"
                    + "0A000000 00 0E00 00000000 02 F401 1900 F401 1E00 0000000000000000"))
        let heard = heard(bytes, board, after: nil)
        let values = fields(heard.pushes)
        for (name, value) in [("port", 1), ("order", 1), ("seconds", 1_000), ("energy", 16)] {
            #expect(values.value(name) == Int64(value), "\(name)")
        }
        let push = try #require(heard.pushes.first)
        #expect(board.acknowledgement(of: push, at: 0) == JUY.frame(.end, hex("01 01000000")))
    }

    /// §3.5's own frame says D4 where its sum is DB.
    @Test func `is not taken at the word of an example with a wrong sum`() {
        let printed = hex(
            "5A A5 2C 00 85 00 01 01 00 00 00 E8 03 00 00 10 00 00 00 0A 00 00 00 00 00 00 00"
                + "00 00 00 00 00 02 F4 01 19 00 F4 01 1E 00 00 00 00 00 00 00 D4")
        let refused = heard(printed, board, after: nil)
        #expect(refused.pushes.isEmpty && refused.damages.first == .checksum)
        var right = printed
        right[47] = 0xdb
        #expect(heard(right, board, after: nil).pushes.count == 1)
    }

    /// §3.10 and §3.12: frames of commands that are not ours.
    @Test(
        arguments: [
            "5AA50400F50000F9",
            "5AA547008A0000D002D0026400640064006400640064006400640064006400640064006400640064006400"
                + "203000009001090000000000000000000000000000000000000000000004",
        ])
    func `that is told something by another is not listened to`(bytes: String) {
        let heard = heard(hex(bytes), board, after: ask("parameters"))
        #expect(heard.answers.isEmpty && heard.pushes.isEmpty)
    }

    /// §3.9, the table of parameters as it is printed there.
    @Test func `says its thresholds`() {
        let bytes = hex(
            "5aa5 4700 89 00 00 f000 0000 0a00 c800 2c01 f401 2003 e803 dc05 d007 c409 1400 1900"
                + "1e00 3c00 5a00 6400 9b00 ff00 0f 7800 00 5a 00 08 00000000 00 7800 7800 00 02"
                + "0000000000000000000000 01")
        let heard = heard(bytes, board, after: ask("parameters"))
        let values = fields(heard.answers)
        #expect(heard.answers.count == 1, "\(heard)")
        #expect(values.value("floatPower") == 15 && values.value("floatMinutes") == 120)
        #expect(values.value("hottest") == 90 && values.value("unplugPower") == 2)
        #expect((1...3).map { values.value("tier", $0) } == [200, 300, 500])
    }

    @Test func `is heard by a simulated one, and answers as it is given`() throws {
        let packet = try board.packet(for: start, to: 0)
        guard
            case .question(.frame("start", let told), packet.count) = board.hear(packet.span, at: 0)
        else {
            Issue.record("not heard")
            return
        }
        #expect(told.value("amount") == 1_000 && told.value("mode") == 1)
        let done = try #require(
            board.bytes(of: .done, to: .frame(name: "start", fields: told), at: 0))
        #expect(fields(heard(done, board, after: start).answers).value("result") == 0)
        let no = try #require(
            board.bytes(of: .refused(code: 2), to: .frame(name: "start", fields: told), at: 0))
        #expect(heard(no, board, after: start).answers == [.refused(code: 2)])
        for (name, said) in [
            (
                "heartbeat",
                [BusField("signal", 9), BusField("temperature", 31)]
                    + [1, 0, 3].enumerated().map { BusField("state", $1, index: $0 + 1) }
            ),
            (
                "end",
                [("port", 3), ("order", 7), ("seconds", 60), ("energy", 5), ("reason", 8)].map {
                    BusField($0.0, $0.1)
                }
            ),
            ("login", [BusField("imei", 861_197_062_934_387), BusField("ports", 12)]),
            ("ports", [BusField("charging", 1, index: 4), BusField("power", 350, index: 4)]),
        ] as [(String, [BusField])] {
            let bytes = try #require(board.bytes(ofPush: .frame(name: name, fields: said), at: 0))
            let heard = fields(heard(bytes, board, after: nil).pushes)
            for field in said {
                #expect(heard.value(field.name, field.index) == field.value, "\(name) \(field)")
            }
        }
    }

    @Test func `is found behind halves of frames`() {
        var random = Xorshift(seed: 15)
        for _ in 0..<60 {
            let half = Array(login.prefix(random.below(login.count)))
            let heard = heardAtLast(
                half + random.bytes(random.below(6)) + login, board, after: nil)
            #expect(heard.pushes.count == 1)
        }
    }

    @Test func `never traps, whatever the line says`() {
        expectNeverTraps(
            board, [start, stop, ask("ports"), ask("parameters"), ask("meter"), nil],
            around: [login, JUY.frame(.ports, hex("00 9808 1E"))], seed: 41)
    }
}
