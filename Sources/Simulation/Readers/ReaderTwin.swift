// A simulated reader on a channel: what its plug, its mischief and its checkers have in common.

public import EventLoop
import StationCore

/// A channel's twin that reads cards.
public protocol ReaderTwin: ChannelTwin {
    /// What it can do wrong.
    var mischiefs: [ReaderMischief.Kind] { get }
    /// Its plug, and what it is up to.
    var condition: TwinCondition { get set }
    /// What is under way is lost: the plug is out, or nobody listens any more.
    func fallSilent()
    /// It got its power back.
    func powerReturned(at now: Instant)
}

/// The plug of a twin, what is wrong with it, and for how long that explains its silence.
public struct TwinCondition {
    /// Out since then.
    public internal(set) var unpluggedAt: Instant?
    /// The station has its channel open.
    public internal(set) var isOpen = false
    /// The station is asking it for cards, or needs not ask.
    public internal(set) var isWatched = false
    /// Since when it is plugged in, open or not.
    public internal(set) var pluggedAt = Instant(nanoseconds: 0)
    /// Whatever is missing up to then, its mischief is the reason.
    public internal(set) var explainedUntil = Instant(nanoseconds: 0)
    /// What its next answer does wrong.
    public internal(set) var mischief: ReaderMischief?
    /// It hears nothing and says nothing up to then.
    public internal(set) var deafUntil = Instant(nanoseconds: 0)
    /// Plugs that came out so far.
    public internal(set) var unplugs = 0
    /// Every answer comes in one read; else some come in two.
    public var saysWhole = false
    /// Hears that the plug came out, so that somebody can put it in again.
    public var onUnplug: ((Instant) -> Void)?

    public init() {}

    mutating func explains(until instant: Instant) {
        explainedUntil = max(explainedUntil, instant)
    }

    /// The mischief, if there is one for this answer.
    mutating func takeMischief(isHandshake: Bool, at now: Instant) -> ReaderMischief? {
        guard let taken = mischief else { return nil }
        if taken.kind == .resetInHandshake, !isHandshake { return nil }
        mischief = nil
        explains(until: now + taken.recovery)
        return taken
    }
}

extension ReaderTwin {
    public var isPlugged: Bool { condition.unpluggedAt == nil }

    /// The next answer goes wrong. A reader that is to fail in its handshake loses its power first.
    public func misbehave(_ mischief: ReaderMischief, at now: Instant) {
        guard isPlugged, mischiefs.contains(mischief.kind) else { return }
        condition.explains(until: now + mischief.recovery)
        if mischief.kind == .deaf {
            condition.deafUntil = now + mischief.span
            fallSilent()
            return
        }
        condition.mischief = mischief
        if mischief.kind == .resetInHandshake { unplug(at: now) }
    }

    /// Somebody pulls the plug: what is under way is lost.
    public func unplug(at now: Instant) {
        guard isPlugged else { return }
        condition.unpluggedAt = now
        condition.isOpen = false
        condition.isWatched = false
        condition.deafUntil = now
        condition.unplugs += 1
        condition.explains(until: .distantFuture)
        fallSilent()
        condition.onUnplug?(now)
    }

    /// It is in again; the station finds it when it looks for it.
    public func plug(at now: Instant) {
        guard !isPlugged else { return }
        condition.unpluggedAt = nil
        condition.pluggedAt = now
        condition.explainedUntil = now + Self.backAgain
        powerReturned(at: now)
    }

    /// How soon a station has a reader again that was plugged in.
    public static var backAgain: Interval { .seconds(2) }

    /// Nobody has the channel open any more: the process died.
    public func abandon() {
        condition.isOpen = false
        condition.isWatched = false
        fallSilent()
    }

    /// All faults are over for good.
    public func behave(at now: Instant) {
        condition.mischief = nil
        condition.deafUntil = now
        if !isPlugged { plug(at: now) }
    }

    /// Whether a card that is held to it now has to be answered.
    public func mustAnswer(at now: Instant) -> Bool {
        isPlugged && condition.isWatched && condition.mischief == nil
            && condition.explainedUntil < now
    }
}
