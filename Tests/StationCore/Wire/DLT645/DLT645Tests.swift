// Chinese electricity meters: published frames, refusals, and what lines do to them.

import EventLoop
import Testing

@testable import StationCore

private let meter = BusLanguage.dlt645
private let energy = MeterItem(identifier: "00010000", bytes: 4)
private let total = MeterItem(identifier: "00000000", bytes: 4)
private let voltage = MeterItem(identifier: "02010100", bytes: 2)
private let number = MeterItem(identifier: "04000402", bytes: 6)
private let current = MeterItem(identifier: "02020100", bytes: 3, isSigned: true)
private let askAddress = BusQuestion.frame(name: DLT645.addressFrame, fields: [])

@Suite struct `A DL/T 645 meter` {
    /// go645's tests; IVY's gateway reference.
    @Test func `is asked for an item, and understood`() throws {
        let packet = try meter.packet(for: .item(energy), to: 1)
        #expect(packet == hex("68 01 00 00 00 00 00 68 11 04 33 33 34 33 B3 16"))
        let reply = hex("68 01 00 00 00 00 00 68 91 08 33 33 34 33 59 B3 55 44 DC 16")
        let heard = heard(reply, meter, after: .item(energy))
        #expect(heard == BusHearing(answers: [.number(11_228_026)]))
    }

    /// The PyPI package dlt645's server.
    @Test(
        arguments: [
            (total, "33 33 33 33 83 83 33 33", 5_050), (voltage, "33 34 34 35 34 55", 2_201),
        ])
    func `says what a peer's server says`(item: MeterItem, data: String, expected: Int64) {
        let reply = DLT645.frame(
            0x91, [1, 0, 0, 0, 0, 0], hex(data).map { $0 &- 0x33 })
        #expect(heard(reply, meter, after: .item(item)).answers == [.number(expected)])
    }

