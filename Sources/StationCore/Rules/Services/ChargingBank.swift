// The sockets of one charging service: who may begin where, and who ends what with a tap.

public import EventLoop

/// A bank of sockets with one feed.
///
/// A tap begins a session, and the holder's next tap ends it. Where a socket is not named, the one
/// with a fresh plug is meant: plug in, then tap. Without a fresh plug it is the first free one:
/// tap, then plug in.
public struct ChargingBank: Sendable {
    /// A service has at most so many sockets: a community's four hundred, and room.
    public static let capacity = 1_024
    /// A plug that has waited longer without a tap is not the one of whoever taps now.
    public static let freshPlug = Interval.seconds(600)

    public struct Settings: Equatable, Sendable {
        public var sockets: [Socket.Settings]
        /// How many sessions one holder may have at a time.
        public var sessionsPerHolder: Int
        /// What the feed gives; `nil`: as much as all sockets may take.
        public var groupLimit: Power?

        public init(
            sockets: [Socket.Settings], sessionsPerHolder: Int = 1, groupLimit: Power? = nil
        ) {
            self.sockets = sockets
            self.sessionsPerHolder = sessionsPerHolder
            self.groupLimit = groupLimit
        }
    }

    public enum Input: Equatable, Sendable {
        /// Somebody with the right to charge; `socket`: the one that was chosen, if one was.
        case tapped(Socket.Request, socket: Int?)
        /// Somebody who may begin nothing: their session that began last ends, or the one there.
        case endAsked(UseOwner, socket: Int?)
        case socket(Int, Socket.Input)
        /// What concerns them all: mains, smoke, a guard of the feed, hours, a person's stop.
        case all(Socket.Input)
        case deadline
    }

    public enum Output: Equatable, Sendable {
        case socket(Int, Socket.Output)
        /// The tap was a request for that socket; `began` came before it.
        case given(Int)
        /// The tap ended the session there.
        case taken(Int)
        case refused(Socket.Refusal)
    }

    public let settings: Settings
    public private(set) var sockets: [Socket]
    /// When each wants to be looked at: never later than it must be. A meter that speaks moves its
    /// socket's deadline twice a second; only one that comes sooner is worth noting.
    private var due: [Instant]
    private var soonest = Instant.distantFuture

    /// - Precondition: at most `capacity` sockets; whoever reads a station file refuses more.
    public init(_ settings: Settings) {
        precondition(settings.sockets.count <= Self.capacity, "a bank has at most 1,024 sockets")
        self.settings = settings
        sockets = settings.sockets.map { Socket($0) }
        due = Array(repeating: .distantFuture, count: settings.sockets.count)
    }

    /// When `deadline` is due; an early one is harmless.
    public var nextDeadline: Instant? { soonest == .distantFuture ? nil : soonest }

    /// For the snapshot, socket by socket.
    public func keptSockets(at now: Instant) -> [Socket.Kept] { sockets.map { $0.kept(at: now) } }

    /// How many could be given to somebody now.
    public var freeCount: Int { sockets.count { $0.refusal == nil } }

    /// What the feed has to give for the sessions that run.
    public func reserve(at now: Instant) -> Power {
        sockets.reduce(.zero) { $0 + $1.reserve(at: now) }
    }

    /// Advances the bank by one input. An input for a socket that does not exist does nothing.
    public mutating func handle(_ input: Input, at now: Instant) -> [Output] {
        var outputs: [Output] = []
        switch input {
        case .tapped(let request, let socket): tap(request, socket, at: now, &outputs)
        case .endAsked(let owner, let socket):
            if let own = newestOwn(owner, socket) { end(own, at: now, &outputs) }
        case .socket(let place, let input):
            if sockets.indices.contains(place) { tell(place, input, at: now, &outputs) }
        case .all(let input):
            for place in sockets.indices { tell(place, input, at: now, &outputs) }
        case .deadline:
            guard soonest <= now else { break }
            for place in sockets.indices where due[place] <= now {
                due[place] = .distantFuture
                tell(place, .deadline, at: now, &outputs)
            }
            soonest = due.min() ?? .distantFuture
        }
        return outputs
    }

    private mutating func tell(
        _ place: Int, _ input: Socket.Input, at now: Instant, _ outputs: inout [Output]
    ) {
        for output in sockets[place].handle(input, at: now) {
            outputs.append(.socket(place, output))
        }
        guard let next = sockets[place].nextDeadline, next < due[place] else { return }
        due[place] = next
        soonest = min(soonest, next)
    }

    // MARK: Taps

