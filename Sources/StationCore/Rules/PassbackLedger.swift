// Who is inside, as far as taps show it: holders by area, for a time.

public import EventLoop

/// Holders who came into areas and have not gone out.
///
/// Bounded, and it forgets: whoever left without a tap is let in again when their time is over.
/// When more are inside than it remembers, those who came first are forgotten first, so that
/// nobody is shut out for want of room. O(1) in expectation.
public struct PassbackLedger: Sendable {
    /// One holder in one area.
    public struct Stay: Equatable, Sendable {
        public var holder: ShortText
        public var area: UInt8
        /// When it is forgotten.
        public var until: Instant

        public init(holder: ShortText, area: UInt8, until: Instant) {
            self.holder = holder
            self.area = area
            self.until = until
        }
    }

    /// More than any estate lets in within its time.
    public static let capacity = 1_024
    /// Twice as many places as stays: a look-up reads two of them.
    private static let places = 2_048

    private var table: [Stay?]
    public private(set) var count = 0

    /// - Parameter isUsed: whether any door asks; else it takes no room.
    public init(isUsed: Bool = true) {
        table = isUsed ? Array(repeating: nil, count: Self.places) : []
    }

    /// Everybody who is inside, in no order that matters.
    public func stays(at now: Instant) -> [Stay] {
        table.compactMap { $0 }.filter { now < $0.until }
    }

    public func isInside(_ holder: ShortText, _ area: UInt8, at now: Instant) -> Bool {
        guard let place = place(of: holder, area), let stay = table[place] else { return false }
        return now < stay.until
    }

    /// Somebody goes in. Returns what was known before.
    @discardableResult
    public mutating func enters(
        _ holder: ShortText, _ area: UInt8, until: Instant, at now: Instant
    ) -> Stay? {
        guard !table.isEmpty else { return nil }
        let stay = Stay(holder: holder, area: area, until: until)
        if let place = place(of: holder, area) {
            let before = table[place]
            table[place] = stay
            return before
        }
        if count == Self.capacity { makeRoom(at: now) }
        var place = Self.home(of: holder, area)
        while table[place] != nil { place = (place + 1) % Self.places }
        table[place] = stay
        count += 1
        return nil
    }

    /// Somebody goes out. Returns what was known before.
    @discardableResult
    public mutating func leaves(_ holder: ShortText, _ area: UInt8) -> Stay? {
        guard let place = place(of: holder, area) else { return nil }
        let before = table[place]
        remove(place)
        return before
    }

    /// Everybody of an area, or of all, is forgotten. Returns how many those were.
    @discardableResult
    public mutating func forget(_ area: UInt8?) -> Int {
        let stays = table.compactMap { $0 }
        let kept = stays.filter { area != nil && $0.area != area }
        guard kept.count < stays.count else { return 0 }
        let start = Instant(nanoseconds: 0)
        for place in table.indices { table[place] = nil }
        count = 0
        for stay in kept { enters(stay.holder, stay.area, until: stay.until, at: start) }
        return stays.count - kept.count
    }

    /// The eighth that ends first goes, those whose time is over before all.
    private mutating func makeRoom(at now: Instant) {
        let order = table.compactMap { $0 }.sorted { $0.until < $1.until }
        for stay in order.prefix(Self.capacity / 8) { leaves(stay.holder, stay.area) }
    }

    private func place(of holder: ShortText, _ area: UInt8) -> Int? {
        guard !table.isEmpty else { return nil }
        var place = Self.home(of: holder, area)
        while let stay = table[place] {
            if stay.area == area, stay.holder == holder { return place }
            place = (place + 1) % Self.places
        }
        return nil
    }

    /// Takes one out and moves up what would not be found behind the gap.
    private mutating func remove(_ place: Int) {
        var gap = place
        var next = (place + 1) % Self.places
        while let stay = table[next] {
            let home = Self.home(of: stay.holder, stay.area)
            // Whether its home lies cyclically at or before the gap.
            if (next - home + Self.places) % Self.places >= (next - gap + Self.places) % Self.places
            {
                table[gap] = stay
                gap = next
            }
            next = (next + 1) % Self.places
        }
        table[gap] = nil
        count -= 1
    }

    /// Where one is looked for first: the same on every machine.
    private static func home(of holder: ShortText, _ area: UInt8) -> Int {
        let words = holder.storage
        var mixed = words.0 ^ (words.1 &* 0x9E37_79B9_7F4A_7C15) ^ words.2 &+ UInt64(area)
        mixed = (mixed ^ mixed >> 32) &* 0xD6E8_FEB8_6659_FD93
        return Int(truncatingIfNeeded: (mixed ^ mixed >> 32) & UInt64(places - 1))
    }
}
