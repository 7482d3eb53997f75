// Which deadline comes next: an indexed heap, one place per owner, made once.

/// The deadlines of a fixed number of owners, at most one each, ordered by (time, owner).
///
/// Setting and clearing cost O(log n) and never allocate.
public struct Deadlines: ~Copyable, @unchecked Sendable {
    /// How many owners there are; they are numbered from 0.
    public let owners: Int
    /// Heap of owners; `times[owner]` is the key.
    @usableFromInline let heap: UnsafeMutablePointer<Int32>
    @usableFromInline var count = 0
    /// Where an owner stands in the heap, -1 when it has no deadline.
    @usableFromInline let places: UnsafeMutablePointer<Int32>
    @usableFromInline let times: UnsafeMutablePointer<Instant>

    /// - Precondition: `owners` is positive.
    public init(owners: Int) {
        precondition(owners > 0, "deadlines need an owner")
        self.owners = owners
        heap = .allocate(capacity: owners)
        places = .allocate(capacity: owners)
        times = .allocate(capacity: owners)
        places.initialize(repeating: -1, count: owners)
        times.initialize(repeating: .distantFuture, count: owners)
    }

    @inlinable
    deinit {
        heap.deallocate()
        places.deallocate()
        times.deallocate()
    }

    /// The nearest deadline.
    @inlinable
    public var next: Instant? { count == 0 ? nil : times[Int(heap[0])] }

    /// The owner's deadline, or `nil`.
    @inlinable
    public subscript(owner: Int) -> Instant? {
        precondition(owner >= 0 && owner < owners, "no such owner of a deadline")
        return places[owner] < 0 ? nil : times[owner]
    }

    /// Sets, moves or clears one owner's deadline.
    @inlinable
    public mutating func set(_ owner: Int, to deadline: Instant?) {
        precondition(owner >= 0 && owner < owners, "no such owner of a deadline")
        let place = Int(places[owner])
        guard let deadline else {
            if place >= 0 { remove(at: place) }
            return
        }
        if place < 0 {
            times[owner] = deadline
            count &+= 1
            siftUp(Int32(truncatingIfNeeded: owner), from: count &- 1)
        } else if times[owner] != deadline {
            times[owner] = deadline
            settle(Int32(truncatingIfNeeded: owner), at: place)
        }
    }

    /// Sets one owner's deadline, unless it has one that is not later.
    @inlinable
    public mutating func bringForward(_ owner: Int, to deadline: Instant) {
        precondition(owner >= 0 && owner < owners, "no such owner of a deadline")
        if places[owner] < 0 || deadline < times[owner] { set(owner, to: deadline) }
    }

    /// Takes the owner of the earliest deadline that is not after `now`; its deadline is cleared.
    @inlinable
    public mutating func takeDue(at now: Instant) -> Int? {
        guard count > 0, times[Int(heap[0])] <= now else { return nil }
        let first = Int(heap[0])
        remove(at: 0)
        return first
    }

    @usableFromInline
    mutating func remove(at place: Int) {
        places[Int(heap[place])] = -1
        count &-= 1
        if place < count { settle(heap[count], at: place) }
    }

    /// Puts an owner where it belongs, starting at a place that is free or its own.
    @usableFromInline
    mutating func settle(_ owner: Int32, at place: Int) {
        if place > 0, isBefore(owner, heap[(place &- 1) / 2]) {
            siftUp(owner, from: place)
        } else {
            siftDown(owner, from: place)
        }
    }

    @inlinable
    func isBefore(_ a: Int32, _ b: Int32) -> Bool {
        let (x, y) = (times[Int(a)], times[Int(b)])
        return x < y || (x == y && a < b)
    }

    @usableFromInline
    mutating func siftUp(_ owner: Int32, from start: Int) {
        var place = start
        while place > 0 {
            let parent = (place &- 1) / 2
            guard isBefore(owner, heap[parent]) else { break }
            put(heap[parent], at: place)
            place = parent
        }
        put(owner, at: place)
    }

    @usableFromInline
    mutating func siftDown(_ owner: Int32, from start: Int) {
        var place = start
        while true {
            var child = 2 &* place &+ 1
            guard child < count else { break }
            if child &+ 1 < count, isBefore(heap[child &+ 1], heap[child]) { child &+= 1 }
            guard isBefore(heap[child], owner) else { break }
            put(heap[child], at: place)
            place = child
        }
        put(owner, at: place)
    }

    @inlinable
    mutating func put(_ owner: Int32, at place: Int) {
        heap[place] = owner
        places[Int(owner)] = Int32(truncatingIfNeeded: place)
    }
}
