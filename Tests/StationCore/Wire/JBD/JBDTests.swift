// Battery boards: the protocol's own examples, a copy of them that is wrong, and lines.

import Testing

@testable import StationCore

private let board = BusLanguage.codec(name: .jbd)

private func ask(_ name: String, _ fields: [BusField] = []) -> BusQuestion {
    .frame(name: name, fields: fields)
}

private func fields(_ heard: BusHearing) -> [BusField] {
    guard case .frame(_, let fields) = heard.answers.first else { return [] }
    return fields
}

/// V13's example of a pack of fifteen cells.
private let basic = hex(
    """
    DD 03 00 1B 17 00 00 00 02 D0 03 E8 00 00 20 78 00 00 00 00 00 00 10 48 03 0F 02 0B 76 0B 82
    FB FF 77
    """.replacing("\n", with: " "))
private let cells = hex(
    """
    DD 04 00 1E 0F 66 0F 63 0F 63 0F 64 0F 3E 0F 63 0F 37 0F 5B 0F 65 0F 3B 0F 63 0F 63 0F 3C
    0F 66 0F 3D F9 F9 77
    """.replacing("\n", with: " "))

@Suite struct `A JBD battery board` {
    /// JBD's "Software Board General Protocol V13".
    @Test(
        arguments: [
            ("basic", "DD A5 03 00 FF FD 77"), ("cells", "DD A5 04 00 FF FC 77"),
            ("name", "DD A5 05 00 FF FB 77"), ("counts", "DD A5 AA 00 FF 56 77"),
        ])
    func `is asked as its protocol shows`(name: String, bytes: String) throws {
        #expect(try board.packet(for: ask(name), to: 0) == hex(bytes))
        #expect(board.hear(hex(bytes).span, at: 0) == .question(ask(name), length: 7))
    }

    @Test func `says how its pack is`() {
        let heard = heard(basic, board, after: ask("basic"))
        let values = fields(heard)
        #expect(heard.answers.count == 1 && heard.noise == 0 && heard.damages.isEmpty)
        let expected: [(String, Int64)] = [
            ("voltage", 5_888), ("current", 0), ("remaining", 720), ("capacity", 1_000),
            ("cycles", 0), ("year", 2_016), ("month", 3), ("day", 24), ("version", 0x10),
            ("charge", 72), ("charging", 1), ("discharging", 1), ("cells", 15),
        ]
        for (name, value) in expected { #expect(values.value(name) == value, "\(name)") }
        #expect(values.value("temperature", 1) == 2_934)
        #expect(values.value("temperature", 2) == 2_946)
        #expect(values.value("temperature", 3) == nil)
        #expect(values.value("balancing", 32) == 0 && values.value("protection", 16) == 0)
    }

    @Test func `says each cell, its name and how often it tripped`() {
        let values = fields(heard(cells, board, after: ask("cells")))
        #expect(values.value("cell", 1) == 3_942 && values.value("cell", 15) == 3_901)
        #expect(values.value("highest") == 3_942 && values.value("lowest") == 3_895)
        let name = hex("DD 05 00 0A 30 31 32 33 34 35 36 37 38 39 FD E9 77")
        let letters = fields(heard(name, board, after: ask("name")))
        #expect(letters.map(\.value) == (0x30...0x39).map { $0 })
        let counts = hex("DD AA 00 18") + [UInt8](repeating: 0, count: 24) + hex("FF E8 77")
        #expect(fields(heard(counts, board, after: ask("counts"))).count == 12)
    }

    /// esphome-jbd-bms and others; V13 has the other frame.
    @Test(
        arguments: [
            (1, 1, "DD 5A E1 02 00 00 FF 1D 77"), (0, 1, "DD 5A E1 02 00 01 FF 1C 77"),
            (1, 0, "DD 5A E1 02 00 02 FF 1B 77"),
        ] as [(Int64, Int64, String)])
    func `is told which current to let through`(
        charging: Int64, discharging: Int64, bytes: String
    ) throws {
        let told = [BusField("charging", charging), BusField("discharging", discharging)]
        #expect(try board.packet(for: ask("mos", told), to: 0) == hex(bytes))
        #expect(board.hear(hex(bytes).span, at: 0) == .question(ask("mos", told), length: 9))
        #expect(
            heard(hex("DD E1 00 00 00 00 77"), board, after: ask("mos", told)).answers == [.done])
        let v13 = ask("mosV13", [BusField("which", 1), BusField("what", 1)])
        #expect(try board.packet(for: v13, to: 0) == hex("DD 5A FB 02 01 01 FF 01 77"))
        #expect(heard(hex("DD FB 00 00 00 00 77"), board, after: v13).answers == [.done])
    }

