// What a socket is, who asks for it with which limits, and why it may say no.

public import EventLoop

extension Socket {
    /// What is plugged in. It sets the limits that are not given.
    public enum Kind: String, Sendable, CaseIterable {
        case phone
        case ebike
    }

    /// How a socket is wired and when it cuts. Every default is its kind's.
    public struct Settings: Equatable, Sendable {
        public var kind: Kind
        /// More for `overloadTime` is an overload. Phone 120 W: the strongest charger by wire
        /// (USB PD 3.0's 100 W) and its losses. E-bike 1,000 W: the fifth of a charging board's
        /// eight power steps (JUY TCP protocol V1.2).
        public var rated: Power
        /// Less for `floatTime` is full. E-bike 15 W, a charging board's default (JUY V1.2); phone
        /// 2 W, what a phone draws that is full and awake.
        public var float: Power
        /// Ten minutes: boards use from two minutes (Dianchuan) to two hours (JUY).
        public var floatTime: Interval
        /// Less is no load. E-bike 2 W, the example for "unplugged" in JUY V1.2; phone 0.5 W. A
        /// meter that begins at 4 W (PZEM-004T) cannot see a phone that trickles.
        public var load: Power
        /// From the request to the first load, and without load until it counts as unplugged:
        /// 120 s, a board's wait for both (JUY V1.2).
        public var noLoadTime: Interval
        /// The longest session: eight hours (Beijing's group standard for e-bike charging).
        public var longest: Interval
        public var overloadTime: Interval
        /// As much while it is off: its relay is stuck.
        public var stuck: Power
        /// A fault from here on; in °C, as the next three.
        public var warm: DecimalNumber
        /// It is cut from here on.
        public var hot: DecimalNumber
        /// It is cut and stays so until a person has looked: 60 °C inside a cabinet (Shenzhen's
        /// charging cabinets of 2018).
        public var burning: DecimalNumber
        /// So much within a minute is as bad; `nil`: how fast it rises does not matter.
        public var rise: DecimalNumber?
        /// Whether its power is read at all. Without it only time, guards and people end a use.
        public var isMetered: Bool
        public var energy: EnergyCount.Source
        /// Whether something shows that a plug is in.
        public var hasPlug: Bool
        /// Whether switching on twice is as good as once.
        public var isIdempotent: Bool
        /// A board that goes on without us: what it does after a restart is read, not guessed.
        public var runsOn: Bool

        public init(_ kind: Kind) {
            self.kind = kind
            rated = kind == .phone ? .watts(120) : .watts(1_000)
            float = kind == .phone ? .watts(2) : .watts(15)
            floatTime = .seconds(600)
            load = kind == .phone ? Power(milliwatts: 500) : .watts(2)
            noLoadTime = .seconds(120)
            longest = .seconds(8 * 3_600)
            overloadTime = .seconds(2)
            stuck = .watts(5)
            warm = DecimalNumber(50)
            hot = DecimalNumber(55)
            burning = DecimalNumber(60)
            rise = DecimalNumber(5)
            isMetered = true
            energy = .total
            hasPlug = false
            isIdempotent = true
            runsOn = false
        }
    }

    /// Bounds that no station file changes.
    public enum Limit {
        /// A meter that says nothing for so long while its relay is on (station rules: 30 s).
        public static let silence = Interval.seconds(30)
        /// The mains, or the station, may be away so long; then a session is over.
        public static let away = Interval.seconds(600)
        /// Off, and power all the same, for so long: the relay is stuck.
        public static let stuckTime = Interval.seconds(5)
        /// The last total may come so much later than "off".
        public static let settle = Interval.seconds(5)
        /// "Off" that is not certain for so long is told, and the use ends as far as it is known.
        public static let offPatience = Interval.seconds(30)
        /// A board says why it ended within so long after it is seen to be off.
        public static let reason = Interval.seconds(5)
        /// What stood when the station ended, and how things are now, is read by then.
        public static let recall = Interval.seconds(5)
        /// After a restart plug, heat and board must have spoken by then.
        public static let look = Interval.seconds(60)
        /// How long an ended session is shown at a socket that cannot tell when the plug is pulled.
        public static let shown = Interval.seconds(600)
        /// A charger has its full current by then.
        public static let ramp = Interval.seconds(60)
        /// A load that returns and takes over a quarter and ten watts more than ever before is
        /// another one: a charger starts anew with the current that it had at most.
        static let otherLoad = Power.watts(10)
        /// An alarm ends two degrees below its threshold.
        static let calm = DecimalNumber(2)
    }

    /// Somebody wants to charge.
    public struct Request: Equatable, Sendable {
        public var owner: UseOwner
        /// What is left of the holder's share; `nil`: as much as it takes.
        public var quota: Energy?
        /// Never more than the socket's own limit.
        public var time: Interval?
        /// What is left of the holder's time; `nil`: there is no bound but the socket's.
        public var share: Interval?

        public init(
            _ owner: UseOwner, quota: Energy? = nil, time: Interval? = nil, share: Interval? = nil
        ) {
            self.owner = owner
            self.quota = quota
            self.time = time
            self.share = share
        }

        /// Whether nothing is left of the holder's share.
        var isUsedUp: Bool {
            quota.map { $0 <= .zero } ?? false || share.map { $0 <= .zero } ?? false
        }
    }

    /// Why nobody can charge here now. Raw values may be kept: never renumber.
    public enum Refusal: UInt8, Error, Equatable, Sendable, CaseIterable {
        /// Somebody charges here.
        case occupied = 1
        /// It is not known to be off: a moment after a session, or its device does not answer.
        case notReady = 2
        /// Its relay is stuck, it was too hot, or its device says that it is broken.
        case faulty = 3
        /// It is too warm yet.
        case warm = 4
        case guarded = 5
        case smoke = 6
        case noMains = 7
        case closed = 8
        /// Nothing is left of the holder's share.
        case quota = 9
        /// All sockets together would take more than their feed gives.
        case groupLimit = 10
        /// The holder charges elsewhere in this service.
        case holderLimit = 11
        case noneFree = 12
        /// There is no such socket.
        case noSocket = 13
        /// Somebody else's session: only its holder or a person with that right ends it.
        case notYours = 14
    }

    /// What stands until it is over, or until a person has looked. Raw values may be kept.
    public enum Fault: UInt8, Equatable, Sendable, CaseIterable {
        /// Power flows although it is off. A person must look.
        case relayStuck = 1
        /// It was told to be off, and nothing confirms that.
        case notOff = 2
        /// Warmer than it should be.
        case warm = 3
        /// So hot, or hot so fast, that a person must look.
        case burning = 4
        /// Its device says that it is broken, disabled, or stuck.
        case broken = 5
    }

    /// What a device's own state says of the socket.
    public enum Shown: UInt8, Equatable, Sendable, CaseIterable {
        case off
        case on
        /// Its fuse is blown, or it is switched off for good.
        case broken
        /// The board itself sees power at an open relay.
        case stuck
    }

    /// News of a use that is neither its beginning nor its end.
    public enum Step: Equatable, Sendable {
        /// Something draws power.
        case charging
        /// The mains are gone; it goes on if they return in time.
        case suspended
        /// It goes on: the mains, or the station, are back in time.
        case resumed
        /// It is switched off for that reason; `ended` follows.
        case cut(UseEnd)
        /// A person looked and put it back into service.
        case reset
        /// It is not put back: what took it out of service is not over.
        case notReset
    }

    /// What people see.
    public enum Phase: String, Sendable, CaseIterable {
        case idle
        /// A plug without a session, or a session without a load.
        case occupied
        case charging
        case full
        case ended
        case fault
    }
}
