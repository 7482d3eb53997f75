// A worker for what may block at a chip: looking for it, opening it, asking whether it answers.

import EventLoop
import Glibc
import StationCore

/// What the bank wants to know. A port has at most one question under way.
enum GPIOQuestion: Sendable {
    case open(port: Int, GPIOPlan)
    /// How the lines are; says as well that their chip is there.
    case levels(port: Int, GPIOLines, mask: UInt64)

    /// Asks the kernel. For the worker, and for tests.
    func answer(by kernel: any GPIOKernel) -> GPIOAnswer {
        switch self {
        case .open(let port, let plan):
            .opened(port: port, kernel.open(plan))
        case .levels(let port, let lines, let mask):
            .levels(port: port, lines, kernel.levels(of: lines, mask: mask))
        }
    }
}

/// What came of it.
enum GPIOAnswer: Sendable {
    case opened(port: Int, Result<GPIOLines, GPIOError>)
    case levels(port: Int, GPIOLines, Result<UInt64, GPIOLinesLost>)
}

/// Answers questions one by one on a thread of its own.
final class GPIOWorker: Sendable {
    /// More requests than a station's lines can make.
    private static let capacity = 1_024

    private let questions = Mailbox<GPIOQuestion>(capacity: capacity)

    init(kernel: any GPIOKernel, posts: Mailbox<Post>) {
        let questions = questions
        _ = HostThread(name: "gpio-worker") {
            var door = pollfd(fd: questions.descriptor, events: Int16(POLLIN), revents: 0)
            while true {
                poll(&door, 1, -1)
                _ = questions.drain(limit: Self.capacity) { question in
                    let answer = GPIOPost(answer: question.answer(by: kernel))
                    // Nobody else knows of these lines: the answer has to get through.
                    while posts.post(.gpio(answer)) != nil { sched_yield() }
                }
            }
        }
    }

    /// A full list cannot be: each port has at most one question under way.
    func take(_ question: GPIOQuestion) { _ = questions.post(question) }
}

/// An answer on its way to the loop.
public struct GPIOPost: Sendable {
    let answer: GPIOAnswer
}
