// A worker that looks for chips which were missing: opening touches files, the loop must not.

import EventLoop
import Glibc
import StationCore

/// Opens GPIO plans on a thread of its own and posts what came of it.
final class GPIOOpener: Sendable {
    private struct Wish: Sendable {
        var port: Int
        var plan: GPIOPlan
    }

    private let wishes = Mailbox<Wish>(capacity: 1_024)

    init(posts: Mailbox<Post>) {
        let wishes = wishes
        _ = HostThread(name: "gpio-opener") {
            var door = pollfd(fd: wishes.descriptor, events: Int16(POLLIN), revents: 0)
            while true {
                poll(&door, 1, -1)
                _ = wishes.drain(limit: 1_024) { wish in
                    let result = wish.plan.opened()
                    // Nobody else knows of these lines: the answer has to get through.
                    while posts.post(.opened(port: wish.port, result)) != nil { sched_yield() }
                }
            }
        }
    }

    /// Asks for one attempt. A full list cannot be: each port has at most one wish under way.
    func open(_ port: Int, _ plan: GPIOPlan) {
        _ = wishes.post(Wish(port: port, plan: plan))
    }
}
