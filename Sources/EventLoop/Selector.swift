// What the loop waits on: the kernel's epoll, or a simulated world with a clock of its own.

/// One watched descriptor (or simulated port), told apart from its predecessors on the same number.
///
/// A descriptor number is reused as soon as it is closed; the generation makes an event that was
/// meant for the old owner recognisable, so the new one never gets it.
public struct Registration: Hashable, Sendable {
    public let slot: UInt32
    public let generation: UInt32

    @inlinable
    public init(slot: UInt32, generation: UInt32) {
        self.slot = slot
        self.generation = generation
    }

    /// Both halves in one word, as epoll's user data carries them.
    @inlinable
    public var word: UInt64 { UInt64(generation) << 32 | UInt64(slot) }

    @inlinable
    public init(word: UInt64) {
        self.init(
            slot: UInt32(truncatingIfNeeded: word),
            generation: UInt32(truncatingIfNeeded: word >> 32))
    }
}

/// A registration that has something to read, or whose other end is gone.
public struct Readiness: Sendable {
    public let registration: Registration
    /// What the owner gave when it registered: its own name for the port.
    public let token: UInt32
    /// The other end hung up or failed; read what is left, then let go.
    public let isHangup: Bool

    @inlinable
    public init(registration: Registration, token: UInt32, isHangup: Bool) {
        self.registration = registration
        self.token = token
        self.isHangup = isHangup
    }
}

/// Whether a port was read empty within its budget.
///
/// | value | the loop's duty |
/// |---|---|
/// | `drained` | none |
/// | `more` | come back in the next tick without waiting |
public enum Drained: Sendable {
    case drained
    case more
}

/// A source of readiness with a clock. The room keeps a reference to register its ports.
public protocol Selector: AnyObject {
    /// The monotonic clock, real or simulated.
    func now() -> Instant

    /// Waits until something is ready or `deadline` has come (`nil`: for ever), and appends at most
    /// `EventLoopLimits.readinessPerTick` results. Spurious early returns are harmless.
    ///
    /// `start` is the tick's, a few microseconds ago: so much later than the deadline, never
    /// earlier, the wait may end; another look at the clock costs more.
    func wait(from start: Instant, until deadline: Instant?, into ready: inout [Readiness])

    /// Whether the registration is still the one in its slot.
    func isCurrent(_ registration: Registration) -> Bool
}

/// Every bound of one turn of the loop, with its reason.
public enum EventLoopLimits {
    /// Posts taken per tick: a flood of answers must not starve a door.
    public static let postsPerTick = 64
    /// Ready ports served per tick; epoll rotates the rest to the front of the next one.
    public static let readinessPerTick = 64
    /// Pump steps per tick: more means two machines feed each other.
    public static let stepsPerTick = 4_096
}

/// Slots, generations and tokens of what is registered. Both selectors keep one.
public struct RegistrationTable: Sendable {
    @usableFromInline
    struct Slot: Sendable {
        @usableFromInline var generation: UInt32 = 0
        @usableFromInline var token: UInt32 = 0
        @usableFromInline var isUsed = false
        @usableFromInline init() {}
    }

    @usableFromInline var slots: [Slot] = []

    public init() {}

    /// Takes a free slot under a new generation.
    public mutating func add(token: UInt32) -> Registration {
        let index: Int
        if let free = slots.firstIndex(where: { !$0.isUsed }) {
            index = free
        } else {
            index = slots.count
            slots.append(Slot())
        }
        slots[index].generation &+= 1
        slots[index].token = token
        slots[index].isUsed = true
        return Registration(slot: UInt32(index), generation: slots[index].generation)
    }

    /// Frees the slot; events still under way for this registration are stale from now on.
    public mutating func remove(_ registration: Registration) {
        guard isCurrent(registration) else { return }
        slots[Int(registration.slot)].isUsed = false
    }

    @inlinable
    public func isCurrent(_ registration: Registration) -> Bool {
        let index = Int(registration.slot)
        return index < slots.count && slots[index].isUsed
            && slots[index].generation == registration.generation
    }

    /// The token of a current registration, else `nil`.
    @inlinable
    public func token(of registration: Registration) -> UInt32? {
        isCurrent(registration) ? slots[Int(registration.slot)].token : nil
    }
}
