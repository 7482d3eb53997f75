// A meter that is told something: writing, tripping, and what it says to that.

import Testing

@testable import StationCore

@Suite struct `An order to a DL/T 645 meter` {
    private let meter = BusLanguage.dlt645
    private let trip = BusQuestion.frame(name: "control", fields: [BusField("code", 0x1A)])
    private let write = BusQuestion.frame(
        name: "write",
        fields: [BusField("item", 0x0400_0302), BusField("bytes", 1), BusField("value", 8)])

    @Test func `to trip carries level, password, operator, code and a time`() throws {
        let packet = try meter.packet(for: trip, to: 1)
        #expect(
            packet
                == hex(
                    """
                    68 01 00 00 00 00 00 68 1C 10 35 33 33 33 33 33 33 33 4D 33 8C 8C 56 64 45 CC \
                    FA 16
                    """))
    }

    @Test func `to write carries the item first, and the value's lowest digits first`() throws {
        let packet = try meter.packet(for: write, to: 1)
        #expect(
            packet
                == hex("68 01 00 00 00 00 00 68 14 0D 35 36 33 37 35 33 33 33 33 33 33 33 3B 9C 16")
        )
        let long = BusQuestion.frame(
            name: "write",
            fields: [
                BusField("item", 0x0400_0306), BusField("bytes", 3), BusField("value", 123_456),
                BusField("level", 4), BusField("password", 654_321), BusField("operator", 7),
            ])
        let data = try meter.packet(for: long, to: 1).dropFirst(10).dropLast(2).map { $0 &- 0x33 }
        #expect(
            data == [
                0x06, 0x03, 0x00, 0x04, 0x04, 0x21, 0x43, 0x65, 0x07, 0, 0, 0, 0x56, 0x34, 0x12,
            ])
    }

    @Test func `is done, or refused with a reason, and nothing else`() {
        let done = hex("68 01 00 00 00 00 00 68 9C 00 6D 16")
        #expect(heard(done, meter, after: trip).answers == [.done])
        let no = hex("68 01 00 00 00 00 00 68 DC 01 37 E5 16")
        #expect(heard(no, meter, after: trip).answers == [.refused(code: 4)])
        // The answer to a write is none to a control order.
        let other = hex("68 01 00 00 00 00 00 68 94 00 65 16")
        #expect(heard(other, meter, after: trip).answers.isEmpty)
        #expect(heard(other, meter, after: write).answers == [.done])
        // Nor is another meter's.
        let foreign = hex("68 02 00 00 00 00 00 68 9C 00 6E 16")
        #expect(heard(foreign, meter, after: trip).answers.isEmpty)
    }

    @Test func `that cannot be is not sent`() {
        func flaw(_ name: String, _ fields: [BusField]) -> BusQuestionFlaw? {
            do throws(BusQuestionFlaw) {
                _ = try meter.packet(for: .frame(name: name, fields: fields), to: 1)
                return nil
            } catch {
                return error
            }
        }
        #expect(flaw("control", []) == .missing("code"))
        #expect(flaw("control", [BusField("code", 256)]) == .value("code", DecimalNumber(256)))
        let code = BusField("code", 0x1A)
        for wrong in [BusField("password", 1_000_000), BusField("operator", 100_000_000)] {
            #expect(
                flaw("control", [code, wrong]) == .value(wrong.name, DecimalNumber(wrong.value)))
        }
        #expect(flaw("write", []) == .missing("item"))
        #expect(flaw("write", [BusField("item", 1)]) == .missing("bytes"))
        let item = [BusField("item", 1), BusField("bytes", 1)]
        #expect(flaw("write", item) == .missing("value"))
        #expect(
            flaw("write", item + [BusField("value", 100)]) == .value("value", DecimalNumber(100)))
        #expect(flaw("write", item + [BusField("value", -1)]) != nil)
        #expect(flaw("trip", []) == .language)
    }

    @Test func `is read out of a recording without its password`() throws {
        let packet = try meter.packet(
            for: .frame(
                name: "control",
                fields: [
                    BusField("code", 0x1A), BusField("password", 123_456), BusField("operator", 7),
                ]), to: 1)
        let frames = LineProtocol.dlt645.read(packet)
        guard case .whole(let readings) = try #require(frames.first).kind else {
            Issue.record("not whole")
            return
        }
        #expect(readings[0].fields == [BusField("level", 2), BusField("operator", 7)])
        #expect(!readings[0].rest.contains(0x56))
    }
}
