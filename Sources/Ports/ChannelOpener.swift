// A worker for what may block at a channel: opening it, and changing a line's speed.

import CLinux
import EventLoop
import Glibc

/// What the worker is asked. A port has at most one task under way.
enum ChannelTask: Sendable {
    case open(port: Int, ChannelPlan)
    /// `descriptor` is a copy that the worker closes.
    case speed(port: Int, generation: UInt32, descriptor: Int32, baud: UInt32)
    case stop
}

/// What came of it.
enum ChannelAnswer: Sendable {
    case opened(port: Int, Result<Int32, ChannelError>)
    /// `errno` 0: done.
    case speed(port: Int, generation: UInt32, errno: Int32)
}

/// Does the tasks one by one on a thread of its own, which starts with the first of them.
final class ChannelOpener {
    /// Ports of one station, twice: a task may wait while another one is done.
    static let capacity = 1_024
    /// How long a line may take for what waits in it before its speed changes, in milliseconds: far
    /// more than two kilobytes take at the slowest speed that a bus has.
    static let patience: Int32 = 3_000
    /// A task that takes longer hangs at its device, and everybody behind it waits.
    static let longestTask = Interval.seconds(10)

    let answers = Mailbox<ChannelAnswer>(capacity: capacity)
    private let tasks = Mailbox<ChannelTask>(capacity: capacity)
    private let open: @Sendable (ChannelPlan) -> Result<Int32, ChannelError>
    private var thread: HostThread?

    /// - Parameter open: what opening is; tests have their own.
    init(
        open: @escaping @Sendable (ChannelPlan) -> Result<Int32, ChannelError> = { $0.opened() }
    ) {
        self.open = open
    }

    /// False: too many tasks wait, which cannot be with one for each port.
    func take(_ task: ChannelTask) -> Bool {
        thread = thread ?? start()
        return tasks.post(task) == nil
    }

    /// Ends the thread after the task at hand. Once.
    func stop() {
        guard let thread else { return }
        while tasks.post(.stop) != nil { sched_yield() }
        thread.join()
    }

    private func start() -> HostThread {
        let (tasks, answers, open) = (tasks, answers, open)
        return HostThread(name: "channel-opener") {
            var door = pollfd(fd: tasks.descriptor, events: Int16(POLLIN), revents: 0)
            var isStopping = false
            while !isStopping {
                poll(&door, 1, -1)
                _ = tasks.drain(limit: Self.capacity) { task in
                    guard let answer = Self.answer(task, open) else {
                        isStopping = true
                        return
                    }
                    // Nobody else knows of an opened descriptor: the answer has to get through.
                    while answers.post(answer) != nil { sched_yield() }
                }
            }
        }
    }

    private static func answer(
        _ task: ChannelTask, _ open: (ChannelPlan) -> Result<Int32, ChannelError>
    ) -> ChannelAnswer? {
        switch task {
        case .open(let port, let plan):
            return .opened(port: port, open(plan))
        case .speed(let port, let generation, let descriptor, let baud):
            let result = station_serial_set_speed(descriptor, baud, patience)
            closeDescriptor(descriptor)
            return .speed(port: port, generation: generation, errno: result < 0 ? -result : 0)
        case .stop:
            return nil
        }
    }
}
