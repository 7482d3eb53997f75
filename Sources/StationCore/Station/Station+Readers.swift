// Readers and people: keys that only the world can keep, and orders over the control socket.

public import EventLoop

/// A reader's key that is to be kept, durably and where nobody else can read it.
public struct KeyRequest: Sendable {
    public let receipt: KeyReceipt
    public let key: OSDPKey
    /// The reader has shown that it has it: what was kept before is not needed any more. If not, it
    /// is a candidate, kept beside the one before.
    public let isProven: Bool
}

/// Which key an answer is about, without the key.
public struct KeyReceipt: Equatable, Sendable {
    public let reader: DeviceID
    let number: UInt32
}

extension Station {
    // MARK: Keys

    /// The keys of a reader on a bus. They are not written anywhere.
    public mutating func learned(
        _ keys: OSDPReaderKeys, of reader: DeviceID, at now: Instant
    ) {
        guard let bus = wiring.buses[Int(reader.index)] else { return }
        let place = Int(bus.index)
        drivers[place].learn(keys, of: reader, at: now)
        deadlines.set(place, to: drivers[place].nextDeadline)
    }

    /// The next key to be kept; its answer is `kept`, as soon as it is durable and no later than a
    /// reader waits for its key, eight seconds.
    public mutating func takeKeyRequest() -> KeyRequest? {
        guard isAsking else { return nil }
        for place in deviceStates.indices where deviceStates[place].wantsKeeping {
            deviceStates[place].wantsKeeping = false
            let reader = DeviceID(place)
            guard let bus = wiring.buses[place],
                let (key, isProven) = drivers[Int(bus.index)].keyToKeep(of: reader)
            else { continue }
            deviceStates[place].keyNumber &+= 1
            let receipt = KeyReceipt(reader: reader, number: deviceStates[place].keyNumber)
            return KeyRequest(receipt: receipt, key: key, isProven: isProven)
        }
        isAsking =
            enrolment?.wantsKeeping == true
            || deviceStates.indices.contains { deviceStates[$0].wantsRandom }
        return nil
    }

    /// A reader's key is kept, or could not be.
    public mutating func kept(_ isKept: Bool, _ receipt: KeyReceipt, at now: Instant) {
        let reader = receipt.reader
        // An answer that comes when another key has been chosen says nothing about that one.
        guard deviceStates[Int(reader.index)].keyNumber == receipt.number,
            let bus = wiring.buses[Int(reader.index)]
        else { return }
        let place = Int(bus.index)
        drivers[place].kept(isKept, of: reader, at: now, into: &answers)
        deadlines.set(place, to: drivers[place].nextDeadline)
        routeAnswers(of: place, at: now)
    }

    // MARK: Orders

    /// A person wants something done to a reader. What is done is written down with who gave it,
    /// and so is what comes of it later.
    /// - Returns: why it is not done.
    public mutating func ordered(
        _ order: ReaderOrder, reader: DeviceID, by authority: Authority,
        person: CrewMember? = nil, at now: Instant
    ) -> ReaderRefusal? {
        let device = Int(reader.index)
        guard resolved.devices.indices.contains(device),
            resolved.devices[device].driver.isReader
        else { return .noReader }
        let before = deviceStates[device].begunBy
        // An end that comes at once is theirs already.
        if order.endsLater { deviceStates[device].begunBy = person }
        let refusal = carryOut(order, device, at: now)
        if refusal != nil { deviceStates[device].begunBy = before }
        if refusal == nil, let service = ReaderService(begunBy: order) {
            wasServiced(device, service, by: authority, person, at: now)
        }
        return refusal
    }

    /// What a person had begun came to an end.
    mutating func ended(_ service: ReaderService, at device: Int, now: Instant) {
        wasServiced(device, service, by: .crew, deviceStates[device].begunBy, at: now)
    }

    private mutating func wasServiced(
        _ device: Int, _ service: ReaderService, by authority: Authority, _ person: CrewMember?,
        at now: Instant
    ) {
        write(
            .readerServiced(reader: DeviceID(device), service: service, by: authority),
            key: person?.id ?? .empty, holder: person?.name ?? .empty, at: now)
    }

    private mutating func carryOut(
        _ order: ReaderOrder, _ device: Int, at now: Instant
    ) -> ReaderRefusal? {
        if let bus = wiring.buses[device] {
            let place = Int(bus.index)
            let refusal = drivers[place].serve(
                order, for: DeviceID(device), at: now, into: &answers)
            deadlines.set(place, to: drivers[place].nextDeadline)
            routeAnswers(of: place, at: now)
            return refusal
        }
        switch order {
        case .reset:
            guard wiring.channels[device] != nil else { return .noReset }
            guard deviceStates[device].hasChannel else { return .offline }
            self.order(.reset, by: device)
            return nil
        case .play(let rhythm):
            guard deviceStates[device].isAttached else { return .offline }
            enqueue(.driver(DeviceID(device), .feedback(rhythm)), at: now)
            return nil
        case .install, .cancelInstall, .move: return .notOnBus
        }
    }
}

extension ReaderOrder {
    /// Whether what it begins, or ends, is told later.
    fileprivate var endsLater: Bool {
        switch self {
        case .install, .cancelInstall, .move: true
        case .reset, .play: false
        }
    }
}

extension ReaderService {
    /// What is written down at once; the end of an install mode is written when it has ended.
    init?(begunBy order: ReaderOrder) {
        switch order {
        case .reset: self = .reset
        case .install: self = .installBegun
        case .move: self = .moveBegun
        case .play: self = .tested
        case .cancelInstall: return nil
        }
    }
}
