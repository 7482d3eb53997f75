// The one door between threads: a bounded queue with an eventfd beside it.

public import CLinux
public import Glibc

/// A bounded queue that any thread may post to and one thread drains.
///
/// Two buffers made at start are swapped under a pthread mutex, so neither side allocates and the
/// lock is held for a store or a swap. The eventfd becomes readable with the first post.
///
/// | `post` returns | the caller's duty |
/// |---|---|
/// | `nil` | none: the element will be delivered once, in order |
/// | the element | the mailbox is full: keep it, count it, or say what was dropped |
public final class Mailbox<Element: Sendable>: @unchecked Sendable {
    /// How many elements fit between two drains.
    public let capacity: Int
    /// Readable while something waits. Owned by the mailbox; never close it.
    public let descriptor: Int32

    @usableFromInline let lock: UnsafeMutablePointer<pthread_mutex_t>
    /// Filled by posters, under the lock.
    @usableFromInline var back: UnsafeMutablePointer<Element>
    @usableFromInline var backCount = 0
    /// What found no room, under the lock.
    @usableFromInline var refused: UInt64 = 0
    /// Emptied by the drainer alone.
    @usableFromInline var front: UnsafeMutablePointer<Element>
    @usableFromInline var frontNext = 0
    @usableFromInline var frontCount = 0

    /// - Precondition: `capacity` is positive and the process has a descriptor left.
    public init(capacity: Int) {
        precondition(capacity > 0, "a mailbox needs room for at least one element")
        self.capacity = capacity
        descriptor = station_eventfd_create()
        precondition(descriptor >= 0, "no file descriptor left for a mailbox; raise LimitNOFILE")
        lock = .allocate(capacity: 1)
        pthread_mutex_init(lock, nil)
        back = .allocate(capacity: capacity)
        front = .allocate(capacity: capacity)
    }

    deinit {
        (front + frontNext).deinitialize(count: frontCount - frontNext)
        back.deinitialize(count: backCount)
        front.deallocate()
        back.deallocate()
        pthread_mutex_destroy(lock)
        lock.deallocate()
        close(descriptor)
    }

    /// Queues an element from any thread and wakes the drainer; never blocks longer than a swap.
    ///
    /// - Returns: `nil`, or the element itself when the mailbox is full.
    @inlinable
    public func post(_ element: Element) -> Element? {
        pthread_mutex_lock(lock)
        guard backCount < capacity else {
            refused &+= 1
            pthread_mutex_unlock(lock)
            return element
        }
        (back + backCount).initialize(to: element)
        backCount += 1
        let first = backCount == 1
        pthread_mutex_unlock(lock)
        if first { _ = station_eventfd_signal(descriptor) }
        return nil
    }

    /// How many elements found no room since the last call. For those whose posters cannot keep
    /// what is refused.
    public func takeRefused() -> UInt64 {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        defer { refused = 0 }
        return refused
    }

    /// Hands over at most `limit` elements, oldest first. Only the one draining thread calls this.
    ///
    /// - Returns: whether something is left; the descriptor stays readable then.
    @inlinable
    public func drain<Failure: Error>(
        limit: Int, _ body: (Element) throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        var taken = 0
        while taken < limit {
            if frontNext == frontCount, !swap() { return false }
            let element = (front + frontNext).move()
            frontNext += 1
            taken += 1
            try body(element)
        }
        if frontNext < frontCount { return true }
        return swap()
    }

    /// Takes what was posted; false (and an unsignalled descriptor) when there is nothing.
    @usableFromInline
    func swap() -> Bool {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        guard backCount > 0 else {
            _ = station_eventfd_drain(descriptor)
            return false
        }
        (front, back) = (back, front)
        (frontNext, frontCount, backCount) = (0, backCount, 0)
        return true
    }
}
