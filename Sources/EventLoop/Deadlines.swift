// Which deadline comes next: an indexed heap, one place per owner, made once.

/// The deadlines of a fixed number of owners, at most one each, ordered by (time, owner).
///
/// Setting and clearing cost O(log n) and never allocate.
public struct Deadlines: Sendable {
    /// Heap of owners; `times[owner]` is the key.
    @usableFromInline var heap: [Int32] = []
    /// Where an owner stands in the heap, -1 when it has no deadline.
    @usableFromInline var places: [Int32]
    @usableFromInline var times: [Instant]

    /// - Parameter owners: how many owners there are; they are numbered from 0.
    public init(owners: Int) {
        heap.reserveCapacity(owners)
        places = Array(repeating: -1, count: owners)
        times = Array(repeating: .distantFuture, count: owners)
    }

    /// The nearest deadline.
    @inlinable
    public var next: Instant? { heap.first.map { times[Int($0)] } }

    /// The owner's deadline, or `nil`.
    @inlinable
    public subscript(owner: Int) -> Instant? { places[owner] < 0 ? nil : times[owner] }

    /// Sets, moves or clears one owner's deadline.
    @inlinable
    public mutating func set(_ owner: Int, to deadline: Instant?) {
        let place = Int(places[owner])
        guard let deadline else {
            if place >= 0 { remove(at: place) }
            return
        }
        if place < 0 {
            times[owner] = deadline
            places[owner] = Int32(heap.count)
            heap.append(Int32(owner))
            siftUp(heap.count - 1)
        } else if times[owner] != deadline {
            let isEarlier = deadline < times[owner]
            times[owner] = deadline
            if isEarlier { siftUp(place) } else { siftDown(place) }
        }
    }

    /// Takes the owner of the earliest deadline that is not after `now`; its deadline is cleared.
    @inlinable
    public mutating func takeDue(at now: Instant) -> Int? {
        guard let first = heap.first, times[Int(first)] <= now else { return nil }
        remove(at: 0)
        return Int(first)
    }

    @usableFromInline
    mutating func remove(at place: Int) {
        places[Int(heap[place])] = -1
        let last = heap.removeLast()
        guard place < heap.count else { return }
        heap[place] = last
        places[Int(last)] = Int32(place)
        siftUp(place)
        siftDown(Int(places[Int(last)]))
    }

    @usableFromInline
    func isBefore(_ a: Int32, _ b: Int32) -> Bool {
        let (x, y) = (times[Int(a)], times[Int(b)])
        return x < y || (x == y && a < b)
    }

    @usableFromInline
    mutating func siftUp(_ start: Int) {
        var place = start
        while place > 0 {
            let parent = (place - 1) / 2
            guard isBefore(heap[place], heap[parent]) else { return }
            exchange(place, parent)
            place = parent
        }
    }

    @usableFromInline
    mutating func siftDown(_ start: Int) {
        var place = start
        while true {
            var child = 2 * place + 1
            guard child < heap.count else { return }
            if child + 1 < heap.count, isBefore(heap[child + 1], heap[child]) { child += 1 }
            guard isBefore(heap[child], heap[place]) else { return }
            exchange(place, child)
            place = child
        }
    }

    @usableFromInline
    mutating func exchange(_ a: Int, _ b: Int) {
        heap.swapAt(a, b)
        places[Int(heap[a])] = Int32(a)
        places[Int(heap[b])] = Int32(b)
    }
}
