// What a person may have done to a reader on an OSDP line: a key, a new start, another address.

public import EventLoop

extension OSDPBusDriver {
    public mutating func serve(
        _ order: ReaderOrder, for member: DeviceID, at now: Instant,
        into outputs: inout DriverOutputs
    ) -> ReaderRefusal? {
        guard let place = place(of: member) else { return .notOnBus }
        guard isAttached else { return .offline }
        switch order {
        case .reset:
            bus.renew(place, at: now)
            return nil
        case .install:
            return bus.install(place, at: now).map { refusal in
                switch refusal {
                case .another(let other): .installing(members[other].device)
                case .alreadySecured: .secured
                case .inTheClear: .inTheClear
                }
            }
        case .cancelInstall:
            bus.cancelInstall(place, at: now, into: &told)
            tell(at: now, into: &outputs)
            return nil
        case .move(let address, let baud):
            let communication = OSDPCommunication(address: address, baud: baud)
            return refusal(bus.setCommunication(communication, of: place, at: now))
        case .play(let rhythm):
            guard bus.status(of: place).isOnline else { return .offline }
            pass(.feedback(rhythm), to: member, at: now, into: &outputs)
            show(rhythm.example, to: member, at: now)
            return nil
        }
    }

    private func refusal(_ submission: OSDPSubmission) -> ReaderRefusal? {
        switch submission {
        case .queued: nil
        case .full: .busy
        case .offline: .offline
        case .impossible: .impossible
        }
    }

    public func counts(of member: DeviceID) -> [(name: StaticString, value: UInt64)] {
        guard let place = place(of: member) else { return [] }
        let counters = bus.status(of: place).counters
        return [
            ("frames", counters.frames), ("timeouts", counters.timeouts),
            ("damaged", counters.damaged), ("sessions", counters.sessions),
            ("macFailures", counters.macFailures), ("stale", counters.stale),
        ]
    }

    // MARK: Keys

    public func keyToKeep(of member: DeviceID) -> (key: OSDPKey, isProven: Bool)? {
        guard let place = place(of: member) else { return nil }
        if let key = bus.chosenKey(place) { return (key, false) }
        return bus.provenKey(place).map { ($0, true) }
    }

    public mutating func kept(
        _ isKept: Bool, of member: DeviceID, at now: Instant, into outputs: inout DriverOutputs
    ) {
        guard let place = place(of: member) else { return }
        if isKept {
            bus.keyKept(place, at: now)
        } else {
            bus.keyNotKept(place, at: now, into: &told)
            tell(at: now, into: &outputs)
        }
    }
}

extension Rhythm {
    /// A sentence that goes with it, for whoever tries a reader.
    fileprivate var example: Wording.ID {
        switch self {
        case .comeIn: .grantedGate
        case .tryAgain: .deniedMalformed
        case .askSomeone: .deniedUnknown
        }
    }
}

extension ReaderService {
    init(_ ending: OSDPInstallEnding) {
        self =
            switch ending {
            case .done: .installed
            case .refused: .installRefused
            case .notKept: .installNotKept
            case .timeUp(keySent: false), .cancelled(keySent: false): .installEnded
            case .timeUp(keySent: true), .cancelled(keySent: true): .installDoubtful
            }
    }
}
