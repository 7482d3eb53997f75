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
}
