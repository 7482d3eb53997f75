// Drives a strike or maglock: one output line that frees or holds a door.

public import EventLoop

/// A lock on one output line, terminal 0. It times nothing: the door does.
public struct LockDriver: Driver {
    /// Whether the coil has current while the door is free.
    private let isActiveWhenFree: Bool
    private var isFree = false
    private var isAttached = false

    public init(_ settings: LockSettings) {
        switch settings.kind {
        case .strike: isActiveWhenFree = true
        case .maglock: isActiveWhenFree = false
        }
    }

    public mutating func handle(
        _ input: DriverInput, at now: Instant, into outputs: inout DriverOutputs
    ) {
        switch input {
        case .attached:
            // The request gave the line its safe value, which need not be what the door wants.
            isAttached = true
            outputs.append(drive)
        case .detached(let fault):
            isAttached = false
            outputs.append(.raised(fault))
        case .command(.free):
            isFree = true
            if isAttached { outputs.append(drive) }
        case .command(.hold):
            isFree = false
            if isAttached { outputs.append(drive) }
        case .edge, .level, .edgesLost, .deadline, .command(.feedback):
            break
        }
    }

    public var nextDeadline: Instant? { nil }

    private var drive: DriverOutput {
        .setLine(terminal: 0, isActive: isFree == isActiveWhenFree)
    }
}
