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
}

/// What the next run has to know of a box.
public struct KeptBox: Sendable, Equatable {
    public var service: Int
    public var unit: Int
    public var kept: Compartment.Kept
    /// Since when it is held.
    public var since: Instant?

    public init(service: Int, unit: Int, kept: Compartment.Kept, since: Instant?) {
        self.service = service
        self.unit = unit
        self.kept = kept
        self.since = since
    }
}

extension Station {
    /// A person has something done to a box. It is written down first, and opening waits for that
    /// as a holder's does.
    ///
    /// - Returns: whether there is such a box.
    public mutating func told(
        _ order: BoxOrder, of unit: Int, in service: ServiceID, by authority: Authority,
        person: CrewMember? = nil, at now: Instant
    ) -> Bool {
        let place = Int(service.index)
        guard resolved.services.indices.contains(place),
            services.banks[place].boxes.indices.contains(unit)
        else { return false }
        let part = ServicePart(service: place, unit: unit)
        switch order {
        case .open:
            write(
                .compartment(
                    service: service, unit: UInt8(clamping: unit), step: .ordered, by: authority),
                key: person?.id ?? .empty, holder: person?.name ?? .empty, at: now)
            feed(.open(.order, isLast: false), to: part, by: authority, person: person, at: now)
        case .clear: feed(.clear, to: part, by: authority, person: person, at: now)
        case .block: feed(.block(true), to: part, by: authority, person: person, at: now)
        case .unblock: feed(.block(false), to: part, by: authority, person: person, at: now)
        }
        return true
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
            services.banks[service].boxes.enumerated().map { unit, box in
                KeptBox(service: service, unit: unit, kept: box.kept, since: box.heldSince)
            }
        }
    }

    /// What the run before knew of a box.
    public mutating func recalled(_ box: KeptBox, at now: Instant) {
        guard services.banks.indices.contains(box.service),
            services.banks[box.service].boxes.indices.contains(box.unit)
        else { return }
        feed(
            .recalled(box.kept, since: box.since ?? now),
            to: ServicePart(service: box.service, unit: box.unit), at: now)
    }

    /// All was told that anybody knows of the run before: from now on boxes are given out.
    public mutating func recalledServices() { services.isRecalled = true }

    /// Nobody knows what the run before knew of a box.
    public mutating func forgot(box unit: Int, of service: Int, at now: Instant) {
        guard services.banks.indices.contains(service),
            services.banks[service].boxes.indices.contains(unit)
        else { return }
        feed(.unknown, to: ServicePart(service: service, unit: unit), at: now)
    }
}
