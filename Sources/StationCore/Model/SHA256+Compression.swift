// FIPS 180-4 section 6.2.2: sixty-four rounds over one block of sixteen words.

import CSHA

extension SHA256 {
    typealias State = InlineArray<8, UInt32>

    /// Section 5.3.3: the first 32 bits of the fractional parts of the square roots of the first
    /// eight primes.
    static let initialState: State = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
        0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]

    /// Advances `state` by one block, by the processor's own instructions where it has them. No
    /// allocation, no branch on the content.
    @inline(__always)
    static func compress(_ state: inout State, _ block: InlineArray<16, UInt32>) {
        guard station_sha256_is_native() != 0 else { return compressInSwift(&state, block) }
        compressNatively(&state, block)
    }

    /// - Precondition: `station_sha256_is_native`.
    @inline(__always)
    static func compressNatively(_ state: inout State, _ block: InlineArray<16, UInt32>) {
        var words = state.mutableSpan
        words.withUnsafeMutableBufferPointer { words in
            block.span.withUnsafeBufferPointer { block in
                station_sha256_block(words.baseAddress, block.baseAddress)
            }
        }
    }

    /// The same on any processor.
    ///
    /// Eight rounds are written out, not sixty-four: a tap finds the processor's caches cold, and
    /// every line of code costs it more than a jump.
    @inline(never)
    static func compressInSwift(_ state: inout State, _ block: InlineArray<16, UInt32>) {
        var schedule = block
        var words = Words(state)
        var t = 0
        while t < 64 {
            if t >= 16 { extend(&schedule, t & 8) }
            eightRounds(&words, &schedule, t & 8, t)
            t &+= 8
        }
        state[0] &+= words.a
        state[1] &+= words.b
        state[2] &+= words.c
        state[3] &+= words.d
        state[4] &+= words.e
        state[5] &+= words.f
        state[6] &+= words.g
        state[7] &+= words.h
    }

    /// The eight working variables of section 6.2.2, step 2.
    private struct Words {
        var a, b, c, d, e, f, g, h: UInt32

        @inline(__always)
        init(_ state: State) {
            (a, b, c, d) = (state[0], state[1], state[2], state[3])
            (e, f, g, h) = (state[4], state[5], state[6], state[7])
        }
    }

    /// Rounds `t` to `t + 7`, whose words begin at `first`, 0 or 8: the words swap their roles
    /// instead of their values.
    @inline(__always)
    private static func eightRounds(
        _ v: inout Words, _ w: inout InlineArray<16, UInt32>, _ first: Int, _ t: Int
    ) {
        round(v.a, v.b, v.c, &v.d, v.e, v.f, v.g, &v.h, word(&w, first, t, 0))
        round(v.h, v.a, v.b, &v.c, v.d, v.e, v.f, &v.g, word(&w, first, t, 1))
        round(v.g, v.h, v.a, &v.b, v.c, v.d, v.e, &v.f, word(&w, first, t, 2))
        round(v.f, v.g, v.h, &v.a, v.b, v.c, v.d, &v.e, word(&w, first, t, 3))
        round(v.e, v.f, v.g, &v.h, v.a, v.b, v.c, &v.d, word(&w, first, t, 4))
        round(v.d, v.e, v.f, &v.g, v.h, v.a, v.b, &v.c, word(&w, first, t, 5))
        round(v.c, v.d, v.e, &v.f, v.g, v.h, v.a, &v.b, word(&w, first, t, 6))
        round(v.b, v.c, v.d, &v.e, v.f, v.g, v.h, &v.a, word(&w, first, t, 7))
    }

    /// A round's word and constant. Unchecked: `t` is at most 56, and `place` below 8.
    @inline(__always)
    private static func word(
        _ w: inout InlineArray<16, UInt32>, _ first: Int, _ t: Int, _ place: Int
    ) -> UInt32 {
        w[unchecked: first &+ place] &+ constants[unchecked: t &+ place]
    }

    @inline(__always)
    private static func round(
        _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32,
        _ e: UInt32, _ f: UInt32, _ g: UInt32, _ h: inout UInt32, _ word: UInt32
    ) {
        // Each sum's three rotations, one inside the other: 6, 11, 25 and 2, 13, 22.
        let sum1 = rotated(e ^ rotated(e ^ rotated(e, 14), 5), 6)
        let choice = g ^ (e & (f ^ g))
        let t1 = h &+ sum1 &+ choice &+ word
        let sum0 = rotated(a ^ rotated(a ^ rotated(a, 9), 11), 2)
        let majority = b ^ ((a ^ b) & (b ^ c))
        d = d &+ t1
        h = t1 &+ sum0 &+ majority
    }

    /// The schedule lives in sixteen words, of which the eight from `first` on are replaced by
    /// those that come sixteen later. Unchecked: `first` and `other` are 0 and 8.
    @inline(__always)
    private static func extend(_ w: inout InlineArray<16, UInt32>, _ first: Int) {
        let other = first ^ 8
        extend(&w, first, w15: first &+ 1, w7: other &+ 1, w2: other &+ 6)
        extend(&w, first &+ 1, w15: first &+ 2, w7: other &+ 2, w2: other &+ 7)
        extend(&w, first &+ 2, w15: first &+ 3, w7: other &+ 3, w2: first)
        extend(&w, first &+ 3, w15: first &+ 4, w7: other &+ 4, w2: first &+ 1)
        extend(&w, first &+ 4, w15: first &+ 5, w7: other &+ 5, w2: first &+ 2)
        extend(&w, first &+ 5, w15: first &+ 6, w7: other &+ 6, w2: first &+ 3)
        extend(&w, first &+ 6, w15: first &+ 7, w7: other &+ 7, w2: first &+ 4)
        extend(&w, first &+ 7, w15: other, w7: first, w2: first &+ 5)
    }

    /// One word of section 6.2.2, step 1, from those 16, 15, 7 and 2 before it.
    @inline(__always)
    private static func extend(
        _ w: inout InlineArray<16, UInt32>, _ place: Int, w15: Int, w7: Int, w2: Int
    ) {
        let (a, b) = (w[unchecked: w15], w[unchecked: w2])
        let sigma0 = rotated(a ^ rotated(a, 11), 7) ^ (a &>> 3)
        let sigma1 = rotated(b ^ rotated(b, 2), 17) ^ (b &>> 10)
        w[unchecked: place] = w[unchecked: place] &+ sigma0 &+ w[unchecked: w7] &+ sigma1
    }

    @inline(__always)
    private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 {
        (word &>> count) | (word &<< (32 &- count))
    }

    /// Section 4.2.2: the first 32 bits of the fractional parts of the cube roots of the first
    /// sixty-four primes.
    private static let constants: InlineArray<64, UInt32> = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1,
        0x923f_82a4, 0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3,
        0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786,
        0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147,
        0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13,
        0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
        0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a,
        0x5b9c_ca4f, 0x682e_6ff3, 0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208,
        0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]
}
