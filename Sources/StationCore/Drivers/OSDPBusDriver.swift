// Drives a line of OSDP readers: one device that asks them in turn and speaks for each of them.

public import EventLoop

/// The access control unit of one RS-485 line. The readers on it are its members.
///
/// A reader comes online within a secure channel under its own key, which the station hands over
/// with `learn`, or in the clear where its settings say so. Whatever else answers stays offline.
public struct OSDPBusDriver: Driver {
    let members: [OSDPMember]
    var bus: OSDPBus
    var told = OSDPOutputs()
    private(set) var isAttached = false

    /// - Precondition: the settings were validated: the line has members, each an address of its
    ///   own, and a speed that OSDP knows.
    public init(_ settings: OSDPLineSettings, baud: Int, members: [OSDPMember]) {
        self.members = members
        bus = OSDPBus(
            OSDPBusSettings(
                baud: UInt32(clamping: baud), echoes: settings.echoes,
                peers: members.map { member in
                    OSDPPeerSettings(
                        address: member.address,
                        security: member.isClear ? .clear : .enforced(nil))
                }), at: Instant(nanoseconds: 0))
    }

    public mutating func handle(
        _ input: DriverInput, at now: Instant, into outputs: inout DriverOutputs
    ) {
        switch input {
        case .attached:
            isAttached = true
            bus.restart(at: now)
            bus.expire(at: now, into: &told)
            tell(at: now, into: &outputs)
        case .detached(let fault):
            isAttached = false
            bus.halt(at: now, into: &told)
            tell(at: now, into: &outputs, hasLine: false)
            outputs.append(.raised(fault))
            for member in members { outputs.append(.offline(fault), for: member.device) }
        case .deadline:
            guard isAttached else { return }
            bus.expire(at: now, into: &told)
            tell(at: now, into: &outputs)
        case .edge, .level, .edgesLost, .command:
            break
        }
    }

    public mutating func receive(
        _ bytes: RawSpan, on pipe: Pipe, at now: Instant, into outputs: inout DriverOutputs
    ) -> Int {
        guard isAttached, pipe == .data else { return bytes.byteCount }
        bus.receive(bytes, at: now, into: &told)
        tell(at: now, into: &outputs)
        return bytes.byteCount
    }

    public mutating func receive(
        random bytes: RandomBytes, at now: Instant, into outputs: inout DriverOutputs
    ) {
        bus.replenish(with: bytes.span.bytes, at: now)
    }

    public mutating func learn(_ keys: OSDPReaderKeys, of member: DeviceID, at now: Instant) {
        guard let place = place(of: member) else { return }
        bus.setKeys(keys, of: place, at: now)
    }

    public mutating func pass(
        _ command: DriverCommand, to member: DeviceID, at now: Instant,
        into outputs: inout DriverOutputs
    ) {
        guard case .feedback(let rhythm) = command, let place = place(of: member) else { return }
        // What it claims not to have is not asked of it. A queue that is full has a rhythm in it.
        let claims = bus.status(of: place).capabilities
        if claims?[.lights].map({ $0.level > 0 }) ?? true {
            _ = bus.submit(.light(OSDPLight(rhythm)), to: place, at: now)
        }
        if claims?[.audible].map({ $0.level > 0 }) ?? true {
            _ = bus.submit(.buzz(OSDPBuzz(rhythm)), to: place, at: now)
        }
    }

    public mutating func show(
        _ sentence: Wording.ID, to member: DeviceID, at now: Instant
    ) {
        // Only one that says so has a display, and few do.
        guard let place = place(of: member),
            bus.status(of: place).capabilities?[.text].map({ $0.level > 0 }) ?? false,
            let text = members[place].shown(sentence)
        else { return }
        _ = bus.submit(.text(text), to: place, at: now)
    }

    public var nextDeadline: Instant? { isAttached ? bus.nextDeadline : nil }

    func place(of member: DeviceID) -> Int? {
        members.firstIndex { $0.device == member }
    }

    // MARK: What the bus says

    /// - Parameter hasLine: without one, why a member is not there is the line's fault.
    mutating func tell(
        at now: Instant, into outputs: inout DriverOutputs, hasLine: Bool = true
    ) {
        for place in 0..<told.elements.count {
            switch told.elements[place] {
            case .news(_, .offline) where !hasLine: break
            case .transmit: outputs.write(Packet(told.frame))
            case .setSpeed(let baud): outputs.append(.speed(baud))
            case .randomWanted: outputs.append(.wantsRandom)
            case .news(let peer, let news): tell(news, peer, at: now, into: &outputs)
            }
        }
        told.removeAll()
    }

    private func tell(
        _ news: OSDPNews, _ peer: Int, at now: Instant, into outputs: inout DriverOutputs
    ) {
        let member = members[peer]
        switch news {
        case .online: outputs.append(.online, for: member.device)
        case .offline:
            if let flaw = bus.status(of: peer).fault {
                outputs.append(.insecure(flaw), for: member.device)
            } else {
                outputs.append(.offline(.silent), for: member.device)
            }
        case .faulted(let flaw): outputs.append(.insecure(flaw), for: member.device)
        case .endless(let isEndless):
            outputs.append(Self.fault(.repeating, isEndless), for: member.device)
        case .card(let card):
            outputs.append(member.read(card).output(at: now), for: member.device)
        case .formattedCard(let card):
            outputs.append(member.read(card).output(at: now), for: member.device)
        case .keyed(let keys):
            for place in 0..<Int(keys.count) {
                outputs.append(member.read(keys[place]).output(at: now), for: member.device)
            }
        case .localStatus(let status):
            outputs.append(Self.fault(.tampered, status.isTampered), for: member.device)
            outputs.append(Self.fault(.powerLow, status.powerFailed), for: member.device)
        case .readers(let states):
            let isHeadMissing = (0..<Int(states.count)).contains { states[$0] == .missing }
            outputs.append(Self.fault(.silent, isHeadMissing), for: member.device)
        case .keyChosen, .keyProven: outputs.append(.wantsKeeping, for: member.device)
        case .installEnded(let ending):
            outputs.append(.serviced(ReaderService(ending)), for: member.device)
        case .moved: outputs.append(.serviced(.moved), for: member.device)
        case .refused(.communication, _), .lapsed(.communication):
            outputs.append(.serviced(.moveFailed), for: member.device)
        case .identified, .described, .recovered, .inputs, .outputs, .done, .refused, .lapsed:
            break
        }
    }

    private static func fault(_ fault: Fault, _ stands: Bool) -> DriverOutput {
        stands ? .raised(fault) : .cleared(fault)
    }
}

extension OSDPRead {
    /// What the station hears of it.
    fileprivate func output(at now: Instant) -> DriverOutput {
        switch self {
        case .credential(let credential, let format):
            .presented(Presentation(credential: credential, format: format, at: now))
        case .key(let key): .keyed(key)
        case .diagnosed(let diagnosis, let bits):
            .diagnosed(diagnosis, bits: UInt16(clamping: bits))
        }
    }
}
