// What the station itself says of keys: lost or blocked, whatever a roster says.
//
//   told here ─► holds over every roster that says "active" ─┬─► lifted here
//                                                            └─► a newer roster says it too

/// Keys that somebody told lost or blocked at the station, in the order of their ids.
///
/// Their word is laid over a roster when its table is made ready, so a tap never asks for it.
public struct KeyMarks: Equatable, Sendable {
    /// More is no station's own matter: a hub blocks a city's keys.
    public static let capacity = 1_024

    /// One key's word.
    public struct Mark: Equatable, Sendable {
        public var key: ShortText
        /// `lost` or `blocked`.
        public var state: KeyState
        /// The version of the roster that was in force when it was told; 0: none was.
        public var since: UInt64

        /// - Precondition: `state` is not `active`.
        public init(key: ShortText, state: KeyState, since: UInt64) {
            precondition(state != .active, "a mark says that a key is lost or blocked")
            (self.key, self.state, self.since) = (key, state, since)
        }
    }

    public private(set) var marks: [Mark] = []

    public init() {}

    public var isEmpty: Bool { marks.isEmpty }
    public var count: Int { marks.count }

    /// What is said of a key; `nil`: nothing.
    public func mark(of key: ShortText) -> Mark? {
        let place = place(of: key)
        return place < marks.count && marks[place].key == key ? marks[place] : nil
    }

    /// Says it of a key, in place of what was said of it before.
    ///
    /// - Returns: false: there is no room, and nothing has changed.
    public mutating func set(_ mark: Mark) -> Bool {
        let place = place(of: mark.key)
        if place < marks.count, marks[place].key == mark.key {
            marks[place] = mark
            return true
        }
        guard marks.count < Self.capacity else { return false }
        marks.insert(mark, at: place)
        return true
    }

    /// - Returns: false: nothing was said of the key.
    public mutating func lift(_ key: ShortText) -> Bool {
        guard mark(of: key) != nil else { return false }
        marks.remove(at: place(of: key))
        return true
    }

    /// Keys of which a roster says so itself that is newer than the word: from then on it is the
    /// roster's, to give and to take back.
    public func confirmed(by roster: Roster) -> [ShortText] {
        marks.filter { mark in
            guard roster.version > mark.since, let place = roster.place(of: mark.key) else {
                return false
            }
            return roster.statedState(at: place) != .active
        }.map(\.key)
    }

    /// The first place whose key does not come before this one.
    private func place(of key: ShortText) -> Int {
        var (low, high) = (0, marks.count)
        while low < high {
            let middle = (low + high) / 2
            if marks[middle].key.precedes(key) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// What a person or a hub says of a key. Raw values are stored in journals: never renumber.
public enum KeyWord: UInt8, Sendable, CaseIterable {
    case lost = 1
    case blocked = 2
    /// Neither any more: what the roster says holds.
    case lifted = 3
    /// The roster that came says so itself, and may take it back.
    case confirmed = 4

    /// The name in journals and on the wire.
    public var name: String {
        switch self {
        case .lost: "lost"
        case .blocked: "blocked"
        case .lifted: "lifted"
        case .confirmed: "confirmed"
        }
    }

    /// The state that it puts a key in; `nil`: the roster's.
    public var state: KeyState? {
        switch self {
        case .lost: .lost
        case .blocked: .blocked
        case .lifted, .confirmed: nil
        }
    }
}
