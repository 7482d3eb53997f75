// A line per event on the terminal, written by a thread of its own: a slow terminal stops nobody.

import EventLoop
import Glibc
import Ports
import Simulation

/// Takes entries from the loop and prints them.
final class LiveLines: Sendable {
    private enum Post: Sendable {
        case line(LiveWords.Line)
        case stop
    }

    /// More lines than this behind, and the terminal gets a gap instead of the loop a wait.
    static let capacity = 1_024

    private let posts: Mailbox<Post>
    private let thread: HostThread

    init(_ words: LiveWords) {
        let posts = Mailbox<Post>(capacity: Self.capacity)
        self.posts = posts
        thread = HostThread(name: "lines", stack: 512 * 1_024) {
            var words = words
            var door = pollfd(fd: posts.descriptor, events: Int16(POLLIN), revents: 0)
            var isStopping = false
            while !isStopping {
                poll(&door, 1, -1)
                var text = ""
                _ = posts.drain(limit: Self.capacity) { post in
                    switch post {
                    case .line(let line):
                        if let words = words.line(for: line) { text += words + "\n" }
                    case .stop: isStopping = true
                    }
                }
                text.withUTF8 { _ = write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            }
        }
    }

    func tell(_ line: LiveWords.Line) { _ = posts.post(.line(line)) }

    /// Prints what waits, and ends.
    func stop() {
        while posts.post(.stop) != nil { sched_yield() }
        thread.join()
    }
}
