// The thread for calls that the kernel may keep: looking, opening, claiming, resetting, closing.

import CUSB
import EventLoop
import Glibc
import StationCore

/// Opens and closes devices beside the USB thread, so that a reader that cannot be opened keeps
/// nobody's card waiting.
final class USBOpener: Sendable {
    enum Job: Sendable {
        case open(reader: Int, USBContext)
        case close(reader: Int, USBDevice, reset: Bool)
        case stop
    }

    enum Reply: Sendable {
        case opened(reader: Int, Result<USBDevice, USBObstacle>)
        case closed(reader: Int)
    }

    /// One job a reader is under way at most, and a device that came too late.
    private let jobs: Mailbox<Job>
    let replies: Mailbox<Reply>

    init(bindings: [USBBinding], tree: USBTree) {
        let jobs = Mailbox<Job>(capacity: 2 * bindings.count + 2)
        let replies = Mailbox<Reply>(capacity: 2 * bindings.count + 2)
        (self.jobs, self.replies) = (jobs, replies)
        let reserved = Set(
            bindings.compactMap { binding -> String? in
                if case .path(let path) = binding { path.device } else { nil }
            })
        _ = HostThread(name: "usb-opener") {
            var door = pollfd(fd: jobs.descriptor, events: Int16(POLLIN), revents: 0)
            var isOpen = true
            while isOpen {
                poll(&door, 1, -1)
                _ = jobs.drain(limit: jobs.capacity) { job in
                    switch job {
                    case .open(let reader, let context):
                        let result = Self.open(bindings[reader], tree, context, reserved)
                        Self.answer(.opened(reader: reader, result), replies)
                    case .close(let reader, let device, let reset):
                        device.close(reset: reset)
                        Self.answer(.closed(reader: reader), replies)
                    case .stop:
                        isOpen = false
                    }
                }
            }
        }
    }

    func ask(_ job: Job) {
        let refused = jobs.post(job)
        precondition(refused == nil, "more USB jobs under way than there are readers")
    }

    private static func open(
        _ binding: USBBinding, _ tree: USBTree, _ context: USBContext, _ reserved: Set<String>
    ) -> Result<USBDevice, USBObstacle> {
        do throws(USBObstacle) {
            let candidate = try binding.choose(from: tree, reserved: reserved)
            return .success(try USBDevice.open(candidate, tree, context))
        } catch {
            return .failure(error)
        }
    }

    /// The USB thread takes every answer; it may be a moment late.
    private static func answer(_ reply: Reply, _ replies: Mailbox<Reply>) {
        var reply = reply
        while let refused = replies.post(reply) {
            reply = refused
            sched_yield()
        }
    }
}