    /// Its energy and voltage frames end in these sums, of a meter whose number is not reversed.
    @Test(
        arguments: [
            (total, "68 00 00 00 00 00 01 68 91 08 33 33 33 33 83 83 33 33 A2 16"),
            (voltage, "68 00 00 00 00 00 01 68 91 06 33 34 34 35 34 55 C1 16"),
        ])
    func `that writes its number the other way round is another meter`(
        item: MeterItem, bytes: String
    ) {
        #expect(
            heard(hex(bytes), meter, after: .item(item)) == BusHearing(foreign: [hex(bytes).count]))
        let turned = heard(hex(bytes), meter, after: .item(item), at: 10_000_000_000)
        #expect(turned.answers.count == 1)
    }

    @Test func `says its number to whoever asks the only meter`() throws {
        #expect(
            try meter.packet(for: askAddress, to: 77)
                == hex("68 AA AA AA AA AA AA 68 13 00 DF 16"))
        let reply = hex("68 01 00 00 00 00 00 68 93 06 34 33 33 33 33 33 9D 16")
        let field = BusField(DLT645.addressFrame, 1)
        #expect(
            heard(reply, meter, after: askAddress, at: 0).answers
                == [.frame(name: DLT645.addressFrame, fields: [field])])
    }

    /// A meter with a long number, behind its wake bytes.
    @Test func `is understood behind wake bytes, at its own address`() throws {
        let address = 2_241_020_208
        #expect(
            try meter.packet(for: .item(number), to: address)
                == hex("68 08 02 02 41 22 00 68 11 04 35 37 33 37 2A 16"))
        let reply = hex(
            "FE FE FE FE 68 08 02 02 41 22 00 68 91 0A 35 37 33 37 3B 35 35 74 55 33 51 16")
        #expect(
            heard(reply, meter, after: .item(number), at: address)
                == BusHearing(answers: [.number(2_241_020_208)]))
    }

    @Test func `with a wrong sum is not believed`() {
        let wrong = hex("68 11 11 11 11 11 11 68 91 06 33 33 33 33 33 33 7A 16")
        let item = MeterItem(identifier: "00000000", bytes: 2)
        let heard = heard(wrong, meter, after: .item(item), at: 111_111_111_111)
        #expect(heard.answers.isEmpty)
        #expect(heard.damages.first == .checksum)
        var right = wrong
        right[16] = 0xff
        #expect(
            StationCoreTests.heard(right, meter, after: .item(item), at: 111_111_111_111).answers
                == [.number(0)])
    }

    @Test func `refuses with a reason`() {
        let refusal = DLT645.frame(0xd1, [1, 0, 0, 0, 0, 0], [0x02])
        #expect(
            heard(refusal, meter, after: .item(energy)).answers == [.refused(code: 2)])
        #expect(DLT645Refusal(rawValue: 2).text(.english) == "it has no such data")
        for raw in UInt8.min...UInt8.max {
            let refusal = DLT645Refusal(rawValue: raw)
            #expect(refusal.text(.chinese) != refusal.text(.english))
        }
    }

    @Test func `has a sign where its item has one`() throws {
        for value in [Int64(-1_234), 0, 799_999, -799_999] {
            let bytes = try #require(DLT645.bytes(of: .number(value), to: current, at: 1))
            #expect(heard(bytes, meter, after: .item(current)).answers == [.number(value)])
        }
        #expect(DLT645.bytes(of: .number(800_000), to: current, at: 1) != nil)
        #expect(DLT645.bytes(of: .number(-800_000), to: current, at: 1) == nil)
        #expect(DLT645.bytes(of: .number(-1), to: energy, at: 1) == nil)
    }

    @Test func `answering another item, or in digits that are none, has not answered`() {
        let address: [UInt8] = [1, 0, 0, 0, 0, 0]
        let other = DLT645.frame(0x91, address, [0, 1, 1, 2, 0x01, 0x22])
        #expect(heard(other, meter, after: .item(energy)) == BusHearing(damages: [.content]))
        let digits = DLT645.frame(0x91, address, [0, 0, 1, 0, 0xff, 0xff, 0xff, 0xff])
        #expect(heard(digits, meter, after: .item(energy)) == BusHearing(damages: [.content]))
        let short = DLT645.frame(0x91, address, [0, 0, 1, 0, 0x11])
        #expect(heard(short, meter, after: .item(energy)) == BusHearing(damages: [.length]))
        let request = DLT645.frame(0x11, address, [0, 0, 1, 0])
        #expect(heard(request, meter, after: .item(energy)) == BusHearing(foreign: [16]))
        #expect(heard(other, meter, after: nil) == BusHearing(foreign: [18]))
    }

    @Test func `is found in noise, and behind a broken frame`() throws {
        var random = Xorshift(seed: 9)
        let reply = hex("68 01 00 00 00 00 00 68 91 08 33 33 34 33 59 B3 55 44 DC 16")
        for _ in 0..<60 {
            let broken = Array(reply.prefix(random.below(reply.count)))
            let noise = random.bytes(random.below(8))
            let heard = heardAtLast(broken + noise + reply, meter, after: .item(energy))
            #expect(heard.answers == [.number(11_228_026)])
        }
    }

    @Test func `is not asked what cannot be asked`() {
        func flaw(_ question: BusQuestion, to address: Int = 1) -> BusQuestionFlaw? {
            do throws(BusQuestionFlaw) {
                _ = try meter.packet(for: question, to: address)
                return nil
            } catch {
                return error
            }
        }
        #expect(flaw(.item(energy), to: -1) == .address(-1))
        #expect(flaw(.item(energy), to: 1_000_000_000_000) == .address(1_000_000_000_000))
        #expect(flaw(.item(energy), to: 999_999_999_999) == nil)
        #expect(flaw(.item(MeterItem(identifier: "0001", bytes: 4))) == .frame("0001"))
        #expect(flaw(.item(MeterItem(identifier: "0001000G", bytes: 4))) != nil)
        #expect(flaw(.item(MeterItem(identifier: "00010000", bytes: 9))) == .count(9, most: 8))
        #expect(flaw(.read(.coil, address: 0, count: 1)) == .language)
        #expect(flaw(.frame(name: "trip", fields: [])) == .language)
    }

    @Test func `hears what it is asked`() throws {
        let packet = try meter.packet(for: .item(energy), to: 1)
        let asked = BusQuestion.item(MeterItem(identifier: "00010000", bytes: 0))
        #expect(meter.hear(packet.span, at: 1) == .question(asked, length: 16))
        #expect(meter.hear(packet.span, at: 2) == .foreign(length: 16))
        let woken = [0xfe, 0xfe] + packet
        #expect(meter.hear(woken.span, at: 1) == .question(asked, length: 18))
        let anybody = try meter.packet(for: askAddress, to: 0)
        #expect(meter.hear(anybody.span, at: 5) == .question(askAddress, length: 12))
        let reply = try #require(meter.bytes(of: .done, to: askAddress, at: 5))
        #expect(heard(reply, meter, after: askAddress, at: 0).answers.count == 1)
        let write = DLT645.frame(0x14, [1, 0, 0, 0, 0, 0], [1, 2, 3])
        #expect(meter.hear(write.span, at: 1) == .foreign(length: write.count))
    }

    @Test func `never traps, whatever the line says`() {
        expectNeverTraps(
            meter, [.item(energy), .item(current), askAddress, nil],
            around: [
                hex("68 01 00 00 00 00 00 68 91 08 33 33 34 33 59 B3 55 44 DC 16"),
                hex("FE FE 68 01 00 00 00 00 00 68 93 06 34 33 33 33 33 33 9D 16"),
            ], seed: 2)
    }

    @Test func `is a point's number`() {
        let point = PointSettings(
            name: "energy", kind: .total, unit: "kW.h", source: .item(at: energy),
            scale: DecimalNumber(mantissa: 1, places: 2), places: 2)
        let now = Instant(nanoseconds: 1)
        #expect(
            point.reading(in: .number(11_228_026), to: .item(energy), at: now)?.value
                == DecimalNumber("112280.26"))
        #expect(point.reading(in: .number(1), to: .item(voltage), at: now) == nil)
        #expect(point.reading(in: .refused(code: 2), to: .item(energy), at: now) == nil)
    }
}
