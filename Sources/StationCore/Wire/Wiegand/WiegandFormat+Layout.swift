// Where a format's fields and parity bits lie, as masks on the frame's right-aligned integer.

/// One parity bit and the bits that it protects.
struct WiegandParity: Sendable {
    /// The parity bit itself, as a mask.
    let bit: UInt128
    /// What it is computed over, without itself.
    let over: UInt128
    let isOdd: Bool

    func passes(_ bits: UInt128) -> Bool {
        ((bits & (bit | over)).nonzeroBitCount & 1 == 1) == isOdd
    }

    /// An even parity at a wire index over others, in a frame of `count` bits. Inlined, so that the
    /// masks are constants.
    @inline(__always)
    static func even(_ index: Int, over: ClosedRange<Int>, of count: Int) -> Self {
        Self(bit: mask(index...index, count), over: mask(over, count), isOdd: false)
    }

    @inline(__always)
    static func odd(_ index: Int, over: ClosedRange<Int>, of count: Int) -> Self {
        Self(bit: mask(index...index, count), over: mask(over, count), isOdd: true)
    }

    /// The bits of these wire indices on the frame's integer.
    @inline(__always)
    private static func mask(_ indices: ClosedRange<Int>, _ count: Int) -> UInt128 {
        ((1 << UInt128(indices.count)) - 1) << UInt128(count - 1 - indices.upperBound)
    }

    /// `bits` with this parity bit as it must be.
    func applied(to bits: UInt128) -> UInt128 {
        let clear = bits & ~bit
        return passes(clear) ? clear : clear | bit
    }
}

extension WiegandFormat {
    /// A format's parities in the order in which they are computed.
    struct Parities {
        private var first = WiegandParity(bit: 0, over: 0, isOdd: false)
        private var second = WiegandParity(bit: 0, over: 0, isOdd: false)
        private var third = WiegandParity(bit: 0, over: 0, isOdd: false)

        init() {}

        init(_ first: WiegandParity, _ second: WiegandParity, _ third: WiegandParity? = nil) {
            self.first = first
            self.second = second
            if let third { self.third = third }
        }

        /// How many parities are wrong; those that are not there always pass.
        func failures(in bits: UInt128) -> Int {
            (first.passes(bits) ? 0 : 1) + (second.passes(bits) ? 0 : 1)
                + (third.passes(bits) ? 0 : 1)
        }

        func applied(to bits: UInt128) -> UInt128 {
            third.applied(to: second.applied(to: first.applied(to: bits)))
        }
    }

    var parities: Parities {
        switch kind {
        case .h10301: Parities(.even(0, over: 1...12, of: 26), .odd(25, over: 13...24, of: 26))
        case .h10306: Parities(.even(0, over: 1...16, of: 34), .odd(33, over: 17...32, of: 34))
        case .d10202: Parities(.even(0, over: 1...16, of: 33), .odd(32, over: 16...31, of: 33))
        case .h10302, .h10304:
            Parities(.even(0, over: 1...18, of: 37), .odd(36, over: 18...35, of: 37))
        case .corporate1000:
            // Every bit but each third; the last parity covers the two before it.
            Parities(
                WiegandParity(bit: 1 << 33, over: 0x1_b6db_6db6, isOdd: false),
                WiegandParity(bit: 1, over: 0x3_6db6_db6c, isOdd: true),
                WiegandParity(bit: 1 << 34, over: 0x3_ffff_ffff, isOdd: true))
        case .corporate1000Long:
            Parities(
                WiegandParity(bit: 1 << 46, over: 0x1b6d_b6db_6db6, isOdd: false),
                WiegandParity(bit: 1, over: 0x36db_6db6_db6c, isOdd: true),
                WiegandParity(bit: 1 << 47, over: 0x7fff_ffff_ffff, isOdd: true))
        case .raw: Parities()
        }
    }

    /// The facility's bits by wire index, or `nil` when the format has none.
    public var facilityBits: ClosedRange<Int>? {
        switch kind {
        case .h10301: 1...8
        case .h10306, .h10304: 1...16
        case .d10202: 1...7
        case .corporate1000: 2...13
        case .corporate1000Long: 2...23
        case .h10302, .raw: nil
        }
    }

    /// The number's bits by wire index; the facility's, if any, are just before them.
    public var numberBits: ClosedRange<Int> {
        switch kind {
        case .h10301: 9...24
        case .h10306: 17...32
        case .d10202: 8...31
        case .corporate1000: 14...33
        case .h10302: 1...35
        case .h10304: 17...35
        case .corporate1000Long: 24...46
        case .raw: 0...(bitCount - 1)
        }
    }

    /// How the payload's number is laid out.
    public var layout: NumberLayout {
        switch kind {
        case .h10301, .h10306: .bytes
        case .d10202: .d10202
        case .corporate1000: .corporate1000
        case .h10302: .h10302
        case .h10304: .h10304
        case .corporate1000Long: .corporate1000Long
        case .raw: bitCount % 8 == 0 ? .bytes : .bits
        }
    }
}
