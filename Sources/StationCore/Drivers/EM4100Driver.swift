// A 125 kHz reader on a serial line as a driver: it repeats a card while it is held.

public import EventLoop

/// An RDM6300 or one of its kin.
public typealias EM4100Driver = ListeningDriver<EM4100Reader>

extension ListeningDriver<EM4100Reader> {
    /// - Precondition: the settings were validated: the framing has that name.
    public init(_ settings: EM4100Settings, terminals: Set<Int>) {
        let framing = EM4100Framing(name: settings.framing) ?? .rdm6300
        self.init(EM4100Reader(framing), terminals: terminals)
    }
}

extension EM4100Reader: ListeningMachine {
    public func tell(_ read: EM4100Read, at now: Instant, into outputs: inout DriverOutputs) {
        switch read {
        case .credential(let credential):
            outputs.append(
                .presented(Presentation(credential: credential, format: nil, at: now)))
        case .diagnosed(.cardType):
            outputs.append(.diagnosed(.strangeCard, bits: 0))
        case .diagnosed(.checksum), .diagnosed(.character), .diagnosed(.ending),
            .diagnosed(.cutShort):
            outputs.append(.diagnosed(.damaged, bits: 0))
        case .diagnosed(.noise):
            outputs.append(.diagnosed(.glitch, bits: 0))
        }
    }
}
