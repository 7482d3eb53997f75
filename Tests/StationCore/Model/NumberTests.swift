// Views on one card as different readers see it.

import Testing

@testable import StationCore

@Suite struct `A view of a credential` {
    /// Card 56 30 F0 09 of cnblogs.com/gengtongyu/p/16564907.
    let card = Credential(technology: .iso14443, bitCount: 32, bits: 0x5630_f009)

    @Test func `takes its bytes after the order was applied`() {
        expect(.full, 0x5630_f009, 32)
        expect(.low4, 0x5630_f009, 32)
        expect(.low3, 0x30_f009, 24)
        expect(.first4, 0x5630_f009, 32)
        expect(.first3, 0x56_30f0, 24)
        expect(.reversed, 0x09f0_3056, 32)
        expect(.reversedLow4, 0x09f0_3056, 32)
        expect(.reversedLow3, 0xf0_3056, 24)
        expect(.reversedFirst4, 0x09f0_3056, 32)
        expect(.reversedFirst3, 0x09_f030, 24)
    }

    @Test func `of raw bits is another number than the same bits as bytes`() {
        let raw = View.raw.number(of: card)
        #expect(raw == Number(layout: .bits, width: 32, value: 0x5630_f009))
        #expect(raw != View.full.number(of: card))
    }

    @Test func `is nothing when there are too few bytes, no whole bytes, or typed digits`() {
        let short = Credential(technology: .em4100, bitCount: 16, bits: 0xabcd)
        let odd = Credential(technology: .em4100, bitCount: 39, bits: 1)
        let typed = Credential(technology: .keypad, bitCount: 16, bits: 0x1234)
        let none = Credential(technology: .iso14443, bitCount: 0, bits: 0)
        #expect(View.low3.number(of: short) == nil)
        #expect(View.full.number(of: short) != nil)
        #expect(View.full.number(of: odd) == nil)
        for view in View.allCases {
            #expect(view.number(of: typed) == nil)
            #expect(view.number(of: none) == nil)
        }
    }

    @Test func `reaches one number from readers that slice the card differently`() {
        // UID 04AF68DAC85A80, which a 26-bit reader sends as 68AF04 (monkeyboard issue 54).
        let seven = Credential(technology: .iso14443, bitCount: 56, bits: 0x04af_68da_c85a_80)
        #expect(View.reversedLow3.number(of: seven)?.value == 0x68af04)
        #expect(View.first3.number(of: seven)?.value == 0x04af68)
        // UID AA3F9B1A, sent as 9B3FAA (same thread).
        let four = Credential(technology: .iso14443, bitCount: 32, bits: 0xaa3f_9b1a)
        #expect(View.reversedLow3.number(of: four)?.value == 0x9b3faa)
    }

    @Test func `never traps, whatever the credential`() {
        var random = Xorshift(seed: 3)
        for _ in 0..<5_000 {
            let count = random.below(129)
            let bits = count == 0 ? 0 : random.next128() >> UInt128(128 - count)
            let credential = Credential(
                technology: Technology.allCases[random.below(5)], bitCount: count, bits: bits)
            for view in View.allCases {
                for format in WiegandFormat.named + [WiegandFormat.raw(max(16, count))!] {
                    _ = view.number(of: credential, format: format)
                }
                _ = view.number(of: credential, format: nil)
            }
        }
    }

    private func expect(
        _ view: View, _ value: UInt128, _ width: Int,
        _ location: SourceLocation = #_sourceLocation
    ) {
        let number = view.number(of: card)
        #expect(
            number == Number(layout: .bytes, width: width, value: value),
            sourceLocation: location)
    }
}
