// Boxes of lockers: what a person may have done to one, how each stands, and what outlives the run.

public import EventLoop

/// What a person tells a box.
public enum BoxOrder: UInt8, Sendable, CaseIterable {
    /// Its door opens; whose it is stays as it is.
    case open = 1
    /// It was looked into and is empty: it is nobody's.
    case clear = 2
    case block = 3
    case unblock = 4

    public var name: String {
        switch self {
        case .open: "open"
        case .clear: "clear"
        case .block: "block"
        case .unblock: "unblock"
        }
    }
}

/// One box as it is now. Whose it is, is nobody's business.
public struct BoxState: Sendable, Equatable {
    public var isHeld: Bool
    /// Since when; `nil`: it is not.
    public var since: Instant?
    /// Whether anybody knows whose it is.
    public var isKnown: Bool
    public var isBlocked: Bool
    public var isFree: Bool
    /// `nil`: not known.
    public var isClosed: Bool?
    public var troubles: CompartmentTroubles

    public init(
        isHeld: Bool, since: Instant?, isKnown: Bool, isBlocked: Bool, isFree: Bool,
        isClosed: Bool?, troubles: CompartmentTroubles
    ) {
        self.isHeld = isHeld
        self.since = since
        self.isKnown = isKnown
        self.isBlocked = isBlocked
        self.isFree = isFree
        self.isClosed = isClosed
        self.troubles = troubles
    }
}

/// What the next run has to know of a box.
public struct KeptBox: Sendable, Equatable {
    public var service: Int
    public var unit: Int
    public var kept: Compartment.Kept
    /// Since when it is held.
    public var since: Instant?
    /// Who had it last, while they may have left something.
    public var former: LockerBank.Former?

    public init(
        service: Int, unit: Int, kept: Compartment.Kept, since: Instant?,
        former: LockerBank.Former? = nil
    ) {
        self.service = service
        self.unit = unit
        self.kept = kept
        self.since = since
        self.former = former
    }
}

/// What becomes of a person's word about a box.
public enum BoxAnswer: Sendable, Equatable {
    case done
    case noSuchBox
    /// It cannot be written down, and the station is strict.
    case notRecorded
}

extension Station {
    /// A person has something done to a box. It is written down first; opening waits for that as a
    /// holder's does.
    public mutating func told(
        _ order: BoxOrder, of unit: Int, in service: ServiceID, by authority: Authority,
        person: CrewMember? = nil, at now: Instant
    ) -> BoxAnswer {
        let place = Int(service.index)
        guard resolved.services.indices.contains(place),
            services.banks[place].boxes.indices.contains(unit)
        else { return .noSuchBox }
        let part = ServicePart(service: place, unit: unit)
        switch order {
        case .open: return open(part, by: authority, person, at: now)
        case .clear:
            services.words[services.place(of: part), default: .init()].isCleared = true
            feed(.clear, to: part, by: authority, person: person, at: now)
        case .block, .unblock:
            let isBlocked = order == .block
            services.words[services.place(of: part), default: .init()].isBlocked = isBlocked
            feed(.block(isBlocked), to: part, by: authority, person: person, at: now)
        }
        return .done
    }

    private mutating func open(
        _ part: ServicePart, by authority: Authority, _ person: CrewMember?, at now: Instant
    ) -> BoxAnswer {
        let ticket = write(
            .compartment(
                service: ServiceID(part.service), unit: UInt16(clamping: part.unit),
                step: .ordered, by: authority),
            key: person?.id ?? .empty, holder: person?.name ?? .empty, at: now)
        guard barrier.canAdmit, !barrier.isStrict || ticket != nil else { return .notRecorded }
        let isWanted = feed(.open(.order, isLast: false), to: part, isHeld: true, at: now)
        guard isWanted else { return .done }
        let target = services.targets[part.service][part.unit].device
        holdUse(
            HeldGrant(
                ticket: ticket, use: part, reader: target, of: nil, at: now,
                deadline: now + barrier.patience), at: now)
        return .done
    }

    /// A bank's boxes as they are; none for a service without.
    public func boxStates(of service: Int) -> [BoxState] {
        services.banks[service].boxes.map { box in
            BoxState(
                isHeld: box.owner != nil, since: box.heldSince, isKnown: box.isKnown,
                isBlocked: box.isBlocked, isFree: box.isFree, isClosed: box.isClosed,
                troubles: box.troubles)
        }
    }

    /// What the next run has to know, of every box.
    public var keptBoxes: [KeptBox] {
        services.banks.indices.flatMap { service in
            let former = services.banks[service].former
            return services.banks[service].boxes.enumerated().map { unit, box in
                KeptBox(
                    service: service, unit: unit, kept: box.kept, since: box.heldSince,
                    former: former[unit])
            }
        }
    }

    /// Whether nobody knew at the start whose any box was, and the journal has not said it yet.
    public var areBoxesDoubtful: Bool { !services.isRecalled && !services.doubted.isEmpty }

    /// What the run before knew of a box. What a person has said in this run stands.
    public mutating func recalled(_ box: KeptBox, at now: Instant) {
        guard services.banks.indices.contains(box.service),
            services.banks[box.service].boxes.indices.contains(box.unit)
        else { return }
        let part = ServicePart(service: box.service, unit: box.unit)
        let word = services.words[services.place(of: part)]
        guard word?.isCleared != true else { return }
        var kept = box.kept
        if let isBlocked = word?.isBlocked { kept.isBlocked = isBlocked }
        feed(.recalled(kept, since: box.since ?? now), to: part, at: now)
        guard let former = box.former else { return }
        services.banks[box.service].recalled(former, of: box.unit)
    }

    /// All was told that anybody knows of the run before: from now on boxes are given out, but not
    /// those of which nobody knows anything.
    public mutating func recalledServices(at now: Instant) {
        guard !services.isRecalled else { return }
        services.isRecalled = true
        services.toldLateAt = nil
        clear(.usesUnknown, at: now)
        for part in services.doubted { feed(.doubtIsFinal, to: part, at: now) }
        services.doubted = []
        beginMachines(at: now)
    }

    /// The station starts: what was in use is asked for.
    mutating func awaitServices(at now: Instant) {
        guard !services.isEmpty, !services.isRecalled else { return }
        services.toldLateAt = now + ServiceBook.Limit.recall
        services.waitsUntil = now + ServiceBook.Limit.patience
        deadlines.bringForward(serviceOwner, to: now + ServiceBook.Limit.recall)
    }

    /// The snapshot does not say what the run before knew of a box.
    public mutating func forgot(box unit: Int, of service: Int, at now: Instant) {
        guard services.banks.indices.contains(service),
            services.banks[service].boxes.indices.contains(unit)
        else { return }
        let part = ServicePart(service: service, unit: unit)
        // A person has looked into it since.
        guard services.words[services.place(of: part)]?.isCleared != true else { return }
        services.doubted.append(part)
        feed(.doubted, to: part, at: now)
    }
}
