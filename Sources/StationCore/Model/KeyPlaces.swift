// Where each key is in a list of keys, by its id: four bytes a key and little air.

/// An index over a list that somebody else keeps. A dictionary of ids would hold each twice.
struct KeyPlaces: Sendable {
    /// A power of two; 0: free, otherwise a place and one.
    private var slots: [UInt32] = Array(repeating: 0, count: 64)
    private var count = 0

    /// The place of an id. `idAt` reads the list.
    func place(of id: ShortText, _ idAt: (Int) -> ShortText) -> Int? {
        var slot = start(id)
        while slots[slot] != 0 {
            let place = Int(slots[slot]) - 1
            if idAt(place) == id { return place }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Takes an id that is not in it yet.
    mutating func insert(_ id: ShortText, at place: Int, _ idAt: (Int) -> ShortText) {
        if (count + 1) * 4 > slots.count * 3 { grow(idAt) }
        put(id, place)
        count += 1
    }

    private mutating func grow(_ id: (Int) -> ShortText) {
        let old = slots
        slots = Array(repeating: 0, count: old.count * 2)
        for slot in old where slot != 0 { put(id(Int(slot) - 1), Int(slot) - 1) }
    }

    private mutating func put(_ id: ShortText, _ place: Int) {
        var slot = start(id)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = UInt32(place + 1)
    }

    /// Hashed with the process's own seed, as a dictionary would: nobody can aim ids at one slot,
    /// and where an id lies shows nowhere.
    private func start(_ id: ShortText) -> Int {
        var hasher = Hasher()
        hasher.combine(id)
        return hasher.finalize() & (slots.count - 1)
    }
}
