// A worker for what may block at a chip: looking for it, asking how its lines are, setting them.

import CLinux
import EventLoop
import Glibc
import StationCore

/// What the bank wants of a chip. A port has at most one question under way, a chip one setting.
enum GPIOQuestion: Sendable {
    case open(port: Int, GPIOPlan)
    /// How the lines are; says as well that their chip is there.
    case levels(port: Int, GPIOLines, mask: UInt64)
    /// Lines of a chip that takes its time are to have these values, as the loop wants since then.
    case set(port: Int, GPIOLines, GPIOValues, since: Instant)

    /// Asks the kernel. For the worker, and for tests.
    ///
    /// - Parameter now: how late it is; a test's own clock stands in for it.
    func answer(
        by kernel: any GPIOKernel,
        now: () -> Instant = { Instant(nanoseconds: station_clock_monotonic()) }
    ) -> GPIOAnswer {
        switch self {
        case .open(let port, let plan):
            return .opened(port: port, kernel.open(plan))
        case .levels(let port, let lines, let mask):
            return .levels(port: port, lines, kernel.levels(of: lines, mask: mask))
        case .set(let port, let lines, let values, let since):
            // It may have waited long behind another question, or in this one.
            if now() - since < GPIOBank.longestSetting,
                kernel.set(lines, mask: values.mask, to: values.bits),
                now() - since < GPIOBank.longestSetting
            {
                return .set(port: port, lines, isTaken: true)
            }
            // Who was let in has gone: a strike that a hung bus frees now would be free for nobody.
            _ = kernel.set(lines, mask: values.all, to: values.safe)
            return .set(port: port, lines, isTaken: false)
        }
    }
}

/// Values for lines of one request, one bit each, and those that are safe.
struct GPIOValues: Equatable, Sendable {
    var mask: UInt64
    var bits: UInt64
    /// Every line of the request.
    var all: UInt64
    var safe: UInt64
}

/// What came of it.
enum GPIOAnswer: Sendable {
    case opened(port: Int, Result<GPIOLines, GPIOError>)
    case levels(port: Int, GPIOLines, Result<UInt64, GPIOLinesLost>)
    /// Not taken: the chip is gone, or took too long; then the lines were given their safe values.
    case set(port: Int, GPIOLines, isTaken: Bool)
}

/// Answers one chip's questions one by one on a thread of its own: a chip whose bus hangs holds up
/// no other.
final class GPIOWorker: Sendable {
    /// More requests than a station's lines can make, each with a question and a setting.
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

    /// A full list cannot be: each port has at most one question under way, and one setting.
    func take(_ question: GPIOQuestion) { _ = questions.post(question) }
}

/// An answer on its way to the loop.
public struct GPIOPost: Sendable {
    let answer: GPIOAnswer
}
