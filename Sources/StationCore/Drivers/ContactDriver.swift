// Drives a door contact or a push button: one input line, settled, watched for chatter.

public import EventLoop

/// A contact (active = closed) or button (active = pressed) on one line, terminal 0.
public struct ContactDriver: Driver {
    /// More raw edges than this within `chatterWindow` and the contact cannot be believed.
    public static var chatterEdges: Int { Chatter.edges }
    public static var chatterWindow: Interval { Chatter.window }

    private var level: SettledLevel
    private var chatter = Chatter()

    public init(settleMilliseconds: Int) {
        level = SettledLevel(settle: .milliseconds(Int64(settleMilliseconds)))
    }

    public mutating func handle(
        _ input: DriverInput, at now: Instant, into outputs: inout DriverOutputs
    ) {
        switch input {
        case .edge(_, let isActive):
            if chatter.edge(at: now) { outputs.append(.raised(.contactFlaky)) }
            // Edges carry the kernel's times: a level that stood before this one counts, however
            // late both are read.
            emit(level.expire(at: now), into: &outputs)
            emit(level.observe(isActive: isActive, at: now), into: &outputs)
        case .level(_, let isActive):
            emit(level.observe(isActive: isActive, at: now), into: &outputs)
        case .edgesLost(let count):
            outputs.append(.lost(count))
        case .detached(let fault):
            level.forget()
            outputs.append(.unsettled)
            outputs.append(.raised(fault))
        case .deadline:
            emit(level.expire(at: now), into: &outputs)
            if chatter.calm(at: now) { outputs.append(.cleared(.contactFlaky)) }
        case .attached, .command:
            break
        }
    }

    public var nextDeadline: Instant? {
        Instant.earlier(level.nextDeadline, chatter.nextDeadline)
    }

    private func emit(_ output: SettledLevel.Output?, into outputs: inout DriverOutputs) {
        guard case .settled(let isActive, let since) = output else { return }
        outputs.append(.settled(isActive: isActive, since: since))
    }
}
