// A swap cabinet: a charged battery for an empty one, and nobody's battery is ever lost in it.
//
//   idle ──tap──► returning ─battery in, door shut─► checking ─known──► giving ─taken, shut─► done
//                  │ door shut without one,            │ silent,         │ door shut with it in:
//                  ▼ or nobody comes                   ▼ foreign, hot    ▼ it is owed
//                 ended                              handing back       owed ──tap──► giving

public import EventLoop

/// One cabinet's rules: compartments with a lock, a door contact and a battery's own electronics
/// (BMS) behind each. What charges the batteries between two swaps is each compartment's `Socket`.
///
/// One exchange runs at a time: one person stands before it. An exchange ends when somebody has a
/// battery in hand again, or has never let go of one.
///
/// | output | the caller's duty |
/// |---|---|
/// | `open` | opens that door by a self-timed pulse; `opened` says what became of it |
/// | `began`, `ended` | an entry; one `ended` for each `began`, also over a restart |
/// | `told` | an entry, and what the person before it is to do |
/// | `raised`, `cleared` | a fault of that compartment |
/// | `refused` | the answer to who asked |
public struct SwapCabinet: Sendable {
    /// What is known of what is in a compartment.
    public enum Content: Equatable, Sendable {
        /// Nobody knows: its electronics or its sensor do not answer.
        case unknown
        case empty
        /// A battery: its charge in percent and its heat in °C, `nil` where it says neither;
        /// `isOurs`: its electronics know the cabinet's language and its voltage fits.
        case battery(charge: Int?, heat: DecimalNumber?, isOurs: Bool)
    }

    public enum Input: Equatable, Sendable {
        /// The first input of all.
        case recalled(Kept?)
        case tapped(UseOwner)
        case door(Int, isClosed: Bool?)
        case content(Int, Content)
        /// What became of an `open`; doors say by themselves whether they moved.
        case opened(Int, ActionOutcome)
        case guarded(Bool)
        case smoke(Bool)
        case open(Bool)
        /// A person, or a command, opens that door: it is not forced.
        case expected(Int)
        /// A person has given somebody their battery, or another one, by hand.
        case settled(UseOwner)
        /// A person has looked at a compartment and puts it back into service.
        case reset(Int)
        case deadline
    }

    public enum Output: Equatable, Sendable {
        case open(Int)
        case began(UseOwner)
        case told(Step)
        case ended(UseOwner, UseEnd, UsageAmount)
        case raised(Int, Fault)
        case cleared(Int, Fault)
        case refused(Refusal)
    }

    /// What the person before it is to do, or what they did.
    public enum Step: Equatable, Sendable {
        case putIn(Int)
        case wasPutIn(Int)
        /// The battery is not one of ours, is too hot, or says nothing: take it back.
        case takeBack(Int)
        case take(Int)
        case wasTaken(Int)
        /// The door was shut with the charged battery in it: it stays theirs.
        case owed(Int)
        /// It did not open; another one is tried.
        case tryingAnother(Int)
    }

    public enum Refusal: UInt8, Error, Equatable, Sendable, CaseIterable {
        /// Somebody is at it.
        case occupied = 1
        /// No compartment is free for the empty battery.
        case noneFree = 2
        /// No battery is charged.
        case noneCharged = 3
        case guarded = 4
        case smoke = 5
        case closed = 6
        /// It has only just begun, and does not know its doors yet.
        case notReady = 7
        /// Nobody could say later whose battery it was.
        case anonymous = 8
    }

    public enum Fault: UInt8, Equatable, Sendable, CaseIterable {
        /// Asked three times to open, and still shut.
        case jammed = 1
        /// Left open.
        case leftOpen = 2
        /// It opened without having been asked to.
        case forced = 3
    }

    /// Every bound, with its reason.
    public enum Limit {
        /// A cabinet has 8 to 12 compartments; the largest rows of them have no more than this.
        public static let compartments = 64
        /// Walking up, pulling a battery out of the frame and pushing it in.
        public static let patience = Interval.seconds(120)
        /// A battery's electronics sleep: the first packet wakes them (JBD), and they are polled
        /// every few seconds.
        public static let check = Interval.seconds(20)
        /// A lock that was asked to open has moved its door by then; three tries, as for lockers.
        static let tryTime = Interval.seconds(3)
        static let tries = 3
        /// What is given has at least so much: riders pay for a full one.
        public static let charged = 90
        /// Batteries charge and are given up to 45 °C, and are not taken in when they are hotter.
        public static let hottest = DecimalNumber(45)
    }

    struct Compartment: Equatable, Sendable {
        var isClosed: Bool?
        var content = Content.unknown
        /// Asked to open until then: a door that moves is not forced.
        var askedUntil: Instant?
        var openSince: Instant?
        var faults: UInt8 = 0
    }

