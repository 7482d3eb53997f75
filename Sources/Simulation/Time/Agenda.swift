// What will happen in the simulated world, and in which order.

import EventLoop

/// Events by (time, order of entry): a binary heap, so equal times keep their order.
struct Agenda<Event> {
    private struct Item {
        var at: Instant
        var order: UInt64
        var event: Event

        func isBefore(_ other: Item) -> Bool {
            at < other.at || (at == other.at && order < other.order)
        }
    }

    private var heap: [Item] = []
    private var entered: UInt64 = 0

    var next: Instant? { heap.first?.at }
    var count: Int { heap.count }

    mutating func add(_ event: Event, at instant: Instant) {
        heap.append(Item(at: instant, order: entered, event: event))
        entered += 1
        var place = heap.count - 1
        while place > 0, heap[place].isBefore(heap[(place - 1) / 2]) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// Takes the first event if it is not after `now`.
    mutating func take(upTo now: Instant) -> (at: Instant, event: Event)? {
        guard let first = heap.first, first.at <= now else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            siftDown()
        }
        return (first.at, first.event)
    }

    private mutating func siftDown() {
        var place = 0
        while true {
            var child = 2 * place + 1
            guard child < heap.count else { return }
            if child + 1 < heap.count, heap[child + 1].isBefore(heap[child]) { child += 1 }
            guard heap[child].isBefore(heap[place]) else { return }
            heap.swapAt(place, child)
            place = child
        }
    }
}
