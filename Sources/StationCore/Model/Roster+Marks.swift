// The station's own word about keys, laid over a roster before it comes into force.

/// A key whose state in the table is the station's word.
struct MarkedKey: Equatable, Sendable {
    /// Its place.
    var place: Int
    /// What the roster says of it.
    var stated: KeyState
}

extension Roster {
    /// The same roster, in which these keys are what the station says of them. Version, digest and
    /// everything else stay its maker's.
    ///
    /// - Complexity: O(n) of the file's bytes, which are copied: for a thread beside the loop.
    public func marked(by marks: KeyMarks) -> Roster {
        if marks.isEmpty, marked.isEmpty { return self }
        var states: [(place: Int, state: KeyState)] = marked.map { ($0.place, $0.stated) }
        var new: [MarkedKey] = []
        for mark in marks.marks {
            guard let place = place(of: mark.key) else { continue }
            new.append(MarkedKey(place: place, stated: statedState(at: place)))
            states.append((place, mark.state))
        }
        if new.isEmpty, marked.isEmpty { return self }
        return Roster(self, states: states, marked: new)
    }

    /// What the roster itself says of the key at a place, whatever the station says.
    /// - Precondition: `index` is below `count`.
    func statedState(at index: Int) -> KeyState { overruled(at: index) ?? key(at: index).state }

    /// What the roster says of a key of which the station has a word of its own, by its place;
    /// `nil`: it has none.
    func overruled(at index: Int) -> KeyState? {
        // Marks are in the order of ids, and so of places.
        var (low, high) = (0, marked.count)
        while low < high {
            let middle = (low + high) / 2
            if marked[middle].place < index { low = middle + 1 } else { high = middle }
        }
        return low < marked.count && marked[low].place == index ? marked[low].stated : nil
    }
}
