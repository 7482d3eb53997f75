// How sure one can be that D0 and D1 are swapped.

/// Counts different frames in a row that only pass when inverted.
///
/// A damaged 26-bit frame does so by chance once in four times, so one card proves nothing and the
/// same card again proves no more; three different ones in a row do.
struct WiegandSwapEvidence: Sendable {
    static let proof = 3

    private(set) var count = 0
    private var first: UInt128 = 0
    private var second: UInt128 = 0

    mutating func note(_ bits: UInt128) {
        switch count {
        case 0:
            first = bits
            count = 1
        case 1 where bits != first:
            second = bits
            count = 2
        case 2 where bits != first && bits != second:
            count = Self.proof
        default:
            break
        }
    }

    mutating func reset() { self = WiegandSwapEvidence() }
}
