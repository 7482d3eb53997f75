// Drives a door contact or a push button: one input line, settled, watched for chatter.

public import EventLoop

/// A contact (active = closed) or button (active = pressed) on one line, terminal 0.
public struct ContactDriver: Driver {
    /// More raw edges than this within `chatterWindow` and the contact cannot be believed.
    public static let chatterEdges = 100
    public static let chatterWindow = Interval.seconds(10)

    private var level: SettledLevel
    private var windowStart = Instant(nanoseconds: 0)
    private var edgesInWindow = 0
    private var isFlaky = false

    public init(settleMilliseconds: Int) {
        level = SettledLevel(settle: .milliseconds(Int64(settleMilliseconds)))
    }

    public mutating func handle(
        _ input: DriverInput, at now: Instant, into outputs: inout DriverOutputs
    ) {
        switch input {
        case .edge(_, let isActive):
            countEdge(at: now, into: &outputs)
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
            clearChatter(at: now, into: &outputs)
        case .attached, .command:
            break
        }
    }

    public var nextDeadline: Instant? {
        let calm: Instant? = isFlaky ? windowStart + Self.chatterWindow : nil
        guard let settles = level.nextDeadline else { return calm }
        guard let calm else { return settles }
        return min(settles, calm)
    }

    private func emit(_ output: SettledLevel.Output?, into outputs: inout DriverOutputs) {
        guard case .settled(let isActive, let since) = output else { return }
        outputs.append(.settled(isActive: isActive, since: since))
    }

    private mutating func countEdge(at now: Instant, into outputs: inout DriverOutputs) {
        if windowStart + Self.chatterWindow < now { (windowStart, edgesInWindow) = (now, 0) }
        edgesInWindow += 1
        if edgesInWindow == Self.chatterEdges, !isFlaky {
            isFlaky = true
            outputs.append(.raised(.contactFlaky))
        }
    }

    /// The fault ends after one whole window with fewer edges.
    private mutating func clearChatter(at now: Instant, into outputs: inout DriverOutputs) {
        guard isFlaky, windowStart + Self.chatterWindow <= now else { return }
        if edgesInWindow < Self.chatterEdges {
            isFlaky = false
            outputs.append(.cleared(.contactFlaky))
        }
        (windowStart, edgesInWindow) = (now, 0)
    }
}
