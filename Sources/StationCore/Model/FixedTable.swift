// A table whose room is made once: what the core looks up on a tap's path stands here.

/// So many elements, from the start to the end. An array of them would ask before each change
/// whether anybody else has it; a table has one owner.
@usableFromInline
struct FixedTable<Element>: ~Copyable {
    @usableFromInline let count: Int
    @usableFromInline let room: UnsafeMutablePointer<Element>

    init(_ elements: [Element]) {
        count = elements.count
        room = .allocate(capacity: elements.count)
        for (place, element) in elements.enumerated() { (room + place).initialize(to: element) }
    }

    // Inlinable, since Swift 6.3 inlines it into `House` without asking.
    @inlinable
    deinit {
        room.deinitialize(count: count)
        room.deallocate()
    }

    var indices: Range<Int> { 0..<count }

    /// The element at a place, changed where it stands.
    subscript(index: Int) -> Element {
        @inline(__always)
        _read {
            precondition(index >= 0 && index < count, "no such element in the table")
            yield room[index]
        }
        @inline(__always)
        _modify {
            precondition(index >= 0 && index < count, "no such element in the table")
            yield &room[index]
        }
    }
}

extension FixedTable: @unchecked Sendable where Element: Sendable {}
