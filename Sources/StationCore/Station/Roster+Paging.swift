// Reading a roster page by page, in the order of key ids.

extension Roster {
    /// The place of the first key whose id comes after `id`. O(log n).
    public func place(after id: ShortText) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if id.precedes(key(at: middle).id) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The ids after one, in order, at most `limit`.
    public func ids(after id: ShortText?, limit: Int) -> [ShortText] {
        let first = id.map { place(after: $0) } ?? 0
        return (first..<min(count, first + limit)).map { key(at: $0).id }
    }

    /// What kinds of numbers a key has; empty: there is no such key, or nobody wrote it down.
    public func shapes(of id: ShortText) -> NumberShapes {
        guard let place = place(of: id) else { return [] }
        return shapes(at: place)
    }
}
