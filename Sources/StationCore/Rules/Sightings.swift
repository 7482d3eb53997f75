// What a door's rule sees in points of devices: whether any of some conditions holds.

/// The last word of each condition: it holds, it does not, or nobody knows.
public struct Sightings: Sendable, Equatable {
    private var all: [Bool?]

    /// - Parameter count: how many conditions there are; nothing is known of any yet.
    public init(count: Int) { all = Array(repeating: nil, count: count) }

    public mutating func see(_ place: Int, _ holds: Bool?) {
        guard all.indices.contains(place) else { return }
        all[place] = holds
    }

    /// Whether one of them holds, whatever the others say.
    public var anyHolds: Bool { all.contains(true) }
    /// Whether all are known, and none holds.
    public var isQuiet: Bool { all.allSatisfy { $0 == false } }
}
