// Frames drawn by a profile: the lock boards' published ones, and what lines do to them.

import Testing

@testable import StationCore

private let board8A = BusLanguage.frames(.lockboard8A)
private let wkly = BusLanguage.frames(.wkly)
private let kerong = BusLanguage.frames(.kerong)

private func ask(_ name: String, _ fields: [(String, Int64)] = []) -> BusQuestion {
    .frame(name: name, fields: fields.map { BusField($0.0, $0.1) })
}

private func frame(_ name: String, _ fields: [(String, Int64)]) -> BusAnswer {
    .frame(name: name, fields: fields.map { BusField($0.0, $0.1) })
}

@Suite struct `A lock board of the 8A kind` {
    /// OpenLuat's Air1601 locker demo: board 1, locks 1 to 12.
    @Test func `opens as the table of its maker says`() throws {
        let table = [
            "8A0101119B", "8A01021198", "8A01031199", "8A0104119E", "8A0105119F", "8A0106119C",
            "8A0107119D", "8A01081192", "8A01091193", "8A010A1190", "8A010B1191", "8A010C1196",
        ]
        for (index, bytes) in table.enumerated() {
            let packet = try board8A.packet(
                for: ask("open", [("lock", Int64(index + 1))]), to: 1)
            #expect(packet == hex(bytes))
        }
        #expect(try board8A.packet(for: ask("open", [("lock", 0)]), to: 1) == hex("8A0100119A"))
        #expect(try board8A.packet(for: ask("query", [("lock", 0)]), to: 1) == hex("80010033B2"))
    }

    /// The same log's successes, and the failure that is the request again.
    @Test(
        arguments: [
            (1, 0x00, "8A0101008A"), (2, 0x00, "8A01020089"), (12, 0x00, "8A010C0087"),
            (1, 0x11, "8A0101119B"),
        ] as [(Int64, Int64, String)])
    func `says what came of it`(lock: Int64, code: Int64, bytes: String) {
        let heard = heard(hex(bytes), board8A, after: ask("open", [("lock", lock)]))
        #expect(
            heard.answers == [
                frame("open.reply", [("address", 1), ("lock", lock), ("code", code)])
            ])
    }

    @Test func `is heard by itself, before an answer and without a question`() {
        let push = frame("push", [("address", 1), ("lock", 1), ("code", 0x11)])
        #expect(heard(hex("81010111 90"), board8A, after: nil) == BusHearing(pushes: [push]))
        let both = heard(
            hex("8101011190 8A01021199 8A01020089"), board8A, after: ask("open", [("lock", 2)]))
        #expect(both.pushes == [push])
        #expect(both.answers.count == 1)
        #expect(both.damages == [.checksum])
    }

    /// A log has it; its check should be 80.
    @Test func `is not believed with a wrong check`() {
        let wrong = heard(hex("8101010181"), board8A, after: nil)
        #expect(wrong.damages == [.checksum] && wrong.pushes.isEmpty)
        #expect(heard(hex("8101010180"), board8A, after: nil).pushes.count == 1)
    }

    /// An application for phones sends its frames as text.
    @Test func `is not understood in text`() {
        let text = Array("8a0101119b".utf8)
        let heard = heard(text, board8A, after: ask("open", [("lock", 1)]))
        #expect(heard == BusHearing(noise: text.count))
    }

    @Test func `of another number is foreign, and another lock's answer is none`() {
        let heard = heard(
            hex("8A02010089 8A01030088 8A0101008A"), board8A, after: ask("open", [("lock", 1)]))
        #expect(heard.foreign == [5])
        #expect(heard.damages == [.content])
        #expect(heard.answers.count == 1)
    }

    @Test func `is sent nothing that does not fit`() {
        func flaw(_ question: BusQuestion, to address: Int = 1) -> BusQuestionFlaw? {
            do throws(BusQuestionFlaw) {
                _ = try board8A.packet(for: question, to: address)
                return nil
            } catch {
                return error
            }
        }
        #expect(flaw(ask("open", [("lock", 256)])) == .value("lock", DecimalNumber(256)))
        #expect(flaw(ask("open", [("lock", -1)])) == .value("lock", DecimalNumber(-1)))
        #expect(flaw(ask("open")) == .missing("lock"))
        #expect(flaw(ask("push", [("lock", 1), ("code", 0)])) == .frame("push"))
        #expect(flaw(ask("close")) == .frame("close"))
        #expect(flaw(.read(.coil, address: 0, count: 1)) == .language)
        #expect(flaw(ask("open", [("lock", 1)]), to: 300) == .value("address", DecimalNumber(300)))
    }
}

