// The one door between threads: order, bounds, overflow and its descriptor.

import CLinux
import EventLoop
import Glibc
import Testing

@Suite struct `A mailbox` {
    private func isReadable(_ mailbox: Mailbox<Int>) -> Bool {
        var door = pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&door, 1, 0) == 1
    }

    @Test func `hands over in order and says when it is empty`() {
        let mailbox = Mailbox<Int>(capacity: 8)
        #expect(!isReadable(mailbox))
        for number in 0..<3 { #expect(mailbox.post(number) == nil) }
        #expect(isReadable(mailbox))
        var taken: [Int] = []
        #expect(mailbox.drain(limit: 10) { taken.append($0) } == false)
        #expect(taken == [0, 1, 2])
        #expect(!isReadable(mailbox))
    }

    @Test func `gives an element back when it is full, and takes it later`() {
        let mailbox = Mailbox<Int>(capacity: 2)
        #expect(mailbox.post(1) == nil)
        #expect(mailbox.post(2) == nil)
        #expect(mailbox.post(3) == 3)
        _ = mailbox.drain(limit: 10) { _ in }
        #expect(mailbox.post(3) == nil)
    }

    @Test func `stays readable while the limit leaves something behind`() {
        let mailbox = Mailbox<Int>(capacity: 8)
        for number in 0..<5 { _ = mailbox.post(number) }
        var taken: [Int] = []
        #expect(mailbox.drain(limit: 2) { taken.append($0) } == true)
        #expect(isReadable(mailbox))
        #expect(mailbox.drain(limit: 8) { taken.append($0) } == false)
        #expect(taken == [0, 1, 2, 3, 4])
        #expect(!isReadable(mailbox))
    }

    @Test func `releases what was never taken`() {
        final class Token: Sendable {}
        weak var watched: Token?
        do {
            let mailbox = Mailbox<Token>(capacity: 2)
            let token = Token()
            watched = token
            _ = mailbox.post(token)
        }
        #expect(watched == nil)
    }

    @Test func `carries every post of four threads, each thread's in its order`() {
        let mailbox = Mailbox<Int>(capacity: 64)
        let perThread = 5_000
        var threads: [pthread_t] = []
        for thread in 0..<4 {
            let job = Unmanaged.passRetained(Poster(mailbox, thread, perThread))
            var handle = pthread_t()
            pthread_create(
                &handle, nil,
                { context in
                    guard let context else { return nil }
                    Unmanaged<Poster>.fromOpaque(context).takeRetainedValue().run()
                    return nil
                }, job.toOpaque())
            threads.append(handle)
        }
        var next = [0, 0, 0, 0]
        var total = 0
        var isOrdered = true
        var door = pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0)
        while total < 4 * perThread {
            poll(&door, 1, 1_000)
            _ = mailbox.drain(limit: 100) { post in
                let (thread, number) = (post / 1_000_000, post % 1_000_000)
                isOrdered = isOrdered && next[thread] == number
                next[thread] = number + 1
                total += 1
            }
        }
        for thread in threads { pthread_join(thread, nil) }
        #expect(isOrdered)
        #expect(total == 4 * perThread)
    }
}

private final class Poster: Sendable {
    let mailbox: Mailbox<Int>
    let thread: Int
    let count: Int

    init(_ mailbox: Mailbox<Int>, _ thread: Int, _ count: Int) {
        self.mailbox = mailbox
        self.thread = thread
        self.count = count
    }

    func run() {
        for number in 0..<count {
            while mailbox.post(thread * 1_000_000 + number) != nil { sched_yield() }
        }
    }
}