    /// A copy of V13 in mahmoudamr1205/Electra_Bike has three bytes too many.
    @Test func `with stray bytes inside is not believed`() {
        let wrong = Array(basic.dropLast(3)) + [0xaa, 0xbb, 0xcc] + Array(basic.suffix(3))
        let heard = heard(wrong + basic, board, after: ask("basic"))
        #expect(heard.answers.count == 1)
        #expect(heard.damages.first == .ending)
    }

    @Test func `refuses with a code`() {
        let refusal = JBD.frame([0xdd, 0x03], [0x80, 0])
        #expect(heard(refusal, board, after: ask("basic")).answers == [.refused(code: 0x80)])
    }

    @Test func `answering something else has not answered`() {
        #expect(heard(cells, board, after: ask("basic")).damages == [.content])
        #expect(heard(basic, board, after: nil) == BusHearing(foreign: [basic.count]))
        let request = hex("DD A5 03 00 FF FD 77")
        #expect(heard(request + basic, board, after: ask("basic")).foreign == [7])
        let short = JBD.frame([0xdd, 0x03], [0, 1, 0])
        #expect(heard(short, board, after: ask("basic")).damages == [.length])
        let odd = JBD.frame([0xdd, 0x04], [0, 3, 1, 2, 3])
        #expect(heard(odd, board, after: ask("cells")).damages == [.length])
    }

    @Test func `that is simulated says what it is given`() throws {
        var given = [
            BusField("voltage", 4_812), BusField("current", -1_250), BusField("remaining", 500),
            BusField("capacity", 2_000), BusField("cycles", 12), BusField("year", 2_024),
            BusField("month", 2), BusField("day", 29), BusField("version", 0x21),
            BusField("charge", 25), BusField("charging", 0), BusField("discharging", 1),
            BusField("cells", 13),
        ]
        given += (1...32).map { BusField("balancing", $0 == 17 ? 1 : 0, index: $0) }
        given += (1...16).map { BusField("protection", $0 == 4 ? 1 : 0, index: $0) }
        given += [BusField("temperature", 2_931, index: 1)]
        let answer = BusAnswer.frame(name: "basic", fields: given)
        let bytes = try #require(board.bytes(of: answer, to: ask("basic"), at: 0))
        #expect(heard(bytes, board, after: ask("basic")).answers == [answer])
        let done = try #require(board.bytes(of: .done, to: ask("mos"), at: 0))
        #expect(done == hex("DD E1 00 00 00 00 77"))
        let no = try #require(board.bytes(of: .refused(code: 0x81), to: ask("mos"), at: 0))
        #expect(heard(no, board, after: ask("mos")).answers == [.refused(code: 0x81)])
    }

    @Test func `is not told what cannot be`() {
        func flaw(_ question: BusQuestion) -> BusQuestionFlaw? {
            do throws(BusQuestionFlaw) {
                _ = try board.packet(for: question, to: 0)
                return nil
            } catch {
                return error
            }
        }
        #expect(flaw(ask("reset")) == .frame("reset"))
        #expect(flaw(ask("mos")) == .missing("charging"))
        #expect(
            flaw(ask("mos", [BusField("charging", 2), BusField("discharging", 0)]))
                == .value("charging", DecimalNumber(2)))
        #expect(flaw(.read(.coil, address: 0, count: 1)) == .language)
    }

    @Test func `is found behind halves of frames`() {
        var random = Xorshift(seed: 14)
        for _ in 0..<60 {
            let half = Array(basic.prefix(random.below(basic.count)))
            let noise = random.bytes(random.below(6))
            let heard = heardAtLast(half + noise + basic, board, after: ask("basic"))
            #expect(heard.answers.count == 1)
        }
    }

    @Test func `never traps, whatever the line says`() {
        expectNeverTraps(
            board, ["basic", "cells", "name", "counts", "mos"].map { ask($0) } + [nil],
            around: [basic, cells], seed: 31)
    }
}