    enum Stage: Equatable, Sendable {
        /// Asked to open, so often; its door has not moved yet.
        case opening(Int, Purpose, tries: Int, next: Instant)
        /// Its door is open.
        case standing(Int, Purpose, until: Instant)
        /// Shut again; what is in it now is asked.
        case checking(Int, Purpose, until: Instant)
        /// They have put a battery in and taken none, and are not here.
        case owed
        /// From the run before; what was given is looked at first.
        case recalled(giving: Int?, until: Instant)
    }

    /// What a door is opened for.
    enum Purpose: Equatable, Sendable { case returning, handingBack, giving }

    struct Exchange: Equatable, Sendable {
        var owner: UseOwner
        var stage: Stage
        /// Where the empty battery is; `nil`: it has not been put in yet.
        var returned: Int?
        /// It is one of ours and well: a charged one is theirs for it.
        var isAccepted = false

        /// The compartment that it is about now, and what for.
        var place: (Int, Purpose)? {
            switch stage {
            case .opening(let place, let purpose, _, _), .standing(let place, let purpose, _),
                .checking(let place, let purpose, _):
                (place, purpose)
            case .owed, .recalled: nil
            }
        }
    }

    var compartments: [Compartment]
    /// The person before it.
    var present: Exchange?
    /// Those who are owed a battery and are not here, the first one first.
    var owed: [Exchange] = []
    var isRecalled = false
    var isGuarded = false
    var hasSmoke = false
    var isOpen = true
    public internal(set) var nextDeadline: Instant?

    /// - Precondition: at most `Limit.compartments`; whoever reads a station file refuses more.
    public init(compartments count: Int) {
        precondition(count <= Limit.compartments, "a swap cabinet has at most 64 compartments")
        compartments = Array(repeating: Compartment(), count: count)
    }

    // MARK: What others may ask

    public var isOccupied: Bool { present != nil }
    /// How many batteries could be given now.
    public var chargedCount: Int { compartments.indices.count { isCharged($0) } }
    public var freeCount: Int { compartments.indices.count { isFree($0) } }

    public func stands(_ fault: Fault, at place: Int) -> Bool {
        compartments.indices.contains(place)
            && compartments[place].faults & (1 << fault.rawValue) != 0
    }

    /// Whose battery that is: put in, and nothing taken for it yet.
    func isHeld(_ place: Int) -> Bool {
        present?.returned == place || owed.contains { $0.returned == place }
    }

    /// Known to be empty and shut.
    func isFree(_ place: Int) -> Bool {
        compartments[place].content == .empty && compartments[place].isClosed == true
            && !stands(.jammed, at: place)
    }

    /// A battery that the cabinet knows and may charge.
    func isWell(_ place: Int) -> Bool {
        guard case .battery(_, let heat, isOurs: true) = compartments[place].content else {
            return false
        }
        return heat.map { $0 <= Limit.hottest } ?? true
    }

    func isCharged(_ place: Int) -> Bool {
        guard case .battery(let charge?, _, _) = compartments[place].content, isWell(place),
            compartments[place].isClosed == true, !stands(.jammed, at: place), !isHeld(place)
        else { return false }
        return charge >= Limit.charged
    }

    // MARK: What outlives the process

    /// For the snapshot: who may have put a battery in, and has none for it as far as is known.
    public struct Kept: Equatable, Sendable {
        public struct Exchange: Equatable, Sendable {
            public var owner: UseOwner
            /// Where their battery is; `nil`: it had not been put in.
            public var returned: Int?
            /// Which compartment stood open for it, or for what was given for it.
            public var returning: Int?
            public var giving: Int?
            /// A charged one is theirs for it.
            public var isAccepted: Bool

            public init(
                owner: UseOwner, returned: Int?, returning: Int?, giving: Int?, isAccepted: Bool
            ) {
                self.owner = owner
                self.returned = returned
                self.isAccepted = isAccepted
                self.returning = returning
                self.giving = giving
            }
        }

        public var exchanges: [Exchange]

        public init(exchanges: [Exchange] = []) { self.exchanges = exchanges }
    }

    /// To be kept after every `began`, `ended` and `told`.
    public var kept: Kept {
        let all = owed + (present.map { [$0] } ?? [])
        return Kept(
            exchanges: all.map { exchange in
                var giving = exchange.place.flatMap { $0.1 == .returning ? nil : $0.0 }
                if case .recalled(let before, _) = exchange.stage { giving = before }
                let returning = exchange.place.flatMap { $0.1 == .returning ? $0.0 : nil }
                return Kept.Exchange(
                    owner: exchange.owner, returned: exchange.returned, returning: returning,
                    giving: giving, isAccepted: exchange.isAccepted)
            })
    }
}