@Suite struct `A lock board of the WKLY kind` {
    /// easyiot's README: board 0, lock 1.
    @Test func `opens and answers as was published`() throws {
        let open = ask("open", [("lock", 1)])
        #expect(try wkly.packet(for: open, to: 0) == hex("57 4B 4C 59 09 00 82 01 83"))
        let heard = heard(hex("57 4B 4C 59 0B 00 82 00 01 00 81"), wkly, after: open, at: 0)
        #expect(
            heard.answers == [
                frame(
                    "open.reply", [("address", 0), ("status", 0), ("lock", 1), ("door", 0)])
            ])
        #expect(wkly.reply(to: open, at: 0) == .optional(withinMilliseconds: 0))
    }

    /// Two more frames of published logs: the check is over all bytes, whatever one README says.
    @Test(
        arguments: [
            "57 4B 4C 59 0E 00 96 00 00 00 FF FF 01 90", "57 4B 4C 59 0A 00 81 00 01 83",
        ])
    func `has its check over all bytes`(bytes: String) {
        let frame = hex(bytes)
        #expect(ByteCheck.xor(frame.span) == 0)
        #expect(frame[4] == UInt8(frame.count))
    }

    @Test func `tells by itself which door has moved`() throws {
        let bytes = try FrameLanguageSettings.wkly.bytes(
            "push", [BusField("lock", 3), BusField("door", 1)], at: 1)
        #expect(bytes.prefix(9) == hex("57 4B 4C 59 0A 01 85 03 01")[...])
        #expect(
            heard(bytes, wkly, after: nil).pushes
                == [frame("push", [("address", 1), ("lock", 3), ("door", 1)])])
    }

    @Test func `with a wrong length is none`() {
        let query = ask("query", [("lock", 1)])
        let wrong = hex("57 4B 4C 59 0A 00 83 00 01 00 81")
        #expect(heard(wrong, wkly, after: query, at: 0) == BusHearing(noise: wrong.count))
        let other = hex("53 4B 4C 59 0B 00 83 00 01 00 84")
        #expect(heard(other, wkly, after: query, at: 0).answers.isEmpty)
    }
}

@Suite struct `A lock board of Kerong's` {
    /// suryavirkapur/kerong-lib's README.
    @Test func `is asked as was published`() throws {
        #expect(try kerong.packet(for: ask("open", [("lock", 0)]), to: 0) == hex("02 00 31 03 36"))
        #expect(try kerong.packet(for: ask("query"), to: 0) == hex("02 00 30 03 35"))
        #expect(try kerong.packet(for: ask("query"), to: 1) == hex("02 10 30 03 45"))
        #expect(try kerong.packet(for: ask("queryAll"), to: 0) == hex("02 F0 32 03 27"))
        #expect(try kerong.packet(for: ask("open", [("lock", 15)]), to: 2)[1] == 0x2f)
        #expect(throws: BusQuestionFlaw.value("lock", DecimalNumber(16))) {
            try kerong.packet(for: ask("open", [("lock", 16)]), to: 0)
        }
        #expect(throws: BusQuestionFlaw.value("address", DecimalNumber(16))) {
            try kerong.packet(for: ask("query"), to: 16)
        }
    }

    /// A public application sends `3E` for `45`.
    @Test func `takes no request with the sum of a well-known mistake`() {
        let wrong = hex("02 10 30 03 3E")
        #expect(
            FrameLanguageSettings.kerong.judgeRequest(wrong.span, at: 1)
                == .damaged(.checksum, length: 5))
    }

    @Test func `says every lock and every sensor in one answer`() throws {
        let query = ask("query")
        let bytes = try FrameLanguageSettings.kerong.bytes(
            "query.reply",
            [
                BusField("lock", 1, index: 1), BusField("lock", 1, index: 16),
                BusField("item", 1, index: 9),
            ], at: 1)
        #expect(bytes == hex("02 10 35 01 80 00 01 03 CC"))
        let heard = heard(bytes, kerong, after: query)
        guard case .frame("query.reply", let fields) = heard.answers.first else {
            Issue.record("no answer: \(heard)")
            return
        }
        let set = fields.filter { $0.value == 1 && $0.index != nil }
        #expect(set.map(\.index) == [1, 16, 9])
        #expect(fields.count == 33)
    }

    @Test func `is not asked to answer when it opens`() {
        #expect(kerong.reply(to: ask("open", [("lock", 1)]), at: 1) == .none)
        #expect(kerong.longestReply(to: ask("open", [("lock", 1)])) == 0)
        #expect(kerong.reply(to: ask("query"), at: 1) == .wanted(withinMilliseconds: 0))
        #expect(kerong.longestReply(to: ask("query")) == 9)
    }

    @Test func `is found behind its own request`() throws {
        let glued = hex("02 10 30 03 45") + hex("02 10 35 00 00 00 00 03 4A")
        let heard = heard(glued, kerong, after: ask("query"))
        #expect(heard.foreign == [5])
        #expect(heard.answers.count == 1)
    }
}
