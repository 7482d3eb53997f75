// All chance in a simulated world: one seed, and a stream of its own for each part of it.

public import EventLoop

/// Sebastiano Vigna's SplitMix64: ten lines, a period of 2^64, good enough to play dice.
///
/// `fork` depends on the seed and the name alone, so a new draw in one part of the world does not
/// shift the others.
public struct SplitMix64: Sendable {
    private let seed: UInt64
    private var state: UInt64

    public init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    /// A stream for one part of the world. Does not move this one.
    public func fork(_ name: String) -> SplitMix64 {
        // FNV-1a of the name, mixed with the seed.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        var mixed = SplitMix64(seed: seed ^ hash)
        return SplitMix64(seed: mixed.next())
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `count - 1`.
    /// - Precondition: `count` is positive.
    public mutating func below(_ count: Int) -> Int {
        precondition(count > 0, "nothing to choose from")
        return Int(next().multipliedFullWidth(by: UInt64(count)).high)
    }

    /// True in so many of a thousand cases.
    public mutating func chance(perMille: Int) -> Bool { below(1_000) < perMille }

    /// An interval from `low` to `high`, both included.
    public mutating func between(_ low: Interval, _ high: Interval) -> Interval {
        let span = Int(high.nanoseconds - low.nanoseconds)
        return Interval(nanoseconds: low.nanoseconds + Int64(below(span + 1)))
    }

    /// One of the elements, or `nil` when there is none.
    public mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[below(elements.count)]
    }

    /// Puts the elements into an order of the seed's.
    public mutating func order<Element>(_ elements: inout [Element]) {
        guard elements.count > 1 else { return }
        for place in (1..<elements.count).reversed() {
            elements.swapAt(place, below(place + 1))
        }
    }
}