    private mutating func tap(
        _ request: Socket.Request, _ named: Int?, at now: Instant, _ outputs: inout [Output]
    ) {
        if let named, !sockets.indices.contains(named) {
            outputs.append(.refused(.noSocket))
            return
        }
        if let own = ownToEnd(request.owner, named, at: now) { return end(own, at: now, &outputs) }
        switch place(for: request, named, at: now) {
        case .success(let place):
            tell(place, .asked(request), at: now, &outputs)
            // The quota is the socket's to judge.
            let isGiven = sockets[place].owner == request.owner
            outputs.append(isGiven ? .given(place) : .refused(.quota))
        case .failure(let refusal): outputs.append(.refused(refusal))
        }
    }

    private mutating func end(_ own: Int, at now: Instant, _ outputs: inout [Output]) {
        tell(own, .endAsked(.ended), at: now, &outputs)
        outputs.append(.taken(own))
    }

    /// The session that this tap ends: one's own, unless one may have another and has plugged
    /// something in for it.
    private func ownToEnd(_ owner: UseOwner, _ named: Int?, at now: Instant) -> Int? {
        let own = sockets.indices.count { isRunning($0, of: owner, isButton: false) }
        let mayHaveMore = own < settings.sessionsPerHolder
        if named == nil, mayHaveMore, newestPlug(at: now) != nil { return nil }
        return newestOwn(owner, named)
    }

    /// One's own session that began last; a socket that is named is meant.
    private func newestOwn(_ owner: UseOwner, _ named: Int?) -> Int? {
        if let named {
            guard sockets.indices.contains(named) else { return nil }
            return isRunning(named, of: owner, isButton: true) ? named : nil
        }
        return sockets.indices.filter { isRunning($0, of: owner, isButton: false) }
            .max { began($0) < began($1) }
    }

    private func began(_ place: Int) -> Instant {
        sockets[place].began ?? Instant(nanoseconds: .min)
    }

    private func isRunning(_ place: Int, of owner: UseOwner, isButton: Bool) -> Bool {
        guard let other = sockets[place].owner, !sockets[place].isEnding else { return false }
        return Self.isSame(owner, other)
            // Whoever stands at the socket's own button, and nobody's name is known.
            || isButton && owner.source == .button && other.source == .button
    }

    /// People are told apart by holder, else by key; without either nobody is the same.
    static func isSame(_ a: UseOwner, _ b: UseOwner) -> Bool {
        let isNamed = !a.holder.isEmpty || !a.key.isEmpty
        return isNamed && a.isSamePerson(as: b)
    }

    private func place(
        for request: Socket.Request, _ named: Int?, at now: Instant
    ) -> Result<Int, Socket.Refusal> {
        let isOthers = named.map { sockets[$0].owner != nil && !sockets[$0].isEnding } ?? false
        if isOthers { return .failure(.notYours) }
        let own = sockets.indices.count { isRunning($0, of: request.owner, isButton: false) }
        if own >= settings.sessionsPerHolder { return .failure(.holderLimit) }
        if request.isUsedUp { return .failure(.quota) }
        guard let place = named ?? newestPlug(at: now) ?? firstFree() else {
            return .failure(whyNone())
        }
        if let refusal = sockets[place].refusal { return .failure(refusal) }
        if let limit = settings.groupLimit,
            limit < reserve(at: now) + settings.sockets[place].rated
        {
            return .failure(.groupLimit)
        }
        return .success(place)
    }

    private func newestPlug(at now: Instant) -> Int? {
        sockets.indices.filter { place in
            guard sockets[place].hasNewPlug, sockets[place].refusal == nil,
                let plugged = sockets[place].pluggedAt
            else { return false }
            return now - plugged <= Self.freshPlug
        }.max { plugged($0) < plugged($1) }
    }

    private func plugged(_ place: Int) -> Instant {
        sockets[place].pluggedAt ?? Instant(nanoseconds: .min)
    }

    /// One where nothing is plugged in, as far as that can be known.
    private func firstFree() -> Int? {
        let free = sockets.indices.filter {
            sockets[$0].refusal == nil && !sockets[$0].isPlugged
        }
        return free.first { !sockets[$0].hasOldLoad } ?? free.first
    }

    /// What stands against all of them, or that none is free.
    private func whyNone() -> Socket.Refusal {
        let reasons = sockets.map { $0.refusal ?? .occupied }
        for grave in [Socket.Refusal.smoke, .closed, .noMains] where reasons.contains(grave) {
            return grave
        }
        guard let first = reasons.first, first != .occupied,
            reasons.allSatisfy({ $0 == first })
        else { return .noneFree }
        return first
    }
}
