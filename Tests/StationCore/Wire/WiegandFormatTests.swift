// Every format against worked frames; the vectors come from proxmark3's tests, leosac's tests and
// the field, and were computed a second time by hand.

import Testing

@testable import StationCore

@Suite struct `A Wiegand format` {
    /// proxmark3 tools/pm3_tests.sh, without the HID header that its raw values carry.
    @Test(
        arguments: [
            ("26-h10301", 0x2f6_23ae, 123, 4_567),
            ("26-h10301", 0x3c0_0a73, 224, 1_337),
            ("26-h10301", 0x2f6_57ae, 123, 11_223),
            ("26-h10301", 0x000_0001, 0, 0),
            ("26-h10301", 0x202_0002, 1, 1),
            ("26-h10301", 0x1ff_ffff, 255, 65_535),
            ("26-h10301", 0x2d0_00f7, 104, 123),
            ("34-h10306", 0x2_0002_0002, 1, 1),
            ("34-h10306", 0x0_6073_a862, 12_345, 54_321),
            ("37-h10304", 0x03_0393_c481, 12_345, 123_456),
            ("37-h10302", 0x10_932c_05a5, 0, 1_234_567_890),
            ("35-corporate1000", 0x6_9a51_54a4, 1_234, 567_890),
            ("48-corporate1000", 0x00a4_5501_48ab, 42_069, 42_069),
        ] as [(String, Int, Int, Int)])
    func `encodes and decodes the field's vectors`(
        name: String, bits: Int, facility: Int, number: Int
    ) throws {
        let format = try #require(WiegandFormat(name: name))
        #expect(
            format.encode(facility: UInt128(facility), number: UInt128(number)) == UInt128(bits))
        #expect(format.fields(of: UInt128(bits)) == (UInt128(facility), UInt128(number)))
        #expect(format.parityPasses(UInt128(bits)))
    }

    @Test func `reads the vectors that are given bit by bit`() {
        #expect(bits("10111101100010001110101110") == 0x2f623ae)
        #expect(bits("0001100000011100111010100001100010") == 0x6073_a862)
        #expect(bits("0001100000011100100111100010010000001") == 0x3_0393_c481)
        #expect(bits("11010011010010100010101010010100100") == 0x6_9a51_54a4)
    }

    @Test func `reads frames captured in the field`() {
        // ssieb/esphome_components issue 50: a 34-bit reader, number 5566453.
        #expect(WiegandFormat.h10306.parityPasses(0x200a_9dfea))
        #expect(WiegandFormat.h10306.number(of: 0x200a_9dfea).value == 5_566_453)
        // leosac test/RFIDCard.cpp: 26 bits left-aligned in 80:80:33:80 and 80:80:41:40.
        #expect(WiegandFormat.h10301.fields(of: 0x8080_3380 >> 6).number == 103)
        #expect(WiegandFormat.h10301.fields(of: 0x8080_4140 >> 6).number == 130)
        #expect(0x8080_4140 >> 6 == 33_685_765)
    }

    @Test func `reads the badge of a reader's manual`() throws {
        // CDVI DGLI manual, page 5: badge 166A37.
        let frame = UInt128(try #require(bits("10001011001101010001101110")))
        #expect(WiegandFormat.h10301.parityPasses(frame))
        #expect(frame >> 1 & 0xff_ffff == 0x16_6a37)
        let (facility, number) = WiegandFormat.h10301.fields(of: frame)
        #expect(facility == 22 && number == 27_191)
    }

    @Test func `writes a UID's frame as readers do, forward and reversed`() {
        // Card 56 30 F0 09 of cnblogs.com/gengtongyu/p/16564907.
        let uid = Number(layout: .bytes, width: 32, value: 0x5630_f009)
        #expect(WiegandFormat.h10306.encode(uid) == 0xac61_e013)
        #expect(WiegandFormat.h10301.encode(uid.first(3)!) == 0xac61e1)
        #expect(WiegandFormat.h10301.encode(uid.reversed!.low(3)!) == 0x1e060ad)
    }

    @Test func `gives back whatever fields it was given`() {
        var random = Xorshift(seed: 4)
        for format in WiegandFormat.named + [.raw32, .raw(16)!, .raw(128)!, .raw(57)!] {
            let facilityWidth = format.facilityBits?.count ?? 0
            for _ in 0..<200 {
                let facility =
                    facilityWidth == 0 ? 0 : random.next128() >> UInt128(128 - facilityWidth)
                let number = random.next128() >> UInt128(128 - format.numberBits.count)
                let frame = format.encode(facility: facility, number: number)!
                #expect(format.parityPasses(frame))
                #expect(format.fields(of: frame) == (facility, number))
                #expect(format.encode(format.number(of: frame)) == frame)
            }
            #expect(format.encode(facility: 1 << UInt128(facilityWidth), number: 0) == nil)
        }
        #expect(WiegandFormat.h10301.encode(facility: 0, number: 65_536) == nil)
    }

    @Test func `notices every single flipped bit and every swapped frame`() {
        var random = Xorshift(seed: 5)
        for format in WiegandFormat.named {
            for _ in 0..<100 {
                let payload = random.next128() >> UInt128(128 - format.numberBits.count)
                let frame = format.encode(facility: 0, number: payload)!
                for index in 0..<format.bitCount {
                    #expect(!format.parityPasses(frame ^ 1 << UInt128(index)))
                }
                // Corporate 1000 of 48 bits has one even group, which an inversion cannot break.
                let broken = format.parities.failures(in: format.inverted(frame))
                #expect(broken == (format == .corporate1000 ? 3 : 2))
            }
        }
    }

    @Test func `is found by its name, and only by its name`() {
        for format in WiegandFormat.named { #expect(WiegandFormat(name: format.name) == format) }
        #expect(WiegandFormat(name: "32-raw") == .raw32)
        #expect(WiegandFormat(name: "raw-40") == .raw(40))
        #expect(WiegandFormat(name: "40-raw")?.name == "40-raw")
        for wrong in ["", "26", "26-H10301", "raw-", "-raw", "15-raw", "129-raw", "+40-raw"] {
            #expect(WiegandFormat(name: wrong) == nil, "\(wrong)")
        }
    }

    @Test func `conflicts with another one of its bit count`() {
        #expect(WiegandFormat.conflicts(in: [.h10301, .h10306, .h10302]).isEmpty)
        let both = WiegandFormat.conflicts(in: [.h10302, .h10301, .h10304])
        #expect(both == [WiegandConflict(first: .h10302, second: .h10304)])
        #expect(both.first?.bitCount == 37)
        #expect(WiegandFormat.conflicts(in: [.h10301, .raw(26)!]).count == 1)
    }

    @Test func `keeps numbers apart whose layouts differ`() {
        let frame = WiegandFormat.h10304.encode(facility: 12_345, number: 123_456)!
        let card = Credential(technology: .wiegand, bitCount: 37, bits: frame)
        let one = View.full.number(of: card, format: .h10302)
        let other = View.full.number(of: card, format: .h10304)
        #expect(one?.value == other?.value)
        #expect(one != other)
    }

    @Test func `gives one number to a 26-bit reader and to a reader of whole cards`() {
        let frame = WiegandFormat.h10301.encode(facility: 111, number: 27_706)!
        let wiegand = Credential(technology: .wiegand, bitCount: 26, bits: frame)
        let whole = Credential(technology: .em4100, bitCount: 40, bits: 0x01_026f_6c3a)
        #expect(View.full.number(of: wiegand, format: .h10301) == View.low3.number(of: whole))
        #expect(View.full.number(of: wiegand, format: .h10306) == nil)
        #expect(View.full.number(of: wiegand, format: nil) == nil)
        #expect(View.low3.number(of: wiegand, format: .raw(26)!) == nil)
        #expect(
            View.raw.number(of: wiegand, format: nil)
                == Number(layout: .bits, width: 26, value: frame))
    }

    private func bits(_ text: String) -> Int? { Int(text, radix: 2) }
}
