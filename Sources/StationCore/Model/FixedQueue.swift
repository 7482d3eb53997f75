// A queue whose room is made once: what the core queues on a tap's path lies here.

/// First in, first out, at most `capacity` elements, without an allocation after the start.
///
/// The elements always lie one behind the other. They move to the front only when the end of the
/// room is reached, and the room is twice the capacity, so each of them moves at most once.
///
/// | `append` returns | meaning |
/// |---|---|
/// | `true` | the element is the last one now |
/// | `false` | the queue is full; nothing changed |
@usableFromInline
struct FixedQueue<Element>: ~Copyable {
    /// How many elements fit.
    let capacity: Int
    @usableFromInline let room: UnsafeMutablePointer<Element>
    @usableFromInline var head = 0
    @usableFromInline var tail = 0

    /// - Precondition: `capacity` is positive.
    init(capacity: Int) {
        precondition(capacity > 0, "a queue needs room for one element")
        self.capacity = capacity
        room = .allocate(capacity: capacity * 2)
    }

    // Inlinable, since Swift 6.3 inlines it into `House` without asking.
    @inlinable
    deinit {
        (room + head).deinitialize(count: tail - head)
        room.deallocate()
    }

    @inlinable var count: Int { tail &- head }
    @inlinable var isEmpty: Bool { head == tail }
    var isFull: Bool { count == capacity }

    /// The element at a place, 0 for the oldest.
    @inlinable
    subscript(index: Int) -> Element {
        precondition(index >= 0 && index < count, "no such element in the queue")
        return room[head &+ index]
    }

    /// Looks at an element where it lies.
    /// - Precondition: `index` is below `count`.
    @inline(__always)
    func look<Result>(at index: Int, _ body: (borrowing Element) -> Result) -> Result {
        precondition(index >= 0 && index < count, "no such element in the queue")
        return body(room[head &+ index])
    }

    var first: Element? { isEmpty ? nil : (room + head).pointee }

    mutating func append(_ element: Element) -> Bool {
        guard !isFull else { return false }
        if tail == capacity &* 2 { moveToFront() }
        (room + tail).initialize(to: element)
        tail &+= 1
        return true
    }

    /// Puts an element before all others; `false`: the queue is full. O(1), but O(n) where they lie
    /// at the front of the room.
    mutating func prepend(_ element: Element) -> Bool {
        guard !isFull else { return false }
        if head == 0 {
            // Half of the room is free.
            (room + 1).moveInitialize(from: room, count: count)
            (head, tail) = (1, tail &+ 1)
        }
        head &-= 1
        (room + head).initialize(to: element)
        return true
    }

    mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        let element = (room + head).move()
        head &+= 1
        if head == tail { (head, tail) = (0, 0) }
        return element
    }

    /// Drops the oldest `count` elements, or all when there are fewer.
    mutating func removeFirst(_ count: Int) {
        let dropped = min(max(0, count), self.count)
        (room + head).deinitialize(count: dropped)
        head &+= dropped
        if head == tail { (head, tail) = (0, 0) }
    }

    /// The place of the newest element before `end` that fits, or `nil`. O(n).
    func lastIndex(before end: Int, where fits: (borrowing Element) -> Bool) -> Int? {
        var place = min(end, count)
        while place > 0 {
            place &-= 1
            if fits(room[head &+ place]) { return place }
        }
        return nil
    }

    /// Removes one element; those behind it move up. O(n).
    /// - Precondition: `index` is below `count`.
    mutating func remove(at index: Int) {
        precondition(index >= 0 && index < count, "no such element in the queue")
        let gap = room + (head &+ index)
        gap.deinitialize(count: 1)
        gap.moveInitialize(from: gap + 1, count: count &- index &- 1)
        tail &-= 1
        if head == tail { (head, tail) = (0, 0) }
    }

    mutating func removeAll() { removeFirst(count) }

    private mutating func moveToFront() {
        room.moveInitialize(from: room + head, count: count)
        (head, tail) = (0, count)
    }
}

extension FixedQueue: @unchecked Sendable where Element: Sendable {}
