// One reader's life on the bus, without the bus: looked for, opened, open, given back.
//
//   away ──► opening ──► live ──► ending ──► closing ──► away
//     ▲         │ why not           the transfers come back
//     └─────────┘

import EventLoop
import StationCore

/// What the USB thread does for one reader, and when. Pure: facts in, actions out.
struct USBSeat {
    enum State: Equatable {
        /// Nothing is open; looked for again at this time.
        case away(lookAt: Instant)
        /// The opener is at it.
        case opening(since: Instant)
        /// Claimed, transfers under way.
        case live(since: Instant)
        /// The transfers were cancelled and come back one by one.
        case ending(reset: Bool)
        /// The opener gives it back.
        case closing
    }

    enum Action {
        case open
        /// Submit the transfers that listen.
        case listen
        /// Cancel every transfer; `drained` follows when the last one is back.
        case cancel
        case close(reset: Bool)
        case tell(USBEvent)
    }

    enum Timing {
        /// Between two looks for a reader that is not there; hot plug is faster.
        static let look = Interval.milliseconds(500)
        /// After anything else that was in the way.
        static let retry = Interval.seconds(2)
        /// A reader that came undone is opened again after this, doubled each time ...
        static let firstPatience = Interval.milliseconds(250)
        static let longestPatience = Interval.seconds(8)
        /// ... unless it was well for so long.
        static let well = Interval.seconds(10)
        /// Opening takes milliseconds; a reset a second or two.
        static let longestOpening = Interval.seconds(10)
    }

    let reader: Int
    private(set) var state: State
    /// Counts from 1; 0 before the first.
    private(set) var session: UInt32 = 0
    private var patience = Timing.firstPatience
    /// The device's number on its bus, which changes with every plug.
    private var address = 0
    /// The last word that was told, so that it is told once.
    private var told: USBObstacle?
    private var isStopping = false

    init(reader: Int, at now: Instant) {
        self.reader = reader
        state = .away(lookAt: now)
    }

    var isLive: Bool {
        switch state {
        case .live: true
        case .away, .opening, .ending, .closing: false
        }
    }

    /// Nothing of this reader is open or under way.
    var isAtRest: Bool {
        switch state {
        case .away: true
        case .opening, .live, .ending, .closing: false
        }
    }

    var nextDeadline: Instant? {
        switch state {
        case .away(let lookAt): isStopping ? nil : lookAt
        case .opening(let since): told == .stuck ? nil : since + Timing.longestOpening
        case .live, .ending, .closing: nil
        }
    }

    mutating func expire(at now: Instant) -> Outputs<Action> {
        guard let due = nextDeadline, due <= now else { return Outputs() }
        switch state {
        case .away:
            state = .opening(since: now)
            return Outputs(.open)
        case .opening:
            return tell(.stuck)
        case .live, .ending, .closing:
            return Outputs()
        }
    }

    /// Something was plugged in or pulled out somewhere.
    mutating func busChanged(at now: Instant) {
        if case .away(let lookAt) = state, case .missing? = told {
            state = .away(lookAt: min(lookAt, now))
        }
    }

    mutating func opened(_ info: USBReaderInfo, at now: Instant) -> Outputs<Action> {
        guard case .opening = state else { return Outputs(.close(reset: false)) }
        guard !isStopping else {
            state = .closing
            return Outputs(.close(reset: false))
        }
        session &+= 1
        state = .live(since: now)
        // Another number on the bus: it was pulled out and plugged in meanwhile.
        if address != info.address { patience = Timing.firstPatience }
        address = info.address
        told = nil
        return Outputs(.tell(.attached(reader: reader, session: session, info)), .listen)
    }

    mutating func failed(_ obstacle: USBObstacle, at now: Instant) -> Outputs<Action> {
        guard case .opening = state else { return Outputs() }
        if case .missing = obstacle {
            // What came undone had been pulled out, which libusb tells as an error as often as not.
            patience = Timing.firstPatience
            state = .away(lookAt: now + Timing.look)
        } else {
            state = .away(lookAt: now + Timing.retry)
        }
        return tell(obstacle)
    }

    /// The session is over, for whatever reason.
    mutating func ended(_ end: USBEnd, at now: Instant) -> Outputs<Action> {
        guard case .live(let since) = state else { return Outputs() }
        if now - since >= Timing.well { patience = Timing.firstPatience }
        var actions = Outputs<Action>()
        switch end {
        case .unplugged, .stopped: state = .ending(reset: false)
        case .broken, .deaf, .flooding, .reset: state = .ending(reset: true)
        }
        // A reset that the loop wanted is no departure: `attached` or `unavailable` follows.
        if end != .reset {
            actions.append(.tell(.detached(reader: reader, session: session, end)))
        }
        told = nil
        actions.append(.cancel)
        return actions
    }

    /// The last transfer is back.
    mutating func drained() -> Outputs<Action> {
        guard case .ending(let reset) = state else { return Outputs() }
        state = .closing
        return Outputs(.close(reset: reset))
    }

    /// The opener gave it back.
    mutating func closed(at now: Instant) {
        guard case .closing = state else { return }
        state = .away(lookAt: now + patience)
        patience = min(Timing.longestPatience, patience * 2)
    }

    mutating func stop(at now: Instant) -> Outputs<Action> {
        isStopping = true
        return ended(.stopped, at: now)
    }

    private mutating func tell(_ obstacle: USBObstacle) -> Outputs<Action> {
        guard told != obstacle, !isStopping else { return Outputs() }
        told = obstacle
        return Outputs(.tell(.unavailable(reader: reader, obstacle)))
    }
}
